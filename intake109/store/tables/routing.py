"""Whose work is what where: organisations, their places, and the secret that links to them are signed by."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from intake109.store.tables.base import document, long_text, moment


class OrganisationRow(SQLModel, table=True):
    """Somebody who does work: one of a kind of executor (`executor`, a code of the catalogue).

    `way` is how it gets work: page (it looks for itself), email, telegram, registry or hand (a person tells it);
    `address` the mailbox or the chat's id. `superior_…` is who is told when it is late. It is never deleted, for
    appeals name it; one that is not active gets nothing new.
    """

    __tablename__ = "organisations"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    executor: str = Field(index=True)
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
    created_at: datetime = moment()


class RouteRow(SQLModel, table=True):
    """Who of one kind of executor is responsible for a place. `kind`: house, landmark, street, area or city.

    `key` is the place as appeals keep it, empty for the whole city; `area` restricts a street that several districts
    have, empty for any. `name` is how it is shown.
    """

    __tablename__ = "routes"
    __table_args__ = (UniqueConstraint("executor", "kind", "key", "area"),)

    id: int | None = Field(default=None, primary_key=True)
    executor: str
    kind: str
    key: str = ""
    area: str = ""
    organisation: str = Field(foreign_key="organisations.code", index=True)
    name: str = long_text()
    added_at: datetime = moment()


class RoutingDraftRow(SQLModel, table=True):
    """A table that was read and waits to be looked at before it counts. `kind`: organisations or routes."""

    __tablename__ = "routing_drafts"

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    name: str
    content: dict[str, Any] = document()
    user_id: int = Field(foreign_key="users.id")
    created_at: datetime = moment()


class SecretRow(SQLModel, table=True):
    """Something only this installation knows, made up once; every process signs by the same."""

    __tablename__ = "secrets"

    name: str = Field(primary_key=True)
    value: str
    made_at: datetime = moment()
