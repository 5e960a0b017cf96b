"""From a stored delivery to what it says: tagged posts, webhooks of both logins, look-ups, instaloader's posts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from intake109.collectors.instagram_graph.comments import commented, looked_up, mentioned
from intake109.collectors.instagram_graph.direct import said
from intake109.collectors.instagram_graph.moments import told_at
from intake109.collectors.instagram_graph.posts import Ours, scraped_post, tagged_post
from intake109.collectors.instagram_graph.references import Way
from intake109.collectors.payload import dict_of, id_of, list_of, object_of
from intake109.errors import PayloadError
from intake109.model import Event, Incoming, Noted, Unreadable

SOURCES = ("instagram.tags", "instagram.webhook", "instagram.lookup", "instagram.instaloader")
"""The sources this parser reads."""

_SINGLE: Mapping[str, Callable[[dict[str, object], Ours], Incoming]] = {
    "instagram.tags": lambda body, ours: tagged_post(body, ours, Way.TAGS),
    "instagram.lookup": looked_up,
    "instagram.instaloader": scraped_post,
}
_MESSAGING_FIELDS = frozenset({"messages", "message_edit", "message_reactions", "standby"})


class InstagramParser:
    """Says what a delivery to one account means; see `base.Parser`."""

    def __init__(self, user_id: str, username: str) -> None:
        """`username` without "@"; what the account itself writes is only noted."""
        self._ours = Ours(user_id, username.removeprefix("@"))

    def __call__(self, event: Event) -> tuple[Incoming, ...]:
        """Return every part of the delivery; a broken one becomes `Unreadable`, the ones beside it are kept."""
        try:
            body = object_of(event.payload)
            read = _SINGLE.get(event.source)
            if read is not None:
                return (read(body, self._ours),)
        except PayloadError as error:
            return (Unreadable("body", str(error)),)
        if body.get("object") != "instagram":
            return (Unreadable("object", "not a delivery of an Instagram account; check the webhook's address"),)
        return tuple(self._body(body)) or (Unreadable("entry", "the delivery holds nothing"),)

    def _body(self, body: dict[str, object]) -> Iterator[Incoming]:
        for i, item in enumerate(list_of(body.get("entry"))):
            entry, where = dict_of(item), f"entry[{i}]"
            parts = [
                *self._changes(entry, where),
                *self._messaging(entry, where, "messaging"),
                *self._messaging(entry, where, "standby"),
            ]
            yield from parts or [Unreadable(where, "the entry holds neither changes nor messages")]

    def _changes(self, entry: dict[str, object], where: str) -> Iterator[Incoming]:
        """Go through the changes: a list with a Facebook login, the entry itself with an Instagram login."""
        if "field" in entry:
            yield from _guarded(where, self._change(entry, entry, where))
        for j, item in enumerate(list_of(entry.get("changes"))):
            change, place = dict_of(item), f"{where}.changes[{j}]"
            yield from _guarded(place, self._change(change, entry, place))

    def _change(self, change: dict[str, object], entry: dict[str, object], where: str) -> Iterator[Incoming]:
        name, value = id_of(change.get("field")), dict_of(change.get("value"))
        if name == "comments":
            yield commented(value, told_at(entry.get("time")), self._ours)
        elif name == "mentions":
            yield mentioned(value)
        elif name in _MESSAGING_FIELDS or name.startswith("messaging_"):
            yield from said(value, self._ours, where)
        elif name:
            yield Noted(f"a change of {name[:60]}")
        else:
            raise PayloadError("the change names no field")

    def _messaging(self, entry: dict[str, object], where: str, field: str) -> Iterator[Incoming]:
        """Go through direct messages; `standby` is for chats that another app leads, a citizen wrote all the same."""
        for j, item in enumerate(list_of(entry.get(field))):
            part, place = dict_of(item), f"{where}.{field}[{j}]"
            yield from _guarded(place, said(part, self._ours, place))


def _guarded(where: str, parts: Iterator[Incoming]) -> Iterator[Incoming]:
    """Pass the parts on until one cannot be read, and say so in its place."""
    try:
        yield from parts
    except PayloadError as error:
        yield Unreadable(where, str(error))
