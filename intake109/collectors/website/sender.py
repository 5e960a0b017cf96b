"""There is no way back through the site: a person calls or writes."""

from __future__ import annotations

from intake109.errors import UnreachableError
from intake109.model import Channel, Outgoing, Receipt


class WebsiteSender:
    """Refuses every message, so that the outbox makes a manual task of it; see `base.Sender`."""

    channel = Channel.WEBSITE

    async def send(self, message: Outgoing) -> Receipt:
        """Never send.

        Raises:
            UnreachableError: always; phone and e-mail, where given, stand in the task.
        """
        raise UnreachableError(
            "a citizen of the web site is answered by phone or e-mail; call or write, then note it here",
            code="website",
        )
