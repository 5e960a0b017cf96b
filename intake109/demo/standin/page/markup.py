"""The page's HTML. Every word of a citizen goes through `escape`; there are no inline styles or scripts."""

import zlib
from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from intake109.demo.standin.ledger import Entry, Picture
from intake109.demo.standin.page import view
from intake109.demo.standin.page.icons import icon
from intake109.demo.standin.page.view import Line, Row
from intake109.demo.standin.page.words import LANGUAGES, Words
from intake109.demo.standin.people import Citizen
from intake109.demo.standin.world import World

CHANNEL_NAMES = {"telegram": "Telegram", "whatsapp": "WhatsApp", "instagram": "Instagram"}


def avatar(citizen: Citizen) -> str:
    """Draw a citizen as two letters on a colour of their own."""
    letters = "".join(part[0] for part in citizen.name.split()[:2] if part).upper() or "?"
    hue = zlib.crc32(citizen.id.encode()) % 8
    return f'<span class="avatar hue-{hue}" aria-hidden="true">{escape(letters)}</span>'


def clock_time(world: World, entry: Entry) -> str:
    """Write when, in the city's time, with the exact moment on hover."""
    at = view.local(world, entry.at)
    return f'<time datetime="{entry.at.isoformat()}" title="{at:%d.%m.%Y %H:%M:%S}">{at:%H:%M}</time>'


def address(citizen: str, channel: str) -> str:
    """Give the address of a conversation."""
    return f"/c/{quote(citizen)}/{channel}"


def citizens(world: World, listed: Sequence[Row], open_id: str, words: Words) -> str:
    """Write the list of citizens."""
    return "".join(_row(world, row, row.citizen.id == open_id, words) for row in listed)


