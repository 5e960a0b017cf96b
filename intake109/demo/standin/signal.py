"""A signal that wakes everything waiting in the event loop when the city changes, from whatever thread."""

import asyncio
import contextlib
from collections.abc import Iterator

from intake109.demo.standin.ground import Ground


class Signal:
    """Made once, attached to the loop when the server starts."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._event = asyncio.Event()

    @contextlib.contextmanager
    def attached(self) -> Iterator[None]:
        """Listen to the city for as long as the loop runs."""
        loop = asyncio.get_running_loop()

        def wake() -> None:
            loop.call_soon_threadsafe(self.fire)

        stop = self._ground.listen(wake)
        try:
            yield
        finally:
            stop()

    def fire(self) -> None:
        """Wake everybody who waits; to be called in the loop."""
        fired, self._event = self._event, asyncio.Event()
        fired.set()

    async def wait(self, seconds: float | None) -> None:
        """Wait for a change, at most so long.

        No change is missed between looking and waiting: changes from other threads reach the loop as calls, and
        no call runs until the caller of this gives the loop up, which is here, with the event already in hand.
        """
        event = self._event
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), seconds)
