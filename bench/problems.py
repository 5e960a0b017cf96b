"""How well people who tell of one problem are brought together, what is brought together wrongly, and how fast.

`bench/data/cases.yaml` is told in order of time, once with the services an inspector chose and once with the
classifier's own. Petitions of a real city, with addresses, points and reasons, when INTAKE109_BENCH_DATA names their
folder: there the same address and reason counts as one problem. Then the queue's page with 10,000 waiting, a storm of
1,000 among them, on both databases.
"""

from __future__ import annotations

import gzip
import json
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from bench.databases import fresh
from bench.product import judge, waiting_task
from bench.report import Line, percentile, progress, show
from intake109.catalogue.load import load
from intake109.catalogue.services import Catalogue, Danger, Service, Words
from intake109.classifier.place.gazetteer import read as read_gazetteer
from intake109.classifier.place.places import Places
from intake109.dedup.problem import Problem, Problems
from intake109.dedup.whereabouts import cell, cells_around, whereabouts
from intake109.demo.script import CITY
from intake109.model import Place, Point
from intake109.queue.arrival import RANK_MANY
from intake109.review_ui.desk import rows
from intake109.review_ui.desk.rows import Filters
from intake109.store import together
from intake109.store.database import Database
from intake109.store.tables import TaskRow

BEGAN = datetime(2026, 11, 20, 12, tzinfo=UTC)
SHOWN = 3
WAITS = timedelta(minutes=17)
WAITING, STORM, PAGES = 10_000, 1_000, 60
_REAL = 12_000


@dataclass(frozen=True, slots=True)
class Message:
    """Something a citizen said: which problem it truly is, and what is known of it."""

    case: str
    problem: Problem
    guesses: tuple[tuple[str, float], ...]
    is_danger: bool = False


def main() -> None:
    """Measure the labelled set, the real city if it is there, then the page."""
    catalogue, problems = load(), Problems()
    entries: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "data/cases.yaml").read_text("utf-8"))
    entries.sort(key=lambda entry: entry["at"])
    lines = []
    for name, messages in (
        ("inspector's services", _told(entries, catalogue)),
        ("classifier's services", _judged(entries, catalogue)),
    ):
        progress(name)
        lines += _suggestions(name, messages, problems, SHOWN)
        lines += _storms(name, messages, problems, catalogue)
    lines += _real(problems)
    with fresh() as databases:
        for database in databases:
            progress(f"{database.url.get_backend_name()}: {WAITING} waiting")
            lines += _page(database)
    show("problems", lines)


def _told(entries: Sequence[dict[str, Any]], catalogue: Catalogue) -> list[Message]:
    places = Places(read_gazetteer(CITY / "gazetteer.csv"))
    return [
        _message(entry, places.find(entry["text"]), ((entry["service"], 0.9),), catalogue, bool(entry.get("danger")))
        for entry in entries
    ]


def _judged(entries: Sequence[dict[str, Any]], catalogue: Catalogue) -> list[Message]:
    places = Places(read_gazetteer(CITY / "gazetteer.csv"))
    verdicts = judge().classify_many([entry["text"] for entry in entries])
    return [
        _message(
            entry,
            places.find(entry["text"]),
            tuple((guess.code, guess.probability) for guess in verdict.services),
            catalogue,
            verdict.incident.flag,
        )
        for entry, verdict in zip(entries, verdicts, strict=True)
    ]


def _message(
    entry: dict[str, Any], place: Place, guesses: tuple[tuple[str, float], ...], catalogue: Catalogue, is_danger: bool
) -> Message:
    services = tuple((service, chance) for code, chance in guesses if (service := catalogue.get(code)) is not None)
    at = BEGAN + timedelta(minutes=entry["at"])
    return Message(entry["case"], Problem(services, whereabouts(place), at), guesses, is_danger)


def _suggestions(name: str, messages: Sequence[Message], problems: Problems, shown: int) -> list[Line]:
    """Tell messages in order of time and look at the first suggestions each brings."""
    earlier: dict[str, list[Message]] = defaultdict(list)
    right = offered = found = could = 0
    began = time.perf_counter()
    for message in messages:
        near = {id(one): one for key in _keys(message.problem, looking=True) for one in earlier[key][-40:]}
        ranked = sorted(
            (
                (likeness.score, one)
                for one in near.values()
                if (likeness := problems.compare(message.problem, one.problem))
            ),
            key=lambda one: -one[0],
        )
        first = [one for _, one in ranked[:shown]]
        right += sum(one.case == message.case for one in first)
        offered += len(first)
        mates = _has_mate(message, earlier, problems)
        could += mates
        found += mates and any(one.case == message.case for one in first)
        for key in _keys(message.problem, looking=False):
            earlier[key].append(message)
        earlier[f"case:{message.case}"].append(message)
    took = (time.perf_counter() - began) / len(messages)
    note = f"{len(messages)} messages, {could} with an earlier one of the same problem"
    return [
        Line(f"{name}: suggestions right", right / max(offered, 1), "", note=f"first {shown}; {offered} offered"),
        Line(f"{name}: problem found", found / max(could, 1), "", note=note),
        Line(f"{name}: time a message", took * 1e6, "µs", better="lower"),
    ]


def _has_mate(message: Message, earlier: dict[str, list[Message]], problems: Problems) -> bool:
    """Say whether somebody told the same problem before, as long as such a problem lasts."""
    services = message.problem.guesses
    window = problems.families.habit(services[0][0]).window if services else problems.families.default.window
    return any(message.problem.at - one.problem.at <= window for one in earlier[f"case:{message.case}"])


