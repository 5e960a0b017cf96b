"""A city's own names of places, read strictly from the file a centre keeps: CSV from a spreadsheet, or YAML.

Every row is a street, microdistrict, village or landmark with its names in both languages and its former or colloquial
ones. Whatever is wrong is said at once, each with file, line and remedy.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from yaml.nodes import ScalarNode, SequenceNode

from intake109.catalogue.documents import Document
from intake109.catalogue.text import fold
from intake109.errors import ConfigError

_COLUMNS = ("kind", "ru", "kk", "aliases", "district", "lat", "lon")
_DELIMITERS = ",;\t"
_ALIASES = "|"
_LEAST_LETTERS = 2
_MAX_LATITUDE, _MAX_LONGITUDE = 90.0, 180.0


class NameKind(StrEnum):
    """What a name is a name of."""

    STREET = "street"
    MICRODISTRICT = "microdistrict"
    VILLAGE = "village"
    LANDMARK = "landmark"


@dataclass(frozen=True, slots=True)
class Named:
    """One place of the city and everything it is called; `ru` or `kk` is there, the rest may be empty.

    Attributes:
        aliases: former names, short ones, nicknames; all of them mean this place.
        district: the microdistrict or village it lies in, told with the address.
        point: latitude and longitude in degrees, for the map.
    """

    kind: NameKind
    ru: str = ""
    kk: str = ""
    aliases: tuple[str, ...] = ()
    district: str = ""
    point: tuple[float, float] | None = None

    @property
    def canonical(self) -> str:
        """The one name under which the city's papers keep it."""
        return self.ru or self.kk

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for name in (self.ru, self.kk, *self.aliases) if name))


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The names of one city; empty for a centre that has loaded none."""

    names: tuple[Named, ...] = ()

    def counts(self) -> dict[str, int]:
        """Return how many names there are of each kind that has any, in the order of the kinds."""
        found = Counter(one.kind for one in self.names)
        return {kind.value: found[kind] for kind in NameKind if found[kind]}


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    fields: Mapping[str, str]
    aliases: tuple[str, ...]


def read(path: Path | None) -> Gazetteer:
    """Read a centre's file; without one, nothing is known but what many cities share.

    Raises:
        ConfigError: the file is missing, of another format, or rows are wrong; all problems at once.
    """
    if path is None:
        return Gazetteer()
    if path.suffix.lower() not in (".csv", ".yaml", ".yml"):
        raise ConfigError([f"{path}: of an unknown format; give a .csv or .yaml file as city.gazetteer"])
    problems: list[str] = []
    rows = _csv_rows(path, problems) if path.suffix.lower() == ".csv" else _yaml_rows(path, problems)
    names: list[Named] = []
    seen: dict[tuple[NameKind, str], int] = {}
    for row in rows:
        reading = _Reading(f"{path}:{row.line}", row, problems)
        one = reading.named()
        if one is not None and reading.is_new(one, seen):
            names.append(one)
    if not names and not problems:
        problems.append(f"{path}: holds no names; write at least one row, or take city.gazetteer out of config.yaml")
    if problems:
        raise ConfigError(problems)
    return Gazetteer(tuple(names))


class _Reading:
    """One row being read; what is wrong with it joins the problems of the file."""

    def __init__(self, where: str, row: _Row, problems: list[str]) -> None:
        self._where = where
        self._row = row
        self._problems = problems

    def named(self) -> Named | None:
        before = len(self._problems)
        fields, kind = self._row.fields, self._kind()
        point = self._point()
        if not fields.get("ru") and not fields.get("kk"):
            self._complain("neither `ru` nor `kk` is filled in; write the name in one of them")
        for name in (fields.get("ru", ""), fields.get("kk", ""), *self._row.aliases):
            if name and len(fold(name)) < _LEAST_LETTERS:
                self._complain(f"the name “{name}” is too short to be recognised; write it out")
        if kind is None or len(self._problems) > before:
            return None
        return Named(
            kind, fields.get("ru", ""), fields.get("kk", ""), self._row.aliases, fields.get("district", ""), point
        )

    def is_new(self, one: Named, seen: dict[tuple[NameKind, str], int]) -> bool:
        """Say whether no earlier row has one of the names: a name of two places would send crews to the wrong one."""
        own = {fold(name): name for name in one.all}
        for told, name in own.items():
            line = seen.get((one.kind, told))
            if line is not None:
                self._complain(f"“{name}” stands already on line {line} as a {one.kind}; keep it in one row")
                return False
        seen.update({(one.kind, told): self._row.line for told in own})
        return True

    def _kind(self) -> NameKind | None:
        told = self._row.fields.get("kind", "")
        try:
            return NameKind(told)
        except ValueError:
            self._complain(f"kind “{told}” is unknown; write one of {', '.join(NameKind)}")
            return None

    def _point(self) -> tuple[float, float] | None:
        latitude, longitude = self._row.fields.get("lat", ""), self._row.fields.get("lon", "")
        if not latitude and not longitude:
            return None
        try:
            point = float(latitude.replace(",", ".")), float(longitude.replace(",", "."))
        except ValueError:
            self._complain(f"lat “{latitude}”, lon “{longitude}”: write both as degrees like 49.80 and 73.10, or none")
            return None
        if not (abs(point[0]) <= _MAX_LATITUDE and abs(point[1]) <= _MAX_LONGITUDE):
            self._complain(f"lat {latitude}, lon {longitude} is nowhere on earth; latitude comes first, −90 … 90")
            return None
        return point

    def _complain(self, message: str) -> None:
        self._problems.append(f"{self._where}: {message}")


def _csv_rows(path: Path, problems: list[str]) -> Iterator[_Row]:
    """Yield the rows of a spreadsheet; commas, semicolons or tabs, whichever the heading has most of."""
    try:
        content = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(f"{path}: is not UTF-8 (byte {error.start}); save it as “CSV UTF-8”")
        return
    except OSError as error:
        problems.append(f"{path}: cannot be read ({error.strerror}); correct city.gazetteer or the file's rights")
        return
    heading = content.partition("\n")[0]
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=max(_DELIMITERS, key=heading.count), strict=True)
    try:
        columns = [column.strip().lower() for column in next(reader, [])]
        if not _are_columns(path, columns, problems):
            return
        for values in reader:
            cells = [value.strip() for value in values]
            if len(cells) > len(columns):
                problems.append(
                    f"{path}:{reader.line_num}: {len(cells)} values for {len(columns)} columns; put names with "
                    f"“{reader.dialect.delimiter}” in quotes, and “{_ALIASES}” between aliases"
                )
            elif any(cells):
                fields = dict(zip(columns, cells, strict=False))
                told = (alias.strip() for alias in fields.get("aliases", "").split(_ALIASES))
                yield _Row(reader.line_num, fields, tuple(alias for alias in told if alias))
    except csv.Error as error:
        problems.append(f"{path}:{reader.line_num}: is not CSV ({error}); check its quotes")


def _are_columns(path: Path, columns: list[str], problems: list[str]) -> bool:
    known = f"the first line names the columns: {', '.join(_COLUMNS)}"
    wrong = [column for column in columns if column not in _COLUMNS]
    twice = [column for column in _COLUMNS if columns.count(column) > 1]
    if wrong or twice:
        problems.append(f"{path}:1: column “{(wrong or twice)[0]}” is {'unknown' if wrong else 'there twice'}; {known}")
    elif "kind" not in columns or not {"ru", "kk"} & set(columns):
        problems.append(f"{path}:1: `kind` and `ru` or `kk` are needed; {known}")
    return len(problems) == 0


def _yaml_rows(path: Path, problems: list[str]) -> Iterator[_Row]:
    """Yield the items of a YAML list; `aliases` is a list there, or one text."""
    document = Document.read(path)
    if not document.problems:
        for node in document.sequence(document.root, "the file"):
            before = len(document.problems)
            entries = document.mapping(node, "a name", _COLUMNS)
            aliases = entries.pop("aliases", None)
            told: tuple[str, ...] = ()
            if isinstance(aliases, SequenceNode):
                told = document.texts(aliases, "`aliases`")
            elif isinstance(aliases, ScalarNode) and str(aliases.value).strip():
                told = (document.text(aliases, "`aliases`"),)
            fields = {
                key: str(value.value).strip() if isinstance(value, ScalarNode) else document.text(value, f"`{key}`")
                for key, value in entries.items()
            }
            if len(document.problems) == before:
                yield _Row(node.start_mark.line + 1, fields, told)
    problems += [f"{path.parent / line}" for line in document.problems]
