"""When nothing of a channel reaches us: the rule, and the ledger that is kept by it.

What citizens write meanwhile is found only afterwards. It is marked, and nobody at the desk is charged with it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intake109.errors import Backoff, RefusedError
from intake109.store import audit, changes, health, pauses, spells
from intake109.store.tables import HealthRow

ERRORS, SILENCE, EXPIRED, UNSUBSCRIBED, PAUSED = "errors", "silence", "expired", "unsubscribed", "paused"
_ERRORS_IN_ROW = 3
_NEEDS_PERSON = frozenset({Backoff.AUTH_LOST.value, Backoff.BLOCKED.value, Backoff.CONFLICT.value})
_OURSELVES = "system"
"""The channel of lines that tell of our own jobs; no citizen speaks there."""
_LONGEST_NOTE = 200
_SLACK = timedelta(minutes=2)


def rhythm(pause: timedelta) -> timedelta:
    """Return how long a poller with this pause may be silent at most while all is well: one poll may be missed."""
    return 2 * pause + _SLACK


def pause_name(channel: str) -> str:
    """Return the name under which the ledger keeps the pauses of a channel."""
    return f"pause.{channel}"


def why(row: HealthRow, now: datetime) -> str:
    """Say why a way in cannot be read now, empty if it can.

    One failed poll is no alarm: it would cry wolf with every hiccup of a network. Exactly as long as the rhythm
    allows is not blind yet; exactly at its end a token is.
    """
    if row.channel == _OURSELVES:
        return ""
    if row.credentials_expire_at is not None and row.credentials_expire_at <= now:
        return EXPIRED
    if row.errors_in_row >= _ERRORS_IN_ROW or (row.errors_in_row > 0 and row.backoff in _NEEDS_PERSON):
        return ERRORS
    if row.rhythm_s > 0 and row.last_good_at is not None and (now - row.last_good_at).total_seconds() > row.rhythm_s:
        return SILENCE
    return ""


def good_view(session: Session, row: HealthRow, now: datetime) -> None:
    """End the blindness of a way in, for it has just been read; call it before `last_good_at` is moved.

    A silence that nobody noticed while it lasted (no worker was running) is written down now. A pause ends here too,
    not when it is lifted: until then nothing was seen.
    """
    names = (row.name, pause_name(row.channel))
    was_open = spells.end(session, row.name, now)
    if not pauses.is_on(session, row.channel):
        was_open = spells.end(session, names[1], now) or was_open
    if was_open:
        changes.tell(session, changes.Topic.HEALTH, 0, now)
        return
    if row.last_good_at is None or row.rhythm_s <= 0 or why(row, now) != SILENCE:
        return
    began_at = max(row.last_good_at, spells.last_end(session, names) or row.last_good_at)
    if (now - began_at).total_seconds() > row.rhythm_s:
        spells.note(session, row.name, row.channel, began_at, now, SILENCE)


def heard(session: Session, name: str, channel: str, now: datetime) -> None:
    """Note that a platform called us: that is a good view, and the end of an unusual quiet."""
    row = health.of(session, name, channel)
    good_view(session, row, now)
    if row.quiet_since is not None:
        row.quiet_since = None
        changes.tell(session, changes.Topic.HEALTH, 0, now)
    health.heard(session, name, channel, now)


def resubscribed(session: Session, name: str, channel: str, now: datetime) -> None:
    """Write down the time in which a platform did not call us; it ended now, when we subscribed again."""
    row = health.of(session, name, channel)
    if not spells.end(session, name, now) and row.last_good_at is not None:
        spells.note(session, name, channel, row.last_good_at, now, UNSUBSCRIBED)
    changes.tell(session, changes.Topic.HEALTH, 0, now)


def is_due(session: Session, now: datetime) -> bool:
    """Say whether the ledger differs from what is; to be asked often, it only reads."""
    return any(True for _ in _differing(session, now))


def keep(session: Session, now: datetime) -> None:
    """Open a spell for every way in that has become blind, from its last good view on; end those that are over."""
    for row, reason in _differing(session, now):
        if reason:
            spells.begin(session, row.name, row.channel, row.last_good_at or row.last_error_at or now, reason)
        else:
            spells.end(session, row.name, row.last_good_at or now)
        changes.tell(session, changes.Topic.HEALTH, 0, now)


def _differing(session: Session, now: datetime) -> list[tuple[HealthRow, str]]:
    going_on = {one.name for one in spells.going_on(session)}
    paused = {one.channel for one in pauses.all_of(session)}
    found = []
    for row in health.all_of(session):
        reason = why(row, now)
        if reason == SILENCE and (row.channel in paused or pause_name(row.channel) in going_on):
            continue  # asked not to look, it is silent: the pause stands in the ledger for it
        if bool(reason) != (row.name in going_on):
            found.append((row, reason))
    return found


def pause(session: Session, channel: str, reason: str, user_id: int, now: datetime) -> None:
    """Neither ask nor write to a channel until `resume`. What the platform sends by itself is still taken in.

    Only a channel that is asked becomes blind by it.

    Raises:
        RefusedError: there is no reason given.
    """
    if not reason.strip():
        raise RefusedError("pause", "say why, everybody reads it")
    if not pauses.put(session, channel, reason.strip()[:_LONGEST_NOTE], user_id, now):
        return
    if any(row.channel == channel and row.rhythm_s > 0 for row in health.all_of(session)):
        spells.begin(session, pause_name(channel), channel, now, PAUSED)
    audit.note(session, now, user_id, "paused", "channel", 0, channel=channel)
    changes.tell(session, changes.Topic.HEALTH, 0, now)


def resume(session: Session, channel: str, user_id: int, now: datetime) -> None:
    """Ask and write to a channel again; its blindness ends with the first good view, not before."""
    if not pauses.lift(session, channel):
        return
    audit.note(session, now, user_id, "resumed", "channel", 0, channel=channel)
    changes.tell(session, changes.Topic.HEALTH, 0, now)
