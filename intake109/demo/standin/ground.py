"""What the three platforms stand on: people, files, the ledger, faults, settings and numbers.

One lock guards all of it; every way in from outside (an act, an API call) takes it once. Listeners are told of a
change so that a long poll or a courier wakes up at once and nobody has to sleep in loops.
"""

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from intake109.demo.standin.faults import Faults
from intake109.demo.standin.files import Files
from intake109.demo.standin.ledger import Entry, Ledger
from intake109.demo.standin.people import Centre, People


@dataclass(frozen=True, slots=True)
class Settings:
    """Switches of the stand-in. The defaults are calm; tests and the demo turn up the weather.

    Attributes:
        flood_limits: Telegram's 1/s per chat, 30/s over all, 20/min per group; WhatsApp's pair rate.
        update_life: how long Telegram keeps an update.
        window: how long after a citizen's message WhatsApp and Instagram let the centre write freely.
        async_window_errors: WhatsApp accepts a message outside of the window and reports 131047 by a `failed`
            status instead of refusing it at once; both happen.
        statuses: which statuses WhatsApp sends by itself for each message of the centre.
        echoes: Instagram tells the centre of its own messages (`is_echo`), as it does in life.
        login: "facebook" wraps Instagram's webhook values in `changes`, "instagram" puts them into the entry.
        duplicates: how many more times each webhook delivery is repeated after a 200.
        batch: up to how many waiting items go into one webhook POST.
        shuffle: deliver waiting items newest first.
        pauses: between attempts of a webhook delivery; the last one repeats.
        webhook_timeout: how long a webhook may take to answer.
        app_calls_per_hour: what `x-app-usage` counts against.
    """

    flood_limits: bool = False
    update_life: timedelta = timedelta(hours=24)
    window: timedelta = timedelta(hours=24)
    async_window_errors: bool = False
    statuses: tuple[str, ...] = ("sent", "delivered", "read")
    echoes: bool = True
    login: str = "facebook"
    duplicates: int = 0
    batch: int = 1
    shuffle: bool = False
    pauses: tuple[float, ...] = (0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600)
    webhook_timeout: float = 20.0
    app_calls_per_hour: int = 200


@dataclass(slots=True)
class Ground:
    """The shared state. Not pure, and the only thing that is not."""

    centre: Centre = field(default_factory=Centre)
    settings: Settings = field(default_factory=Settings)
    people: People = field(default_factory=People)
    files: Files = field(default_factory=Files)
    ledger: Ledger = field(default_factory=Ledger)
    faults: Faults = field(default_factory=Faults)
    base_url: str = "http://127.0.0.1:8110"
    serial: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)
    _listeners: list[Callable[[], None]] = field(default_factory=list)
    _counters: dict[str, Iterator[int]] = field(default_factory=dict)

    def next(self, what: str, first: int = 1) -> int:
        """Give the next number of a series.

        All series begin at `serial`: a stand-in that is started again must not give the ids of its former life to
        other messages, or a product that kept its database would take them for redeliveries.
        """
        return next(self._counters.setdefault(what, itertools.count(first + self.serial)))

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after every change, from whatever thread made it; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock, then tell the listeners."""
        with self.lock:
            yield
        self.wake()

    def wake(self) -> None:
        """Tell the listeners that something may have changed, be it only the time."""
        for listener in list(self._listeners):
            listener()

    def write(self, now: datetime, direction: str, channel: str, act: str, **rest: object) -> Entry:
        """Write a line into the ledger; see `Entry` for the rest."""
        blank = Entry(0, now, direction, channel, act)
        return self.ledger.write(replace(blank, **rest))  # type: ignore[arg-type]
