"""Whether words are a yes or a no to "is it solved?". Pure, and careful: what is not plainly either a person reads."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")
_MOST_OF_YES = 8
"""More words hold more than a yes: often the next problem."""
_MOST_OF_NO = 40
_ASSENT = frozenset(
    {"да", "ага", "угу", "иә", "ия", "ие", "ийә", "yes", "yep", "yeah", "ok", "ок", "окей", "da", "ia", "iya", "решено"}
)
_DENIAL = frozenset({"нет", "неа", "жоқ", "жок", "no", "nope", "net", "njet", "zhok", "jok", "joq"})
_SOLVED = (
    "решен|решил|сделан|сделал|исправ|почин|устран|заделал|заделан|отремонт|помогл|шешілді|шешилди|жасалды|жөнделді|"
    "жонделди|жөндеді|істелді|орындалды|solved|fixed|repaired|resolved"
)
_DONE = f"{_SOLVED}|убрал|убран|закрыл|включил|дали|появил|вывезл|почист|восстанов|доволен|довольн|работает|done|works"
_YES_VERB = re.compile(rf"\b(?:{_SOLVED})\w*", re.IGNORECASE)
_NOT_DONE = re.compile(
    rf"\b(?:не|ничего не|ещё не|еще не|так и не|никто не|not|never|isn'?t|wasn'?t|hasn'?t|didn'?t)\s+(?:\w+\s+)?"
    rf"(?:{_DONE}|приех|приход|был|дела|измен|помог|реша|устраив)\w*"
    r"|\b(?:шешілме|шешилме|жасалма|жасама|жөнделме|жондел?ме|жөндеме|істелме|істеме|қосылма|тазаланба|орындалма|"
    r"келме|берме|өзгерме)\w*"
    r"|\bпо[- ]прежнему\b|\bвс[её] так же\b|\bвс[её] ещё\b|\bвсе еще\b|\bбез изменений\b"
    r"|\b(?:бұрынғыдай|әлі де|сол күйі|still)\b",
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

    A yes with a "but", or followed by much more, is None: a second problem must not be closed with the first.
    """
    low = text.casefold().replace("\u0301", "").strip()
    words = _WORD.findall(low)
    if not words or "?" in low:
        return None
    denies = words[0] in _DENIAL or _NOT_DONE.search(low) is not None
    if _NONE_LEFT.search(low):
        return None
    affirms = words[0] in _ASSENT or _YES_VERB.search(_NOT_DONE.sub(" ", low)) is not None
    if denies and not (affirms and words[0] not in _DENIAL):
        return False if len(words) <= _MOST_OF_NO else None
    if denies or not affirms or _BUT.search(low) or _DENIAL.intersection(words[1:]):
        return None
    return True if len(words) <= _MOST_OF_YES else None
