"""Errors of the Graph API in Meta's envelope. Decide by `code`, says Meta; titles change.

Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes (May 2026),
https://developers.facebook.com/docs/graph-api/guides/error-handling
"""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import JSONResponse, Response

from intake109.demo.standin.asked import Json
from intake109.demo.standin.faults import Fault


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the Graph API says when it refuses."""

    status: int
    code: int
    message: str
    details: str = ""
    subcode: int | None = None
    type: str = "OAuthException"

    def envelope(self) -> Json:
        """Write it as Meta does; `error_data` comes with WhatsApp's own codes."""
        error: Json = {"message": self.message, "type": self.type, "code": self.code}
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        return {"error": {**error, "fbtrace_id": "ADemoCityTraceIdNumber0109"}}

    def in_webhook(self) -> Json:
        """Write it as a `failed` status carries it."""
        title = self.message.partition(") ")[2] or self.message
        return {
            "code": self.code,
            "title": title,
            "message": title,
            "error_data": {"details": self.details},
            "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
        }


class GraphError(Exception):
    """Carries a refusal up; made anew for each raise, for an exception keeps the frames it went through."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


def parameter(message: str, details: str = "") -> GraphError:
    """A parameter is missing or wrong."""
    return GraphError(Refusal(400, 100, f"(#100) {message}", details))


def syntax(message: str) -> GraphError:
    """The list of fields cannot be read."""
    return GraphError(Refusal(400, 2500, f"Syntax error {message}"))


def missing(node: str) -> Refusal:
    """There is no such object, or it may not be seen; Meta does not tell which."""
    return Refusal(
        400,
        100,
        f"Unsupported get request. Object with ID '{node}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation.",
        subcode=33,
        type="GraphMethodException",
    )


TOKEN_EXPIRED = Refusal(
    401,
    190,
    "Error validating access token: Session has expired on Friday, 20-Nov-26 10:00:00 PST.",
    subcode=463,
)
TOKEN_INVALID = Refusal(401, 190, "Invalid OAuth access token - Cannot parse access token")
TOKEN_ABSENT = Refusal(401, 104, "An access token is required to request this resource.")
PERMISSION = Refusal(403, 10, "(#10) Application does not have permission for this action")
APP_RATE = Refusal(403, 4, "(#4) Application request limit reached")
TEMPORARY = Refusal(500, 2, "An unexpected error has occurred. Please retry your request later.")
WINDOW = Refusal(
    400,
    131047,
    "(#131047) Re-engagement message",
    "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
)
UNDELIVERABLE = Refusal(400, 131026, "(#131026) Message undeliverable", "Message Undeliverable.")
THROUGHPUT = Refusal(429, 130429, "(#130429) Rate limit hit", "Cloud API message throughput has been reached.")
PAIR_RATE = Refusal(
    400,
    131056,
    "(#131056) (Business Account, Consumer Account) pair rate limit hit",
    "Message failed to send because there were too many messages sent from this phone number to the same phone "
    "number in a short period of time.",
)
MEDIA_GONE = Refusal(400, 131052, "(#131052) Media download error", "Unable to download the media.")
OUTSIDE_WINDOW = Refusal(
    403, 10, "(#10) This message is sent outside of allowed window.", subcode=2534022, type="OAuthException"
)
NO_USER = Refusal(400, 100, "(#100) No matching user found", subcode=2534014)
ALREADY_REPLIED = Refusal(400, 10900, "(#10900) Activity already replied to")
REPLY_EXPIRED = Refusal(400, 10901, "(#10901) Activity reply time expired")

NAMED: Mapping[str, Refusal] = {
    "token_expired": TOKEN_EXPIRED,
    "token_invalid": TOKEN_INVALID,
    "permission": PERMISSION,
    "rate": APP_RATE,
    "window": WINDOW,
    "undeliverable": UNDELIVERABLE,
    "throughput": THROUGHPUT,
    "pair_rate": PAIR_RATE,
    "media": MEDIA_GONE,
    "outside_window": OUTSIDE_WINDOW,
    "server_error": TEMPORARY,
    "missing": missing("0"),
}
_BY_CODE = {str(known.code): known for known in NAMED.values() if known.code > 600}
_BY_CODE |= {"190": TOKEN_EXPIRED, "4": APP_RATE, "10": PERMISSION, "2": TEMPORARY, "100": missing("0")}


def answer(refusal: Refusal) -> JSONResponse:
    """Write a refusal."""
    return JSONResponse(refusal.envelope(), refusal.status)


def refuse(fault: Fault) -> Response:
    """Answer a call that shall fail: by name, by Meta's code, or by an HTTP status."""
    if fault.body:
        status = int(fault.kind) if fault.kind.isdigit() else 200
        return Response(fault.body, status, media_type="text/html" if fault.body[0] == "<" else "application/json")
    known = NAMED.get(fault.kind) or _BY_CODE.get(fault.kind)
    if known is None and fault.kind.isdigit():
        known = Refusal(int(fault.kind), 1, "An unknown error occurred")
    return answer(known or TEMPORARY)
