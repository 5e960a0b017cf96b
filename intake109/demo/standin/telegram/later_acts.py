"""What happens on Telegram to what is already there: posts and comments, edits, forwards, buttons, blocks."""

import copy
from collections.abc import Callable, Mapping
from datetime import datetime

from intake109.demo.standin.act import Act, Result, UnknownActError
from intake109.demo.standin.asked import Json
from intake109.demo.standin.ledger import Entry
from intake109.demo.standin.people import Chat
from intake109.demo.standin.pressing import find_button
from intake109.demo.standin.telegram import shapes
from intake109.demo.standin.telegram.acts import (
    ACTS as FIRST_ACTS,
)
from intake109.demo.standin.telegram.acts import (
    deliver,
    membership,
    result,
    speak,
    update_kind,
    worded,
)
from intake109.demo.standin.telegram.state import FIRST_UPDATE, Telegram

_CONTENT = [
    "text",
    "entities",
    "caption",
    "caption_entities",
    "photo",
    "video",
    "video_note",
    "voice",
    "audio",
    "document",
    "sticker",
    "location",
    "contact",
]


def referred(telegram: Telegram, act: Act, *names: str) -> Entry:
    """Find what an act refers to.

    Raises:
        UnknownActError: it is not there.
    """
    reference = act.reference(*names)
    entry = telegram.ground.ledger.by_reference("telegram", reference)
    if entry is None:
        raise UnknownActError(f"act {act.name!r} refers to {reference!r}, which is not there")
    return entry


def post(telegram: Telegram, act: Act, now: datetime) -> Result:
    """A channel posts; its discussion gets the automatic forward, of which the bot is told."""
    ground = telegram.ground
    channel = ground.people.chat(act.said.text("account"))
    target = telegram.of_place(channel)
    stored = tuple(ground.files.sent(spec) for spec in act.media[:1])
    content = {**(shapes.attachment(stored[0]) if stored else {}), **worded(act.text, caption=bool(stored))}
    message: Json = {"message_id": telegram.next_message_id(target), "sender_chat": target.shown}
    message |= {"chat": target.shown, "date": int(now.timestamp()), **content}
    rest: dict[str, object] = {"thread": channel.id, "place": channel.title, "text": act.text, "step": act.step}
    rest |= {"key": telegram.keep(target, message), "media": tuple(one.shown() for one in stored)}
    entry = ground.write(now, "public", "telegram", "post", addressed=False, **rest)
    if update_kind(telegram, target, message):
        telegram.push("channel_post", message, entry, now)
    if channel.linked:
        _forward_automatically(telegram, entry, message, ground.people.chat(channel.linked), now)
    return result(entry)


def _forward_automatically(telegram: Telegram, entry: Entry, post_: Json, place: Chat, now: datetime) -> None:
    target = telegram.of_place(place)
    origin = {
        "type": "channel",
        "date": post_["date"],
        "chat": post_["chat"],
        "message_id": post_["message_id"],
    }
    forward: Json = {
        **{name: post_[name] for name in _CONTENT if name in post_},
        "message_id": telegram.next_message_id(target),
        "from": shapes.CHANNEL_SERVICE,
        "sender_chat": post_["sender_chat"],
        "chat": target.shown,
        "date": post_["date"],
        "is_automatic_forward": True,
        "forward_origin": origin,
    }
    telegram.keep(target, forward)
    telegram.forwards[entry.seq] = (target.chat_id, int(str(forward["message_id"])))
    if place.bot == "admin":
        telegram.push("message", forward, entry, now)


def comment(telegram: Telegram, act: Act, now: datetime) -> Result:
    """A citizen comments under a channel's post: a message in its discussion, answering the forward."""
    parent = referred(telegram, act, "under", "reply_to")
    place = telegram.ground.people.chat(parent.thread)
    root = telegram.forwards.get(parent.seq)
    discussion = telegram.ground.people.chat(place.linked or place.id) if root else place
    said = Act.of({**act.said.values, "chat": discussion.id, "reply_to": parent.seq, "under": None})
    content = worded(act.text, caption=bool(act.media))
    stored = tuple(telegram.ground.files.sent(spec) for spec in act.media[:1])
    if stored:
        content |= shapes.attachment(stored[0])
    if root:
        forward = telegram.messages[root]
        content |= {"message_thread_id": root[1], "reply_to_message": forward}
    return result(deliver(telegram, said, now, content, stored))


def edit(telegram: Telegram, act: Act, now: datetime) -> Result:
    """A citizen rewrites a message; the bot gets the whole new one."""
    entry = referred(telegram, act, "edit_of")
    message = telegram.at_key(entry.key)
    if message is None:
        raise UnknownActError("the message is deleted")
    message = copy.deepcopy(message)
    for name in ("text", "entities", "caption", "caption_entities"):
        message.pop(name, None)
    message |= worded(act.text, caption=bool(entry.media)) | {"edit_date": int(now.timestamp())}
    chat_id, _, message_id = entry.key.partition(":")
    telegram.messages[int(chat_id), int(message_id)] = message
    telegram.ground.ledger.rewritten(entry.seq, act.text, now)
    rest = {"citizen": entry.citizen, "thread": entry.thread, "place": entry.place, "text": act.text}
    change = telegram.ground.write(
        now,
        entry.direction,
        "telegram",
        "edit",
        **rest,
        key=entry.key,
        refers_to=entry.seq,
        step=act.step,
        addressed=False,
        ids={"edit_date": str(message["edit_date"])},
    )
    kind = "edited_channel_post" if entry.direction == "public" else "edited_message"
    telegram.push(kind, message, change, now)
    return result(change)


