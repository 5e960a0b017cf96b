"""The strip over every page: who is alerted of what, and how one ends it for all."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape

import pytest

from intake109.alerts.announcing import announce
from intake109.alerts.raising import INSPECTORS, SUPERVISORS, Kind, raise_alert, user
from intake109.queue import shifts
from intake109.review_ui.live.feed import Feed
from intake109.store import alerts, changes
from intake109.store.tables import AlertRow
from tests.promise import CHATTING
from tests.review_ui.workplace import Screen, Workplace


def news(screen: Screen) -> list[dict[str, object]]:
    """Return what the strip tells the scripts."""
    found = re.search(r'data-news="([^"]*)"', screen.page("/alerts"))
    assert found is not None
    told: list[dict[str, object]] = json.loads(unescape(found[1]))
    return told


def warn(workplace: Workplace, kind: Kind, task_id: int, audience: str) -> None:
    """Alert somebody and let it be announced, as the job does within a second."""
    now = workplace.clock.now()
    with workplace.database.write() as session:
        raise_alert(session, kind, task_id, audience, now)
        (raised,) = [row.id for row in alerts.of_task(session, task_id) if row.kind == kind.value]
        announce(session, raised or 0, CHATTING, now)


def test_danger_is_on_everybodys_screen_until_one_acknowledges(workplace: Workplace) -> None:
    task_id = workplace.waits("Открытый люк у школы")

    before = workplace.anna.page("/alerts")
    answer = workplace.bolat.send(f"/alerts/{task_id}/acknowledge")

    assert "Открытый люк у школы" in before
    assert "is-danger" in before
    assert "data-first" not in answer.text
    assert "data-first" not in workplace.anna.page("/alerts")
    assert workplace.all(AlertRow, lambda row: getattr(row, "ended_why", None)) == ["acknowledged"]


def test_who_acknowledged_and_when_stands_on_the_task(workplace: Workplace) -> None:
    task_id = workplace.waits("Открытый люк у школы")
    workplace.bolat.send(f"/alerts/{task_id}/acknowledge")

    assert "Тревогу принял(а) Supervisor" in unescape(workplace.anna.open(task_id))


@pytest.mark.parametrize(
    ("audience", "for_anna", "for_bolat"),
    [(INSPECTORS, True, False), (SUPERVISORS, False, True), (user(1), True, False)],
)
def test_only_who_is_meant_is_alerted(workplace: Workplace, audience: str, for_anna: bool, for_bolat: bool) -> None:
    warn(workplace, Kind.WAITING, workplace.waits(), audience)

    assert (bool(news(workplace.anna)), bool(news(workplace.bolat))) == (for_anna, for_bolat)


def test_several_alerts_are_one_line_with_danger_first(workplace: Workplace) -> None:
    pit = workplace.waits("Яма")
    warn(workplace, Kind.WAITING, pit, INSPECTORS)
    danger = workplace.waits("Открытый люк")

    page = workplace.anna.page("/alerts")

    assert [(one["task"], one["loud"]) for one in news(workplace.anna)] == [(danger, True), (pit, False)]
    assert f'data-first="{danger}"' in page
    assert "и ещё 1" in page


def test_danger_is_not_hidden_behind_many_older_alerts(workplace: Workplace) -> None:
    for n in range(60):
        warn(workplace, Kind.WAITING, workplace.waits(f"Яма {n}"), INSPECTORS)
    danger = workplace.waits("Открытый люк")

    page = workplace.anna.page("/alerts")

    assert f'data-first="{danger}"' in page
    assert "и ещё 60" in page


def test_one_task_is_one_alert_and_acknowledged_as_one(workplace: Workplace) -> None:
    task_id = workplace.waits("Открытый люк")
    warn(workplace, Kind.WAITING, task_id, INSPECTORS)

    (told,) = news(workplace.anna)
    workplace.anna.send(f"/alerts/{task_id}/acknowledge")

    assert told["loud"]
    assert news(workplace.anna) == []


def test_what_is_repeated_is_heard_again_and_the_first_round_is_not_heard_twice(workplace: Workplace) -> None:
    workplace.waits("Открытый люк")
    keys = []
    for rounds in range(3):
        with workplace.database.write() as session:
            session.get_one(AlertRow, 1).rounds = rounds
        keys.append(news(workplace.anna)[0]["key"])

    assert keys == ["1:1", "1:1", "1:2"]


def test_the_strip_says_who_holds_the_task(workplace: Workplace) -> None:
    task_id = workplace.waits("Яма")
    workplace.anna.send(f"/tasks/{task_id}/claim")
    warn(workplace, Kind.REMINDER, task_id, user(workplace.office.staff["inspector"]))
    warn(workplace, Kind.ESCALATION, task_id, SUPERVISORS)

    assert "у вас" in workplace.anna.page("/alerts")
    assert "Inspector" in workplace.bolat.page("/alerts")


def test_who_takes_danger_silences_it_for_everybody(workplace: Workplace) -> None:
    task_id = workplace.waits("Открытый люк")

    workplace.anna.send(f"/tasks/{task_id}/claim")

    assert news(workplace.anna) == news(workplace.bolat) == []
    assert "data-first" not in workplace.bolat.page("/alerts")


def test_many_that_wait_are_one_line_with_their_number_and_the_longest_wait(workplace: Workplace) -> None:
    oldest = workplace.waits("Яма")
    workplace.clock.advance(timedelta(minutes=11))
    warn(workplace, Kind.WAITING, oldest, INSPECTORS)
    for n in range(13):
        warn(workplace, Kind.WAITING, workplace.waits(f"Яма {n}"), INSPECTORS)

    page = workplace.anna.page("/alerts")

    assert "14 задач ждут, самая старая 11 мин" in unescape(page)
    assert f'data-first="{oldest}"' in page
    assert "и ещё" not in page
    assert [one["key"] for one in news(workplace.anna)] == ["round:1"]


def test_a_number_grows_silently_and_sounds_again_after_the_quiet_time(workplace: Workplace) -> None:
    warn(workplace, Kind.WAITING, workplace.waits("Яма 1"), INSPECTORS)
    warn(workplace, Kind.WAITING, workplace.waits("Яма 2"), INSPECTORS)
    before = [one["key"] for one in news(workplace.anna)]

    workplace.clock.advance(timedelta(minutes=5))
    warn(workplace, Kind.WAITING, workplace.waits("Яма 3"), INSPECTORS)

    assert (before, [one["key"] for one in news(workplace.anna)]) == (["round:1"], ["round:2"])


def test_acknowledging_a_number_covers_what_was_shown_and_not_what_joined_later(workplace: Workplace) -> None:
    for n in range(3):
        warn(workplace, Kind.WAITING, workplace.waits(f"Яма {n}"), INSPECTORS)
    danger = workplace.waits("Открытый люк")
    button = re.search(r"waiting/\d+", workplace.anna.page("/alerts"))
    assert button is None  # danger comes first
    with workplace.database.read() as session:
        shown = [row.id or 0 for row in alerts.live(session, 0, "inspector") if row.kind == "waiting"]
    later = workplace.waits("Яма потом")
    warn(workplace, Kind.WAITING, later, INSPECTORS)

    workplace.anna.send(f"/alerts/waiting/{max(shown)}/acknowledge")

    page = workplace.anna.page("/alerts")
    assert f'data-first="{danger}"' in page
    assert "и ещё 1" in page


def test_danger_nobody_has_decided_is_red_for_the_supervisor(workplace: Workplace) -> None:
    task_id = workplace.waits("Открытый люк")
    workplace.anna.send(f"/alerts/{task_id}/acknowledge")
    warn(workplace, Kind.UNANSWERED, task_id, SUPERVISORS)

    assert [(one["loud"], one["title"]) for one in news(workplace.bolat)] == [(True, "Инцидент без решения")]


def test_nothing_sounds_for_somebody_on_a_break(workplace: Workplace) -> None:
    workplace.waits("Открытый люк")
    with workplace.database.write() as session:
        shifts.switch(session, workplace.office.staff["inspector"], "break", workplace.clock.now())

    assert 'data-quiet="1"' in workplace.anna.page("/alerts")
    assert 'data-quiet=""' in workplace.bolat.page("/alerts")


def test_who_does_not_work_in_the_queue_is_not_alerted(workplace: Workplace) -> None:
    task_id = workplace.waits("Открытый люк")
    quality = workplace.office.desk("quality")

    assert "data-first" not in quality.get("/alerts")
    assert 'id="alerts"' not in quality.get("/appeals")
    assert quality.post(f"/alerts/{task_id}/acknowledge") == 403
    assert workplace.office.desk("executor").status("/alerts") == 403


def test_open_screens_are_told_when_an_alert_begins_and_who_ended_it(workplace: Workplace) -> None:
    feed = Feed(workplace.database, workplace.clock)
    task_id = workplace.waits("Открытый люк")
    with workplace.database.read() as session:
        seen = changes.last_id(session)
    workplace.bolat.send(f"/alerts/{task_id}/acknowledge")

    (begun,) = json.loads(feed.missed(0).data)["alerts"]
    (over,) = json.loads(feed.missed(seen).data)["alerts"]

    assert begun["audience"] == "everybody"
    assert (over["why"], over["name"]) == ("acknowledged", "Supervisor")
