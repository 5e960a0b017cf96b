"""What an executor writes back to a letter of ours becomes its answer, or waits for a person. The caller's transaction.

By mail and in Telegram alike: a reply is an answer, nothing else is guessed from its words; how to give back stands in
the letter. A token proves what it answers (outbox/links.py), and whoever is not the organisation's own address or chat
is shown to a person first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from intake109.appeals.news import Setting
from intake109.appeals.work import answers
from intake109.appeals.work.answers import Enclosed, Said, Via
from intake109.errors import ConflictError, NotFoundError, RefusedError
from intake109.model import Channel, DeliveryState, DeliveryStatus
from intake109.outbox import links, statuses
from intake109.store import appeals, audit, changes, outbox, replies
from intake109.store.tables import AppealRow, OrganisationRow, ReplyRow

_LONGEST_ANSWER = 4000


class Why(StrEnum):
    """What keeps something that came back from being an answer by itself."""

    NO_TOKEN = "no_token"  # noqa: S105 (the name of a reason)
    """Nothing in it tells which letter it answers, or that letter is too old."""
    STRANGER = "stranger"
    """It answers a letter of ours, and not from the address the letter went to."""
    MOVED = "moved"
    """The appeal is with somebody else by now."""
    EMPTY = "empty"
    """It holds neither words nor a file that is kept."""
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    """A mail server says that a letter has not arrived; which one is not known, or it will try on."""
    BROKEN = "broken"
    CHARSET = "charset"
    TOO_BIG = "too_big"
    """Only its beginning was read; the whole lies in the mailbox."""
    FILES = "files"
    """It is an answer; a file of it was not kept."""
    NOT_A_REPLY = "not_a_reply"
    """Written to our bot in an executor's chat, not as a reply to a letter."""
    EDITED = "edited"
    """What was answered before has been worded anew."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter that came, as it concerns us.

    Attributes:
        refers: Message-IDs it replies to or tells of.
        quoted: all its words, where a token may stand.
        trouble: what reading it met with; empty: nothing.
        is_final: it is a bounce, and the letter will never arrive.
    """

    key: str
    sender: str
    subject: str
    text: str
    refers: Sequence[str] = ()
    quoted: str = ""
    files: tuple[Enclosed, ...] = ()
    left_out: tuple[str, ...] = ()
    trouble: Why | None = None
    is_final: bool = False


def take_mail(session: Session, mail: Mail, setting: Setting, now: datetime) -> ReplyRow:
    """Keep a letter and make it the answer it is, or leave it to a person; one known already is returned as it is."""
    key = f"email:{mail.key}"
    known = replies.by_key(session, key)
    if known is not None:
        return known
    appeal, organisation = _answered(session, (*mail.refers, mail.quoted), now)
    row = ReplyRow(
        key=key,
        via=Via.EMAIL.value,
        at=now,
        sender=mail.sender,
        subject=mail.subject,
        text=mail.text,
        organisation=organisation.code if organisation else "",
        appeal_id=appeal.id if appeal else None,
        files=[asdict(one) for one in mail.files],
        left_out=list(mail.left_out),
        next_attempt_at=now,
    )
    replies.add(session, row)
    if mail.trouble is Why.BOUNCE and mail.is_final and _came_back(session, mail, now):
        _settle(row, now)  # the letter itself is shown, with what the server says
        return row
    why = mail.trouble or _doubt_of(mail, appeal, organisation)
    if why is not None:
        _leave(session, row, why, now)
    else:
        settle(session, row, mail.files, mail.left_out, setting, now)
    return row


def settle(
    session: Session,
    row: ReplyRow,
    files: tuple[Enclosed, ...],
    left_out: Sequence[str],
    setting: Setting,
    now: datetime,
) -> None:
    """Make an answer of what came with its files, or leave it to a person."""
    row.files, row.left_out = [asdict(one) for one in files], list(left_out)
    if row.why:  # known to be no answer when it came
        _leave(session, row, Why(row.why), now)
        return
    try:
        assert row.appeal_id is not None
        appeal = appeals.lock(session, row.appeal_id)
        if appeal.merged_into is not None or not row.organisation or appeal.organisation != row.organisation:
            raise ConflictError(f"the appeal {appeal.number} is with somebody else")
        _answer(session, row, appeal, None, setting, now)
    except RefusedError:
        _leave(session, row, Why.EMPTY, now)
    except ConflictError:
        _leave(session, row, Why.MOVED, now)
    else:
        if row.left_out:
            _leave(session, row, Why.FILES, now)


