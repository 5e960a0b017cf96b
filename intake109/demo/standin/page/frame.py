"""The page around the list and the conversation: head, form, panel of the citizen."""

from html import escape

from intake109.demo.standin.page import markup, view
from intake109.demo.standin.page.icons import icon
from intake109.demo.standin.page.markup import CHANNEL_NAMES, address, avatar
from intake109.demo.standin.page.words import Words
from intake109.demo.standin.people import Citizen
from intake109.demo.standin.world import World


def page(world: World, words: Words, citizen: Citizen | None, channel: str, problem: str = "") -> str:
    """Write the whole page."""
    here = address(citizen.id, channel) if citizen else "/"
    totals = view.totals(world)
    city = world.ground.people.city_names.get(words.language) or world.ground.people.city_names.get("ru", "")
    body = _talk(world, words, citizen, channel, problem) if citizen else _nobody(words)
    return f"""<!doctype html>
<html lang="{words.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(words["title"])}{f" · {escape(citizen.name)}" if citizen else ""}</title>
<link rel="stylesheet" href="/static/city.css">
<link rel="icon" href="/static/icon.svg">
<script src="/static/city.js" defer></script>
</head>
<body class="{"open" if citizen else "closed"}" data-citizen="{escape(citizen.id) if citizen else ""}"
 data-channel="{channel}" data-version="{view.version(world)}" data-refused="{escape(words["refused"])}">
<header class="top">
<a class="brand" href="/"><span class="logo" aria-hidden="true">109</span><span><b>{escape(words["title"])}</b>
<small>{escape(city)}{" · " if city else ""}{escape(words["subtitle"])}</small></span></a>
<p class="totals"><span><b id="wrote">{totals["wrote"]}</b> {escape(words["wrote"])}</span>
<span><b id="waits">{totals["waits"]}</b> {escape(words["wait"])}</span></p>
{markup.languages(words, here)}
</header>
<main>
{_people(world, words, citizen.id if citizen else "")}
{body}
</main>
</body>
</html>
"""


def _people(world: World, words: Words, open_id: str) -> str:
    listed = view.rows(world)
    empty = "" if listed else f'<p class="empty">{escape(words["nobody"])}</p>'
    return f"""<section class="people" aria-label="{escape(words["citizens"])}">
<input id="find" type="search" placeholder="{escape(words["find"])}" aria-label="{escape(words["find"])}">
<button id="reorder" class="pill" hidden type="button">{escape(words["reorder"])} ↑</button>
{empty}<ul id="list">{markup.citizens(world, listed, open_id, words)}</ul>
<form class="new" method="post" action="/new"><label for="new-name">{escape(words["new_citizen"])}</label>
<div><input id="new-name" name="name" required maxlength="40" placeholder="{escape(words["name"])}"
 autocomplete="off"><button type="submit">{escape(words["add"])}</button></div></form>
</section>"""


def _nobody(words: Words) -> str:
    return (
        f'<section class="talk nobody"><div><span class="logo" aria-hidden="true">109</span>'
        f"<h1>{escape(words['choose'])}</h1><p>{escape(words['choose_more'])}</p>"
        f"{_told(words, 'by_itself', 'itself_writes', 'itself_works', 'itself_crew', 'itself_says')}"
        f"{_told(words, 'yours', 'yours_desk', 'yours_look', 'yours_judge')}</div></section>"
    )


def _told(words: Words, heading: str, *lines: str) -> str:
    listed = "".join(f"<li>{escape(words[line])}</li>" for line in lines)
    return f"<h2>{escape(words[heading])}</h2><ul>{listed}</ul>"


def _talk(world: World, words: Words, citizen: Citizen, channel: str, problem: str) -> str:
    tabs = "".join(
        f'<a class="{one}" href="{address(citizen.id, one)}"{" aria-current=page" if one == channel else ""}>'
        f"{icon(one)}<span>{CHANNEL_NAMES[one]}</span></a>"
        for one in view.channels_of(citizen)
    )
    shown = view.lines(world, citizen, channel)
    nothing = (
        f'<div class="empty" id="nothing"{" hidden" if shown else ""}><b>{escape(words["nothing"])}</b>'
        f"<p>{escape(words['nothing_more'])}</p></div>"
    )
    return f"""<section class="talk {channel}">
<div class="phone">
<header><a class="back" href="/" aria-label="{escape(words["back"])}">{icon("back")}</a>{avatar(citizen)}
<h1>{escape(citizen.name)}</h1><nav class="tabs" aria-label="{escape(words["accounts"])}">{tabs}</nav></header>
<div class="scroll" id="scroll" tabindex="0">{nothing}
<ol id="talk" aria-live="polite">{markup.conversation(world, shown, words)}</ol></div>
<button id="newer" class="pill" hidden type="button">{escape(words["newer"])} ↓</button>
<p class="problem" id="problem" role="alert"{"" if problem else " hidden"}>{escape(problem)}</p>
{_form(world, words, citizen, channel)}
</div>
{_panel(world, words, citizen)}
</section>"""


