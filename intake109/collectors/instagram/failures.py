"""instaloader's two trees of exceptions, and what its own border lets through, as errors of our tree.

The library's words are never repeated: they hold addresses with queries. What counts is the kind and the HTTP status.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import requests
from instaloader import (
    AbortDownloadException,
    BadResponseException,
    InstaloaderException,
    LoginException,
    LoginRequiredException,
    PrivateProfileNotFollowedException,
    ProfileNotExistsException,
    QueryReturnedForbiddenException,
    QueryReturnedNotFoundException,
    TooManyRequestsException,
)

from intake109.errors import Backoff, ChannelError

_STATUS = re.compile(r"\b([1-5]\d\d) [A-Z]")
_REST = timedelta(minutes=30)
_LONG_REST = timedelta(hours=1)
_SHAPE = (KeyError, IndexError, TypeError, ValueError, AttributeError, AssertionError)
"""What an answer in another shape makes the library raise."""
_NEW_SESSION = "make a new session file (docs/channels/instagram.md)"


@contextmanager
def translated() -> Iterator[None]:
    """Let errors of our tree pass and translate all that instaloader and its session raise.

    Raises:
        ChannelError: by kind.
    """
    try:
        yield
    except ChannelError:
        raise
    except (AbortDownloadException, InstaloaderException, requests.RequestException) as error:
        raise channel_error(error) from error
    except _SHAPE as error:
        message = "Instagram answers in a shape this instaloader does not know; if it lasts, a newer version is needed"
        raise ChannelError(f"{message} ({type(error).__name__})", code="shape") from error


def channel_error(error: Exception) -> ChannelError:
    """Return what an exception of the library means for the channel."""
    told = " ".join(str(one) for one in _chain(error))
    kinds = tuple(type(one) for one in _chain(error))
    status = _status(told)
    if isinstance(error, AbortDownloadException):
        return _aborted(told)
    if _any(kinds, TooManyRequestsException) or status == "429" or "Please wait" in told:
        return rate_limited(_REST, status or "429")
    if _any(kinds, LoginRequiredException, LoginException) or status == "401":
        return _auth_lost(status)
    return _blocked_by(kinds, status) or _passing(error, kinds, status)


def _blocked_by(kinds: tuple[type[BaseException], ...], status: str) -> ChannelError | None:
    if _any(kinds, ProfileNotExistsException, PrivateProfileNotFollowedException):
        return _blocked("the account cannot be seen; check channels.instagram.username and the session's account", "")
    if _any(kinds, QueryReturnedForbiddenException) or status == "403":
        return _blocked("Instagram refuses access; log in with the account in a browser and look", status)
    return None


def _passing(error: Exception, kinds: tuple[type[BaseException], ...], status: str) -> ChannelError:
    if _any(kinds, QueryReturnedNotFoundException, BadResponseException):
        message = "Instagram does not know the query any more; if it lasts, a newer instaloader is needed"
        return ChannelError(message, code=status or "shape")
    return ChannelError(f"Instagram could not be asked ({_named(error, status)})", code=status or "network")


def rate_limited(pause: timedelta, code: str = "pause") -> ChannelError:
    """Return the error for a pause that Instagram or the library's own rate controller wants."""
    message = "Instagram or our own limit asks for a pause; do not use the account elsewhere meanwhile"
    return ChannelError(message, backoff=Backoff.RATE_LIMITED, retry_after=pause, code=code)


def session_lost(reason: str) -> ChannelError:
    """Return the error for a session that is not there or not usable."""
    return ChannelError(f"{reason}; {_NEW_SESSION}", backoff=Backoff.AUTH_LOST, retry_after=_REST, code="session")


def _aborted(told: str) -> ChannelError:
    """Outside the library's own tree: a demand to a person, or the way to the login page."""
    for demand in ("checkpoint_required", "challenge_required"):
        if demand in told:
            message = "Instagram wants the account's owner: log in in a browser, confirm, make a new session file"
            return _blocked(message, demand)
    if "feedback_required" in told:
        return _blocked("Instagram limits the account for a while; leave it alone for a day", "feedback_required")
    if "login" in told.lower() or "logged out" in told:
        return _auth_lost("")
    return _blocked("Instagram stopped the query; log in with the account in a browser and look", _status(told))


def _auth_lost(status: str) -> ChannelError:
    return ChannelError(
        f"the session has ended; {_NEW_SESSION}",
        backoff=Backoff.AUTH_LOST,
        retry_after=_REST,
        code=status or "logged_out",
    )


def _blocked(message: str, code: str) -> ChannelError:
    return ChannelError(message, backoff=Backoff.BLOCKED, retry_after=_LONG_REST, code=code or "blocked")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Go from an exception to its causes: the library wraps what it had understood into what it had not."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__


def _any(kinds: tuple[type[BaseException], ...], *wanted: type[BaseException]) -> bool:
    return any(issubclass(kind, wanted) for kind in kinds)


def _status(told: str) -> str:
    found = _STATUS.search(told)
    return found[1] if found else ""


def _named(error: Exception, status: str) -> str:
    return f"HTTP {status}" if status else type(error).__name__
