"""Reading a letter. Pure, and it never fails: what cannot be read is told as a fault and shown to a person."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import errors, policy
from email.header import decode_header
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import getaddresses, parseaddr
from enum import StrEnum

from intake109.collectors.mailbox.quoting import own_words, text_of

_LONGEST_TEXT = 20_000
_LONGEST_READ = 100_000
_LONGEST_LINE = 300
_DECORATION_BYTES = 12_000
"""An inline picture smaller than this is the logo of a signature, no photo of work."""
_MOST_FILES = 20
_LOSING = (
    errors.NoBoundaryInMultipartDefect,
    errors.StartBoundaryNotFoundDefect,
    errors.CloseBoundaryNotFoundDefect,
    errors.MultipartInvariantViolationDefect,
    errors.InvalidBase64CharactersDefect,
    errors.InvalidBase64LengthDefect,
)
"""Defects by which a part of a letter may be missing."""
_AUTOMATIC = re.compile(r"auto[_-]?reply|bulk|junk", re.IGNORECASE)
_MAILER = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon)@", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,400}>")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_PARSER = BytesParser(policy=policy.default)


class Fault(StrEnum):
    """What of a letter could not be read."""

    BROKEN = "broken"
    """Its parts do not fit together: something may be missing."""
    CHARSET = "charset"
    """Its words are written in a coding nobody knows."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file of a letter."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Came:
    """What a letter says.

    Attributes:
        key: its Message-ID; a hash of the whole where it has none.
        sender: the address in From, in small letters.
        text: the writer's own words, without what is quoted.
        refers: Message-IDs it replies to or tells of, the nearest first.
        quoted: everything it says, where a token may stand.
        is_automatic: nobody wrote it: an absence, a receipt.
        is_bounce: a mail server tells that a letter has not arrived, `is_final` that it never will.
        faults: what could not be read.
    """

    key: str
    sender: str
    subject: str
    text: str
    refers: tuple[str, ...] = ()
    quoted: str = field(default="", repr=False)
    files: tuple[Enclosure, ...] = ()
    is_automatic: bool = False
    is_bounce: bool = False
    is_final: bool = False
    faults: tuple[Fault, ...] = ()


def read(raw: bytes) -> Came:
    """Return what a letter says."""
    try:
        return _read(_PARSER.parsebytes(raw), raw)
    except Exception:  # the library's parsers of headers fail in many ways; the letter must be shown all the same
        return _unread(raw)


def read_head(raw: bytes) -> Came:
    """Return what the beginning of a letter says that is too large to be fetched; it has no files."""
    came = read(raw)
    return Came(came.key, came.sender, came.subject, came.text, came.refers, came.quoted)


def _read(mail: EmailMessage, raw: bytes) -> Came:
    faults: list[Fault] = []
    whole = _words(mail, faults)
    if any(isinstance(defect, _LOSING) for part in mail.walk() for defect in part.defects):
        faults.append(Fault.BROKEN)
    sender = parseaddr(_header(mail, "From"))[1].strip().lower()[:_LONGEST_LINE]
    is_bounce = mail.get_content_type() == "multipart/report" and mail.get_param("report-type") == "delivery-status"
    is_bounce = is_bounce or bool(_MAILER.match(sender))
    return Came(
        key=_key(_header(mail, "Message-ID"), raw),
        sender=sender,
        subject=_clean(_header(mail, "Subject"))[:_LONGEST_LINE],
        text=_clean(own_words(whole))[:_LONGEST_TEXT],
        refers=tuple(_refers(mail, whole if is_bounce else "")),
        quoted=f"{_recipients(mail)}\n{_header(mail, 'Subject')}\n{whole}"[: 4 * _LONGEST_TEXT],
        files=() if is_bounce else tuple(_files(mail))[:_MOST_FILES],
        is_automatic=_is_automatic(mail),
        is_bounce=is_bounce,
        is_final=is_bounce and _is_final(mail),
        faults=tuple(dict.fromkeys(faults)),
    )


def _unread(raw: bytes) -> Came:
    """Return what can be seen of a letter without understanding it."""
    text = raw[:_LONGEST_TEXT].decode("utf-8", "replace")
    found = {name: re.search(rf"(?im)^{name}:[ \t]*(.*)$", text) for name in ("message-id", "from", "subject")}
    head = {name: one[1].strip() if one else "" for name, one in found.items()}
    sender = parseaddr(head["from"])[1].lower()[:_LONGEST_LINE]
    subject, body = _clean(head["subject"])[:_LONGEST_LINE], _clean(text.partition("\n\n")[2])
    return Came(_key(head["message-id"], raw), sender, subject, body, quoted=text, faults=(Fault.BROKEN,))


