"""What happens on WhatsApp to what is already there: edits, buttons, statuses, blocks."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from intake109.demo.standin.act import Act, Result, UnknownActError
from intake109.demo.standin.asked import Json
from intake109.demo.standin.meta import errors
from intake109.demo.standin.pressing import find_button
from intake109.demo.standin.whatsapp.acts import ACTS as FIRST_ACTS
from intake109.demo.standin.whatsapp.acts import attached, deliver, referred, result, speak
from intake109.demo.standin.whatsapp.state import WhatsApp


def edit(whatsapp: WhatsApp, act: Act, now: datetime) -> Result:
    """A citizen rewrites a message, which WhatsApp allows for 15 minutes."""
    entry = referred(whatsapp, act, "edit_of")
    stored = whatsapp.ground.files.at(entry.media[0].number) if entry.media else None
    new = attached(stored, act.text) if stored else {"type": "text", "text": {"body": act.text}}
    content: Json = {"type": "edit", "edit": {"original_message_id": entry.key, "message": new}}
    change = deliver(whatsapp, act, now, content, refers_to=entry.seq, addressed=False)
    whatsapp.ground.ledger.rewritten(entry.seq, act.text, now)
    return result(change)


def revoke(whatsapp: WhatsApp, act: Act, now: datetime) -> Result:
    """A citizen deletes a message for everyone."""
    entry = referred(whatsapp, act, "delete_of")
    content: Json = {"type": "revoke", "revoke": {"original_message_id": entry.key}}
    change = deliver(whatsapp, act, now, content, refers_to=entry.seq, addressed=False)
    whatsapp.ground.ledger.deleted(entry.seq, now)
    return result(change)


def reaction(whatsapp: WhatsApp, act: Act, now: datetime) -> Result:
    """A citizen reacts; without an emoji the reaction is taken back."""
    entry = referred(whatsapp, act, "react_to")
    emoji = act.said.text("emoji")
    shown: Json = {"message_id": entry.key, **({"emoji": emoji} if emoji else {})}
    content: Json = {"type": "reaction", "reaction": shown}
    return result(deliver(whatsapp, act, now, content, text=emoji, refers_to=entry.seq, addressed=False))


def button(whatsapp: WhatsApp, act: Act, now: datetime) -> Result:
    """A citizen presses a button or picks from a list, found by its id or by what it says.

    Raises:
        UnknownActError: the centre sent this citizen no such button.
    """
    citizen = speak(whatsapp, act)
    wanted = act.said.part("button")
    found = find_button(whatsapp.ground.ledger, "whatsapp", citizen.id, wanted)
    if found is None:
        raise UnknownActError(f"no such button in the chat: {dict(wanted.values)}")
    entry, pressed = found
    said = Act.of({**act.said.values, "reply_to": entry.seq})
    reply: Json = {"id": pressed.data, "title": pressed.text}
    shapes: dict[str, Json] = {
        "template": {"type": "button", "button": {"payload": pressed.data, "text": pressed.text}},
        "list": {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": reply}},
    }
    shown = shapes.get(
        pressed.kind, {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": reply}}
    )
    return result(deliver(whatsapp, said, now, shown, text=pressed.text, note=pressed.data, addressed=False))


def number_changed(whatsapp: WhatsApp, act: Act, now: datetime) -> Result:
    """A citizen changes the phone number; the new one also has a new BSUID."""
    citizen = speak(whatsapp, act)
    old = whatsapp.account(citizen)
    new = replace(old, phone=act.said.text("phone"), bsuid=f"{old.bsuid}1")
    body = f"User {citizen.name} changed from {old.phone} to {new.phone}"
    system: Json = {"body": body, "wa_id": new.phone, "type": "user_changed_number", "user_id": new.bsuid}
    entry = deliver(whatsapp, act, now, {"type": "system", "system": system}, text=body, addressed=False)
    whatsapp.ground.people.citizens[citizen.id] = replace(citizen, whatsapp=new)
    return result(entry)


def status(whatsapp: WhatsApp, act: Act, now: datetime) -> Result:
    """The platform reports how far a message of the centre got: `of`, `status`, for failed also `error`."""
    entry = referred(whatsapp, act, "of")
    state = act.said.text("status", "read")
    refusal = errors.NAMED[act.said.text("error", "undeliverable")] if state == "failed" else None
    whatsapp.tick(entry, state, now, refusal)
    return result(entry)


def block(whatsapp: WhatsApp, act: Act, now: datetime) -> Result:
    """A citizen blocks the centre; the API is not told, messages just never arrive."""
    citizen = speak(whatsapp, act)
    whatsapp.blocked.add(citizen.id) if act.name == "block" else whatsapp.blocked.discard(citizen.id)
    rest = {"citizen": citizen.id, "step": act.step, "addressed": False}
    return result(whatsapp.ground.write(now, "from_citizen", "whatsapp", act.name, **rest))


ACTS: Mapping[str, Callable[[WhatsApp, Act, datetime], Result]] = {
    **FIRST_ACTS,
    "edit": edit,
    "delete": revoke,
    "reaction": reaction,
    "button": button,
    "number_changed": number_changed,
    "status": status,
    "block": block,
    "unblock": block,
}
