"""Posts as messages of citizens and as parents of comments; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from intake109.collectors.instagram_graph.keys import EDITED_AT, media_key, post_key, shortcode_of
from intake109.collectors.instagram_graph.references import Way, address, attachment
from intake109.collectors.payload import dict_of, id_of, list_of, moment_of, needed_id, point_of, text_of
from intake109.errors import PayloadError
from intake109.model import Attachment, AttachmentKind, Author, Incoming, Message, Noted, Parent, Point

OWN = Noted("written by our own account")
_NO_VIDEO = "Instagram gives no file of this video: licensed music, or its owner allows no download; open the post"


@dataclass(frozen=True, slots=True)
class Ours:
    """The centre's account."""

    user_id: str
    username: str

    def is_us(self, user_id: str, username: str) -> bool:
        """Say whether this is the centre's own account, by id or by name."""
        same_name = bool(username) and username.casefold() == self.username.casefold()
        return same_name or (bool(user_id) and user_id == self.user_id)

    def is_named(self, text: str) -> bool:
        """Say whether a text mentions the account with its "@"."""
        return bool(self.username) and re.search(rf"@{re.escape(self.username)}(?!\w|\.\w)", text, re.I) is not None

    def without_address(self, text: str) -> str:
        """Take our name off the start of a text; the Graph API has dropped its "@" already."""
        if not self.username:
            return text.strip()
        found = re.match(rf"\s*(?:@?{re.escape(self.username)}(?!\w|\.\w)[\s,:;.!—–-]*)+", text, re.I)
        return text[found.end() :].strip() if found else text.strip()


def posted_at(media: dict[str, object]) -> datetime:
    """Return when a post or comment was written.

    Raises:
        PayloadError: it does not say, or no moment.
    """
    try:
        moment = datetime.fromisoformat(text_of(media.get("timestamp")))
        if moment.tzinfo is None:
            raise PayloadError("timestamp has no time zone")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise PayloadError("timestamp is no moment") from error


def tagged_post(media: dict[str, object], ours: Ours, way: Way) -> Incoming:
    """Return a post of the Graph API in which we are tagged or named.

    Raises:
        PayloadError: a needed field is missing.
    """
    username = text_of(media.get("username")).strip()
    if ours.is_us("", username):
        return OWN
    media_id, permalink = needed_id(media, "id"), text_of(media.get("permalink"))
    key = media_key(media)
    message = Message(
        key=key,
        thread=key,
        author=_author(username, key),
        text=ours.without_address(text_of(media.get("caption"))),
        mentioned_at=posted_at(media),
        reply_to=address(media_id=media_id),
        attachments=files_of(media, way),
        permalink=permalink,
        is_public=True,
        mentioned_at_is_known=False,
    )
    return _as_edit(message, media)


def scraped_post(post: dict[str, object], ours: Ours) -> Incoming:
    """Return a tagged post as the instaloader collector writes it.

    Raises:
        PayloadError: a needed field is missing.
    """
    username = text_of(post.get("username")).strip()
    if ours.is_us("", username):
        return OWN
    shortcode = needed_id(post, "shortcode")
    key = post_key(shortcode)
    message = Message(
        key=key,
        thread=key,
        author=_author(username, key),
        text=ours.without_address(text_of(post.get("caption"))),
        mentioned_at=moment_of(post.get("taken_at")),
        reply_to=address(shortcode=shortcode),
        attachments=tuple(_scraped_file(dict_of(file), shortcode) for file in list_of(post.get("files"))),
        permalink=f"https://www.instagram.com/p/{shortcode}/",
        point=_place(dict_of(post.get("location"))),
        is_public=True,
        mentioned_at_is_known=False,
    )
    return _as_edit(message, post)


def parent_post(media: dict[str, object], ours: Ours, comment_id: str) -> Parent | None:
    """Return the post a comment stands under, None if nothing is known of it."""
    if not id_of(media.get("id")) and not text_of(media.get("permalink")):
        return None
    username = text_of(media.get("username")).strip()
    is_ours = ours.is_us("", username)
    return Parent(
        key=media_key(media),
        text=text_of(media.get("caption")),
        author=username,
        permalink=text_of(media.get("permalink")),
        attachments=() if is_ours else files_of(media, Way.COMMENT, comment_id),
        is_ours=is_ours,
    )


def files_of(media: dict[str, object], way: Way, comment_id: str = "") -> tuple[Attachment, ...]:
    """Return a post's files: of an album all parts, else the one."""
    media_id, shortcode = id_of(media.get("id")), shortcode_of(text_of(media.get("permalink")))
    children = list_of(dict_of(media.get("children")).get("data"))
    files = []
    for item in map(dict_of, children or [media]):
        kind, url, gone = _link(item)
        if not url and not item.get("media_type"):
            continue
        child = id_of(item.get("id")) if children else ""
        files.append(
            attachment(
                kind, url, way=way, media=media_id, child=child, comment=comment_id, shortcode=shortcode, gone=gone
            )
        )
    return tuple(files)


def link_of(item: dict[str, object]) -> str:
    """Return the link to a post's or child's file as the Graph API gives it now, empty if it gives none."""
    return _link(item)[1]


def _link(item: dict[str, object]) -> tuple[AttachmentKind, str, str]:
    """Prefer the file; of a video that may not be downloaded the still picture, else the reason."""
    url, still = text_of(item.get("media_url")), text_of(item.get("thumbnail_url"))
    if text_of(item.get("media_type")).upper() not in {"VIDEO", "REELS"}:
        return AttachmentKind.PHOTO, url or still, ""
    if url or not still:
        return AttachmentKind.VIDEO, url, _NO_VIDEO
    return AttachmentKind.PHOTO, still, ""


def _scraped_file(file: dict[str, object], shortcode: str) -> Attachment:
    kind = AttachmentKind.VIDEO if file.get("kind") == "video" else AttachmentKind.PHOTO
    position = id_of(file.get("position"))
    return attachment(kind, text_of(file.get("url")), way=Way.TAGS, shortcode=shortcode, child=f"#{position}")


def _place(location: dict[str, object]) -> Point | None:
    return point_of(location.get("lat"), location.get("lng"), text_of(location.get("name")))


def _author(username: str, key: str) -> Author:
    """Name the author; one whom Instagram does not name is known by the post alone."""
    return Author(id=username or key, username=username)


def _as_edit(message: Message, media: dict[str, object]) -> Message:
    """Return the message as an edit if the poll found the caption changed.

    Files cannot be added to a post: an edit brings none, or each would be noted again under its new link.
    """
    try:
        edited_at = datetime.fromisoformat(text_of(media.get(EDITED_AT)))
    except ValueError:
        return message
    if edited_at.tzinfo is None:
        return message
    return replace(message, edited_at=edited_at, attachments=())
