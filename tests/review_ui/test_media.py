"""Citizens' files in the browser: shown or downloaded, never run, only after a login."""

from __future__ import annotations

import pytest

from tests.review_ui.workplace import Workplace, photo

SHA = "ab" * 32


@pytest.fixture
def stored(workplace: Workplace) -> Workplace:
    workplace.waits("Яма", attachments=photo())
    return workplace


def test_a_picture_is_shown_with_its_own_type_in_a_sandbox(stored: Workplace) -> None:
    stored.store_file(b"\x89PNG large", SHA, "image/png", small=b"RIFF small")

    large = stored.anna.client.get(f"/media/{SHA}")
    small = stored.anna.client.get(f"/media/{SHA}/thumbnail")

    assert (large.status_code, large.headers["content-type"], large.content) == (200, "image/png", b"\x89PNG large")
    assert (small.headers["content-type"], small.content) == ("image/webp", b"RIFF small")
    assert large.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert large.headers["x-content-type-options"] == "nosniff"
    assert large.headers["content-disposition"].startswith("inline")


@pytest.mark.parametrize("mime", ["text/html", "image/svg+xml", "application/octet-stream", "application/pdf"])
def test_what_could_run_is_only_downloaded(stored: Workplace, mime: str) -> None:
    stored.store_file(b"<script>", SHA, mime, 'a"\r\nX: y.html')

    answer = stored.anna.client.get(f"/media/{SHA}")

    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''a%22%0D%0AX%3A%20y.html"
    assert "x" not in answer.headers


def test_a_video_is_sent_in_the_stretches_a_player_asks_for(stored: Workplace) -> None:
    stored.store_file(b"0123456789", SHA, "video/mp4")

    answer = stored.anna.client.get(f"/media/{SHA}", headers={"Range": "bytes=2-4"})

    assert (answer.status_code, answer.content) == (206, b"234")


@pytest.mark.parametrize("name", ["cd" * 32, "..%2F..%2Fetc%2Fpasswd", "x", ""])
def test_a_file_nobody_sent_is_not_found(stored: Workplace, name: str) -> None:
    stored.store_file(b"x", SHA, "image/png")

    assert stored.anna.client.get(f"/media/{name}").status_code == 404
    assert stored.anna.client.get(f"/media/{name}/thumbnail").status_code == 404


def test_without_a_login_there_are_no_files(stored: Workplace) -> None:
    stored.store_file(b"x", SHA, "image/png")
    stored.anna.client.cookies.clear()

    assert stored.anna.client.get(f"/media/{SHA}").status_code == 303
