"""The words around places, folded: what announces a street, what follows a house, what a number may count instead."""

from __future__ import annotations

import re
from functools import lru_cache

from intake109.catalogue.text import fold


def folded(*told: str) -> frozenset[str]:
    return frozenset(word for line in told for word in fold(line).split())


BEFORE_STREET = folded(
    "ул улица улице улицу улицы улиц пр проспект проспекте просп пер переулок переулке проезд проезде тупик тупике",
    "бульвар бульваре бр шоссе ulica",
)
AFTER_STREET = re.compile(
    r"^(кошес|кош$|кошед|данг[и]л|даннгил|прос?пект|тракт\w{0,2}$|кошеси|переул|проезд$|булвар|тупик$|стрет$)"
)
BRIEF = folded("ул пр пер бр просп")
"""Said for nothing but a street: behind it a name may stand in small letters."""
_WAYS = (
    ("lane", re.compile(r"^пер(?:еул\w*)?$")),
    ("drive", re.compile(r"^проезд\w*$")),
    ("dead_end", re.compile(r"^тупик\w*$")),
)
HOUSE_WORD = folded("дом дома д доме домом үй уй ui dom номер no корпус")
NEAR = folded("возле около у рядом жанында")
AT = folded("на по возле у около напротив адрес адресу мына угол рядом остановка жк")
ORDINAL = folded("й ый ой ші шы ш")
TITLE = folded("батыр жырау хан би ата ана")
MICRODISTRICT = re.compile(r"^(мкр\w*|микро?р\w*|микрораион\w*|икшам\w*|икшамаудан\w*|м)$")
NUMBERED = re.compile(r"^(\d{1,3})(?:и|ои|ии|ши|ш|инши)?$")
HOUSE = re.compile(
    r"^(\d{1,3})([абвгд]?)"
    r"(?:да|де|та|те|даг\w*|тег\w*|дег\w*|таг\w*|тин|дин|нин|ди|ти|ден|дан|тен|тан|г[аеи]|ка|ке)?$"
)
_CASE_KK = re.compile(r"(?:[днт]инг?|[дт][ае]ги?|[дт][ае])$")
_CASE_RU = re.compile(r"(?:ого|его|ому|ими|ами|ои|еи|[иа]х|[аеиоуюя])$")
_LONG_CASE_RU = re.compile(r"(?:[ое]в|[ое]м)$")
_LEAST_BARE, _LEAST_LONG = 3, 5
AMOUNTS = re.compile(
    r"^(лет|год|час|мин|раз|руб|тг|тенг|тисяч|млн|процент|градус|человек|литр|метр|кг|дне|день|кун|апта|аи$|меся|недел|"
    r"сагат|жил$|жилд|болд|июл|январ|феврал|март|апрел|мая|август|сентябр|октябр|ноябр|декабр)"
)
UNITS = re.compile(
    AMOUNTS.pattern[:-1] + r"|маршрут|автобус|этаж|кабат|школ|мектеп|сад|балабак|подезд|кв|патер|мкр|микро|икшам|"
    r"клас|синип|поликл|емхан|болниц|адам|бала|деген|гимназ|лице)"
)
NO_NAME = re.compile(
    r"^(?:(?:тунг|кешк|танг|танертен|ноч|утр|вечер|школ|мектеп|подезд|этаж|кабат|квартир|патер|маршрут|автобус|номер|"
    r"садик|балаб|лице|гимн|поликл|емхан|болн|после|через|кажд|около|бизде|кунде|сагат|минут|врем|отряд|закон|здрав|"
    r"добр|салем|микро|икшам|остал[оаи]с|минус|плюс|температур|перекрест|розетк|парол|ошибк|пробк|оценк|комнат|кабинет|"
    r"палат|аудитор|корпус|участ|форм|размер|режим|рейс|канал|магазин|кнопк|банк|проект|жобад|факт|зимои|жазда|лето|"
    r"градус|справк|анитам|приказ|статя|пункт|част|групп|сынып|клас|соседн|централн|наш|баскар|болим|блок|скор|скидк|полк|возраст|"
    r"барлик|бари|орталик|корши|жана|весн|осен|ертен|бугин|кеше|"
    r"января|феврал|март|апрел|июн|июл|август|сентябр|октябр|ноябр|декабр)\w*|"
    r"дом|дома|доме|кв|уи|уиде|сад|уже|час|все|всего|вся|весь|вес|лет|год|ст|у|мен|бул|осы|мина|и|в|за|на|по|до|с|не|ни|"
    r"как|бала|мкр|маг|кафе|рс|зп|тел|без|под|над|нас|вас|их|перед|между|или|если|когда|где|есть|ест|нет|жок|хоть|хот|они|оне|из|"
    r"от|ко|к|о|об|при|про|для|уш|бир|бир|букил|бизди|биздин|сиздин|одна|один|одного|одно|только|толко|двор|ещё|еще|пол|"
    r"более|болше|менше|около|почти|примерно|дней|дня|ден|кун|права|ограничение|диапазон)$"
)
STREET_ENDING = re.compile(r"(ова|ева|ина|ого|ская|ская|ои|ая|ова|ов|ев|ла|ля|ка|на|ба|за|еи|ди|да|ира|нова|ик|ин)$")
LANDMARKS = (
    ("школа", re.compile(r"^(школ\w*|мектеп\w*|сош)$")),
    ("гимназия", re.compile(r"^гимнази\w*$")),
    ("лицей", re.compile(r"^лице\w*$")),
    ("детский сад", re.compile(r"^(садик\w*|детсад\w*|балабакша\w*|яс\w*сад)$")),
    ("поликлиника", re.compile(r"^(поликлин\w*|емхана\w*)$")),
    ("больница", re.compile(r"^(болниц\w*|аурухана\w*)$")),
)
ENTRANCE = re.compile(r"^(под\w?езд\w*|кириберис\w*)$")
QUOTED = re.compile(r"[«\"“]([^«»\"“”\n]{2,40})[»\"”]")
BETWEEN = re.compile(r"^\s*[-–—/]\s*$")


