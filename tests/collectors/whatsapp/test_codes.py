"""A refusal is understood by Meta's code: who has to do what, and whether trying again helps."""

from __future__ import annotations

import pytest

from intake109.errors import Backoff, ChannelError, UnknownOutcomeError, UnreachableError
from tests.collectors.whatsapp.test_sender import MESSAGE, Meta, send


def refused(code: int, status: int = 400) -> ChannelError:
    meta = Meta(status, {"error": {"code": code, "message": "to 77015550101", "error_data": {"details": "…"}}})
    with pytest.raises(ChannelError) as caught:
        send(MESSAGE, meta)
    return caught.value


@pytest.mark.parametrize("code", [130429, 131056, 80007, 4, 131048])
def test_a_rate_limit_is_a_pause(code: int) -> None:
    error = refused(code)

    assert (error.backoff, error.permanent) == (Backoff.RATE_LIMITED, False)


@pytest.mark.parametrize("code", [131047, 131026, 131030, 131050])
def test_a_citizen_out_of_reach_is_said_with_the_code(code: int) -> None:
    error = refused(code)

    assert isinstance(error, UnreachableError)
    assert error.code == str(code)
    assert "77015550101" not in str(error)


def test_a_lost_token_waits_for_a_person() -> None:
    error = refused(190, status=401)

    assert (error.backoff, error.permanent) == (Backoff.AUTH_LOST, False)


@pytest.mark.parametrize("code", [131031, 368, 10, 200, 131042])
def test_a_blocked_account_waits_for_a_person(code: int) -> None:
    error = refused(code, status=403)

    assert (error.backoff, error.permanent) == (Backoff.BLOCKED, False)


@pytest.mark.parametrize(("code", "status"), [(131000, 500), (2, 503), (131016, 500), (131057, 500)])
def test_a_passing_fault_is_tried_again(code: int, status: int) -> None:
    error = refused(code, status)

    assert (error.backoff, error.permanent) == (Backoff.TRANSIENT, False)
    assert not isinstance(error, UnknownOutcomeError)


@pytest.mark.parametrize("code", [100, 131009, 132000, 132001, 131051])
def test_a_wrong_request_is_not_tried_again(code: int) -> None:
    assert refused(code).permanent
