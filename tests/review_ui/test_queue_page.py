"""The list and the opened task: order, filters, shelves, and all that belongs to a citizen's words."""

from __future__ import annotations

import re
from datetime import timedelta

from intake109.model import Channel, Deletion, Parent, Point
from intake109.store.tables import HealthRow, TaskRow
from tests.city import said
from tests.review_ui.lines import ids
from tests.review_ui.workplace import Workplace, photo


def test_danger_stands_first_then_the_least_time_left(workplace: Workplace) -> None:
    first = workplace.waits("Яма")
    workplace.clock.advance(timedelta(minutes=1))
    second = workplace.waits("Ещё яма", author="b")
    danger = workplace.waits("Люк открыт", author="c")

    assert ids(workplace.anna.page("/")) == [danger, first, second]


def test_filters_choose_and_nonsense_filters_nothing(workplace: Workplace) -> None:
    telegram = workplace.waits("Яма")
    whatsapp = workplace.waits("Шұңқыр үлкен", channel=Channel.WHATSAPP)

    assert ids(workplace.anna.page("/?channel=whatsapp")) == [whatsapp]
    assert ids(workplace.anna.page("/?language=ru")) == [telegram]
    assert ids(workplace.anna.page("/?sphere=gas")) == []
    assert ids(workplace.anna.page("/?channel=pigeon&sphere=%3Cscript%3E")) == [telegram, whatsapp]


def test_a_long_list_comes_in_stretches_without_gaps_or_doubles(workplace: Workplace) -> None:
    waiting = [workplace.waits(f"Яма {n}") for n in range(60)]

    page = workplace.anna.page("/")
    more = re.search(r'hx-get="(/queue/rows[^"]+)"', page)
    assert more is not None
    rest = workplace.anna.part(more[1].replace("&amp;", "&")).text

    assert ids(page) + ids(rest) == waiting
    assert "/queue/rows" not in rest


def test_a_cursor_that_makes_no_sense_begins_at_the_top(workplace: Workplace) -> None:
    task_id = workplace.waits()

    assert ids(workplace.anna.part("/queue/rows?after=nonsense").text) == [task_id]


def test_single_lines_are_fetched_anew(workplace: Workplace) -> None:
    first, second = workplace.waits("а"), workplace.waits("б")

    assert ids(workplace.anna.part(f"/queue/lines?ids={second},{first},x,999").text) == [first, second]


def test_each_shelf_holds_its_own(workplace: Workplace) -> None:
    waiting = workplace.waits("Яма")
    thanks = workplace.waits("Спасибо большое")
    decided = workplace.waits("Яма", author="talker")
    workplace.anna.decide(decided)
    workplace.clock.advance(timedelta(minutes=1))
    with workplace.database.write() as session:
        row = session.get(TaskRow, decided)
        assert row is not None
        row.news_at = workplace.clock.now()

    assert ids(workplace.anna.page("/")) == [waiting]
    assert ids(workplace.anna.page("/?shelf=no_appeal")) == [thanks]
    assert ids(workplace.anna.page("/?shelf=news")) == [decided]
    assert ids(workplace.anna.page("/?shelf=mine")) == [decided]
    assert ids(workplace.bolat.page("/?shelf=mine")) == []


def test_reading_the_news_takes_it_off_the_shelf(workplace: Workplace) -> None:
    decided = workplace.waits("Яма")
    workplace.anna.decide(decided)
    workplace.clock.advance(timedelta(minutes=1))
    with workplace.database.write() as session:
        row = session.get(TaskRow, decided)
        assert row is not None
        row.news_at = workplace.clock.now()

    workplace.anna.open(decided)

    assert ids(workplace.anna.page("/?shelf=news")) == []


def test_the_header_counts_what_waits_is_dangerous_and_late(workplace: Workplace) -> None:
    workplace.waits("Яма")
    workplace.clock.advance(timedelta(minutes=20))
    workplace.waits("Люк открыт", author="b")

    page = workplace.anna.page("/")

    figures = dict(re.findall(r'data-stat="(queue|incidents|late)">(\d+)<', page))
    assert figures == {"queue": "2", "incidents": "1", "late": "1"}
    assert 'class="countdown late"' in page


def test_a_blind_channel_is_told_to_everybody_and_one_hiccup_is_not(workplace: Workplace) -> None:
    with workplace.database.write() as session:
        session.add(HealthRow(name="telegram", channel="telegram", errors_in_row=1, backoff="transient"))
        session.add(HealthRow(name="instagram.tags", channel="instagram", errors_in_row=1, backoff="auth_lost"))

    line = re.search(r"desk-view.*?</p>", workplace.anna.page("/"), re.DOTALL)

    assert line is not None
    assert re.findall(r"<span>(.*?)</span>", line[0]) == ["Instagram: отметки: не видно"]