FLAT = re.compile(r"^(?:кв|квартир\w*|патер\w*)$")
ADJECTIVE = re.compile(r"(?:[ая]я|[ое]е|ои|[внктрлшчж]и)$")
"""A name that ends so may be any word before a noun: "школьная форма", "северный ветер"."""


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return a name without its endings: Абай, Абая and Абайда become "аба", Ержанов and Ержанова "ержан".

    Cut until nothing more comes off, so that a name and its every case end at the same letters.
    """
    bare, least = word, _LEAST_BARE
    while True:
        shorter = _CASE_KK.sub("", bare) if len(bare) > _LEAST_LONG else bare
        shorter = _cut(_CASE_RU, shorter, least)
        shorter = _LONG_CASE_RU.sub("", shorter) if len(shorter) > _LEAST_LONG else shorter
        if shorter == bare:
            return bare
        bare, least = shorter, _LEAST_BARE + 1


def _cut(ending: re.Pattern[str], word: str, least: int) -> str:
    """Return a word without an ending, unless fewer than `least` letters would be left: then without one vowel."""
    shorter = ending.sub("", word)
    if len(shorter) >= least:
        return shorter
    return word


ORDINARY = frozenset(
    map(
        stem,
        folded(
            "мира победы дружба дружбы строителей республики труда достық наурыз тәуелсіздік восток береке самал",
            "орбита аэропорт мектеп школа юность свобода свободы единство бірлік бейбітшілік жастар желтоқсан",
            "революции октября мая заря весна сортировка орталық көктем шаңырақ алаш арман нұр",
        ),
    )
)
"""Names of streets and districts that are words of the language as well."""


def bare_name(name: str) -> list[str]:
    """Return the folded words of a street's or district's name without what only says that it is one."""
    return [
        part
        for part in fold(name).split()
        if part not in BEFORE_STREET and not AFTER_STREET.match(part) and (part == "м" or not MICRODISTRICT.match(part))
    ]


def way_of(word: str) -> str:
    """Return what sort of street a folded word tells, where that tells two apart; empty for улица and проспект."""
    return next((way for way, pattern in _WAYS if pattern.match(word)), "")
