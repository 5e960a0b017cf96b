"""The few kinds of things everything else is sorted by."""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    """Where a citizen speaks to the centre."""

    TELEGRAM = "telegram"
    WHATSAPP = "whatsapp"
    INSTAGRAM = "instagram"
    WEBSITE = "website"
    MANUAL = "manual"
    EMAIL = "email"
    """Only out, and only to the staff."""

    @property
    def is_citizens(self) -> bool:
        """Whether citizens speak on it."""
        return self is not Channel.EMAIL


class Kind(StrEnum):
    """What a mention is."""

    APPEAL = "appeal"
    THANKS = "thanks"
    SPAM = "spam"
    CHAT = "chat"


class Language(StrEnum):
    """Language of a text; `MIXED` is Kazakh and Russian in one text."""

    KK = "kk"
    RU = "ru"
    MIXED = "mixed"
    EN = "en"


class AttachmentKind(StrEnum):
    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    AUDIO = "audio"
    DOCUMENT = "document"
    STICKER = "sticker"
