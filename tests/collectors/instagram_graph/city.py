"""Deliveries and answers in the shape of Meta's documentation, and a Graph API that answers from a list."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import parse_qs

import httpx
from pydantic import SecretStr

from intake109.collectors.base import digest
from intake109.collectors.instagram_graph import InstagramParser
from intake109.config import Instagram
from intake109.model import Channel, Event, Incoming, Message

Json = dict[str, object]

OURS = "17841400000000109"
CITIZEN = "6100000000000001"
AT = 1795300000
"""2026-11-21 22:26:40 UTC"""
CONFIG = Instagram(
    graph_url="https://graph.example",
    user_id=OURS,
    username="karatobe109",
    access_token=SecretStr("secret-token"),
    app_secret=SecretStr("app-secret"),
    verify_token=SecretStr("verify-me"),
)
FACEBOOK = CONFIG.model_copy(update={"graph_url": "https://graph.facebook.com"})
GONE = 400, {"error": {"code": 100, "error_subcode": 33, "message": "Object with ID '1' does not exist"}}


def token() -> str:
    return "secret-token"


def event(body: object, source: str) -> Event:
    payload = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return Event(Channel.INSTAGRAM, digest(payload.encode("utf-8", "replace")), payload, source)


def parse(body: object, source: str = "instagram.webhook") -> tuple[Incoming, ...]:
    return InstagramParser(OURS, "karatobe109")(event(body, source))


def parse_message(body: object, source: str = "instagram.webhook") -> Message:
    (incoming,) = parse(body, source)
    assert isinstance(incoming, Message)
    return incoming


def delivery(*entries: Json) -> Json:
    return {"object": "instagram", "entry": [{"id": OURS, "time": AT, **entry} for entry in entries]}


def change(field: str, value: Json) -> Json:
    return delivery({"changes": [{"field": field, "value": value}]})


def part(**more: object) -> Json:
    return {"sender": {"id": CITIZEN}, "recipient": {"id": OURS}, "timestamp": AT * 1000 + 349, **more}


def direct(**message: object) -> Json:
    return delivery({"messaging": [part(message={"mid": "mid.1", **message})]})


def post(number: int, caption: str = "Яма на дороге", **more: object) -> Json:
    """A tagged post; the higher the number, the newer."""
    return {
        "id": f"1791{number:04}",
        "caption": caption,
        "media_type": "IMAGE",
        "media_url": f"https://cdn.example/{number}.jpg?poll=1",
        "permalink": f"https://www.instagram.com/p/DP{number:04}/",
        "timestamp": "2026-11-21T22:00:00+0000",
        "username": f"citizen{number}",
        **more,
    }


class Graph:
    """Answers every call by a function and keeps what was asked."""

    def __init__(self, answer: Callable[[httpx.Request], tuple[int, object]]) -> None:
        self.requests: list[httpx.Request] = []
        self._answer = answer

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        status, body = self._answer(request)
        if isinstance(body, bytes):
            return httpx.Response(status, content=body, headers={"content-type": "image/jpeg"})
        return httpx.Response(status, json=body)

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self)

    @property
    def paths(self) -> list[str]:
        return [f"{request.method} {request.url.path}" for request in self.requests]

    def form(self, index: int = -1) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.requests[index].content.decode()).items()}

    def json(self, index: int = -1) -> Json:
        found = json.loads(self.requests[index].content)
        assert isinstance(found, dict)
        return found


def answering(*answers: tuple[int, object]) -> Graph:
    """A Graph API that gives these answers one after the other; the last one goes on."""
    waiting = list(answers)
    return Graph(lambda request: waiting.pop(0) if len(waiting) > 1 else waiting[0])
