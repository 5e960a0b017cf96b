"""The words around places, folded: what announces a street, what follows a house, what a number may count instead."""

from __future__ import annotations

import re
from functools import lru_cache

from intake109.catalogue.text import fold


def folded(*told: str) -> frozenset[str]:
    return frozenset(word for line in told for word in fold(line).split())


BEFORE_STREET = folded(
    "ул улица улице улицу улицы улиц пр проспект проспекте просп пер переулок переулке бульвар бр шоссе ulica"
)
AFTER_STREET = re.compile(r"^(кошес|кош$|кошед|данг[и]л|даннгил|прос?пект|тракт|кошеси)")
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
_CUT_ENDING = re.compile(r"(?:динг?|нинг?|даги?|деги?|да|де|та|те)$")
AMOUNTS = re.compile(
    r"^(лет|год|час|мин|раз|руб|тг|тенг|тисяч|млн|процент|градус|человек|литр|метр|кг|дне|день|кун|апта|аи$|меся|недел|"
    r"сагат|жил$|жилд|болд|июл|январ|феврал|март|апрел|мая|август|сентябр|октябр|ноябр|декабр)"
)
UNITS = re.compile(
    AMOUNTS.pattern[:-1] + r"|маршрут|автобус|этаж|кабат|школ|мектеп|сад|балабак|подезд|кв|патер|мкр|микро|икшам|"
    r"клас|синип|поликл|емхан|болниц|адам|бала|деген|гимназ|лице)"
)
NO_NAME = re.compile(
    r"^(тунг|кешк|танг|танертен|ноч|утр|утром|вечер|школ|мектеп|дом|подезд|этаж|кабат|кв$|квартир|патер|маршрут|автобус|номер|уи|сад|балаб|лице|гимн|поликл|емхан|"
    r"болн|уже|после|через|кажд|около|бизде|кунде|сагат|час|минут|врем|все|всего|блок|отряд|лет|год|статя|ст|"
    r"закон|здрав|добр|салем|у|мен|бул|осы|мина|и|в|за|на|по|до|с|не|как|бала|мкр|микро|икшам|маг|кафе|рс|зп|тел)"
)
STREET_ENDING = re.compile(r"(ова|ева|ина|ого|ская|ская|ои|ая|ова|ов|ев|ла|ля|ка|на|ба|за|еи|ди|да|ира|нова|ик|ин)$")
LANDMARKS = (
    ("школа", re.compile(r"^(школ\w*|мектеп\w*|сош)$")),
    ("гимназия", re.compile(r"^гимнази\w*$")),
    ("лицей", re.compile(r"^лице\w*$")),
    ("детский сад", re.compile(r"^(садик\w*|детсад\w*|балабакша\w*|яс\w*сад)$")),
    ("поликлиника", re.compile(r"^(поликлин\w*|емхана\w*)$")),
    ("больница", re.compile(r"^(болниц\w*|аурухана\w*)$")),
    ("подъезд", re.compile(r"^(под\w?езд\w*|кириберис\w*)$")),
)
QUOTED = re.compile(r"[«\"“]([^«»\"“”\n]{2,40})[»\"”]")
BETWEEN = re.compile(r"^\s*[-–—/]\s*$")


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return a name without its ending: Абай, Абая and Абайда become "аба", Ержанов and Ержанова "ержан"."""
    bare = _CUT_ENDING.sub("", word) if len(word) > 5 else word
    bare = re.sub(r"(?:ого|еи|ои|[аеиоуюя])$", "", bare) if len(bare) > 3 else bare
    bare = re.sub(r"[аеиоуюя]$", "", bare) if len(bare) > 4 else bare
    return re.sub(r"(?:ов|ев)$", "", bare) if len(bare) > 5 else bare
