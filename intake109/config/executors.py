"""How executors are dealt with."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, model_validator

from intake109.config.alerts import MailAddress
from intake109.config.section import Section


def _ascii(name: str) -> str:
    if not name.isascii() or any(letter in name for letter in '"\\\r\n'):
        raise ValueError("must be in Latin letters, as the server names it (a Cyrillic folder is `&BB8EPgRHBEIEMA-`)")
    return name


class Mailbox(Section):
    """The mailbox executors reply to, asked over IMAP; empty `host`: nobody reads what they reply.

    Secret: INTAKE109_MAILBOX_PASSWORD. `address` stands in letters as the one to reply to; empty: `user`.
    """

    host: str = ""
    port: int = Field(default=993, ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "tls"
    user: str = ""
    address: MailAddress = ""
    folder: Annotated[str, AfterValidator(_ascii)] = "INBOX"
    limit_mb: int = Field(default=30, ge=1, le=100)
    password: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def _has_address(self) -> Mailbox:
        if self.host and not self.user:
            raise ValueError("needs user as soon as host is set")
        if self.host and "@" not in self.reply_to:
            raise ValueError("needs address as soon as host is set, for user is no address")
        return self

    @property
    def reply_to(self) -> str:
        """The address letters are to be replied to; empty where nobody reads replies."""
        return (self.address or self.user) if self.host else ""


class Executors(Section):
    """Private organisations (a building firm, a bus park) owe the city no answer: they are written to again."""

    private_letter_days: int = Field(default=7, ge=1, le=90)
    mailbox: Mailbox = Mailbox()

    @property
    def between_letters(self) -> timedelta:
        return timedelta(days=self.private_letter_days)
