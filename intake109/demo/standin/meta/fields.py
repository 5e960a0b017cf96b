"""The Graph API's `fields`: a list with nesting and arguments: `id,children{media_url},comments.limit(5){text}`."""

from dataclasses import dataclass, field

from intake109.demo.standin.meta import errors


@dataclass(frozen=True, slots=True)
class Field:
    """One asked field with its arguments and its own fields."""

    name: str
    arguments: dict[str, str] = field(default_factory=dict)
    inner: tuple["Field", ...] = ()


def parse(text: str) -> tuple[Field, ...]:
    """Read a list of fields; an empty text is an empty list.

    Raises:
        GraphError: the brackets do not match.
    """
    fields, rest = _list(text.replace(" ", ""))
    if rest:
        raise errors.syntax(f"\"Expected end of string instead of '{rest[0]}'.\"")
    return fields


def _list(text: str) -> tuple[tuple[Field, ...], str]:
    found: list[Field] = []
    while text and text[0] != "}":
        one, text = _field(text)
        found.append(one)
        if text[:1] == ",":
            text = text[1:]
    return tuple(found), text


def _field(text: str) -> tuple[Field, str]:
    name, text = _word(text)
    if not name:
        raise errors.syntax('"Field is empty."')
    arguments: dict[str, str] = {}
    while text[:1] == ".":
        key, text = _word(text[1:])
        if text[:1] != "(" or ")" not in text:
            raise errors.syntax("\"Expected '('.\"")
        arguments[key], _, text = text[1:].partition(")")
    if text[:1] != "{":
        return Field(name, arguments), text
    inner, text = _list(text[1:])
    if text[:1] != "}":
        raise errors.syntax("\"Expected '}'.\"")
    return Field(name, arguments, inner), text[1:]


def _word(text: str) -> tuple[str, str]:
    end = next((place for place, one in enumerate(text) if one in ".,(){}"), len(text))
    return text[:end], text[end:]