def take_as_answer(
    session: Session, row_id: int, number: str, user_id: int, setting: Setting, now: datetime
) -> ReplyRow:
    """Let a person say which appeal it answers.

    Raises:
        NotFoundError: there is no such reply, or no appeal of this number.
        ConflictError: somebody was first, or the case was merged this very moment.
        RefusedError: there is nothing in it.
    """
    row = _open(session, row_id)
    appeal = appeals.by_number(session, number.strip())
    if appeal is None:
        raise NotFoundError(f"there is no appeal {number}")
    if row.answer_id is None:
        _answer(session, row, appeals.lock_live(session, appeal.id or 0), user_id, setting, now)
    row.settled_by = user_id
    audit.note(session, now, user_id, "reply taken as an answer", "appeal", row.appeal_id or 0, reply=row_id)
    return row


def put_away(session: Session, row_id: int, user_id: int, now: datetime) -> ReplyRow:
    """Note that a person has looked at it and nothing more is to be done.

    Raises:
        NotFoundError: there is no such reply.
        ConflictError: somebody was first.
    """
    row = _open(session, row_id)
    _settle(row, now)
    row.settled_by = user_id
    audit.note(session, now, user_id, "reply put away", "executor_reply", row_id)
    changes.tell(session, changes.Topic.OUTBOX, row_id, now)
    return row


def _open(session: Session, row_id: int) -> ReplyRow:
    row = replies.lock(session, row_id)
    if row is None:
        raise NotFoundError(f"there is no reply {row_id}")
    if row.state not in replies.OPEN:
        raise ConflictError(f"the reply {row_id} waits for nobody any more")
    return row


def _answered(session: Session, told: Iterable[str], now: datetime) -> tuple[AppealRow | None, OrganisationRow | None]:
    """Return what the first good token stands for, and who was written to; None where there is none."""
    for text in told:
        for found in links.TOKEN.finditer(text):
            ticket = links.read(session, found[0], now)
            appeal = session.get(AppealRow, ticket.appeal_id) if ticket else None
            organisation = session.get(OrganisationRow, ticket.organisation_id) if ticket else None
            if appeal is not None and organisation is not None:
                return appeal, organisation
    return None, None


def _doubt_of(mail: Mail, appeal: AppealRow | None, organisation: OrganisationRow | None) -> Why | None:
    if appeal is None or organisation is None:
        return Why.NO_TOKEN
    if appeal.organisation != organisation.code:
        return Why.MOVED
    is_own = organisation.way == "email" and mail.sender == organisation.address.strip().lower()
    return None if is_own else Why.STRANGER


def _answer(
    session: Session, row: ReplyRow, appeal: AppealRow, user_id: int | None, setting: Setting, now: datetime
) -> None:
    files = tuple(
        Enclosed(str(one["sha256"]), str(one["mime"]), str(one["file_name"])) for one in row.files if one.get("sha256")
    )
    said = Said(row.text[:_LONGEST_ANSWER], files=files, via=row.via, by_user=user_id, external_key=row.key)
    found = answers.receive(session, appeal.id or 0, said, setting, now)
    row.answer_id, row.appeal_id = found.id, found.appeal_id
    _settle(row, now)
    changes.tell(session, changes.Topic.OUTBOX, row.id or 0, now)


def _came_back(session: Session, mail: Mail, now: datetime) -> bool:
    """Show the letter that did not arrive where undelivered ones are; False if it is none of ours."""
    for one in mail.refers:
        if outbox.by_external_id(session, Channel.EMAIL.value, one) is None:
            continue
        reason = " ".join((mail.text or mail.subject).split())[:200]
        status = DeliveryStatus(one, DeliveryState.FAILED, now, code="bounce", reason=reason)
        statuses.note(session, Channel.EMAIL, status, now)
        return True
    return False


def _leave(session: Session, row: ReplyRow, why: Why, now: datetime) -> None:
    row.state, row.why, row.settled_at = "open", why.value, None
    changes.tell(session, changes.Topic.OUTBOX, row.id or 0, now)


def _settle(row: ReplyRow, now: datetime) -> None:
    row.state, row.why, row.settled_at = "settled", "", now
