"""Mentions, the conversations they belong to, and every message in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from intake109.model import Author, Channel, Message
from intake109.store.tables import ConversationRow, MentionRow, MessageRow, TaskRow

# What is asked for every event is built once: building and hashing a statement takes longer than running it.
_CONVERSATION = select(ConversationRow).where(
    col(ConversationRow.channel) == bindparam("channel"),
    col(ConversationRow.author_id) == bindparam("author"),
    col(ConversationRow.thread) == bindparam("thread"),
)
_CONVERSATION_OF_ALIASES = (
    select(ConversationRow)
    .where(
        col(ConversationRow.channel) == bindparam("channel"),
        col(ConversationRow.author_id).in_(bindparam("authors", expanding=True)),
        col(ConversationRow.thread).in_(bindparam("threads", expanding=True)),
    )
    .order_by(col(ConversationRow.id))
    .limit(1)
)
_KNOWN_AUTHORS = select(col(ConversationRow.channel), col(ConversationRow.author_id)).where(
    col(ConversationRow.channel).in_(bindparam("channels", expanding=True)),
    col(ConversationRow.author_id).in_(bindparam("authors", expanding=True)),
)
_KNOWN_KEYS = select(col(MessageRow.channel), col(MessageRow.key)).where(
    col(MessageRow.channel).in_(bindparam("channels", expanding=True)),
    col(MessageRow.key).in_(bindparam("keys", expanding=True)),
)
_MESSAGE = select(MessageRow).where(
    col(MessageRow.channel) == bindparam("channel"), col(MessageRow.key) == bindparam("key")
)
_LATEST = (
    select(MentionRow, TaskRow)
    .join(TaskRow, col(TaskRow.mention_id) == col(MentionRow.id))
    .where(col(MentionRow.conversation_id) == bindparam("conversation_id"))
    .order_by(col(MentionRow.id).desc())
    .limit(1)
)
_OF_MENTION = (
    select(MessageRow)
    .where(col(MessageRow.mention_id) == bindparam("mention_id"), col(MessageRow.is_ours).is_(False))
    .order_by(col(MessageRow.at), col(MessageRow.id))
)
_LAST_AT = select(func.max(col(MessageRow.at))).where(
    col(MessageRow.mention_id) == bindparam("mention_id"), col(MessageRow.is_ours).is_(False)
)
_SAME_WORDS = (
    select(MentionRow)
    .where(col(MentionRow.text_hash) == bindparam("text_hash"), col(MentionRow.mentioned_at) >= bindparam("since"))
    .order_by(col(MentionRow.id))
    .limit(bindparam("most"))
)
_OWN_SAME_WORDS = (
    select(MentionRow)
    .where(
        col(MentionRow.text_hash) == bindparam("text_hash"),
        col(MentionRow.mentioned_at) >= bindparam("since"),
        col(MentionRow.conversation_id) == bindparam("conversation_id"),
    )
    .order_by(col(MentionRow.id))
)
_OF_POST = (
    select(MentionRow)
    .where(
        col(MentionRow.channel) == bindparam("channel"),
        or_(
            and_(col(MentionRow.origin) == bindparam("post"), col(MentionRow.origin) != ""),
            col(MentionRow.key) == bindparam("post"),
        ),
        col(MentionRow.mentioned_at) >= bindparam("since"),
    )
    .order_by(col(MentionRow.id))
    .limit(5)
)
_BY_IDS = select(MentionRow).where(col(MentionRow.id).in_(bindparam("ids", expanding=True)))
_TEXTS = select(col(MentionRow.id), col(MentionRow.text)).where(
    col(MentionRow.id).in_(bindparam("ids", expanding=True))
)


def conversation(session: Session, channel: Channel, author: Author, thread: str) -> ConversationRow | None:
    """Return the conversation with this citizen in this thread, under any id the platform knows the citizen by."""
    asked: dict[str, object] = {"channel": channel.value}
    if not author.aliases:
        asked |= {"author": author.id, "thread": thread}
        return session.execute(_CONVERSATION, asked).scalar()
    asked |= {"authors": [author.id, *author.aliases], "threads": [thread, *author.aliases]}
    return session.execute(_CONVERSATION_OF_ALIASES, asked).scalar()


def known_authors(session: Session, authors: Collection[tuple[Channel, str]]) -> set[tuple[Channel, str]]:
    """Return those of the authors' ids that have a conversation, in whatever thread."""
    asked = {"channels": sorted({one.value for one, _ in authors}), "authors": sorted({one for _, one in authors})}
    found = session.execute(_KNOWN_AUTHORS, asked) if authors else ()
    return {(Channel(channel), author) for channel, author in found}


