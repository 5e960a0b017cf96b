"""Reads a centre's own history, texts that people have labelled, from the files other programs export."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from intake109.errors import IntakeError

_FORMATS = ".jsonl, .jsonl.gz, .csv or .csv.gz"
_DELIMITERS = ",;\t"


class HistoryError(IntakeError):
    """A file of labelled texts cannot be read; the message names file, line and column and says what to do."""

    permanent = True


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and what a person decided it is; `line` is where it ends in its file, counted from 1."""

    text: str
    label: str
    line: int


def read(path: Path, text: str, label: str) -> list[Labelled]:
    """Return the rows of a JSONL or CSV file in its order, gzipped or not; `text` and `label` name the columns.

    A text may be empty, a label may not: nobody decided anything. Numbers as labels become text. CSV is separated by
    commas, semicolons or tabs, whichever the heading has most of.

    Raises:
        HistoryError: the file is missing, of another format or broken, a column is missing, or there are no rows.
    """
    name = path.name.lower().removesuffix(".gz")
    if not name.endswith((".jsonl", ".csv")):
        raise HistoryError(f"{path}: of an unknown format; give {_FORMATS}")
    try:
        with _opened(path) as file:
            rows = _json_rows(path, file) if name.endswith(".jsonl") else _csv_rows(path, file)
            found = [_labelled(path, line, row, text, label) for line, row in rows]
    except UnicodeDecodeError as error:
        raise HistoryError(f"{path}: not UTF-8 (byte {error.start} of a block); save it as UTF-8") from error
    except (OSError, EOFError) as error:
        raise HistoryError(f"{path}: cannot be read ({error}); check the path and the file") from error
    if not found:
        raise HistoryError(f"{path}: no rows; give a file with at least one")
    return found


def _opened(path: Path) -> TextIO:
    """Open as text; a byte-order mark, which spreadsheets write, is not part of the first column's name."""
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _json_rows(path: Path, file: TextIO) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise HistoryError(f"{path}, line {number}: not JSON ({error}); write one object per line") from error
        if not isinstance(row, dict):
            raise HistoryError(f'{path}, line {number}: not an object; write {{"column": "value", …}}')
        yield number, row


def _csv_rows(path: Path, file: TextIO) -> Iterator[tuple[int, dict[str, Any]]]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # the default refuses a letter of 128 KB
    heading = file.readline()
    delimiter = max(_DELIMITERS, key=heading.count)
    columns = next(csv.reader(io.StringIO(heading), delimiter=delimiter), [])
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    try:
        for values in reader:
            line = reader.line_num + 1
            if not values:
                continue
            if len(values) != len(columns):
                raise HistoryError(
                    f"{path}, line {line}: {len(values)} values where the heading has {len(columns)} columns; "
                    f"quote values that hold “{delimiter}” or line breaks"
                )
            yield line, dict(zip(columns, values, strict=True))
    except csv.Error as error:
        raise HistoryError(f"{path}, line {reader.line_num + 1}: not CSV ({error}); check its quotes") from error


def _labelled(path: Path, line: int, row: dict[str, Any], text: str, label: str) -> Labelled:
    for column in (text, label):
        if column not in row:
            known = ", ".join(map(str, row)) or "none"
            raise HistoryError(f"{path}, line {line}: no column “{column}”; there are {known}")
    said, told = row[text], row[label]
    if not isinstance(said, str):
        raise HistoryError(f"{path}, line {line}, column “{text}”: {json.dumps(said)} is no text; put it in quotes")
    if isinstance(told, bool) or not isinstance(told, str | int | float) or not str(told).strip():
        raise HistoryError(f"{path}, line {line}, column “{label}”: no label; remove the row or label it")
    return Labelled(said, str(told).strip(), line)
