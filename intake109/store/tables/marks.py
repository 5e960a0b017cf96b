"""Marks by which what is nearly the same meets in an index (dedup/marks.py, dedup/pictures.py); swept when old."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from intake109.store.tables.base import moment


class MentionMarkRow(SQLModel, table=True):
    """One mark of a mention's text. A copy of a text that is marked has none: its original stands for it."""

    __tablename__ = "mention_marks"
    __table_args__ = {"sqlite_with_rowid": False}

    mark: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    mention_id: int = Field(foreign_key="mentions.id", ondelete="CASCADE", primary_key=True, index=True)
    at: datetime = moment()


class PictureMarkRow(SQLModel, table=True):
    """One mark of a picture: a sixteen-bit piece of its hash with the piece's place; `picture` is the whole hash."""

    __tablename__ = "picture_marks"
    __table_args__ = {"sqlite_with_rowid": False}

    mark: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    attachment_id: int = Field(foreign_key="attachments.id", ondelete="CASCADE", primary_key=True, index=True)
    mention_id: int = Field(foreign_key="mentions.id", ondelete="CASCADE", index=True)
    picture: int = Field(sa_type=BigInteger)
    at: datetime = moment()
