"""Hasty copies are the message with less of it, and the same ones every time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from intake109.classifier.haste import Haste

_LONG = "провод оборвался возле детского сада и лежит поперёк дорожки, рядом гуляют люди с колясками и собаками " * 3


def test_a_hasty_copy_leaves_words_out() -> None:
    copy = Haste().of(_LONG)

    assert 0.6 < len(copy.split()) / len(_LONG.split()) < 0.95


def test_the_same_seed_tells_the_same_copies() -> None:
    assert [Haste(7).of(_LONG) for _ in range(2)] == [Haste(7).of(_LONG)] * 2


@given(st.text(alphabet="абв где ё", max_size=40))
def test_a_copy_never_says_nothing_of_what_was_said(text: str) -> None:
    copy = Haste().of(text)

    assert copy == text or len(copy.split()) > 1
