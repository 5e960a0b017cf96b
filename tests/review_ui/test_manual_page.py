"""Entering a post by hand: stored as an event, doubles shown before, the task opened after."""

from __future__ import annotations

import json
import re
from pathlib import Path

from fastapi.testclient import TestClient
from httpx2 import Response
from PIL import Image
from sqlalchemy import select
from sqlmodel import col

from intake109.catalogue.current import CurrentCatalogue
from intake109.collectors.manual import ManualParser
from intake109.config import City
from intake109.dialogue.commands import Setting
from intake109.pipeline import Pipeline
from intake109.store import events
from intake109.store.tables import EventRow, MentionRow
from tests.city import CATALOGUE, PROMISE, RuleJudge
from tests.review_ui.workplace import Workplace

LINK = "https://www.instagram.com/p/AbC/?igsh=1"


def enter(workplace: Workplace, files: list[tuple[str, bytes]] | None = None, **fields: str) -> Response:
    client: TestClient = workplace.anna.client
    sent = [("files", (name, content, "image/png")) for name, content in files or []]
    return client.post("/new", data={"csrf": workplace.anna.csrf, **fields}, files=sent or None)


def carry(workplace: Workplace) -> None:
    pipeline = Pipeline(
        workplace.database,
        workplace.clock,
        {"manual.form": ManualParser()},
        RuleJudge(),
        PROMISE,
        Setting(City(), CurrentCatalogue(CATALOGUE)),
    )
    with workplace.database.read() as session:
        waiting = events.waiting(session, workplace.clock.now(), 10)
    for event_id in waiting:
        pipeline.handle(event_id)


def picture(tmp_path: Path) -> bytes:
    path = tmp_path / "screen.png"
    Image.new("RGB", (8, 8), "red").save(path)
    return path.read_bytes()


def test_a_link_and_a_text_become_a_task_whose_clock_runs_from_now(workplace: Workplace) -> None:
    answer = enter(workplace, link=LINK, text="Люк открыт у школы", author="Асель")
    waiting = workplace.anna.page(answer.headers["location"])
    carry(workplace)
    opened = workplace.anna.client.get(answer.headers["location"])

    assert answer.status_code == 303
    assert "Открываем задачу" in waiting
    assert re.fullmatch(r"/tasks/\d+", opened.headers["location"])
    assert workplace.all(MentionRow, lambda row: (row.channel, row.permalink, row.mentioned_at)) == [  # type: ignore[attr-defined]
        ("manual", "https://instagram.com/p/AbC", workplace.clock.now())
    ]
    assert "Асель" in workplace.anna.page(opened.headers["location"])


def test_the_waiting_page_opens_the_task_by_itself(workplace: Workplace) -> None:
    address = enter(workplace, text="Яма").headers["location"]

    before = workplace.anna.part(address)
    carry(workplace)
    after = workplace.anna.part(address)

    assert "hx-trigger" in before.text
    assert after.headers["hx-redirect"].startswith("/tasks/")


def test_doubles_are_shown_before_anything_is_stored_and_may_be_overruled(workplace: Workplace) -> None:
    enter(workplace, link=LINK, text="первый комментарий под записью")
    carry(workplace)

    asked = enter(workplace, link="instagram.com/p/AbC", text="другой комментарий там же")
    overruled = enter(workplace, link="instagram.com/p/AbC", text="другой комментарий там же", is_confirmed="1")
    carry(workplace)

    assert asked.status_code == 200
    assert "та же ссылка" in asked.text
    assert "Это другое, завести" in asked.text
    assert overruled.status_code == 303
    assert len(workplace.all(EventRow, lambda row: row)) == 2
    assert len(workplace.all(MentionRow, lambda row: row)) == 2


def test_doubles_are_shown_while_typing_also_from_other_channels(workplace: Workplace) -> None:
    workplace.waits("Яма на Абая 10 уже месяц")

    shown = workplace.anna.part("/new/doubles?text=яма на абая 10, уже месяц!").text

    assert "тот же текст" in shown


def test_a_screenshot_is_stored_before_and_not_lost_when_asked_again(workplace: Workplace, tmp_path: Path) -> None:
    enter(workplace, link=LINK, text="комментарий под записью")
    carry(workplace)

    asked = enter(workplace, [("экран.png", picture(tmp_path))], link=LINK)
    kept = re.search(r'name="kept" value="([^"]+)"', asked.text)
    assert kept is not None
    packed = kept[1].replace("&#34;", '"')
    stored = enter(workplace, link=LINK, is_confirmed="1", kept=packed)

    assert stored.status_code == 303
    with workplace.database.read() as session:
        event = session.execute(select(EventRow).order_by(col(EventRow.id).desc())).scalars().first()
    assert event is not None
    (file,) = json.loads(event.payload)["files"]
    assert file["name"] == "экран.png"
    assert workplace.office.app.state.context.parts.files.path(file["sha256"]).is_file()


def test_a_file_that_is_no_picture_is_refused_and_the_words_stay(workplace: Workplace) -> None:
    answer = enter(workplace, [("a.exe", b"MZ program")], text="Яма")

    assert answer.status_code == 422
    assert "нужна картинка" in answer.text
    assert "Яма" in answer.text
    assert workplace.all(EventRow, lambda row: row) == []


def test_an_empty_entry_and_a_wrong_link_are_refused(workplace: Workplace) -> None:
    empty, wrong = enter(workplace), enter(workplace, link="javascript:alert(1)")

    assert (empty.status_code, wrong.status_code) == (422, 422)
    assert "Добавьте ссылку" in empty.text
    assert "не похоже на ссылку" in wrong.text


def test_the_same_form_sent_twice_is_one_event(workplace: Workplace) -> None:
    enter(workplace, id="form-123456", text="Яма")
    enter(workplace, id="form-123456", text="Яма")

    assert len(workplace.all(EventRow, lambda row: row)) == 1
