"""Which addresses a link from outside may lead us to: nobody's but the public internet's.

A link is data of a stranger. Followed blindly it would let him read our own network through us.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import httpx

from intake109.errors import MediaError

Resolve = Callable[[str, int], Awaitable[tuple[str, ...]]]
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect: `url` names the checked address itself, so that a second look-up cannot answer differently."""

    url: httpx.URL
    host: str
    server_name: str


async def resolve(host: str, port: int) -> tuple[str, ...]:
    """Return the addresses of a name.

    Raises:
        OSError: it has none.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(str(entry[4][0]) for entry in found)


def is_public(address: str) -> bool:
    """Say whether an address belongs to the public internet; also one hidden inside an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        if parsed in _NAT64:
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved


def origin_of(url: httpx.URL) -> str:
    """Return scheme, host and, where it is not the usual one, port."""
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


class Guard:
    """Turns a link into a target, or refuses it.

    The sites named in `allowed_origins` are trusted as they stand, plain http and our own network included: the
    administrator wrote them down. Every other link must be https on port 443 to public addresses only.
    """

    def __init__(self, allowed_origins: Iterable[str], resolve: Resolve = resolve) -> None:
        self._allowed = frozenset(origin_of(httpx.URL(origin)) for origin in allowed_origins)
        self._resolve = resolve

    async def target(self, url: httpx.URL) -> Target:
        """Return where to connect.

        Raises:
            MediaError: the link leads where we do not go (permanent), or its name is unknown just now.
        """
        host = url.raw_host.decode("ascii")
        if not host or url.userinfo or url.scheme not in {"http", "https"}:
            raise MediaError("the link is no web address", permanent=True)
        name = url.netloc.decode("ascii")
        if origin_of(url) in self._allowed:
            return Target(url, name, host)
        if url.scheme != "https" or url.port not in {None, 443}:
            raise MediaError("only https links are followed; or add the site to allowed_origins", permanent=True)
        try:
            addresses = await self._resolve(host, 443)
        except (OSError, UnicodeError) as error:
            raise MediaError("the link's site is not known just now") from error
        if not addresses or not all(is_public(address) for address in addresses):
            raise MediaError("the link leads into a private network", permanent=True)
        return Target(url.copy_with(host=addresses[0]), name, host)
