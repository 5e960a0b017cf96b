"""Whether machines share the folder of files: a mark in the folder that every process reads."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path

_NAME = ".folder-mark"


def mark_of(folder: Path) -> str:
    """Return the folder's mark, written by whoever comes first. Whoever reads another one sees another folder.

    Raises:
        OSError: the folder cannot be read or written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _NAME
    if not path.exists():
        # Linked into place when complete, so that of two who come at once both read what the first has written.
        draft = folder / f"{_NAME}.{secrets.token_hex(4)}"
        draft.write_text(secrets.token_hex(8), encoding="ascii")
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text(encoding="ascii").strip()
