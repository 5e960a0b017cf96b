"""Methods by which the bot writes: send, edit, delete, answer a button."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from intake109.demo.standin.asked import Asked, Json
from intake109.demo.standin.files import Stored
from intake109.demo.standin.ledger import Button, Entry
from intake109.demo.standin.telegram import errors, shapes
from intake109.demo.standin.telegram.acts import worded
from intake109.demo.standin.telegram.formatting import FormattingError, plain
from intake109.demo.standin.telegram.state import Target, Telegram

_TEXT_LIMIT = 4096
_CAPTION_LIMIT = 1024
_CALLBACK_LIFE = timedelta(minutes=15)


def _words(asked: Asked, name: str, limit: int) -> Json:
    """Read a text or caption, its marks taken away, within its limit.

    Raises:
        BotError: it does not parse, is empty (a text) or too long.
    """
    try:
        text = plain(asked.text(name), asked.text("parse_mode")).strip()
    except FormattingError as error:
        raise errors.bad_request(f"can't parse entities: {error}") from error
    if name == "text" and not text:
        raise errors.bad_request("message text is empty")
    if shapes.utf16(text) > limit:
        raise errors.bad_request("message is too long" if name == "text" else "message caption is too long")
    words = worded(text, caption=name == "caption")
    own = asked.items("entities" if name == "text" else "caption_entities")
    if own and words:
        words["entities" if name == "text" else "caption_entities"] = own
    return words


def _keyboard(asked: Asked) -> tuple[Json, tuple[tuple[Button, ...], ...]]:
    """Read the buttons under a message, inline ones or those in place of the keyboard."""
    markup = asked.part("reply_markup")
    rows: list[tuple[Button, ...]] = []
    for row in markup.items("inline_keyboard"):
        rows.append(tuple(_inline(Asked(one)) for one in row if isinstance(one, dict)))  # type: ignore[attr-defined]
    for row in markup.items("keyboard"):
        texts = [Asked(one if isinstance(one, dict) else {"text": one}) for one in row]  # type: ignore[attr-defined]
        rows.append(tuple(Button(one.text("text"), one.text("text"), _reply_kind(one)) for one in texts))
    # A message shows inline keyboards only; the other kind lives below the field one types into.
    shown: Json = {"reply_markup": dict(markup.values)} if markup.given("inline_keyboard") else {}
    return shown, tuple(rows)


def _inline(one: Asked) -> Button:
    if not one.text("text"):
        raise errors.bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    if one.given("url"):
        return Button(one.text("text"), one.text("url"), "url")
    data = one.text("callback_data")
    if not data:
        raise errors.bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(data.encode()) > 64:
        raise errors.bad_request("BUTTON_DATA_INVALID")
    return Button(one.text("text"), data)


def _reply_kind(one: Asked) -> str:
    if one.flag("request_contact"):
        return "contact"
    return "location" if one.flag("request_location") else "reply"


def _answered(telegram: Telegram, target: Target, asked: Asked) -> tuple[Json, Entry | None]:
    reply = asked.part("reply_parameters")
    message_id = reply.integer("message_id") or asked.integer("reply_to_message_id")
    if not message_id:
        return {}, None
    original = telegram.messages.get((target.chat_id, message_id))
    if original is None:
        if reply.flag("allow_sending_without_reply") or asked.flag("allow_sending_without_reply"):
            return {}, None
        raise errors.bad_request("message to be replied not found")
    flat = {name: value for name, value in original.items() if name != "reply_to_message"}
    entry = telegram.ground.ledger.by_key("telegram", f"{target.chat_id}:{message_id}")
    return {"reply_to_message": flat}, entry


def _send(telegram: Telegram, method: str, asked: Asked, now: datetime, words: Json, stored: Stored | None) -> Json:
    target = telegram.find(asked.text("chat_id"))
    quoted, answered = _answered(telegram, target, asked)
    markup, buttons = _keyboard(asked)
    telegram.spend(target, now)
    message: Json = {
        "message_id": telegram.next_message_id(target),
        "from": shapes.bot(telegram.ground.centre),
        "chat": target.shown,
        "date": int(now.timestamp()),
        **quoted,
        **(shapes.attachment(stored) if stored else {}),
        **words,
        **markup,
    }
    if asked.integer("message_thread_id"):
        message["message_thread_id"] = asked.integer("message_thread_id")
    reader = target.place.phone if target.place else None
    citizen = target.citizen.id if target.citizen else answered.citizen if answered else reader
    telegram.ground.write(
        now,
        "to_citizen",
        "telegram",
        method,
        citizen=citizen,
        thread=target.place.id if target.place else "private",
        place=target.place.title if target.place else "",
        key=telegram.keep(target, message),
        text=str(words.get("text") or words.get("caption") or ""),
        media=(stored.shown(),) if stored else (),
        buttons=buttons,
        refers_to=answered.seq if answered else None,
        ticks="sent",
    )
    return message


def send_message(telegram: Telegram, asked: Asked, now: datetime) -> object:
    """Send a text."""
    return _send(telegram, "sendMessage", asked, now, _words(asked, "text", _TEXT_LIMIT), None)


def send_photo(telegram: Telegram, asked: Asked, now: datetime) -> object:
    """Send a picture: uploaded, by id of one already there, or by link."""
    stored = _file(telegram, asked, "photo")
    return _send(telegram, "sendPhoto", asked, now, _words(asked, "caption", _CAPTION_LIMIT), stored)


def send_document(telegram: Telegram, asked: Asked, now: datetime) -> object:
    """Send a file, likewise."""
    stored = _file(telegram, asked, "document")
    return _send(telegram, "sendDocument", asked, now, _words(asked, "caption", _CAPTION_LIMIT), stored)


def _file(telegram: Telegram, asked: Asked, kind: str) -> Stored:
    files = telegram.ground.files
    given = asked.text(kind)
    name = given.removeprefix("attach://") if given.startswith("attach://") else kind
    if name in asked.uploads:
        upload = asked.uploads[name]
        return files.keep(kind, upload.name, upload.mime, upload.data)
    found = shapes.file_number(given)
    stored = files.at(found[0]) if found else None
    if stored is not None:
        return stored
    if given.startswith(("http://", "https://")):
        return files.sent({"name": "street" if kind == "photo" else given.rpartition("/")[2]}, kind)
    raise errors.bad_request(
        "wrong file identifier/HTTP URL specified" if given else f"there is no {kind} in the request"
    )


def _own(telegram: Telegram, asked: Asked, verb: str) -> tuple[Target, Json, Entry]:
    target = telegram.find(asked.text("chat_id"))
    message_id = asked.integer("message_id")
    message = telegram.messages.get((target.chat_id, message_id))
    entry = telegram.ground.ledger.by_key("telegram", f"{target.chat_id}:{message_id}")
    if message is None or entry is None:
        raise errors.bad_request(f"message to {verb} not found")
    if entry.direction != "to_citizen" and verb == "edit":
        raise errors.bad_request("message can't be edited")
    return target, message, entry


def edit_text(telegram: Telegram, asked: Asked, now: datetime) -> object:
    """Rewrite a message of the bot; without reply_markup its buttons go, as in life."""
    words = _words(asked, "text", _TEXT_LIMIT)
    return _edit(telegram, asked, now, words)


def edit_markup(telegram: Telegram, asked: Asked, now: datetime) -> object:
    """Change the buttons under a message of the bot."""
    return _edit(telegram, asked, now, None)


def _edit(telegram: Telegram, asked: Asked, now: datetime, words: Json | None) -> Json:
    target, message, entry = _own(telegram, asked, "edit")
    markup, buttons = _keyboard(asked)
    old = {"reply_markup": message.get("reply_markup"), "text": message.get("text")}
    text = words["text"] if words else message.get("text")
    if old == {"reply_markup": markup.get("reply_markup"), "text": text}:
        raise errors.bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    kept = {name: value for name, value in message.items() if name != "reply_markup"}
    if words is not None:
        kept = {name: value for name, value in kept.items() if name != "entities"} | words
        telegram.ground.ledger.rewritten(entry.seq, str(text), now)
    changed: Json = {**kept, **markup, "edit_date": int(now.timestamp())}
    telegram.ground.ledger.rekeyed(entry.seq, buttons)
    telegram.keep(target, changed)
    return changed


def delete_message(telegram: Telegram, asked: Asked, now: datetime) -> object:
    """Delete a message; those of citizens only in groups where the bot is an admin."""
    target, message, entry = _own(telegram, asked, "delete")
    too_old = now.timestamp() - float(str(message["date"])) > timedelta(hours=48).total_seconds()
    foreign = entry.direction != "to_citizen" and not (target.place and target.place.bot == "admin")
    if too_old or foreign:
        raise errors.bad_request("message can't be deleted")
    del telegram.messages[target.chat_id, int(str(message["message_id"]))]
    telegram.ground.ledger.deleted(entry.seq, now)
    return True


def answer_callback(telegram: Telegram, asked: Asked, now: datetime) -> object:
    """Stop the clock on a pressed button, maybe with a short text on the citizen's screen."""
    query_id = asked.text("callback_query_id")
    pressed_at = telegram.callbacks.pop(query_id, None)
    if pressed_at is None or now - pressed_at > _CALLBACK_LIFE:
        raise errors.bad_request("query is too old and response timeout expired or query ID is invalid")
    press = telegram.ground.ledger.by_key("telegram", f"callback:{query_id}")
    if asked.text("text") and press:
        rest = {"citizen": press.citizen, "thread": press.thread, "text": asked.text("text")}
        rest |= {"note": "alert" if asked.flag("show_alert") else "toast"}
        telegram.ground.write(now, "to_citizen", "telegram", "answerCallbackQuery", refers_to=press.seq, **rest)
    return True


