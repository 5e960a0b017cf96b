"""Every way the library gives up has its class, and none of its words get out."""

from __future__ import annotations

from datetime import timedelta

import instaloader
import pytest
import requests

from intake109.collectors.instagram.failures import channel_error, translated
from intake109.errors import Backoff, ChannelError

URL = " when accessing https://www.instagram.com/graphql/query?variables=secret"
WAIT = f'JSON Query to graphql/query: 401 Unauthorized - "fail" status, message "Please wait a few minutes"{URL}'


@pytest.mark.parametrize(
    ("error", "backoff"),
    [
        (instaloader.ConnectionException(WAIT), Backoff.RATE_LIMITED),
        (instaloader.ConnectionException(f"JSON Query: 429 Too Many Requests{URL}"), Backoff.RATE_LIMITED),
        (instaloader.TooManyRequestsException(""), Backoff.RATE_LIMITED),
        (instaloader.ConnectionException(f"JSON Query: 401 Unauthorized{URL}"), Backoff.AUTH_LOST),
        (instaloader.LoginRequiredException("Redirected to login page."), Backoff.AUTH_LOST),
        (instaloader.BadCredentialsException("secret"), Backoff.AUTH_LOST),
        (instaloader.TwoFactorAuthRequiredException(""), Backoff.AUTH_LOST),
        (instaloader.AbortDownloadException("Redirected to login page. You've been logged out"), Backoff.AUTH_LOST),
        (instaloader.AbortDownloadException(f'400 Bad Request - message "checkpoint_required"{URL}'), Backoff.BLOCKED),
        (instaloader.AbortDownloadException(f'400 Bad Request - message "challenge_required"{URL}'), Backoff.BLOCKED),
        (instaloader.AbortDownloadException(f'400 Bad Request - message "feedback_required"{URL}'), Backoff.BLOCKED),
        (instaloader.AbortDownloadException("anything else"), Backoff.BLOCKED),
        (instaloader.ProfileNotExistsException("Profile secret does not exist."), Backoff.BLOCKED),
        (instaloader.QueryReturnedForbiddenException(f"403 Forbidden{URL}"), Backoff.BLOCKED),
        (instaloader.QueryReturnedNotFoundException(f"404 Not Found{URL}"), Backoff.TRANSIENT),
        (instaloader.QueryReturnedBadRequestException(f"400 Bad Request{URL}"), Backoff.TRANSIENT),
        (instaloader.ConnectionException(f"JSON Query: 502 Bad Gateway{URL}"), Backoff.TRANSIENT),
        (requests.ConnectionError("secret"), Backoff.TRANSIENT),
    ],
)
def test_each_exception_has_its_class_and_keeps_the_words_to_itself(error: Exception, backoff: Backoff) -> None:
    found = channel_error(error)

    assert found.backoff is backoff
    assert "secret" not in str(found)
    assert "http" not in str(found)


def test_what_the_library_wrapped_is_understood_by_its_cause() -> None:
    wrapped = instaloader.ConnectionException("JSON Query to graphql/query")
    wrapped.__cause__ = instaloader.TooManyRequestsException("")

    assert channel_error(wrapped).backoff is Backoff.RATE_LIMITED


def test_a_limit_is_waited_out_longer_than_the_breaker_would() -> None:
    assert (channel_error(instaloader.ConnectionException(WAIT)).retry_after or timedelta(0)) >= timedelta(minutes=30)


@pytest.mark.parametrize("error", [KeyError("edge"), TypeError("None"), AssertionError(), ValueError("x")])
def test_an_answer_of_another_shape_is_a_passing_failure(error: Exception) -> None:
    with pytest.raises(ChannelError) as caught, translated():
        raise error

    assert caught.value.backoff is Backoff.TRANSIENT
    assert "newer version" in str(caught.value)


def test_our_own_errors_pass_untouched() -> None:
    own = ChannelError("ours", backoff=Backoff.RATE_LIMITED)

    with pytest.raises(ChannelError) as caught, translated():
        raise own

    assert caught.value is own
