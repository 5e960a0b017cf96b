"""What goes on in the demo's city while the product runs: its day, its registry, its crew, its citizens' answers."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import httpx
from sqlalchemy.orm import Session

from intake109.bootstrap import House
from intake109.clock import city_day
from intake109.config import Config
from intake109.demo.organised import CREW, organise
from intake109.demo.past import left
from intake109.demo.past.days import LAST_WRITER, Past, Volume
from intake109.demo.past.neighbours import Neighbours
from intake109.demo.player import Doing, Player
from intake109.demo.script import Script
from intake109.demo.staff import hire
from intake109.demo.townsfolk import Crew, Line, Townsfolk
from intake109.model import Channel
from intake109.progress import Progress
from intake109.serve import configure_logging
from intake109.store import people

_SCRIPTED_DOUBTER = "alexey"
"""Who tells of an open manhole in the first half a minute of the day."""
_LOOK_S = 15.0
_MUCH = Volume()


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the last days left: lines on the phones, and what the registry was given."""

    lines: list[dict[str, object]] = field(default_factory=list)
    with_registry: list[dict[str, object]] = field(default_factory=list)


def live_through(config: Config, house: House, day: Script, progress: Progress, volume: Volume = _MUCH) -> Remembered:
    """Live through the last days on a fresh database; one on which somebody has worked is only remembered."""
    neighbours = Neighbours(day.citizens)
    with house.database.read() as session:
        if people.count(session):
            return _remember(session, neighbours)
    configure_logging(logging.ERROR)  # what the ladder did days ago is no news on this terminal
    past = Past(config, neighbours, house, house.clock.now(), _settle, volume)
    try:
        past.live(progress)
        past.reach(house.clock.now())
        with past.house.database.read() as session:
            return _remember(session, neighbours)
    finally:
        past.close()
        configure_logging()


def _remember(session: Session, neighbours: Neighbours) -> Remembered:
    return Remembered(left.on_phones(session, neighbours.names()), left.with_registry(session))


def _settle(house: House) -> None:
    hire(house)
    organise(house)


class Life:
    """Goes on in threads of its own from `start` to `stop`. Nothing of it touches the queue."""

    def __init__(self, city: str, product: str, house: House, player: Player, do: Doing, day: Script) -> None:
        """`city` and `product` are their addresses."""
        self._city = city
        self._product = product
        self._player = player
        self._client = httpx.Client(trust_env=False, timeout=_LOOK_S)
        doubters = {_SCRIPTED_DOUBTER, Neighbours(day.citizens).account(Channel.TELEGRAM, LAST_WRITER).citizen}

        def today() -> date:
            return city_day(house.clock.now(), house.config.city.zone)

        self._townsfolk = Townsfolk(do, self._look, Crew(CREW, self._post, today), doubters)
        self._threads: list[threading.Thread] = []

    def start(self, remembered: Remembered) -> None:
        """Begin, in a thread: whoever calls this is about to serve, and the platforms shake hands first."""
        self._run(lambda: self._begin(remembered))

    def stop(self) -> None:
        """Stop everything that was started."""
        self._player.stop()
        self._townsfolk.stop()
        for thread in self._threads:
            thread.join(timeout=10)
        self._client.close()

    def _run(self, what: Callable[[], object]) -> None:
        thread = threading.Thread(target=what, name="city", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _begin(self, remembered: Remembered) -> None:
        """Put the last days on the phones, let the platforms know the product, and let the day begin."""
        self._tell("/_city/past", {"lines": remembered.lines})
        since = max((int(str(line["seq"])) for line in self._look(0)), default=0)
        for channel in ("whatsapp", "instagram"):
            self._tell("/_city/webhook", {"channel": channel, "url": f"{self._product}/webhooks/{channel}"})
        self._tell("/registry/callback", {"url": f"{self._product}/webhooks/registry"})
        self._tell("/registry/known", {"appeals": remembered.with_registry})
        self._run(lambda: self._townsfolk.live(since, time.monotonic))
        self._player.play()

    def _look(self, after: int) -> list[Line]:
        found: list[Line] = self._client.get(f"{self._city}/_city/ledger", params={"after": after}).json()["entries"]
        return found

    def _post(self, address: str, said: dict[str, str], files: dict[str, tuple[str, bytes, str]]) -> None:
        self._client.post(address, data=said, files=files or None)

    def _tell(self, path: str, said: dict[str, object]) -> None:
        self._client.post(f"{self._city}{path}", json=said).raise_for_status()
