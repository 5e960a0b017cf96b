"""Who fixes what in the demo city: most by the registry, some on their own page, one by link, a builder privately."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake109.appeals.executors import organisations as entering
from intake109.appeals.executors.organisations import CITY, Entry, Place
from intake109.appeals.executors.routing import RouteKind
from intake109.bootstrap import House
from intake109.catalogue.contents import Kind
from intake109.catalogue.overlay import Entry as Seat
from intake109.demo.standin.people import Chat
from intake109.review_ui.catalogue import editing
from intake109.review_ui.parts import announcements_of
from intake109.store import organisations, people

_THROUGH_REGISTRY = {
    "road_service": ("gorzholdor", "ТОО «Горжолдор»", "«Қалажол» ЖШС"),
    "city_lighting": ("gorsvet", "ТОО «Горсвет»", "«Қалажарық» ЖШС"),
    "sewer_utility": ("kanal", "ГКП «Водоотведение»", "«Су бұру» МКК"),
    "improvement": ("tazalyk", "ТОО «Тазалык сервис»", "«Тазалық сервис» ЖШС"),
    "traffic_systems": ("svetofor", "ТОО «Светофор»", "«Бағдаршам» ЖШС"),
    "gas_utility": ("gorgaz", "АО «Горгаз»", "«Қалагаз» АҚ"),
    "emergency_department": ("dchs", "ДЧС города", "Қаланың ТЖД"),
}
_ON_PAGE = {
    "heating_utility": ("teploset", "ТОО «Теплосеть»", "«Жылу желісі» ЖШС"),
    "water_utility": ("vodokanal", "ГКП «Водоканал»", "«Су арнасы» МКК"),
    "power_grid": ("electro", "АО «Электросети»", "«Электр желілері» АҚ"),
    "housing_association": ("osi-all", "Ассоциация ОСИ города", "Қала МИБ қауымдастығы"),
}
_BY_LINK = {"lift_company": ("liftservis", "ТОО «Лифтсервис»", "«Лифтсервис» ЖШС")}
_BY_HAND = {"developer": ("stroyinvest", "ТОО «СтройИнвест»", "«СтройИнвест» ЖШС")}
_BY_WAY = {"registry": _THROUGH_REGISTRY, "page": _ON_PAGE, "telegram": _BY_LINK, "hand": _BY_HAND}
_CURATORS = {
    "deputy_networks": {
        "ru": "Заместитель акима Оспанов Е.",
        "kk": "Әкімнің орынбасары Оспанов Е.",
        "en": "Deputy akim Ospanov",
    },
    "deputy_city": {"ru": "Заместитель акима Ли В.", "kk": "Әкімнің орынбасары Ли В.", "en": "Deputy akim Li"},
}
_OVER_NETWORKS = frozenset((*_ON_PAGE, *_BY_LINK, *_BY_HAND, "sewer_utility", "gas_utility"))
_STREETS = ("ул. Абая", "ул. Ермекова")
CREW = "lifts"
"""The chat into which the crew that works by links gets its letters."""
_CREW_CHAT = str(Chat(CREW, "group", "").chat_id)
WORKS_FOR = "teploset"
"""The organisation of the demo's executor."""


def organise(house: House) -> None:
    """Enter the organisations once, as the administrator of the demo would have; changed ones are left as they are."""
    now = house.clock.now()
    places = announcements_of(house.gazetteer, house.config.city).places
    with house.database.write() as session:
        admin = people.by_login(session, "admin")
        if admin is None or admin.id is None or organisations.is_any(session):
            return
        for code, names in _CURATORS.items():
            seat = Seat(Kind.CURATOR, code, dict(names))
            editing.save(session, house.current.base, seat, None, admin.id, "", now)
        for way, kinds in _BY_WAY.items():
            for kind, (code, ru, kk) in kinds.items():
                curator = "deputy_networks" if kind in _OVER_NETWORKS else "deputy_city"
                entry = Entry(
                    *(kind, ru, kk),
                    way=way,
                    address=_CREW_CHAT if way == "telegram" else "",
                    superior_name="Заместитель акима",
                    is_private=way == "hand",
                    curator=curator,
                )
                _enter(session, code, entry, [CITY], admin.id, now)
        found = [where for line in _STREETS if (where := places.line(line)) is not None]
        streets = [Place(RouteKind.STREET, where.key, name=where.name) for where in found]
        entry = Entry("housing_association", "ОСИ «Центр»", "«Орталық» МИБ", way="page", curator="deputy_networks")
        _enter(session, "osi-centre", entry, streets, admin.id, now)
        executor = people.by_login(session, "executor")
        if executor is not None and executor.id is not None:
            entering.employ(session, executor.id, WORKS_FOR, now, by=admin.id)


def _enter(session: Session, code: str, entry: Entry, places: list[Place], user_id: int, now: datetime) -> None:
    entering.save(session, code, entry, user_id, now, is_new=True)
    for place in places:
        entering.answer_for(session, code, place, user_id, now)
