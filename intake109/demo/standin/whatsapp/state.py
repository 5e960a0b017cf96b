"""The WhatsApp of the demo city: who may be written to until when, and what the webhook is told."""

import base64
from collections import deque
from datetime import datetime, timedelta

from intake109.demo.standin.asked import Json
from intake109.demo.standin.ground import Ground
from intake109.demo.standin.ledger import Entry
from intake109.demo.standin.meta import errors
from intake109.demo.standin.meta.errors import GraphError, Refusal
from intake109.demo.standin.meta.mailbox import Mailbox
from intake109.demo.standin.people import Citizen, WhatsAppUser

_TICK_ORDER = ("", "sent", "delivered", "read")


class WhatsApp:
    """State of the centre's one business number. Callers hold the ground's lock."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.mailbox = Mailbox(ground, "whatsapp_business_account")
        self.last_heard: dict[str, datetime] = {}
        self.blocked: set[str] = set()
        self._sent: dict[str, deque[datetime]] = {}

    def account(self, citizen: Citizen) -> WhatsAppUser:
        """Give the citizen's account.

        Raises:
            GraphError: there is none; to the business that is an undeliverable message.
        """
        if citizen.whatsapp is None:
            raise GraphError(errors.UNDELIVERABLE)
        return citizen.whatsapp

    def next_id(self, citizen: Citizen, *, outgoing: bool) -> str:
        """Make a wamid: the phone and a serial number in base64, as the real ones are."""
        phone = (self.account(citizen).phone or "0").encode()
        serial = f"3A{self.ground.next('wamid'):018X}".encode()
        head = b"\x1c\x18" + bytes([len(phone)]) + phone + b"\x15\x02\x00"
        body = head + (b"\x11\x18" if outgoing else b"\x12\x18") + bytes([len(serial)]) + serial + b"\x00"
        return "wamid." + base64.b64encode(body).decode()

    def find(self, to: str, recipient: str) -> Citizen:
        """Find who a message is for: `to` is a phone, `recipient` a BSUID; the phone wins.

        Raises:
            GraphError: nobody on WhatsApp has it.
        """
        digits = "".join(one for one in to if one.isdigit())
        for citizen in self.ground.people.citizens.values():
            account = citizen.whatsapp
            if account is None:
                continue
            if (digits and account.phone == digits) or (not digits and account.bsuid == recipient):
                return citizen
        raise GraphError(errors.UNDELIVERABLE)

    def may_write(self, citizen: Citizen, now: datetime) -> bool:
        """Say whether the centre may write freely; exactly 24 hours after the last message it may not."""
        heard = self.last_heard.get(citizen.id)
        return heard is not None and now - heard < self.ground.settings.window

    def spend(self, citizen: Citizen, now: datetime) -> None:
        """Count a message against the pair rate: a burst of 45, then one in six seconds.

        Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages,
        "Pair rate limits".

        Raises:
            GraphError: too many to this citizen.
        """
        if not self.ground.settings.flood_limits:
            return
        sent = self._sent.setdefault(citizen.id, deque())
        while sent and now - sent[0] >= timedelta(seconds=6 * 45):
            sent.popleft()
        if len(sent) >= 45:
            raise GraphError(errors.PAIR_RATE)
        sent.append(now)

    def contact(self, citizen: Citizen) -> Json:
        """Write who a message is from. The phone is absent for those who hide it."""
        account = self.account(citizen)
        profile: Json = {"name": citizen.name}
        shown: Json = {"profile": profile, "user_id": account.bsuid}
        if account.phone:
            return {**shown, "wa_id": account.phone}
        profile["username"] = citizen.id
        return shown

    def tell(self, part: Json, *seqs: int) -> None:
        """Put a change of the field `messages` into the mailbox."""
        centre = self.ground.centre
        metadata = {"display_phone_number": centre.whatsapp_phone, "phone_number_id": centre.phone_number_id}
        value: Json = {"messaging_product": "whatsapp", "metadata": metadata, **part}
        self.mailbox.tell({"id": centre.waba_id, "changes": [{"value": value, "field": "messages"}]}, *seqs)

    def tick(self, entry: Entry, status: str, now: datetime, refusal: Refusal | None = None) -> None:
        """Bring a message of the centre forward, and tell its status."""
        assert entry.citizen is not None
        account = self.account(self.ground.people.citizen(entry.citizen))
        shown: Json = {"id": entry.key, "status": status, "timestamp": str(int(now.timestamp()))}
        if account.phone:
            shown["recipient_id"] = account.phone
        shown["recipient_user_id"] = account.bsuid
        if status in {"sent", "delivered"}:
            shown["pricing"] = {
                "billable": False,
                "pricing_model": "PMP",
                "category": "service",
                "type": "free_customer_service",
            }
        if refusal is not None:
            shown["errors"] = [refusal.in_webhook()]
        order = _TICK_ORDER
        ahead = status in order and entry.ticks in order and order.index(status) > order.index(entry.ticks)
        if status == "failed" or ahead:
            self.ground.ledger.ticked(entry.seq, status)
        self.tell({"statuses": [shown]})