def delete(telegram: Telegram, act: Act, now: datetime) -> Result:
    """A message disappears; the Bot API tells nobody, and an answer to it will fail."""
    entry = referred(telegram, act, "delete_of")
    chat_id, _, message_id = entry.key.partition(":")
    telegram.messages.pop((int(chat_id), int(message_id)), None)
    telegram.ground.ledger.deleted(entry.seq, now)
    return result(entry)


def forward(telegram: Telegram, act: Act, now: datetime) -> Result:
    """A citizen forwards something; `hidden` hides the author as privacy settings do."""
    entry = referred(telegram, act, "forward_of")
    original = telegram.at_key(entry.key) if entry.channel == "telegram" else None
    if original is None:
        raise UnknownActError("what is to be forwarded is not on Telegram any more")
    origin: Json = {"date": original["date"]}
    author = telegram.sent_by(original)
    if entry.direction == "public":
        origin |= {"type": "channel", "chat": original["chat"], "message_id": original["message_id"]}
    elif author is None or act.said.flag("hidden"):
        origin |= {"type": "hidden_user", "sender_user_name": author.name if author else "?"}
    else:
        origin |= {"type": "user", "sender_user": shapes.user(author)}
    content = {name: original[name] for name in _CONTENT if name in original}
    stored = tuple(one for one in map(telegram.ground.files.at, (p.number for p in entry.media)) if one)
    said = Act.of({**act.said.values, "text": entry.text})
    content["forward_origin"] = origin
    return result(deliver(telegram, said, now, content, stored, note="forwarded", refers_to=entry.seq))


def button(telegram: Telegram, act: Act, now: datetime) -> Result:
    """A citizen presses a button under a message of the bot, found by its data or by what it says.

    Raises:
        UnknownActError: no message of the bot in this chat has such a button.
    """
    citizen, target = speak(telegram, act, now)
    wanted = act.said.part("button")
    found = find_button(telegram.ground.ledger, "telegram", citizen.id, wanted, act.said.text("chat") or "private")
    if found is None:
        raise UnknownActError(f"no such button in the chat: {dict(wanted.values)}")
    entry, pressed = found
    if pressed.kind != "callback":
        # A key of the keyboard below types what it says, or sends the own number.
        typed = Act.of({"citizen": citizen.id, "chat": act.said.text("chat"), "act": "message", "text": pressed.text})
        return FIRST_ACTS["contact" if pressed.kind == "contact" else "message"](telegram, typed, now)
    query_id = str(4_382_000_000_000_000 + telegram.ground.next("callback"))
    body: Json = {
        "id": query_id,
        "from": shapes.user(citizen),
        "message": telegram.at_key(entry.key)
        or {"chat": target.shown, "message_id": int(entry.key.partition(":")[2]), "date": 0},
        "chat_instance": str(-target.chat_id),
        "data": pressed.data,
    }
    telegram.callbacks[query_id] = now
    rest = {"citizen": citizen.id, "thread": entry.thread, "place": entry.place, "key": f"callback:{query_id}"}
    rest |= {"text": pressed.text, "note": pressed.data}
    press = telegram.ground.write(
        now, "from_citizen", "telegram", "button", refers_to=entry.seq, step=act.step, addressed=False, **rest
    )
    telegram.push("callback_query", body, press, now)
    return result(press)


def reaction(telegram: Telegram, act: Act, now: datetime) -> Result:
    """A citizen reacts with an emoji; only a bot that asked for `message_reaction` is told."""
    citizen, target = speak(telegram, act, now)
    entry = referred(telegram, act, "react_to")
    emoji = act.said.text("emoji", "👍")
    body: Json = {
        "chat": target.shown,
        "message_id": int(entry.key.partition(":")[2]),
        "user": shapes.user(citizen),
        "date": int(now.timestamp()),
        "old_reaction": [],
        "new_reaction": [{"type": "emoji", "emoji": emoji}],
    }
    rest = {"citizen": citizen.id, "thread": entry.thread, "text": emoji, "step": act.step}
    noted = telegram.ground.write(
        now, "from_citizen", "telegram", "reaction", addressed=False, refers_to=entry.seq, **rest
    )
    telegram.push("message_reaction", body, noted, now)
    return result(noted)


def block(telegram: Telegram, act: Act, now: datetime) -> Result:
    """A citizen blocks the bot, or lets it in again (`unblock`)."""
    citizen, _ = speak(telegram, act, now)
    before, after = ("member", "kicked") if act.name == "block" else ("kicked", "member")
    telegram.blocked.add(citizen.id) if act.name == "block" else telegram.blocked.discard(citizen.id)
    membership(telegram, citizen, before, after, now)
    rest = {"citizen": citizen.id, "step": act.step, "addressed": False}
    return result(telegram.ground.write(now, "from_citizen", "telegram", act.name, **rest))


def renumber(telegram: Telegram, act: Act, now: datetime) -> Result:
    """Telegram goes on with other update ids, as after a week without updates."""
    first = act.said.integer("first", FIRST_UPDATE)
    telegram.queue.renumber(first)
    return {"first": first, "at": now.isoformat()}


ACTS: Mapping[str, Callable[[Telegram, Act, datetime], Result]] = {
    **FIRST_ACTS,
    "post": post,
    "comment": comment,
    "edit": edit,
    "delete": delete,
    "forward": forward,
    "button": button,
    "reaction": reaction,
    "block": block,
    "unblock": block,
    "renumber": renumber,
}