def _row(world: World, row: Row, is_open: bool, words: Words) -> str:
    citizen, last = row.citizen, row.last
    channel = last.channel if last else (row.channels[0] if row.channels else "telegram")
    marks = "".join(f'<span class="chip {one}">{icon(one, CHANNEL_NAMES[one])}</span>' for one in row.channels)
    said = ""
    if last:
        who = f"<b>{escape(words['centre'])}:</b> " if last.direction == "to_citizen" else ""
        said = who + escape(_gist(last, words))
    waits = ""
    if row.waits and last:
        minutes = max(0, int((world.clock.now() - last.at).total_seconds() // 60))
        lasting = f"{minutes // 60} {words['hours']} {minutes % 60}" if minutes > 90 else str(minutes)
        label = f"{words['waits']} · {lasting} {words['minutes']}"
        waits = f'<span class="waits">{icon("clock")}{escape(label)}</span>'
    revision = f"{last.seq if last else 0}.{len(said)}.{waits}.{is_open}"
    return (
        f'<li data-key="{escape(citizen.id)}" data-rev="{zlib.crc32(revision.encode())}" '
        f'data-name="{escape(citizen.name.lower())}">'
        f'<a href="{address(citizen.id, channel)}"{" aria-current=page" if is_open else ""}>{avatar(citizen)}'
        f'<span class="who"><span class="name">{escape(citizen.name)}</span>{clock_time(world, last) if last else ""}'
        f'</span><span class="said">{said}</span><span class="marks">{marks}{waits}</span></a></li>'
    )


def _gist(entry: Entry, words: Words) -> str:
    if entry.deleted_at:
        return words["deleted"]
    if entry.text:
        return entry.text[:90]
    if entry.media:
        kinds = {"photo": "picture", "audio": "voice", "video_note": "video"}
        return words[kinds.get(entry.media[0].kind, entry.media[0].kind)]
    return entry.note or entry.act


def conversation(world: World, shown: Sequence[Line], words: Words) -> str:
    """Write a conversation, a heading before each day."""
    parts: list[str] = []
    day = ""
    for line in shown:
        at = view.local(world, line.entry.at)
        if f"{at:%Y%m%d}" != day:
            day = f"{at:%Y%m%d}"
            today = at.date() == view.local(world, world.clock.now()).date()
            heading = words["today"] if today else f"{at:%d.%m.%Y}"
            parts.append(f'<li class="day" data-key="d{day}" data-rev="{heading}"><span>{escape(heading)}</span></li>')
        parts.append(_message(world, line, words))
    return "".join(parts)


def _message(world: World, line: Line, words: Words) -> str:
    entry = line.entry
    side = "mine" if entry.direction == "from_citizen" else "theirs"
    body = _quote(world, line.parent, entry, words) if line.parent else ""
    if entry.thread != "private" and entry.place:
        body = f'<span class="place">{escape(entry.place)}</span>{body}'
    if entry.deleted_at:
        body += f'<p class="gone">{escape(words["deleted"])}</p>'
    else:
        body += "".join(_media(one, words) for one in entry.media) + _text(entry, words)
    foot = clock_time(world, entry)
    if entry.edited_at:
        foot = f"<span>{escape(words['edited'])}</span>{foot}"
    foot += _tick(entry, words)
    marks = "".join(f'<span class="reaction">{escape(one)}</span>' for one in line.reactions)
    state = (entry.ticks, entry.delivered_at, entry.confirmed_at, entry.expired_at, entry.edited_at, entry.deleted_at)
    revision = zlib.crc32(f"{state}{entry.text}{entry.buttons}{line.reactions}".encode())
    return (
        f'<li class="message {side}" data-key="m{entry.seq}" data-rev="{revision}">'
        f'<div class="bubble">{body}<footer>{foot}</footer>{marks}</div>{_buttons(entry)}</li>'
    )


def _text(entry: Entry, words: Words) -> str:
    label = f'<span class="label">{escape(words["forwarded"])}</span>' if entry.note == "forwarded" else ""
    if entry.act in {"location", "contact"} and entry.note:
        return f'{label}<p class="pin">{icon("pin")}{escape(entry.note)}</p>'
    text = entry.text or ("" if entry.media else entry.note)
    return f"{label}<p>{escape(text)}</p>" if text else label


def _media(one: Picture, words: Words) -> str:
    if one.kind == "photo":
        return f'<img src="/_city/file/{one.number}" alt="{escape(one.name)}" width="640" height="480" loading="lazy">'
    kinds = {"audio": "voice", "video_note": "video"}
    word = words[kinds.get(one.kind, one.kind)]
    name = escape(one.name) if one.kind == "document" else escape(word)
    return f'<p class="file">{icon("voice" if one.kind in {"voice", "audio"} else "file")}<span>{name}</span></p>'


def _quote(world: World, parent: Entry, entry: Entry, words: Words) -> str:
    picture = next((one for one in parent.media if one.kind == "photo"), None)
    image = f'<img src="/_city/file/{picture.number}" alt="" width="64" height="48" loading="lazy">' if picture else ""
    who = parent.place
    if parent.direction == "to_citizen":
        who = words["centre"]
    elif parent.citizen:
        who = words["you"] if parent.citizen == entry.citizen else world.ground.people.citizen(parent.citizen).name
    return f"<blockquote>{image}<span><b>{escape(who)}</b>{escape(_gist(parent, words))}</span></blockquote>"


def _tick(entry: Entry, words: Words) -> str:
    """Mark how far a citizen's message got; shape and word, not colour alone."""
    if entry.direction != "from_citizen":
        return f'<span class="tick bad" title="{escape(words["failed"])}">!</span>' if entry.ticks == "failed" else ""
    if entry.note.startswith("unseen"):
        return f'<span class="unseen" title="{escape(words["unseen"])}">{icon("eye", words["unseen"])}</span>'
    for reached, mark, key, kind in (
        (entry.expired_at, "!", "lost", "bad"),
        (entry.confirmed_at, "✓✓", "taken", "taken"),
        (entry.delivered_at, "✓✓", "seen", "reached"),
    ):
        if reached:
            word = escape(words[key])
            return (
                f'<span class="tick {kind}" title="{word}"><span aria-hidden="true">{mark}</span><i>{word}</i></span>'
            )
    word = escape(words["sent"])
    return f'<span class="tick" title="{word}"><span aria-hidden="true">✓</span><i>{word}</i></span>'


def _buttons(entry: Entry) -> str:
    if not entry.buttons or entry.deleted_at:
        return ""
    rows_ = []
    for row in entry.buttons:
        made = "".join(
            f'<button name="data" value="{escape(one.data)}" type="submit">{escape(one.text)}</button>'
            if one.kind != "url"
            else f'<a href="{escape(one.data)}" rel="noreferrer">{escape(one.text)}</a>'
            for one in row
            if one.kind != "url" or one.data.startswith(("http://", "https://"))
        )
        rows_.append(f"<div>{made}</div>")
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in (("channel", entry.channel), ("thread", entry.thread))
    )
    action = f"/c/{quote(entry.citizen or '')}/press"
    return f'<form class="buttons" method="post" action="{action}" data-act>{hidden}{"".join(rows_)}</form>'


def languages(words: Words, here: str) -> str:
    """Write the switch of languages."""
    links = "".join(
        f'<a href="{escape(here)}?lang={code}" hreflang="{code}"'
        f"{' aria-current=true' if code == words.language else ''}>{name}</a>"
        for code, name in LANGUAGES.items()
    )
    return f'<nav class="languages" aria-label="Тіл · Язык · Language">{links}</nav>'