def _key(message_id: str, raw: bytes) -> str:
    found = _MESSAGE_ID.search(message_id)
    return found[0] if found else f"sha256:{hashlib.sha256(raw).hexdigest()}"


def _header(mail: Message, name: str) -> str:
    """Return a header as text; one the library cannot read, as it stands."""
    try:
        return str(mail.get(name, ""))
    except Exception:  # its parsers of malformed headers raise what they like
        return next((value for key, value in mail.raw_items() if key.lower() == name.lower()), "")


def _recipients(mail: Message) -> str:
    told = [_header(mail, name) for name in ("To", "Cc", "Delivered-To", "X-Original-To")]
    return " ".join(address for _, address in getaddresses(told))


def _refers(mail: EmailMessage, bounced: str) -> Iterator[str]:
    yield from _MESSAGE_ID.findall(_header(mail, "In-Reply-To"))
    yield from reversed(_MESSAGE_ID.findall(_header(mail, "References")))
    for part in mail.walk():  # a bounce encloses the letter, or its head
        if part is not mail and part.get_content_type() == "text/rfc822-headers":
            yield from re.findall(r"(?im)^message-id:\s*(<[^<>\s]+>)", _decoded(part, []))
        elif part is not mail and part.get("Message-ID"):
            yield from _MESSAGE_ID.findall(_header(part, "Message-ID"))
    yield from re.findall(r"(?im)^\W*message-id:\s*(<[^<>\s]+>)", bounced)


def _words(mail: EmailMessage, faults: list[Fault]) -> str:
    """Return the words of a letter: its plain part if it has one, else its page."""
    body = mail.get_body(("plain", "html"))
    if not isinstance(body, EmailMessage):
        return ""
    text = _decoded(body, faults)[:_LONGEST_READ]
    return text_of(text) if body.get_content_type() == "text/html" else text


def _decoded(part: Message, faults: list[Fault]) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    charset = str(part.get_content_charset() or "utf-8")
    try:
        return content.decode(charset)
    except (LookupError, UnicodeDecodeError):
        pass
    for guess in ("utf-8", "cp1251"):  # what writes no coding, or a wrong one, is of these here
        try:
            text = content.decode(guess)
        except UnicodeDecodeError:
            continue
        if not _is_known(charset):
            faults.append(Fault.CHARSET)
        return text
    faults.append(Fault.CHARSET)
    return content.decode("utf-8", "replace")


def _is_known(charset: str) -> bool:
    try:
        "".encode(charset)
    except LookupError:
        return False
    return True


def _files(mail: EmailMessage) -> Iterator[Enclosure]:
    body = mail.get_body(("plain", "html"))
    for part in mail.walk():
        if part.is_multipart() or part is body:
            continue
        name = _clean(_name_of(part))[:200]
        is_words = part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment"
        if is_words and not name:
            continue  # the same words as a page
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes) or not content:
            continue
        is_inline = part.get_content_disposition() == "inline" or bool(part.get("Content-ID"))
        if is_inline and part.get_content_maintype() == "image" and len(content) < _DECORATION_BYTES:
            continue
        yield Enclosure(name or part.get_content_type().replace("/", "."), content)


def _name_of(part: Message) -> str:
    """Return a file's name; old programs write it as a coded word where a plain one is asked for."""
    name = part.get_filename() or ""
    if "=?" not in name:
        return name
    try:
        return "".join(
            piece.decode(coding or "ascii", "replace") if isinstance(piece, bytes) else piece
            for piece, coding in decode_header(name)
        )
    except (LookupError, ValueError, errors.HeaderParseError):
        return name


def _is_automatic(mail: EmailMessage) -> bool:
    """Say whether a machine wrote it. Source: RFC 3834, 5; RFC 3798 for receipts."""
    submitted = _header(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    receipt = mail.get_content_type() == "multipart/report" or _header(mail, "Return-Path").strip() == "<>"
    told = any(_header(mail, name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply"))
    return submitted not in ("", "no") or receipt or told or bool(_AUTOMATIC.search(_header(mail, "Precedence")))


def _is_final(mail: EmailMessage) -> bool:
    """Say whether a letter will never arrive; a server that will try on says `delayed`. Source: RFC 3464, 2.3.3."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            action = re.search(r"(?im)^action:\s*(\w+)", part.as_string())
            return action is None or action[1].lower() == "failed"
    return True


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n")).strip()
