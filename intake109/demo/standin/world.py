"""The demo city: people, three platforms, a ledger, and one way to make things happen.

Everything that happens is an **act**: a flat set of fields with `channel` and `act`. The same act comes from a test
(`world.act(channel="telegram", act="message", citizen="asel", text="Яма")`), from `POST /_city/act` with the fields
as JSON, from the citizens' page and from the script of the day. The answer names the line in the ledger (`seq`), the
platform's identity (`key`) and other ids.

Fields: `id` a name by which later acts may refer to this one; `citizen` who acts (somebody never heard of moves in
with an account everywhere); `text`; `media` a list of picture names or of objects
`{"kind", "name", "base64", "mime", "size", "duration"}`. What an act refers to is an `id`, a `seq` or a `key`.

**telegram** (`chat`: id of a group, absent = private with the bot)
    message album voice video video_note audio document sticker   text, media, file_name, duration, size
    location {location: [lat, lon]} · contact {contact: {name, phone}} · start · status
    post {account: channel} · comment {under} · forward {forward_of, hidden} · edit {edit_of} · delete {delete_of}
    button {button: {data, text}} · reaction {react_to, emoji} · block · unblock · renumber {first}
**whatsapp**
    message album voice audio video document sticker location contact forward edit delete (revoke) reaction
    button · unsupported {type} · raw {type, content} · number_changed {phone}
    status {of, status: sent|delivered|read|played|failed, error} · block · unblock
**instagram**
    tag {photo_tag, taken_at_age_s} · post {account} · comment {under} · dm (message voice video document)
    story_reply {story} · edit {edit_of} · delete {delete_of} · untag {of} · reaction · button · seen {of}
    log_out · log_in (the web session) · expire_tokens (the Graph API)
**city** (the weather)
    fault {target, kind, times, seconds, body} · clear_faults · expire_links · advance {seconds}
    hold {what: whatsapp|instagram} · release {what} · settings {any of `Settings`} · disable_webhook {what}
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import datetime, timedelta

from intake109.demo.standin.act import Act, Result, UnknownActError
from intake109.demo.standin.asked import Json
from intake109.demo.standin.clock import Clock
from intake109.demo.standin.ground import Ground, Settings
from intake109.demo.standin.instagram.inbox_acts import ACTS as INSTAGRAM_ACTS
from intake109.demo.standin.instagram.state import Instagram
from intake109.demo.standin.meta.mailbox import Mailbox
from intake109.demo.standin.people import Centre
from intake109.demo.standin.registry import Registry
from intake109.demo.standin.telegram.later_acts import ACTS as TELEGRAM_ACTS
from intake109.demo.standin.telegram.state import Telegram
from intake109.demo.standin.whatsapp.later_acts import ACTS as WHATSAPP_ACTS
from intake109.demo.standin.whatsapp.state import WhatsApp


class World:
    """All of it. Safe to use from several threads; it is the server's and the test's at once."""

    def __init__(
        self,
        centre: Centre | None = None,
        settings: Settings | None = None,
        clock: Clock | None = None,
        serial: int = 0,
    ) -> None:
        self.clock = clock or Clock()
        self.ground = Ground(centre or Centre(), settings or Settings(), serial=serial)
        self.telegram = Telegram(self.ground)
        self.whatsapp = WhatsApp(self.ground)
        self.instagram = Instagram(self.ground)
        self.registry = Registry(self.ground, self.clock)

    def act(self, fields_: Mapping[str, object] | None = None, **more: object) -> Result:
        """Make something happen now.

        Raises:
            UnknownActError: it is not in the grammar, or refers to what is not there.
        """
        act = Act.of({**(fields_ or {}), **more})
        with self.ground.changing():
            return self._do(act, self.clock.now())

    def _do(self, act: Act, now: datetime) -> Result:
        match act.channel:
            case "telegram" if act.name in TELEGRAM_ACTS:
                return TELEGRAM_ACTS[act.name](self.telegram, act, now)
            case "whatsapp" if act.name in WHATSAPP_ACTS:
                return WHATSAPP_ACTS[act.name](self.whatsapp, act, now)
            case "instagram" if act.name in INSTAGRAM_ACTS:
                return INSTAGRAM_ACTS[act.name](self.instagram, act, now)
            case "city" if act.name in _WEATHER:
                return _WEATHER[act.name](self, act)
        raise UnknownActError(f"there is no act {act.name!r} on channel {act.channel!r}")

    def ledger(self, after: int = 0) -> list[Json]:
        """Give the ledger's lines after a seq, as `GET /_city/ledger` does."""
        with self.ground.lock:
            return [entry.as_json() for entry in self.ground.ledger if entry.seq > after]

    def mailbox(self, what: str) -> Mailbox:
        """Give the mailbox of a Meta channel.

        Raises:
            UnknownActError: the channel has none.
        """
        boxes = {"whatsapp": self.whatsapp.mailbox, "instagram": self.instagram.mailbox}
        if what not in boxes:
            raise UnknownActError(f"{what!r} has no webhook of Meta's; say whatsapp or instagram")
        return boxes[what]

    def addresses(self) -> Json:
        """Give what a product must be told to live here: addresses, tokens and ids."""
        centre, url = self.ground.centre, self.ground.base_url
        shown: Json = {field.name: getattr(centre, field.name) for field in fields(centre)}
        return {
            **shown,
            "telegram_base_url": f"{url}/bot",
            "telegram_base_file_url": f"{url}/file/bot",
            "graph_base_url": f"{url}/graph",
            "instagram_web_base_url": f"{url}/web",
            "settings": {one.name: str(getattr(self.ground.settings, one.name)) for one in fields(Settings)},
        }


