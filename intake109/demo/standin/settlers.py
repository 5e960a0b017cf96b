"""People and places moving in: `citizens.yaml` and `places.yaml` of a city, already read."""

from dataclasses import replace
from datetime import datetime

from intake109.demo.standin.asked import Asked, Json
from intake109.demo.standin.ledger import Button
from intake109.demo.standin.people import Centre, Chat, Citizen, instagram_user, telegram_user, whatsapp_user
from intake109.demo.standin.world import World


def settle(world: World, given: Asked) -> Json:
    """Settle `citizens` (a list) and `places` (an object); both may be absent. Callers hold the lock."""
    people = world.ground.people
    for one in given.parts("citizens"):
        citizen = citizen_of(one)
        people.citizens[citizen.id] = citizen
    places = given.part("places")
    for one in places.parts("chats"):
        chat = _chat(one)
        people.chats[chat.id] = chat
    for one in places.parts("instagram_accounts"):
        name = one.text("id")
        people.accounts[name] = instagram_user(f"account:{name}", one.text("username", name))
        people.account_names[name] = one.text("name")
    city = places.part("city")
    people.timezone = city.text("timezone", people.timezone)
    names = {"ru": city.text("name_ru"), "kk": city.text("name_kk"), "en": city.text("name_en")}
    people.city_names.update({language: name for language, name in names.items() if name})
    if places.given("centre"):
        world.ground.centre = _centre(world.ground.centre, places.part("centre"))
        world.instagram.me = replace(world.instagram.me, username=world.ground.centre.instagram_username)
    return {"citizens": len(people.citizens), "chats": len(people.chats), "accounts": len(people.accounts)}


def citizen_of(one: Asked) -> Citizen:
    """Read a citizen as `citizens.yaml` writes one."""
    name = one.text("id")
    telegram, whatsapp, instagram = one.part("telegram"), one.part("whatsapp"), one.part("instagram")
    return Citizen(
        name,
        one.text("name", name),
        one.text("language", "ru"),
        telegram_user(name, telegram.text("username") or None, telegram.text("language_code", "ru"))
        if telegram.values
        else None,
        whatsapp_user(name, whatsapp.text("phone") or None, whatsapp.text("bsuid") or None)
        if whatsapp.values
        else None,
        instagram_user(name, instagram.text("username", name)) if instagram.values else None,
    )


def _chat(one: Asked) -> Chat:
    kind = one.text("kind", "group")
    linked = one.text("linked") or one.text("channel") or None
    # The bot reads residents' groups and the discussion under a channel; the channel itself is not its own.
    bot = one.text("bot", "none" if kind in {"channel", "foreign"} else "admin")
    title, username, phone = one.text("title", one.text("id")), one.text("username") or None, one.text("phone") or None
    return Chat(one.text("id"), kind, title, username, linked, bot, phone)


def _centre(centre: Centre, given: Asked) -> Centre:
    telegram, instagram = given.part("telegram"), given.part("instagram")
    phone = "".join(one for one in given.part("whatsapp").text("phone") if one.isdigit())
    return replace(
        centre,
        name=telegram.text("name", centre.name),
        bot_username=telegram.text("username", centre.bot_username),
        instagram_username=instagram.text("username", centre.instagram_username),
        whatsapp_phone=phone or centre.whatsapp_phone,
    )


def remember(world: World, given: Asked) -> Json:
    """Put `lines` on the citizens' phones that were said before the city was started. Callers hold the lock."""
    lines = given.parts("lines")
    for one in lines:
        buttons = tuple(Button(button.text("text"), button.text("data")) for button in one.parts("buttons"))
        entry = world.ground.write(
            datetime.fromisoformat(one.text("at")),
            one.text("direction"),
            one.text("channel"),
            one.text("act", "message"),
            citizen=one.text("citizen"),
            key=one.text("key"),
            text=one.text("text"),
            buttons=(buttons,) if buttons else (),
        )
        if entry.direction == "from_citizen" and entry.citizen is not None:
            _may_be_written_to(world, entry.citizen, entry.at)
        world.ground.ledger.delivered(entry.seq, entry.at)
        world.ground.ledger.confirmed(entry.seq, entry.at)
    return {"lines": len(lines)}


def _may_be_written_to(world: World, citizen: str, at: datetime) -> None:
    """Let the platforms know that a citizen wrote to the centre: only then may it write back."""
    world.telegram.met.add(citizen)
    for heard in (world.whatsapp.last_heard, world.instagram.last_heard):
        heard[citizen] = max(at, heard.get(citizen, at))
