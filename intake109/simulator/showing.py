"""The figures of simulated days as a table on the terminal, with the picture of the queue under it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from intake109.simulator.outcome import Figures, Outcome, Waits
from intake109.simulator.picture import blocks

if TYPE_CHECKING:
    from rich.console import Console


def show(outcome: Outcome, zone: ZoneInfo, console: Console) -> None:
    """Print the figures and the picture."""
    from rich.table import Table

    title = f"{outcome.scenario}: {outcome.inspectors} inspectors, {outcome.days} days, seed {outcome.seed}"
    table = Table(title=title, show_header=False, title_justify="left")
    table.add_column("what")
    table.add_column("how much", justify="right")
    for what, how_much in rows(outcome):
        table.add_row(what, how_much)
    console.print(table)
    console.print(f"waiting in the queue (most in one moment: {outcome.figures.most_waiting})")
    for line in blocks(outcome.samples, zone, min(console.width, 110)):
        console.print(line, highlight=False, soft_wrap=True)


def rows(outcome: Outcome) -> list[tuple[str, str]]:
    """Return the lines of the table: what it is, and how much."""
    figures = outcome.figures
    causes = ", ".join(f"{cause} {count}" for cause, count in figures.late_by_cause.items())
    per_hour = figures.alerts_per_inspector_hour
    return [
        ("mentions (most in an hour)", f"{figures.mentions} ({figures.busiest_hour})"),
        ("promised", str(figures.promised)),
        ("registered within 15 min", _percent(figures.registered_within_15)),
        ("registered within 20 min", _percent(figures.registered_within_20)),
        ("late", f"{figures.late}{f' ({causes})' if causes else ''}"),
        ("lost", str(figures.lost)),
        ("doubled", str(figures.doubled)),
        ("wait p50 / p95 / p99 / max", _waits(figures.wait_s)),
        ("dangers", str(figures.incidents)),
        ("wait of dangers p50 / p95 / p99 / max", _waits(figures.incident_wait_s)),
        ("registered by the machine", f"{_percent(figures.automatic_share)} ({figures.automatic})"),
        ("  with a wrong service", str(figures.automatic_wrong_service)),
        ("  to be clarified", str(figures.automatic_to_be_clarified)),
        ("  unchecked at the end", str(figures.automatic_unchecked)),
        ("dangers without a dispatcher", str(figures.incidents_without_dispatcher)),
        ("appeals taken for none", str(figures.appeals_shelved)),
        ("wrong service by people", str(figures.wrong_service_by_people)),
        ("numbers annulled", str(figures.annulled_numbers)),
        ("alerts per inspector and hour (all)", f"{'—' if per_hour is None else per_hour} ({figures.alerts})"),
        ("  in the worst hour", str(figures.told.alerts_worst_hour)),
        ("messages in the chat / changed there / mails", _messages(figures)),
        ("overtaken / double clicks / undone / asked", _people(outcome)),
        *([("processes that died", str(outcome.died))] if outcome.died else []),
        ("seconds it took", f"{outcome.seconds:.1f}"),
    ]


def _people(outcome: Outcome) -> str:
    return f"{outcome.overtaken} / {outcome.double_clicks} / {outcome.undone} / {outcome.asked}"


def _messages(figures: Figures) -> str:
    return f"{figures.told.chat_messages} / {figures.told.chat_changes} / {figures.told.mails}"


def _percent(share: float) -> str:
    return f"{share * 100:.2f} %"


def _waits(waits: Waits) -> str:
    return " / ".join(f"{int(one // 60)}:{int(one % 60):02d}" for one in (waits.p50, waits.p95, waits.p99, waits.max))
