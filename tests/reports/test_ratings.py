"""Who is rated by what the citizens of a case say."""

from __future__ import annotations

from intake109.clock import city_day
from intake109.reports.period import Period
from intake109.reports.ratings import ratings
from intake109.store.tables import AppealRow
from tests.appeals.cases import DARK, appeal, merge, registered
from tests.appeals.cases import heard as leave
from tests.appeals.voices import answered, say
from tests.city import ZONE
from tests.desk import Desk


def test_a_citizen_of_a_merged_appeal_rates_who_did_the_work(desk: Desk) -> None:
    dark, pit = registered(desk, "Нет света", form=DARK), registered(desk)
    with desk.database.write() as session:
        session.get_one(AppealRow, appeal(desk, dark).id).organisation = "power-1"
    merge(desk, pit, dark)
    answered(desk, dark, "Свет дали 20 ноября")
    leave(desk)
    for reporter in (1, 2):
        say(desk, reporter, is_solved=True)

    day = city_day(desk.clock.now(), ZONE)
    with desk.database.read() as session:
        executors, _ = ratings(session, Period(day, day, ZONE), {}, desk.clock.now())

    assert {one.code: (one.asked, one.satisfied) for one in executors} == {"power-1": (2, 2)}
