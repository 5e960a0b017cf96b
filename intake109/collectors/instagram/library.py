"""The real instaloader behind our border; the only module that asks it for posts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from instaloader import (
    BadResponseException,
    Post,
    PostChangedException,
    Profile,
    QueryReturnedNotFoundException,
)

from intake109 import config
from intake109.collectors.instagram.failures import session_lost, translated
from intake109.collectors.instagram.session import QuietContext, cookies_of
from intake109.errors import Backoff, ChannelError

_INCOMPLETE = (
    BadResponseException,
    PostChangedException,
    QueryReturnedNotFoundException,
    KeyError,
    IndexError,
    TypeError,
)
"""One post's details cannot be had; the post itself still counts."""
_SESSION_IS_OVER = {Backoff.AUTH_LOST, Backoff.BLOCKED}


class LibraryPosts:
    """The tagged posts through instaloader. Not safe between threads; the poller gives it one of its own."""

    def __init__(self, settings: config.Instagram) -> None:
        self._settings = settings
        self._username = (settings.username or settings.instaloader.username).removeprefix("@").lower()
        self._context: QuietContext | None = None
        self._profile: Profile | None = None

    def newest(self) -> Iterator[LibraryPost]:
        """Go through the posts; see `TaggedPosts`. After a lost session the file is read anew, so it can be replaced.

        Raises:
            ChannelError: Instagram refused, or the session is over.
        """
        try:
            with translated():
                profile = self._profile or self._open()
                for post in profile.get_tagged_posts():
                    yield LibraryPost(post)
        except ChannelError as error:
            if error.backoff in _SESSION_IS_OVER:
                self.close()
            raise

    def close(self) -> None:
        """Forget the session and close its connections."""
        if self._context is not None:
            self._context.close()  # type: ignore[no-untyped-call]
        self._context = self._profile = None

    def _open(self) -> Profile:
        self.close()
        cookies = cookies_of(self._settings.instaloader.session_file)
        account = self._settings.instaloader.username.removeprefix("@").lower() or self._username
        context = self._context = QuietContext(self._settings.instaloader)
        context.load_session(account, cookies)
        self._profile = _own(context) if account == self._username else Profile.from_username(context, self._username)
        return self._profile


class LibraryPost:
    """One post; see `TaggedPost`."""

    def __init__(self, post: Post) -> None:
        self._post = post

    @property
    def shortcode(self) -> str:
        return self._post.shortcode

    @property
    def caption(self) -> str:
        return self._post.caption or ""

    @property
    def posted_at(self) -> datetime:
        return self._post.date_local.astimezone(UTC)

    def describe(self) -> dict[str, object]:
        """Return the payload; what of it cannot be had is left out.

        Raises:
            ChannelError: Instagram refused to tell more.
        """
        with translated():
            return {
                "shortcode": self.shortcode,
                "caption": self.caption,
                "username": self._username(),
                "taken_at": int(self.posted_at.timestamp()),
                "typename": self._node_text("__typename"),
                "is_video": bool(self._node().get("is_video")),
                "files": self._files(),
                "location": self._node().get("location"),
            }

    def _username(self) -> str:
        try:
            return self._post.owner_username
        except _INCOMPLETE:
            return ""

    def _files(self) -> list[dict[str, object]]:
        try:
            return self._all_files()
        except _INCOMPLETE:
            return [{"kind": "photo", "url": self._node_text("display_url"), "position": 0}]

    def _all_files(self) -> list[dict[str, object]]:
        if self._post.typename != "GraphSidecar":
            return [_file(0, self._post.url, self._post.video_url)]
        return [
            _file(position, node.display_url, node.video_url)
            for position, node in enumerate(self._post.get_sidecar_nodes())
        ]

    def _node(self) -> dict[str, object]:
        """Return what the list said of the post. The library's own attributes ask Instagram for each missing part."""
        return self._post._asdict()  # type: ignore[no-untyped-call, no-any-return]

    def _node_text(self, name: str) -> str:
        value = self._node().get(name)
        return value if isinstance(value, str) else ""


def _own(context: QuietContext) -> Profile:
    """Return the profile of the session's account; a session that is over answers with nobody."""
    try:
        profile: Profile = Profile.own_profile(context)
    except (TypeError, KeyError, AssertionError) as error:
        raise session_lost("the session has ended") from error
    return profile


def _file(position: int, still: str, video: str | None) -> dict[str, object]:
    kind, url = ("video", video) if video else ("photo", still)
    return {"kind": kind, "url": url, "position": position}
