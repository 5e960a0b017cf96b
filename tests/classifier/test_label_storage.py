"""A classifier of own labels, kept in a file and read again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from intake109.classifier.label_storage import restore_labels, save_labels
from intake109.classifier.labelled import train
from intake109.classifier.storage import ModelFileError

TEXTS = ["яма на дороге", "выбоина в асфальте", "фонарь не горит", "темно, лампа разбита"] * 3
LABELS = ["дороги", "дороги", "свет", "свет"] * 3


def test_what_is_read_again_suggests_the_same(tmp_path: Path) -> None:
    classifier = train(TEXTS, LABELS)
    path = tmp_path / "labels.npz"

    save_labels(classifier, path)
    again = restore_labels(path)

    assert again.labels == classifier.labels
    before, after = classifier.suggest(["яма у фонаря"])[0], again.suggest(["яма у фонаря"])[0]
    assert [label for label, _ in after] == [label for label, _ in before]
    assert np.allclose([share for _, share in after], [share for _, share in before], atol=1e-3)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x80\x04pickle"])
def test_what_is_no_model_is_one_readable_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "labels.npz"
    path.write_bytes(content)

    with pytest.raises(ModelFileError, match="no model of labels"):
        restore_labels(path)


def test_a_missing_file_and_a_missing_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"none\.npz: cannot be read"):
        restore_labels(tmp_path / "none.npz")
    with pytest.raises(ModelFileError, match="cannot be written"):
        save_labels(train(TEXTS, LABELS), tmp_path / "none" / "labels.npz")
