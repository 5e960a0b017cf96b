"""What a process that died while fetching leaves behind in the folder of files."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from intake109.media.files import FileStore
from tests.conftest import NOON


def left(folder: Path, name: str, age: timedelta) -> Path:
    """Put a file there as if it had been written so long before noon."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half")
    written_at = (NOON - age).timestamp()
    os.utime(path, (written_at, written_at))
    return path


def test_half_files_of_a_dead_process_are_removed_and_whole_ones_stay(tmp_path: Path) -> None:
    store, sha256 = FileStore(tmp_path, 2**20), "ab" * 32
    half = left(tmp_path, ".incoming-x1y2", timedelta(hours=2))
    half_thumbnail = left(tmp_path, f"ab/{sha256}.thumbnail.part", timedelta(hours=2))
    whole = left(tmp_path, f"ab/{sha256}", timedelta(days=900))
    thumbnail = left(tmp_path, f"ab/{sha256}.thumbnail.webp", timedelta(days=900))

    removed = store.sweep(NOON - timedelta(hours=1))

    assert removed == 2
    assert [path.exists() for path in (half, half_thumbnail, whole, thumbnail)] == [False, False, True, True]


def test_what_another_process_may_still_be_writing_is_left_alone(tmp_path: Path) -> None:
    store = FileStore(tmp_path, 2**20)
    being_written = left(tmp_path, ".incoming-x1y2", timedelta(minutes=59))

    removed = store.sweep(NOON - timedelta(hours=1))

    assert (removed, being_written.exists()) == (0, True)


def test_a_folder_that_is_not_there_yet_has_nothing_to_remove(tmp_path: Path) -> None:
    assert FileStore(tmp_path / "media", 2**20).sweep(NOON) == 0
