"""A catalogue is downloaded, edited and sent back: shown first, saved with a reason, taken back as a whole."""

from __future__ import annotations

from tests.catalogue.test_packing import packed
from tests.review_ui.office import Desk, Office
from tests.review_ui.test_catalogue_pages import FAST, FORM, HOSTILE, PIT, found, office, send

__all__ = ["office"]
ROADS = """\
sphere: roads
groups:
  all: {ru: Группа, kk: Топ, en: Group}
services:
  - code: ROAD-001
    group: all
    ru: Провал
    executor: road_service
    kk: Шұңқыр
    en: Pit
"""


def upload(desk: Desk, name: str, content: bytes) -> tuple[int, str, str]:
    """Send a file; return the status, the page, and where it leads."""
    answer = desk.client.post("/catalogue-imports", data={"csrf": desk.csrf}, files={"file": (name, content)})
    return answer.status_code, answer.text, answer.headers.get("location", "")


def test_a_download_comes_back_edited_and_is_saved_after_a_look(office: Office) -> None:
    desk = office.desk("administrator")
    asks = "depth: {ru: Глубина, kk: Тереңдік, en: Depth}\n"

    status, _, place = upload(desk, "c.zip", packed({"services/roads.yaml": ROADS, "asks.yaml": asks}))

    page = desk.get(place)
    assert status == 303
    assert "Что изменится" in page
    assert "<ins>Провал</ins>" in page
    assert "Глубина" in page
    assert found(desk, "провал") == [], "nothing counts yet"
    assert send(desk, f"{place}/save", note="")[0] == 422
    assert send(desk, f"{place}/save", note="Приказ 17")[0] == 303
    assert found(desk, "провал") == ["ROAD-001"]
    assert "Приказ 17" in desk.get(PIT)
    assert f'href="{place}"' in desk.get(PIT)
    assert "c.zip" in desk.get("/catalogue-imports")
    assert send(desk, f"{place}/undo")[0] == 303
    assert found(desk, "провал") == []
    assert "возвращено как было" in desk.get(place)


def test_a_file_with_mistakes_is_refused_line_by_line(office: Office) -> None:
    desk = office.desk("administrator")

    broken, page, _ = upload(desk, "roads.yaml", ROADS.replace("executor: road_service", "executor: nobody").encode())
    strange, other, _ = upload(desk, "c.zip", packed({"catalogue/../../x.yaml": HOSTILE}, ""))

    assert (broken, strange) == (422, 422)
    assert "services/roads.yaml:8: `executor` `nobody` is unknown" in page
    assert "leads out of the folder" in other
    assert upload(desk, "", b"")[0] == 422
    assert upload(desk, f"{HOSTILE}.zip", b"x")[1].count(HOSTILE) == 0


def test_what_was_edited_meanwhile_stops_the_import(office: Office) -> None:
    desk = office.desk("administrator")
    _, _, place = upload(desk, "roads.yaml", ROADS.encode())
    send(desk, PIT, **{**FORM, **FAST})

    status, page = send(desk, f"{place}/save", note="приказ")

    assert status == 409
    assert "Пока вы смотрели, это изменили" in page
    assert found(desk, "провал") == []


def test_only_administrators_send_catalogues(office: Office) -> None:
    supervisor = office.desk("supervisor")

    assert upload(supervisor, "roads.yaml", ROADS.encode())[0] == 403
    assert supervisor.status("/catalogue-imports") == 403
    assert office.desk("administrator").status("/catalogue-imports/77") == 404
