"""A mail server of the tests, asked over IMAP on this machine: one folder, letters with UIDs."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage

PASSWORD = "open sesame"


@dataclass(slots=True)
class Kept:
    """A letter in the folder."""

    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)


class ImapServer:
    """Answers one client after the other. `dies_at` is a command at which it hangs up, once."""

    def __init__(self) -> None:
        self.letters: list[Kept] = []
        self.validity = 7
        self.commands: list[str] = []
        self.dies_at = ""
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def bring(self, letter: EmailMessage | bytes, *flags: str) -> int:
        """Let a letter arrive and return its UID."""
        uid = (self.letters[-1].uid if self.letters else 100) + 1
        self.letters.append(Kept(uid, letter if isinstance(letter, bytes) else letter.as_bytes(), set(flags)))
        return uid

    def seen(self) -> list[int]:
        return [one.uid for one in self.letters if r"\Seen" in one.flags]

    def close(self) -> None:
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)  # or the thread waits in accept for ever
        self._server.close()
        self._thread.join(timeout=5)

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            with client, suppress(OSError), client.makefile("rb") as lines:
                self._talk(client, lines)

    def _talk(self, client: socket.socket, lines: Iterator[bytes]) -> None:
        client.sendall(b"* OK [CAPABILITY IMAP4rev1] here\r\n")
        for raw in lines:
            tag, _, rest = raw.decode().strip().partition(" ")
            self.commands.append(rest)
            if self.dies_at and self.dies_at in rest:
                self.dies_at = ""
                return
            answer = self._answer(rest)
            client.sendall(answer.replace(b"TAG", tag.encode()))
            if rest.upper().startswith("LOGOUT"):
                return

    def _answer(self, said: str) -> bytes:
        word = said.split(maxsplit=1)[0].upper()
        if word == "CAPABILITY":
            return b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n"
        if word == "LOGIN":
            return b"TAG OK done\r\n" if PASSWORD in said else b"TAG NO wrong\r\n"
        if word == "SELECT":
            if "INBOX" not in said:
                return b"TAG NO no such folder\r\n"
            told = f"* {len(self.letters)} EXISTS\r\n* OK [UIDVALIDITY {self.validity}] ok\r\nTAG OK [READ-WRITE]\r\n"
            return told.encode()
        if word == "UID":
            return self._by_uid(said)
        return b"* BYE\r\nTAG OK done\r\n" if word == "LOGOUT" else b"TAG OK done\r\n"

    def _by_uid(self, said: str) -> bytes:
        _, what, rest = said.split(" ", 2)
        if what.upper() == "SEARCH":
            return f"* SEARCH {' '.join(str(uid) for uid in self._found(rest))}\r\nTAG OK done\r\n".encode()
        uid = int(rest.split()[0])
        at, letter = next(((at, one) for at, one in enumerate(self.letters, 1) if one.uid == uid), (0, None))
        if letter is None:
            return b"TAG OK done\r\n"
        if what.upper() == "STORE":
            letter.flags.add(r"\Seen")
            return b"TAG OK done\r\n"
        if "RFC822.SIZE" in rest:
            return f"* {at} FETCH (UID {uid} RFC822.SIZE {len(letter.raw)})\r\nTAG OK done\r\n".encode()
        part = re.search(r"<0\.(\d+)>", rest)
        raw = letter.raw[: int(part[1])] if part else letter.raw
        return f"* {at} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\nTAG OK done\r\n"

    def _found(self, wanted: str) -> list[int]:
        since = re.search(r"UID (\d+):\*", wanted)
        uids = [one.uid for one in self.letters if "UNSEEN" not in wanted or r"\Seen" not in one.flags]
        return [uid for uid in uids if uid >= int(since[1])] or uids[-1:] if since else uids
