"""The one place of the stand-in that knows what time it is.

Everything else is told `now`. The clock runs like the wall clock and can be pushed forward, so that a link which
expires in five minutes or a window of 24 hours is reached without waiting.
"""

import threading
from datetime import UTC, datetime, timedelta


class Clock:
    """The wall clock plus an offset; safe to push from any thread."""

    def __init__(self) -> None:
        self._offset = timedelta(0)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Say the stand-in's time, aware, UTC."""
        with self._lock:
            return datetime.now(UTC) + self._offset

    def advance(self, by: timedelta) -> None:
        """Push the time forward; a negative push is refused because platforms never un-send."""
        if by < timedelta(0):
            raise ValueError("time of the demo city only goes forward")
        with self._lock:
            self._offset += by
