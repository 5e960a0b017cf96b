"""PDF: A4 with the Kazakh letters embedded, tables that go on over pages under their heads, bars drawn as vectors."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from intake109.reports import drawing
from intake109.reports.paper import Kind, Paper, Sheet, shown

if TYPE_CHECKING:
    from reportlab.graphics.shapes import Drawing
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Flowable, Table

_FONTS = Path(__file__).parents[1] / "fonts"
_BOOK, _BOLD = "DejaVuSans", "DejaVuSans-Bold"
_INK, _SOFT, _LINE, _BAR, _LATE, _GROUND = "#14202b", "#55636f", "#c3ccd4", "#2f6fae", "#c2410c", "#f3f6f8"
_MARGIN = 42.0
_WORDS, _NUMBER, _LEAST_NAME, _PADDING = 120.0, 5.4, 96.0, 3.0
"""Points, but for a number: that is how many times as wide as its letters are high."""
_TOGETHER = 3
"""So many rows stay with the head, and with the last one: no page begins with a row by itself."""
_FACTS_A_ROW = 4
_BEGINNING, _PICTURE = 120.0, 220.0
"""A title stays with the beginning of its table, or with its whole picture."""


def pdf(paper: Paper) -> bytes:
    """Return the document."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    _register_fonts()
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        title=f"{paper.title} · {paper.subtitle}",
        author=paper.title,
        lang=paper.language,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN + 8,
        invariant=1,  # the same figures give the same bytes
    )

    def foot(canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont(_BOOK, 7)
        canvas.setFillColor(_SOFT)
        canvas.drawString(_MARGIN, 28, f"{paper.title} · {paper.subtitle}")
        canvas.drawRightString(A4[0] - _MARGIN, 28, paper.words("page", n=document.page))
        canvas.restoreState()

    document.build(_story(paper, document.width), onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


@cache
def _register_fonts() -> None:
    from reportlab.lib.fonts import addMapping
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name in (_BOOK, _BOLD):
        pdfmetrics.registerFont(TTFont(name, str(_FONTS / f"{name}.ttf")))
    addMapping(_BOOK, 0, 0, _BOOK)
    addMapping(_BOOK, 1, 0, _BOLD)


def _style(size: float, colour: str = _INK, font: str = _BOOK, **more: object) -> ParagraphStyle:
    from reportlab.lib.styles import ParagraphStyle

    return ParagraphStyle(
        f"{font}{size}", fontName=font, fontSize=size, leading=size * 1.3, textColor=colour, splitLongWords=1, **more
    )


def _text(text: str, style: ParagraphStyle) -> Flowable:
    """Return a text; what looks like markup in it is shown, not obeyed."""
    from reportlab.platypus import Paragraph

    return Paragraph(escape(text), style)


def _story(paper: Paper, width: float) -> list[Flowable]:
    from reportlab.platypus import Spacer

    story: list[Flowable] = [
        _text(paper.title, _style(17, font=_BOLD)),
        _text(paper.subtitle, _style(12, font=_BOLD)),
        Spacer(0, 4),
        _text(f"{paper.made}. {paper.seal}.", _style(7.5, _SOFT)),
        *(_text(line, _style(8, _LATE)) for line in paper.corrections),
        Spacer(0, 10),
        _facts(paper, width),
        Spacer(0, 6),
    ]
    for sheet in paper.sheets:
        story += _sheet(sheet, paper, width)
    return story


def _facts(paper: Paper, width: float) -> Table:
    from reportlab.platypus import Table

    label, value = _style(7, _SOFT), _style(13, font=_BOLD)
    cells = [[_text(fact.label, label), _text(fact.shown, value)] for fact in paper.facts]
    rows = [cells[at : at + _FACTS_A_ROW] for at in range(0, len(cells), _FACTS_A_ROW)]
    rows[-1] += [[] for _ in range(_FACTS_A_ROW - len(rows[-1]))]
    style = [("BOX", (0, 0), (-1, -1), 0.5, _LINE), ("INNERGRID", (0, 0), (-1, -1), 0.5, _LINE), _top()]
    return Table(rows, colWidths=[width / _FACTS_A_ROW] * _FACTS_A_ROW, style=style)


def _sheet(sheet: Sheet, paper: Paper, width: float) -> list[Flowable]:
    from reportlab.platypus import CondPageBreak, Spacer

    head: list[Flowable] = [
        CondPageBreak(_PICTURE if sheet.upright else _BEGINNING),
        Spacer(0, 12),
        _text(sheet.title, _style(11, font=_BOLD)),
    ]
    if sheet.note:
        head.append(_text(sheet.note, _style(7.5, _SOFT)))
    if not sheet.rows:
        return [*head, _text(paper.words("none"), _style(8.5, _SOFT))]
    picture = drawing.chart(sheet)
    if picture is not None:
        return [*head, Spacer(0, 4), _chart(picture, width), _text(_legend(sheet), _style(7.5, _SOFT))]
    return [*head, Spacer(0, 4), _table(sheet, paper, width)]


def _legend(sheet: Sheet) -> str:
    whole, part = (sum(int(row.values[place] or 0) for row in sheet.rows) for place in (1, 2))
    return f"{sheet.columns[1].label}: {whole} · {sheet.columns[2].label}: {part}"


def _chart(picture: drawing.Chart, width: float) -> Drawing:
    from reportlab.graphics.shapes import Drawing, Line, Rect, String
    from reportlab.lib.colors import HexColor

    scale, height = width / drawing.WIDTH, drawing.HEIGHT
    found = Drawing(width, height * scale)
    for y in (height - 14.0, height - picture.base):
        found.add(Line(0, y * scale, width, y * scale, strokeColor=HexColor(_LINE), strokeWidth=0.5))
    soft = {"fontName": _BOOK, "fontSize": 7, "fillColor": HexColor(_SOFT)}
    found.add(String(0, (height - 10) * scale, str(picture.most), **soft))
    for bar in picture.bars:
        x, top, wide = bar.x * scale, (height - bar.y) * scale, bar.width * scale
        tall, late = bar.height * scale, bar.second * scale
        found.add(Rect(x, top - tall, wide, tall, fillColor=HexColor(_BAR), strokeColor=None))
        if late:
            found.add(Rect(x, top - late, wide, late, fillColor=HexColor(_LATE), strokeColor=None))
        if bar.label:
            found.add(String(x + wide / 2, 3, bar.label, textAnchor="middle", **soft))
    return found


def _table(sheet: Sheet, paper: Paper, width: float) -> Table:
    from reportlab.lib.enums import TA_RIGHT
    from reportlab.platypus import Table

    is_wide = len(sheet.columns) > 7
    size = 6.5 if is_wide else 8
    left, right = _style(size), _style(size, alignment=TA_RIGHT)
    head, head_right = _style(size - 0.5, _SOFT), _style(size - 0.5, _SOFT, alignment=TA_RIGHT)
    texts = [column.kind is Kind.TEXT for column in sheet.columns]
    long = drawing.lengths(sheet)
    rows: list[list[object]] = [
        [_text(one.label, head if text else head_right) for one, text in zip(sheet.columns, texts, strict=True)]
        + ([""] if long else [])
    ]
    bar = 0.0 if not long else 52.0 if is_wide else 110.0
    for number, row in enumerate(sheet.rows):
        cells: list[object] = [
            _text(shown(value, column.kind, paper.words), left if text else right)
            for value, column, text in zip(row.values, sheet.columns, texts, strict=True)
        ]
        rows.append(cells + ([_bar(long[number], bar - 12)] if long else []))
    style = [
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, _LINE),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, _LINE),
        ("LEFTPADDING", (0, 0), (-1, -1), _PADDING),
        ("RIGHTPADDING", (0, 0), (-1, -1), _PADDING),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("NOSPLIT", (0, 0), (0, min(_TOGETHER, len(rows) - 1))),
        ("NOSPLIT", (0, max(0, len(rows) - _TOGETHER)), (0, -1)),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
    return Table(rows, colWidths=_widths(sheet, paper, size, bar, width), repeatRows=1, style=style, hAlign="LEFT")


def _widths(sheet: Sheet, paper: Paper, size: float, bar: float, width: float) -> list[float]:
    """Return widths that fill the page: each column what its longest word needs, the first one the rest.

    Words are not broken where that can be helped; a table that is too wide by itself gives up room of its bars first.
    """
    columns = list(enumerate(sheet.columns))[1:]
    needed = [
        min(_WORDS, max(_room(text, size) for text in _texts(sheet, at, paper)) + 2 * _PADDING) for at, _ in columns
    ]
    wanted = [
        max(need, _WORDS if column.kind is Kind.TEXT else _NUMBER * size)
        for need, (_, column) in zip(needed, columns, strict=True)
    ]
    for others in (wanted, needed):
        if width - bar - sum(others) >= _LEAST_NAME:
            return [width - bar - sum(others), *others, *([bar] if bar else [])]
    scale = (width - bar - _LEAST_NAME) / sum(needed)
    return [_LEAST_NAME, *(one * scale for one in needed), *([bar] if bar else [])]


def _texts(sheet: Sheet, at: int, paper: Paper) -> list[str]:
    column = sheet.columns[at]
    return [column.label, *(shown(row.values[at], column.kind, paper.words) for row in sheet.rows)]


def _room(text: str, size: float) -> float:
    """Return how wide the longest word is; what a hard space joins is one."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return max((stringWidth(word, _BOOK, size) for word in text.split(" ")), default=0.0)


def _bar(length: float, room: float) -> Drawing:
    from reportlab.graphics.shapes import Drawing, Rect
    from reportlab.lib.colors import HexColor

    found = Drawing(room, 6)
    found.add(Rect(0, 0, max(0.3, room * length / 100), 6, fillColor=HexColor(_BAR), strokeColor=None))
    return found


def _top() -> tuple[object, ...]:
    return ("VALIGN", (0, 0), (-1, -1), "TOP")
