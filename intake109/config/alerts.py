"""How the staff is told."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, model_validator

from intake109.config.section import Section


def _mail(address: str) -> str:
    if address and not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+", address):
        raise ValueError("must be one address like duty@109.example.kz")
    return address


MailAddress = Annotated[str, AfterValidator(_mail)]


class Email(Section):
    """The centre's mail server. Secret: INTAKE109_SMTP_PASSWORD, needed where `user` is set."""

    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    from_address: MailAddress = ""
    to: tuple[MailAddress, ...] = ()
    password: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def _has_sender(self) -> Email:
        if self.host and not self.from_address:
            raise ValueError("needs from_address as soon as host is set")
        return self


class Fallback(Section):
    """Who is told when nobody else could be: the user's Telegram (or `telegram`, a chat's id) and `email`."""

    login: str = ""
    telegram: int | None = None
    email: MailAddress = ""

    @property
    def is_set(self) -> bool:
        return bool(self.login or self.telegram or self.email)


class Alerts(Section):
    """How the staff is told, on the screen always. An incident repeats after these pauses, the last one for ever.

    Whatever else waits is told together, with at least `quiet_minutes` between two rounds.
    """

    language: Literal["ru", "kk", "en"] = "ru"
    telegram_chat: int | None = None
    repeat_minutes: tuple[int, ...] = (1, 2, 4, 8, 15)
    quiet_minutes: int = Field(default=5, ge=1)
    on_shift_minutes: int = Field(default=15, ge=6)
    email: Email = Email()
    fallback: Fallback = Fallback()

    @model_validator(mode="after")
    def _pauses_grow(self) -> Alerts:
        pauses = self.repeat_minutes
        if not pauses or min(pauses) < 1 or list(pauses) != sorted(pauses):
            raise ValueError("repeat_minutes must hold pauses of at least 1 minute that grow")
        return self

    def pause(self, rounds: int) -> timedelta:
        """Return how long to wait after so many rounds, the first one counted as 1."""
        return timedelta(minutes=self.repeat_minutes[min(rounds, len(self.repeat_minutes)) - 1])
