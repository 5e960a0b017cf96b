"""Mail to the staff and to executors over the centre's own server. Replies are read by collectors/mailbox."""

from __future__ import annotations

import asyncio
import json
import smtplib
import ssl
from contextlib import closing, suppress
from email.message import EmailMessage
from email.utils import make_msgid

from intake109.collectors.base import digest
from intake109.config import Email
from intake109.errors import Backoff, ChannelError, UnknownOutcomeError, UnreachableError
from intake109.model import Channel, Outgoing, Receipt

_TIMEOUT_S = 20.0
_LONGEST_SUBJECT = 120


class MailSender:
    """Sends one mail a message, in a thread: the standard library's client waits."""

    channel = Channel.EMAIL

    def __init__(self, settings: Email, reply_to: str = "") -> None:
        """`reply_to` is the mailbox in which replies are read; empty: nobody reads them."""
        self._settings = settings
        self._reply_to = reply_to

    async def send(self, message: Outgoing) -> Receipt:
        """Send once. The first line of the text is the subject.

        Raises:
            UnreachableError: the server knows nobody of that address.
            UnknownOutcomeError: the connection broke after the mail had left.
            ChannelError: it has not been taken.
        """
        mail = self._compose(message)
        await asyncio.to_thread(self._deliver, mail)
        return Receipt(str(mail["Message-ID"]))

    async def ask(self) -> None:
        """Log in and go again: whether letters would be taken.

        Raises:
            ChannelError: the server does not answer or refuses the password.
        """
        await asyncio.to_thread(self._greet)

    def _greet(self) -> None:
        try:
            with closing(self._connect()) as server:
                server.ehlo_or_helo_if_needed()
                self._log_in(server)
                with suppress(smtplib.SMTPException, OSError):
                    server.quit()
        except smtplib.SMTPAuthenticationError as error:
            raise ChannelError("the mail server refuses the password", backoff=Backoff.AUTH_LOST) from error
        except (smtplib.SMTPException, OSError) as error:
            raise ChannelError(f"the mail server cannot be reached: {type(error).__name__}") from error

    def _log_in(self, server: smtplib.SMTP) -> None:
        if self._settings.user:
            server.login(self._settings.user, self._settings.password.get_secret_value())

    def _compose(self, message: Outgoing) -> EmailMessage:
        try:
            to = str(json.loads(message.to)["to"])
        except (ValueError, TypeError, KeyError) as error:
            raise ChannelError("this is no address of a mailbox", permanent=True, code="address") from error
        mail = EmailMessage()
        mail["From"], mail["To"] = self._settings.from_address, to
        mail["Subject"] = message.text.strip().splitlines()[0][:_LONGEST_SUBJECT]
        domain = self._settings.from_address.rpartition("@")[2]
        mail["Message-ID"] = make_msgid(domain=domain)
        if message.reply_token:  # of the same letter it is always the same: one sent twice is shown once
            del mail["Message-ID"]
            mail["Message-ID"] = f"<{message.reply_token}.{digest(message.idempotency_key, 12)}@{domain}>"
            if self._reply_to:
                mail["Reply-To"] = self._reply_to
        mail["Auto-Submitted"] = "auto-generated"  # holiday replies stay away. Source: RFC 3834, 5
        mail.set_content(message.text)
        for file in message.files:
            kind, _, subtype = file.mime.partition(";")[0].partition("/")
            mail.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name)
        return mail

    def _deliver(self, mail: EmailMessage) -> None:
        has_left = False
        try:
            with closing(self._connect()) as server:  # what the server says to our good-bye is of no consequence
                self._log_in(server)
                has_left = True
                server.send_message(mail)
                with suppress(smtplib.SMTPException, OSError):
                    server.quit()
        except smtplib.SMTPAuthenticationError as error:
            raise ChannelError("the mail server refuses the password", backoff=Backoff.AUTH_LOST) from error
        except smtplib.SMTPRecipientsRefused as error:
            code = next((code for code, _ in error.recipients.values()), 0)
            if code >= 500:
                raise UnreachableError(f"the mail server refuses the recipient ({code})", code=str(code)) from error
            raise ChannelError(f"the mail server puts the recipient off ({code})", code=str(code)) from error
        except smtplib.SMTPResponseException as error:
            says = f"the mail server says {error.smtp_code}"
            raise ChannelError(says, permanent=error.smtp_code >= 550, code=str(error.smtp_code)) from error
        except (smtplib.SMTPException, OSError) as error:
            if has_left:
                raise UnknownOutcomeError(f"the mail server went away: {type(error).__name__}") from error
            raise ChannelError(f"the mail server cannot be reached: {type(error).__name__}") from error

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        if settings.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(settings.host, settings.port, timeout=_TIMEOUT_S, context=context)
        server = smtplib.SMTP(settings.host, settings.port, timeout=_TIMEOUT_S)
        if settings.security == "starttls":
            try:
                server.starttls(context=ssl.create_default_context())
            except BaseException:
                server.close()
                raise
        return server
