"""Meta's Graph API as WhatsApp and Instagram share it: one client, one envelope of errors, one table of codes.

Answers come back as JSON objects; whatever goes wrong comes back as our tree of errors. A message never repeats what
Meta wrote: its texts have carried tokens ("Malformed access token EAAG…") and phone numbers; the code and `fbtrace_id`
are enough to find it in Meta's documentation and support.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from intake109.collectors.graph_errors import SHARED, Rule, Usage, error_of, read_usage
from intake109.errors import Backoff, ChannelError, UnknownOutcomeError

GATEWAY_TIMEOUT = 504
_VERSION = re.compile(r"/v\d+\.\d+$")
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)

Params = Mapping[str, str | int]


def graph_root(graph_url: str, api_version: str) -> str:
    """Return the address all paths hang under; a version already at its end is kept and none appended."""
    root = graph_url.rstrip("/")
    return root if _VERSION.search(root) else f"{root}/{api_version}"


@dataclass(frozen=True, slots=True)
class _Call:
    """One request: `changes` says whether Meta may have acted although no answer came."""

    method: str
    path: str
    changes: bool
    params: Params | None = None
    json: Mapping[str, object] | None = None
    data: Mapping[str, str] | None = None
    files: Mapping[str, tuple[str, bytes, str]] | None = None


class GraphClient:
    """Asks and tells the Graph API with a bearer token (never in the address: addresses are logged).

    Attributes:
        usage: what the last answer said of the rate limits; `percent` 0…100 and more, `regain` if access is cut.
    """

    def __init__(
        self,
        root: str,
        token: Callable[[], str] | str,
        *,
        rules: Mapping[int, Rule] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: timedelta = timedelta(seconds=20),
    ) -> None:
        """`token` may be a function, asked at every call, where the token is renewed; `rules` overrule `SHARED`."""
        self.usage = Usage()
        self._root = root.rstrip("/")
        self._token = token if callable(token) else lambda: token
        self._rules = {**SHARED, **(rules or {})}
        self._client = httpx.AsyncClient(transport=transport, timeout=timeout.total_seconds(), follow_redirects=False)

    async def get(self, path: str, params: Params | None = None) -> dict[str, Any]:
        """Return the object at `path`, e.g. `17841400/tags`.

        Raises:
            ChannelError: `code` is Meta's (or `http-<status>`), `backoff` and `permanent` as the table says.
        """
        return await self._call(_Call("GET", path, changes=False, params=params))

    async def post(
        self,
        path: str,
        *,
        json: Mapping[str, object] | None = None,
        data: Mapping[str, str] | None = None,
        params: Params | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
    ) -> dict[str, Any]:
        """Tell the platform something and return its answer; `json` or form `data` is the body.

        Args:
            files: what goes with form data, by the form's names: file name, content, mime.

        Raises:
            UnknownOutcomeError: it left us and no usable answer came.
            UnreachableError: this receiver cannot be written to.
            ChannelError: it was refused or never left; `code`, `backoff` and `permanent` as the table says.
        """
        return await self._call(_Call("POST", path, changes=True, params=params, json=json, data=data, files=files))

    @asynccontextmanager
    async def stream(self, url: str) -> AsyncIterator[httpx.Response]:
        """Open an absolute address with the bearer token, whatever its status; for the platform's own files only.

        Raises:
            ChannelError: it could not be reached.
        """
        try:
            async with self._client.stream("GET", url, headers=self._headers()) as response:
                yield response
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ChannelError(f"the file could not be fetched ({type(error).__name__})") from error

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _headers(self) -> dict[str, str]:
        token = self._token().strip()
        if not token or not token.isascii() or not token.isprintable():
            message = "the access token is empty or holds characters no token has; set it anew"
            raise ChannelError(message, backoff=Backoff.AUTH_LOST, code="token")
        return {"Authorization": f"Bearer {token}"}

    async def _call(self, call: _Call) -> dict[str, Any]:
        response = await self._send(call)
        self.usage = read_usage(response.headers)
        body = _object(response)
        if response.is_success and body is not None and "error" not in body:
            return body
        envelope = body.get("error") if body else None
        if call.changes and not isinstance(envelope, dict) and _may_have_acted(response):
            raise UnknownOutcomeError(
                f"answered HTTP {response.status_code} without saying what became of it",
                code=f"http-{response.status_code}",
            )
        raise error_of(response.status_code, envelope, response.headers, self._rules)

    async def _send(self, call: _Call) -> httpx.Response:
        headers = self._headers()
        url = f"{self._root}/{call.path.lstrip('/')}"
        try:
            return await self._client.request(
                call.method, url, params=call.params, json=call.json, data=call.data, files=call.files, headers=headers
            )
        except _NOT_SENT as error:
            raise ChannelError(f"no connection to {_host(self._root)} ({type(error).__name__})") from error
        except httpx.InvalidURL as error:
            raise ChannelError("the address is not valid; check graph_url and the ids", permanent=True) from error
        except httpx.HTTPError as error:
            message = f"no answer from {_host(self._root)} ({type(error).__name__})"
            raise (UnknownOutcomeError(message) if call.changes else ChannelError(message)) from error


def _host(root: str) -> str:
    return httpx.URL(root).host or root


def _object(response: httpx.Response) -> dict[str, Any] | None:
    """Return the body if it is a JSON object; None for anything else."""
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _may_have_acted(response: httpx.Response) -> bool:
    """A success nobody can read, or a gateway that stopped waiting; other failures say that nothing was done."""
    return response.is_success or response.status_code == GATEWAY_TIMEOUT
