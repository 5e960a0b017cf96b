"""Training in a process of its own: the memory it takes (twice what serving takes) is given back when it ends.

`python -m intake109.classifier.apart` reads a pickled order from its parent on standard input, tells how far it is and
at last how a contest ended on standard output, and writes the model to the order's path.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from intake109.catalogue.services import Catalogue
from intake109.classifier.contest import Figures, Ruling, Why, decide
from intake109.classifier.examples import Example
from intake109.classifier.storage import ModelFileError, restore, save
from intake109.classifier.training import Progress, train_parts
from intake109.errors import IntakeError

_RULING = "="
_NICER = 10
"""Pages and collectors come first when there are few cores."""


class TrainingError(IntakeError):
    """The training process ended without a model."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to train.

    Attributes:
        decisions: all there are, oldest first; what is kept has learnt every one.
        learnt, test: the same split in two for a contest; without `test` there is none.
        champion: the file of the model to win against.
        must_win: keep the model only if it wins.
    """

    catalogue: Catalogue
    path: Path
    decisions: Sequence[Example] = ()
    learnt: Sequence[Example] = ()
    test: Sequence[Example] = ()
    champion: Path | None = None
    must_win: bool = False


class Apart:
    """Runs one training at a time; `stop` may be called from another thread."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    def train(self, order: Order, progress: Progress | None = None) -> Ruling | None:
        """Train in another process and return how the contest ended, None if there was none.

        Raises:
            TrainingError: it ended without a model (stopped, out of memory, disk full); its own words are on standard
                error.
        """
        command = [sys.executable, "-m", "intake109.classifier.apart"]
        with self._turn, subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603
            assert process.stdin is not None
            assert process.stdout is not None
            self._process = process
            try:
                process.stdin.write(pickle.dumps(order))
                process.stdin.close()
            except BrokenPipeError as error:  # it was stopped before it had read its order
                raise TrainingError("training ended before it began") from error
            ruling = _hear(process.stdout, progress)
        if process.returncode:
            raise TrainingError(
                f"training ended with {process.returncode}; give it 1.5 GB of memory, look at its folder and the disk"
            )
        return ruling

    def stop(self) -> None:
        """End a training that is under way; whoever waits for it gets a TrainingError."""
        if self._process is not None:
            self._process.kill()


def train_apart(catalogue: Catalogue, path: Path, progress: Progress | None = None) -> None:
    """Train a classifier from the catalogue alone in another process and keep it at `path`.

    Raises:
        TrainingError: it ended without a model.
    """
    Apart().train(Order(catalogue, path), progress)


def main() -> None:
    """Train what the parent orders."""
    order: Order = pickle.load(sys.stdin.buffer)  # noqa: S301 — written by our own parent a moment ago
    if order.decisions:
        os.nice(_NICER)
    ruling = _contest(order)
    if ruling is not None:
        _tell_line(_RULING, json.dumps(asdict(ruling)))
    if ruling is None or ruling.is_better or not order.must_win:
        half = 0.5 if ruling else 0.0
        parts = train_parts(
            order.catalogue, lambda what, share: _tell(what, half + share * (1 - half)), order.decisions
        )
        save(parts, order.path)


def _contest(order: Order) -> Ruling | None:
    """Train a challenger without the held-out decisions; None if there is nothing to compare it on or with."""
    from intake109.classifier.classifier import Classifier

    if not order.test or order.champion is None:
        return None
    try:
        champion = Classifier(restore(order.champion), "champion")
    except ModelFileError:
        return None
    parts = train_parts(order.catalogue, lambda what, share: _tell(what, share / 2), order.learnt)
    return decide(champion, Classifier(parts, "challenger"), order.test)


def _hear(lines: IO[bytes], progress: Progress | None) -> Ruling | None:
    ruling = None
    for line in lines:
        share, _, what = line.decode().rstrip("\n").partition("\t")
        if share == _RULING:
            told = json.loads(what)
            champion, challenger = Figures(**told["champion"]), Figures(**told["challenger"])
            ruling = Ruling(Why(told["why"]), champion, challenger, told["won"], told["lost"])
        elif progress is not None:
            progress(what, float(share))
    return ruling


def _tell(what: str, share: float) -> None:
    _tell_line(str(share), what)


def _tell_line(name: str, what: str) -> None:
    sys.stdout.write(f"{name}\t{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
