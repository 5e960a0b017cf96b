"""Editing the texts: what a text may name, what is wrong with a new wording, and writing it down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

from sqlalchemy.orm import Session

from intake109.errors import ConflictError, NotFoundError, RefusedError
from intake109.outbox.letters import personal_data
from intake109.outbox.texts import LANGUAGES, Approved, shipped, subjects
from intake109.store import audit, text_versions

_PLACEHOLDER = re.compile(r"\{\s*(\w+)\s*\}")
_APPEAL = frozenset({"number", "deadline", "service", "executor"})
_ALSO: dict[str, frozenset[str]] = {
    "registration": _APPEAL,
    "voice": _APPEAL | {"state"},
}
"""What texts of a subject may name beside what the shipped one names."""
_NOTHING_MORE = frozenset({"answer", "question", "thanks", "not_ours", "solved_call"})
"""Texts of those subjects that are put together before there is an appeal, or stand on a button."""
LONGEST_TEXT = 3000
_LONGEST_BUTTON = 20
"""WhatsApp cuts a longer label off. Source: Meta, "Interactive reply buttons messages"."""
_LONGEST_ABOVE_BUTTONS = 900
_WITH_BUTTONS = frozenset({"acknowledgement", "incident", "attached", "reopened", "solved", "solved_short"})
_TEMPLATE = re.compile(r"[a-z0-9_]{0,512}")
"""Source: Meta, "Message templates": lower case, digits and underscores."""

YES_NO = "yes_no"
"""The set of a template's quick replies by which a citizen says whether it is solved: yes first, then no."""
_ASKING = frozenset({"solved", "solved_short"})


class Fault(StrEnum):
    """What is wrong with a wording. From `MISSING` on it may be kept all the same."""

    EMPTY = "empty"
    UNKNOWN = "unknown"
    BRACES = "braces"
    LONG = "long"
    BUTTON = "button"
    MISSING = "missing"
    ABOVE_BUTTONS = "above_buttons"
    PERSONAL = "personal"

    @property
    def is_refused(self) -> bool:
        return self in _REFUSED


_REFUSED = frozenset({Fault.EMPTY, Fault.UNKNOWN, Fault.BRACES, Fault.LONG, Fault.BUTTON})


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault in the wording of one language; `what` is the placeholder, or how long it is."""

    language: str
    fault: Fault
    what: str = ""


@cache
def subject_of(name: str) -> str:
    """Return the subject of a text.

    Raises:
        NotFoundError: there is no such text.
    """
    for subject, found in subjects().items():
        if name in found:
            return subject
    raise NotFoundError(f"there is no text {name}")


def is_button(name: str) -> bool:
    """Say whether a text stands on a button."""
    return name.startswith("button_") or name in ("solved_yes", "solved_no")


def named(name: str) -> frozenset[str]:
    """Return the placeholders that the shipped text has: what its reader needs to know."""
    return frozenset(found for text in shipped()[name].values() for found in _PLACEHOLDER.findall(text))


def known(name: str) -> frozenset[str]:
    """Return all placeholders that a text may have.

    Raises:
        NotFoundError: there is no such text.
    """
    more = _ALSO.get(subject_of(name), frozenset())
    return named(name) if name in _NOTHING_MORE or is_button(name) else named(name) | more


def buttons_of(name: str) -> tuple[str, ...]:
    """Return the sets of buttons a WhatsApp template for this text may have been approved with."""
    return (YES_NO,) if name in _ASKING else ()


def examine(name: str, content: Mapping[str, str]) -> list[Finding]:
    """Return what is wrong with a wording, by language: first what is refused, then what is only warned of."""
    found = [one for language in LANGUAGES for one in _examine(name, language, content.get(language, "").strip())]
    return sorted(found, key=lambda one: not one.fault.is_refused)


def _examine(name: str, language: str, text: str) -> list[Finding]:
    if not text:
        return [Finding(language, Fault.EMPTY)]
    used = set(_PLACEHOLDER.findall(text))
    found = [Finding(language, Fault.UNKNOWN, one) for one in sorted(used - known(name))]
    if re.search(r"[{}]", _PLACEHOLDER.sub("", text)):
        found.append(Finding(language, Fault.BRACES))
    if len(text) > LONGEST_TEXT:
        found.append(Finding(language, Fault.LONG, str(len(text))))
    if is_button(name) and len(text) > _LONGEST_BUTTON:
        found.append(Finding(language, Fault.BUTTON, str(len(text))))
    if name in _WITH_BUTTONS and len(text) > _LONGEST_ABOVE_BUTTONS:
        found.append(Finding(language, Fault.ABOVE_BUTTONS, str(len(text))))
    if personal_data(text):
        found.append(Finding(language, Fault.PERSONAL))
    return found + [Finding(language, Fault.MISSING, one) for one in sorted(named(name) - used)]


def save(
    session: Session,
    name: str,
    content: Mapping[str, str],
    template: str,
    after: int,
    user_id: int,
    note: str,
    now: datetime,
    *,
    template_buttons: str = "",
) -> int:
    """Write a wording down as the next version and return its number; it holds for everything sent from now on.

    Args:
        template: the approved WhatsApp template that says the same, empty for the configured one.
        after: the version that was looked at.
        template_buttons: the set of quick replies the template was approved with (`buttons_of`), empty for none.

    Raises:
        NotFoundError: there is no such text.
        RefusedError: a citizen would read something broken, or the template's name is none.
        ConflictError: somebody has edited it since.
    """
    refused = [one for one in examine(name, content) if one.fault.is_refused]
    if refused:
        raise RefusedError(f"text_{refused[0].language}", f"{refused[0].fault}: {refused[0].what}".rstrip(": "))
    if not _TEMPLATE.fullmatch(template):
        raise RefusedError("template", "a template's name has small Latin letters, digits and underscores")
    if template_buttons and (not template or template_buttons not in buttons_of(name)):
        raise RefusedError("template", "only a template of its own for the question can bear these buttons")
    kept = {language: _PLACEHOLDER.sub(r"{\1}", content[language].strip()) for language in LANGUAGES}
    return _write(session, name, kept, Approved(template, template_buttons), after, user_id, note, now)


def restore(session: Session, name: str, after: int, user_id: int, now: datetime) -> int:
    """Let the shipped text hold again; what was written over it stays in the history. Return the version's number.

    Raises:
        NotFoundError: there is no such text.
        ConflictError: somebody has edited it since.
    """
    subject_of(name)
    return _write(session, name, {}, Approved(), after, user_id, "", now)


def _write(
    session: Session,
    name: str,
    content: dict[str, str],
    template: Approved,
    after: int,
    user_id: int,
    note: str,
    now: datetime,
) -> int:
    versions = text_versions.of(session, name)
    newest = versions[0].number if versions else 0
    if newest != after:
        raise ConflictError("this text was edited a moment ago by somebody else; look again")
    why, buttons = note.strip()[:500], template.buttons
    text_versions.add(session, name, newest + 1, content, template.name, user_id, why, now, template_buttons=buttons)
    audit.note(session, now, user_id, "edited" if content else "restored", "text", newest + 1, name=name)
    return newest + 1
