"""A Bot API server of the tests' own, on a loopback port: answers as it is told and remembers what it was asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from pydantic import SecretStr

from intake109 import config

TOKEN = "123456789:test-secret-of-the-bot"

Form = dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What to answer: a status and a body; `breaks` closes the connection, after the headers if there is a body."""

    body: bytes = b""
    status: int = 200
    breaks: bool = False
    hangs: bool = False
    mime: str = "application/json"


def ok(result: object) -> Answer:
    return Answer(json.dumps({"ok": True, "result": result}).encode())


def no(status: int, description: str, **parameters: int) -> Answer:
    envelope: dict[str, object] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        envelope["parameters"] = parameters
    return Answer(json.dumps(envelope).encode(), status)


@dataclass(slots=True)
class BotApi:
    """`answers` holds a list per method (or file path), used up in order, the last for ever."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[tuple[str, Form]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    port: int = 0
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    def forms(self, method: str) -> list[Form]:
        return [form for name, form in self.asked if name == method]

    def settings(self, **changes: object) -> config.Telegram:
        base = {"token": SecretStr(TOKEN), "base_url": f"http://127.0.0.1:{self.port}", "long_poll_seconds": 0}
        return config.Telegram.model_validate({**base, **changes})

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._answer_one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = head.split(" ")[1]
        lengths = [line.split(":")[1] for line in head.splitlines() if line.lower().startswith("content-length")]
        form = dict(parse_qsl((await reader.readexactly(int(lengths[0]) if lengths else 0)).decode()))
        self.paths.append(path)
        name = path.removeprefix(f"/bot{TOKEN}/").removeprefix(f"/file/bot{TOKEN}/")
        self.asked.append((name, form))
        self.heard.set()
        waiting = self.answers.get(name, [no(404, "Not Found")])
        answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if answer.hangs:
            await asyncio.Event().wait()
        if answer.breaks and not answer.body:
            return False
        length = len(answer.body) + (10 if answer.breaks else 0)
        writer.write(f"HTTP/1.1 {answer.status} X\r\nContent-Type: {answer.mime}\r\n".encode())
        writer.write(f"Content-Length: {length}\r\n\r\n".encode() + answer.body)
        await writer.drain()
        return not answer.breaks


@asynccontextmanager
async def bot_api(**answers: Answer | list[Answer]) -> AsyncIterator[BotApi]:
    """Serve until the block ends; `answers` by method, e.g. `getMe=ok({...})`."""
    api = BotApi({name: given if isinstance(given, list) else [given] for name, given in answers.items()})
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(api.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    api.port = server.sockets[0].getsockname()[1]
    try:
        yield api
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
