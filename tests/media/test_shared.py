"""A folder has one mark, whoever reads it from whichever machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from intake109.media.shared import mark_of


def test_everybody_reads_the_same_mark_and_another_folder_has_another(tmp_path: Path) -> None:
    first, again = mark_of(tmp_path / "a"), mark_of(tmp_path / "a")
    other = mark_of(tmp_path / "b")

    assert first == again != other
    assert [one.name for one in (tmp_path / "a").iterdir()] == [".folder-mark"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_no_shared_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    with pytest.raises(OSError, match="denied"):
        mark_of(tmp_path)
