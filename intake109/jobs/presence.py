"""Lets the other processes know that this one lives, and which folder of files it sees."""

from __future__ import annotations

import os
import secrets
import socket
import threading
from datetime import timedelta
from pathlib import Path

import structlog

from intake109.media.shared import mark_of
from intake109.store import processes
from intake109.store.database import Database
from intake109.store.processes import Me

log = structlog.get_logger(__name__)
_EVERY = timedelta(seconds=10)
_FAREWELL_S = 5.0


def introduce(role: str) -> Me:
    """Return who this process is."""
    host, pid = socket.gethostname(), os.getpid()
    return Me(f"{host}:{pid}:{secrets.token_hex(3)}", role, host, pid)


class Presence:
    """A thread that notes every ten seconds that the process lives."""

    def __init__(self, me: Me, database: Database, folder: Path, every: timedelta = _EVERY) -> None:
        self._me = me
        self._database = database
        self._folder = folder
        self._every_s = every.total_seconds()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="presence", daemon=True)

    def start(self) -> None:
        """Begin; the first sign of life is given at once."""
        self._thread.start()

    def stop(self) -> None:
        """End, and let the others know that it was meant to."""
        self._stopping.set()
        self._thread.join(_FAREWELL_S)
        try:
            with self._database.write() as session:
                processes.gone(session, self._me)
        except Exception as error:  # the database may be away; it will be seen that nobody is here
            log.warning("no farewell", problem=type(error).__name__)

    def _run(self) -> None:
        while True:
            try:
                self.tell()
            except Exception as error:  # the database may be away for a while; this must outlive that
                log.warning("presence not told", problem=type(error).__name__)
            if self._stopping.wait(self._every_s):
                return

    def tell(self) -> None:
        """Note that this process lives and which folder it sees; a folder that cannot be read is noted as such."""
        try:
            mark = mark_of(self._folder)
        except OSError as error:
            log.error("the folder of files cannot be used", folder=str(self._folder), problem=error.strerror)
            mark = ""
        with self._database.write() as session:
            processes.seen(session, self._me, mark)
