"""`make demo`: the stand-in of the platforms in its own process, the product as in production, a city that writes."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from intake109 import config as configuration
from intake109.bootstrap import build
from intake109.collectors.instagram_graph import tokens
from intake109.demo import script
from intake109.demo.announced import announce
from intake109.demo.life import Life, Remembered, live_through
from intake109.demo.organised import organise
from intake109.demo.player import Player, over_http, settle
from intake109.demo.staff import PASSWORD, hire
from intake109.demo.standin.people import Chat
from intake109.demo.standin.registry import SECRET as REGISTRY_SECRET
from intake109.errors import ConfigError
from intake109.progress import shown
from intake109.serve import serve

_MARK = ".intake109-demo"
_GAZETTEER = Path(__file__).parent / "city" / "gazetteer.csv"
_STAFF_CHAT = Chat("staff", "group", "").chat_id
_TELL = Callable[[str], None]
_SAID_AT_START = (
    "  The product:             {product}/",
    "  Log in as                inspector / {password}",
    "                           (also inspector2, supervisor, quality, executor, admin)",
    "",
    "  It is yours to register what citizens write (c claims, Ctrl+Enter sends); what nobody takes the machine does.",
    "  By itself: executors answer with photos, some formally or 'not ours'; citizens say yes, no or nothing.",
    "  A danger closes only when somebody has looked: as supervisor open {product}/control?shelf=incidents, press s.",
    "  As quality: /control (answers to judge), /calls (who is silent). As supervisor: /reports (yesterday), /board.",
    "  Stop with Ctrl+C.\n",
)


def show(folder: Path, port: int, pace: float, *, keep: bool, past: bool, tell: _TELL) -> None:
    """Run the demo until Ctrl+C.

    Args:
        past: live through the last days first, so that reports and board have something to show.

    Raises:
        ConfigError: a port is taken, or the folder holds something that is not a demo's.
    """
    for one in (port, port + 1):
        _refuse_taken(one)
    _prepare(folder, keep=keep)
    city_url = f"http://127.0.0.1:{port + 1}"
    with _city(port + 1, folder), over_http(city_url) as do:
        addresses = _ask(f"{city_url}/_city/addresses")
        day = script.read()
        settle(city_url, day)
        path = _write_config(folder, port, city_url, addresses)
        with shown() as progress:
            config = configuration.load(path, secrets_of(addresses))
            house = build(config, progress=progress)
            remembered = live_through(config, house, day, progress) if past else Remembered()
        hire(house)
        announce(house)
        organise(house)
        life = Life(city_url, f"http://127.0.0.1:{port}", house, Player(day, do, pace), do, day)
        tell(f"\n  The demo city wakes up.  Citizens' side: {city_url}/")

        def begin() -> None:
            for line in _SAID_AT_START:
                tell(line.format(product=f"http://127.0.0.1:{port}", password=PASSWORD))
            life.start(remembered)

        try:
            serve(house, on_ready=begin)
        finally:
            life.stop()


def secrets_of(addresses: Mapping[str, Any]) -> dict[str, str]:
    """Return the environment a product needs to live in a stand-in that told these addresses."""
    return {
        "INTAKE109_TELEGRAM_TOKEN": addresses["bot_token"],
        "INTAKE109_WHATSAPP_ACCESS_TOKEN": addresses["whatsapp_token"],
        "INTAKE109_WHATSAPP_APP_SECRET": addresses["app_secret"],
        "INTAKE109_WHATSAPP_VERIFY_TOKEN": addresses["verify_token"],
        "INTAKE109_INSTAGRAM_ACCESS_TOKEN": addresses["instagram_token"],
        "INTAKE109_INSTAGRAM_APP_SECRET": addresses["app_secret"],
        "INTAKE109_INSTAGRAM_VERIFY_TOKEN": addresses["verify_token"],
        "INTAKE109_WEBSITE_SECRET": "demo-website-secret",
        "INTAKE109_REGISTRY_SECRET": REGISTRY_SECRET,
    }


def config_text(folder: Path, port: int, city_url: str, addresses: Mapping[str, Any]) -> str:
    """Return the configuration of a product that lives in the stand-in at `city_url`."""
    parts = {
        "city": {"gazetteer": str(_GAZETTEER)},
        "server": {"port": port, "public_url": f"http://127.0.0.1:{port}"},
        "storage": {"folder": str(folder)},
        "channels": {
            "telegram": {"enabled": True, "base_url": city_url},
            "whatsapp": {
                "enabled": True,
                "graph_url": f"{city_url}/graph",
                "phone_number_id": addresses["phone_number_id"],
            },
            "instagram": {
                "enabled": True,
                "graph_url": f"{city_url}/graph",
                "user_id": addresses["instagram_id"],
                "username": addresses["instagram_username"],
                "poll_seconds": 5,
            },
            "website": {"enabled": True},
        },
        "registry": {"url": f"{city_url}/registry/appeals"},
        "voice": {"quiet_from": "00:00", "quiet_until": "00:00"},  # who shows it at night wants to see the answers
        "alerts": {"telegram_chat": _STAFF_CHAT, "fallback": {"telegram": _STAFF_CHAT}},
    }
    return json.dumps(parts, ensure_ascii=False, indent=2)


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ConfigError([f"port {port} is taken; stop what uses it, or choose another with --port"]) from error


def _prepare(folder: Path, *, keep: bool) -> None:
    if folder.exists() and not keep:
        if any(folder.iterdir()) and not (folder / _MARK).exists():
            raise ConfigError([f"{folder} holds something that is not a demo's; choose another with --folder"])
        for one in folder.iterdir():
            if one.name == "model":
                continue  # trained from the same catalogue; minutes saved
            shutil.rmtree(one) if one.is_dir() else one.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / tokens.FILE).unlink(missing_ok=True)  # renewed by the last city; this one does not know it
    (folder / _MARK).touch()


@contextlib.contextmanager
def _city(port: int, folder: Path) -> Iterator[None]:
    command = [
        sys.executable,
        "-m",
        "intake109.demo.standin",
        "--port",
        str(port),
        "--state",
        str(folder / "ledger.json"),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 — our own module
    try:
        assert process.stdout is not None
        if not process.stdout.readline():
            raise ConfigError([f"the demo city did not start (it ended with {process.wait()}); see above"])
        _wait_until_it_answers(port)
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_until_it_answers(port: int) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.1):
            return
        threading.Event().wait(0.1)
    raise ConfigError([f"the demo city does not answer on port {port}"])


def _ask(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 — our own stand-in
        found: dict[str, Any] = json.load(answer)
        return found


def _write_config(folder: Path, port: int, city_url: str, addresses: Mapping[str, Any]) -> Path:
    path = folder / "config.yaml"
    path.write_text(config_text(folder, port, city_url, addresses), encoding="utf-8")
    # For other commands beside the running demo: `. var/demo/secrets.env`, then `intake109 report --config …`.
    exported = "".join(f"export {name}='{value}'\n" for name, value in secrets_of(addresses).items())
    (folder / "secrets.env").write_text(exported, encoding="utf-8")
    return path
