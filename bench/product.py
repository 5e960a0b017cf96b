"""The real product as a process of its own, with thousands of tasks waiting and inspectors logged in."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

import yaml
from sqlalchemy.orm import Session

from bench.waiting import Waiting, fill
from intake109.catalogue.load import load
from intake109.classifier.classifier import Classifier, load_or_train
from intake109.clock import SystemClock
from intake109.config import Promise
from intake109.model import Channel, Verdict
from intake109.queue.times import times
from intake109.review_ui.access.auth import token_hash
from intake109.store import migrate
from intake109.store.database import Database
from intake109.store.tables import ConversationRow, EventRow, MentionRow, MessageRow, SessionRow, TaskRow, UserRow

MODEL = Path(tempfile.gettempdir()) / "intake109-bench-model"
"""Trained once for all measurements."""
APP_SECRET = secrets.token_hex(16)
_START_S = 90


@dataclass(frozen=True, slots=True)
class Product:
    """A running product. `cookies` are the logins of its inspectors."""

    address: str
    pid: int
    cookies: tuple[str, ...]

    def memory_mb(self) -> float:
        """Return what the process holds in memory now (Linux)."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
        return int(kilobytes) / 1024

    def processor_s(self) -> float:
        """Return how much processor time the process has used so far, all its threads together (Linux)."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def waited_s(self) -> float:
        """Return how long the process was ready to run and had no processor: what the neighbours took (Linux)."""
        threads = Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int((one / "schedstat").read_text(encoding="ascii").split()[1]) for one in threads) / 1e9


def judge() -> Classifier:
    """Return the real classifier, trained at the first call on this machine."""
    return load_or_train(load(), MODEL)


@contextmanager
def running(waiting: Iterable[Waiting], inspectors: int, url: str = "") -> Iterator[Product]:
    """Start `intake109 run` with these tasks waiting and so many inspectors logged in.

    Args:
        url: an empty database; by default a SQLite of its own.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = url or f"sqlite:///{folder / 'intake109.sqlite3'}"
        cookies = _furnish(folder, url, waiting, inspectors)
        port = free_port()
        process = start(folder, "run", configure(folder, port), database_url=url)
        try:
            await_readiness(process)
            yield Product(f"http://127.0.0.1:{port}", process.pid, cookies)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _furnish(folder: Path, url: str, waiting: Iterable[Waiting], inspectors: int) -> tuple[str, ...]:
    judge()
    (folder / "model").symlink_to(MODEL)
    database = Database(url, fsync=False)
    migrate.upgrade(database)
    fill(database, waiting)
    now = SystemClock().now()
    with database.write() as session:
        cookies = tuple(log_in(session, number, now) for number in range(1, inspectors + 1))
    database.close()
    return cookies


def waiting_task(
    number: int, verdict: Verdict, at: datetime
) -> list[EventRow | ConversationRow | MentionRow | MessageRow | TaskRow]:
    """Return the rows of one waiting task, as the pipeline would have written them; never an incident."""
    telegram, text = Channel.TELEGRAM.value, f"{verdict.text} {number}"
    moments = times(at, at, Promise())
    best = verdict.services[0] if verdict.services else None
    event = EventRow(
        id=number, channel=telegram, key=f"seed-{number}", source="seed", payload="{}", received_at=at, handled_at=at
    )
    conversation = ConversationRow(
        id=number,
        channel=telegram,
        author_id=f"seed-{number}",
        thread=f"seed-{number}",
        name="Асель",
        created_at=at,
        last_incoming_at=at,
    )
    mention = MentionRow(
        id=number,
        event_id=number,
        conversation_id=number,
        channel=telegram,
        key=f"seed-{number}",
        text=text,
        mentioned_at=at,
        received_at=at,
        verdict=asdict(verdict),
    )
    message = MessageRow(
        conversation_id=number,
        mention_id=number,
        channel=telegram,
        key=f"seed-{number}",
        role="mention",
        text=text,
        at=at,
    )
    task = TaskRow(
        mention_id=number,
        channel=telegram,
        language=verdict.language.value,
        sphere=best.sphere if best else "",
        service=best.code if best else "",
        excerpt=" ".join(text.split())[:160],
        mentioned_at=at,
        received_at=at,
        **asdict(moments),
    )
    return [event, conversation, mention, message, task]


def log_in(session: Session, number: int, now: datetime) -> str:
    """Add an inspector with an open login, without the price of hashing a password."""
    user = UserRow(
        login=f"inspector-{number}", name=f"Inspector {number}", password_hash="-", role="inspector", created_at=now
    )
    session.add(user)
    session.flush()
    token = secrets.token_urlsafe(32)
    session.add(
        SessionRow(
            token_hash=token_hash(token),
            user_id=user.id or 0,
            csrf=secrets.token_urlsafe(24),
            created_at=now,
            expires_at=now + timedelta(hours=8),
        )
    )
    return token


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def configure(folder: Path, port: int) -> Path:
    """Write a configuration with WhatsApp alone, and return its file."""
    config = {
        "server": {"port": port},
        "storage": {"folder": str(folder)},
        "channels": {
            "whatsapp": {"enabled": True, "graph_url": "http://127.0.0.1:9", "phone_number_id": "109000000000000"}
        },
    }
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    return path


def start(folder: Path, command: str, config: Path, *options: str, database_url: str = "") -> subprocess.Popen[str]:
    """Start `intake109 <command>`; what it logs goes to a file in the folder."""
    secret = {
        "INTAKE109_WHATSAPP_ACCESS_TOKEN": secrets.token_hex(16),
        "INTAKE109_WHATSAPP_APP_SECRET": APP_SECRET,
        "INTAKE109_WHATSAPP_VERIFY_TOKEN": secrets.token_hex(16),
        "INTAKE109_DATABASE_URL": database_url,
    }
    whole = [sys.executable, "-m", "intake109", command, "--config", str(config), *options]
    with (folder / "product.log").open("a", encoding="utf-8") as log:
        return subprocess.Popen(whole, env={**os.environ, **secret}, stdout=subprocess.PIPE, stderr=log, text=True)


def await_readiness(process: subprocess.Popen[str]) -> None:
    """Wait until a process says that it is ready.

    Raises:
        RuntimeError: it ended before.
    """
    assert process.stdout is not None
    for line in process.stdout:
        if "is ready" in line:
            threading.Thread(target=deque, args=(process.stdout, 0), daemon=True).start()  # or a full pipe stops it
            return
    raise RuntimeError(f"the product ended with status {process.wait(timeout=_START_S)} before it was ready")
