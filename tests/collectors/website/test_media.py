"""Photos are opened from where the site put them, and a link never leads into our own network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
import pytest

from intake109.collectors.base import Download, MediaSource, Sender
from intake109.collectors.website import WebsiteMedia, WebsiteSender
from intake109.collectors.website.addresses import is_public
from intake109.config import Website
from intake109.errors import MediaError, UnreachableError
from intake109.model import Channel, Language, Outgoing

PUBLIC = "93.184.216.34"
Handler = Callable[[httpx.Request], httpx.Response]


class Site:
    """Answers for every host and keeps what was asked."""

    def __init__(self, *answers: httpx.Response) -> None:
        self.requests: list[httpx.Request] = []
        self._answers = iter(answers or (httpx.Response(200, content=b"JPEG", headers={"content-type": "image/jpeg"}),))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return next(self._answers)


def fetch(
    reference: str, site: Handler, *, origins: tuple[str, ...] = (), addresses: tuple[str, ...] = (PUBLIC,)
) -> tuple[Download, bytes]:
    async def resolve(host: str, port: int) -> tuple[str, ...]:
        if not addresses:
            raise OSError("unknown name")
        return (host,) if host[:1].isdigit() or ":" in host else addresses

    async def once() -> tuple[Download, bytes]:
        source: MediaSource = WebsiteMedia(
            Website(allowed_origins=origins), transport=httpx.MockTransport(site), resolve=resolve
        )
        async with source.open(reference) as download:
            return download, b"".join([chunk async for chunk in download.chunks])

    return asyncio.run(once())


def refused(reference: str, site: Site, **more: object) -> MediaError:
    with pytest.raises(MediaError) as caught:
        fetch(reference, site, **more)  # type: ignore[arg-type]
    return caught.value


def test_a_photo_sent_along_is_opened() -> None:
    download, content = fetch('{"data": "SlBF\\nRw=="}', Site())

    assert (content, download.size_bytes) == (b"JPEG", 4)


def test_a_linked_photo_is_fetched_from_the_checked_address_under_the_sites_name() -> None:
    site = Site()

    download, content = fetch('{"url": "https://akim.example/1.jpg?x=1"}', site)

    assert (content, download.mime, download.size_bytes) == (b"JPEG", "image/jpeg", 4)
    (request,) = site.requests
    assert str(request.url) == f"https://{PUBLIC}/1.jpg?x=1"
    assert request.headers["host"] == "akim.example"
    assert request.extensions["sni_hostname"] == "akim.example"


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",),
        ("10.0.0.5",),
        ("192.168.1.1",),
        ("169.254.169.254",),
        ("::1",),
        ("fd00::1",),
        ("::ffff:127.0.0.1",),
        (PUBLIC, "127.0.0.1"),
    ],
)
def test_a_name_that_leads_into_a_private_network_is_not_followed(addresses: tuple[str, ...]) -> None:
    site = Site()

    error = refused('{"url": "https://evil.example/1.jpg"}', site, addresses=addresses)

    assert error.permanent
    assert not site.requests


@pytest.mark.parametrize(
    "url",
    [
        "http://akim.example/1.jpg",
        "https://akim.example:8443/1.jpg",
        "https://user:pass@akim.example/1.jpg",
        "https://127.0.0.1/1.jpg",
        "https://[::1]/1.jpg",
        "https://0x7f.1/1.jpg",
        "file:///etc/passwd",
        "ftp://akim.example/1.jpg",
        "//akim.example/1.jpg",
        "https://",
        "https://akim.example:port/",
        "",
    ],
)
def test_a_link_that_is_no_public_https_link_is_not_followed(url: str) -> None:
    site = Site()
    addresses = ("127.0.0.1",) if "0x7f" in url else (PUBLIC,)

    assert refused(httpx.Response(200, json={"url": url}).text, site, addresses=addresses).permanent
    assert not site.requests


def test_an_unknown_name_may_be_known_later() -> None:
    assert not refused('{"url": "https://akim.example/1.jpg"}', Site(), addresses=()).permanent


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8200", "http://[::1]:8200", "https://intranet.example"])
def test_a_site_the_administrator_wrote_down_is_followed_as_it_stands(origin: str) -> None:
    site = Site()

    _, content = fetch(f'{{"url": "{origin}/1.jpg"}}', site, origins=(origin,), addresses=("10.0.0.5",))

    assert content == b"JPEG"
    assert str(site.requests[0].url) == f"{origin}/1.jpg"


def test_another_port_of_an_allowed_host_is_not_allowed() -> None:
    assert refused('{"url": "http://127.0.0.1:22/"}', Site(), origins=("http://127.0.0.1:8200",)).permanent


def test_a_redirect_is_checked_like_the_first_link() -> None:
    inward = Site(httpx.Response(302, headers={"location": "http://169.254.169.254/latest"}))
    onward = Site(httpx.Response(301, headers={"location": "/2.jpg"}), httpx.Response(200, content=b"JPEG"))

    assert refused('{"url": "https://akim.example/1.jpg"}', inward).permanent
    assert fetch('{"url": "https://akim.example/1.jpg"}', onward)[1] == b"JPEG"
    assert len(inward.requests) == 1
    assert onward.requests[1].url.path == "/2.jpg"


def test_endless_redirects_end() -> None:
    turns = [httpx.Response(302, headers={"location": "/again"}) for _ in range(9)]

    assert "too often" in str(refused('{"url": "https://akim.example/1.jpg"}', Site(*turns)))


@pytest.mark.parametrize(("status", "permanent"), [(404, True), (403, True), (500, False), (429, False)])
def test_the_sites_refusal_says_whether_to_ask_again(status: int, permanent: bool) -> None:
    assert refused('{"url": "https://akim.example/1.jpg"}', Site(httpx.Response(status))).permanent is permanent


def test_a_broken_line_may_be_whole_later() -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("reset", request=request)

    with pytest.raises(MediaError) as caught:
        fetch('{"url": "https://akim.example/1.jpg"}', broken)

    assert not caught.value.permanent


@pytest.mark.parametrize("reference", ["", "[]", "{}", '{"data": "не base64"}', '{"error": "larger than 10 MB"}'])
def test_a_reference_that_holds_no_photo_is_given_up(reference: str) -> None:
    assert refused(reference, Site()).permanent


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (PUBLIC, True),
        ("2606:2800:220:1::1", True),
        ("0.0.0.0", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("ff02::1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d822", True),
        ("fe80::1%eth0", False),
        ("no address", False),
    ],
)
def test_only_the_public_internet_is_public(address: str, expected: bool) -> None:
    assert is_public(address) is expected


def test_a_citizen_of_the_site_is_answered_by_a_person() -> None:
    sender: Sender = WebsiteSender()
    message = Outgoing(Channel.WEBSITE, '{"phone": "+77015550101"}', "Принято", Language.RU, "outbox-7")

    with pytest.raises(UnreachableError, match="phone or e-mail"):
        asyncio.run(sender.send(message))
