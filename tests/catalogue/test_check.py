"""What makes an inspector or the classifier guess is found before it ships."""

from __future__ import annotations

from intake109.catalogue.check import Likeness, Neighbours, Severity, check
from intake109.catalogue.services import TO_BE_CLARIFIED, Catalogue, Danger, Phrases, Service, Words


def _catalogue(*phrases: tuple[str, ...]) -> Catalogue:
    services = {TO_BE_CLARIFIED: _service(TO_BE_CLARIFIED, ())}
    for number, said in enumerate(phrases):
        services[f"ROAD-{number}"] = _service(f"ROAD-{number}", said)
    return Catalogue(services, {}, {}, {}, {})


def _service(code: str, said: tuple[str, ...], danger: Danger = Danger.ORDINARY) -> Service:
    return Service(code, "roads", "", Words(code, code, code), "akimat", danger, "5wd", phrases=Phrases(ru=said))


def _messages(catalogue: Catalogue, severity: Severity) -> list[str]:
    return [str(problem) for problem in check(catalogue) if problem.severity is severity]


def test_one_phrase_in_two_services_is_an_error_however_it_is_spelt() -> None:
    catalogue = _catalogue(("яма на дороге",), ("Yama na doroge!",))

    assert _messages(catalogue, Severity.ERROR) == [
        "error: ROAD-0: «яма на дороге» is also a phrase of ROAD-1: keep it in one"
    ]


def test_phrases_much_alike_are_an_error() -> None:
    catalogue = _catalogue(("асфальт провалился возле пятой школы",), ("асфальт провалился возле шестой школы", "снег"))

    errors = "\n".join(_messages(catalogue, Severity.ERROR))

    assert "«асфальт провалился возле пятой школы» is much like" in errors
    assert "снег" not in errors


def test_a_catalogue_without_the_service_to_be_clarified_is_an_error() -> None:
    catalogue = Catalogue({"ROAD-1": _service("ROAD-1", ("яма",))}, {}, {}, {}, {})

    assert TO_BE_CLARIFIED in _messages(catalogue, Severity.ERROR)[0]


def test_too_few_phrases_are_only_a_warning() -> None:
    warnings = _messages(_catalogue(("яма",)), Severity.WARNING)

    assert any("has 1 phrases in ru: write at least 4" in warning for warning in warnings)


def test_names_much_alike_are_an_error() -> None:
    names = {"ROAD-1": Words("Не вывозят мусор", "а", "b"), "ROAD-2": Words("Не вывозят мусор?", "в", "c")}
    services = {
        code: Service(code, "roads", "", words, "akimat", Danger.ORDINARY, "5wd") for code, words in names.items()
    }

    messages = _messages(Catalogue(services, {}, {}, {}, {}), Severity.ERROR)

    assert any("the name «Не вывозят мусор» is much like «Не вывозят мусор?»" in message for message in messages)


def test_a_phrase_being_typed_is_compared_with_those_of_others_and_with_its_own_list() -> None:
    neighbours = Neighbours(_catalogue(("яма на дороге",), ("снег во дворе", "лёд во дворе")))

    found = neighbours.of("ROAD-1", ["yama na doroge", "снег во дворе", "снег во дворе!", ""])

    assert found == [
        Likeness("yama na doroge", "яма на дороге", "ROAD-0", is_same=True),
        Likeness("снег во дворе!", "снег во дворе", "ROAD-1", is_same=True),
    ]
