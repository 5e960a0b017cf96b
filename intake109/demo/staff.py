"""Who works in the demo's centre: accounts with one password, which the screen tells."""

from __future__ import annotations

from pwdlib import PasswordHash

from intake109.bootstrap import House
from intake109.demo.standin.people import telegram_user
from intake109.review_ui.access.accounts import add_account
from intake109.store import people

PASSWORD = "demo-109-demo"  # noqa: S105 — printed on the screen, reachable from this machine only
_STAFF = (
    ("inspector", "Айгерим С.", "inspector"),
    ("inspector2", "Олег П.", "inspector"),
    ("supervisor", "Сауле К.", "supervisor"),
    ("quality", "Марал Т.", "quality"),
    ("executor", "Мастер Теплосети", "executor"),
    ("admin", "Администратор", "administrator"),
)
_ON_TELEGRAM = {"inspector": telegram_user("shift_109", None, "ru").user_id}
"""Whose phone the citizens' side shows: what this person presses in the staff's group is the account's doing."""


def hire(house: House) -> None:
    """Give everybody an account who has none."""
    passwords = PasswordHash.recommended()
    with house.database.write() as session:
        for login, name, role in _STAFF:
            if people.by_login(session, login) is None:
                add_account(session, passwords, login, name, role, PASSWORD, house.clock.now())
        session.flush()
        for login, telegram_id in _ON_TELEGRAM.items():
            user = people.by_login(session, login)
            assert user is not None
            user.telegram_id = str(telegram_id)
