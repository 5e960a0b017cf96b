"""Letters about an appeal that is under way: the question whether it is solved, what is said to the answer, and news.

A citizen reads the number that was told, also where the case has been merged into another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from intake109.appeals.news import Setting, values
from intake109.model import Channel
from intake109.outbox import buttons, letters, texts
from intake109.outbox.letters import Letter, Purpose, fill, personal_data
from intake109.store import answers, asked, outbox
from intake109.store.rows import insert_new
from intake109.store.tables import AnswerRow, AppealRow, ConversationRow, MentionRow, MessageRow, ReporterRow

VOICE = "voice"
"""The role of a message that is the citizen's word on what was done."""
_LONGEST_SAID = 500
"""Of what the executor says: WhatsApp takes no more than 1,024 characters above buttons."""

_PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
_MOST_PICTURES = 3
_WITH_PICTURES = frozenset({Channel.TELEGRAM.value, Channel.WHATSAPP.value})
"""Where pictures of ours can follow; Instagram wants an address that everybody may open."""


def told(session: Session, reporter: ReporterRow, appeal: AppealRow, setting: Setting) -> dict[str, str]:
    """Return what a letter to one citizen of a case may name."""
    language = texts.spoken(reporter.language)
    found = values(session, appeal, language, setting.catalogue, setting.zone)
    found["state"] = texts.state(session, appeal.status, language)
    if reporter.appeal_id != appeal.id:
        found["number"] = session.get_one(AppealRow, reporter.appeal_id).number
    return found


def question(session: Session, reporter: ReporterRow, appeal: AppealRow, setting: Setting, now: datetime) -> bool:
    """Owe a citizen the question whether it is solved; False if there is no way to write to this one.

    One that was put before, in the same round of the same case, stands: between a merge and a split nobody reads it
    twice.
    """
    mention = session.get_one(MentionRow, reporter.mention_id)
    conversation = session.get_one(ConversationRow, reporter.conversation_id)
    if mention.channel == Channel.MANUAL.value or not conversation.can_be_written_to:
        return False
    if asked.put_again(session, [reporter], appeal):
        return True
    answer = asked.what_was_done(session, appeal.id or 0, appeal.round)
    said = " ".join(answer.text.split()) if answer is not None else ""
    said = said if len(said) <= _LONGEST_SAID else said[: _LONGEST_SAID - 1].rstrip() + "…"
    is_said = bool(said) and not (mention.is_public and personal_data(said))
    name = "solved" if is_said else "solved_short"
    found = told(session, reporter, appeal, setting) | {"said": said}
    text = fill(texts.read(session, name, reporter.language), found)
    letter = Letter(
        Purpose.SATISFACTION,
        asked.key(reporter, appeal),
        text,
        texts.spoken(reporter.language),
        appeal_id=reporter.appeal_id,
        details=_asking(session, mention, name, text, reporter, appeal) | _pictures(session, mention, answer),
    )
    put_off(session, reporter, appeal, letter, setting, now)
    return True


def put_off(
    session: Session, reporter: ReporterRow, appeal: AppealRow, letter: Letter, setting: Setting, now: datetime
) -> None:
    """Owe a letter that can wait for the morning, in place of news of the appeal that still wait for it."""
    outbox.cancel_unsent(session, reporter.mention_id, reporter.appeal_id, Purpose.NEWS.value, now)
    mention = session.get_one(MentionRow, reporter.mention_id)
    at = now if appeal.is_incident else setting.voice.waking(now, setting.zone)
    letters.owe(session, mention, letter, at, now)


def keep_spoken(session: Session, reporter: ReporterRow, key: str, text: str, now: datetime) -> None:
    """Put what a citizen said on the telephone into the talk; nothing where nothing was noted."""
    if not text.strip():
        return
    mention = session.get_one(MentionRow, reporter.mention_id)
    said: dict[str, object] = {
        "conversation_id": reporter.conversation_id,
        "mention_id": reporter.mention_id,
        "channel": mention.channel,
        "key": key,
        "is_ours": False,
        "role": VOICE,
        "text": text.strip(),
        "at": now,
        "versions": [],
    }
    insert_new(session, MessageRow, [said])


def _pictures(session: Session, mention: MentionRow, answer: AnswerRow | None) -> dict[str, Any]:
    """Return the executor's pictures that go with the question; none in public, for nobody has looked at them."""
    if answer is None or mention.is_public or mention.channel not in _WITH_PICTURES:
        return {}
    files = answers.files(session, [answer.id or 0]).get(answer.id or 0, [])
    photos = [{"sha256": one.sha256, "mime": one.mime} for one in files if one.mime in _PICTURES]
    return {"photos": photos[:_MOST_PICTURES]} if photos else {}


def _asking(
    session: Session, mention: MentionRow, name: str, text: str, reporter: ReporterRow, appeal: AppealRow
) -> dict[str, Any]:
    """Return the choices of a question, and its buttons where they have room; a template bears them in any case."""
    choices = [
        [texts.read(session, f"solved_{word}", reporter.language), f"solved:{reporter.id}:{appeal.round}:{word}"]
        for word in ("yes", "no")
    ]
    has_room = buttons.has_room(mention, text)
    return {"text": name, "choices": choices, "buttons": choices if has_room else []}


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said to a citizen's word, at once and each thing once a round: whoever presses twice reads it once.

    `callback` is the pressed button. With `is_told` the citizen is on the telephone and hears it there.
    """

    reporter: ReporterRow
    appeal: AppealRow
    setting: Setting
    now: datetime
    callback: str = ""
    is_told: bool = False
    number_of_round: int = 0

    def owe(self, session: Session, name: str, key: str) -> None:
        """Owe a text, unless the same was owed before. `key` tells replies of one round apart."""
        said_of = self.number_of_round or self.reporter.asked_round
        whole = f"heard:{asked.name(self.reporter, self.reporter.asked_of, said_of)}:{key}"
        if self.is_told or outbox.is_owed(session, whole):
            return
        text = fill(
            texts.read(session, name, self.reporter.language),
            told(session, self.reporter, self.appeal, self.setting),
        )
        details: dict[str, Any] = {"text": name, "callback": self.callback}
        language, appeal_id = texts.spoken(self.reporter.language), self.reporter.appeal_id
        letter = Letter(Purpose.NEWS, whole, text, language, appeal_id=appeal_id, details=details)
        mention = session.get_one(MentionRow, self.reporter.mention_id)
        letters.owe(session, mention, letter, self.now, self.now)
