"""The modelled people and the pictures, without a database."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from intake109.errors import IntakeError
from intake109.model import Channel, Kind, Language
from intake109.simulator.citizens import Citizens
from intake109.simulator.judging import ModelledJudge
from intake109.simulator.office import roster
from intake109.simulator.outcome import Sample, Waits
from intake109.simulator.picture import blocks, columns, svg
from intake109.simulator.said import Said, Truth, delivery, parse
from intake109.simulator.scenario import SCENARIOS, named
from tests.city import ZONE
from tests.simulator.town import MINUTE, TOWN, hours, town

MIDNIGHT = datetime(2026, 11, 16, tzinfo=ZONE)


def said(number: int, truth: Truth) -> Said:
    return Said(f"c{number}:1", Channel.TELEGRAM, f"c{number}", f"Яма {number}", Language.RU, MIDNIGHT, truth)


def test_the_judge_is_right_as_often_as_it_says() -> None:
    judge = ModelledJudge(TOWN, seed=1)
    right: Counter[int] = Counter()
    judged: Counter[int] = Counter()
    for number in range(4000):
        one = said(number, Truth(Kind.APPEAL, "ROAD-001"))
        judge.learn(one)
        best = judge.classify(one.text).services[0]
        judged[int(best.probability * 5)] += 1
        right[int(best.probability * 5)] += best.code == "ROAD-001"

    for tenth, count in judged.items():
        assert right[tenth] / count == pytest.approx((tenth + 0.5) / 5, abs=0.08)
    assert sum(judged[tenth] for tenth in (4, 5)) / 4000 == pytest.approx(0.432, abs=0.03)


def test_of_what_the_judge_takes_for_certainly_none_at_most_one_in_fifty_is_an_appeal() -> None:
    judge = ModelledJudge(TOWN, seed=1)
    shelved: Counter[Kind] = Counter()
    for number in range(6000):
        one = said(number, Truth(Kind.APPEAL, "ROAD-001") if number % 6 else Truth(Kind.SPAM))
        judge.learn(one)
        if judge.classify(one.text).appeal_probability <= 0.02:
            shelved[one.truth.kind] += 1

    assert 0 < shelved[Kind.APPEAL] / sum(shelved.values()) <= 0.02


def test_a_message_is_read_as_it_was_said() -> None:
    one = said(1, Truth(Kind.APPEAL, "ROAD-001"))

    (message,) = parse(delivery(one))

    assert (message.key, message.author.id, message.text, message.mentioned_at) == (
        one.key,
        one.author,
        one.text,
        one.at,
    )


def test_a_storm_brings_two_hundred_an_hour_more() -> None:
    citizens = Citizens(SCENARIOS["storm"], TOWN, ZONE, seed=1)

    heard = citizens.during(MIDNIGHT, timedelta(days=1))

    in_storm = [one for one in heard if 16 <= one.at.astimezone(ZONE).hour < 19]
    assert 600 < len(in_storm) < 1000
    assert all(one.at < MIDNIGHT + timedelta(days=1) for one in heard)


def test_half_of_the_inspectors_stay_for_the_night_at_least_one() -> None:
    def at_three(inspectors: int, name: str = "day") -> int:
        moment = MIDNIGHT + timedelta(hours=3)
        duties = roster(SCENARIOS[name], inspectors, MIDNIGHT, 1)
        return sum(one.begins_at <= moment < one.begins_at + one.lasts for one in duties)

    assert [at_three(count) for count in (0, 1, 2, 3, 4)] == [0, 1, 1, 2, 2]
    assert at_three(2, "night") == 2


def test_an_unknown_scenario_is_told_with_the_known_ones() -> None:
    with pytest.raises(IntakeError, match="calm, day, storm, night, outage"):
        named("fog")


def test_a_percentile_is_the_least_wait_that_so_many_did_not_exceed() -> None:
    assert Waits.of([float(one) for one in range(1, 101)]) == Waits(50, 95, 99, 100)
    assert Waits.of([7.0]) == Waits(7, 7, 7, 7)
    assert Waits.of([]) == Waits(0, 0, 0, 0)


def samples(*waiting: int) -> list[Sample]:
    begins_at = datetime(2026, 11, 16, 4, tzinfo=UTC)
    return [Sample(begins_at + 5 * MINUTE * at, one, 0, one // 4, 1) for at, one in enumerate(waiting)]


def test_a_column_of_the_picture_shows_the_most_of_its_time() -> None:
    found = columns(samples(1, 9, 2, 3, 0), 3)

    assert [(one.waiting, one.late) for one in found] == [(9, 2), (3, 0), (0, 0)]
    assert columns([], 3) == []


def test_the_terminal_picture_is_as_high_as_its_most_and_as_wide_as_told() -> None:
    lines = blocks(samples(0, 8, 4, 1), ZONE, 40)

    assert [line[6:10] for line in lines[:-1]] == [" █  "] * 4 + [" ██ "] * 3 + [" ███"]
    assert lines[0].startswith("    8")
    assert all(len(line) <= 40 for line in blocks(samples(*range(500)), ZONE, 40))
    assert "09:00" in blocks(samples(*range(12)), ZONE, 40)[-1]


def test_the_svg_can_be_read_and_names_what_it_shows() -> None:
    with town(hours(1, 0)) as one:
        outcome = one.run()

    picture = ElementTree.fromstring(svg(outcome, ZONE))

    assert picture.tag.endswith("svg")
    assert "2 inspectors" in "".join(picture.itertext())
