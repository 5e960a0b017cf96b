"""Who wrote, and where the answer goes.

Since 2026 a citizen may hide the phone number behind a user name; the lasting id is then the business-scoped user id
(BSUID, e.g. `KZ.13491208655302741918`), and it is sent to in a field of its own.

Source: Meta, "Business-scoped user IDs" (18 March 2026): `recipient` beside `to`, `to` wins where both are given; a
BSUID put into `to` is answered with 200 and never delivered (chatwoot, pull request 15150).
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from intake109.collectors.payload import dict_of, id_of, text_of
from intake109.errors import PayloadError
from intake109.model import Author


@dataclass(frozen=True, slots=True)
class Party:
    """The citizen of a message: the author, the thread it belongs to and the address for answers."""

    author: Author
    thread: str
    reply_to: str
    is_group: bool = False


def party_of(message: dict[str, object], contacts: list[object]) -> Party:
    """Tell who wrote: the BSUID is the id when there is one, the number otherwise; the others become aliases.

    Raises:
        PayloadError: neither is there, so nobody could be answered.
    """
    contact = _contact(message, contacts)
    sender = id_of(message.get("from"))
    wa_id = id_of(contact.get("wa_id"))
    user_ids = [message.get("from_user_id"), contact.get("user_id"), None if _is_number(sender) else sender]
    user_id = next((found for found in map(id_of, user_ids) if found), "")
    number = next((found for found in (sender, wa_id) if _is_number(found)), "")
    identity = user_id or number
    if not identity:
        raise PayloadError("the sender has neither a number nor a user id")
    parents = (id_of(message.get("from_parent_user_id")), id_of(contact.get("parent_user_id")))
    aliases = tuple(dict.fromkeys(other for other in (number, wa_id, *parents) if other and other != identity))
    profile = dict_of(contact.get("profile"))
    author = Author(
        id=identity,
        name=text_of(profile.get("name")),
        username=text_of(profile.get("username")),
        phone=f"+{number}" if number else "",
        aliases=aliases,
    )
    group = id_of(message.get("group_id"))
    return Party(author, group or identity, _reply_to(group, number, user_id), is_group=bool(group))


def _reply_to(group: str, number: str, user_id: str) -> str:
    """Prefer the number, as Meta advises: then later webhooks keep showing it."""
    if group:
        return json.dumps({"group": group})
    return json.dumps({"to": number} if number else {"recipient": user_id})


def _contact(message: dict[str, object], contacts: list[object]) -> dict[str, object]:
    """Find the sender among the contacts; a single one that names nobody else is the sender's too."""
    ids = {id_of(message.get("from")), id_of(message.get("from_user_id"))} - {""}
    known = [dict_of(contact) for contact in contacts]
    for contact in known:
        if ids & {id_of(contact.get("wa_id")), id_of(contact.get("user_id"))}:
            return contact
    return known[0] if len(known) == 1 else {}


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit()
