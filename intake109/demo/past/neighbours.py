"""The demo's citizens as those who wrote in the last days: what they said is read as their channel would tell it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from intake109.catalogue.services import Catalogue
from intake109.demo.standin.asked import Asked
from intake109.demo.standin.people import Citizen
from intake109.demo.standin.settlers import citizen_of
from intake109.model import Author, Channel, Event, Message, Verdict
from intake109.pipeline import Judge
from intake109.simulator.judging import ModelledJudge

PLACES = (
    *("Михайловка, Ключевая", "Михайловка, Ермекова", "Степной-4, Гапеева", "Степной-2, Абая", "Майкудук, Мира"),
    *("Пришахтинск, Шахтёров", "Юго-Восток, Язева", "Новый город, Гоголя", "Сарыарқа, Достық", "Восток-3, Садовая"),
    *("Михайловка, Ключевая", "Степной-4, Гапеева", "Гоголя", "Ерубаева", "Бухар-Жырау", "Пичугина", "Лободы"),
)
"""Where it hurts: streets that stand here twice have twice as much."""

_OTHERS = 4


@dataclass(frozen=True, slots=True)
class _Account:
    citizen: str
    author: Author
    address: str


class Neighbours:
    """Everybody who may have written. A modelled author is the same person on a channel every time."""

    def __init__(self, citizens: Sequence[Mapping[str, object]]) -> None:
        self._on: dict[Channel, list[_Account]] = {}
        for one in citizens:
            if one.get("is_staff") or str(one.get("id")).startswith("spam"):
                continue
            for channel, account in _accounts(citizen_of(Asked(one))):
                self._on.setdefault(channel, []).append(account)

    def parse(self, event: Event) -> tuple[Message, ...]:
        """Read what a modelled citizen said as the channel's own parser would have."""
        told = json.loads(event.payload)
        account = self.account(event.channel, told["author"])
        message = Message(
            key=told["key"],
            thread=account.author.id,
            author=account.author,
            text=told["text"],
            mentioned_at=datetime.fromisoformat(told["at"]),
            reply_to=account.address,
        )
        return (message,)

    def account(self, channel: Channel, author: str) -> _Account:
        """Say who a modelled author is on a channel."""
        those = self._on[channel]
        return those[zlib.crc32(author.encode()) % len(those)]

    def names(self) -> Mapping[tuple[str, str], str]:
        """Return the demo's citizens by channel and the platform's id."""
        return {(channel.value, one.author.id): one.citizen for channel, those in self._on.items() for one in those}


def _accounts(citizen: Citizen) -> Iterator[tuple[Channel, _Account]]:
    if citizen.telegram is not None:
        author = Author(str(citizen.telegram.user_id), name=citizen.name, username=citizen.telegram.username or "")
        yield Channel.TELEGRAM, _Account(citizen.id, author, json.dumps({"chat_id": citizen.telegram.user_id}))
    if citizen.whatsapp is not None:
        bsuid, phone = citizen.whatsapp.bsuid, citizen.whatsapp.phone
        author = Author(bsuid, name=citizen.name, phone=f"+{phone}" if phone else "", aliases=(phone,) if phone else ())
        yield (
            Channel.WHATSAPP,
            _Account(citizen.id, author, json.dumps({"to": phone} if phone else {"recipient": bsuid})),
        )
    if citizen.instagram is not None:
        scoped = citizen.instagram.scoped_id
        yield Channel.INSTAGRAM, _Account(citizen.id, Author(scoped), json.dumps({"recipient": scoped}))


class PlacingJudge(ModelledJudge):
    """Errs about services as the classifier was measured to err, and finds places as the product's own judge does."""

    def __init__(self, catalogue: Catalogue, seed: int, real: Judge) -> None:
        super().__init__(catalogue, seed)
        self._real = real
        self._judged: dict[str, Verdict] = {}

    def classify(self, text: str) -> Verdict:
        if text not in self._judged:
            self._judged[text] = self._judge(text)
        return self._judged[text]

    def _judge(self, text: str) -> Verdict:
        modelled, real = super().classify(text), self._real.classify(text)
        first = modelled.services[0]
        others = tuple(
            replace(one, probability=min(one.probability, (1 - first.probability) / 2))
            for one in real.services
            if one.code != first.code
        )
        return replace(modelled, place=real.place, services=(first, *others[:_OTHERS]))
