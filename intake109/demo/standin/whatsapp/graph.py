"""What the centre asks of WhatsApp through the Graph API: sending, media, the phone number."""

from collections.abc import Callable, Mapping

from intake109.demo.standin.asked import Asked, Json
from intake109.demo.standin.files import LINK_LIFE, Stored
from intake109.demo.standin.ledger import Button, Picture
from intake109.demo.standin.meta import errors
from intake109.demo.standin.meta.call import Call
from intake109.demo.standin.meta.errors import GraphError
from intake109.demo.standin.people import Citizen
from intake109.demo.standin.whatsapp.acts import MEDIA_BASE, media_id
from intake109.demo.standin.whatsapp.state import WhatsApp

Buttons = tuple[tuple[Button, ...], ...]
_KINDS = {"image": "photo", "audio": "audio", "video": "video", "document": "document", "sticker": "sticker"}
_TEXT_LIMIT = 4096
_BODY_LIMIT = 1024


class Content:
    """A message of the centre as the citizen sees it."""

    def __init__(self, text: str = "", media: tuple[Picture, ...] = (), buttons: Buttons = (), note: str = "") -> None:
        self.text = text
        self.media = media
        self.buttons = buttons
        self.note = note


def _text(_whatsapp: WhatsApp, part: Asked) -> Content:
    body = part.text("body")
    if not body.strip():
        raise errors.parameter("The parameter text['body'] is required.")
    if len(body) > _TEXT_LIMIT:
        raise errors.parameter(f"Param text['body'] must be at most {_TEXT_LIMIT} characters long.")
    return Content(body)


def _template(_whatsapp: WhatsApp, part: Asked) -> Content:
    if not part.text("name") or not part.part("language").text("code"):
        raise errors.parameter("The parameters template['name'] and template['language'] are required.")
    values: list[str] = []
    buttons: list[tuple[Button, ...]] = []
    for component in part.parts("components"):
        for one in component.parts("parameters"):
            if component.text("type").lower() == "button":
                buttons.append((Button(one.text("text") or one.text("payload"), one.text("payload"), "template"),))
            else:
                values.append(one.text("text"))
    shown = " · ".join(value for value in values if value)
    return Content(shown or part.text("name"), buttons=tuple(buttons), note=f"template {part.text('name')}")


def _interactive(_whatsapp: WhatsApp, part: Asked) -> Content:
    body = part.part("body").text("text")
    action = part.part("action")
    if not body:
        raise errors.parameter("The parameter interactive['body']['text'] is required.")
    if len(body) > _BODY_LIMIT:
        raise errors.parameter(f"Param interactive['body']['text'] must be at most {_BODY_LIMIT} characters long.")
    if part.text("type") == "button":
        replies = [one.part("reply") for one in action.parts("buttons")]
        if not 1 <= len(replies) <= 3:
            raise errors.parameter("Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3")
        buttons: Buttons = tuple((_reply(one, 20, "reply"),) for one in replies)
    elif part.text("type") == "list":
        rows = [row for section in action.parts("sections") for row in section.parts("rows")]
        if not 1 <= len(rows) <= 10:
            raise errors.parameter("Total row count exceed max allowed count: 10")
        buttons = tuple((_reply(one, 24, "list"),) for one in rows)
    elif part.text("type") == "location_request_message":
        buttons = ((Button("📍", "location", "location"),),)
    else:
        values = action.part("parameters")
        buttons = ((Button(values.text("display_text"), values.text("url"), "url"),),)
    parts = [part.part("header").text("text"), body, part.part("footer").text("text")]
    return Content("\n\n".join(one for one in parts if one), buttons=buttons)


def _reply(one: Asked, limit: int, kind: str) -> Button:
    if not one.text("id") or not 1 <= len(one.text("title")) <= limit:
        raise errors.parameter(f"Button title length invalid. Min length: 1, Max length: {limit}")
    if len(one.text("id")) > 256:
        raise errors.parameter("Button id length invalid. Max length: 256")
    return Button(one.text("title"), one.text("id"), kind)


def _media(whatsapp: WhatsApp, part: Asked, kind: str) -> Content:
    files = whatsapp.ground.files
    if part.text("id"):
        stored = _stored(whatsapp, part.text("id"))
        if stored is None:
            raise errors.parameter("Invalid parameter", f"Media ID {part.text('id')} does not exist")
    elif part.text("link").startswith(("http://", "https://")):
        stored = files.sent({"kind": _KINDS[kind], "name": part.text("link").rpartition("/")[2]}, _KINDS[kind])
    else:
        raise errors.parameter(f"The parameter {kind}['id'] or {kind}['link'] is required.")
    return Content(part.text("caption"), (stored.shown(),))


def _location(_whatsapp: WhatsApp, part: Asked) -> Content:
    return Content(part.text("name"), note=f"{part.text('latitude')}, {part.text('longitude')}")


def _reaction(_whatsapp: WhatsApp, part: Asked) -> Content:
    return Content(part.text("emoji"), note=f"reaction to {part.text('message_id')}")


_CONTENT: Mapping[str, Callable[[WhatsApp, Asked], Content]] = {
    "text": _text,
    "template": _template,
    "interactive": _interactive,
    "location": _location,
    "reaction": _reaction,
    "contacts": lambda _whatsapp, _part: Content(note="contacts"),
    **{
        kind: (lambda whatsapp, part, kind=kind: _media(whatsapp, part, kind))  # type: ignore[misc]
        for kind in _KINDS
    },
}


