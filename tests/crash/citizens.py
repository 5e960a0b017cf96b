"""Citizens who write, chosen by a seed: words, photos, albums, edits, what follows, what is said twice, /start."""

from __future__ import annotations

import base64
import io
import random
from collections.abc import Callable
from datetime import timedelta

from PIL import Image

from intake109.demo.standin.ledger import Entry
from intake109.demo.standin.world import World

_NAMES = ("asel", "daniyar", "olga", "marat", "aigul", "sergey", "zarina", "timur", "gulnara", "pavel")
_WORDS = ("яма на дороге", "открытый люк", "нет тепла", "жарық жоқ", "спасибо", "қар тазаланбаған", "мусор не вывозят")
_SPEAKING = ("message", "album", "location", "tag", "comment", "dm")
_STEADY = timedelta(seconds=2)
"""Platforms tell times to the second: what is edited is at least this old, or nobody could tell which came later."""
_PIXELS = 160


class Citizens:
    """Acts in a world, one at a time."""

    def __init__(self, world: World, seed: int) -> None:
        self._world = world
        self._chance = random.Random(seed)
        self._said = 0
        self._posts = [
            str(world.act(channel="instagram", act="post", account=name, text=text)["key"])
            for name, text in (("centre", "Пишите нам"), ("akimat", "Благоустройство двора завершено"))
        ]

    def stir(self, what: str) -> None:
        """Let somebody do something that brings the product to a wanted point: a channel, `photo`, `album` or `any`."""
        channels = ("telegram", "whatsapp")
        if what in channels:
            self._say(what)
        elif what in ("photo", "album"):
            self._show(self._chance.choice(channels), how_many=1 if what == "photo" else self._chance.randint(2, 4))
        elif what in ("tag", "comment"):
            self._tag() if what == "tag" else self._comment()
        else:
            self.act()

    def act(self) -> None:
        """Let somebody do something."""
        if self._chance.random() < 0.2:
            self._chance.choice((self._tag, self._comment, self._write_directly))()
            return
        channel = self._chance.choice(("telegram", "telegram", "whatsapp"))
        acts: list[tuple[int, Callable[[str], None]]] = [
            (6, self._say),
            (3, self._show_one),
            (2, self._show_many),
            (3, self._go_on),
            (2, self._edit),
            (1, self._repeat),
            (1, self._start),
            (1, self._call_from_group),
        ]
        weights = [weight for weight, _ in acts]
        chosen = self._chance.choices([act for _, act in acts], weights)[0]
        chosen(channel)

    def _words(self) -> str:
        self._said += 1
        return f"{self._chance.choice(_WORDS)}, дом {self._said}"

    def _who(self) -> str:
        return self._chance.choice(_NAMES)

    def _do(self, channel: str, act: str, citizen: str, **more: object) -> None:
        self._world.act({"channel": channel, "act": act, "citizen": citizen, **more})

    def _say(self, channel: str) -> None:
        self._do(channel, "message", self._who(), text=self._words())

    def _show_one(self, channel: str) -> None:
        self._show(channel, 1)

    def _show_many(self, channel: str) -> None:
        self._show(channel, self._chance.randint(2, 4))

    def _show(self, channel: str, how_many: int) -> None:
        text = self._words() if self._chance.random() < 0.7 else ""
        act = "message" if how_many == 1 else "album"
        self._do(channel, act, self._who(), text=text, media=[self._picture() for _ in range(how_many)])

    def _go_on(self, channel: str) -> None:
        """Say three things in a row, as people do."""
        who = self._who()
        self._do(channel, "message", who, text=self._words())
        self._do(channel, "location", who, location=[50.28 + self._chance.random() / 100, 57.16])
        self._do(channel, "message", who, text=f"это во дворе {self._words()}")

    def _edit(self, channel: str) -> None:
        now = self._world.clock.now()
        spoken = [one for one in self._spoken(channel) if one.text and now - (one.edited_at or one.at) > _STEADY]
        if spoken:
            one = self._chance.choice(spoken[-20:])
            self._do(channel, "edit", one.citizen or "", edit_of=one.seq, text=f"{one.text}, точнее {self._words()}")

    def _repeat(self, channel: str) -> None:
        spoken = [one for one in self._spoken(channel) if one.text]
        if spoken:
            one = self._chance.choice(spoken[-5:])
            self._do(channel, "message", one.citizen or "", text=one.text)

    def _start(self, _channel: str) -> None:
        self._do("telegram", "start", self._who())

    def _call_from_group(self, _channel: str) -> None:
        name = self._world.ground.centre.bot_username
        self._do("telegram", "message", self._who(), chat="dvor", text=f"@{name} {self._words()}")

    def _tag(self) -> None:
        """Post a picture with the centre in it and in its caption, or it could not be answered."""
        name = self._world.ground.centre.instagram_username
        self._do("instagram", "tag", self._who(), text=f"{self._words()} @{name}", media=[self._picture()])

    def _comment(self) -> None:
        """Comment under the centre's own post, or name it under somebody else's, which must be looked up."""
        name = self._world.ground.centre.instagram_username
        self._do(
            "instagram", "comment", self._who(), under=self._chance.choice(self._posts), text=f"{self._words()} @{name}"
        )

    def _write_directly(self) -> None:
        self._do("instagram", "dm", self._who(), text=self._words(), media=[self._picture()])

    def _spoken(self, channel: str) -> list[Entry]:
        return [one for one in self._world.ground.ledger if one.channel == channel and is_spoken(one)]

    def _picture(self) -> dict[str, object]:
        noise = self._chance.randbytes(_PIXELS * _PIXELS * 3)
        file = io.BytesIO()
        Image.frombytes("RGB", (_PIXELS, _PIXELS), noise).save(file, "PNG")
        return {"kind": "photo", "name": "photo.png", "base64": base64.b64encode(file.getvalue()).decode()}


def is_spoken(entry: Entry) -> bool:
    """Say whether a line of the ledger is a message of a citizen: neither an edit of one nor a command."""
    return entry.direction == "from_citizen" and entry.act in _SPEAKING
