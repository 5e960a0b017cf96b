"""Announcements of outages: how many are read right, what goes wrong with the others, and how fast tables are read."""

from __future__ import annotations

import json
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from intake109.catalogue.load import load
from intake109.classifier.place.gazetteer import read as read_gazetteer
from intake109.classifier.place.places import Places
from intake109.outages.announcement import Announcement, AnnouncementReader
from intake109.outages.drafts import Draft
from intake109.outages.places import PlaceReader
from intake109.outages.spreadsheet import advance, open_table
from intake109.outages.texts import place_line

ZONE = ZoneInfo("Asia/Almaty")
NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
_DATA = Path(__file__).parent / "data" / "outages.yaml"
_GAZETTEER = Path(__file__).parents[1] / "intake109" / "demo" / "city" / "gazetteer.csv"
_PARTS = ("services", "places", "from", "to")


def reader() -> AnnouncementReader:
    """Return the reader of the demo city."""
    gazetteer = read_gazetteer(_GAZETTEER)
    known = frozenset(one.canonical for one in gazetteer.names)
    return AnnouncementReader(PlaceReader(Places(gazetteer).find, known), ZONE)


def seen(one: Announcement) -> dict[str, Any]:
    """Return an announcement as the test set writes it."""
    return {
        "services": sorted(one.services),
        "places": [place_line(place, "ru") for place in one.places],
        "from": _written(one.begins_at),
        "to": _written(one.ends_at),
    }


def measure() -> dict[str, Any]:
    """Return the figures, and every announcement that was read otherwise than a person would."""
    read = reader()
    parts: Counter[str] = Counter()
    wrong: list[dict[str, Any]] = []
    silent = total = right = 0
    cases = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    for case in cases:
        expected = [one | {"services": sorted(one["services"])} for one in case["expect"]]
        found = read.read(case["text"], NOW)
        got = [seen(one) for one in found]
        total += len(expected)
        for index, one in enumerate(expected):
            mine = got[index] if index < len(got) else {}
            parts.update(part for part in _PARTS if mine.get(part) == one[part])
            right += mine == one
        if got != expected:
            wrong.append({"text": case["text"], "expected": expected, "got": got})
            silent += all(not one.problems for one in found)
    return {
        "texts": len(cases),
        "texts_right": len(cases) - len(wrong),
        "wrong_without_a_remark": silent,
        "outages": total,
        "outages_right": right,
        "parts_right": {part: parts[part] for part in _PARTS},
        "wrong": wrong,
    }


def main() -> None:
    """Print the figures and keep them beside the others."""
    found = measure() | {"table_lines_per_s": _table_speed(reader())}
    out = Path(__file__).parent / "out" / "outages.json"
    out.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    for one in found["wrong"]:
        print(f"- {one['text']}\n    expected {one['expected']}\n    got      {one['got']}")
    print(json.dumps({key: value for key, value in found.items() if key != "wrong"}, ensure_ascii=False, indent=2))


def _table_speed(read: AnnouncementReader) -> int:
    lines = [f"POWER-005;Абая;{n};23.11.2026 {n % 24:02d}:00;24.11.2026 09:00" for n in range(1, 10_001)]
    began = time.perf_counter()
    table = open_table("\n".join(["service;street;houses;begins;ends", *lines]).encode())
    advance(Draft(), table, read, load(), NOW, len(lines))
    return round(len(lines) / (time.perf_counter() - began))


def _written(moment: datetime | None) -> str:
    return moment.astimezone(ZONE).strftime("%d.%m %H:%M") if moment else ""


if __name__ == "__main__":
    main()
