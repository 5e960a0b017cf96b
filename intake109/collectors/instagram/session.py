"""The session file and the library's context: quiet, without its sleeps, and led elsewhere where configured."""

from __future__ import annotations

import io
import pickle  # only to refuse everything in it but plain values, see `_Plain`
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from instaloader import InstaloaderContext, RateController
from requests.adapters import HTTPAdapter

from intake109 import config
from intake109.collectors.instagram.failures import rate_limited, session_lost

_HOSTS = ("https://www.instagram.com/", "https://i.instagram.com/")
_TIMEOUT_S = 30
_LARGEST_BYTES = 100_000


class _Plain(pickle.Unpickler):
    """instaloader's session file is a pickle of names and values; anything that would import code is refused."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError("no session file of instaloader")


def cookies_of(path: Path) -> dict[str, str]:
    """Read the cookies of a session file.

    Raises:
        ChannelError: AUTH_LOST; it is missing, cannot be read, or holds no session.
    """
    try:
        content = path.read_bytes()[:_LARGEST_BYTES]
    except OSError as error:
        raise session_lost(f"the session file {path} cannot be read ({error.strerror})") from error
    try:
        found = _Plain(io.BytesIO(content)).load()
    except Exception as error:  # a broken pickle may raise anything at all
        raise session_lost(f"{path} is no session file of instaloader") from error
    cookies = {str(name): str(value) for name, value in found.items()} if isinstance(found, Mapping) else {}
    if not cookies.get("sessionid") or not cookies.get("csrftoken"):
        raise session_lost(f"{path} holds no session")
    return cookies


class NoSleep(RateController):
    """Raises where the library's own sleeps up to ten minutes inside a call."""

    def sleep(self, secs: float) -> None:
        """Refuse to.

        Raises:
            ChannelError: RATE_LIMITED, with the pause the library wanted.
        """
        raise rate_limited(timedelta(seconds=secs))


class QuietContext(InstaloaderContext):
    """The library's context without a word on the console, each of whose sessions asks where we say."""

    def __init__(self, settings: config.Instaloader) -> None:
        self._adapter = _Readdressed(settings.base_url) if settings.base_url else None
        super().__init__(
            sleep=not settings.base_url,  # its short pauses between requests are for the real Instagram only
            quiet=True,
            max_connection_attempts=1,
            request_timeout=_TIMEOUT_S,
            rate_controller=NoSleep,
            iphone_support=False,
        )

    def log(self, *msg: object, sep: str = "", end: str = "\n", flush: bool = False) -> None:
        """Say nothing."""

    def error(self, msg: object, repeat_at_end: bool = True) -> None:
        """Say nothing: what matters is raised, and its words hold addresses."""

    def get_anonymous_session(self) -> requests.Session:
        """Return a session without cookies."""
        return self._led(super().get_anonymous_session())

    def load_session(self, username: str, sessiondata: dict[str, str]) -> None:
        """Take the cookies of a session file."""
        super().load_session(username, sessiondata)  # type: ignore[no-untyped-call]
        self._led(self._session)

    def get_json(
        self,
        path: str,
        params: dict[str, Any],
        host: str = "www.instagram.com",
        session: requests.Session | None = None,
        response_headers: dict[str, Any] | None = None,
        use_post: bool = False,
    ) -> dict[str, Any]:
        """Ask; the library makes a new session for each query, which has to be led as well."""
        led = self._led(session) if session is not None else None
        return super().get_json(path, params, host, led, response_headers, use_post)

    def _led(self, session: requests.Session) -> requests.Session:
        if self._adapter is not None:
            for host in _HOSTS:
                session.mount(host, self._adapter)
        return session


class _Readdressed(HTTPAdapter):
    """Sends what is for `https://{host}/{path}` to `{base_url}/{host}/{path}`, and answers as if it had not."""

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self._base_url = base_url.rstrip("/")

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request elsewhere; the outside's proxies are left out."""
        parts = urlsplit(request.url or "")
        led = request.copy()
        led.url = f"{self._base_url}/{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        led.headers.pop("Host", None)
        answer = super().send(led, *args, **{**kwargs, "proxies": {}})
        answer.url, answer.request = request.url or "", request
        return answer
