"""Who lives in the demo city: citizens, chats, public accounts and the centre itself.

Numeric ids are derived from the names (crc32), so the same city has the same ids in every run and a product that
kept its database recognises its citizens.
"""

import zlib
from dataclasses import dataclass, field


def stable(seed: str, low: int, span: int) -> int:
    """Derive a number in `low … low + span - 1` from a name, the same one in every run."""
    return low + zlib.crc32(seed.encode()) % span


@dataclass(frozen=True, slots=True)
class TelegramUser:
    """A citizen's account on Telegram; `username` may be absent, as it often is."""

    user_id: int
    username: str | None
    language_code: str


@dataclass(frozen=True, slots=True)
class WhatsAppUser:
    """A citizen's account on WhatsApp; since 2026 the business may see no phone, only the BSUID."""

    bsuid: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class InstagramUser:
    """An account on Instagram: `pk` for the web, `scoped_id` for messages and comments of the Graph API."""

    pk: str
    scoped_id: str
    username: str


@dataclass(frozen=True, slots=True)
class Citizen:
    """One person with up to three accounts."""

    id: str
    name: str
    language: str = "ru"
    telegram: TelegramUser | None = None
    whatsapp: WhatsAppUser | None = None
    instagram: InstagramUser | None = None


@dataclass(frozen=True, slots=True)
class Chat:
    """A Telegram chat that is not private.

    Attributes:
        kind: group | channel | discussion | foreign (a group the bot is not in).
        linked: for a channel its discussion, for a discussion its channel, by id.
        bot: admin | member | none: what the bot is there. A mere member with privacy mode on sees commands
            and replies to itself, not plain mentions.
        phone: the citizen on whose phone the page shows what the bot writes there to nobody in particular.
    """

    id: str
    kind: str
    title: str
    username: str | None = None
    linked: str | None = None
    bot: str = "admin"
    phone: str | None = None

    @property
    def chat_id(self) -> int:
        """The id Telegram shows, below -1000000000000 for supergroups and channels."""
        return -1_000_000_000_000 - stable(f"chat:{self.id}", 1_000_000_000, 900_000_000)


@dataclass(frozen=True, slots=True)
class Centre:
    """The centre's accounts and secrets on the three platforms; all invented."""

    name: str = "Контакт-центр 109"
    bot_token: str = "1090000109:DEMO-city-token_of-the-stand-in-0109"  # noqa: S105
    bot_id: int = 1090000109
    bot_username: str = "city109_bot"
    app_id: str = "109000000000109"
    app_secret: str = "demo-city-app-secret"  # noqa: S105
    verify_token: str = "demo-city-verify-token"  # noqa: S105
    whatsapp_token: str = "EAAGDemoCityWhatsApp"  # noqa: S105
    whatsapp_phone: str = "77000000109"
    phone_number_id: str = "106540352240109"
    waba_id: str = "102290129340109"
    instagram_token: str = "IGAADemoCityInstagram"  # noqa: S105
    instagram_id: str = "17841405720000109"
    instagram_pk: str = "58900000109"
    instagram_username: str = "city109"


@dataclass(slots=True)
class People:
    """The register of everybody, and of the city itself."""

    citizens: dict[str, Citizen] = field(default_factory=dict)
    chats: dict[str, Chat] = field(default_factory=dict)
    accounts: dict[str, InstagramUser] = field(default_factory=dict)
    account_names: dict[str, str] = field(default_factory=dict)
    city_names: dict[str, str] = field(default_factory=dict)
    timezone: str = "Asia/Almaty"

    def citizen(self, citizen_id: str) -> Citizen:
        """Find a citizen; one never heard of moves in with an account on each platform."""
        if citizen_id not in self.citizens:
            self.citizens[citizen_id] = full_citizen(citizen_id, citizen_id.replace("_", " ").title())
        return self.citizens[citizen_id]

    def chat(self, chat_id: str) -> Chat:
        """Find a chat; one never heard of is a residents' group with the bot as admin."""
        if chat_id not in self.chats:
            self.chats[chat_id] = Chat(chat_id, "group", chat_id)
        return self.chats[chat_id]

    def account(self, account_id: str) -> InstagramUser:
        """Find a public Instagram account; one never heard of is opened."""
        if account_id not in self.accounts:
            self.accounts[account_id] = instagram_user(f"account:{account_id}", account_id)
        return self.accounts[account_id]


def telegram_user(seed: str, username: str | None, language_code: str) -> TelegramUser:
    """Give a citizen a Telegram account with a stable id."""
    return TelegramUser(stable(f"tg:{seed}", 700_000_000, 250_000_000), username, language_code)


def whatsapp_user(seed: str, phone: str | None, bsuid: str | None = None) -> WhatsAppUser:
    """Give a citizen a WhatsApp account; the BSUID exists also where a phone is shown."""
    return WhatsAppUser(bsuid or f"KZ.{stable(f'wa:{seed}', 10**15, 2**32)}", phone)


def instagram_user(seed: str, username: str) -> InstagramUser:
    """Open an Instagram account with stable ids."""
    pk = stable(f"ig:{seed}", 50_000_000_000, 2**32)
    return InstagramUser(str(pk), str(1_200_000_000_000_000 + pk * 17), username)


def full_citizen(citizen_id: str, name: str, language: str = "ru") -> Citizen:
    """Make a citizen who is everywhere; for tests and visitors."""
    phone = str(stable(f"phone:{citizen_id}", 77_010_000_000, 9_999_999))
    return Citizen(
        citizen_id,
        name,
        language,
        telegram_user(citizen_id, f"{citizen_id}_demo", language),
        whatsapp_user(citizen_id, phone),
        instagram_user(citizen_id, f"{citizen_id.replace('_', '.')}.demo"),
    )
