"""One thing of the catalogue as the editor shows it: what its form says, and what became of it over time."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from intake109.catalogue.contents import Content, Kind, flat, unflat
from intake109.catalogue.difference import Change, changes
from intake109.catalogue.overlay import Entry, is_edited, users_of
from intake109.catalogue.reading import PHRASE_KEYS
from intake109.catalogue.services import Catalogue
from intake109.review_ui.catalogue import editing
from intake109.review_ui.catalogue.editing import Version
from intake109.review_ui.desk.term import norm_in_words
from intake109.review_ui.i18n import Words
from intake109.store import people

Fields = Mapping[str, str | tuple[str, ...]]
_TEXTS = {
    Kind.SERVICE: ("executor", "danger", "deadline", "deadline_source", "answer.ru", "answer.kk", "answer.en"),
    Kind.EXECUTOR: ("curator",),
    Kind.CURATOR: (),
    Kind.GROUP: (),
    Kind.ASK: (),
    Kind.SPHERE: (),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A version in the history; `what` names a text, `changes` are those to the version before."""

    version: Version
    what: str
    who: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows. `opened` is the version an edit is based on, None for something new."""

    kind: Kind
    code: str
    fields: Fields
    opened: int | None
    is_retired: bool
    is_edited: bool
    history: Sequence[Step]
    users: Sequence[str]


def read(session: Session, base: Catalogue, catalogue: Catalogue, kind: Kind, code: str) -> Shown:
    """Read a thing with its history, newest first.

    Raises:
        NotFoundError: there never was anything with this code.
    """
    versions = editing.versions(session, base, kind, code)
    last = versions[-1]
    return Shown(
        kind=kind,
        code=code,
        fields=flat(last.content),
        opened=last.number,
        is_retired=last.is_retired,
        is_edited=is_edited(base, Entry(kind, code, last.content, last.is_retired)),
        history=_history(versions, people.names(session))[::-1],
        users=users_of(catalogue, kind, code),
    )


def blank(catalogue: Catalogue, kind: Kind, sphere: str) -> Shown:
    """Return the form for something new."""
    is_service = kind is Kind.SERVICE
    code = editing.free_code(catalogue, sphere) if is_service else f"{sphere}." if kind is Kind.GROUP else ""
    fields = {"sphere": sphere, "danger": "ordinary"} if is_service else {}
    return Shown(kind, code, fields, None, False, False, (), ())


def sent(kind: Kind, code: str, form: FormData) -> dict[str, Any]:
    """Return the content a form was sent with; a phrase stands on a line of its own."""
    fields: dict[str, str | tuple[str, ...]] = {}
    if kind is Kind.SERVICE:
        sphere, _, group = _text(form, "group").partition(".")
        fields |= {"code": code, "sphere": sphere, "group": group}
    fields |= {name: _text(form, name) for name in ("ru", "kk", "en", *_TEXTS[kind])}
    if kind is Kind.SERVICE:
        fields["ask"] = tuple(_clean(one) for one in form.getlist("ask") if isinstance(one, str) and one)
        for key in PHRASE_KEYS:
            fields[f"phrases.{key}"] = _lines(form, f"phrases.{key}")
    # A name that is empty must be complained of; everything else that is empty is left out.
    return dict.fromkeys(("ru", "kk", "en"), "") | unflat(fields)


def phrases(form: FormData) -> list[str]:
    """Return all phrases of a form, in the order in which it shows them."""
    return [phrase for key in PHRASE_KEYS for phrase in _lines(form, f"phrases.{key}")]


def opened_of(form: FormData) -> int | None:
    """Return which version the sender has seen; None: something new."""
    return _number(form, "opened")


def version_of(form: FormData) -> int | None:
    """Return the older version that is asked for."""
    return _number(form, "version")


def note_of(form: FormData) -> str:
    """Return why."""
    return _text(form, "note")


def code_of(form: FormData) -> str:
    """Return the code of something new."""
    return _text(form, "code")


@dataclass(frozen=True, slots=True)
class Names:
    """What fields and codes are called on the screen."""

    catalogue: Catalogue
    t: Words

    def field(self, name: str) -> str:
        return self.t(f"catalogue.field.{name}")

    def value(self, field: str, value: str) -> str:
        """Return a value in words: codes by their names, an empty one as a dash."""
        language = self.t.language
        if not value:
            return self.t("catalogue.by_danger") if field == "deadline" else "—"
        if field == "executor":
            return self.catalogue.executor_name(value, language)
        if field == "curator":
            return self.catalogue.curator_name(value, language)
        if field == "danger":
            return self.t(f"catalogue.danger.{value}")
        if field == "deadline":
            return self.term(value)
        named = self.catalogue.asks if field == "ask" else self.catalogue.spheres if field == "sphere" else {}
        return named[value].of(language) if value in named else value

    def term(self, norm: str) -> str:
        """Return a deadline in words, `5wd` as "5 working days"; what is no deadline as it is."""
        return norm_in_words(norm, self.t)


def _history(versions: Sequence[Version], staff: Mapping[int, str]) -> list[Step]:
    steps, before = [], None
    for version in versions:
        differing = changes(before.content, version.content) if before else ()
        who = staff.get(version.user_id or 0, "")
        steps.append(Step(version, _what(version, before), who, differing))
        before = version
    return steps


def _what(version: Version, before: Version | None) -> str:
    if before is None:
        return "shipped" if version.number == 0 else "added"
    if version.is_retired != before.is_retired:
        return "retired" if version.is_retired else "restored"
    return "changed"


def _lines(form: FormData, name: str) -> tuple[str, ...]:
    lines = (" ".join(line.split()) for line in _text(form, name).splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


def _number(form: FormData, name: str) -> int | None:
    given = _text(form, name)
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else None


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return _clean(value).strip() if isinstance(value, str) else ""


def _clean(value: str) -> str:
    """Return a text without what neither YAML nor PostgreSQL takes: control characters and halves of pairs."""
    plain = value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(one for one in plain if one == "\n" or unicodedata.category(one) not in {"Cc", "Cs", "Cn"})


def content_before(versions: Sequence[Version], number: int | None) -> Content:
    """Return what the version said that an editor had opened; the last one's if there is none of this number."""
    return next((one.content for one in versions if one.number == number), versions[-1].content)
