"""Turns texts into the sparse rows that all models of the room share: words, stems and pieces of words, weighted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import scipy.sparse as sp

from intake109.catalogue.text import words
from intake109.classifier.concepts import concepts
from intake109.classifier.sounds import Sounds

_LINK = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:kz|ru|com|org|net|me|example)\b(?:/\S*)?", re.IGNORECASE)
_TAG = re.compile(r"@[\w.]+")
_SIGN = re.compile(r"[?\U0001F300-\U0001FAFF\u2600-\u27BF\u2B50]")
_DIGITS = re.compile(r"\d+")
_SENTENCE = re.compile(r"[.!?…;\n]+(?=\s|$)|\n")
_STEM = 4
_PIECES = (2, 5)
_PARTS = (3, 4)
_RARE_BESIDE = 3
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
    """Weighted vocabularies side by side (words, stems, pieces, by choice ideas); each part of a row has length one.

    Vocabularies are learnt by scikit-learn's vectorisers, but rows of new texts are built here: words repeat, so the
    columns of a word's pieces are looked up once and remembered, which makes one message five times faster.
    """

    def __init__(self, vocabularies: Sequence[Sequence[str]], weights: Sequence[np.ndarray[Any, Any]]) -> None:
        self._vocabularies = [list(vocabulary) for vocabulary in vocabularies]
        sizes = [len(vocabulary) for vocabulary in self._vocabularies]
        if sizes != [len(weight) for weight in weights] or len(sizes) not in _PARTS:
            raise ValueError(f"vocabularies {sizes} and weights do not belong together")
        starts = np.concatenate([[0], np.cumsum(sizes)])
        self._columns = [
            {term: int(start) + index for index, term in enumerate(vocabulary)}
            for vocabulary, start in zip(self._vocabularies, starts[:-1], strict=True)
        ]
        self._weights = np.concatenate(weights).astype(np.float32)
        self._bounds = starts[1:-1]
        self._of_pieces = lru_cache(maxsize=65_536)(self._find_pieces)
        sounds = Sounds(_by_frequency(self._vocabularies[0], weights[0])) if len(sizes) == max(_PARTS) else None
        self._meant = lru_cache(maxsize=65_536)(sounds.meant) if sounds else None
        self.width = int(starts[-1])

    @classmethod
    def fit(
        cls, prepared: Sequence[str], rare_words: int = 1, beside: Sequence[str] = (), has_ideas: bool = False
    ) -> Features:
        """Learn the vocabularies from prepared texts; words and stems of fewer than `rare_words` texts are left out.

        What only occurs in the texts `beside` must occur in a few of them: they are many, and what one of them alone
        says would make the model large for nothing. `has_ideas` adds what words of several languages share.
        """
        parts = _vectorisers(rare_words, 1 if len(prepared) < 2000 else 2, has_ideas)
        for part in parts:
            part.fit(prepared)
        if beside:
            rare = _vectorisers(_RARE_BESIDE, _RARE_BESIDE, has_ideas)
            parts = [_widened(part, more, prepared, beside) for part, more in zip(parts, rare, strict=True)]
        return cls([list(part.get_feature_names_out()) for part in parts], [part.idf_ for part in parts])

    def rows(self, prepared: Sequence[str]) -> sp.csr_matrix:
        """Return one row per prepared text."""
        found = [self._columns_of(text) for text in prepared]
        lengths = [len(columns) for columns in found]
        columns = np.concatenate(found) if found else np.zeros(0, np.int32)
        row_of = np.repeat(np.arange(len(found), dtype=np.int32), lengths)
        rows = sp.csr_matrix((np.ones(len(columns), np.float32), (row_of, columns)), (len(found), self.width))
        rows.sum_duplicates()
        rows.data = (1 + np.log(rows.data)) * self._weights[rows.indices]
        row_of = np.repeat(np.arange(len(found)), np.diff(rows.indptr))
        parts = len(self._vocabularies)
        part_of = row_of * parts + np.searchsorted(self._bounds, rows.indices, side="right")
        norms = np.sqrt(np.bincount(part_of, rows.data**2, len(found) * parts))
        rows.data /= norms[part_of].astype(np.float32)
        return rows

    def state(self) -> tuple[list[list[str]], np.ndarray[Any, Any]]:
        """Return the vocabularies in the order of their columns, and the weights of all."""
        return self._vocabularies, self._weights

    @classmethod
    def restore(cls, vocabularies: list[list[str]], weights: np.ndarray[Any, Any]) -> Features:
        """Rebuild what `state` gave.

        Raises:
            ValueError: vocabularies and weights do not belong together.
        """
        bounds = np.cumsum([len(vocabulary) for vocabulary in vocabularies])[:-1]
        return cls(vocabularies, np.split(weights, bounds))

    def _columns_of(self, text: str) -> np.ndarray[Any, Any]:
        told = text.split()
        if not told:
            return np.zeros(0, np.int32)
        if self._meant is not None:
            told = [self._meant(word) for word in told]
            text = " ".join(told)
        by_word, by_stem, *others = self._columns
        terms = [by_word.get(term) for term in _with_pairs(told)]
        terms += [by_stem.get(term) for term in _with_pairs(stems(text))]
        if len(others) > 1:
            terms += [others[1].get(term) for term in _with_pairs(concepts(text))]
        known = np.array([column for column in terms if column is not None], np.int32)
        return np.concatenate([known, *(self._of_pieces(word) for word in told)])

    def _find_pieces(self, word: str) -> np.ndarray[Any, Any]:
        columns, framed = self._columns[2], f" {word} "
        found = []
        for size in range(_PIECES[0], _PIECES[1] + 1):
            # A word shorter than the piece counts once, whole, as scikit-learn's char_wb has it.
            ends = max(len(framed) - size + 1, 1)
            found += [columns.get(framed[start : start + size]) for start in range(ends)]
            if len(framed) <= size:
                break
        return np.array([column for column in found if column is not None], np.int32)


def _by_frequency(terms: Sequence[str], weights: np.ndarray[Any, Any]) -> list[str]:
    """Return the single words among the terms, the most frequent first: those weigh least."""
    order = np.argsort(weights, kind="stable")
    return [terms[column] for column in order if " " not in terms[column]]


def _with_pairs(told: list[str]) -> list[str]:
    return told + [f"{first} {second}" for first, second in pairwise(told)]


def _widened(part: Any, more: Any, prepared: Sequence[str], beside: Sequence[str]) -> Any:
    """Return a fitted vectoriser with the terms of `more` added, its weights those of all texts together."""
    with suppress(ValueError):  # too few texts: no term occurs often enough
        more.fit(beside)
    terms = {*part.vocabulary_, *getattr(more, "vocabulary_", ())}
    wide = part.set_params(vocabulary=sorted(terms), min_df=1)
    return wide.fit([*prepared, *beside])


def _vectorisers(rare_words: int, rare_pieces: int, has_ideas: bool) -> list[Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    told: dict[str, Any] = {"lowercase": False, "sublinear_tf": True, "dtype": np.float32}
    parts = [
        TfidfVectorizer(ngram_range=(1, 2), tokenizer=str.split, token_pattern=None, min_df=rare_words, **told),
        TfidfVectorizer(ngram_range=(1, 2), tokenizer=stems, token_pattern=None, min_df=rare_words, **told),
        TfidfVectorizer(analyzer="char_wb", ngram_range=_PIECES, min_df=rare_pieces, **told),
    ]
    if has_ideas:
        parts.append(
            TfidfVectorizer(ngram_range=(1, 2), tokenizer=concepts, token_pattern=None, min_df=rare_words, **told)
        )
    return parts
