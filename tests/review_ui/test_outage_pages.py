"""The duty person's pages of outages, and the strip beside a task."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from intake109.clock import MovedClock
from intake109.store.tables import OutageChangeRow, OutagePlaceRow, OutageRow, OutboxRow, TaskRow
from tests.city import Street
from tests.outages.neighbourhood import ANNOUNCEMENTS, CityJudge
from tests.review_ui.office import empty_database, open_office
from tests.review_ui.workplace import Screen, Workplace, told

FORM = {
    "services": "HEAT-001",
    "places": "Абая 10, 12\nмкр. Михайловка",
    "begins": "2026-11-20T11:00",
    "ends": "2026-11-20T18:00",
    "text_ru": "Меняем трубу.",
    "source": "Теплосеть",
}


@pytest.fixture
def workplace(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Workplace]:
    """An office whose citizens and announcements live in the same city."""
    database = empty_database(sqlite_template, tmp_path)
    office = open_office(database, clock, tmp_path)
    context = office.app.state.context
    office.app.state.context = replace(context, parts=replace(context.parts, announcements=ANNOUNCEMENTS))
    street = Street(database, clock, CityJudge())
    yield Workplace(replace(office, street=street))
    database.close()


def post(screen: Screen, to: str, **fields: object) -> tuple[int, str]:
    """Send a form as a browser does without scripts; return the status and where it leads, or what it shows."""
    answer = screen.client.post(to, data={**fields, "csrf": screen.csrf})
    return answer.status_code, answer.headers.get("location", answer.text)


def enter(workplace: Workplace, **fields: object) -> int:
    status, where = post(workplace.anna, "/outages/new", **{**FORM, **fields})
    assert status == 303, where
    return int(re.search(r"/outages/(\d+)", where)[1])  # type: ignore[index]


def rows(workplace: Workplace, kind: type[OutageRow]) -> list[OutageRow]:
    return workplace.all(kind, lambda row: row)  # type: ignore[return-value]


def test_an_outage_entered_is_listed_and_says_everything(workplace: Workplace) -> None:
    outage_id = enter(workplace)

    listed, shown = workplace.anna.page("/outages"), workplace.anna.page(f"/outages/{outage_id}")

    assert "нет тепла" in listed
    assert "Абая 10, 12; Михайловка" in listed
    assert "11:00" in listed
    for words in ("Абая 10, 12", "Теплосеть", "Меняем трубу. По последним данным — до 18:00", "Закончилось сейчас"):
        assert words in shown


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("services", "", "Отметьте, что отключают"),
        ("places", "что-то где-то", "не удалось понять"),
        ("places", "", "Напишите хотя бы одно место"),
        ("begins", "вчера", "Когда начинается"),
        ("ends", "2026-11-20T10:00", "Конец раньше начала"),
        ("ends", "2027-11-20T10:00", "не дальше четырёх месяцев"),
        ("text_ru", "я" * 601, "не больше 600"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(
    workplace: Workplace, name: str, value: str, words: str
) -> None:
    status, shown = post(workplace.anna, "/outages/new", **{**FORM, "source": "Дежурный Ким", name: value})

    assert status == 422
    assert words in shown
    assert "Дежурный Ким" in shown
    assert rows(workplace, OutageRow) == []


def test_a_citizen_who_asks_is_shown_the_outage_first_and_answered_by_one_request(workplace: Workplace) -> None:
    outage_id = enter(workplace)
    task_id = workplace.waits("Нет тепла, Абая 10")

    shown = workplace.anna.open(task_id)
    answer = workplace.anna.send(f"/tasks/{task_id}/outage/{outage_id}", reply="это не уйдёт", language="kk")

    assert shown.index("known-outage") < shown.index("own-words")
    assert 'data-key="KeyW+Shift"' in shown
    assert told(answer)["decided"] == {"id": task_id, "outcome": "answered", "number": "2026-000001", "seconds": 10}
    (letter,) = workplace.owed()
    assert letter.text.startswith("Здравствуйте! Меняем трубу. По последним данным — до 18:00")
    assert letter.language == "ru"


def test_a_house_not_named_is_pointed_at_and_danger_is_not_explained(workplace: Workplace) -> None:
    outage_id = enter(workplace)
    street, danger = workplace.waits("Нет тепла на улице Абая"), workplace.waits("Нет тепла, Абая 10, открытый люк")

    assert "Дом не назван" in workplace.anna.open(street)
    assert "known-outage" not in workplace.anna.open(danger)
    answer = workplace.anna.send(f"/tasks/{danger}/outage/{outage_id}")

    assert answer.status_code == 422
    assert "зарегистрируйте обращение" in answer.text
    assert workplace.task(danger).decided_at is None


def test_an_outage_that_lapsed_says_so_and_answers_nobody(workplace: Workplace) -> None:
    outage_id = enter(workplace)
    workplace.clock.advance(timedelta(hours=6))
    task_id = workplace.waits("Нет тепла, Абая 10")

    shown = workplace.anna.open(task_id)
    answer = workplace.anna.send(f"/tasks/{task_id}/outage/{outage_id}")

    assert "срок прошёл в 18:00" in shown
    assert "KeyW+Shift" not in shown.split('id="own-words"')[0]
    assert answer.status_code == 422
    assert "срок прошёл" in workplace.anna.page("/outages")


def test_ending_and_undoing_from_the_page(workplace: Workplace) -> None:
    outage_id = enter(workplace)

    ended = post(workplace.anna, f"/outages/{outage_id}/end")
    shown = workplace.anna.page(f"/outages/{outage_id}?done=outage_ended")
    others = workplace.bolat.page(f"/outages/{outage_id}")
    undone = post(workplace.anna, f"/outages/{outage_id}/undo")

    assert ended == (303, f"/outages/{outage_id}?done=outage_ended")
    assert f'action="/outages/{outage_id}/undo"' in shown
    assert f'action="/outages/{outage_id}/undo"' not in others
    assert undone == (303, f"/outages/{outage_id}?done=outage_undone")
    assert rows(workplace, OutageRow)[0].over_at is None


def test_moving_the_end_counts_on_the_citys_clocks_and_refuses_the_past(workplace: Workplace) -> None:
    outage_id = enter(workplace)

    moved = post(workplace.anna, f"/outages/{outage_id}/move", ends="2026-11-20T21:30")
    refused = post(workplace.anna, f"/outages/{outage_id}/move", ends="2026-11-20T09:00")

    assert moved[0] == 303
    assert refused[0] == 422
    assert rows(workplace, OutageRow)[0].ends_at.isoformat() == "2026-11-20T16:30:00+00:00"
    assert "21:30" in workplace.anna.page(f"/outages/{outage_id}")


def test_the_second_of_two_editors_sees_what_the_first_wrote(workplace: Workplace) -> None:
    outage_id = enter(workplace)
    post(workplace.anna, f"/outages/{outage_id}/edit", **{**FORM, "version": "1", "places": "Абая 14"})

    status, shown = post(workplace.bolat, f"/outages/{outage_id}/edit", **{**FORM, "version": "1", "places": "Абая 16"})

    assert status == 409
    assert "изменил кто-то ещё" in shown
    assert "Абая 16" in shown
    assert workplace.all(OutagePlaceRow, lambda row: row.houses) == [["14"]]  # type: ignore[attr-defined]


def test_the_form_reads_back_what_it_shows(workplace: Workplace) -> None:
    places = "Абая 10–24 чётные, 31\nСтепной-4 12\nвесь город\n7 мкр 5, 7"
    outage_id = enter(workplace, places=places)

    for language in ("kk", "en", "ru"):
        workplace.anna.client.post("/preferences", data={"language": language, "csrf": workplace.anna.csrf})
        form = workplace.anna.page(f"/outages/{outage_id}/edit")
        shown = re.search(r'name="places"[^>]*>([^<]*)<', form)[1]  # type: ignore[index]
        version = re.search(r'name="version" value="(\d+)"', form)[1]  # type: ignore[index]
        status, text = post(
            workplace.anna, f"/outages/{outage_id}/edit", **{**FORM, "version": version, "places": shown}
        )
        assert status == 303, text

    kept = workplace.all(OutagePlaceRow, lambda row: (row.key, row.houses))  # type: ignore[attr-defined]
    assert kept == [("аба", ["10-24 even", "31"]), ("степн 4", ["12"]), ("*", []), ("7 мкр", ["5", "7"])]


def test_one_announcement_pasted_opens_in_the_form_and_is_saved_only_there(workplace: Workplace) -> None:
    status, where = post(
        workplace.anna, "/outages-drafts/paste", text="дома Абая 10, 12 и Гоголя 7 без отопления до 18:00"
    )
    form = workplace.anna.page(where)

    assert status == 303
    assert "Абая 10, 12\nГоголя 7" in form
    assert 'value="2026-11-20T18:00"' in form
    assert rows(workplace, OutageRow) == []


def test_several_announcements_are_listed_with_their_problems(workplace: Workplace) -> None:
    text = "Без отопления:\n09:00–18:00 Абая 10\n10:00–19:00 Новосёлов 5"
    _, where = post(workplace.anna, "/outages-drafts/paste", text=text)

    shown = workplace.anna.page(where)

    assert "Нет в справочнике города" in shown
    assert shown.count("Проверить и сохранить") == 2
    assert rows(workplace, OutageRow) == []


def test_a_text_without_an_outage_comes_back_with_what_is_missing(workplace: Workplace) -> None:
    status, shown = post(workplace.anna, "/outages-drafts/paste", text="Поздравляем с праздником!")

    assert status == 422
    assert "Поздравляем с праздником!" in shown
    assert "не нашлось ни одного отключения" in shown


def upload(workplace: Workplace, content: bytes) -> tuple[int, str]:
    answer = workplace.anna.client.post(
        "/outages-drafts/upload",
        data={"csrf": workplace.anna.csrf},
        files={"file": ("сводка.csv", content, "text/csv")},
    )
    return answer.status_code, answer.headers.get("location", answer.text)


def carry_on(workplace: Workplace, where: str) -> int:
    """Do the steps a browser does by itself; return how many it took."""
    for count in range(100):
        answer = workplace.anna.send(f"{where}/step")
        if "hx-refresh" in answer.headers:
            return count + 1
    raise AssertionError("it never ends")


def test_a_table_is_read_in_steps_looked_at_and_saved(workplace: Workplace) -> None:
    task_id = workplace.waits("Нет тепла, Абая 7")
    lines = [f"HEAT-001;Абая;{n};20.11.2026 09:00;20.11.2026 18:{n % 60:02d}" for n in range(1, 1_201)]
    table = "\n".join(["услуга;улица;дома;с;до", *lines, "HEAT-001;=1+1;2;20.11.2026 09:00;20.11.2026 18:00"])
    _, where = upload(workplace, table.encode("cp1251"))

    waiting = workplace.anna.page(where)
    reading = carry_on(workplace, where)
    shown = workplace.anna.page(where)
    before = rows(workplace, OutageRow)
    post(workplace.anna, f"{where}/save")
    saving = carry_on(workplace, where)

    assert "Читаем строки: 0 из 1201" in waiting
    assert (reading, saving) == (2, 1)
    assert "Похоже на формулу: =1+1" in shown
    assert "Строка 1202" in shown
    assert before == []
    assert len(rows(workplace, OutageRow)) == 60
    assert "known-outage" in workplace.anna.open(task_id)


def test_what_is_no_file_is_refused_on_the_page(workplace: Workplace) -> None:
    assert [upload(workplace, content)[0] for content in (b"", b"x" * (5 * 2**20 + 1))] == [422, 422]


def test_announcements_are_words_never_html(workplace: Workplace) -> None:
    outage_id = enter(workplace, text_ru="<script>alert(1)</script>", source="<b>x</b>")
    task_id = workplace.waits("Нет тепла, Абая 10")

    pages = [workplace.anna.page(one) for one in ("/outages", f"/outages/{outage_id}", f"/tasks/{task_id}")]

    assert [page for page in pages if "<script>alert" in page or "<b>x</b>" in page] == []


@pytest.mark.parametrize("address", ["/outages", "/outages/new", "/outages/1", "/outages-drafts/1"])
def test_only_who_works_in_the_queue_may_look(workplace: Workplace, address: str) -> None:
    assert workplace.office.desk("executor").status(address) == 403
    assert workplace.office.desk("quality").status(address) == 403


def test_what_does_not_exist_is_not_found(workplace: Workplace) -> None:
    for address in ("/outages/7", "/outages/7/edit", "/outages-drafts/7", "/outages/new?draft=7"):
        assert workplace.anna.client.get(address).status_code == 404


def test_a_change_says_whether_those_who_asked_know(workplace: Workplace) -> None:
    outage_id = enter(workplace)
    task_id = workplace.waits("Нет тепла, Абая 10")
    workplace.anna.send(f"/tasks/{task_id}/outage/{outage_id}")

    shown = workplace.anna.page(f"/outages/{outage_id}")
    appeal = workplace.anna.page("/appeals/2026-000001")

    assert "спросил 1 человек" in shown
    assert f'href="/outages/{outage_id}"' in appeal
    assert "Отвечено объявленным отключением" in appeal
    assert workplace.all(OutageChangeRow, lambda row: row.kind) == ["entered"]  # type: ignore[attr-defined]
    assert workplace.all(TaskRow, lambda row: row.reason) == ["outage"]  # type: ignore[attr-defined]
    assert workplace.all(OutboxRow, lambda row: row.purpose) == ["answer"]  # type: ignore[attr-defined]
