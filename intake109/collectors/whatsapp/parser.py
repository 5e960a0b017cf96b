"""From a stored POST to what it says: all entries × changes × messages and statuses, each by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from intake109.collectors.payload import dict_of, id_of, list_of, moment_of, needed_id, object_of, text_of
from intake109.collectors.whatsapp.codes import CONTENT_LOST, rule_of
from intake109.collectors.whatsapp.content import choice_of, content_of, original_of
from intake109.collectors.whatsapp.identity import Party, party_of
from intake109.errors import PayloadError
from intake109.model import (
    Deletion,
    DeliveryState,
    DeliveryStatus,
    Event,
    Incoming,
    Message,
    Noted,
    Press,
    Unreadable,
)

FORWARDED = "whatsapp:forwarded"
_STATES = {
    "sent": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.READ,
    "played": DeliveryState.READ,
    "failed": DeliveryState.FAILED,
}
_HARMLESS_STATES = frozenset({"accepted", "pending", "held_for_quality_assessment", "deleted", "warning"})
_SILENT = {"reaction": "a reaction to a message", "request_welcome": "a citizen opened the chat"}
"""Types by which nothing is said."""


class WhatsappParser:
    """Says what a delivery to one number means; deliveries for the account's other numbers are only noted."""

    def __init__(self, phone_number_id: str) -> None:
        self._phone_number_id = phone_number_id

    def __call__(self, event: Event) -> tuple[Incoming, ...]:
        """Return every part of the delivery; a broken one becomes `Unreadable`, the ones beside it are kept."""
        try:
            body = object_of(event.payload)
        except PayloadError as error:
            return (Unreadable("body", str(error)),)
        if body.get("object") != "whatsapp_business_account":
            return (Unreadable("object", "not a delivery of a WhatsApp Business account; check the webhook's address"),)
        return tuple(self._body(body)) or (Unreadable("entry", "the delivery holds nothing"),)

    def _body(self, body: dict[str, object]) -> Iterator[Incoming]:
        for i, entry in enumerate(list_of(body.get("entry"))):
            changes = list_of(dict_of(entry).get("changes"))
            if not changes:
                yield Unreadable(f"entry[{i}]", "the entry has no changes")
            for j, change in enumerate(changes):
                yield from self._change(f"entry[{i}].changes[{j}]", dict_of(change))

    def _change(self, where: str, change: dict[str, object]) -> Iterator[Incoming]:
        value, field = dict_of(change.get("value")), id_of(change.get("field"))
        number = id_of(dict_of(value.get("metadata")).get("phone_number_id"))
        if number and self._phone_number_id and number != self._phone_number_id:
            yield Noted("for another number of the account")
            return
        contacts = list_of(value.get("contacts"))
        parts = [
            *_each(where, "messages", value, lambda item: _message(item, contacts)),
            *_each(where, "statuses", value, _status),
            *_each(where, "errors", value, _problem),
        ]
        yield from parts
        if not parts and field and field != "messages":
            yield Noted(f"a change of {field[:60]}, no message")
        elif not parts:
            yield Unreadable(where, "the change has neither messages nor statuses nor errors")


def _each(
    where: str, field: str, value: dict[str, object], read: Callable[[dict[str, object]], Incoming]
) -> Iterator[Incoming]:
    for k, item in enumerate(list_of(value.get(field))):
        try:
            yield read(dict_of(item))
        except PayloadError as error:
            yield Unreadable(f"{where}.{field}[{k}]", str(error))


def _message(message: dict[str, object], contacts: list[object]) -> Incoming:
    kind = id_of(message.get("type"))
    if kind in _SILENT:
        return Noted(_SILENT[kind])
    if kind == "system":
        return Noted(f"system: {id_of(dict_of(message.get('system')).get('type'))[:60] or 'unnamed'}")
    at = moment_of(message.get("timestamp"))
    if kind == "revoke":
        return Deletion(original_of(message, "revoke"), at)
    party = party_of(message, contacts)
    if kind == "edit":
        return _edit(message, party)
    key = needed_id(message, "id")
    choice = choice_of(message)
    if choice is None:
        return _spoken(message, party, key)
    on = id_of(dict_of(message.get("context")).get("id"))
    return Press(key, party.thread, party.author, choice.data, at, party.reply_to, on=on)


def _spoken(message: dict[str, object], party: Party, key: str) -> Message:
    content = content_of(message)
    context = dict_of(message.get("context"))
    is_forward = context.get("forwarded") is True or context.get("frequently_forwarded") is True
    return Message(
        key=key,
        thread=party.thread,
        author=party.author,
        text=content.text,
        mentioned_at=moment_of(message.get("timestamp")),
        reply_to=party.reply_to,
        attachments=content.attachments,
        point=content.point,
        contact=content.contact,
        origin=FORWARDED if is_forward else "",
        quotes=id_of(context.get("id")),
        is_public=party.is_group,
    )


def _edit(message: dict[str, object], party: Party) -> Message:
    """Return the message as it reads now, under the key of the first version.

    The moment of the first version is not in the payload: `mentioned_at` is the edit's own, the stored one stays.
    """
    at = moment_of(message.get("timestamp"))
    later = {**dict_of(dict_of(message.get("edit")).get("message")), "timestamp": message.get("timestamp")}
    content = content_of(later)
    return Message(
        key=original_of(message, "edit"),
        thread=party.thread,
        author=party.author,
        text=content.text,
        mentioned_at=at,
        reply_to=party.reply_to,
        attachments=content.attachments,
        point=content.point,
        contact=content.contact,
        quotes=id_of(dict_of(later.get("context")).get("id")),
        edited_at=at,
        is_public=party.is_group,
    )


def _status(status: dict[str, object]) -> Incoming:
    name = id_of(status.get("status"))
    if name in _HARMLESS_STATES:
        return Noted(f"delivery status {name}")
    if name not in _STATES:
        raise PayloadError(f"delivery status {name[:40]!r} is not known")
    code, reason = _reason(list_of(status.get("errors")))
    at = moment_of(status.get("timestamp"))
    return DeliveryStatus(needed_id(status, "id"), _STATES[name], at, code, reason)


def _reason(errors: list[object]) -> tuple[str, str]:
    problem = dict_of(errors[0]) if errors else {}
    code = id_of(problem.get("code"))
    rule = rule_of(code)
    return code, rule.meaning if rule else text_of(problem.get("title"))[:200]


def _problem(problem: dict[str, object]) -> Incoming:
    """An error of the account, in no message of its own: shown if words were lost or nobody knows what it means."""
    code, reason = _reason([problem])
    if rule_of(code) is None or int(code) in CONTENT_LOST:
        raise PayloadError(f"the platform reports error {code[:20] or 'without a code'}: {reason or 'no reason given'}")
    return Noted(f"the platform reports error {code}: {reason}")
