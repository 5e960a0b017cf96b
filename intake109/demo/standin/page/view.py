"""What the page shows, taken from the ledger: who wrote last, and one conversation as the citizen sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from intake109.demo.standin.ledger import Entry
from intake109.demo.standin.people import Citizen
from intake109.demo.standin.world import World

CHANNELS = ("telegram", "whatsapp", "instagram")
_SILENT = frozenset({"reaction", "block", "unblock", "edit"})


@dataclass(frozen=True, slots=True)
class Row:
    """One citizen in the list."""

    citizen: Citizen
    last: Entry | None
    waits: bool
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One message in a conversation, with what it answers."""

    entry: Entry
    parent: Entry | None
    reactions: tuple[str, ...] = ()


def channels_of(citizen: Citizen) -> tuple[str, ...]:
    """List where a citizen has an account."""
    accounts = (citizen.telegram, citizen.whatsapp, citizen.instagram)
    return tuple(channel for channel, account in zip(CHANNELS, accounts, strict=True) if account)


def rows(world: World) -> list[Row]:
    """List citizens, newest activity first; those who never wrote stand below by name."""
    last: dict[str, Entry] = {}
    waiting: dict[str, bool] = {}
    for entry in world.ground.ledger:
        if entry.citizen is None or entry.act in _SILENT:
            continue
        last[entry.citizen] = entry
        if entry.direction == "to_citizen":
            waiting[entry.citizen] = False
        elif entry.addressed:
            waiting[entry.citizen] = True
    made = [
        Row(citizen, last.get(citizen.id), waiting.get(citizen.id, False), channels_of(citizen))
        for citizen in world.ground.people.citizens.values()
    ]
    made.sort(key=lambda row: (-(row.last.seq if row.last else 0), row.citizen.name))
    return made


def lines(world: World, citizen: Citizen, channel: str) -> list[Line]:
    """List a conversation, oldest first. Edits and reactions are shown on what they changed."""
    ledger = world.ground.ledger
    mine = [entry for entry in ledger if entry.citizen == citizen.id and entry.channel == channel]
    reactions: dict[int, list[str]] = {}
    for entry in mine:
        if entry.act == "reaction" and entry.refers_to:
            reactions.setdefault(entry.refers_to, []).append(entry.text)
    return [
        Line(entry, ledger.at(entry.refers_to) if entry.refers_to else None, tuple(reactions.get(entry.seq, ())))
        for entry in mine
        if entry.act not in _SILENT and not (entry.act == "delete" and entry.refers_to)
    ]


def default_channel(world: World, citizen: Citizen) -> str:
    """Say which conversation to open: the one where something happened last."""
    for row in rows(world):
        if row.citizen.id == citizen.id and row.last:
            return row.last.channel
    has = channels_of(citizen)
    return has[0] if has else "telegram"


def totals(world: World) -> Mapping[str, int]:
    """Count citizens who wrote, and how many of them wait for an answer."""
    listed = [row for row in rows(world) if row.last]
    return {"wrote": len(listed), "waits": sum(1 for row in listed if row.waits)}


def local(world: World, at: datetime) -> datetime:
    """Give a moment in the city's time."""
    return at.astimezone(ZoneInfo(world.ground.people.timezone))


def version(world: World) -> str:
    """Name the state of what is shown; it also changes each minute, for "waiting 3 min" does."""
    minute = int(world.clock.now().timestamp()) // 60
    return f"{world.ground.ledger.version}.{len(world.ground.people.citizens)}.{minute}"
