"""Faults of the outside world, set by tests and by the demo: "the next N calls to X fail with Y"."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from starlette.responses import Response
from starlette.types import Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Fault:
    """One planned failure.

    Attributes:
        target: pattern of calls: `telegram.sendMessage`, `telegram.*`, `whatsapp.messages`, `instagram.tags`,
            `instagram.web.*`, `media.*`, `*`.
        kind: slow | drop (the call is not done, the connection breaks) | lose_answer (the call IS done, the
            connection breaks) | the name or number of an error of that platform, see its `errors` module.
        times: how many calls it hits; below zero for ever.
        seconds: for slow; for a rate error what the platform says to wait.
        body: raw body to answer instead of the platform's own words.
    """

    number: int
    target: str
    kind: str
    times: int = 1
    seconds: float = 1.0
    body: str = ""


class Faults:
    """The list of planned failures; the first that matches a call is used."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []
        self._numbers = itertools.count(1)

    def plan(self, target: str, kind: str, times: int = 1, seconds: float = 1.0, body: str = "") -> Fault:
        """Add a failure at the end of the list."""
        fault = Fault(next(self._numbers), target, kind, times, seconds, body)
        self._planned.append(fault)
        return fault

    def clear(self) -> None:
        """Let everything work again."""
        self._planned.clear()

    def planned(self) -> list[Fault]:
        """Say what is still planned."""
        return list(self._planned)

    def take(self, target: str) -> Fault | None:
        """Use up one failure planned for this call; None if it shall work."""
        for place, fault in enumerate(self._planned):
            if not fnmatchcase(target, fault.target):
                continue
            if fault.times == 1:
                del self._planned[place]
            else:
                self._planned[place] = replace(fault, times=fault.times - 1)
            return fault
        return None


class Dropped(Response):
    """An answer that breaks off: the client sees a connection closed in the middle, as from a dying gateway."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Promise a body and never send it, upon which the server closes the connection."""
        headers = [(b"content-length", b"1000"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})


async def guarded(
    faults: Faults,
    target: str,
    respond: Callable[[], Awaitable[Response]],
    refuse: Callable[[Fault], Response],
) -> Response:
    """Answer a call, or fail it the way that was planned for it."""
    fault = faults.take(target)
    if fault is None:
        return await respond()
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
        return await respond()
    if fault.kind == "drop":
        return Dropped()
    if fault.kind == "lose_answer":
        await respond()
        return Dropped()
    return refuse(fault)
