"""Telling the citizens of an appeal what changed for them: it is in work, with another executor, put off, back again.

Read from the steps of appeals, in the order they were made and each once, so that whoever moves an appeal need not
think of it. What an appeal has meanwhile moved on from is not told any more; inner steps never are.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import takewhile

from sqlalchemy.orm import Session

from intake109.appeals.course import CORRECTED, Status
from intake109.appeals.news import Setting
from intake109.appeals.terms.deadlines import written
from intake109.appeals.voice import writing
from intake109.outbox import texts
from intake109.outbox.letters import Letter, Purpose, fill
from intake109.store import appeals, events, steps
from intake109.store.tables import AppealRow, ReporterRow, StepRow

CURSOR = "citizens_news"
REROUTED = "rerouted"
"""Why a step was made by which an appeal has another executor."""
_UNSEEN = timedelta(seconds=5)
"""So long a step may be written and not yet to be seen, while others with later ids are."""
_BEGUN, _PROMISED, _SHELVED = "news_begun", "news_promised", "news_shelved"
_REROUTED, _RESUMED = "news_rerouted", "news_resumed"


def behind(session: Session) -> bool:
    """Whether there are steps that nobody has been told of, or nobody has ever looked."""
    return events.cursor(session, CURSOR) is None or steps.last_id(session) > _reached(session)


def catch_up(session: Session, setting: Setting, now: datetime, limit: int) -> int:
    """Owe the news of the next steps; return how many were looked at. The first time only what comes next is told.

    What may still be taken back is not told yet. The place reached is kept with the letters: nobody hears of a step
    twice, whoever is killed when.
    """
    reached = _reached(session)
    if not reached and events.cursor(session, CURSOR) is None:
        events.save_cursor(session, CURSOR, str(steps.last_id(session)), now)
        return 0
    settled = takewhile(lambda one: one.at <= now - max(setting.undo, _UNSEEN), steps.after(session, reached, limit))
    found = list(settled)
    for step in found:
        _tell(session, step, setting, now)
    if found:
        events.save_cursor(session, CURSOR, str(found[-1].id), now)
    return len(found)


def _reached(session: Session) -> int:
    return int(events.cursor(session, CURSOR) or 0)


def _tell(session: Session, step: StepRow, setting: Setting, now: datetime) -> None:
    appeal = session.get_one(AppealRow, step.appeal_id)
    name = _text(step, appeal)
    if not name:
        return
    told: set[int] = set()
    for reporter in appeals.reporters(session, step.appeal_id):
        if reporter.conversation_id not in told:
            told.add(reporter.conversation_id)
            _owe(session, step, reporter, appeal, name, setting, now)


def _text(step: StepRow, appeal: AppealRow) -> str:
    """Return what a step means for the citizens, empty for nothing or for what it is no longer."""
    if appeal.status != step.after or appeal.round != step.round or step.why in ("undone", CORRECTED):
        return ""
    if step.after == Status.IN_WORK:
        if step.before == Status.LONG_TERM:
            return _RESUMED
        return {Status.FORWARDED.value: _PROMISED if appeal.promised_at else _BEGUN}.get(step.before, "")
    if step.after == Status.LONG_TERM:
        return _SHELVED
    if step.after == Status.FORWARDED:
        return (
            _REROUTED
            if step.why == REROUTED
            else {Status.RETURNED.value: _REROUTED, Status.LONG_TERM.value: _RESUMED}.get(step.before, "")
        )
    return ""


def _owe(
    session: Session,
    step: StepRow,
    reporter: ReporterRow,
    appeal: AppealRow,
    name: str,
    setting: Setting,
    now: datetime,
) -> None:
    found = writing.told(session, reporter, appeal, setting)
    found["until"] = written(appeal.shelved_until or appeal.promised_at or appeal.deadline_at, setting.zone)
    letter = Letter(
        Purpose.NEWS,
        f"step:{step.id}:{reporter.id}",
        fill(texts.read(session, name, reporter.language), found),
        texts.spoken(reporter.language),
        appeal_id=reporter.appeal_id,
        details={"text": name},
    )
    writing.put_off(session, reporter, appeal, letter, setting, now)
