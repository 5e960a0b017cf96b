"""Whether words are a yes or a no to "is it solved?". Pure, and careful: what is not plainly either a person reads."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")
_MOST_OF_YES = 8
"""More words hold more than a yes: often the next problem."""
_MOST_OF_NO = 40
_MOST_OF_SHORT = 5
_ASSENT = frozenset(
    {"да", "ага", "угу", "иә", "ия", "ие", "ийә", "yes", "yep", "yeah", "ok", "ок", "окей", "da", "ia", "iya", "решено"}
)
_DENIAL = frozenset({"нет", "неа", "жоқ", "жок", "no", "nope", "net", "njet", "zhok", "jok", "joq"})
_SPOILING = _DENIAL | {"не", "плохо", "емес", "нашар", "not"}
"""With these among its words a yes is none."""
_FOLLOWING = frozenset({"не", "ещё", "еще", "пока", "спасибо", "рахмет", "все", "всё", "бәрі", "thank", "thanks"})
"""What may follow a yes or a no without a comma."""
_SOLVED = (
    "решен|решил|сделан|сделал|исправ|почин|устран|заделал|заделан|отремонт|помогл|шешілді|шешилди|жасалды|жөнделді|"
    "жонделди|жөндеді|істелді|орындалды|solved|fixed|repaired|resolved"
)
_YES_VERB = re.compile(rf"\b(?:{_SOLVED})\w*", re.IGNORECASE)
_NOT_DONE = re.compile(
    rf"\b(?:не|not|never|isn'?t|wasn'?t|hasn'?t)\s+(?:{_SOLVED}|приех|приход|измен|реша)\w*"
    r"|\b(?:ничего|так и|никто) не\s+\w+|\bпо[- ]прежнему\b|\bвс[её] так же\b|\bбез изменений\b"
    r"|\b(?:шешілме|шешилме|жасалма|жөнделме|жонделме|жөндеме|істелме|орындалма|өзгерме|келме)\w*"
    r"|\b(?:бұрынғыдай|әлі де|сол күйі)\b",
    re.IGNORECASE,
)
_BUT = re.compile(
    r"\b(?:но|однако|только вот|зато|бірақ|бирак|but|however|ещё|еще|тағы|also|теперь|енді)\b", re.IGNORECASE
)
_NONE_LEFT = re.compile(
    r"^\W*(?:нет|no)\s+(?:проблем|вопрос|претенз|problem|question)|\b(?:больше|уже)\s+нет\b", re.IGNORECASE
)


def said(text: str) -> bool | None:
    """Return True for a yes, False for a no, None for anything else: thanks alone, both, neither, a question.

    "Нет света" is no answer but the commonest news there is: a no stands alone or before a comma, or a few words say
    that nothing was done. A yes with a "but", or followed by much more, is None: a second problem must not be closed
    with the first.
    """
    low = text.casefold().replace("\u0301", "").strip()
    words = _WORD.findall(low)
    if not words or "?" in low or _NONE_LEFT.search(low):
        return None
    first = words[0] if _stands_apart(low, words) else ""
    is_short = len(words) <= _MOST_OF_SHORT and not any(letter.isdigit() for letter in low)
    is_not_done = _NOT_DONE.search(low) is not None
    is_done = _YES_VERB.search(_NOT_DONE.sub(" ", low)) is not None
    if first in _DENIAL:
        return False if len(words) <= _MOST_OF_NO else None
    if is_not_done:
        return False if is_short and not is_done and first not in _ASSENT else None
    affirms = first in _ASSENT or (is_short and is_done)
    if not affirms or _BUT.search(low) or _SPOILING.intersection(words):
        return None
    return True if len(words) <= _MOST_OF_YES else None


def _stands_apart(low: str, words: list[str]) -> bool:
    """Whether the first word is said by itself: alone, before a mark or a line's end, or before another such word."""
    rest = low[low.index(words[0]) + len(words[0]) :]
    if len(words) == 1 or re.match(r"\s*[^\w\s]|\s*\n", rest):
        return True
    return words[1] in _FOLLOWING | _ASSENT | _DENIAL
