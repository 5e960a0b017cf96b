"""Direct messages of the centre: within the window, and once in private to whoever commented."""

from datetime import datetime, timedelta

from intake109.demo.standin.asked import Asked, Json
from intake109.demo.standin.instagram.state import Instagram
from intake109.demo.standin.ledger import Button
from intake109.demo.standin.meta import errors
from intake109.demo.standin.meta.call import Call
from intake109.demo.standin.meta.errors import GraphError
from intake109.demo.standin.people import Citizen

_TEXT_LIMIT = 1000
_PRIVATE_REPLY_LIFE = timedelta(days=7)
_HUMAN_AGENT = timedelta(days=7)


def send(instagram: Instagram, call: Call) -> Json:
    """Send a direct message to `recipient.id`, or one private reply to `recipient.comment_id`.

    Raises:
        GraphError: nobody there, outside of the window, answered already, or too long.
    """
    recipient = call.asked.part("recipient")
    comment_id = recipient.text("comment_id")
    if comment_id:
        citizen = _commenter(instagram, comment_id, call.now)
    else:
        citizen = _reachable(instagram, recipient.text("id"), call)
    mid = _write(instagram, call, citizen, comment_id)
    if comment_id:
        instagram.privately_answered.add(comment_id)
    assert citizen.instagram is not None
    return {"recipient_id": citizen.instagram.scoped_id, "message_id": mid}


def _commenter(instagram: Instagram, comment_id: str, now: datetime) -> Citizen:
    """Find who may get a private reply: whoever commented under an own post, once, for seven days."""
    comment = instagram.comment(comment_id)
    if comment is None or comment.citizen is None or not instagram.is_own(instagram.posts[comment.post]):
        raise GraphError(errors.missing(comment_id))
    if comment_id in instagram.privately_answered:
        raise GraphError(errors.ALREADY_REPLIED)
    if now - comment.at >= _PRIVATE_REPLY_LIFE:
        raise GraphError(errors.REPLY_EXPIRED)
    return instagram.ground.people.citizen(comment.citizen)


def _reachable(instagram: Instagram, scoped_id: str, call: Call) -> Citizen:
    citizen = instagram.by_scoped_id(scoped_id)
    heard = instagram.last_heard.get(citizen.id) if citizen else None
    if citizen is None or heard is None:
        raise GraphError(errors.NO_USER)
    human = call.asked.text("tag") == "HUMAN_AGENT"
    if call.now - heard >= (_HUMAN_AGENT if human else instagram.ground.settings.window):
        raise GraphError(errors.OUTSIDE_WINDOW)
    return citizen


def _write(instagram: Instagram, call: Call, citizen: Citizen, comment_id: str) -> str:
    message = call.asked.part("message")
    text = message.text("text")
    template = message.part("attachment").part("payload")
    if len(text.encode()) > _TEXT_LIMIT:
        raise errors.parameter(f"Length of param message[text] must be less than or equal to {_TEXT_LIMIT}")
    if not text and not message.given("attachment") and not message.given("attachments"):
        raise errors.parameter("The parameter message is required")
    text = text or template.text("text") or template.text("url")
    mid = instagram.next_mid()
    comment = instagram.comments.get(comment_id)
    buttons = (*_quick_replies(message), *_template_buttons(template))
    entry = instagram.ground.write(
        call.now,
        "to_citizen",
        "instagram",
        "private_reply" if comment else "messages",
        citizen=citizen.id,
        key=mid,
        text=text,
        buttons=tuple((one,) for one in buttons),
        refers_to=comment.seq if comment else None,
        ticks="sent",
    )
    if instagram.ground.settings.echoes:
        echo: Json = {"mid": mid, "text": text, "is_echo": True}
        instagram.message(citizen, {"message": echo}, call.now, echo=True)
    return entry.key


def _quick_replies(message: Asked) -> list[Button]:
    replies = message.parts("quick_replies")
    if len(replies) > 13 or any(len(one.text("title")) > 20 for one in replies):
        raise errors.parameter("Quick replies: at most 13, titles of at most 20 characters")
    return [Button(one.text("title"), one.text("payload"), "reply") for one in replies]


def _template_buttons(template: Asked) -> list[Button]:
    buttons = template.parts("buttons")
    if len(buttons) > 3:
        raise errors.parameter("Button templates have one to three buttons")
    return [
        Button(one.text("title"), one.text("payload") or one.text("url"), one.text("type", "postback"))
        for one in buttons
    ]
