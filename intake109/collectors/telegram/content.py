"""What a message says and shows, and which messages say nothing."""

from __future__ import annotations

import math
from collections.abc import Collection

from telegram import Message

from intake109.collectors.telegram.fields import words
from intake109.model import Point

_CONTENT = (
    "text",
    "caption",
    "photo",
    "live_photo",
    "video",
    "video_note",
    "voice",
    "audio",
    "document",
    "animation",
    "sticker",
    "paid_media",
    "location",
    "venue",
    "contact",
    "poll",
    "dice",
    "story",
    "checklist",
)
"""Fields by which a person says something, be it without a word."""

_NOTICES = (
    "boost_added",
    "channel_chat_created",
    "chat_background_set",
    "chat_owner_changed",
    "chat_owner_left",
    "chat_shared",
    "checklist_tasks_added",
    "checklist_tasks_done",
    "connected_website",
    "delete_chat_photo",
    "direct_message_price_changed",
    "forum_topic_closed",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_reopened",
    "game",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
    "gift",
    "gift_upgrade_sent",
    "giveaway",
    "giveaway_completed",
    "giveaway_created",
    "giveaway_winners",
    "group_chat_created",
    "invoice",
    "left_chat_member",
    "managed_bot_created",
    "message_auto_delete_timer_changed",
    "new_chat_members",
    "new_chat_photo",
    "new_chat_title",
    "paid_message_price_changed",
    "passport_data",
    "pinned_message",
    "poll_option_added",
    "poll_option_deleted",
    "proximity_alert_triggered",
    "refunded_payment",
    "successful_payment",
    "suggested_post_approval_failed",
    "suggested_post_approved",
    "suggested_post_declined",
    "suggested_post_info",
    "suggested_post_paid",
    "suggested_post_refunded",
    "supergroup_chat_created",
    "unique_gift",
    "users_shared",
    "video_chat_ended",
    "video_chat_participants_invited",
    "video_chat_scheduled",
    "video_chat_started",
    "web_app_data",
    "write_access_allowed",
)
"""Fields by which Telegram itself tells what happened in a chat, and things that are no words to the city."""


def says_something(message: Message) -> bool:
    """Say whether a person expressed anything in it; a sticker or a voice counts."""
    return any(getattr(message, name) for name in _CONTENT)


def notice_of(message: Message, names: Collection[str]) -> str:
    """Say which notice of Telegram's it is, with both ids where a group got a new one; empty if none we know.

    `names` are the fields as received: many a notice is an empty object, which the library takes for a missing one.
    """
    if message.migrate_to_chat_id:
        return f"group {message.chat.id} became supergroup {message.migrate_to_chat_id}"
    if message.migrate_from_chat_id:
        return f"supergroup {message.chat.id} was group {message.migrate_from_chat_id}"
    notices = [name for name in _NOTICES if name in names]
    return f"notice of the chat: {', '.join(notices)}" if notices else ""


def text_of(message: Message) -> str:
    """Return the words of a message, its caption, or what its poll, list or dice shows."""
    written = words(message.text) or words(message.caption)
    if written:
        return written
    if message.poll is not None:
        return "\n".join([words(message.poll.question), *(words(option.text) for option in message.poll.options)])
    if message.checklist is not None:
        return "\n".join([words(message.checklist.title), *(words(task.text) for task in message.checklist.tasks)])
    return words(message.dice.emoji) if message.dice is not None else ""


def contact_of(message: Message) -> str:
    """Return a shared contact as name and number."""
    if message.contact is None:
        return ""
    contact = message.contact
    parts = (words(contact.first_name), words(contact.last_name), words(contact.phone_number))
    return " ".join(part for part in parts if part)


def own_phone(message: Message) -> str:
    """Return the number if the citizen shared the own contact (Telegram vouches for it), not somebody else's."""
    if message.contact is None or message.from_user is None or message.contact.user_id != message.from_user.id:
        return ""
    return words(message.contact.phone_number)


def point_of(message: Message) -> Point | None:
    """Return the place sent, a venue with its name and address.

    Raises:
        ValueError: it is nowhere on Earth.
    """
    location, name = message.location, ""
    if message.venue is not None:
        location = message.venue.location
        name = ", ".join(part for part in (words(message.venue.title), words(message.venue.address)) if part)
    if location is None:
        return None
    latitude, longitude = float(location.latitude), float(location.longitude)
    if not (math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ValueError("a place outside the globe")
    return Point(latitude, longitude, name)
