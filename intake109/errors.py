"""The one tree of errors.

Third-party errors are translated into it at the border where they arise; the cause stays attached (`raise … from`).
`permanent` says whether trying again can help, so that no caller has to know a library's exceptions.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class Backoff(StrEnum):
    """Why a channel cannot be read or written just now; each class has its own pace of retrying."""

    TRANSIENT = "transient"
    """Network, time-out, 5xx: try again soon, with growing pauses."""
    RATE_LIMITED = "rate_limited"
    """The platform asks for a pause; `retry_after` when it says how long."""
    AUTH_LOST = "auth_lost"
    """Token or session is no longer valid: a person must act, retried rarely."""
    BLOCKED = "blocked"
    """The platform wants a person (checkpoint, permission, disabled account)."""
    CONFLICT = "conflict"
    """Somebody else reads the same channel with our credentials."""


class IntakeError(Exception):
    """Root of the tree. The message says what happened and what to do."""

    permanent: bool = False


class ConfigError(IntakeError):
    """The configuration cannot be used; `problems` holds one readable line each, all of them at once."""

    permanent = True

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class ChannelError(IntakeError):
    """A platform did not do what was asked."""

    def __init__(
        self,
        message: str,
        *,
        backoff: Backoff = Backoff.TRANSIENT,
        permanent: bool = False,
        retry_after: timedelta | None = None,
        code: str = "",
    ) -> None:
        super().__init__(message)
        self.backoff = backoff
        self.permanent = permanent
        self.retry_after = retry_after
        self.code = code


class UnknownOutcomeError(ChannelError):
    """The request left, the answer never came: the platform may or may not have acted."""


class UnreachableError(ChannelError):
    """This citizen cannot be written to on this channel (blocked the bot, window closed, no way to answer)."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message, backoff=Backoff.BLOCKED, permanent=True, code=code)


class MediaError(IntakeError):
    """A file cannot be had; `permanent` when asking again cannot help (too big, wrong type, gone)."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class PayloadError(IntakeError):
    """A payload is not what the platform's documentation says; it is kept and shown."""

    permanent = True


class SignatureError(IntakeError):
    """A webhook's signature is missing or wrong."""

    permanent = True


class CatalogueError(IntakeError):
    """The catalogue's files break a rule; `problems` names file, line and remedy of each."""

    permanent = True

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class NotFoundError(IntakeError):
    """The thing asked for does not exist (any more)."""

    permanent = True


class ConflictError(IntakeError):
    """Somebody else was first: the lease is lost, the decision taken, the undo too late."""

    permanent = True


class OvertakenError(ConflictError):
    """Another process has been elected meanwhile; nothing this one still writes may count."""


class RefusedError(IntakeError):
    """A decision breaks a rule of the house (empty service, unknown reason, personal data in a public reply)."""

    permanent = True

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
