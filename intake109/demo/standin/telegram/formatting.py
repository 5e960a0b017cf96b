"""What parse_mode does to a text: the citizen sees it without the marks, and bad marks are refused.

Source: https://core.telegram.org/bots/api#formatting-options
"""

import html
import re
from html.parser import HTMLParser

_TAGS = frozenset(
    [
        "b",
        "strong",
        "i",
        "em",
        "u",
        "ins",
        "s",
        "strike",
        "del",
        "span",
        "tg-spoiler",
        "a",
        "code",
        "pre",
        "blockquote",
        "tg-emoji",
        "tg-time",
    ]
)
_RESERVED = frozenset("_*[]()~`>#+-=|{}.!")


class FormattingError(Exception):
    """The text does not parse; the message is Telegram's."""


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise FormattingError(f'Unsupported start tag "{tag}" at byte offset {self.getpos()[1]}')
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise FormattingError(f'Unmatched end tag at byte offset {self.getpos()[1]}, found "</{tag}>"')

    def handle_data(self, data: str) -> None:
        self.seen.append(data)


def _html(text: str) -> str:
    if re.search(r"<(?![a-zA-Z/])", text):
        raise FormattingError('Unsupported start tag "" at byte offset 0')
    parser = _Html()
    parser.feed(text)
    parser.close()
    if parser.open:
        raise FormattingError(f'Can\'t find end tag corresponding to start tag "{parser.open[-1]}"')
    return html.unescape("".join(parser.seen))


def _markdown_v2(text: str) -> str:
    text = re.sub(r"\[((?:[^\]\\]|\\.)*)\]\((?:[^)\\]|\\.)*\)", r"\1", text)
    seen: list[str] = []
    escaped = False
    marks = {mark: text.count(mark) - text.count("\\" + mark) for mark in "*_~`|"}
    for character in text:
        if escaped or character not in _RESERVED | {"\\"}:
            seen.append(character)
            escaped = False
        elif character == "\\":
            escaped = True
        elif character not in marks or marks[character] % 2:
            raise FormattingError(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")
    return "".join(seen)


def plain(text: str, parse_mode: str) -> str:
    """Give the text as the citizen sees it.

    Raises:
        FormattingError: the marks do not parse, or the mode is unknown.
    """
    mode = parse_mode.lower()
    if not mode:
        return text
    if mode == "html":
        return _html(text)
    if mode == "markdownv2":
        return _markdown_v2(text)
    if mode == "markdown":
        return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("*", "").replace("_", "").replace("`", "")
    raise FormattingError("Unsupported parse_mode")
