"""Mail to the staff, against a small SMTP server on this machine."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy

import pytest

from intake109.collectors.mail import MailSender
from intake109.config import Email
from intake109.errors import ChannelError, UnknownOutcomeError, UnreachableError
from intake109.model import Channel, Enclosure, Language, Outgoing

TEXT = "⚠ ИНЦИДЕНТ: задача 12\nhttp://here/tasks/12"


class Mailbox:
    """A mail server that answers what it is told to: a line of the client's → our reply."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.replies: dict[str, str] = {}
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            with client, client.makefile("rb") as lines:
                self._talk(client, lines)

    def _talk(self, client: socket.socket, lines: Iterator[bytes]) -> None:
        client.sendall(b"220 here\r\n")
        for raw in lines:
            word = raw.decode().split()[0].upper().split(":")[0]
            if word == "DATA":
                client.sendall(b"354 go on\r\n")
                letter = []
                for line in lines:
                    if line == b".\r\n":
                        break
                    letter.append(line)
                if "gone" in self.replies:
                    return
                self.taken.append(b"".join(letter))
            reply = self.replies.get(word, "250 ok")
            client.sendall(f"{reply}\r\n".encode())
            if word == "QUIT":
                return

    def close(self) -> None:
        self._server.close()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    found = Mailbox()
    yield found
    found.close()


def send(port: int, to: str = "duty@example.kz", **settings: object) -> str:
    email = Email.model_validate(
        {"host": "127.0.0.1", "port": port, "security": "none", "from_address": "109@example.kz", **settings}
    )
    message = Outgoing(Channel.EMAIL, json.dumps({"to": to}), TEXT, Language.RU, "k")
    return asyncio.run(MailSender(email).send(message)).external_id


def test_files_go_with_a_mail_under_their_names(mailbox: Mailbox) -> None:
    email = Email.model_validate(
        {"host": "127.0.0.1", "port": mailbox.port, "security": "none", "from_address": "109@example.kz"}
    )
    files = (Enclosure("есеп.pdf", "application/pdf", b"%PDF-1"), Enclosure("t.csv", "text/csv; charset=utf-8", b"a"))
    message = Outgoing(Channel.EMAIL, json.dumps({"to": "akim@example.kz"}), TEXT, Language.RU, "k", files=files)

    asyncio.run(MailSender(email).send(message))

    mail = message_from_bytes(mailbox.taken[0], policy=policy.default)
    attached = {
        one.get_filename(): (one.get_content_type(), one.get_payload(decode=True)) for one in mail.iter_attachments()
    }
    assert attached == {"есеп.pdf": ("application/pdf", b"%PDF-1"), "t.csv": ("text/csv", b"a")}


def test_a_mail_has_the_first_line_as_its_subject_and_the_link_in_it(mailbox: Mailbox) -> None:
    external_id = send(mailbox.port)

    mail = message_from_bytes(mailbox.taken[0], policy=policy.default)
    assert (mail["To"], mail["From"]) == ("duty@example.kz", "109@example.kz")
    assert mail["Subject"] == "⚠ ИНЦИДЕНТ: задача 12"
    assert mail.get_content().split() == TEXT.split()
    assert mail["Message-ID"] == external_id


@pytest.mark.parametrize(
    ("replies", "error", "permanent"),
    [
        ({"RCPT": "550 nobody here"}, UnreachableError, True),
        ({"RCPT": "450 later"}, ChannelError, False),
        ({"MAIL": "421 busy"}, ChannelError, False),
        ({"DATA": "554 no"}, ChannelError, True),
        ({"gone": ""}, UnknownOutcomeError, False),
    ],
)
def test_what_the_server_says_decides_whether_to_try_again(
    mailbox: Mailbox, replies: dict[str, str], error: type[ChannelError], permanent: bool
) -> None:
    mailbox.replies = replies

    with pytest.raises(error) as failure:
        send(mailbox.port)

    assert failure.value.permanent == permanent


def test_a_server_that_is_away_is_tried_again(mailbox: Mailbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

    with pytest.raises(ChannelError, match="cannot be reached") as failure:
        send(port)

    assert not failure.value.permanent


def test_without_encryption_offered_nothing_is_sent_where_it_is_wanted(mailbox: Mailbox) -> None:
    with pytest.raises(ChannelError, match="cannot be reached"):
        send(mailbox.port, security="starttls")

    assert mailbox.taken == []