def _stored(whatsapp: WhatsApp, given: str) -> Stored | None:
    return whatsapp.ground.files.at(int(given) - MEDIA_BASE) if given.isdigit() else None


def send(whatsapp: WhatsApp, call: Call) -> Json:
    """Send a message, or mark one as read.

    Raises:
        GraphError: malformed, nobody there, or outside of the window.
    """
    asked = call.asked
    if asked.text("messaging_product") != "whatsapp":
        raise errors.parameter("The parameter messaging_product is required.")
    if asked.text("status") == "read":
        return _mark_read(whatsapp, asked)
    kind = asked.text("type", "text")
    if kind not in _CONTENT:
        raise errors.parameter(f'Param type must be one of {sorted(_CONTENT)} - got "{kind}".')
    if not asked.text("to") and not asked.text("recipient"):
        raise errors.parameter("The parameter to is required.")
    citizen = whatsapp.find(asked.text("to"), asked.text("recipient"))
    content = _CONTENT[kind](whatsapp, asked.part(kind))
    outside = kind != "template" and not whatsapp.may_write(citizen, call.now)
    if outside and not whatsapp.ground.settings.async_window_errors:
        raise GraphError(errors.WINDOW)
    whatsapp.spend(citizen, call.now)
    return _sent(whatsapp, call, citizen, kind, content, failed=outside)


def _sent(whatsapp: WhatsApp, call: Call, citizen: Citizen, kind: str, content: Content, *, failed: bool) -> Json:
    ground = whatsapp.ground
    wamid = whatsapp.next_id(citizen, outgoing=True)
    answered = ground.ledger.by_key("whatsapp", call.asked.part("context").text("message_id"))
    entry = ground.write(
        call.now,
        "to_citizen",
        "whatsapp",
        kind,
        citizen=citizen.id,
        key=wamid,
        text=content.text,
        media=content.media,
        buttons=content.buttons,
        note=content.note,
        refers_to=answered.seq if answered else None,
    )
    blocked = citizen.id in whatsapp.blocked
    if failed or blocked:
        whatsapp.tick(entry, "failed", call.now, errors.WINDOW if failed else errors.UNDELIVERABLE)
    else:
        for status in ground.settings.statuses:
            whatsapp.tick(ground.ledger.at(entry.seq), status, call.now)
    account = whatsapp.account(citizen)
    contact: Json = {"input": call.asked.text("to") or call.asked.text("recipient")}
    contact |= {"wa_id": account.phone} if call.asked.text("to") else {"user_id": account.bsuid}
    message: Json = {"id": wamid}
    if kind == "template":
        message["message_status"] = "accepted"
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]}


def _mark_read(whatsapp: WhatsApp, asked: Asked) -> Json:
    entry = whatsapp.ground.ledger.by_key("whatsapp", asked.text("message_id"))
    if entry is None or entry.direction != "from_citizen":
        raise errors.parameter("Invalid parameter", "Message ID is invalid.")
    whatsapp.ground.ledger.ticked(entry.seq, "read")
    return {"success": True}


def upload(whatsapp: WhatsApp, call: Call) -> Json:
    """Take a file in, to be sent by its id."""
    upload_ = call.asked.uploads.get("file")
    if upload_ is None or call.asked.text("messaging_product") != "whatsapp":
        raise errors.parameter("The parameters messaging_product and file are required.")
    mime = call.asked.text("type") or upload_.mime
    kind = {"image": "photo", "video": "video", "audio": "audio"}.get(mime.partition("/")[0], "document")
    return {"id": str(media_id(whatsapp.ground.files.keep(kind, upload_.name, mime, upload_.data)))}


def number(whatsapp: WhatsApp, _call: Call) -> Json:
    """Describe the centre's number."""
    centre = whatsapp.ground.centre
    return {
        "id": centre.phone_number_id,
        "verified_name": centre.name,
        "display_phone_number": f"+{centre.whatsapp_phone}",
        "quality_rating": "GREEN",
        "code_verification_status": "VERIFIED",
        "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD"},
    }


def media(whatsapp: WhatsApp, call: Call) -> Json | None:
    """Tell where a file can be fetched for the next five minutes; None if this is no file's id."""
    ground = whatsapp.ground
    stored = _stored(whatsapp, call.node)
    if stored is None or int(call.node) <= MEDIA_BASE:
        return None
    return {
        "messaging_product": "whatsapp",
        "url": ground.files.link(ground.base_url, "whatsapp", stored.number, call.now + LINK_LIFE["whatsapp"]),
        "mime_type": stored.mime,
        "sha256": stored.sha256.hex(),
        "file_size": stored.size,
        "id": call.node,
    }


def answer(whatsapp: WhatsApp, call: Call) -> Json | None:
    """Answer a Graph call if it is about WhatsApp, else None."""
    centre = whatsapp.ground.centre
    if call.node == centre.phone_number_id:
        routes: Mapping[tuple[str, str], Callable[[WhatsApp, Call], Json]] = {
            ("POST", "messages"): send,
            ("POST", "media"): upload,
            ("GET", ""): number,
        }
        handler = routes.get((call.method, call.edge))
        return handler(whatsapp, call) if handler else None
    return media(whatsapp, call) if (call.method, call.edge) == ("GET", "") else None
