"""Whether the platforms answer us."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from intake109.config import Config, Instagram, Whatsapp
from intake109.doctor.finding import Finding, Grade
from intake109.errors import Backoff, ChannelError

_ANSWER_WITHIN_S = 20.0


async def channels(config: Config) -> list[Finding]:
    """Ask every enabled channel whether it answers."""
    probes: dict[str, Callable[[Config], Awaitable[str]]] = {
        "telegram": _ask_telegram,
        "whatsapp": _ask_whatsapp,
        "instagram": _ask_instagram,
        "website": _ask_website,
    }
    findings = []
    for name, ask in probes.items():
        if not getattr(config.channels, name).enabled:
            findings.append(Finding(name, Grade.GOOD, "switched off"))
            continue
        findings.append(await _probe(name, ask, config))
    return findings


async def _probe(name: str, ask: Callable[[Config], Awaitable[str]], config: Config) -> Finding:
    try:
        async with asyncio.timeout(_ANSWER_WITHIN_S):
            return Finding(name, Grade.GOOD, await ask(config))
    except ChannelError as error:
        remedy = _WRONG_IDS if error.permanent else _REMEDIES[error.backoff]
        return Finding(name, Grade.BAD, str(error), remedy)
    except TimeoutError:
        return Finding(name, Grade.BAD, "no answer", _REMEDIES[Backoff.TRANSIENT])


_WRONG_IDS = "compare the channel's ids in config.yaml with the platform's page (docs/channels.md)"
_REMEDIES = {
    Backoff.TRANSIENT: "check the network, the proxy and the channel's address in config.yaml",
    Backoff.RATE_LIMITED: "wait; if it stays, ask less often",
    Backoff.AUTH_LOST: "get a new token and set it (docs/channels.md)",
    Backoff.BLOCKED: "a person must look at the account on the platform (docs/channels.md)",
    Backoff.CONFLICT: "stop the other program that uses the same token",
}


async def _ask_telegram(config: Config) -> str:
    from intake109.collectors.telegram.api import TelegramApi

    api = TelegramApi(config.channels.telegram)
    try:
        return f"answers as @{(await api.identify()).username}"
    finally:
        await api.close()


async def _ask_whatsapp(config: Config) -> str:
    settings = config.channels.whatsapp
    told = await _ask_graph(settings, settings.phone_number_id, "display_phone_number,verified_name")
    return f"answers for {told.get('display_phone_number', settings.phone_number_id)}"


async def _ask_instagram(config: Config) -> str:
    settings = config.channels.instagram
    if not settings.user_id:
        return _find_session(settings)
    told = await _ask_graph(settings, settings.user_id, "username")
    return f"answers as @{told.get('username', settings.username)}"


def _find_session(settings: Instagram) -> str:
    file = settings.instaloader.session_file
    if not file.is_file():
        raise ChannelError(f"the session file {file} is missing", backoff=Backoff.BLOCKED)
    return f"read by instaloader alone, with the session in {file}"


async def _ask_website(config: Config) -> str:
    return f"takes appeals at {config.server.address}/form"  # the site calls us: there is nobody to ask


async def _ask_graph(settings: Instagram | Whatsapp, node: str, fields: str) -> dict[str, Any]:
    from intake109.collectors.graph import GraphClient, graph_root

    client = GraphClient(graph_root(settings.graph_url, settings.api_version), settings.access_token.get_secret_value())
    try:
        return await client.get(node, {"fields": fields})
    finally:
        await client.aclose()
