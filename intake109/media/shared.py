"""Whether machines share the folder of files: a mark in the folder that every process reads."""

from __future__ import annotations

import secrets
from pathlib import Path

_NAME = ".folder-mark"


def mark_of(folder: Path) -> str:
    """Return the folder's mark, written by whoever comes first. Whoever reads another one sees another folder.

    Of two who come first at the same moment one may return its own mark once; from then on both read the same.

    Raises:
        OSError: the folder cannot be read or written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _NAME
    if not path.exists():
        draft = folder / f"{_NAME}.{secrets.token_hex(4)}"
        draft.write_text(secrets.token_hex(8), encoding="ascii")
        draft.replace(path)
    return path.read_text(encoding="ascii").strip()
