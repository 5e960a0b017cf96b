"""What can be switched off: the usual things, each with the words that tell it and the services citizens' words get."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from intake109.catalogue.services import Catalogue, Words


@dataclass(frozen=True, slots=True)
class Utility:
    """Something that is switched off now and then.

    Attributes:
        service: the code of the catalogue that stands for it; `group` is its group.
        beside: codes outside the service's group under which citizens ask about it, too.
        off: what is the matter, as it follows "по адресу …:".
    """

    name: str
    service: str
    group: str
    told: re.Pattern[str]
    off: Words
    beside: tuple[str, ...] = ()


def _told(*words: str) -> re.Pattern[str]:
    """Match any of the words, but for streets named after them: Электровозная, Тепличная."""
    return re.compile(r"(?<!ул\.)(?<!ул\.\s)(?<!улица\s)(?:" + "|".join(words) + ")", re.IGNORECASE)


_SUPPLY = r"(?:снабжени\w*|подач\w*)"
UTILITIES = (
    Utility(
        "hot_water",
        "HEAT-026",
        "heating.hot_water",
        _told(
            r"горяч\w*(?:\s+и\s+холодн\w*)?\s+вод\w*",
            r"горячего\s+(?:и\s+холодного\s+)?водоснабжени\w*",
            r"\bгвс\b",
            r"ыстық\s+су\w*",
        ),
        Words("нет горячей воды", "ыстық су жоқ", "no hot water"),
        ("HEAT-044", "HEAT-047"),
    ),
    Utility(
        "cold_water",
        "WATER-005",
        "water.outage",
        _told(
            r"холодн\w*(?:\s+и\s+горяч\w*)?\s+вод\w*",
            r"холодного\s+(?:и\s+горячего\s+)?водоснабжени\w*",
            r"\bхвс\b",
            r"(?:суық|салқын|ауыз)\s+су\w*",
            r"(?<!горячего\s)водоснабжени\w*",
            r"(?<!горячей\s)\bбез\s+воды\b",
            r"(?:подач\w*|отключени\w*|подключат?|отключат?)\s+воды\b",
            r"\bводу\b",
            r"\bвод[ыа]\b",
            r"сумен\s+(?:жабдықтау|қамт)\w*",
            r"(?<!ыстық )\bсу\s+(?:беру|берілмейді|болмайды|тоқтат|өшір|жоқ)\w*",
        ),
        Words("нет холодной воды", "суық су жоқ", "no cold water"),
    ),
    Utility(
        "electricity",
        "POWER-005",
        "electricity.outage",
        _told(
            r"электро\w*",
            r"электр(?:\s*энерги\w*|\s+жарығ\w*|мен|\b)",
            r"эл\.?\s*энерги\w*",
            r"\bсвет(?:а|у|ом)?\b",
            r"жарық\w*",
        ),
        Words("нет электричества", "электр жарығы жоқ", "no electricity"),
    ),
    Utility(
        "heating",
        "HEAT-003",
        "heating.supply",
        _told(r"отоплени\w*", rf"тепло{_SUPPLY}", r"\bтепл(?:а|о|у)\b", r"теплоэнерги\w*", r"жылу\w*", r"жылыт\w*"),
        Words("нет отопления", "жылу жоқ", "no heating"),
        ("HEAT-044", "HEAT-032"),
    ),
    Utility(
        "gas",
        "GAS-012",
        "gas.supply",
        _told(r"\bгаз(?:а|у|ом|\b)", rf"газо{_SUPPLY}", r"газбен", r"газ\s+беру"),
        Words("нет газа", "газ жоқ", "no gas"),
    ),
    Utility(
        "internet",
        "COMM-001",
        "communications.internet",
        _told(r"интернет\w*", r"услуг\w*\s+связи"),
        Words("нет интернета", "интернет жоқ", "no internet"),
    ),
    Utility(
        "telephone",
        "COMM-014",
        "communications.phone_tv",
        _told(r"телефонн\w*\s+связ\w*", r"стационарн\w*\s+телефон\w*", r"телефон\s+байланыс\w*"),
        Words("нет телефонной связи", "телефон байланысы жоқ", "no telephone"),
    ),
    Utility(
        "lifts",
        "LIFT-006",
        "lifts.stopped",
        _told(r"лифт\w*"),
        Words("не работает лифт", "лифт істемей тұрған", "no lift"),
    ),
    Utility(
        "street_lamps",
        "LIGHT-001",
        "lighting.street",
        _told(r"(?:уличн|наружн)\w*\s+освещени\w*", r"көше(?:ні)?\s+жарықтандыру\w*"),
        Words("нет уличного освещения", "көше шамдары жанбайды", "no street lighting"),
    ),
)
"""In the order in which their words are looked for: "горячая вода" is no "вода"."""

BY_NAME = {one.name: one for one in UTILITIES}
_BY_SERVICE = {one.service: one for one in UTILITIES}


def told_in(text: str) -> tuple[list[str], str]:
    """Return the services that a text says are switched off, and the text with those words blanked out."""
    found: list[str] = []
    for one in (BY_NAME["street_lamps"], *UTILITIES):
        matches = list(one.told.finditer(text))
        if matches and one.service not in found:
            found.append(one.service)
        both = any("горяч" in match[0].lower() and "холодн" in match[0].lower() for match in matches)
        if both:
            found += [name for name in ("HEAT-026", "WATER-005") if name not in found]
        for match in matches:
            text = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
    return found, text


def in_use(services: Iterable[str], catalogue: Catalogue) -> list[str]:
    """Return services as a centre's own catalogue has them: for one it has retired the first of its group or sphere."""
    found: list[str] = []
    for code in services:
        if catalogue.get(code) is not None:
            found.append(code)
            continue
        retired, usual = catalogue.known(code), _BY_SERVICE.get(code)
        group = retired.group if retired else (usual.group if usual else "")
        near = [one.code for one in catalogue.services.values() if one.group == group]
        near += [one.code for one in catalogue.services.values() if group and one.sphere == group.split(".")[0]]
        found += near[:1]
    return list(dict.fromkeys(found))


