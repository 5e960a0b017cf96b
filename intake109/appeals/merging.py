"""Several numbers, one case: an appeal is merged into another one and split off again, at any time, in any order.

A merge moves nobody. The appeal points to the case that counts (`merged_into`, always the last one: no chains), its
citizens stay with the number they quote, and all that is asked of the case finds them (store/appeals.py). So a split
has nothing to put back but the pointer. Who was merged into whom is kept in `merges`: what an appeal brought with it
goes with it again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake109.appeals import course, registration
from intake109.appeals.course import Status
from intake109.appeals.news import News, Setting
from intake109.appeals.registration import Case
from intake109.appeals.terms.deadlines import written
from intake109.appeals.voice import satisfaction
from intake109.errors import ConflictError, NotFoundError, RefusedError
from intake109.outbox import executors
from intake109.store import appeals, asked, audit, merges, outbox
from intake109.store.tables import AppealRow, MentionRow, MergeRow, ReporterRow, TaskRow


@dataclass(frozen=True, slots=True)
class Plan:
    """What a merge will mean: the case that counts, and its term and danger then."""

    appeal: AppealRow
    into: AppealRow
    deadline_at: datetime
    is_incident: bool
    reporters: int
    """Citizens of the appeal, who are told."""

    @property
    def has_executor(self) -> bool:
        """Whether somebody outside works at it and is told to stop."""
        return self.appeal.status in course.WITH_EXECUTOR


def plan(session: Session, number: str, into: str) -> Plan:
    """Return what merging would mean, changing nothing.

    Raises:
        NotFoundError: one of the numbers is nobody's.
        ConflictError: the appeal lies in another one already.
        RefusedError: the two cannot be one case.
    """
    appeal, root = _found(session, number), appeals.live(session, _found(session, into))
    _require_mergeable(session, appeal, root)
    assert appeal.id is not None
    deadline_at, is_incident = _terms(root, [*_running([appeal])])
    return Plan(appeal, root, deadline_at, is_incident, len(appeals.reporters(session, appeal.id)))


def merge(session: Session, number: str, into: str, user_id: int, setting: Setting, now: datetime) -> AppealRow:
    """Merge an appeal into another one, or into the case that one lies in, and return the case that counts.

    It keeps its service and executor, comes due with the earliest of all, and is an incident if one of them is. The
    citizens of the merged one are told; those of the other only if their date changes; so is the executor who had it.

    Raises:
        NotFoundError: one of the numbers is nobody's.
        ConflictError: the appeal lies in another one already, or somebody merged one of them this very moment.
        RefusedError: the two cannot be one case.
    """
    appeal, root = _found(session, number), appeals.live(session, _found(session, into))
    appeal, root = _lock(session, appeal, root)
    _require_mergeable(session, appeal, root)
    assert appeal.id is not None
    assert root.id is not None
    moved = [appeal.id, *(one.id for one in merges.members(session, appeal.id) if one.id is not None)]
    row = MergeRow(appeal_id=appeal.id, into_id=root.id, merged_at=now, merged_by=user_id, status=appeal.status)
    session.add(row)
    staying, due = appeals.reporters(session, root.id), root.deadline_at
    asked.take_back(session, appeals.reporters(session, appeal.id), appeal, now)  # the case's work counts from now on
    merges.point(session, moved, root.id)
    course.move(session, appeal, Status.MERGED, user_id, now, root.number)
    recount(session, root)
    session.flush()
    news = News(f"merge:{row.id}", setting, now)
    _tell_of_merge(session, news, appeal, root, merges.of_appeals(session, moved), row.status)
    _tell_of_date(session, news, staying, root, due, setting)
    row.letters = asdict(news.sent)
    audit.note(session, now, user_id, "merged", "appeal", appeal.id, number=root.number)
    audit.note(session, now, user_id, "took over", "appeal", root.id, number=appeal.number)
    return root


def split(
    session: Session, number: str, user_id: int, setting: Setting, now: datetime, taking: Sequence[int] = ()
) -> AppealRow:
    """Take an appeal off the case it lies in: its service, term and status are those it had, and its citizens its own.

    What was merged into it goes with it. Who joined the case since stays there.

    Args:
        taking: ids of reporters who joined the case since the merge and belong to this appeal; they get its number.

    Raises:
        NotFoundError: the number is nobody's.
        ConflictError: it lies in no other, somebody changed that this very moment, or somebody to be taken has left.
    """
    appeal = _found(session, number)
    if appeal.merged_into is None or appeal.id is None:
        raise ConflictError(f"the appeal {number} stands by itself")
    opened = merges.lock_tasks(session, taking)
    appeal, root = _lock(session, appeal, session.get_one(AppealRow, appeal.merged_into))
    row = merges.standing(session, appeal.id or 0)
    if row is None or appeal.merged_into != root.id or appeal.id is None or root.id is None:
        raise ConflictError(f"somebody changed the appeal {number} a moment ago; look again")
    following, due = merges.brought(session, appeal.id, root.id), root.deadline_at
    joined = _joined(session, root.id, row, taking)
    appeal.merged_into, row.split_at, row.split_by = None, now, user_id
    course.move(session, appeal, Status(row.status), user_id, now, root.number)
    session.flush()
    merges.point(session, following, appeal.id)
    for one in (appeal, root):
        recount(session, one)
    own = merges.of_appeals(session, [appeal.id, *following])
    asked.leave(session, own, joined, root, now)
    _move(session, appeal.id, joined, opened)
    staying = appeals.reporters(session, root.id)
    _tell_of_split(session, News(f"split:{row.id}", setting, now), row, appeal, root, own, joined, staying, due)
    audit.note(session, now, user_id, "split off", "appeal", appeal.id, number=root.number)
    audit.note(session, now, user_id, "gave back", "appeal", root.id, number=appeal.number)
    satisfaction.resume(session, own, appeal, setting, now)
    satisfaction.settle(session, root, now)  # who had not said yes may have been the other's
    return appeal


def part(
    session: Session, number: str, reporter_id: int, case: Case, user_id: int, setting: Setting, now: datetime
) -> AppealRow:
    """Give one citizen of a case an appeal of its own, with a new number, and tell the citizen; return it.

    Its term counts from now, for its executor hears of it now.

    Raises:
        NotFoundError: the number is nobody's.
        ConflictError: the citizen is no reporter of it any more.
        RefusedError: it is the only one: there is nothing to part from.
    """
    root = appeals.live(session, _found(session, number))
    opened = merges.lock_tasks(session, [reporter_id])
    root = appeals.lock_live(session, root.id or 0)
    everybody = appeals.reporters(session, root.id or 0)
    reporter = next((one for one in everybody if one.id == reporter_id), None)
    if reporter is None:
        raise ConflictError("this citizen has left the appeal a moment ago; look again")
    if len(everybody) == 1:
        raise RefusedError("reporter", "this is the only citizen of the appeal")
    former = session.get_one(AppealRow, reporter.appeal_id)
    reporter.removed_at = now
    session.flush()
    mention = session.get_one(MentionRow, reporter.mention_id)
    appeal = registration.register(session, mention, case, reporter.language, user_id, setting.terms, now)
    assert appeal.id is not None
    for task in opened.values():
        task.appeal_id = appeal.id
    executors.forward(session, appeal, setting, now)
    news = News(f"part:{appeal.id}", setting, now)
    outbox.cancel_unsent(session, reporter.mention_id, reporter.appeal_id, "acknowledgement", now)
    news.tell(session, merges.of_appeals(session, [appeal.id]), appeal, "renumbered", former={appeal.id: former.number})
    audit.note(session, now, user_id, "parted", "appeal", root.id or 0, number=appeal.number)
    satisfaction.settle(session, root, now)
    return appeal


def _found(session: Session, number: str) -> AppealRow:
    row = appeals.by_number(session, number.strip())
    if row is None:
        raise NotFoundError(f"no appeal has the number {number.strip()}")
    return row


def _lock(session: Session, appeal: AppealRow, root: AppealRow) -> tuple[AppealRow, AppealRow]:
    """Lock two appeals, the older one first, so that two who merge crosswise never wait in a ring."""
    ids = (appeal.id or 0, root.id or 0)
    locked = {one: appeals.lock(session, one) for one in sorted(set(ids))}
    if locked[ids[1]].merged_into is not None:
        raise ConflictError(f"somebody merged the appeal {root.number} a moment ago; look again")
    return locked[ids[0]], locked[ids[1]]


def _require_mergeable(session: Session, appeal: AppealRow, root: AppealRow) -> None:
    if appeal.merged_into is not None:
        raise ConflictError(f"the appeal {appeal.number} lies in another one already; split it off first")
    if appeal.id == root.id:
        raise RefusedError("number", "the two are one case already")
    if appeal.annulled_at is not None or root.annulled_at is not None:
        raise RefusedError("number", "the number was annulled")
    if appeal.closed_at is None and root.closed_at is not None:
        raise RefusedError("merge_closed", "the other one is closed: merge it into this one, or open it again")
    if merges.has_unchecked(session, [appeal.id or 0, root.id or 0]):
        raise RefusedError("merge_unchecked", "the machine registered one of them: check that first")


def _running(found: Iterable[AppealRow]) -> list[AppealRow]:
    return [one for one in found if one.closed_at is None and one.annulled_at is None]


def _terms(root: AppealRow, members: Collection[AppealRow]) -> tuple[datetime, bool]:
    """Return when a case with these members comes due, and whether it is an incident."""
    case = [root, *members]
    deadline_at = min(one.own_deadline_at or one.deadline_at for one in case)
    is_incident = any(one.is_incident if one.own_is_incident is None else one.own_is_incident for one in case)
    return deadline_at, is_incident


def recount(session: Session, root: AppealRow) -> None:
    """Bring an appeal's term and danger to what its members make of them; by itself again it has its own.

    Terms of what was merged into it before it was taken up again belong to the round that is over.
    """
    members = merges.members(session, root.id or 0)
    last = merges.last_round(session, root.id or 0)
    old = merges.standing_before(session, root.id or 0, last.opened_at) if last is not None else set()
    deadline_at, is_incident = _terms(root, [one for one in _running(members) if one.id not in old])
    if members:
        root.own_deadline_at = root.own_deadline_at or root.deadline_at
        root.own_is_incident = root.is_incident if root.own_is_incident is None else root.own_is_incident
    else:
        root.own_deadline_at = root.own_is_incident = None
    if root.warn_at is not None:  # it is near as long before the earlier date as it was before its own
        root.warn_at += deadline_at - root.deadline_at
    root.deadline_at, root.is_incident = deadline_at, is_incident
    session.flush()


def _joined(session: Session, root_id: int, row: MergeRow, taking: Sequence[int]) -> list[ReporterRow]:
    """Return the reporters to be taken along who joined the case itself since the merge."""
    found = {one.id: one for one in merges.of_appeals(session, [root_id]) if one.added_at > row.merged_at}
    if not set(taking) <= found.keys():
        raise ConflictError("one of these citizens has left the case a moment ago; look again")
    return [found[one] for one in sorted(taking)]


def _move(session: Session, appeal_id: int, joined: Sequence[ReporterRow], opened: dict[int, TaskRow]) -> None:
    merges.forget(session, appeal_id, joined)
    for one in joined:
        one.appeal_id = appeal_id
        if one.mention_id in opened:
            opened[one.mention_id].appeal_id = appeal_id
    session.flush()


def _tell_of_merge(
    session: Session, news: News, appeal: AppealRow, root: AppealRow, moved: Sequence[ReporterRow], status: str
) -> None:
    if root.closed_at is None:
        numbers = {row.id: row.number for row in appeals.by_ids(session, {one.appeal_id for one in moved}).values()}
        former = {appeal_id: number for appeal_id, number in numbers.items() if appeal_id is not None}
        news.tell(session, moved, root, "merged", "incident" if root.is_incident else "attached", former)
    if status in course.WITH_EXECUTOR:
        news.withdraw(session, appeal, root)


def _tell_of_date(
    session: Session, news: News, staying: Sequence[ReporterRow], root: AppealRow, due: datetime, setting: Setting
) -> None:
    if root.closed_at is None and written(due, setting.zone) != written(root.deadline_at, setting.zone):
        news.tell(session, staying, root, "corrected")


def _tell_of_split(
    session: Session,
    news: News,
    row: MergeRow,
    appeal: AppealRow,
    root: AppealRow,
    own: Sequence[ReporterRow],
    joined: Sequence[ReporterRow],
    staying: Sequence[ReporterRow],
    due: datetime,
) -> None:
    """Tell those for whom something changes; nobody of those who had not heard of the merge yet."""
    assert appeal.id is not None
    is_unheard = outbox.take_back(session, row.letters.get("owed", []), news.now)
    if is_unheard:
        outbox.owe_again(session, row.letters.get("cancelled", []))
    elif appeal.closed_at is None:
        news.tell(session, own, appeal, "split")
        _tell_of_date(session, news, staying, root, due, news.setting)
        if appeal.status in course.WITH_EXECUTOR:
            news.renew(session, appeal, "renewed_split")
    news.tell(session, joined, appeal, "renumbered", former={appeal.id: root.number})