def _fault(world: World, act: Act) -> Result:
    said = act.said
    seconds = float(said.text("seconds", "1"))
    fault = world.ground.faults.plan(
        said.text("target", "*"),
        said.text("kind", "server_error"),
        said.integer("times", 1),
        seconds,
        said.text("body"),
    )
    return {"fault": fault.number}


def _clear_faults(world: World, _act: Act) -> Result:
    world.ground.faults.clear()
    return {}


def _expire_links(world: World, _act: Act) -> Result:
    world.ground.files.expire_links()
    return {}


def _advance(world: World, act: Act) -> Result:
    world.clock.advance(timedelta(seconds=float(act.said.text("seconds", "0"))))
    return {"now": world.clock.now().isoformat()}


def _hold(world: World, act: Act) -> Result:
    world.mailbox(act.said.text("what")).held = act.name == "hold"
    return {}


def _disable_webhook(world: World, act: Act) -> Result:
    """Do what Meta does after too many failures: tell nothing any more, and show it in subscribed_apps."""
    world.mailbox(act.said.text("what")).subscription = None
    if act.said.text("what") == "instagram":
        world.instagram.fields = []
    return {}


def _settings(world: World, act: Act) -> Result:
    said = act.said
    changed: Json = {}
    for field in fields(Settings):
        if field.name not in said.values:
            continue
        old = getattr(world.ground.settings, field.name)
        if isinstance(old, bool):
            changed[field.name] = said.flag(field.name)
        elif isinstance(old, int):
            changed[field.name] = said.integer(field.name)
        elif isinstance(old, float):
            changed[field.name] = float(said.text(field.name))
        elif isinstance(old, timedelta):
            changed[field.name] = timedelta(seconds=float(said.text(field.name)))
        elif isinstance(old, tuple):
            changed[field.name] = tuple(said.items(field.name))
        else:
            changed[field.name] = said.text(field.name)
    world.ground.settings = replace(world.ground.settings, **changed)  # type: ignore[arg-type]
    return {name: str(value) for name, value in changed.items()}


_WEATHER: Mapping[str, Callable[[World, Act], Result]] = {
    "fault": _fault,
    "clear_faults": _clear_faults,
    "expire_links": _expire_links,
    "advance": _advance,
    "hold": _hold,
    "release": _hold,
    "settings": _settings,
    "disable_webhook": _disable_webhook,
}
