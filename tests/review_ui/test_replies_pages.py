"""What executors wrote back and is no answer by itself stands where undelivered letters are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from intake109.clock import MovedClock
from intake109.media.files import FileStore
from intake109.store import appeals, replies
from intake109.store.tables import ReplyRow
from tests.review_ui.office import Office, empty_database, open_office, parts_of

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
WHYS = (
    *("no_token", "stranger", "moved", "empty", "automatic", "bounce", "broken"),
    *("charset", "too_big", "files", "not_a_reply", "edited"),
)


@pytest.fixture
def office(sqlite_template: Path, clock: MovedClock, tmp_path: Path) -> Iterator[Office]:
    database = empty_database(sqlite_template, tmp_path)
    yield open_office(database, clock, tmp_path)
    database.close()


def came(office: Office, why: str = "stranger", text: str = "Яма <b>заделана</b>", **more: object) -> int:
    with office.database.write() as session:
        row = replies.add(
            session,
            ReplyRow(
                key=f"email:<{why}>",
                via="email",
                at=office.clock.now(),
                sender="ivan@home.kz",
                text=text,
                why=why,
                state="open",
                next_attempt_at=office.clock.now(),
                **more,  # type: ignore[arg-type]
            ),
        )
        assert row.id is not None
        return row.id


def stored(folder: Path, clock: MovedClock, office: Office) -> str:
    async def whole() -> AsyncIterator[bytes]:
        yield PNG

    files: FileStore = parts_of(office.database, clock, folder).files
    return asyncio.run(files.put(whole())).sha256


@pytest.mark.parametrize("why", WHYS)
@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_each_reason_is_said_in_words(office: Office, why: str, language: str) -> None:
    came(office, why)
    boss = office.desk("supervisor")
    boss.client.cookies.set("language", language)

    page = boss.get("/outbox")

    assert "outbox.replies" not in page
    assert "&lt;b&gt;заделана" in page


def test_a_person_makes_it_the_answer_it_is(office: Office, tmp_path: Path, clock: MovedClock) -> None:
    number = office.register("1", "Яма")
    sha256 = stored(tmp_path, clock, office)
    row_id = came(office, files=[{"sha256": sha256, "mime": "image/png", "file_name": "яма.png"}])
    boss = office.desk("supervisor")
    shown = boss.client.get(f"/outbox/replies/{row_id}/files/{sha256}")

    wrong = boss.client.post(f"/outbox/replies/{row_id}/answer", data={"csrf": boss.csrf, "number": "2026-999999"})
    right = boss.post(f"/outbox/replies/{row_id}/answer", number=number)

    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    assert f"wrong={row_id}" in wrong.headers["location"]
    assert right == 303
    with office.database.read() as session:
        row = appeals.by_number(session, number)
        assert row is not None
        assert row.status == "answered"
    assert "заделана" not in boss.get("/outbox")


def test_it_is_put_away_once_and_by_those_who_may(office: Office) -> None:
    row_id = came(office, "automatic")
    inspector, boss = office.desk("inspector"), office.desk("supervisor")

    refused = inspector.post(f"/outbox/replies/{row_id}/away")
    done = [boss.post(f"/outbox/replies/{row_id}/away") for _ in range(2)]

    assert (refused, done) == (403, [303, 409])
    assert boss.forge(f"/outbox/replies/{row_id}/away") == 403
