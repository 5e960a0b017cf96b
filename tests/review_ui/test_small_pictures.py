"""Pictures of answers are small on pages, and say when they are gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from intake109.clock import MovedClock
from intake109.store import answers
from tests.organisations import city_wide
from tests.review_ui.office import Office, empty_database, open_office
from tests.review_ui.test_work_pages import PNG, said, stranger, token_of, works_for


@pytest.fixture
def office(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Office]:
    database = empty_database(sqlite_template, tmp_path)
    opened = open_office(database, clock, tmp_path)
    city_wide(database, clock, "roads-1", way="page")
    works_for(opened, "roads-1")
    yield opened
    database.close()


def test_the_pictures_of_an_answer_are_small_until_one_is_opened_and_say_when_they_are_gone(
    office: Office, tmp_path: Path
) -> None:
    number = office.register("1", "Яма")
    desk, boss = office.desk("executor"), office.desk("supervisor")
    picture, base = tmp_path / "large.png", f"/work/{number}"
    Image.new("RGB", (1600, 900), "red").save(picture)
    desk.client.post(
        f"{base}/answer",
        data={"csrf": desk.csrf, "text": "Яма заделана", "acted_on": "2026-11-20"},
        files=[("files", ("a.png", picture.read_bytes(), "image/png")), ("files", ("b.png", PNG, "image/png"))],
    )
    with office.database.read() as session:
        good, damaged = answers.files(session, [said(office, number)[0].id or 0])[said(office, number)[0].id or 0]
    link = f"/x/{token_of(office, number)}"

    small = desk.client.get(f"{base}/files/{good.sha256}?small=1")
    same = [
        boss.client.get(f"/media/{good.sha256}/thumbnail").content,
        stranger(office).get(f"{link}/files/{good.sha256}?small=1").content,
    ]
    broken = boss.client.get(f"/media/{damaged.sha256}/thumbnail")
    for file in tmp_path.rglob(f"{good.sha256}*"):
        file.unlink()
    gone = [boss.client.get(f"/media/{good.sha256}/thumbnail"), desk.client.get(f"{base}/files/{good.sha256}?small=1")]

    assert (small.status_code, small.headers["content-type"]) == (200, "image/webp")
    assert len(small.content) < len(picture.read_bytes())
    assert same == [small.content] * 2
    assert (broken.status_code, "не открывается" in broken.text) == (404, True)
    assert [(one.status_code, one.headers["content-type"], "файла больше нет" in one.text) for one in gone] == [
        (404, "image/svg+xml", True)
    ] * 2
    assert boss.client.get(f"/media/{good.sha256}").status_code == 404
    assert f"/files/{good.sha256}?small=1" in desk.get(base)