def _keys(problem: Problem, *, looking: bool) -> Iterator[str]:
    where = problem.where
    for sign, key in (("h", where.place_key), ("s", where.street_key), ("a", where.area_key)):
        if key:
            yield f"{sign}:{key}"
    if problem.point is not None:
        own = cell(problem.point)
        yield from (f"c:{one}" for one in (cells_around(own) if looking else [own]))


def _storms(name: str, messages: Sequence[Message], problems: Problems, catalogue: Catalogue) -> list[Line]:
    """Let messages wait as long as they do at most, and look who stands in one line with whom."""
    waiting: list[tuple[str, Message]] = []
    members = wrong = together_ = could = 0
    area_of: dict[str, str] = {}
    for message in messages:
        waiting = [(key, one) for key, one in waiting if message.problem.at - one.problem.at < WAITS]
        where = message.problem.where
        if where.street_key and where.area_key:
            area_of[where.street_key] = where.area_key
        elif where.street_key in area_of:
            where = replace(where, area_key=area_of[where.street_key])
        key = problems.group(message.guesses, where, timedelta(0), catalogue, is_incident=message.is_danger)
        waiting = [(_moved(problems, own, one, area_of), one) for own, one in waiting] + [(key, message)]
        line = [one for own, one in waiting if own and own == key]
        if len(line) >= problems.settings.storm_from:
            main_case = Counter(one.case for one in line).most_common(1)[0][0]
            members += 1
            wrong += message.case != main_case
        mates = [own for own, one in waiting if one.case == message.case]
        if len(mates) >= problems.settings.storm_from:
            could += 1
            together_ += bool(key) and mates.count(key) >= problems.settings.storm_from
    return [
        Line(
            f"{name}: wrong members of storms", wrong, "", aim=0, better="lower", note=f"of {members} that joined one"
        ),
        Line(
            f"{name}: in their storm",
            together_ / max(could, 1),
            "",
            note=f"of {could} whose problem three told by then",
        ),
    ]


def _moved(problems: Problems, key: str, message: Message, area_of: dict[str, str]) -> str:
    where = message.problem.where
    if not key or where.area_key or where.street_key not in area_of:
        return key
    return problems.moved(key, replace(where, area_key=area_of[where.street_key]))


def _real(problems: Problems) -> list[Line]:
    folder = os.environ.get("INTAKE109_BENCH_DATA", "")
    path = Path(folder) / "spb_train.jsonl.gz"
    if not folder or not path.is_file():
        progress("a real city: not here, set INTAKE109_BENCH_DATA")
        return []
    progress("a real city")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        read = [json.loads(line) for _, line in zip(range(_REAL), file, strict=False)]
    places = Places()
    messages = [_petition(one, places) for one in read if one["address"] and one["lat"]]
    messages.sort(key=lambda one: one.problem.at)
    return _suggestions("a real city", messages, problems, SHOWN)


def _petition(entry: dict[str, Any], places: Places) -> Message:
    """Return a petition; its reason is its service, its address and reason within three days are its problem."""
    address = str(entry["address"])
    name = entry["reason"]
    sphere = {"Дороги": "roads"}.get(entry["category"], "yards")
    service = Service(name, sphere, f"real.{name}", Words(name, name, name), "", Danger.ORDINARY, "5wd")
    at = datetime.fromisoformat(entry["at"]).replace(tzinfo=UTC)
    point = Point(float(entry["lat"]), float(entry["lon"]))
    where = replace(whereabouts(places.find(address.partition(", литера")[0])), cell=cell(point))
    return Message(f"{address}|{name}", Problem(((service, 1.0),), where, at, point), ((name, 1.0),))


def _page(database: Database) -> list[Line]:
    classifier = judge()
    verdicts = classifier.classify_many(["Яма на дороге", "Мусор не вывозят", "Нет света, Михайловка"])
    now = datetime.now(UTC)
    with database.write() as session:
        for number in range(1, WAITING + 1):
            in_storm = number % (WAITING // STORM) == 0
            at = now - timedelta(seconds=600 * number / WAITING)
            made = waiting_task(number, verdicts[2 if in_storm else number % 2], at)
            task = made[-1]
            assert isinstance(task, TaskRow)
            task.citizen_id = number
            if in_storm:
                task.rank = RANK_MANY  # as whoever joins a storm is raised
            task.group_key = "power|михаиловк" if in_storm else f"roads.surface|дом {number}"
            session.add_all(made)
            if number % 500 == 0:
                session.flush()
                session.expunge_all()
    name = database.url.get_backend_name()
    storms_s, page_s = [], []
    for _ in range(PAGES):
        with database.read() as session:
            began = time.perf_counter()
            found = together.storms(session, 3)
            storms_s.append(time.perf_counter() - began)
            began = time.perf_counter()
            page = rows.page(session, Filters(), 1, "", now, 3)
            page_s.append(time.perf_counter() - began)
    assert [one.messages for one in found] == [STORM]
    assert sum(one.storm is not None for one in page.rows) <= 1
    note = f"{WAITING} waiting, {STORM} in a storm"
    return [
        Line(f"{name}: storms counted, p99", percentile(storms_s, 0.99) * 1e3, "ms", better="lower", note=note),
        Line(f"{name}: page read, p99", percentile(page_s, 0.99) * 1e3, "ms", aim=100, better="lower", note=note),
        Line(f"{name}: page read, p50", percentile(page_s, 0.5) * 1e3, "ms", better="lower"),
    ]


if __name__ == "__main__":
    main()
