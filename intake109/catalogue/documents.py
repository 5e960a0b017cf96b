"""Strict reading of the catalogue's YAML: every complaint knows file and line, and all come at once.

Scalars are always text (YAML's own guesses turn `no`, `109` or `12:30` into something else), so a phrase needs no
quotes to stay what a citizen wrote.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from intake109.catalogue.services import Words

_NAMES = ("ru", "kk", "en")
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the C reader is 20 times faster; marks are the same


class Document:
    """One YAML file being read; what is wrong with it collects in `problems`."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.problems: list[str] = []
        self.root = self._compose(text)

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

    def complain(self, node: Node | None, message: str) -> None:
        """Note what is wrong at `node` and what to do."""
        line = f":{node.start_mark.line + 1}" if node is not None else ""
        self.problems.append(f"{self.name}{line}: {message}")

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
            self.problems.append(f"{self.name}:{line}: is no YAML ({error.problem}): check quotes, colons and indents")
            return None
        except yaml.YAMLError as error:
            self.problems.append(f"{self.name}: is no YAML ({error}): remove the character it names")
            return None
        finally:
            loader.dispose()
        return node
