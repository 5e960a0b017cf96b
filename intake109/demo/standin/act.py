"""One act: something a citizen, a public account or the outside world does in the demo city.

The same fields come from a test (`world.act(...)`), from `POST /_city/act`, from the citizens' page and from the
script of the day. See `world.py` for the grammar.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from intake109.demo.standin.asked import Asked, Json


class UnknownActError(Exception):
    """The act cannot be done: it is not in the grammar, or refers to something that is not there."""


@dataclass(frozen=True, slots=True)
class Act:
    """What is to happen. Fields that an act does not use are ignored."""

    said: Asked

    @classmethod
    def of(cls, fields: Mapping[str, object]) -> "Act":
        """Wrap the fields of an act."""
        return cls(Asked(dict(fields)))

    @property
    def name(self) -> str:
        """The act's name."""
        return self.said.text("act")

    @property
    def channel(self) -> str:
        """telegram | whatsapp | instagram | city."""
        return self.said.text("channel")

    @property
    def citizen(self) -> str:
        """Who acts.

        Raises:
            UnknownActError: nobody is named.
        """
        name = self.said.text("citizen")
        if not name:
            raise UnknownActError(f"act {self.name!r} needs a citizen")
        return name

    @property
    def text(self) -> str:
        """The text as the platform shows it."""
        return self.said.text("text")

    @property
    def media(self) -> list[object]:
        """Pictures and files, see `Files.sent`."""
        value = self.said.values.get("media")
        if value is None:
            return []
        return value if isinstance(value, list) else [value]

    @property
    def recording(self) -> dict[str, object]:
        """The one file of an act that is named after its kind (`voice`, `document` …), see `Files.sent`."""
        spec = self.media[0] if self.media else {}
        said: dict[str, object] = dict(spec) if isinstance(spec, dict) else {"name": str(spec)}
        said.setdefault("kind", self.name)
        for field, given in (("name", "file_name"), ("duration", "duration"), ("size", "size")):
            if self.said.given(given):
                said.setdefault(field, self.said.values[given])
        return said

    @property
    def step(self) -> str | None:
        """The script's id of this act, by which later acts may refer to it."""
        return self.said.text("id") or None

    def reference(self, *names: str) -> object | None:
        """What this act refers to under the first of these names that is given."""
        for name in names:
            if self.said.given(name):
                return self.said.values[name]
        return None

    def place(self) -> tuple[float, float]:
        """The place of a location act: latitude, longitude."""
        value = self.said.items("location")
        if len(value) != 2:
            raise UnknownActError("location is [latitude, longitude]")
        return float(str(value[0])), float(str(value[1]))


Result = Json
