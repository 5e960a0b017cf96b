"""A catalogue small enough to be learnt within a second."""

from __future__ import annotations

from dataclasses import replace

from intake109.catalogue.reading import lesson_version
from intake109.catalogue.services import Catalogue, Danger, Phrases, Service, Words


def _service(code: str, sphere: str, names: Words, phrases: Phrases, danger: Danger = Danger.ORDINARY) -> Service:
    return Service(code, sphere, "", names, "akimat", danger, "5wd", phrases=phrases)


_SERVICES = (
    _service(
        "ROAD-001",
        "roads",
        Words("Яма на дороге", "Жолдағы шұңқыр", "Pothole"),
        Phrases(
            (
                "яма на Абая, колесо пробил",
                "выбоина посреди дороги",
                "заделайте яму в асфальте",
                "асфальт весь в дырах",
            ),
            ("жолда үлкен шұңқыр бар", "асфальт ойылып қалған", "шұңқырды қашан жамайсыздар"),
            ("yama na doroge", "zholda shunkyr bar"),
        ),
    ),
    _service(
        "ROAD-002",
        "roads",
        Words("Снег на дороге не убран", "Жолдың қары тазаланбаған", "Road not cleared of snow"),
        Phrases(
            (
                "снег не чистят неделю",
                "дорогу замело, не проехать",
                "когда почистят снег на улице",
                "гололёд, посыпьте",
            ),
            ("қар тазаламайды", "жолда қар қалың, көлік жүре алмайды", "көшеде мұз, құм себіңіздер"),
        ),
    ),
    _service(
        "SEWER-001",
        "sewerage",
        Words("Открытый люк", "Ашық люк", "Open manhole"),
        Phrases(
            ("люк без крышки", "открытый колодец у дома", "крышку люка украли", "ребёнок чуть не упал в люк"),
            ("люктің қақпағы жоқ", "құдықтың аузы ашық тұр", "бала құдыққа түсіп кете жаздады"),
            ("lyuk bez kryshki",),
        ),
        Danger.LIFE,
    ),
    _service(
        "SEWER-002",
        "sewerage",
        Words("Засор канализации", "Кәріз бітелген", "Blocked sewer"),
        Phrases(
            (
                "канализация забита, воняет",
                "в подвале стоки",
                "засор, вода не уходит",
                "из колодца течёт фекальная вода",
            ),
            ("кәріз бітеліп қалды", "жертөледе лас су", "кәріз суы көшеге ағып жатыр"),
        ),
    ),
    _service(
        "WASTE-001",
        "waste",
        Words("Не вывозят мусор", "Қоқыс шығарылмайды", "Rubbish is not collected"),
        Phrases(
            ("мусор не вывозят третий день", "баки переполнены", "контейнеры полные, крысы", "когда заберут мусор"),
            ("қоқысты алып кетпейді", "жәшіктер толып кетті", "қоқыс қашан шығарылады"),
            ("musor ne vyvozyat", "qoqys tolyp ketti"),
        ),
    ),
    _service(
        "HEAT-001",
        "heating",
        Words("Холодно в квартире", "Пәтер суық", "Cold flat"),
        Phrases(
            ("батареи холодные", "отопление не дали, мёрзнем", "в квартире 14 градусов", "когда будет тепло"),
            ("батарея суық", "үйде жылу жоқ", "жылу қашан беріледі", "балалар тоңып отыр"),
            ("batareya suyq",),
        ),
    ),
)

_EXAMPLES = {
    "thanks": (
        "спасибо за быструю работу",
        "рахмет сіздерге",
        "благодарим, всё сделали",
        "спасибо, яму засыпали",
        "көп рахмет",
    ),
    "spam": (
        "заработок на дому, пишите в директ",
        "скидки на окна, звоните",
        "продам гараж недорого",
        "займ без отказа",
    ),
    "chat": (
        "всем доброе утро",
        "какая красивая погода",
        "қайырлы таң достар",
        "кто смотрел вчера матч",
        "ахаха смешно",
    ),
}


def small_catalogue() -> Catalogue:
    """Return six services of five spheres, and a few texts that are no appeals."""
    bare = Catalogue(
        services={service.code: service for service in _SERVICES},
        groups={},
        spheres={},
        executors={},
        asks={},
        examples=_EXAMPLES,
        calm=(("сегодня открытый урок", "chat"), ("люк закрыли, спасибо", "thanks")),
    )
    return replace(bare, lesson=lesson_version(bare))
