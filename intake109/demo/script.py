"""The script of a demo city's day: `city/*.yaml` read and checked, in the order it happens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import yaml

CITY = Path(__file__).parent / "city"
_REFERENCES = ("under", "reply_to", "forward_of", "repost_of", "edit_of", "delete_of", "react_to")
_NOT_FOR_THE_WORLD = frozenset({"at", "expect", "repost_of"})


class ScriptError(ValueError):
    """A file of the script cannot be played; says which file and step, and what to do."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a careful human would say of a step. For measuring only: nothing of it is ever sent."""

    kind: str
    sphere: str | None = None
    incident: bool = False
    same_as: str | None = None
    language: str | None = None
    continues: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens.

    Attributes:
        at: since midnight, city time.
        fields: the fields of an act, as the world takes them.
        expect: None for posts, reactions, buttons and the like.
    """

    at: timedelta
    fields: Mapping[str, object]
    expect: Expectation | None = None

    @property
    def id(self) -> str | None:
        """The name by which other steps refer to this one."""
        value = self.fields.get("id")
        return str(value) if value is not None else None


@dataclass(frozen=True, slots=True)
class Script:
    """A day: who lives where, and what happens."""

    citizens: Sequence[Mapping[str, object]]
    places: Mapping[str, object]
    steps: Sequence[Step]


def read(folder: Path = CITY) -> Script:
    """Read a city.

    Raises:
        ScriptError: a file is missing or malformed, or a step refers to none before it.
    """
    citizens = _load(folder / "citizens.yaml")
    places = _load(folder / "places.yaml")
    if not isinstance(citizens, list) or not isinstance(places, dict):
        raise ScriptError(f"{folder}: citizens.yaml must be a list and places.yaml a mapping")
    files = sorted(folder.glob("day_*.yaml"))
    if not files:
        raise ScriptError(f"{folder}: there is no day_*.yaml to play")
    steps = [_step(raw, file) for file in files for raw in _list(file)]
    steps.sort(key=lambda step: step.at)
    _check_references(steps)
    return Script(citizens, places, tuple(steps))


def _load(file: Path) -> object:
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScriptError(f"{file}: cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise ScriptError(f"{file}: is no YAML: {error}") from error


def _list(file: Path) -> list[Mapping[str, object]]:
    steps = _load(file)
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        raise ScriptError(f"{file}: must be a list of steps")
    return steps


def _step(raw: Mapping[str, object], file: Path) -> Step:
    missing = [name for name in ("at", "channel", "act") if not raw.get(name)]
    if missing:
        raise ScriptError(f"{file}: a step lacks {', '.join(missing)}: {dict(raw)}")
    fields = {name: value for name, value in raw.items() if name not in _NOT_FOR_THE_WORLD}
    return Step(_moment(str(raw["at"]), file), fields, _expectation(raw.get("expect")))


def _moment(text: str, file: Path) -> timedelta:
    parts = text.split(":")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        raise ScriptError(f'{file}: at must be "HH:MM:SS" in quotes, not {text!r}')
    hours, minutes, seconds = map(int, parts)
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _expectation(raw: object) -> Expectation | None:
    if not isinstance(raw, dict) or not raw.get("kind"):
        return None

    def word(name: str) -> str | None:
        return str(raw[name]) if raw.get(name) else None

    return Expectation(
        str(raw["kind"]),
        word("sphere"),
        bool(raw.get("incident")),
        word("same_as"),
        word("language"),
        word("continues"),
        str(raw.get("note", "")),
    )


def _check_references(steps: Sequence[Step]) -> None:
    known: set[str] = set()
    for step in steps:
        for name in _REFERENCES:
            reference = step.fields.get(name)
            if reference is not None and str(reference) not in known:
                raise ScriptError(f"step {step.id or dict(step.fields)}: {name} names {reference!r}, none before it")
        if step.id in known:
            raise ScriptError(f"step {step.id}: this id is given twice")
        if step.id is not None:
            known.add(step.id)
