"""The same photo of another citizen is suggested, never joined."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake109.clock import MovedClock
from intake109.dedup import pictures
from intake109.model import Attachment, AttachmentKind, Parent
from intake109.store.database import Database
from intake109.store.tables import AttachmentRow, MentionRow
from tests.desk import Desk

PHOTO = 0x0F1E_2D3C_4B5A_6978
SIGNED = st.integers(-(2**63), 2**63 - 1)


def shows(desk: Desk, text: str, picture: int, *, author: str = "", parent: Parent | None = None) -> MentionRow:
    """Let a citizen send a photo, fetch it, and return the mention."""
    reference = f'{{"file": {len(desk.rows(AttachmentRow))}}}'
    attached = (Attachment(AttachmentKind.PHOTO, reference),)
    desk.waits(text, author=author, attachments=attached, parent=parent)
    row, mention = desk.rows(AttachmentRow)[-1], desk.rows(MentionRow)[-1]
    assert row.id is not None
    assert mention.id is not None
    with desk.database.write() as session:
        pictures.note(session, row.id, mention.id, picture, desk.clock.now())
    return desk.rows(MentionRow)[-1]


@pytest.mark.parametrize(
    ("changed", "is_found"),
    [(0, True), (0b1111111, True), (0x0101_0101_0101_0100, True), (0x0101_0101_0101_0101, False)],
)
def test_a_photo_that_hardly_differs_is_suggested(
    database: Database, clock: MovedClock, changed: int, is_found: bool
) -> None:
    desk = Desk(database, clock)
    shows(desk, "Яма", PHOTO)

    later = shows(desk, "Вот такая дорога", PHOTO ^ changed)

    assert (later.original_id, later.original_why) == ((1, "picture") if is_found else (None, ""))
    assert desk.task(2).follows_id is None


def test_who_stands_under_one_post_shares_its_photo_and_says_nothing_by_it(sqlite: Database, clock: MovedClock) -> None:
    desk = Desk(sqlite, clock)
    post = Parent("post", "Смотрите")
    shows(desk, "Яма", PHOTO, author="asel", parent=post)
    clock.advance(timedelta(hours=1))

    under = shows(desk, "У нас тоже", PHOTO, author="oleg", parent=post)
    elsewhere = shows(desk, "И у нас", PHOTO, author="dana", parent=Parent("other", "Ещё"))

    assert (under.original_id, elsewhere.original_id) == (None, 1)


def test_an_old_photo_is_forgotten(sqlite: Database, clock: MovedClock) -> None:
    desk = Desk(sqlite, clock)
    shows(desk, "Яма", PHOTO)
    clock.advance(pictures.WINDOW + timedelta(seconds=1))

    assert shows(desk, "Вот дорога", PHOTO).original_id is None


@given(SIGNED, st.sets(st.integers(0, 63), max_size=pictures.MOST_DIFFERENT))
def test_hashes_that_differ_little_always_meet(picture: int, bits: set[int]) -> None:
    other = picture
    for bit in bits:
        other ^= -(1 << 63) if bit == 63 else 1 << bit

    assert pictures.distance(picture, other) == len(bits)
    assert set(pictures._neighbours(picture)) & set(pictures._quarters(other))
