"""The demo city goes on living by itself: citizens press yes or no, and a crew opens the link of its letter and works.

Everything goes the ways that are there for people: buttons on the citizens' phones, and the page behind a signed link.
Nobody here touches the queue; that is for whoever tries the demo.
"""

from __future__ import annotations

import re
import threading
import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

import httpx

from intake109.demo.player import Doing
from intake109.demo.standin import UnknownActError, reports_of_work
from intake109.demo.standin.pictures import draw

_LINK = re.compile(r"https?://[^\s/]+/x/[\w.~=-]+")
_THINKS_S, _TAKES_S, _WORKS_S = 20.0, 10.0, 45.0
"""Until a citizen answers the question, a crew opens its letter, and its work is done."""
_EVERY_S = 1.0
_NO_OF, _SILENT_OF = 5, 7
"""One of so many is not content with the first round; one of so many never answers, and is called."""
Line = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Crew:
    """Who gets work by letters with a link: the chat they come into, and how the page behind it is posted to."""

    chat: str
    post: Callable[[str, dict[str, str], dict[str, tuple[str, bytes, str]]], None]
    today: Callable[[], date]


class Townsfolk:
    """Lives from the lines of the city's ledger, one `step` at a time.

    Args:
        do: does an act in the city.
        look: gives the lines of the ledger after a seq.
        doubters: citizens who always say no to the first round, so that a second one can be seen.
    """

    def __init__(self, do: Doing, look: Callable[[int], list[Line]], crew: Crew, doubters: Collection[str]) -> None:
        self._do = do
        self._look = look
        self._crew = crew
        self._doubters = doubters
        self._stopped = threading.Event()
        self._seen = 0
        self._due: list[tuple[float, Callable[[], None]]] = []
        self._letters = 0

    def live(self, since: int, clock: Callable[[], float]) -> None:
        """Live until `stop`; what stands in the ledger up to `since` is past."""
        self._seen = since
        while not self._stopped.wait(_EVERY_S):
            self.step(clock())

    def stop(self) -> None:
        """Stop soon; may be called from any thread."""
        self._stopped.set()

    def step(self, now_s: float) -> None:
        """Read what is new and do what is due; a city that is shutting down is left alone."""
        try:
            for line in self._look(self._seen):
                self._seen = max(self._seen, int(str(line["seq"])))
                self._read(line, now_s)
            due = [act for at_s, act in self._due if at_s <= now_s]
            self._due = [one for one in self._due if one[0] > now_s]
            for act in due:
                act()
        except httpx.HTTPError:
            return

    def _read(self, line: Line, now_s: float) -> None:
        if line["direction"] != "to_citizen":
            return
        link = _LINK.search(str(line["text"]))
        if line["thread"] == self._crew.chat and link is not None:
            self._letters += 1
            address, turn = link.group(), self._letters
            self._due.append((now_s + _TAKES_S, lambda: self._take(address)))
            self._due.append((now_s + _TAKES_S + _WORKS_S, lambda: self._answer(address, turn)))
            return
        data = _question(line)
        word = self._word(str(line["citizen"]), data) if data else ""
        if word:
            pressed = {"data": f"{data.rpartition(':')[0]}:{word}"}
            self._due.append((now_s + _THINKS_S, lambda: self._press(line, pressed)))

    def _word(self, citizen: str, data: str) -> str:
        """Say what a citizen answers, empty for nothing: the same to the same question in every run."""
        _, reporter, number_of_round, _ = data.split(":")
        if citizen.startswith("guest_"):
            return ""
        chance = zlib.crc32(f"{citizen}:{reporter}".encode())
        if number_of_round == "1" and (citizen in self._doubters or chance % _NO_OF == 0):
            return "no"
        is_silent = number_of_round == "1" and chance % _SILENT_OF == 1 and citizen not in self._doubters
        return "" if is_silent else "yes"

    def _press(self, line: Line, pressed: Mapping[str, str]) -> None:
        try:
            self._do({"channel": line["channel"], "act": "button", "citizen": line["citizen"], "button": pressed})
        except UnknownActError:  # the visitor was quicker, or the question was taken back
            return

    def _take(self, address: str) -> None:
        self._crew.post(f"{address}/take", {}, {})

    def _answer(self, address: str, turn: int) -> None:
        said = {
            "text": reports_of_work.done(turn, "lifts"),
            "acted_on": self._crew.today().isoformat(),
            "once": str(turn),
        }
        picture = {"files": ("работа.jpg", draw(f"done-{turn}"), "image/jpeg")}
        self._crew.post(f"{address}/answer", said, picture)


def _question(line: Line) -> str:
    """Return the data of a letter's yes button if it asks whether it is solved, else nothing."""
    buttons = line.get("buttons")
    for row in buttons if isinstance(buttons, list) else []:
        for button in row:
            data = str(button.get("data", ""))
            if data.startswith("solved:") and data.endswith(":yes"):
                return data
    return ""
