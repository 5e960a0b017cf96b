"""Errors of the Bot API, in its own words."""

from dataclasses import dataclass

from starlette.responses import JSONResponse, Response

from intake109.demo.standin.asked import Json
from intake109.demo.standin.faults import Fault


@dataclass(frozen=True, slots=True)
class Refusal:
    """What an answer that is not ok says."""

    code: int
    description: str
    retry_after: int | None = None


class BotError(Exception):
    """Carries a refusal up; made anew for each raise, for an exception keeps the frames it went through."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.description)
        self.refusal = refusal


def bad_request(what: str) -> BotError:
    """The most common refusal."""
    return BotError(Refusal(400, f"Bad Request: {what}"))


def flood(retry_after: int) -> Refusal:
    """Too many calls; Telegram tells how many seconds to wait."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after)


OTHER_POLLER = Refusal(
    409,
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
)
WEBHOOK_ACTIVE = Refusal(
    409,
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
)
WEBHOOK_SET = Refusal(409, "Conflict: terminated by setWebhook request")
UNAUTHORIZED = Refusal(401, "Unauthorized")
BLOCKED = Refusal(403, "Forbidden: bot was blocked by the user")
KICKED = Refusal(403, "Forbidden: bot was kicked from the supergroup chat")
NEVER_MET = Refusal(403, "Forbidden: bot can't initiate conversation with a user")
NO_CHAT = Refusal(400, "Bad Request: chat not found")

_NAMED = {
    "unauthorized": UNAUTHORIZED,
    "blocked": BLOCKED,
    "conflict": OTHER_POLLER,
    "chat_not_found": NO_CHAT,
    "server_error": Refusal(500, "Internal Server Error"),
    "bad_gateway": Refusal(502, "Bad Gateway"),
}


def answer(refusal: Refusal) -> JSONResponse:
    """Write a refusal."""
    body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.retry_after is not None:
        body["parameters"] = {"retry_after": refusal.retry_after}
    return JSONResponse(body, refusal.code)


def refuse(fault: Fault) -> Response:
    """Answer a call that shall fail: by a name of the list above, `flood`, or an HTTP status."""
    if fault.body:
        status = int(fault.kind) if fault.kind.isdigit() else 200
        return Response(fault.body, status, media_type="text/html" if fault.body[0] == "<" else "application/json")
    if fault.kind in {"flood", "429"}:
        return answer(flood(max(1, round(fault.seconds))))
    if fault.kind == "bad_gateway":
        # Telegram's front servers answer with HTML, which has broken many a JSON parser.
        return Response("<html><head><title>502 Bad Gateway</title></head></html>", 502, media_type="text/html")
    if fault.kind.isdigit():
        return answer(Refusal(int(fault.kind), f"Error {fault.kind}"))
    return answer(_NAMED.get(fault.kind, _NAMED["server_error"]))