def answer_guest(telegram: Telegram, asked: Asked, now: datetime) -> object:
    """Answer a mention from a chat the bot is not in, once."""
    chat_id = telegram.guests.pop(asked.text("guest_query_id"), None)
    place = next((one for one in telegram.ground.people.chats.values() if one.chat_id == chat_id), None)
    if place is None:
        raise errors.bad_request("query is too old and response timeout expired or query ID is invalid")
    content = asked.part("result").part("input_message_content")
    text = content.text("message_text")
    target = telegram.of_place(place)
    message: Json = {"message_id": telegram.next_message_id(target), "chat": target.shown, "text": text}
    rest = {"thread": place.id, "place": place.title, "text": text, "key": telegram.keep(target, message)}
    telegram.ground.write(now, "to_citizen", "telegram", "answerGuestQuery", **rest)
    return {"inline_message_id": f"guest_{json.dumps(message['message_id'])}"}


SENDING: Mapping[str, Callable[[Telegram, Asked, datetime], object]] = {
    "sendmessage": send_message,
    "sendphoto": send_photo,
    "senddocument": send_document,
    "editmessagetext": edit_text,
    "editmessagereplymarkup": edit_markup,
    "deletemessage": delete_message,
    "answercallbackquery": answer_callback,
    "answerguestquery": answer_guest,
}
