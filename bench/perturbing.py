"""What happens to a message on its way to us a second time, and what makes it another message. Seeded by the text."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Change = Callable[[str, random.Random], tuple[str, str]]
"""Gives the first message and the second one, both made of one base message."""

_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі",
        re.findall(
            r"\S+", "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya a g k n o u u h i"
        ),
        strict=True,
    )
)
_BARE = str.maketrans("әғқңөұүһіӘҒҚҢӨҰҮҺІ", "агкноуухиАГКНОУУХИ")
_STREETS = ("Панфилова", "Тимирязева", "Новосёлов", "Ауэзова", "Баженова", "Сакена", "Курчатова", "Мичурина")


def _typo(text: str, chance: random.Random) -> str:
    """Swap, drop, double or replace a letter of a word of four letters or more."""
    words = list(re.finditer(r"[^\W\d_]{4,}", text))
    match = chance.choice(words)
    at = chance.randrange(match.start(), match.end() - 1)
    how = chance.randrange(4)
    middle = (text[at + 1] + text[at], text[at + 1], text[at] * 2 + text[at + 1], "о" + text[at + 1])[how]
    return text[:at] + middle + text[at + 2 :]


def _typos(number: int) -> Change:
    def change(text: str, chance: random.Random) -> tuple[str, str]:
        other = text
        for _ in range(number):
            other = _typo(other, chance)
        return text, other

    return change


def _in_latin(text: str) -> str:
    told = "".join(_LATIN.get(letter, letter) for letter in text.lower())
    return told.replace("_", "")


def _other_house(text: str, chance: random.Random) -> tuple[str, str]:
    number = max(re.findall(r"\d+", text), key=len)
    return text, text.replace(number, str(int(number) + chance.choice((1, 2, 10))), 1)


def _other_street(text: str, chance: random.Random) -> tuple[str, str]:
    house = re.search(r"\d+", text)
    assert house is not None
    return text, f"{chance.choice(_STREETS)} {text[house.start() :]}"


def _ending(one: str, other: str) -> Change:
    return lambda text, _: (f"{text}, {one}", f"{text}, {other}")


def _turned(text: str, chance: random.Random) -> tuple[str, str]:
    words = text.split(" ")
    at = chance.randrange(len(words) // 2, len(words))
    return text, " ".join((*words[:at], "не", *words[at:]))


SAME: dict[str, Change] = {
    "word for word": lambda text, _: (text, text),
    "case and marks": lambda text, _: (text, text.upper().replace(",", " ") + "!!!"),
    "emoji": lambda text, chance: (text, f"{chance.choice('😡🔥🆘')} {text} 🙏🙏"),
    "hashtags": lambda text, _: (text, f"{text} #Караганда #ЖКХ @city109_bot"),
    "forward's header": lambda text, _: (text, f"Переслано от: Соседи по дому\n{text}"),
    "copy's header": lambda text, _: (text, f"[12.11.2026, 10:30] Асель: {text}"),
    "greeting": lambda text, _: (text, f"Здравствуйте! {text} Помогите пожалуйста"),
    "Latin letters": lambda text, _: (text, _in_latin(text)),
    "no Kazakh letters": lambda text, _: (text, text.translate(_BARE).replace("ё", "е")),
    "one typo": _typos(1),
    "two typos": _typos(2),
    "three typos": _typos(3),
    "cut by a fifth": lambda text, _: (text, text[: int(len(text) * 0.8)]),
}
OTHER: dict[str, Change] = {
    "other house": _other_house,
    "other street": _other_street,
    "other entrance": _ending("подъезд 2", "подъезд 3"),
    "other entrance in words": _ending("второй подъезд", "третий подъезд"),
    "other floor": _ending("на девятом этаже", "на десятом этаже"),
    "other flat": _ending("кв. 15", "кв. 51"),
    "other lift": _ending("лифт грузовой 1", "лифт грузовой 2"),
    "other day": _ending("в понедельник", "в субботу"),
    "other time": _ending("с 9:00", "с 18:30"),
    "turned round": _turned,
    "something more": _ending("уже неделю", "уже неделю, и соседу угрожают"),
}


def changed(name: str, text: str) -> tuple[str, str]:
    """Return the first message and the second one by the name of what happens."""
    return (SAME | OTHER)[name](text, random.Random(f"{name}:{text}"))


def crowd(base: list[str], number: int) -> list[str]:
    """Return messages of a city: what `base` complains of, at other houses; each once."""
    chance = random.Random(109)
    problems = [re.sub(r"^.*?\d+\w*,?\s*", "", text) for text in base]
    streets = [match[1] for text in base if (match := re.match(r"([А-ЯӘҒҚҢӨҰҮҺІ][\w-]+)", text))]
    found: dict[str, None] = {}
    while len(found) < number:
        house = chance.randrange(1, 400)
        found[f"{chance.choice(streets)} {house}, {chance.choice(problems)}"] = None
    return list(found)
