"""What a reply says itself, without the letter it quotes. The signature stays: who did it is part of an answer."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "table", "hr", "pre"})
_UNSEEN = frozenset({"script", "style", "head", "title"})
_QUOTING = re.compile(r"gmail_quote|yahoo_quoted|moz-cite-prefix|mail-quote", re.IGNORECASE)
_QUOTED_TO_THE_END = re.compile(r"divRplyFwdMsg|appendonsend", re.IGNORECASE)
"""Outlook's: what it quotes stands after this element, not in it."""
_ADDRESS = r"[^\n]{0,200}<?[\w.+-]{1,64}@[\w.-]{1,200}>?[^\n]{0,40}"
_DATE = r"\d{1,2}[\s.:/-]"
_INTRODUCTIONS = (
    r"(?:On|Am|Le)\b[^\n]{0,60}\d{4}[^\n]{0,200}(?:\n[^\n]{0,200})?wrote:\s*$",
    rf"[^\n]{{0,60}}{_DATE}{_ADDRESS}(?:\n[^\n]{{0,80}})?(?:пишет|написала?|написал\(а\)|жазды|wrote)?\s*:\s*$",
    rf"[^\n]{{0,60}}{_DATE}[^\n]{{0,200}}\b(?:пишет|написала?|написал\(а\)|жазды|wrote)\s*:\s*$",
    rf"[^\n]{{0,60}}{_DATE}[^\n]{{0,120}}\bот\b{_ADDRESS}:\s*$",
    r"-{2,}\s*(?:Original Message|Исходное сообщение|Пересылаемое сообщение|Бастапқы хат|Forwarded message)\s*-*\s*$",
    r"_{10,}\s*$",
    r"\**(?:От|From|Кімнен)\**\s*:[^\n]*@[^\n]*\n\**(?:Отправлено|Дата|Sent|Date|Кому|To|Жіберілген|Күні)\**\s*:",
    r"\**(?:От|From|Кімнен)\**\s*:[^\n]*\n\**(?:Отправлено|Sent|Жіберілген)\**\s*:",
    r"№\s*\d{4}-\d{6}\s+·[^\n]*$",
)
_QUOTE = re.compile(rf"^[ \t]*(?:{'|'.join(_INTRODUCTIONS)})", re.MULTILINE | re.IGNORECASE)
"""Where mail programs begin to quote, and how our own letters begin (outbox/executors.py)."""
_TAG = re.compile(r"<[^>]*>")
_BLANK_LINES = re.compile(r"\n{3,}")


def own_words(text: str) -> str:
    """Return what stands above the quoted letter; if nothing does, what stands under or between its lines."""
    plain = text.replace("\r\n", "\n").replace("\xa0", " ").strip("\ufeff \n\t")
    lines = plain.split("\n")
    unquoted = "\n".join(line for line in lines if not line.lstrip().startswith((">", "|>")))
    cut = _QUOTE.search(unquoted)
    if cut is None:
        return _tidy(unquoted)
    above = _tidy(unquoted[: cut.start()])
    if above:
        return above
    if unquoted != "\n".join(lines):  # quoted line by line, so that the rest is the writer's own
        return _tidy(_QUOTE.sub("", unquoted, count=1).lstrip(":\n"))
    return ""


def text_of(html: str) -> str:
    """Return the words of an HTML letter up to what it quotes; all of them if they begin with the quote."""
    if html.count("<") > 2 * html.count(">") + 50:  # no page; the parser would look for each end for minutes
        return _tidy(html.replace("<", " "))
    reader = _Reader()
    reader.feed(html)
    reader.close()
    found = _tidy("".join(reader.found))
    return found or _tidy(_TAG.sub(" ", html))  # a page so broken that everything lies in its head


def _tidy(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", lines).strip()


class _Reader(HTMLParser):
    """Collects the words of a page; what a mail program quotes is marked as a quote, line by line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._unseen = 0
        self._quotes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        told = " ".join(value or "" for name, value in attrs if name in ("class", "id"))
        if _QUOTED_TO_THE_END.search(told):
            self._quotes = [""]
        begins = not self._quotes and (tag == "blockquote" or bool(_QUOTING.search(told)))
        if begins or tag in self._quotes[:1]:
            self._quotes.append(tag)
        if tag in _BREAKS or tag == "blockquote":
            self.found.append("\n> " if self._quotes else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN and self._unseen:
            self._unseen -= 1
        if self._quotes and tag == self._quotes[0]:
            self._quotes.pop()
            if not self._quotes:
                self.found.append("\n")
        elif tag in _BREAKS:
            self.found.append("\n> " if self._quotes else "\n")

    def handle_data(self, data: str) -> None:
        if self._unseen or not data:
            return
        words = re.sub(r"\s+", " ", data)
        at_start = not self.found or self.found[-1].endswith(("\n", "> "))
        self.found.append(words.lstrip() if at_start else words)
