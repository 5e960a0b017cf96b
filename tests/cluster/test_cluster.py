"""Two web and two worker processes on one PostgreSQL: the elected one hangs, wakes up, dies; nobody notices."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from typer.testing import CliRunner

from intake109.cli import app
from intake109.clock import SystemClock
from intake109.demo.standin import serve
from intake109.store import health, leases, processes
from intake109.store.database import Database
from intake109.store.tables import EventRow, LeaseRow, MentionRow, UserRow
from tests.cluster.members import Member
from tests.cluster.site import Screen, Site, free_port

LEASE_S = 1.0
TAKEN_OVER_WITHIN_S = 30.0
PASSWORD = "жасыл алма ағашы"


@pytest.mark.parametrize("command", ["web", "worker"])
def test_on_sqlite_several_processes_are_refused_with_one_readable_line(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("INTAKE109_DATABASE_URL", raising=False)
    file = tmp_path / "config.yaml"
    file.write_text(f"storage:\n  folder: {tmp_path}/var\n", encoding="utf-8")

    refused = CliRunner().invoke(app, [command, "--config", str(file)])

    assert refused.exit_code == 1
    assert refused.output.count("\n") == 1
    assert "needs PostgreSQL: set INTAKE109_DATABASE_URL" in refused.output
    assert not (tmp_path / "var").exists()


def test_a_database_that_does_not_answer_is_one_readable_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTAKE109_DATABASE_URL", f"postgresql+psycopg://x:y@127.0.0.1:{free_port()}/x")
    file = tmp_path / "config.yaml"
    file.write_text(f"storage:\n  folder: {tmp_path}/var\n", encoding="utf-8")

    refused = CliRunner().invoke(app, ["worker", "--config", str(file)])

    assert refused.exit_code == 1
    assert refused.output.startswith("the database does not answer (connection failed")
    assert refused.output.count("\n") == 1


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site()
    yield found
    found.close()


def hire(database: Database) -> None:
    hashed = PasswordHash([Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)]).hash(PASSWORD)
    with database.write() as session:
        row = UserRow(login="asem", name="Asem", password_hash=hashed, role="inspector", created_at=SystemClock().now())
        session.add(row)


def log_in(address: str) -> str:
    form = {"login": "asem", "password": PASSWORD}
    headers = {"Origin": address, "Sec-Fetch-Site": "same-origin"}
    answer = httpx.post(f"{address}/login", data=form, headers=headers, trust_env=False)
    return answer.cookies["intake109"]


def lease_of(database: Database) -> LeaseRow:
    with database.read() as session:
        row = leases.of(session, leases.SCHEDULER)
    assert row is not None
    return row


def elected(site: Site, database: Database, *, other_than: str = "") -> str:
    """Wait until a process (another one) is elected and return which member it is."""
    until = time.monotonic() + TAKEN_OVER_WITHIN_S
    while time.monotonic() < until:
        with database.read() as session:
            if leases.of(session, leases.SCHEDULER) is not None:
                name = site.name_of(int(lease_of(database).holder.split(":")[1]))
                if name != other_than and not leases.is_free(session, leases.SCHEDULER):
                    return name
        time.sleep(0.02)  # another process is waited for: there is no clock to move
    raise AssertionError("nobody was elected")


@pytest.mark.slow
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_hung_and_a_killed_scheduler_are_replaced_and_every_screen_hears_everything_once(
    database: Database, site: Site, tmp_path: Path
) -> None:
    hire(database)
    ports = [free_port(), free_port()]
    webs = [f"http://127.0.0.1:{port}" for port in ports]
    with serve() as city:
        given = {
            "folder": str(tmp_path),
            "database_url": database.url.render_as_string(hide_password=False),
            "city_url": city.url,
            "bot_token": city.world.ground.centre.bot_token,
            "lease_s": LEASE_S,
        }
        site.start(
            *(Member(f"web{n}", "web", port=port, **given) for n, port in enumerate(ports)),  # type: ignore[arg-type]
            *(Member(f"worker{n}", "worker", **given) for n in range(2)),  # type: ignore[arg-type]
        )
        cookie = log_in(webs[0])  # and the other knows it
        screens = [Screen(address, cookie) for address in webs]

        def say(citizen: str, words: str) -> None:
            city.act(channel="telegram", act="message", citizen=citizen, text=words)
            for screen in screens:
                screen.wait_for(words)

        first = elected(site, database)
        say("asel", "Яма на Абая 10")
        site.send(first, signal.SIGSTOP)
        hung_at = time.monotonic()
        second = elected(site, database, other_than=first)
        say("daniyar", "Люк открыт на Ленина 10")
        overtaken_s = time.monotonic() - hung_at
        site.send(first, signal.SIGCONT)
        say("olga", "Нет тепла, Абая 10")
        assert elected(site, database) == second

        site.send(second, signal.SIGKILL)
        killed_at = time.monotonic()
        assert elected(site, database, other_than=second) == first
        say("marat", "Снова яма у школы")
        replaced_s = time.monotonic() - killed_at

        with database.read() as session:
            telegram = health.of(session, "telegram", "telegram")
            told = [row.text for row in session.query(MentionRow).all()]
            events = session.query(EventRow).count()
            roles = sorted(row.role for row in processes.all_of(session))
        site.end("web0", "web1", first)
        for screen in screens:
            screen.close()

    assert max(overtaken_s, replaced_s) < TAKEN_OVER_WITHIN_S, (overtaken_s, replaced_s)
    assert (len(told), events) == (4, 4)
    assert (telegram.errors_in_row, telegram.last_error) == (0, "")  # never a 409 of our own
    assert roles == ["web", "web", "worker", "worker"]
    with database.read() as session:
        assert [row.pid for row in processes.all_of(session)] == [site.pids[second]]
        assert leases.is_free(session, leases.SCHEDULER)
