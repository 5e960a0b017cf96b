"""The real instaloader against the demo city on loopback: sessions, pages, files, and each way of being refused."""

from __future__ import annotations

import asyncio
import os
import pickle
import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from intake109.clock import SystemClock
from intake109.collectors.instagram import InstaloaderPoller
from intake109.collectors.instagram.session import NoSleep, QuietContext, cookies_of
from intake109.collectors.instagram_graph import InstagramParser
from intake109.config import Instagram, Instaloader
from intake109.demo.standin import City, World, serve
from intake109.errors import Backoff, ChannelError
from intake109.model import AttachmentKind, Batch, Message

COOKIES = {"sessionid": "demo", "csrftoken": "demo", "ds_user_id": "1"}


@pytest.fixture
def city() -> Iterator[City]:
    with serve(World()) as running:
        yield running


@pytest.fixture(scope="module")
def refusing_city() -> Iterator[City]:
    """One city for all the ways of being refused; each fault is used up by its test."""
    with serve(World()) as running:
        yield running


@pytest.fixture
def account() -> str:
    return World().ground.centre.instagram_username


def saved(folder: Path, content: object = COOKIES) -> Path:
    path = folder / "session"
    path.write_bytes(pickle.dumps(content))
    return path


def settings(city: City, folder: Path, account: str, session_of: str = "") -> Instagram:
    loader = Instaloader(
        enabled=True,
        session_file=saved(folder),
        username=session_of or account,
        base_url=f"{city.url}/web",
    )
    return Instagram(username=account, instaloader=loader)


def poll(configured: Instagram, cursor: str | None = None) -> Batch:
    async def once() -> Batch:
        poller = InstaloaderPoller(configured, random.Random(109))
        try:
            return await poller.poll(cursor, SystemClock().now())
        finally:
            await poller.aclose()

    return asyncio.run(once())


def read(batch: Batch) -> list[Message]:
    parse = InstagramParser("1", "nobody")
    found = [incoming for event in batch.events for incoming in parse(event)]
    return [incoming for incoming in found if isinstance(incoming, Message)]


def tag(city: City, text: str, media: Sequence[object] = ("pothole",)) -> None:
    city.act(channel="instagram", act="tag", citizen="asel", text=text, media=list(media))


def test_tagged_posts_come_with_their_words_authors_and_files(city: City, account: str, tmp_path: Path) -> None:
    tag(city, f"яма на Абая 10 @{account}", media=["pothole", {"kind": "video"}])

    (message,) = read(poll(settings(city, tmp_path, account)))

    assert message.key == f"media:{city.ledger()[-1]['key']}"
    assert message.text == f"яма на Абая 10 @{account}"
    assert message.author.username
    assert [file.kind for file in message.attachments] == [AttachmentKind.PHOTO, AttachmentKind.VIDEO]


def test_all_pages_are_read_and_nothing_comes_twice(city: City, account: str, tmp_path: Path) -> None:
    for number in range(30):
        tag(city, f"яма {number}")
    configured = settings(city, tmp_path, account)

    first = poll(configured)
    tag(city, "люк")
    second = poll(configured, first.cursor)

    assert [message.text for message in read(first)] == [f"яма {number}" for number in range(30)]
    assert [message.text for message in read(second)] == ["люк"]


def test_another_accounts_session_sees_the_centres_posts_as_well(city: City, account: str, tmp_path: Path) -> None:
    tag(city, "яма")

    assert len(read(poll(settings(city, tmp_path, account, session_of="helper")))) == 1


@pytest.mark.parametrize(
    ("kind", "backoff"),
    [
        ("please_wait", Backoff.RATE_LIMITED),
        ("429", Backoff.RATE_LIMITED),
        ("logged_out", Backoff.AUTH_LOST),
        ("checkpoint_required", Backoff.BLOCKED),
        ("challenge_required", Backoff.BLOCKED),
        ("feedback_required", Backoff.BLOCKED),
        ("fail", Backoff.TRANSIENT),
        ("html", Backoff.TRANSIENT),
        ("execution_error", Backoff.TRANSIENT),
        ("500", Backoff.TRANSIENT),
        ("404", Backoff.TRANSIENT),
    ],
)
def test_each_way_of_being_refused_has_its_class_and_says_nothing_on_the_console(
    refusing_city: City, account: str, tmp_path: Path, kind: str, backoff: Backoff, capfd: pytest.CaptureFixture[str]
) -> None:
    refusing_city.act(channel="city", act="fault", target="instagram.web.tagged", kind=kind)

    with pytest.raises(ChannelError) as caught:
        poll(settings(refusing_city, tmp_path, account))

    assert caught.value.backoff is backoff
    assert "http" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_a_session_that_has_ended_is_auth_lost(city: City, account: str, tmp_path: Path) -> None:
    city.act(channel="instagram", act="log_out")

    with pytest.raises(ChannelError) as caught:
        poll(settings(city, tmp_path, account))

    assert caught.value.backoff is Backoff.AUTH_LOST


def test_a_session_file_put_in_place_later_is_taken_without_a_restart(city: City, account: str, tmp_path: Path) -> None:
    configured = settings(city, tmp_path, account)
    (tmp_path / "session").unlink()
    tag(city, "яма")

    async def twice() -> Batch:
        poller = InstaloaderPoller(configured, random.Random(109))
        with pytest.raises(ChannelError) as caught:
            await poller.poll(None, SystemClock().now())
        assert caught.value.backoff is Backoff.AUTH_LOST
        saved(tmp_path)
        batch = await poller.poll(None, SystemClock().now())
        await poller.aclose()
        return batch

    assert len(asyncio.run(twice()).events) == 1


class Trap:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self._folder),)


@pytest.mark.parametrize(
    "content", [b"", b"text", pickle.dumps(["a"]), pickle.dumps({}), pickle.dumps({"sessionid": 1})]
)
def test_what_is_no_session_file_is_auth_lost(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "session"
    path.write_bytes(content)

    with pytest.raises(ChannelError, match="session") as caught:
        cookies_of(path)

    assert caught.value.backoff is Backoff.AUTH_LOST


def test_code_in_a_session_file_is_refused_and_never_run(tmp_path: Path) -> None:
    path = saved(tmp_path, {**COOKIES, "mid": Trap(tmp_path / "ran")})

    with pytest.raises(ChannelError, match="no session file"):
        cookies_of(path)

    assert not (tmp_path / "ran").exists()


def test_the_librarys_own_long_sleep_becomes_a_pause_of_the_channel() -> None:
    context = QuietContext(Instaloader())

    with pytest.raises(ChannelError) as caught:
        NoSleep(context).sleep(613)

    assert caught.value.backoff is Backoff.RATE_LIMITED
    assert caught.value.retry_after == timedelta(seconds=613)
