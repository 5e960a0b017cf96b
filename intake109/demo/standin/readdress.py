"""How the real instaloader is led to the stand-in though it is hard-wired to www.instagram.com and i.instagram.com.

The library speaks through `requests` sessions, whose adapters decide how an address is reached. `point_at` mounts an
adapter for the two hosts that sends the request to `{base_url}/web/{host}/{path}` and gives the answer back under the
address that was asked for, so that cookies, redirects and error messages stay as they are in life.

Mounting it on one session is not enough: the library makes a new session for every query (`copy_session`) and for
everything anonymous. So the context is given a class of its own that mounts the adapter wherever a session enters.

    loader = Instaloader(...)
    loader.context.load_session("city109", {"sessionid": "demo", "csrftoken": "demo", "ds_user_id": "58900000109"})
    point_at(loader.context, "http://127.0.0.1:8110")

`requests` is imported only when it is called, and instaloader not at all.
"""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from instaloader import InstaloaderContext
    from requests import PreparedRequest, Response, Session
    from requests.adapters import HTTPAdapter

HOSTS = ("www.instagram.com", "i.instagram.com")


def adapter(base_url: str) -> "HTTPAdapter":
    """Make the adapter that re-addresses."""
    from requests.adapters import HTTPAdapter

    class Readdressed(HTTPAdapter):
        """Sends what is for Instagram to the stand-in."""

        def send(self, request: "PreparedRequest", *args: Any, **kwargs: Any) -> "Response":
            asked_for = request.url or ""
            parts = urlsplit(asked_for)
            led = request.copy()
            led.url = f"{base_url}/web/{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")
            led.headers.pop("Host", None)
            # A proxy that is set for the outside has no business with the loopback.
            answer = super().send(led, *args, **{**kwargs, "proxies": {}})
            answer.url = asked_for
            answer.request = request
            return answer

    return Readdressed()


def point_at(context: "InstaloaderContext", base_url: str) -> None:
    """Lead everything this context asks of Instagram to the stand-in, from now on and in all its sessions."""
    shared = adapter(base_url)

    def mounted(session: "Session") -> "Session":
        for host in HOSTS:
            session.mount(f"https://{host}/", shared)
        return session

    original: Any = type(context)

    def get_json(self: Any, path: str, params: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("session") is not None:
            mounted(kwargs["session"])
        elif len(args) > 1 and args[1] is not None:
            mounted(args[1])
        return original.get_json(self, path, params, *args, **kwargs)

    def get_anonymous_session(self: Any) -> "Session":
        return mounted(original.get_anonymous_session(self))

    def load_session(self: Any, username: str, sessiondata: dict[str, Any]) -> None:
        original.load_session(self, username, sessiondata)
        mounted(self._session)

    led = {"get_json": get_json, "get_anonymous_session": get_anonymous_session, "load_session": load_session}
    context.__class__ = type(f"Readdressed{original.__name__}", (original,), led)
    mounted(context._session)
