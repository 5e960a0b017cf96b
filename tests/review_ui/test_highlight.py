"""Marks in a text: every character stays, marks stand where the classifier saw them."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from intake109.review_ui.desk.highlight import pieces


def verdict(
    text: str, *, danger: tuple[int, int] | None = None, place: tuple[int, int] | None = None
) -> dict[str, Any]:
    def spans(one: tuple[int, int] | None) -> list[dict[str, Any]]:
        return [{"start": one[0], "end": one[1], "why": "x"}] if one else []

    return {"text": text, "incident": {"reasons": spans(danger)}, "place": {"spans": spans(place)}}


def test_danger_and_place_are_marked_in_own_words() -> None:
    own, parent = pieces("Люк на Абая 10", "", verdict("Люк на Абая 10", danger=(0, 3), place=(7, 14)))

    assert [(one.text, one.mark) for one in own] == [("Люк", "incident"), (" на ", ""), ("Абая 10", "place")]
    assert parent == []


def test_marks_beyond_the_own_words_belong_to_the_parent() -> None:
    own, parent = pieces("смотрите", "Люк открыт", verdict("смотрите\nЛюк открыт", danger=(9, 12)))

    assert [(one.text, one.mark) for one in own] == [("смотрите", "")]
    assert [(one.text, one.mark) for one in parent] == [("Люк", "incident"), (" открыт", "")]


def test_a_parent_alone_is_marked_too() -> None:
    own, parent = pieces("", "Люк открыт", verdict("Люк открыт", danger=(0, 3)))

    assert own == []
    assert [(one.text, one.mark) for one in parent] == [("Люк", "incident"), (" открыт", "")]


def test_a_text_that_changed_since_carries_no_marks() -> None:
    own, _ = pieces("Совсем другое", "", verdict("Люк открыт", danger=(0, 3)))

    assert [(one.text, one.mark) for one in own] == [("Совсем другое", "")]


@given(st.text(max_size=60), st.text(max_size=60), st.integers(-5, 90), st.integers(-5, 90))
def test_no_character_is_lost_or_doubled(own: str, parent: str, start: int, end: int) -> None:
    text = "\n".join(part for part in (own.strip(), parent.strip()) if part)

    found_own, found_parent = pieces(own, parent, verdict(text, danger=(start, end)))

    assert "".join(one.text for one in found_own) == own.strip()
    assert "".join(one.text for one in found_parent) == parent.strip()