def _form(world: World, words: Words, citizen: Citizen, channel: str) -> str:
    options = "".join(
        f'<option value="{escape(value)}">{escape(label)}</option>'
        for value, label in _destinations(world, words, channel)
    )
    pictures = "".join(f'<option value="{name}">{escape(word)}</option>' for name, word in words.pictures())
    send = escape(words["send"])
    where = f'<label><span>{escape(words["where"])}</span><select name="where">{options}</select></label>'
    return f"""<form class="say" method="post" action="{address(citizen.id, channel)}/say" data-act>
<div class="choices">{where if options.count("<option") > 1 else ""}
<label><span>{escape(words["picture"])}</span><select name="picture">
<option value="">{escape(words["no_picture"])}</option>{pictures}</select></label></div>
<div class="line"><textarea name="text" rows="1" maxlength="4000" placeholder="{escape(words["write"])}"
 aria-label="{escape(words["write"])}"></textarea>
<button type="submit" aria-label="{send}" title="{send} · Enter">{icon("send")}</button>
</div></form>"""


def _destinations(world: World, words: Words, channel: str) -> list[tuple[str, str]]:
    """List where a visitor may write: the centre privately, groups, posts."""
    if channel == "telegram":
        groups = [chat for chat in world.ground.people.chats.values() if chat.kind in {"group", "discussion"}]
        posts = [entry for entry in world.ground.ledger if (entry.channel, entry.act) == (channel, "post")][-3:]
        return [
            ("", words["to_bot"]),
            *((f"chat:{chat.id}", f"{words['in_chat']} «{chat.title}»") for chat in groups),
            *((f"under:{post.seq}", f"{words['comment']}: {post.text[:32]}…") for post in reversed(posts)),
        ]
    if channel == "instagram":
        posts = [
            entry
            for entry in world.ground.ledger
            if entry.channel == channel and entry.act in {"post", "tag"} and not entry.deleted_at
        ][-5:]
        return [
            ("", words["direct"]),
            ("tag", words["tag"]),
            *((f"under:{post.seq}", f"{words['comment']}: {post.place} {post.text[:28]}…") for post in reversed(posts)),
        ]
    return [("", words["to_bot"])]


def _panel(world: World, words: Words, citizen: Citizen) -> str:
    accounts: list[tuple[str, str]] = []
    if citizen.telegram:
        name = f"@{citizen.telegram.username}" if citizen.telegram.username else words["no_username"]
        accounts.append(("telegram", name))
    if citizen.whatsapp:
        phone = f"+{citizen.whatsapp.phone}" if citizen.whatsapp.phone else words["hidden_phone"]
        accounts.append(("whatsapp", phone))
    if citizen.instagram:
        accounts.append(("instagram", f"@{citizen.instagram.username}"))
    listed = "".join(
        f"<li>{icon(channel, CHANNEL_NAMES[channel])}<span>{escape(shown)}</span></li>" for channel, shown in accounts
    )
    legend = "".join(
        f'<li><span class="tick {kind}" aria-hidden="true">{mark}</span><span>{escape(words[key])}</span></li>'
        for mark, kind, key in (
            ("✓", "", "sent"),
            ("✓✓", "reached", "seen"),
            ("✓✓", "taken", "taken"),
            ("!", "bad", "lost"),
        )
    )
    return f"""<aside class="panel">{avatar(citizen)}<h2>{escape(citizen.name)}</h2>
<p>{escape(words["language"])} {escape(words[citizen.language])}</p>
<h3>{escape(words["accounts"])}</h3><ul class="accounts">{listed}</ul>
<h3>{escape(words["legend"])}</h3><ul class="legend">{legend}</ul>
<p><a href="/_city/ledger">{escape(words["ledger"])}</a></p></aside>"""
