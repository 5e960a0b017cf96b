"""Whatever the Graph API answers becomes a value or an error of our tree, and never repeats what Meta wrote."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from intake109.collectors.graph import GraphClient, graph_root
from intake109.collectors.graph_errors import Rule, Usage
from intake109.errors import Backoff, ChannelError, UnknownOutcomeError, UnreachableError

ROOT = "https://graph.example/v23.0"
Handler = Callable[[httpx.Request], httpx.Response]


def client(handler: Handler, **more: object) -> GraphClient:
    return GraphClient(ROOT, "secret-token", transport=httpx.MockTransport(handler), **more)  # type: ignore[arg-type]


def answering(status: int, body: object = None, headers: dict[str, str] | None = None) -> Handler:
    return lambda request: httpx.Response(status, json=body, headers=headers)


def failing(error: type[httpx.TransportError]) -> Handler:
    def handle(request: httpx.Request) -> httpx.Response:
        raise error("secret-token went wrong", request=request)

    return handle


def refusal(handler: Handler, method: str = "post", **more: object) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        asyncio.run(getattr(client(handler, **more), method)("1/messages"))
    return caught.value


def envelope(code: int, **more: object) -> dict[str, object]:
    return {"error": {"code": code, "message": "Malformed access token secret-token", "fbtrace_id": "Az8", **more}}


@pytest.mark.parametrize(
    ("graph_url", "root"),
    [
        ("https://graph.facebook.com", "https://graph.facebook.com/v23.0"),
        ("https://graph.facebook.com/", "https://graph.facebook.com/v23.0"),
        ("https://graph.facebook.com/v25.0", "https://graph.facebook.com/v25.0"),
        ("https://graph.facebook.com/v25.0/", "https://graph.facebook.com/v25.0"),
        ("http://127.0.0.1:8110/graph", "http://127.0.0.1:8110/graph/v23.0"),
    ],
)
def test_a_version_already_in_the_address_is_kept(graph_url: str, root: str) -> None:
    assert graph_root(graph_url, "v23.0") == root


def test_the_token_goes_into_a_header_and_never_into_the_address() -> None:
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"ok": True})

    assert asyncio.run(client(handle).get("1/tags", {"limit": 50})) == {"ok": True}
    assert str(seen[0].url) == f"{ROOT}/1/tags?limit=50"
    assert seen[0].headers["authorization"] == "Bearer secret-token"


def test_a_renewed_token_is_used_at_the_next_call() -> None:
    tokens = iter(["old", "new"])
    seen: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["authorization"])
        return httpx.Response(200, json={})

    async def call_twice() -> None:
        graph = GraphClient(ROOT, lambda: next(tokens), transport=httpx.MockTransport(handle))
        await graph.get("me")
        await graph.get("me")
        await graph.aclose()

    asyncio.run(call_twice())

    assert seen == ["Bearer old", "Bearer new"]


@pytest.mark.parametrize("token", ["", "  ", "жетон", "a\nb"])
def test_a_token_that_can_be_none_asks_for_a_person(token: str) -> None:
    graph = GraphClient(ROOT, token, transport=httpx.MockTransport(answering(200, {})))

    with pytest.raises(ChannelError) as caught:
        asyncio.run(graph.get("me"))

    assert caught.value.backoff is Backoff.AUTH_LOST


@pytest.mark.parametrize(
    ("status", "code", "backoff", "permanent"),
    [
        (500, 1, Backoff.TRANSIENT, False),
        (503, 2, Backoff.TRANSIENT, False),
        (400, 4, Backoff.RATE_LIMITED, False),
        (400, 80007, Backoff.RATE_LIMITED, False),
        (400, 10, Backoff.BLOCKED, False),
        (403, 200, Backoff.BLOCKED, False),
        (403, 368, Backoff.BLOCKED, False),
        (400, 100, Backoff.TRANSIENT, True),
        (401, 190, Backoff.AUTH_LOST, False),
        (400, 190, Backoff.AUTH_LOST, False),
        (400, 987654, Backoff.TRANSIENT, True),
        (500, 987654, Backoff.TRANSIENT, False),
        (429, 987654, Backoff.RATE_LIMITED, False),
    ],
)
def test_the_code_decides_and_the_status_only_where_the_code_is_unknown(
    status: int, code: int, backoff: Backoff, permanent: bool
) -> None:
    error = refusal(answering(status, envelope(code)))

    assert (error.backoff, error.permanent, error.code) == (backoff, permanent, str(code))
    assert "secret-token" not in str(error)
    assert "Az8" in str(error)


def test_meta_may_call_an_unknown_code_passing() -> None:
    error = refusal(answering(400, envelope(987654, is_transient=True)))

    assert (error.backoff, error.permanent) == (Backoff.TRANSIENT, False)


def test_a_product_may_overrule_and_add_codes() -> None:
    rules = {10: Rule("the post is not ours", permanent=True), 77: Rule("blocked us", is_unreachable=True)}

    assert refusal(answering(400, envelope(10)), rules=rules).permanent
    assert isinstance(refusal(answering(400, envelope(77)), rules=rules), UnreachableError)


@pytest.mark.parametrize(
    ("status", "backoff", "permanent"),
    [
        (401, Backoff.AUTH_LOST, False),
        (403, Backoff.BLOCKED, False),
        (404, Backoff.TRANSIENT, True),
        (302, Backoff.TRANSIENT, False),
        (429, Backoff.RATE_LIMITED, False),
        (502, Backoff.TRANSIENT, False),
    ],
)
def test_an_answer_without_an_envelope_is_decided_by_its_status(status: int, backoff: Backoff, permanent: bool) -> None:
    error = refusal(answering(status, ["no envelope"]))

    assert (error.backoff, error.permanent, error.code) == (backoff, permanent, f"http-{status}")


@pytest.mark.parametrize("handler", [answering(200, ["no object"]), answering(504), lambda _: httpx.Response(200)])
def test_a_change_without_a_usable_answer_may_have_happened(handler: Handler) -> None:
    assert isinstance(refusal(handler, "post"), UnknownOutcomeError)
    assert not isinstance(refusal(handler, "get"), UnknownOutcomeError)


@pytest.mark.parametrize("status", [200, 504])
def test_a_change_refused_by_code_has_not_happened_whatever_the_status(status: int) -> None:
    error = refusal(answering(status, envelope(131000)))

    assert not isinstance(error, UnknownOutcomeError)
    assert error.code == "131000"


@pytest.mark.parametrize("fault", [httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError, httpx.WriteError])
def test_a_change_that_left_us_may_have_happened(fault: type[httpx.TransportError]) -> None:
    change, question = refusal(failing(fault), "post"), refusal(failing(fault), "get")

    assert isinstance(change, UnknownOutcomeError)
    assert not isinstance(question, UnknownOutcomeError)
    assert question.backoff is Backoff.TRANSIENT
    assert "secret-token" not in str(change)


@pytest.mark.parametrize("fault", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
def test_what_never_left_us_has_not_happened(fault: type[httpx.TransportError]) -> None:
    error = refusal(failing(fault))

    assert not isinstance(error, UnknownOutcomeError)
    assert (error.backoff, error.permanent) == (Backoff.TRANSIENT, False)


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"Retry-After": "90"}, timedelta(seconds=90)),
        ({"Retry-After": "9" * 30}, timedelta(days=1)),
        ({"Retry-After": "Sun, 22 Nov 2026 10:00:00 GMT"}, None),
        ({"X-Business-Use-Case-Usage": '{"1": [{"estimated_time_to_regain_access": 5}]}'}, timedelta(minutes=5)),
        ({}, None),
    ],
)
def test_a_rate_limit_says_how_long_to_wait_where_it_does(headers: dict[str, str], pause: timedelta | None) -> None:
    error = refusal(answering(429, envelope(4), headers))

    assert error.retry_after == pause


@pytest.mark.parametrize(
    ("headers", "usage"),
    [
        ({"X-App-Usage": '{"call_count": 28, "total_time": 91, "total_cputime": 2}'}, Usage(91)),
        (
            {"X-Business-Use-Case-Usage": '{"1": [{"type": "instagram", "call_count": 100}], "2": [null]}'},
            Usage(100),
        ),
        ({"X-App-Usage": "not json", "X-Ad-Account-Usage": "[1]"}, Usage()),
        ({"X-App-Usage": '{"call_count": "much"}'}, Usage()),
        ({}, Usage()),
    ],
)
def test_the_worst_usage_of_the_last_answer_is_shown(headers: dict[str, str], usage: Usage) -> None:
    graph = client(answering(200, {}, headers))

    asyncio.run(graph.get("me"))

    assert graph.usage == usage


def test_a_file_that_breaks_off_is_an_error_of_our_tree() -> None:
    async def broken() -> None:
        async with client(failing(httpx.ReadError)).stream("https://files.example/1"):
            pass

    with pytest.raises(ChannelError):
        asyncio.run(broken())
