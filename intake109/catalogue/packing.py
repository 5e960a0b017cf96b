"""Takes the files of a catalogue out of a ZIP or a folder that somebody sends, and refuses whatever else is in it."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from intake109.catalogue.export import LISTS
from intake109.catalogue.files import SERVICES
from intake109.errors import CatalogueError

LARGEST_BYTES = 5 * 2**20
"""A whole catalogue is under 1 MB packed and 3 MB unpacked."""
_LARGEST_UNPACKED = 10 * 2**20
_MOST_FILES = 100
_LEFT_BY_SYSTEMS = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
_ENCRYPTED = 0x1
_AGAIN = "send the ZIP that *Download* gives, with your changes in its files"


def unpack(name: str, content: bytes) -> dict[str, bytes]:
    """Return the catalogue's files of a ZIP, by their path inside the catalogue (`services/roads.yaml`).

    Nothing is written to a disk, and never more is unpacked than a catalogue may have, whatever the ZIP says of itself.

    Raises:
        CatalogueError: it is no ZIP, too large, or holds something else than a catalogue.
    """
    if len(content) > LARGEST_BYTES:
        raise CatalogueError([_too_large(name, "is", LARGEST_BYTES)])
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as folder:
            return _unpacked(name, folder)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, zlib.error) as error:
        raise CatalogueError([f"{name}: is no ZIP that can be read ({error}): {_AGAIN}"]) from error


def opened(name: str, content: bytes) -> dict[str, bytes]:
    """Return the catalogue's files of what was sent: a ZIP, or one of its files alone.

    Raises:
        CatalogueError: it is neither, too large, or holds something else than a catalogue.
    """
    file = PurePosixPath(name).name
    if not file.endswith(".yaml"):
        return unpack(name, content)
    if len(content) > LARGEST_BYTES:
        raise CatalogueError([_too_large(name, "is", LARGEST_BYTES)])
    return {file if file in LISTS else f"{SERVICES}/{file}": content}


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return the catalogue's files of a folder, by their path inside the catalogue.

    Raises:
        CatalogueError: it cannot be read, or holds something else than a catalogue.
    """
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            raise CatalogueError([f"{path}: leads elsewhere: put the file itself there"])
        if path.is_file() and not _is_left_by_system(path.relative_to(folder).parts):
            if len(found) >= _MOST_FILES or path.stat().st_size > _LARGEST_UNPACKED:
                raise CatalogueError([_too_large(str(folder), "holds", _LARGEST_UNPACKED)])
            found[path.relative_to(folder).as_posix()] = _read(path)
    return _placed(str(folder), found)


def _unpacked(name: str, folder: zipfile.ZipFile) -> dict[str, bytes]:
    files = [one for one in folder.infolist() if not one.is_dir() and not _is_left_by_system(_parts(name, one))]
    if len(files) > _MOST_FILES:
        raise CatalogueError([f"{name}: holds more than {_MOST_FILES} files: {_AGAIN}"])
    found: dict[str, bytes] = {}
    room = _LARGEST_UNPACKED
    for one in files:
        if one.flag_bits & _ENCRYPTED:
            raise CatalogueError([f"{name}: {one.filename} is locked with a password: pack it without"])
        if one.filename in found:
            raise CatalogueError([f"{name}: holds {one.filename} twice: keep one"])
        with folder.open(one) as packed:
            content = packed.read(room + 1)  # what it says of its own size may be a lie
        room -= len(content)
        if room < 0:
            raise CatalogueError([_too_large(name, "unpacks to", _LARGEST_UNPACKED)])
        found[one.filename] = content
    return _placed(name, found)


def _parts(name: str, one: zipfile.ZipInfo) -> tuple[str, ...]:
    path = PurePosixPath(one.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in one.filename or ":" in path.parts[0]:
        raise CatalogueError([f"{name}: {one.filename!r} leads out of the folder: {_AGAIN}"])
    return path.parts


def _placed(name: str, found: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files by their path below the folder that holds the catalogue, wherever that lies."""
    top = _top(found)
    placed = {path.removeprefix(top): content for path, content in found.items() if path.startswith(top)}
    strange = [path for path in found if not path.startswith(top) or not _belongs(path.removeprefix(top))]
    if strange:
        known = ", ".join((f"{SERVICES}/*.yaml", *LISTS))
        raise CatalogueError([f"{name}: {path!r} is no file of a catalogue ({known}): take it out" for path in strange])
    if not placed:
        raise CatalogueError([f"{name}: holds no file of a catalogue: {_AGAIN}"])
    return placed


def _top(paths: Iterable[str]) -> str:
    for path in sorted(paths):
        *folders, file = PurePosixPath(path).parts
        if folders and folders[-1] == SERVICES:
            return "".join(f"{one}/" for one in folders[:-1])
        if file in LISTS:
            return "".join(f"{one}/" for one in folders)
    return ""


def _belongs(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return path in LISTS or (len(parts) == 2 and parts[0] == SERVICES and parts[1].endswith(".yaml"))


def _is_left_by_system(parts: tuple[str, ...]) -> bool:
    return any(part in _LEFT_BY_SYSTEMS for part in parts)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CatalogueError([f"{path}: cannot be read ({error.strerror}): check its rights"]) from error


def _too_large(name: str, verb: str, limit: int) -> str:
    return f"{name}: {verb} more than {limit // 2**20} MB, which no catalogue is: {_AGAIN}"
