"""What is sent as a catalogue may be anything: only a catalogue's files come out of it, and never more than fits."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from intake109.catalogue import packing
from intake109.catalogue.packing import LARGEST_BYTES, opened, read_folder, unpack
from intake109.errors import CatalogueError

GOOD = {"services/roads.yaml": "sphere: roads", "asks.yaml": "address: {ru: а, kk: б, en: c}"}


def packed(files: dict[str, str], top: str = "catalogue/") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as folder:
        for path, text in files.items():
            folder.writestr(f"{top}{path}", text)
    return target.getvalue()


def refused(content: bytes, name: str = "c.zip") -> str:
    with pytest.raises(CatalogueError) as told:
        opened(name, content)
    return str(told.value)


@pytest.mark.parametrize("top", ["catalogue/", "", "catalogue-2026-11-22/catalogue/"])
def test_a_catalogue_is_found_however_deep_it_was_packed(top: str) -> None:
    found = unpack("c.zip", packed(GOOD, top))

    assert found == {path: text.encode() for path, text in GOOD.items()}


def test_what_systems_leave_in_archives_is_passed_over() -> None:
    litter = {"__MACOSX/catalogue/._asks.yaml": "x", "catalogue/.DS_Store": "x", "catalogue/services/Thumbs.db": "x"}
    files = {f"catalogue/{path}": text for path, text in GOOD.items()}

    assert set(unpack("c.zip", packed({**files, **litter}, ""))) == set(GOOD)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("catalogue/../../etc/passwd", "leads out of the folder"),
        ("/etc/passwd", "leads out of the folder"),
        ("C:/x.yaml", "leads out of the folder"),
        ("catalogue/notes.txt", "is no file of a catalogue"),
        ("catalogue/services/deep/roads.yaml", "is no file of a catalogue"),
        ("catalogue/no_appeal.yaml", "is no file of a catalogue"),
        ("asks.yaml", "is no file of a catalogue"),
    ],
)
def test_other_files_are_refused_by_name(path: str, said: str) -> None:
    files = {f"catalogue/{name}": text for name, text in GOOD.items()}

    message = refused(packed({**files, path: "x"}, ""))

    assert said in message
    assert path in message


def test_a_bomb_is_never_unpacked_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "_LARGEST_UNPACKED", 2**20)
    bomb = packed({**GOOD, "services/water.yaml": "a" * (8 * 2**20)})

    message = refused(bomb)

    assert len(bomb) < 20_000
    assert "unpacks to more than 1 MB" in message


def test_too_many_files_are_refused() -> None:
    assert "more than 100 files" in refused(packed({f"services/s{i}.yaml": "" for i in range(101)}))


def test_too_large_a_file_is_refused_before_it_is_opened() -> None:
    assert "is more than 5 MB" in refused(b"PK" + b"\0" * LARGEST_BYTES)
    assert "is more than 5 MB" in refused(b"a" * (LARGEST_BYTES + 1), "roads.yaml")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", packed(GOOD)[:200], packed(GOOD)[:-60]])
def test_what_is_no_archive_is_refused_plainly(content: bytes) -> None:
    assert "is no ZIP that can be read" in refused(content)


def test_a_damaged_or_locked_file_is_refused() -> None:
    locked, damaged = bytearray(packed(GOOD)), bytearray(packed(GOOD))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    damaged[damaged.index(b"roads.yaml") + 12] ^= 255

    assert "locked with a password" in refused(bytes(locked))
    assert "is no ZIP that can be read" in refused(bytes(damaged))


def test_an_empty_archive_says_what_is_wanted() -> None:
    assert "holds no file of a catalogue" in refused(packed({}))


def test_one_file_of_it_is_enough() -> None:
    assert opened("asks.yaml", b"x") == {"asks.yaml": b"x"}
    assert opened("roads.yaml", b"x") == {"services/roads.yaml": b"x"}


def test_a_folder_is_read_like_its_archive(tmp_path: Path) -> None:
    for path, text in GOOD.items():
        (tmp_path / "catalogue" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "catalogue" / path).write_text(text, encoding="utf-8")

    found = read_folder(tmp_path)

    assert found == {path: text.encode() for path, text in GOOD.items()}
    (tmp_path / "catalogue" / "asks.yaml").unlink()
    (tmp_path / "catalogue" / "asks.yaml").symlink_to("/etc/hostname")
    with pytest.raises(CatalogueError, match="leads elsewhere"):
        read_folder(tmp_path)
