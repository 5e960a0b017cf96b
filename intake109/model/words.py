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
    """Only out, and only to the staff and to executors."""
    REGISTRY = "registry"
    """The city's own system of appeals: forwards go out, answers come in; no citizen speaks there."""

    @property
    def is_citizens(self) -> bool:
        """Whether citizens speak on it."""
        return self not in (Channel.EMAIL, Channel.REGISTRY)


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
