"""Commands for the staff's accounts."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from intake109.cli.opening import DEFAULT_CONFIG, ConfigOption, load_config, plain_errors, writing

app = typer.Typer(no_args_is_help=True, help="The staff's accounts.")


@app.command("add")
def add_user(
    login: str,
    name: Annotated[str, typer.Option(help="The name colleagues see.")] = "",
    role: Annotated[str, typer.Option(help="inspector, supervisor, quality, executor or administrator.")] = "inspector",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Add an account. The password is asked for, or read from standard input when that is no terminal."""
    from pwdlib import PasswordHash

    from intake109.clock import SystemClock
    from intake109.review_ui.access.accounts import add_account

    with plain_errors(), writing(config) as session:
        add_account(session, PasswordHash.recommended(), login, name, role, _ask_password(), SystemClock().now())
    typer.echo(f"{login} may log in as {role}")


@app.command("password")
def set_password(login: str, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Set a new password and end the account's logins."""
    from pwdlib import PasswordHash

    from intake109.clock import SystemClock
    from intake109.review_ui.access.accounts import change_password

    with plain_errors(), writing(config) as session:
        change_password(session, PasswordHash.recommended(), login, _ask_password(), SystemClock().now())
    typer.echo(f"{login} has a new password")


@app.command("telegram")
def link_telegram(
    login: str,
    telegram_id: Annotated[str, typer.Argument(help="The number the bot tells who presses its button; empty: none.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Say who an account is on Telegram, so that a press in the staff's chat is theirs."""
    from intake109.clock import SystemClock
    from intake109.errors import NotFoundError
    from intake109.review_ui.office import staffing
    from intake109.store import people

    with plain_errors(), writing(config) as session:
        user = people.by_login(session, login)
        if user is None or user.id is None:
            raise NotFoundError(f"there is no account {login}; `intake109 user list` shows them")
        staffing.link_telegram(session, user.id, telegram_id, SystemClock().now(), by=None)
    typer.echo(f"{login} is {telegram_id} on Telegram" if telegram_id else f"{login} is nobody on Telegram")


@app.command("list")
def list_users(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """List the accounts."""
    from intake109.bootstrap import open_database
    from intake109.store import people

    with plain_errors():
        database = open_database(load_config(config))
        with database.read() as session:
            for row in people.all_of(session):
                typer.echo(f"{row.login:20} {row.role:14} {row.name}{'' if row.is_active else '  (switched off)'}")
        database.close()


def _ask_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
