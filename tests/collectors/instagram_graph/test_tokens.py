"""A token never dies of idleness, never stands in an address, and is nobody else's to read."""

from __future__ import annotations

import asyncio
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from intake109.collectors.instagram_graph import TokenKeeper
from intake109.collectors.instagram_graph.tokens import NEVER
from intake109.errors import Backoff, ChannelError
from intake109.jobs.housekeeping import Credentials
from tests.collectors.instagram_graph.city import CONFIG, FACEBOOK, Graph, answering

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
SIXTY_DAYS_S = 5_184_000
RENEWED = 200, {"access_token": "newer-token", "token_type": "bearer", "expires_in": SIXTY_DAYS_S}


def keeper(folder: Path, graph: Graph | None = None, token: str = "secret-token") -> TokenKeeper:
    config = CONFIG.model_copy(update={"access_token": SecretStr(token)})
    return TokenKeeper(config, folder, transport=(graph or answering(RENEWED)).transport)


def renew(credentials: Credentials, now: datetime = NOW) -> datetime:
    return asyncio.run(credentials.renew(now))


def test_a_renewal_gives_a_new_token_and_its_end(tmp_path: Path) -> None:
    graph = answering(RENEWED)
    tokens = keeper(tmp_path, graph)

    expires_at = renew(tokens)

    assert expires_at == NOW + timedelta(days=60)
    assert tokens.token() == "newer-token"
    assert graph.paths == ["GET /refresh_access_token"]
    assert dict(graph.requests[0].url.params) == {"grant_type": "ig_refresh_token"}
    assert graph.requests[0].headers["authorization"] == "Bearer secret-token"


def test_the_file_is_for_us_alone(tmp_path: Path) -> None:
    renew(keeper(tmp_path / "var"))

    (file,) = (tmp_path / "var").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_newer_token_survives_a_restart_and_is_seen_by_other_processes(tmp_path: Path) -> None:
    running, renewing = keeper(tmp_path), keeper(tmp_path)
    before = running.token()

    renew(renewing)

    assert (before, running.token(), keeper(tmp_path).token()) == ("secret-token", "newer-token", "newer-token")


def test_a_token_set_by_the_administrator_ends_the_kept_one(tmp_path: Path) -> None:
    renew(keeper(tmp_path))

    assert keeper(tmp_path, token="set-by-hand").token() == "set-by-hand"


def test_a_restart_does_not_renew_again_the_same_day(tmp_path: Path) -> None:
    graph = answering(RENEWED)
    renew(keeper(tmp_path, graph))

    expires_at = renew(keeper(tmp_path, graph), NOW + timedelta(hours=3))
    renew(keeper(tmp_path, graph), NOW + timedelta(hours=24))

    assert expires_at == NOW + timedelta(days=60)
    assert len(graph.requests) == 2
    assert graph.requests[1].headers["authorization"] == "Bearer newer-token"


def test_a_token_too_young_is_explained_and_stays(tmp_path: Path) -> None:
    tokens = keeper(tmp_path, answering((400, {"error": {"code": 100, "message": "secret-token"}})))

    with pytest.raises(ChannelError, match="24 hours") as caught:
        renew(tokens)

    assert not caught.value.permanent
    assert "secret" not in str(caught.value)
    assert tokens.token() == "secret-token"


def test_an_expired_token_is_auth_lost(tmp_path: Path) -> None:
    with pytest.raises(ChannelError) as caught:
        renew(keeper(tmp_path, answering((400, {"error": {"code": 190}}))))

    assert caught.value.backoff is Backoff.AUTH_LOST


@pytest.mark.parametrize(
    "answer", [{}, {"access_token": "", "expires_in": 5}, {"access_token": "x", "expires_in": "soon"}]
)
def test_an_unusable_answer_leaves_the_old_token(tmp_path: Path, answer: object) -> None:
    tokens = keeper(tmp_path, answering((200, answer)))

    with pytest.raises(ChannelError):
        renew(tokens)

    assert tokens.token() == "secret-token"


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"token": "x", "renewed_at": "y"}', "\x00"])
def test_a_broken_file_counts_as_none(tmp_path: Path, content: str) -> None:
    renew(keeper(tmp_path))
    (file,) = tmp_path.iterdir()

    file.write_text(content, encoding="utf-8")

    assert keeper(tmp_path).token() == "secret-token"


def test_a_page_token_is_tried_out_and_does_not_expire(tmp_path: Path) -> None:
    graph = answering((200, {"id": "1"}))
    tokens = TokenKeeper(FACEBOOK, tmp_path, transport=graph.transport)

    assert renew(tokens) == NEVER
    assert graph.paths == ["GET /v23.0/me"]


def test_a_folder_nobody_can_write_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where the folder should be", encoding="utf-8")

    with pytest.raises(ChannelError, match="var"):
        renew(keeper(tmp_path / "var"))
