"""The formats of a report: one module each, all from the same paper."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from intake109.reports.composing import Sealed
from intake109.reports.figures import Figures
from intake109.reports.paper import Paper


class Format(StrEnum):
    """What a report can be written as."""

    HTML = "html"
    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"

    @property
    def mime(self) -> str:
        """The type browsers and mailboxes are told."""
        return {
            Format.HTML: "text/html; charset=utf-8",
            Format.PDF: "application/pdf",
            Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format.CSV: "text/csv; charset=utf-8",
            Format.JSON: "application/json",
        }[self]


def written(fmt: Format, paper: Paper, figures: Figures, chain: Sequence[Sealed] = ()) -> bytes:
    """Return a report as a file; libraries are imported by the format that needs them."""
    if fmt is Format.HTML:
        from intake109.reports.formats.page import page

        return page(paper).encode()
    if fmt is Format.PDF:
        from intake109.reports.formats.pdf import pdf

        return pdf(paper)
    if fmt is Format.XLSX:
        from intake109.reports.formats.workbook import workbook

        return workbook(paper)
    if fmt is Format.CSV:
        from intake109.reports.formats.tidy import tidy

        return tidy(paper)
    from intake109.reports.formats.record import record

    return record(figures, chain)
