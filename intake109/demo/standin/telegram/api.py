"""HTTP of the Bot API: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

import asyncio
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from intake109.demo.standin import asked
from intake109.demo.standin.asked import Asked, Json, MalformedError
from intake109.demo.standin.clock import Clock
from intake109.demo.standin.faults import guarded
from intake109.demo.standin.signal import Signal
from intake109.demo.standin.telegram import errors
from intake109.demo.standin.telegram.errors import BotError, Refusal
from intake109.demo.standin.telegram.methods import METHODS, Described, remember_allowed
from intake109.demo.standin.telegram.state import Telegram

_LONGEST_POLL = 50
# Written the way the documentation writes them, for fault targets such as `telegram.sendMessage`.
_NAMES: Mapping[str, str] = {
    name.lower(): name
    for name in [
        "getUpdates",
        "getMe",
        "setWebhook",
        "deleteWebhook",
        "getWebhookInfo",
        "getFile",
        "getChat",
        "getChatMember",
        "setMyCommands",
        "getMyCommands",
        "leaveChat",
        "sendChatAction",
        "sendMessage",
        "sendPhoto",
        "sendDocument",
        "editMessageText",
        "editMessageReplyMarkup",
        "deleteMessage",
        "answerCallbackQuery",
        "answerGuestQuery",
    ]
}


class Poll:
    """One getUpdates that is waiting; another one, or a webhook, ends it."""

    def __init__(self) -> None:
        self.ended_by: Refusal | None = None


class BotApi:
    """The routes of one bot."""

    def __init__(self, telegram: Telegram, clock: Clock, signal: Signal) -> None:
        self._telegram = telegram
        self._ground = telegram.ground
        self._clock = clock
        self._signal = signal
        self._poll: Poll | None = None

    def routes(self) -> list[Route]:
        """Give the routes to mount."""
        return [
            Route("/bot{token}/{method}", self.call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self.download, methods=["GET"]),
        ]

    async def call(self, request: Request) -> Response:
        """Answer one call."""
        if request.path_params["token"] != self._ground.centre.bot_token:
            return errors.answer(errors.UNAUTHORIZED)
        method = request.path_params["method"].lower()
        if method not in _NAMES:
            return errors.answer(Refusal(404, "Not Found"))

        async def respond() -> Response:
            try:
                return self._ok(await self._do(method, await asked.read(request)))
            except MalformedError as error:
                return errors.answer(errors.bad_request(str(error)).refusal)
            except BotError as error:
                return errors.answer(error.refusal)

        return await guarded(self._ground.faults, f"telegram.{_NAMES[method]}", respond, errors.refuse)

    async def _do(self, method: str, given: Asked) -> object:
        if method == "getupdates":
            return await self._get_updates(given)
        with self._ground.changing():
            result = METHODS[method](self._telegram, given, self._clock.now())
        if method == "setwebhook" and given.text("url"):
            self._end_poll(errors.WEBHOOK_SET)
        return result

    @staticmethod
    def _ok(result: object) -> Response:
        if isinstance(result, Described):
            return JSONResponse({"ok": True, "result": result.value, "description": result.description})
        return JSONResponse({"ok": True, "result": result})

    def _end_poll(self, reason: Refusal) -> None:
        if self._poll is not None:
            self._poll.ended_by = reason
            self._signal.fire()

    async def _get_updates(self, given: Asked) -> list[Json]:
        """Wait for updates. A newer getUpdates ends this one; the newer one lives."""
        if self._telegram.webhook.url:
            raise BotError(errors.WEBHOOK_ACTIVE)
        limit = min(max(given.integer("limit", 100), 1), 100)
        wait = min(max(given.integer("timeout"), 0), _LONGEST_POLL)
        self._end_poll(errors.OTHER_POLLER)
        poll = self._poll = Poll()
        try:
            with self._ground.lock:
                remember_allowed(self._telegram, given)
                self._telegram.confirm(given.integer("offset"), self._clock.now())
            return await self._wait(poll, limit, wait)
        finally:
            if self._poll is poll:
                self._poll = None

    async def _wait(self, poll: Poll, limit: int, wait: float) -> list[Json]:
        deadline = asyncio.get_running_loop().time() + wait
        while True:
            if poll.ended_by is not None:
                raise BotError(poll.ended_by)
            with self._ground.lock:
                updates = self._telegram.hand_out(limit, self._clock.now())
            left = deadline - asyncio.get_running_loop().time()
            if updates or left <= 0:
                return updates
            await self._signal.wait(left)

    async def download(self, request: Request) -> Response:
        """Give a file by the path that getFile told."""
        if request.path_params["token"] != self._ground.centre.bot_token:
            return errors.answer(errors.UNAUTHORIZED)

        async def respond() -> Response:
            with self._ground.lock:
                data = self._telegram.file_bytes(request.path_params["path"], self._clock.now())
            if data is None:
                return errors.answer(Refusal(404, "Not Found"))
            return Response(data, media_type="application/octet-stream")

        return await guarded(self._ground.faults, "media.telegram", respond, errors.refuse)
