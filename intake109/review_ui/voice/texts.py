"""The texts on the screen: by subject, one with its wordings side by side, and as a citizen would read it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from intake109.appeals.news import values
from intake109.appeals.terms.deadlines import written
from intake109.catalogue.services import Catalogue
from intake109.outbox import texts, wording
from intake109.outbox.letters import fill
from intake109.outbox.wording import Finding
from intake109.store import appeals, people, text_versions
from intake109.store.tables import AppealRow, TextVersionRow

LANGUAGES = ("kk", "ru", "en")
_SAMPLES: dict[str, tuple[str, str, str]] = {
    "what": ("қай жерде?", "где это?", "where is it?"),
    "where": ("Абай, 1–15", "Абая, 1–15", "Abay, 1–15"),
    "text": ("Бұл жарияланған өшірілім.", "Это объявленное отключение.", "This is an announced interruption."),
    "said": ("Шұңқыр жамалды.", "Яма заделана.", "The pit is filled."),
    "other": ("2026-000123", "2026-000123", "2026-000123"),
    "former": ("2026-000123", "2026-000123", "2026-000123"),
    "centre": ("109", "109", "109"),
    "city": ("Қаратөбе", "Каратобе", "Karatobe"),
    "organisation": ("Жол қызметі", "Дорожная служба", "Road service"),
    "address": ("Абай, 10", "Абая, 10", "Abay, 10"),
}
"""What stands for a value that an appeal does not have, in the order of LANGUAGES."""
_FIRST = ("registration", "voice", "bot", "states", "outages", "executors")
"""The subjects an administrator looks for most, in this order; the others follow."""
_NAME = re.compile(r"\{\s*(\w+)\s*\}")


@dataclass(frozen=True, slots=True)
class Row:
    """One text in a list."""

    name: str
    text: str
    is_edited: bool


@dataclass(frozen=True, slots=True)
class Version:
    """One edit, with who made it."""

    row: TextVersionRow
    who: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One text. `number` is the version looked at; `preview` what a citizen reads of it, by language."""

    name: str
    subject: str
    number: int
    content: dict[str, str]
    shipped: dict[str, str]
    template: str
    template_buttons: str
    sets_of_buttons: tuple[str, ...]
    """What its template may have been approved with."""
    is_edited: bool
    known: tuple[str, ...]
    named: frozenset[str]
    findings: list[Finding]
    preview: dict[str, str]
    appeal: str
    history: list[Version]

    def of(self, language: str) -> list[Finding]:
        """Return what is wrong in one language."""
        return [one for one in self.findings if one.language == language]

    @property
    def is_refused(self) -> bool:
        return any(one.fault.is_refused for one in self.findings)


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form."""

    content: dict[str, str]
    template: str
    appeal: str = ""
    template_buttons: str = ""


def overview(session: Session, language: str) -> dict[str, list[Row]]:
    """Return all texts by subject."""
    edited = text_versions.latest(session)
    return {
        subject: [Row(name, texts.read(session, name, language), _is_edited(edited.get(name))) for name in found]
        for subject, found in sorted(texts.subjects().items(), key=lambda one: _place(one[0]))
    }


def _place(subject: str) -> tuple[int, str]:
    return (_FIRST.index(subject) if subject in _FIRST else len(_FIRST)), subject


def show(
    session: Session, name: str, typed: Typed | None, catalogue: Catalogue, zone: ZoneInfo, now: datetime
) -> Shown:
    """Return one text as it is, or as it has been typed.

    Raises:
        NotFoundError: there is no such text.
    """
    subject, versions = wording.subject_of(name), text_versions.of(session, name)
    latest, staff = (versions[0] if versions else None), people.names(session)
    content = typed.content if typed else {one: texts.read(session, name, one) for one in LANGUAGES}
    appeal = _appeal(session, typed.appeal if typed else "")
    return Shown(
        name=name,
        subject=subject,
        number=latest.number if latest else 0,
        content=content,
        shipped=texts.shipped()[name],
        template=typed.template if typed else (latest.template if latest else ""),
        template_buttons=typed.template_buttons if typed else (latest.template_buttons if latest else ""),
        sets_of_buttons=wording.buttons_of(name),
        is_edited=_is_edited(latest),
        known=tuple(sorted(wording.known(name))),
        named=wording.named(name),
        findings=wording.examine(name, content),
        preview={one: _preview(session, content[one], one, appeal, catalogue, zone, now) for one in LANGUAGES},
        appeal=appeal.number if appeal else "",
        history=[Version(one, staff.get(one.user_id or 0, "")) for one in versions],
    )


def _is_edited(row: TextVersionRow | None) -> bool:
    return row is not None and not row.is_shipped


def _appeal(session: Session, number: str) -> AppealRow | None:
    found = appeals.by_number(session, number.strip()) if number.strip() else None
    return found or appeals.newest(session)


def _preview(
    session: Session,
    text: str,
    language: str,
    appeal: AppealRow | None,
    catalogue: Catalogue,
    zone: ZoneInfo,
    now: datetime,
) -> str:
    """Fill a text as it would be sent; a name it may not have stays, for it is shown as a fault beside it."""
    at = LANGUAGES.index(language)
    known: Mapping[str, str] = {name: sample[at] for name, sample in _SAMPLES.items()} | {"until": written(now, zone)}
    if appeal is not None:
        own = values(session, appeal, language, catalogue, zone)
        known = {**known, **own, "state": texts.shipped()[f"state_{appeal.status}"][language]}
    left = {name: known.get(name, f"{{{name}}}") for name in _NAME.findall(text)}
    return fill(text, left)
