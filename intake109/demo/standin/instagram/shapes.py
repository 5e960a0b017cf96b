"""How the Graph API writes posts and comments: only the fields that were asked for, and not all for everybody."""

import base64
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from intake109.demo.standin.asked import Json
from intake109.demo.standin.files import Stored
from intake109.demo.standin.instagram.state import Comment, Instagram, Post, moment
from intake109.demo.standin.meta import errors
from intake109.demo.standin.meta.fields import Field

_ABSENT = object()
_DEFAULT = (Field("id"),)


def unmarked(instagram: Instagram, text: str) -> str:
    """Take the @ off the centre's name, as the API does in captions and comments it does not own.

    Source: IG Media reference, `caption`: "the @ symbol is excluded unless …".
    """
    return text.replace(f"@{instagram.me.username}", instagram.me.username)


def media(instagram: Instagram, post: Post, fields: Sequence[Field], now: datetime) -> Json:
    """Write a post.

    Raises:
        GraphError: a field that posts do not have.
    """
    known = _media_fields(instagram, post, now)
    return _chosen(known, fields, "IGMedia")


def _media_fields(instagram: Instagram, post: Post, now: datetime) -> Mapping[str, Callable[[Field], object]]:
    own = instagram.is_own(post)
    first = post.files[0] if post.files else None
    withheld = post.withheld or first is None
    caption = post.caption if own else unmarked(instagram, post.caption)
    is_album = post.kind == "CAROUSEL_ALBUM"
    product, folder = ("REELS", "reel") if post.kind == "VIDEO" else ("FEED", "p")

    def url(_field: Field) -> object:
        return _ABSENT if withheld or first is None else instagram.link(first, now)

    def children(field: Field) -> object:
        if not is_album:
            return _ABSENT
        return {"data": [_child(instagram, post, one, field.inner or _DEFAULT, now) for one in post.files]}

    def comments(field: Field) -> object:
        listed = instagram.under(post) if own else []
        return {"data": [comment(instagram, one, field.inner or _DEFAULT, now) for one in listed]}

    return {
        "id": lambda _field: post.id,
        "caption": lambda _field: caption or _ABSENT,
        "media_type": lambda _field: post.kind,
        "media_product_type": lambda _field: product,
        "media_url": url,
        "thumbnail_url": lambda field: f"{url(field)}&thumb=1" if post.kind == "VIDEO" and not withheld else _ABSENT,
        "permalink": lambda _field: f"https://www.instagram.com/{folder}/{post.shortcode}/",
        "shortcode": lambda _field: post.shortcode if own else _ABSENT,
        "timestamp": lambda _field: moment(post.taken_at),
        "username": lambda _field: post.owner.username,
        "owner": lambda _field: {"id": instagram.me.scoped_id} if own else _ABSENT,
        "comments_count": lambda _field: sum(
            1 for one in instagram.comments.values() if one.post == post.id and not one.deleted
        ),
        "like_count": lambda _field: post.pk % 40,
        "is_comment_enabled": lambda _field: True,
        "children": children,
        "comments": comments,
    }


def _child(instagram: Instagram, post: Post, stored: Stored, fields: Sequence[Field], now: datetime) -> Json:
    kind = "VIDEO" if stored.kind == "video" else "IMAGE"
    known: Mapping[str, Callable[[Field], object]] = {
        "id": lambda _field: str(18_000_000_000_000_000 + stored.number),
        "media_type": lambda _field: kind,
        "media_url": lambda _field: _ABSENT if post.withheld else instagram.link(stored, now),
        "thumbnail_url": lambda _field: f"{instagram.link(stored, now)}&thumb=1" if kind == "VIDEO" else _ABSENT,
        "permalink": lambda _field: f"https://www.instagram.com/p/{post.shortcode}/",
        "timestamp": lambda _field: moment(post.taken_at),
        "username": lambda _field: post.owner.username,
    }
    return _chosen(known, fields, "IGMedia")


def comment(instagram: Instagram, one: Comment, fields: Sequence[Field], now: datetime) -> Json:
    """Write a comment.

    Raises:
        GraphError: a field that comments do not have.
    """
    post = instagram.posts[one.post]
    own = instagram.is_own(post)
    known: Mapping[str, Callable[[Field], object]] = {
        "id": lambda _field: one.id,
        "text": lambda _field: one.text if own else unmarked(instagram, one.text),
        "timestamp": lambda _field: moment(one.at),
        "username": lambda _field: one.author.username,
        "from": lambda _field: {"id": one.author.scoped_id, "username": one.author.username},
        "like_count": lambda _field: 0,
        "hidden": lambda _field: one.hidden,
        "parent_id": lambda _field: one.parent or _ABSENT,
        "media": lambda field: media(instagram, post, field.inner or _DEFAULT, now),
        "replies": lambda field: {
            "data": [
                comment(instagram, answer, field.inner or _DEFAULT, now) for answer in instagram.under(post, one.id)
            ]
        },
        "user": lambda _field: _ABSENT,
    }
    return _chosen(known, fields, "IGComment")


def _chosen(known: Mapping[str, Callable[[Field], object]], fields: Sequence[Field], node: str) -> Json:
    shown: Json = {}
    for field in fields or _DEFAULT:
        if field.name not in known:
            raise errors.parameter(f"Tried accessing nonexisting field ({field.name}) on node type ({node})")
        value = known[field.name](field)
        if value is not _ABSENT:
            shown[field.name] = value
    shown.setdefault("id", known["id"](Field("id")))
    return shown


def cursor(order: int) -> str:
    """Write a place in a list as an opaque cursor."""
    return "QVFI" + base64.urlsafe_b64encode(f"demo:{order}".encode()).decode().rstrip("=")


def order_of(given: str) -> int:
    """Read a cursor back.

    Raises:
        GraphError: it is none of ours.
    """
    padded = given.removeprefix("QVFI") + "=" * (-len(given.removeprefix("QVFI")) % 4)
    try:
        return int(base64.urlsafe_b64decode(padded).decode().removeprefix("demo:"))
    except ValueError as error:
        raise errors.parameter("Invalid parameter", "Cursor is invalid") from error
