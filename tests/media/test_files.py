"""Files by content hash, and what is never kept."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake109.errors import MediaError
from intake109.media.files import FileStore, Stored, kind_of

JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 100
LIMIT = 10_000


class ConnectionLostError(Exception):
    """The stream ends in the middle."""


async def stream(*chunks: bytes, breaks: bool = False) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
    if breaks:
        raise ConnectionLostError


def put(folder: Path, *chunks: bytes, breaks: bool = False, sha256: str = "", stated: int | None = None) -> Stored:
    store = FileStore(folder, LIMIT)
    return asyncio.run(store.put(stream(*chunks, breaks=breaks), expected_sha256=sha256, stated_bytes=stated))


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_named_by_its_content_and_kept_once(tmp_path: Path) -> None:
    stored = put(tmp_path, JPEG[:10], JPEG[10:])
    again = put(tmp_path, JPEG)

    assert stored == again == Stored(hashlib.sha256(JPEG).hexdigest(), "image/jpeg", len(JPEG))
    assert [path.read_bytes() for path in files(tmp_path)] == [JPEG]
    assert FileStore(tmp_path, LIMIT).path(stored.sha256).read_bytes() == JPEG


def test_the_announced_hash_is_checked_in_either_case(tmp_path: Path) -> None:
    announced = hashlib.sha256(JPEG).hexdigest()

    assert put(tmp_path, JPEG, sha256=announced.upper()) == put(tmp_path, JPEG, sha256=announced)


def test_another_file_than_announced_is_not_kept_and_may_be_asked_for_again(tmp_path: Path) -> None:
    with pytest.raises(MediaError) as refusal:
        put(tmp_path, JPEG, sha256="0" * 64)

    assert not refusal.value.permanent
    assert files(tmp_path) == []


def test_exactly_the_limit_is_kept(tmp_path: Path) -> None:
    assert put(tmp_path, b"\xff\xd8\xff" + bytes(LIMIT - 3), stated=LIMIT).size_bytes == LIMIT


def test_more_than_the_limit_is_refused_while_it_streams_whatever_was_stated(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="larger") as refusal:
        put(tmp_path, b"\xff\xd8\xff", bytes(LIMIT), stated=10)

    assert refusal.value.permanent
    assert files(tmp_path) == []


def test_what_is_stated_to_be_too_large_is_not_even_begun(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="larger"):
        put(tmp_path, breaks=True, stated=LIMIT + 1)


@pytest.mark.parametrize("chunks", [(), (b"",)])
def test_an_empty_file_is_none(tmp_path: Path, chunks: tuple[bytes, ...]) -> None:
    with pytest.raises(MediaError, match="empty"):
        put(tmp_path, *chunks)

    assert files(tmp_path) == []


def test_a_broken_stream_leaves_no_half_file(tmp_path: Path) -> None:
    with pytest.raises(ConnectionLostError):
        put(tmp_path, JPEG, breaks=True)

    assert files(tmp_path) == []


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script>",
        b"  \r\n\t<!DOCTYPE html>",
        b"<?xml version='1.0'?><svg onload='alert(1)'/>",
        b"<svg xmlns='http://www.w3.org/2000/svg'>",
        b"\xef\xbb\xbf<html>",
        "\ufeff<html>".encode("utf-16-le"),
        b"MZ\x90\x00",
        b"\x7fELF\x02",
        b"#!/bin/sh\nrm -rf /",
    ],
)
def test_programs_and_pages_are_never_kept_whatever_they_are_called(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(MediaError, match="not kept") as refusal:
        put(tmp_path, content)

    assert refusal.value.permanent
    assert files(tmp_path) == []


@pytest.mark.parametrize(
    ("head", "mime"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
        (b"OggS\x00", "audio/ogg"),
        (b"#!AMR\n", "audio/amr"),
        (b"%PDF-1.7", "application/pdf"),
        (b"PK\x03\x04", "application/zip"),
        (b"hello", "application/octet-stream"),
    ],
)
def test_the_type_is_told_by_the_content(head: bytes, mime: str) -> None:
    assert kind_of(head) == mime


def test_the_type_is_found_even_in_one_byte_chunks(tmp_path: Path) -> None:
    assert put(tmp_path, *(bytes([one]) for one in JPEG[:80])).mime == "image/jpeg"


@given(st.text())
def test_a_path_is_never_built_from_anything_but_a_hash(name: str) -> None:
    store = FileStore(Path("/var/media"), LIMIT)
    digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()

    assert store.path(digest).parent.parent == Path("/var/media")
    for hostile in (name, f"../{name}", digest[:-1] + "/", digest.upper() if digest != digest.upper() else "x"):
        with pytest.raises(ValueError, match="not a SHA-256"):
            store.path(hostile)
