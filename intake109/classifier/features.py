"""Turns texts into the sparse rows that all models of the room share: words, stems and pieces of words, weighted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, cast

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer

from intake109.catalogue.text import fold_word, words

_LINK = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:kz|ru|com|org|net|me|example)\b(?:/\S*)?", re.IGNORECASE)
_TAG = re.compile(r"@[\w.]+")
_SIGN = re.compile(r"[?\U0001F300-\U0001FAFF\u2600-\u27BF\u2B50]")
_DIGITS = re.compile(r"\d+")
_SENTENCE = re.compile(r"[.!?…;\n]+(?=\s|$)|\n")
_STEM = 4
_WORD_BREAK = re.compile(r"\s+")


def prepare(text: str) -> str:
    """Return the text as the models read it: folded words, numbers as 0, question marks and emoji as words."""
    plain = _TAG.sub(" ", _LINK.sub(" ссылка ", text))
    signs = _SIGN.findall(plain)
    told = [_DIGITS.sub("0", word.folded) for word in words(plain)]
    return " ".join(told + list(dict.fromkeys(signs)))


def sentences(text: str) -> list[str]:
    """Return the sentences of a text that say something (two words or more)."""
    return [part for part in _SENTENCE.split(text) if part and len(_WORD_BREAK.split(part.strip())) >= 2]


def stems(text: str) -> list[str]:
    """Return the first letters of every word: Russian and Kazakh both put what matters in front."""
    return [word[:_STEM] for word in text.split()]


class Features:
    """Three weighted vocabularies side by side; rows are float32 and each part has length one."""

    def __init__(self) -> None:
        self._parts = _vectorisers()

    def fit(self, prepared: Sequence[str]) -> sp.csr_matrix:
        """Learn the vocabularies from prepared texts and return their rows."""
        self._parts = _vectorisers(rare=1 if len(prepared) < 2000 else 2)
        return self._stack(part.fit_transform(prepared) for part in self._parts)

    def rows(self, prepared: Sequence[str]) -> sp.csr_matrix:
        """Return one row per prepared text."""
        return self._stack(part.transform(prepared) for part in self._parts)

    @property
    def names(self) -> list[str]:
        """Return what each column stands for."""
        return [str(name) for part in self._parts for name in part.get_feature_names_out()]

    @property
    def width(self) -> int:
        return sum(len(part.vocabulary_) for part in self._parts)

    def state(self) -> tuple[list[list[str]], list[np.ndarray[Any, Any]]]:
        """Return vocabularies in the order of their columns, and the weights."""
        return [list(part.get_feature_names_out()) for part in self._parts], [part.idf_ for part in self._parts]

    @classmethod
    def restore(cls, vocabularies: list[list[str]], weights: list[np.ndarray[Any, Any]]) -> Features:
        """Rebuild what `state` gave.

        Raises:
            ValueError: vocabularies and weights do not belong together.
        """
        features = cls()
        for part, vocabulary, weight in zip(features._parts, vocabularies, weights, strict=True):
            part.vocabulary = {term: index for index, term in enumerate(vocabulary)}
            part.idf_ = np.asarray(weight)
        return features

    @staticmethod
    def _stack(parts: Iterable[Any]) -> sp.csr_matrix:
        return cast(sp.csr_matrix, sp.hstack(list(parts), format="csr", dtype=np.float32))


def _vectorisers(rare: int = 1) -> list[TfidfVectorizer]:
    told: dict[str, Any] = {"lowercase": False, "sublinear_tf": True, "dtype": np.float32}
    return [
        TfidfVectorizer(ngram_range=(1, 2), tokenizer=str.split, token_pattern=None, **told),
        TfidfVectorizer(ngram_range=(1, 2), tokenizer=stems, token_pattern=None, **told),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=rare, **told),
    ]


def term_of(word: str) -> str:
    """Return the form under which a single word of a text stands among the features."""
    return _DIGITS.sub("0", fold_word(word))
