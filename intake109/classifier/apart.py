"""Training in a process of its own: the memory it takes (twice what serving takes) is given back when it ends.

`python -m intake109.classifier.apart PATH` reads a pickled catalogue from its parent on standard input, tells how far
it is on standard output, and writes the model to PATH.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

from intake109.catalogue.services import Catalogue
from intake109.classifier.storage import save
from intake109.classifier.training import Progress, train_parts
from intake109.errors import IntakeError


class TrainingError(IntakeError):
    """The training process ended without a model."""


def train_apart(catalogue: Catalogue, path: Path, progress: Progress | None = None) -> None:
    """Train a classifier in another process and keep it at `path`.

    Raises:
        TrainingError: it ended without a model (out of memory, disk full); its own words are on standard error.
    """
    command = [sys.executable, "-m", "intake109.classifier.apart", str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 — this module
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(pickle.dumps(catalogue))
        process.stdin.close()
        for line in process.stdout:
            share, _, what = line.decode().rstrip("\n").partition("\t")
            if progress is not None:
                progress(what, float(share))
    if process.returncode:
        raise TrainingError(f"training ended with {process.returncode}; give it 1 GB of memory and look at the disk")


def main() -> None:
    """Train what the parent sends."""
    catalogue: Catalogue = pickle.load(sys.stdin.buffer)  # noqa: S301 — written by our own parent a moment ago
    save(train_parts(catalogue, _tell), Path(sys.argv[1]))


def _tell(what: str, share: float) -> None:
    sys.stdout.write(f"{share}\t{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
