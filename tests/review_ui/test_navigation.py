"""The bar: everybody finds every page that is theirs, and a long bar folds."""

from __future__ import annotations

import pytest

from intake109.review_ui.navigation import PAGES, open_to, tabs
from intake109.store.people import ROLES


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_in_the_bar_of_its_own_group(role: str) -> None:
    for page in open_to(role):
        shown = {tab.text for tab in tabs(role, page.name, {}) if not tab.is_group}

        assert f"office.link.{page.name}" in shown


def test_a_long_bar_folds_what_is_elsewhere_and_sums_what_calls_there() -> None:
    found = tabs("administrator", "queue", {"outbox": 2, "quarantine": 1})

    folded = {tab.text: tab for tab in found if tab.is_group}
    assert len(found) <= 10
    assert folded["office.group.system"].calls == 3
    assert folded["office.group.system"].address == "/outbox"


def test_a_short_bar_stays_flat() -> None:
    assert not any(tab.is_group for tab in tabs("inspector", "queue", {}))
    assert [tab.is_here for tab in tabs("inspector", "health", {})].count(True) == 1


def test_every_page_belongs_to_roles_that_exist() -> None:
    assert set().union(*(page.roles for page in PAGES)) <= set(ROLES)
