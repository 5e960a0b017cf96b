"""Strict reading of the catalogue's YAML: every complaint knows file and line, and all come at once.

What the database holds is read the same way, so that there is one place for the rules: JSON is YAML too.

Scalars are always text (YAML's own guesses turn `no`, `109` or `12:30` into something else), so a phrase needs no
quotes to stay what a citizen wrote.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from intake109.catalogue.services import Words

_NAMES = ("ru", "kk", "en")
_DEEPEST = 12
_UNREADABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""What a database or a page refuses; YAML's escapes let it through."""
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the C reader is 20 times faster; marks are the same


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong and what to do; `field` is the top-level key it belongs to, empty for the whole."""

    field: str
    message: str


def _strange(text: str) -> tuple[str, str] | None:
    """Return place and remedy of what no catalogue needs and a hostile file is made of; None if there is none."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            line = f":{event.start_mark.line + 1}" if event.start_mark else ""
            if isinstance(event, yaml.AliasEvent):
                return line, "refers to another place with `*`: write the text out, or put it in quotes"
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                return line, f"is more than {_DEEPEST} lists deep: compare it with a file of the download"
    except yaml.YAMLError:
        return None  # told by the one who reads it
    return None


class Document:
    """One YAML file, or one thing of the database, being read; what is wrong with it collects in `problems`."""

    def __init__(self, name: str, text: str, fields: tuple[str, ...] = ()) -> None:
        self.name = name
        self.problems: list[str] = []
        self.faults: list[Fault] = []
        self._fields = fields
        self.root = self._compose(text)

    @classmethod
    def of(cls, name: str, content: Mapping[str, object]) -> Document:
        """Read what the database holds; complaints tell the field in place of a line."""
        rows = (f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in content.items())
        return cls(name, "{" + ",\n".join(rows) + "}", tuple(content))

    @classmethod
    def read(cls, path: Path) -> Document:
        """Read a file; one that cannot be read, or is no UTF-8, is a problem and not an exception."""
        try:
            return cls(path.name, path.read_text(encoding="utf-8"))
        except OSError as error:
            document = cls(path.name, "")
            document.problems = [f"{path.name}: cannot be read ({error.strerror}): check that it exists and its rights"]
        except UnicodeDecodeError as error:
            document = cls(path.name, "")
            document.problems = [f"{path.name}: is not UTF-8 (byte {error.start}): save it as UTF-8"]
        return document

    @classmethod
    def sent(cls, name: str, content: bytes) -> Document:
        """Read what somebody has sent: what would keep a reader busy for ever is a problem like any other."""
        document = cls(name, "")
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            document._refuse("", f"is not UTF-8 (byte {error.start}): save it as UTF-8")
            return document
        strange = _strange(text)
        if strange:
            document._refuse(*strange)
            return document
        return cls(name, text)

    def complain(self, node: Node | None, message: str) -> None:
        """Note what is wrong at `node` and what to do."""
        line = node.start_mark.line if node is not None else -1
        # One line for each field: see `of`.
        field = self._fields[line] if self._fields and node is not self.root and line >= 0 else ""
        self.faults.append(Fault(field, message))
        where = f":{line + 1}" if line >= 0 and not self._fields else ""
        self.problems.append(f"{self.name}{where}: {message}")

    def place(self, node: Node, what: str = "") -> str:
        """Say where something stands, for complaints about a second time; `what` where there are no lines."""
        return what or self.name if self._fields else f"{self.name}:{node.start_mark.line + 1}"

    def mapping(self, node: Node | None, what: str, known: Collection[str] | None = None) -> dict[str, Node]:
        """Return the entries of a mapping; unknown and repeated keys are complained about and left out."""
        if not isinstance(node, MappingNode):
            self.complain(node, f"{what} must be a list of `key: value` lines")
            return {}
        entries: dict[str, Node] = {}
        for key_node, value in node.value:
            key = str(key_node.value) if isinstance(key_node, ScalarNode) else ""
            if known is not None and key not in known:
                self.complain(key_node, f"{what} has the unknown key `{key}`: use one of {', '.join(sorted(known))}")
            elif key in entries:
                self.complain(key_node, f"{what} has `{key}` twice: keep one")
            else:
                entries[key] = value
        return entries

    def sequence(self, node: Node | None, what: str) -> Iterator[Node]:
        """Yield the items of a list; an empty or missing value is an empty list."""
        if node is None or (isinstance(node, ScalarNode) and not node.value):
            return
        if not isinstance(node, SequenceNode):
            self.complain(node, f"{what} must be a list, one item a line after `- `")
            return
        yield from node.value

    def text(self, node: Node | None, what: str) -> str:
        """Return a text without the blanks around it; an empty one or another type is complained about."""
        if not isinstance(node, ScalarNode):
            self.complain(node, f'{what} must be a text: put it in "quotes"')
            return ""
        value = str(node.value).strip()
        if _UNREADABLE.search(value):
            self.complain(node, f"{what} holds a control character: take it out")
            return ""
        if not value:
            self.complain(node, f"{what} is empty: fill it in or take the line out")
        return value

    def texts(self, node: Node | None, what: str) -> tuple[str, ...]:
        """Return a list of texts."""
        read = (self.text(item, f"an item of {what}") for item in self.sequence(node, what))
        return tuple(text for text in read if text)

    def choice(self, node: Node | None, what: str, known: Collection[str]) -> str:
        """Return a text that must be one of `known`."""
        value = self.text(node, what)
        if value and value not in known:
            self.complain(node, f"{what} `{value}` is unknown: use one of {', '.join(sorted(known))}")
            return ""
        return value

    def words(self, node: Node | None, what: str) -> Words:
        """Return a wording in all three languages."""
        entries = self.mapping(node, what, _NAMES)
        return self.named(entries, node, what)

    def named(self, entries: dict[str, Node], node: Node | None, what: str) -> Words:
        """Return the wordings `ru`, `kk` and `en` among other entries."""
        for language in _NAMES:
            if entries and language not in entries:
                self.complain(node, f"{what} has no `{language}`: add it")
        texts = {key: self.text(entries[key], f"`{key}` of {what}") for key in _NAMES if key in entries}
        return Words(texts.get("ru", ""), texts.get("kk", ""), texts.get("en", ""))

    def _compose(self, text: str) -> Node | None:
        loader = _LOADER(text)
        try:
            node: Node | None = loader.get_single_node()
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            self._refuse(f":{line}", f"is no YAML ({error.problem}): check quotes, colons and indents")
            return None
        except yaml.YAMLError as error:
            self._refuse("", f"is no YAML ({error}): remove the character it names")
            return None
        finally:
            loader.dispose()
        return node

    def _refuse(self, where: str, message: str) -> None:
        self.faults.append(Fault("", message))
        self.problems.append(f"{self.name}{where}: {message}")
