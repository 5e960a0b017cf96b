"""The words of a message as they are compared: folded, without what only decorates, and which of them must be equal.

A number, a street's name or a word that turns the meaning round tells two messages
apart however alike the rest is. A typo in any other word does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from intake109.catalogue.text import fold, words

_LINK = re.compile(r"(?:https?://|www\.)\S+|@[\w.]+", re.IGNORECASE)
_HASHTAG = re.compile(r"#(?=[^\d\s#]*(?:[\s#]|$))\S+")
"""A tag with a number in it may hold the address, so it stays."""
_FORWARDED = re.compile(
    r"^\s*(?:(?:переслан\w*|forwarded|қайта жібер\w*)[^\n]*(?:\n|$)"
    r"|\[\d[\d.,:\s/]*\][^\n:]{0,60}:\s*"
    r"|>+\s*)+",
    re.IGNORECASE,
)
"""What messengers write above a quoted or copied message: its sender and its date, "[12.11.2026 10:30] Асель:"."""
_NUMERAL = re.compile(
    r"^(?:один|одна|одно|одно|два|две|двум|двух|три|трех|четир|пят|шест|сем|седм|восем|восм|девят|десят|перв|втор|трет|"
    r"двадц|тридц|сорок|полтор|оба|обе|бир|еки|екин|уш|торт|бес|алт|жети|сегиз|тогиз|он|жиирм|жирм|отиз|кирик|елу|"
    r"one|two|three|four|five|six|seven|eight|nine|ten|first|second|third)"
)
_TURNING = frozenset(
    fold(
        "не нет ни без нету жоқ емес жок эмес уже снова опять больше только дали есть был была было были бар келді "
        "not no again already now"
    ).split()
)
"""Words that turn round what is said: "света нет" and "свет есть" are not the same message."""
_FILLER = frozenset(
    fold(
        "пожалуйста срочно помогите помоги прошу просим здравствуйте здравствуй добрый салем салам "
        "сәлеметсіз бе сәлем өтінемін өтінеміз көмектесіңіз көмектесіңіздерші жедел рахмет спасибо внимание репост "
        "максимальный перепост help please urgent hello и а вот ну же all"
    ).split()
)
_STREET = re.compile(
    r"^(?:ул|улиц\w*|пр|просп\w*|пер|переул\w*|мкр\w*|микро?р\w*|кошес\w*|данг\w*|икшам\w*|район\w*|аудан\w*|"
    r"поселк\w*|ауил\w*|сел\w|угол|перекрест\w*|маршрут\w*|автобус\w*)$"
)
_PART = re.compile(
    r"^(?:дом\w*|д|уи\w*|под\w?езд\w*|кириберис\w*|кв|квартир\w*|патер\w*|этаж\w*|кабат\w*|блок\w*|секци\w*|корпус\w*)$"
)


@dataclass(frozen=True, slots=True)
class Wording:
    """A message's words in order; those at `exact` must stand in the other message as they are."""

    words: tuple[str, ...]
    exact: frozenset[str]
    line: str

    @property
    def says_something(self) -> bool:
        """Whether it is long enough to be recognised: shorter ones are alike by chance."""
        return len(self.words) >= 3 and len(self.line) >= 14


@lru_cache(maxsize=4_096)
def wording(text: str) -> Wording:
    """Read a message's words; the last few thousand are remembered, for candidates repeat in a storm."""
    plain = _HASHTAG.sub(" ", _LINK.sub(" ", _FORWARDED.sub("", text)))
    told = tuple(word.folded for word in words(plain))
    kept = tuple(word for word in told if word not in _FILLER) or told
    return Wording(kept, frozenset(_exact(kept)), " ".join(kept))


@lru_cache(maxsize=32_768)
def is_number(word: str) -> bool:
    """Say whether a folded word counts or numbers something, in digits or spelled out."""
    return any(letter.isdigit() for letter in word) or bool(_NUMERAL.match(word))


def turns_round(word: str) -> bool:
    """Say whether a folded word by itself changes what the others mean."""
    return word in _TURNING


@lru_cache(maxsize=32_768)
def is_marker(word: str) -> bool:
    """Say whether a folded word announces a part of an address: a street, a house, an entrance."""
    return bool(_STREET.match(word) or _PART.match(word))


@lru_cache(maxsize=32_768)
def _is_street(word: str) -> bool:
    return bool(_STREET.match(word))


def _exact(told: tuple[str, ...]) -> list[str]:
    """Return the words that are numbers, turn the meaning round, or name a street: beside its sort, before a house."""
    found = []
    for index, word in enumerate(told):
        beside = told[max(0, index - 1) : index] + told[index + 1 : index + 2]
        is_before_house = index + 1 < len(told) and told[index + 1][0].isdigit()
        is_name = not is_marker(word) and (is_before_house or any(map(_is_street, beside)))
        if is_name or is_number(word) or turns_round(word):
            found.append(word)
    return found
