"""The words of a message as they are compared: folded, without what only decorates, and which of them must be equal.

A number, a word beside it (a street, an entrance, a lift) or a word that turns the meaning round tells two messages
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
_MARKER = re.compile(
    r"^(?:ул|улиц\w*|пр|просп\w*|пер|переул\w*|мкр\w*|микро?р\w*|кошес\w*|данг\w*|икшам\w*|дом\w*|д|уи\w*|под\w?езд\w*|"
    r"кириберис\w*|кв|квартир\w*|патер\w*|этаж\w*|кабат\w*|лифт\w*|блок\w*|секци\w*|корпус\w*|маршрут\w*|школ\w*|"
    r"мектеп\w*|садик\w*|остановк\w*|аялдам\w*|район\w*|аудан\w*|поселк\w*|ауил\w*|сел\w|угол|перекрест\w*)$"
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


@lru_cache(maxsize=512)
def wording(text: str) -> Wording:
    """Read a message's words; the last few hundred are remembered, for candidates repeat in a storm."""
    plain = _HASHTAG.sub(" ", _LINK.sub(" ", _FORWARDED.sub("", text)))
    told = tuple(word.folded for word in words(plain))
    kept = tuple(word for word in told if word not in _FILLER) or told
    return Wording(kept, frozenset(_exact(kept)), " ".join(kept))


def is_number(word: str) -> bool:
    """Say whether a folded word counts or numbers something, in digits or spelled out."""
    return any(letter.isdigit() for letter in word) or bool(_NUMERAL.match(word))


def turns_round(word: str) -> bool:
    """Say whether a folded word by itself changes what the others mean."""
    return word in _TURNING


def is_marker(word: str) -> bool:
    """Say whether a folded word announces a part of an address: a street, an entrance, a lift."""
    return bool(_MARKER.match(word))


def _exact(told: tuple[str, ...]) -> list[str]:
    """Return the words that are numbers, turn the meaning round, or stand beside a number or a part of an address."""
    tells = [is_marker(word) or any(letter.isdigit() for letter in word) for word in told]
    return [
        word
        for index, word in enumerate(told)
        if is_number(word) or turns_round(word) or (not is_marker(word) and any(tells[max(0, index - 1) : index + 2]))
    ]
