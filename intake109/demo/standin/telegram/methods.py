"""Methods of the Bot API that ask and set; the ones that write are in `sending`, getUpdates in `api`."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from intake109.demo.standin.asked import Asked, Json
from intake109.demo.standin.telegram import errors, shapes
from intake109.demo.standin.telegram.sending import SENDING
from intake109.demo.standin.telegram.state import Telegram, Webhook

_ADMIN_RIGHTS = [
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
]


class Described:
    """A result that comes with words beside it, as setWebhook's does."""

    def __init__(self, value: object, description: str) -> None:
        self.value = value
        self.description = description


def get_me(telegram: Telegram, _asked: Asked, _now: datetime) -> object:
    """Say who the bot is."""
    return {
        **shapes.bot(telegram.ground.centre),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def remember_allowed(telegram: Telegram, asked: Asked) -> None:
    """Keep what kinds of updates the bot wants; not said means as before, an empty list means the default."""
    if asked.values.get("allowed_updates") is not None:
        telegram.queue.allowed = frozenset(str(kind) for kind in asked.items("allowed_updates"))


def set_webhook(telegram: Telegram, asked: Asked, now: datetime) -> object:
    """Push updates from now on. Plain http is accepted for loopback only, which Telegram would refuse."""
    url = asked.text("url")
    if not url:
        return delete_webhook(telegram, asked, now)
    local = re.match(r"http://(127\.0\.0\.1|localhost|\[::1\])[:/]", url)
    if not url.startswith("https://") and not local:
        raise errors.bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = asked.text("secret_token")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise errors.bad_request("secret token contains unallowed characters")
    if asked.flag("drop_pending_updates"):
        telegram.forget_all(now)
    remember_allowed(telegram, asked)
    already = telegram.webhook.url == url and telegram.webhook.secret_token == secret
    telegram.webhook = Webhook(url, secret, asked.integer("max_connections", 40), due_at=now)
    return Described(True, "Webhook is already set" if already else "Webhook was set")


def delete_webhook(telegram: Telegram, asked: Asked, now: datetime) -> object:
    """Stop pushing."""
    if asked.flag("drop_pending_updates"):
        telegram.forget_all(now)
    was_set = bool(telegram.webhook.url)
    telegram.webhook = Webhook()
    return Described(True, "Webhook was deleted" if was_set else "Webhook is already deleted")


def webhook_info(telegram: Telegram, _asked: Asked, now: datetime) -> object:
    """Say how pushing goes."""
    telegram.expire(now)
    webhook = telegram.webhook
    shown: Json = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(telegram.queue),
    }
    if webhook.url:
        shown |= {"max_connections": webhook.max_connections, "ip_address": "127.0.0.1"}
    if webhook.last_error_at is not None:
        shown |= {
            "last_error_date": int(webhook.last_error_at.timestamp()),
            "last_error_message": webhook.last_error,
        }
    if telegram.queue.allowed:
        shown["allowed_updates"] = sorted(telegram.queue.allowed)
    return shown


def get_file(telegram: Telegram, asked: Asked, now: datetime) -> object:
    """Prepare a file for download."""
    return telegram.file_path(asked.text("file_id"), now)


def get_chat(telegram: Telegram, asked: Asked, _now: datetime) -> object:
    """Describe a chat in full."""
    target = telegram.find(asked.text("chat_id"))
    gifts = dict.fromkeys(
        (
            "unlimited_gifts",
            "limited_gifts",
            "unique_gifts",
            "premium_subscription",
            "gifts_from_channels",
        ),
        False,
    )
    shown: Json = {
        **target.shown,
        "accent_color_id": 1,
        "max_reaction_count": 11,
        "accepted_gift_types": gifts,
    }
    if target.place and target.place.linked:
        shown["linked_chat_id"] = telegram.ground.people.chat(target.place.linked).chat_id
    return shown


def get_chat_member(telegram: Telegram, asked: Asked, _now: datetime) -> object:
    """Say what somebody is in a chat."""
    target = telegram.find(asked.text("chat_id"))
    user_id = asked.integer("user_id")
    centre = telegram.ground.centre
    if user_id == centre.bot_id:
        if target.place is None or target.place.bot != "admin":
            return {"user": shapes.bot(centre), "status": "member"}
        rights = dict.fromkeys(_ADMIN_RIGHTS, True)
        more = {"can_be_edited": False, "is_anonymous": False, "can_promote_members": False}
        return {"user": shapes.bot(centre), "status": "administrator", **rights, **more}
    for citizen in telegram.ground.people.citizens.values():
        if citizen.telegram is not None and citizen.telegram.user_id == user_id:
            return {"user": shapes.user(citizen), "status": "member"}
    raise errors.bad_request("user not found")


def set_commands(telegram: Telegram, asked: Asked, _now: datetime) -> object:
    """Keep the menu of commands for a scope and language."""
    for command in asked.parts("commands"):
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command.text("command")):
            raise errors.bad_request("BOT_COMMAND_INVALID")
    telegram.commands[_scope(asked)] = asked.items("commands")
    return True


def get_commands(telegram: Telegram, asked: Asked, _now: datetime) -> object:
    """Give that menu back."""
    return telegram.commands.get(_scope(asked), [])


def _scope(asked: Asked) -> str:
    return f"{asked.part('scope').text('type', 'default')}/{asked.text('language_code')}"


def leave_chat(telegram: Telegram, asked: Asked, _now: datetime) -> object:
    """Leave a group for good."""
    target = telegram.find(asked.text("chat_id"))
    if target.place is None:
        raise errors.bad_request("chat member status can't be changed in private chats")
    telegram.left.add(target.place.id)
    return True


def chat_action(telegram: Telegram, asked: Asked, _now: datetime) -> object:
    """Show "typing…"."""
    telegram.find(asked.text("chat_id"))
    return True


METHODS: Mapping[str, Callable[[Telegram, Asked, datetime], object]] = {
    **SENDING,
    "getme": get_me,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": webhook_info,
    "getfile": get_file,
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "setmycommands": set_commands,
    "getmycommands": get_commands,
    "leavechat": leave_chat,
    "sendchataction": chat_action,
}
