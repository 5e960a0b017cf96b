"""Entering organisations and the places they answer for. Every change stands in the audit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.appeals.executors.routing import RouteKind
from intake109.errors import NotFoundError, RefusedError
from intake109.outbox.executors import WAYS
from intake109.store import audit, organisations
from intake109.store.tables import OrganisationRow, RouteRow, UserRow

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_MAILBOX = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]{2,}")
_CHAT = re.compile(r"-?\d{1,20}")
_LONGEST = 200
_TEXTS = ("name_ru", "name_kk", "name_en", "address", "superior_name", "superior_email", "superior_telegram", "curator")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is entered of an organisation, as `OrganisationRow` keeps it."""

    executor: str
    name_ru: str
    name_kk: str = ""
    name_en: str = ""
    way: str = "page"
    address: str = ""
    superior_name: str = ""
    superior_email: str = ""
    superior_telegram: str = ""
    curator: str = ""
    is_private: bool = False
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """A place somebody answers for, by its keys, and as it is shown."""

    kind: RouteKind
    key: str = ""
    area: str = ""
    name: str = ""


CITY = Place(RouteKind.CITY)


def wrong_with(code: str, entry: Entry) -> str:
    """Return the name of the first field that breaks a rule, empty if all is well."""
    checks = (
        ("code", _CODE.fullmatch(code) is not None),
        ("executor", bool(entry.executor)),
        ("name_ru", bool(entry.name_ru.strip())),
        ("way", entry.way in WAYS),
        ("address", _is_address(entry.way, entry.address)),
        ("superior_email", not entry.superior_email or _is_address("email", entry.superior_email)),
        ("superior_telegram", not entry.superior_telegram or _is_address("telegram", entry.superior_telegram)),
        *((name, len(getattr(entry, name)) <= _LONGEST) for name in _TEXTS),
    )
    return next((name for name, is_right in checks if not is_right), "")


def save(
    session: Session, code: str, entry: Entry, user_id: int, now: datetime, *, is_new: bool = False
) -> OrganisationRow:
    """Enter an organisation, or change what is known of it; its code stays for ever.

    Raises:
        RefusedError: a field breaks a rule, or the code of a new one is taken.
        NotFoundError: there is none of this code to be changed.
    """
    wrong = wrong_with(code, entry)
    if wrong:
        raise RefusedError(f"organisation_{wrong}", f"{wrong} of the organisation {code or '?'} breaks a rule")
    row = organisations.by_code(session, code)
    if row is not None and is_new:
        raise RefusedError("organisation_taken", f"the code {code} is taken")
    if row is None and not is_new:
        raise NotFoundError(f"there is no organisation {code}")
    if row is None:
        row = OrganisationRow(code=code, created_at=now, **asdict(entry))
        session.add(row)
        session.flush()
        audit.note(session, now, user_id, "organisation entered", "organisation", row.id or 0, code=code)
        return row
    changed = {name: value for name, value in asdict(entry).items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        fields = sorted(changed)
        audit.note(session, now, user_id, "organisation changed", "organisation", row.id or 0, code=code, fields=fields)
    return row


def answer_for(session: Session, code: str, place: Place, user_id: int, now: datetime) -> bool:
    """Let an organisation answer for a place, instead of who did; False if it did already.

    Raises:
        NotFoundError: there is no such organisation.
    """
    row = organisations.by_code(session, code)
    if row is None:
        raise NotFoundError(f"there is no organisation {code}")
    statement = select(RouteRow).where(
        col(RouteRow.executor) == row.executor,
        col(RouteRow.kind) == place.kind.value,
        col(RouteRow.key) == place.key,
        col(RouteRow.area) == place.area,
    )
    route = session.execute(statement).scalar()
    if route is not None and route.organisation == code:
        return False
    before = route.organisation if route is not None else ""
    if route is None:
        route = RouteRow(
            executor=row.executor,
            kind=place.kind.value,
            key=place.key,
            area=place.area,
            organisation=code,
            name=place.name,
            added_at=now,
        )
        session.add(route)
    route.organisation, route.name, route.added_at = code, place.name, now
    session.flush()
    said = {"kind": place.kind.value, "key": place.key, "area": place.area, "organisation": code, "before": before}
    audit.note(session, now, user_id, "route set", "organisation", row.id or 0, **said)
    return True


def answer_for_all(session: Session, code: str, places: Sequence[Place], user_id: int, now: datetime) -> int:
    """Let an organisation answer for many places at once, as a table tells them; return how many changed hands.

    Raises:
        NotFoundError: there is no such organisation.
    """
    row = organisations.by_code(session, code)
    if row is None:
        raise NotFoundError(f"there is no organisation {code}")
    before = organisations.owners(session, row.executor)
    told = {(place.kind.value, place.key, place.area): place for place in places}
    changed = {key: place for key, place in told.items() if before.get(key) != code}
    if not changed:
        return 0
    organisations.set_routes(
        session,
        [
            {
                "executor": row.executor,
                "kind": kind,
                "key": key,
                "area": area,
                "organisation": code,
                "name": place.name,
                "added_at": now,
            }
            for (kind, key, area), place in changed.items()
        ],
    )
    taken = {"|".join(key): before[key] for key in changed if key in before}
    keys = ["|".join(key) for key in changed]
    audit.note(session, now, user_id, "routes set", "organisation", row.id or 0, organisation=code, keys=keys, of=taken)
    return len(changed)


def forget(session: Session, route_id: int, user_id: int, now: datetime) -> None:
    """Take a place away from whoever answers for it; what is registered stays where it is.

    Raises:
        NotFoundError: there is no such route (any more).
    """
    route = session.get(RouteRow, route_id)
    if route is None:
        raise NotFoundError(f"there is no route {route_id}")
    row = organisations.by_code(session, route.organisation)
    said = {"kind": route.kind, "key": route.key, "area": route.area, "organisation": route.organisation}
    organisations.forget_route(session, route_id)
    audit.note(session, now, user_id, "route removed", "organisation", row.id if row and row.id else 0, **said)


def employ(session: Session, user_id: int, code: str, now: datetime, *, by: int) -> None:
    """Say for which organisation an account works; empty: for none.

    Raises:
        NotFoundError: there is no such account.
        RefusedError: it is no executor's account, or there is no such organisation.
    """
    user = session.get(UserRow, user_id)
    if user is None:
        raise NotFoundError(f"there is no account {user_id}")
    if code and (user.role != "executor" or organisations.by_code(session, code) is None):
        raise RefusedError("organisation", "choose an organisation for an executor's account")
    if user.organisation != code:
        audit.note(session, now, by, "works for", "user", user_id, before=user.organisation, after=code)
    user.organisation = code


def _is_address(way: str, address: str) -> bool:
    if way == "email":
        return _MAILBOX.fullmatch(address) is not None
    if way == "telegram":
        return _CHAT.fullmatch(address) is not None
    return len(address) <= _LONGEST