def test_a_task_shows_what_stands_above_it_and_where(workplace: Workplace) -> None:
    task_id = workplace.waits(
        "смотрите",
        parent=Parent("post", "Люк открыт у школы", "city_news", "https://instagram.com/p/1"),
        point=Point(49.8, 73.1, "Школа"),
        is_public=True,
        permalink="https://instagram.com/p/2",
    )

    shown = workplace.anna.open(task_id)

    assert "Отмечено под записью" in shown
    assert "city_news" in shown
    assert '<mark class="incident"' in shown
    assert "https://2gis.kz/geo/73.1,49.8" in shown
    assert 'href="https://instagram.com/p/2"' in shown
    assert "видно всем" in shown


def test_edits_and_deletions_are_shown_with_the_earlier_wording(workplace: Workplace) -> None:
    at = workplace.clock.now()
    task_id = workplace.waits("Яма на Абая", author="asel")
    edited = said("said-1", "Яма на Абая 10", at, author="asel", edited_at=at + timedelta(minutes=1))
    workplace.office.street.hear(edited)
    workplace.office.street.hear(Deletion("said-1", at + timedelta(minutes=2)))

    shown = workplace.anna.open(task_id)

    assert "Прежний текст" in shown
    assert "Гражданин удалил сообщение" in shown


def test_a_file_that_could_not_be_had_says_why(workplace: Workplace) -> None:
    task_id = workplace.waits("Яма", attachments=photo())

    assert "загружается" in workplace.anna.open(task_id)


def test_the_house_and_its_open_cases_are_shown_for_an_address(workplace: Workplace) -> None:
    workplace.anna.decide(workplace.waits("Яма на Абая 10"))
    second = workplace.waits("Опять яма", author="b")

    near = workplace.anna.part(f"/tasks/{second}/similar?address=ул. Абая 10&service=GAS-003").text
    far = workplace.anna.part(f"/tasks/{second}/similar?address=Гоголя 1&service=GAS-003").text

    assert "2026-000001" in near
    assert "этот дом" in near
    assert 'data-found-key value="абая 10"' in near
    assert "2026-000001" not in far


def test_services_are_found_while_typing_with_all_the_form_needs(workplace: Workplace) -> None:
    (found,) = [one for one in workplace.anna.part("/services?q=люк").json() if one["code"] == "SEWER-001"]

    assert found["is_incident"] is True
    assert found["terms"]["ordinary"] == "21.11.2026"
    assert set(found["names"]) == {"kk", "ru", "en"}


def test_a_task_is_found_by_number_name_or_words_in_any_case(workplace: Workplace) -> None:
    task_id = workplace.waits("Яма на проспекте", author="асель")
    workplace.anna.decide(task_id)

    for asked in ("2026-000001", "№ 000001", "асель", "ЯМА проспекте"):
        assert f"/tasks/{task_id}" in workplace.anna.part(f"/search?q={asked}").text
    assert "/tasks/" not in workplace.anna.part("/search?q=100%25").text


def test_language_and_theme_are_kept_per_person(workplace: Workplace) -> None:
    workplace.anna.send("/preferences", language="kk", theme="dark")

    page = workplace.anna.page("/")

    assert '<html lang="kk" data-theme="dark">' in page
    assert '<html lang="ru" data-theme="auto">' in workplace.bolat.page("/")
    assert workplace.anna.send("/preferences", language="xx").status_code == 422


def test_the_citys_own_name_of_a_house_is_offered_and_meets_its_cases(workplace: Workplace) -> None:
    workplace.anna.decide(workplace.waits("Яма на Абая 10"))
    second = workplace.waits("Опять яма, Ленина 10", author="b")

    shown = workplace.anna.open(second)
    typed = workplace.anna.part(f"/tasks/{second}/similar?address=ленина 10").text
    same = workplace.anna.part(f"/tasks/{second}/similar?address=ул. Абая, дом 10").text

    assert 'data-accept data-address="Абая 10" data-place-key="абая 10"' in shown
    assert "https://2gis.kz/geo/73.1,49.8" in shown
    assert 'data-canonical data-address="Абая 10"' in typed
    assert "2026-000001" in typed
    assert "data-canonical" not in same


def test_a_house_is_found_under_each_of_its_names(workplace: Workplace) -> None:
    decided, waiting = workplace.waits("Темно. Абая 10"), workplace.waits("Течёт крыша, Ленина 10", author="b")
    other = workplace.waits("Яма на Гоголя 1", author="c")
    workplace.anna.decide(decided)

    for asked in ("Абая 10", "ленина 10"):
        found = workplace.anna.part(f"/search?q={asked}").text
        assert f"/tasks/{decided}" in found
        assert f"/tasks/{waiting}" in found
        assert f"/tasks/{other}" not in found
