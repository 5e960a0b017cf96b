"""Every text a citizen or an executor reads from us, in three languages. Placeholders are filled when it is sent for.

The texts are in `data/`, one file a subject; a new one is added there, in all three languages, and is found by itself.
What administrators have written over them is in the database (outbox/wording.py).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple
from weakref import WeakKeyDictionary

import yaml
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from intake109.model import Language
from intake109.store import text_versions

LANGUAGES = ("kk", "ru", "en")
_FOLDER = Path(__file__).parent / "data"
_TO_COMPLETE = ("answer", "question", "not_ours")
_SEEN = "texts"
"""Where a session keeps the texts it has read: those of one transaction do not change under it."""


class Approved(NamedTuple):
    """A WhatsApp template that Meta has approved; `buttons` is the set it was approved with, empty for none."""

    name: str = ""
    buttons: str = ""


class _Edition(NamedTuple):
    """All texts as they are up to an edit, and the WhatsApp templates that say the same."""

    mark: int
    texts: dict[str, dict[str, str]]
    templates: dict[str, Approved]


_EDITIONS: WeakKeyDictionary[Engine | Connection, _Edition] = WeakKeyDictionary()
"""The newest edition of each database: the texts are read again only when its mark has grown."""


@cache
def subjects() -> dict[str, dict[str, dict[str, str]]]:
    """Return every text as it comes with the product, by subject, name and language."""
    files = sorted(_FOLDER.glob("*.yaml"))
    return {file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in files}


@cache
def shipped() -> dict[str, dict[str, str]]:
    """Return every text as it comes with the product, by name and language."""
    return {name: text for found in subjects().values() for name, text in found.items()}


def spoken(language: str) -> str:
    """Return the language we answer in: Kazakh to Kazakh and to mixed speech, English to English, else Russian."""
    return {"kk": "kk", "mixed": "kk", Language.KK.value: "kk", "en": "en"}.get(language, "ru")


def template(name: str, language: str) -> str:
    """Return a text with its placeholders as it was shipped; `read` gives it as the city has it.

    Raises:
        KeyError: there is no such text.
    """
    return shipped()[name][spoken(language)]


def read(session: Session, name: str, language: str) -> str:
    """Return a text as the city has it now.

    Raises:
        KeyError: there is no such text.
    """
    return _edition(session).texts[name][spoken(language)]


def whatsapp_template(session: Session, name: str) -> Approved:
    """Return the approved WhatsApp template that says the same as a text; without a name if the city has named none."""
    return _edition(session).templates.get(name, Approved())


def state(session: Session, status: str, language: str) -> str:
    """Return how an appeal of this status stands, in words; an unknown one is at least registered."""
    name = f"state_{status}"
    return read(session, name if name in shipped() else "state_registered", language)


def is_unfinished(session: Session, text: str) -> bool:
    """Say whether a text is one of the beginnings an inspector has to complete, with nothing added to it."""
    found = _edition(session).texts
    beginnings = {one.replace("{what}", "").strip() for name in _TO_COMPLETE for one in found[name].values()}
    return text.strip() in beginnings


def names() -> tuple[str, ...]:
    """Return the names of all texts."""
    return tuple(shipped())


def _edition(session: Session) -> _Edition:
    seen = session.info.get(_SEEN)
    if isinstance(seen, _Edition):
        return seen
    mark, engine = text_versions.mark(session), session.get_bind()
    found = _EDITIONS.get(engine)
    if found is None or found.mark != mark:
        found = _EDITIONS[engine] = _gathered(session, mark)
    session.info[_SEEN] = found
    return found


def _gathered(session: Session, mark: int) -> _Edition:
    edited = text_versions.latest(session) if mark else {}
    texts = shipped() | {
        name: shipped()[name] | row.content for name, row in edited.items() if name in shipped() and not row.is_shipped
    }
    found = {name: Approved(row.template, row.template_buttons) for name, row in edited.items() if row.template}
    return _Edition(mark, texts, found)