def known_keys(session: Session, keys: Collection[tuple[Channel, str]]) -> set[tuple[Channel, str]]:
    """Return those of the platforms' keys under which a message is stored."""
    asked = {"channels": sorted({one.value for one, _ in keys}), "keys": sorted({one for _, one in keys})}
    found = session.execute(_KNOWN_KEYS, asked) if keys else ()
    return {(Channel(channel), key) for channel, key in found}


def meet(
    session: Session,
    channel: Channel,
    message: Message,
    now: datetime,
    language: str = "",
    *,
    is_stranger: bool = False,
) -> ConversationRow:
    """Return the conversation a message belongs to, opened if it is the first; names and addresses are refreshed.

    `language` is what the message is written in, empty if it does not tell; a language the citizen chose stays. Where
    it is known already that there is none (`is_stranger`), it is not looked for.
    """
    row = None if is_stranger else conversation(session, channel, message.author, message.thread)
    if row is None:
        return _opened(session, channel, message, language, now)
    author = message.author
    row.name = author.name or row.name
    row.username = author.username or row.username
    row.phone = author.phone or row.phone
    if not row.language_is_chosen:
        row.language = language or row.language or author.language
    row.reply_to = message.reply_to
    row.is_public = message.is_public
    row.can_be_written_to = True
    row.last_incoming_at = max(row.last_incoming_at, message.edited_at or message.mentioned_at)
    session.flush()
    return row


def _opened(session: Session, channel: Channel, message: Message, language: str, now: datetime) -> ConversationRow:
    author = message.author
    row = ConversationRow(
        channel=channel.value,
        author_id=author.id,
        thread=message.thread,
        name=author.name,
        username=author.username,
        phone=author.phone,
        language=language or author.language,
        reply_to=message.reply_to,
        is_public=message.is_public,
        created_at=now,
        last_incoming_at=max(message.mentioned_at, message.edited_at or message.mentioned_at),
    )
    session.add(row)
    session.flush()
    return row


def message_by_key(session: Session, channel: Channel, key: str) -> MessageRow | None:
    """Return a stored message by the platform's key."""
    return session.execute(_MESSAGE, {"channel": channel.value, "key": key}).scalar()


def by_key(session: Session, channel: Channel, key: str) -> MentionRow | None:
    """Return a mention by the platform's key."""
    statement = select(MentionRow).where(col(MentionRow.channel) == channel.value, col(MentionRow.key) == key)
    return session.execute(statement).scalar()


def by_album(session: Session, channel: Channel, album: str) -> MentionRow | None:
    """Return the mention that already holds a part of this album."""
    statement = select(MentionRow).where(col(MentionRow.channel) == channel.value, col(MentionRow.album) == album)
    return session.execute(statement.limit(1)).scalar()


def latest_of(session: Session, conversation_id: int) -> tuple[MentionRow, TaskRow] | None:
    """Return the newest mention of a conversation with its task."""
    row = session.execute(_LATEST, {"conversation_id": conversation_id}).first()
    return (row[0], row[1]) if row else None


def messages_of_mention(session: Session, mention_id: int) -> list[MessageRow]:
    """Return the citizen's messages that make up a mention, oldest first."""
    return list(session.execute(_OF_MENTION, {"mention_id": mention_id}).scalars())


