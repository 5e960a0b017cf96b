"""A catalogue is downloaded, edited and sent back: shown first, saved with a reason, taken back as a whole."""

from __future__ import annotations

import pytest

from intake109.catalogue import incoming
from intake109.catalogue.packing import LARGEST_BYTES, opened
from intake109.errors import CatalogueError
from intake109.review_ui.catalogue.problems import told
from intake109.review_ui.i18n import LANGUAGES, words
from tests.catalogue.test_packing import packed
from tests.city import CATALOGUE
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
    assert "<b>services/roads.yaml:8</b><span>executor: «nobody» неизвестно. Можно: " in page
    assert "путь ведёт за пределы папки" in other
    assert upload(desk, "", b"")[0] == 422
    assert upload(desk, f"{HOSTILE}.zip", b"x")[1].count(HOSTILE) == 0


def test_everything_that_can_be_wrong_is_told_in_three_languages() -> None:
    """A sentence that nobody has translated would stand there in English."""
    wrong = [
        *problems_of("sphere: roads\nservices:\n  - {ru: а}\n  - {code: x, ru: 1, kk: 2, en: 3, colour: 4}\n"),
        *problems_of(
            "sphere: roads\nservices:\n  - {code: GAS-003, ru: [], kk: '', en: \"\\0\", deadline: 1x, ask: a}\n"
        ),
        *problems_of("sphere: roads\nservices:\n  - {code: ROAD-002, ru: а, kk: б, en: в, ask: [nothing]}\n"),
        *problems_of("sphere: roads\nservices:\n  - {code: ROAD-002, deadline_source: x, ru: а, ru: б, phrases: x}\n"),
        *problems_of("sphere: sky\ngroups: []\n"),
        *problems_of("a: [\n"),
        *problems_of("a: &a b\nc: *a\n"),
        *problems_of("a: " + "[" * 20),
        *problems_of(""),
        *problems_of("roads: {ru: а, kk: б, en: c, retired: x}", "spheres.yaml"),
        *problems_of("Pits: {ru: а, kk: б, en: c}", "asks.yaml"),
        *problems_of("contact_centre: {ru: а, kk: б, en: c, retired: yes}", "executors.yaml"),
        *problems_of("road_service: {ru: а, kk: б, en: c, retired: yes}", "executors.yaml"),
        *refusals(packed({"x.txt": ""}), packed({}), b"x", b"x" * LARGEST_BYTES + b"xx"),
        *refusals(packed({f"services/{i}.yaml": "" for i in range(101)}), packed({"../../asks.yaml": ""})),
    ]

    foreign = [(one.where, one.text) for t in LANGUAGES for one in told(wrong, words(t)) if one.is_foreign]

    assert foreign == []
    assert len(wrong) > 25


def problems_of(text: str, name: str = "roads.yaml") -> list[str]:
    with pytest.raises(CatalogueError) as refused:
        incoming.read(CATALOGUE, opened(name, text.encode()))
    return refused.value.problems


def refusals(*contents: bytes) -> list[str]:
    found = []
    for content in contents:
        with pytest.raises(CatalogueError) as refused:
            opened("c.zip", content)
        found += refused.value.problems
    return found


def test_what_was_edited_meanwhile_stops_the_import(office: Office) -> None:
    desk = office.desk("administrator")
    _, _, place = upload(desk, "roads.yaml", ROADS.encode())
    send(desk, PIT, **{**FORM, **FAST})

    status, page = send(desk, f"{place}/save", note="приказ")

    assert status == 409
    assert "Пока вы смотрели, это изменили" in page
    assert found(desk, "провал") == []


def test_what_is_missing_and_was_edited_meanwhile_is_named_before_it_is_retired(office: Office) -> None:
    desk = office.desk("administrator")
    _, _, place = upload(desk, "roads.yaml", b"sphere: roads\ngroups:\n  all: {ru: a, kk: b, en: c}\n")
    send(desk, PIT, **{**FORM, **FAST})

    status, page = send(desk, f"{place}/save", note="приказ", leave="yes")

    assert status == 409
    assert "Пока вы смотрели, это изменили" in page
    assert 'href="/catalogue/service/ROAD-001"' in page
    assert found(desk, "яма") == ["ROAD-001"]


def test_only_administrators_send_catalogues(office: Office) -> None:
    supervisor = office.desk("supervisor")

    assert upload(supervisor, "roads.yaml", ROADS.encode())[0] == 403
    assert supervisor.status("/catalogue-imports") == 403
    assert office.desk("administrator").status("/catalogue-imports/77") == 404
