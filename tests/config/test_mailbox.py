"""The mailbox of replies: off by default, and what is missing is told with its key and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake109 import config
from intake109.errors import ConfigError

MAIL = "alerts:\n  email:\n    host: smtp.example.kz\n    from_address: 109@example.kz\n"


def load(folder: Path, box: str, mail: str = MAIL, **environment: str) -> config.Config:
    file = folder / "config.yaml"
    file.write_text(f"{mail}executors:\n  mailbox:\n{box}", encoding="utf-8")
    return config.load(file, environment)


def problems(folder: Path, box: str, mail: str = MAIL, **environment: str) -> list[str]:
    with pytest.raises(ConfigError) as failure:
        load(folder, box, mail, **environment)
    return failure.value.problems


def test_nobody_reads_replies_unless_it_is_set() -> None:
    assert config.Executors().mailbox.reply_to == ""


def test_letters_are_replied_to_the_user_or_to_the_address_that_is_named(tmp_path: Path) -> None:
    secret = {"INTAKE109_MAILBOX_PASSWORD": "x"}
    named = "    host: imap.example.kz\n    user: {user}\n    address: {address}\n"

    by_user = load(tmp_path, named.format(user="109@example.kz", address='""'), **secret)
    by_address = load(tmp_path, named.format(user="robot", address="answers@example.kz"), **secret)

    assert by_user.executors.mailbox.reply_to == "109@example.kz"
    assert by_address.executors.mailbox.reply_to == "answers@example.kz"


@pytest.mark.parametrize(
    ("box", "mail", "says"),
    [
        ("    host: i\n    user: a@b.kz\n", MAIL, "INTAKE109_MAILBOX_PASSWORD"),
        ("    host: i\n    user: a@b.kz\n", "", "alerts.email"),
        ("    host: i\n", MAIL, "needs user"),
        ("    host: i\n    user: robot\n", MAIL, "needs address"),
        ("    folder: Ответы\n", MAIL, "Latin letters"),
        ("    password: secret\n", MAIL, "no secrets in the file"),
    ],
)
def test_what_is_missing_is_said_with_its_remedy(tmp_path: Path, box: str, mail: str, says: str) -> None:
    found = problems(tmp_path, box, mail)

    assert any("executors.mailbox" in one and says in one for one in found), found
