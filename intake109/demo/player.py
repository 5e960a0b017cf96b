"""The player: it lets the script of a day happen in a demo city, at a chosen pace.

`python -m intake109.demo.player --url http://127.0.0.1:8110 --pace 60` plays a minute of the script in a second, in a
stand-in that already runs. In one process: `Player(script.read(), city.act, pace=60).play()`.
"""

import argparse
import contextlib
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx

from intake109.demo import script
from intake109.demo.script import Script, ScriptError, Step
from intake109.demo.standin import UnknownActError

Doing = Callable[[Mapping[str, object]], Mapping[str, object]]
Waiting = Callable[[float], bool]


@dataclass(slots=True)
class Played:
    """What became of a script: lines of the ledger by step, and steps that could not be played, with the reason."""

    lines: dict[str, object] = field(default_factory=dict)
    done: int = 0
    skipped: list[tuple[Step, str]] = field(default_factory=list)


class Player:
    """Plays a script once.

    A press of a button needs the button, which the product may owe for some seconds yet; such a step is put off and
    tried again before each later one, so that a fast pace does not lose it.
    """

    def __init__(
        self, day: Script, do: Doing, pace: float = 1.0, wait: Waiting | None = None, late: float = 20.0
    ) -> None:
        """Set up.

        Args:
            day: what happens.
            do: does an act; raises `UnknownActError` if it cannot be done.
            pace: seconds of the script in a second of the world; 1.0 is life.
            wait: waits so many seconds and says whether to stop; by default until `stop`.
            late: how many seconds to wait at the end for buttons that are still owed.
        """
        self._day = day
        self._do = do
        self._pace = pace
        self._stopped = threading.Event()
        self._wait = wait or self._stopped.wait
        self._late = late
        self._put_off: list[tuple[Step, str]] = []
        self.played = Played()

    def stop(self) -> None:
        """Stop playing soon; may be called from any thread."""
        self._stopped.set()

    def play(self, begin: timedelta = timedelta(0), end: timedelta = timedelta(days=1)) -> Played:
        """Play what happens from `begin` and before `end`, both since midnight of the city's time."""
        steps = [step for step in self._day.steps if begin <= step.at < end]
        before: timedelta | None = None
        for step in steps:
            pause = (step.at - before).total_seconds() / self._pace if before is not None else 0.0
            if pause > 0 and self._wait(pause):
                return self._finish()
            before = step.at
            self._try_again()
            self._play(step)
        for _ in range(10):
            if not self._put_off or self._wait(self._late / 10):
                break
            self._try_again()
        return self._finish()

    def _finish(self) -> Played:
        self.played.skipped += self._put_off
        self._put_off = []
        return self.played

    def _play(self, step: Step) -> None:
        try:
            result = self._do(self._whole(step))
        except UnknownActError as error:
            if step.fields["act"] == "button":
                self._put_off.append((step, str(error)))
            else:
                self.played.skipped.append((step, str(error)))
            return
        self.played.done += 1
        if step.id:
            self.played.lines[step.id] = result.get("seq")
        if step.fields.get("location") and step.fields["act"] != "location":
            # Nobody can put a place into a text message; people send it right after.
            kept = ("channel", "citizen", "chat", "location")
            self._do({"act": "location", **{name: step.fields[name] for name in kept if name in step.fields}})

    def _whole(self, step: Step) -> Mapping[str, object]:
        fields = dict(step.fields)
        if fields["act"] != "location":
            fields.pop("location", None)
        return fields

    def _try_again(self) -> None:
        again, self._put_off = self._put_off, []
        for step, _reason in again:
            self._play(step)


@contextlib.contextmanager
def over_http(url: str) -> Iterator[Doing]:
    """Do acts in a stand-in that runs elsewhere."""
    with httpx.Client(base_url=url, trust_env=False) as client:

        def do(fields: Mapping[str, object]) -> Mapping[str, object]:
            answer = client.post("/_city/act", json=dict(fields))
            body: Mapping[str, object] = answer.json()
            if answer.status_code != httpx.codes.OK:
                raise UnknownActError(str(body.get("error")))
            return body

        yield do


def settle(url: str, day: Script) -> None:
    """Let the people of a script move into a stand-in that runs elsewhere."""
    people = {"citizens": list(day.citizens), "places": dict(day.places)}
    httpx.post(f"{url}/_city/people", json=people, trust_env=False).raise_for_status()


def _clock_time(text: str) -> timedelta:
    hours, _, minutes = text.partition(":")
    return timedelta(hours=int(hours), minutes=int(minutes or 0))


def main() -> int:
    """Play from the command line; say at the end what could not be played."""
    parser = argparse.ArgumentParser(prog="python -m intake109.demo.player", description="Play a day of the demo city.")
    parser.add_argument("--url", default="http://127.0.0.1:8110")
    parser.add_argument("--city", type=Path, default=script.CITY, help="folder with citizens, places and days")
    parser.add_argument("--pace", type=float, default=1.0, help="seconds of the script in a second")
    parser.add_argument("--from", dest="begin", type=_clock_time, default=timedelta(0), metavar="HH:MM")
    parser.add_argument("--until", dest="end", type=_clock_time, default=timedelta(days=1), metavar="HH:MM")
    given = parser.parse_args()
    try:
        day = script.read(given.city)
        settle(given.url, day)
        with over_http(given.url) as do:
            played = Player(day, do, given.pace).play(given.begin, given.end)
    except (ScriptError, httpx.HTTPError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    sys.stdout.write(f"{played.done} steps played, {len(played.skipped)} skipped\n")
    for step, reason in played.skipped:
        sys.stdout.write(f"  {step.id or step.at}: {reason}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