def family(services: Iterable[str], catalogue: Catalogue) -> list[str]:
    """Return all codes under which citizens may ask about these services: their groups', and those kept beside."""
    chosen = list(services)
    groups = {service.group for code in chosen if (service := catalogue.known(code)) is not None}
    beside = {code for one in chosen if one in _BY_SERVICE for code in _BY_SERVICE[one].beside}
    found = {code for code, service in catalogue.services.items() if service.group in groups}
    return sorted(found | beside | set(chosen))


def offered(catalogue: Catalogue, chosen: Collection[str] = ()) -> list[str]:
    """Return the services a form offers: the usual ones this catalogue has, and those chosen already."""
    usual = [one.service for one in UTILITIES if catalogue.get(one.service) is not None]
    return [*usual, *(code for code in chosen if code not in usual)]


def off(services: Iterable[str], catalogue: Catalogue, language: str) -> str:
    """Return what is the matter, in a language: "нет горячей воды, нет отопления"."""
    told = (
        _BY_SERVICE[code].off.of(language) if code in _BY_SERVICE else catalogue.service_name(code, language).lower()
        for code in services
    )
    return ", ".join(dict.fromkeys(told))


def service_told(text: str, catalogue: Catalogue) -> list[str]:
    """Return the services a cell of a table names: codes, or words such as "горячая вода, свет"."""
    parts = [part.strip() for part in re.split(r"[,;/+]", text) if part.strip()]
    if parts and all(catalogue.get(part.upper()) is not None for part in parts):
        return [part.upper() for part in parts]
    found, _rest = told_in(text)
    if not found and re.fullmatch(r"\s*(?:вода|су)\s*", text, re.IGNORECASE):
        found = ["WATER-005"]
    return in_use(found, catalogue)
