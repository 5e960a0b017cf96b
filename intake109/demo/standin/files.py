"""Files that citizens send: drawn pictures, and small plausible samples of everything else.

A file may claim a size that its bytes do not have, so that a video of 48 MB costs nothing to keep.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from intake109.demo.standin.asked import Asked
from intake109.demo.standin.ledger import Picture
from intake109.demo.standin.pictures import draw

_MIME = {
    "photo": "image/jpeg",
    "video": "video/mp4",
    "video_note": "video/mp4",
    "voice": "audio/ogg",
    "audio": "audio/mpeg",
    "document": "application/pdf",
    "sticker": "image/webp",
}
_NAME = {
    "photo": "photo.jpg",
    "video": "VID_0109.mp4",
    "video_note": "note.mp4",
    "voice": "voice.ogg",
    "audio": "audio.mp3",
    "document": "zayavlenie.pdf",
    "sticker": "sticker.webp",
}
# Three seconds each that a browser plays; made for the demo.
_CITY = Path(__file__).parents[1] / "city"
_PLAYED = {"video": "clip.mp4", "video_note": "clip.mp4", "voice": "voice.ogg"}
# The beginnings by which a careful receiver recognises a type; what follows is filler.
_BEGINNING = {
    "audio": b"ID3\x04\x00\x00\x00\x00\x00\x00\xff\xfb\x90\x64",
    "document": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
    "sticker": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
}


@dataclass(frozen=True, slots=True)
class Stored:
    """A file with what the platforms tell about it."""

    number: int
    kind: str
    name: str
    mime: str
    data: bytes
    size: int
    width: int = 640
    height: int = 480
    duration: int = 0

    @property
    def sha256(self) -> bytes:
        """The digest of the bytes."""
        return hashlib.sha256(self.data).digest()

    def shown(self) -> Picture:
        """Give what a conversation shows of it."""
        return Picture(self.number, self.kind, self.mime, self.name)


class Files:
    """All files of the city by number, and whether old links to them still work."""

    def __init__(self) -> None:
        self._files: dict[int, Stored] = {}
        self.epoch = 1

    def expire_links(self) -> None:
        """Kill every link given out so far; new ones work again."""
        self.epoch += 1

    def at(self, number: int) -> Stored | None:
        """Find a file."""
        return self._files.get(number)

    def keep(self, kind: str, name: str, mime: str, data: bytes, size: int = 0, duration: int = 0) -> Stored:
        """Store a file; `size` overrules the length of the bytes in what the platforms say."""
        stored = Stored(len(self._files) + 1, kind, name, mime, data, size or len(data), duration=duration)
        self._files[stored.number] = stored
        return stored

    def sent(self, spec: object, kind: str = "photo") -> Stored:
        """Make a file out of what an act says: a picture's name, or an object.

        The object may have `kind`, `name` (a picture's name for photos, a file name else), `base64`, `mime`, `size`
        (claimed bytes) and `duration` (seconds).
        """
        said = Asked(spec if isinstance(spec, dict) else {"name": str(spec)} if spec else {})
        kind = said.text("kind", kind)
        name = said.text("name")
        data = base64.b64decode(said.text("base64")) if said.given("base64") else sample(kind, name)
        shown = f"{name}.jpg" if kind == "photo" and name and "." not in name else name or _NAME[kind]
        mime = said.text("mime", _MIME[kind])
        return self.keep(kind, shown, mime, data, said.integer("size"), said.integer("duration"))

    def link(self, base_url: str, channel: str, number: int, until: datetime) -> str:
        """Give a link as a CDN does: it names its own end, and dies with its epoch."""
        stored = self._files[number]
        oe = f"{int(until.timestamp()):x}"
        return f"{base_url}/cdn/{channel}/{number}/{stored.name}?oe={oe}&ep={self.epoch}"

    def works(self, oe: str, epoch: str, now: datetime) -> bool:
        """Say whether a link is still good; exactly at its end it is not."""
        try:
            until = int(oe, 16)
        except ValueError:
            return False
        return epoch == str(self.epoch) and now < datetime.fromtimestamp(until, now.tzinfo)


LINK_LIFE = {"whatsapp": timedelta(minutes=5), "instagram": timedelta(days=3)}


def sample(kind: str, name: str = "") -> bytes:
    """Make bytes that look like a file of this kind; a photo is drawn by its name."""
    if kind == "photo":
        return draw(name.removesuffix(".jpg") or "street")
    filler = f"\n{kind} {name}".encode() * 20
    if kind in _PLAYED:
        # An MP4 box that players skip; what follows an Ogg stream's last page is skipped too.
        return (_CITY / _PLAYED[kind]).read_bytes() + (len(filler) + 8).to_bytes(4, "big") + b"free" + filler
    return _BEGINNING.get(kind, b"") + filler
