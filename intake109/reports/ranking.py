"""Where and of what most was registered, against the range before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlmodel import col

from intake109.reports.counting import total, within
from intake109.reports.figures import Ranked
from intake109.reports.period import Period
from intake109.store.tables import AppealRow, MentionRow, ReporterRow

TOP = 10
Stretch = tuple[datetime, datetime]
"""A first moment, and the first that does not belong to it any more."""


def areas(session: Session, period: Period, against: Stretch | None = None) -> tuple[Ranked, ...]:
    """Return the areas with most appeals; where no area was told, the street stands for itself.

    Args:
        against: what `before` counts; the range of the same length that ends the day before.
    """
    area = func.coalesce(func.nullif(col(AppealRow.area_key), ""), col(AppealRow.street_key))
    rows = _top(session, period, area, against)
    names = _names(session, [last for _, _, _, last in rows])
    return tuple(Ranked(code, names.get(last, {}).get(code, code), now, before) for code, now, before, last in rows)


def services(session: Session, period: Period, against: Stretch | None = None) -> tuple[Ranked, ...]:
    """Return the services with most appeals; `against` as for `areas`."""
    return tuple(
        Ranked(code, "", now, before) for code, now, before, _ in _top(session, period, col(AppealRow.service), against)
    )


def _top(
    session: Session, period: Period, key: SQLCoreOperations[str], against: Stretch | None
) -> list[tuple[str, int, int, int]]:
    """Return code, appeals, appeals in the range before, and the id of the newest appeal; annulled ones are none."""
    registered = col(AppealRow.registered_at)
    begins_at, ends_at = against or (period.before.begins_at, period.begins_at)
    is_before = (registered >= begins_at) & (registered < ends_at)
    named = func.coalesce(key, "").label("code")
    count = total(within(registered, period)).label("appeals")
    statement = (
        select(named, count, total(is_before), func.max(col(AppealRow.id)))
        .where(
            registered >= begins_at,
            registered < period.ends_at,
            is_before | within(registered, period),
            col(AppealRow.annulled_at).is_(None),
            named != "",
        )
        .group_by(named)
        .having(total(within(registered, period)) > 0)
        .order_by(count.desc(), named)
        .limit(TOP)
    )
    return [(str(code), int(now), int(before), last or 0) for code, now, before, last in session.execute(statement)]


def _names(session: Session, appeals: Iterable[int]) -> dict[int, dict[str, str]]:
    """Return, by appeal, how the citizen's text names the place behind a key."""
    statement = (
        select(col(ReporterRow.appeal_id), col(MentionRow.verdict))
        .join(MentionRow, col(MentionRow.id) == col(ReporterRow.mention_id))
        .where(col(ReporterRow.appeal_id).in_(list(appeals)))
    )
    found: dict[int, dict[str, str]] = {}
    for appeal_id, verdict in session.execute(statement):
        place = verdict.get("place") or {}
        for kind in ("street", "district"):
            key, name = place.get(f"{kind}_key"), place.get(kind)
            if key and name:
                found.setdefault(appeal_id, {})[str(key)] = str(name)
    return found