def last_message_at(session: Session, mention_id: int) -> datetime | None:
    """Return when the citizen last added to a mention."""
    moment: datetime | None = session.execute(_LAST_AT, {"mention_id": mention_id}).scalar()
    return moment


def threads_of(session: Session, conversation_ids: Collection[int], limit: int = 100) -> dict[int, list[MessageRow]]:
    """Return the newest messages of each conversation in both directions, oldest first, in one query."""
    newest = func.row_number().over(
        partition_by=col(MessageRow.conversation_id), order_by=(col(MessageRow.at).desc(), col(MessageRow.id).desc())
    )
    ranked = (
        select(col(MessageRow.id).label("id"), newest.label("nth"))
        .where(col(MessageRow.conversation_id).in_(conversation_ids))
        .subquery()
    )
    statement = (
        select(MessageRow)
        .join(ranked, ranked.c.id == col(MessageRow.id))
        .where(ranked.c.nth <= limit)
        .order_by(col(MessageRow.at), col(MessageRow.id))
    )
    found: dict[int, list[MessageRow]] = {}
    for row in session.execute(statement).scalars():
        found.setdefault(row.conversation_id, []).append(row)
    return found


def conversations_by_ids(session: Session, conversation_ids: Collection[int]) -> dict[int, ConversationRow]:
    """Return conversations by their ids."""
    statement = select(ConversationRow).where(col(ConversationRow.id).in_(conversation_ids))
    return {row.id: row for row in session.execute(statement).scalars() if row.id is not None}


def with_text_hash(session: Session, text_hash: str, since: datetime, limit: int = 20) -> list[MentionRow]:
    """Return mentions with the same normalised text since a moment, oldest first; originals before their copies."""
    asked = {"text_hash": text_hash, "since": since, "most": limit}
    return list(session.execute(_SAME_WORDS, asked).scalars())


def own_with_text_hash(session: Session, conversation_id: int, text_hash: str, since: datetime) -> list[MentionRow]:
    """Return a citizen's own mentions with the same words since a moment, oldest first.

    Asked by itself: in a storm hundreds paste the same text, and the citizen's own is not among the first of them.
    """
    asked = {"text_hash": text_hash, "since": since, "conversation_id": conversation_id}
    return list(session.execute(_OWN_SAME_WORDS, asked).scalars())


def of_post(session: Session, channel: str, post: str, since: datetime) -> list[MentionRow]:
    """Return mentions since a moment that are this post or forward it, oldest first; a post is `chat:message`."""
    return list(session.execute(_OF_POST, {"channel": channel, "post": post, "since": since}).scalars())


def by_ids(session: Session, mention_ids: Collection[int]) -> dict[int, MentionRow]:
    """Return mentions by their ids."""
    found = session.execute(_BY_IDS, {"ids": list(mention_ids)}).scalars()
    return {row.id: row for row in found if row.id is not None}


def texts(session: Session, mention_ids: Collection[int]) -> dict[int, str]:
    """Return what mentions say by their ids, and nothing else of them."""
    rows = session.execute(_TEXTS, {"ids": list(mention_ids)})
    return {mention_id: text for mention_id, text in rows if mention_id is not None}


def conversations_of_author(session: Session, row: ConversationRow) -> list[int]:
    """Return the ids of all conversations with the same person on the same channel."""
    statement = select(col(ConversationRow.id)).where(
        col(ConversationRow.channel) == row.channel, col(ConversationRow.author_id) == row.author_id
    )
    return [found for found in session.execute(statement).scalars() if found is not None]


def with_link(session: Session, links: Sequence[str], limit: int = 10) -> list[MentionRow]:
    """Return mentions of a post, newest first: those that are it, and those that stand under it."""
    statement = select(MentionRow).where(
        or_(col(MentionRow.permalink).in_(links), col(MentionRow.parent)["permalink"].as_string().in_(links))
    )
    return list(session.execute(statement.order_by(col(MentionRow.id).desc()).limit(limit)).scalars())
