"""What we need of instaloader, and no more: the tagged posts from the newest. Real and fake stand behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol


class TaggedPost(Protocol):
    """A post in which the centre is tagged.

    Attributes:
        posted_at: when it was posted, aware; when the tag was made is not told.
    """

    @property
    def shortcode(self) -> str: ...

    @property
    def caption(self) -> str: ...

    @property
    def posted_at(self) -> datetime: ...

    def describe(self) -> dict[str, object]:
        """Return the post's payload; may ask Instagram once more, so only for posts that are news.

        Raises:
            ChannelError: Instagram refused.
        """
        ...


class TaggedPosts(Protocol):
    """The list of tagged posts."""

    def newest(self) -> Iterator[TaggedPost]:
        """Go through them from the newest; pages are fetched on the way.

        Raises:
            ChannelError: on the way, when Instagram refuses or the session is over.
        """
        ...
