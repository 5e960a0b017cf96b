"""Buttons under our messages: a language, how an appeal stands, to add to it, and whether it is solved."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake109.appeals.news import Setting as NewsSetting
from intake109.dialogue import commands, hearing
from intake109.dialogue.commands import Setting
from intake109.model import Channel, Press
from intake109.outbox.letters import fill
from intake109.outbox.texts import read, spoken
from intake109.store import appeals, mentions, tasks
from intake109.store.tables import ConversationRow


def answer(
    session: Session, channel: Channel, press: Press, setting: Setting, news: NewsSetting, now: datetime
) -> None:
    """Answer a citizen's press; one of a stranger, or of a button that we never put there, is let be."""
    row = mentions.conversation(session, channel, press.author, press.thread)
    if row is None:
        return
    row.last_incoming_at = max(row.last_incoming_at, press.pressed_at)
    if hearing.take_press(session, row, press, news, now):
        return
    said = _answered(session, row, press.data, setting, now)
    if said is not None:
        text, with_languages = said
        key = f"{channel.value}:{press.key}:press"
        commands.owe_reply(session, row, key, text, now, with_languages=with_languages, callback=press.callback)


def _answered(
    session: Session, row: ConversationRow, data: str, setting: Setting, now: datetime
) -> tuple[str, bool] | None:
    chosen = commands.choose_language(session, row, data)
    if chosen is not None:
        return chosen, False
    name, _, argument = data.partition(":")
    if name in ("status", "language"):
        return commands.reply(session, row, name, argument, setting)
    return (_add(session, row, argument, now), False) if name == "add" else None


def _add(session: Session, row: ConversationRow, number: str, now: datetime) -> str:
    """Let what the citizen writes next belong to the mention of this number, as if we had asked for more.

    Where the citizen has written of something else since, that is what the next words go on from.
    """
    language = spoken(row.language)
    latest = mentions.latest_of(session, row.id) if row.id is not None else None
    found = appeals.numbers_of(session, latest[0].id or 0) if latest is not None else set()
    if latest is None or number not in found:
        return read(session, "add_other", language)
    tasks.lock(session, latest[1].id or 0).asked_at = now
    return fill(read(session, "add", language), {"number": number})
