"""The sheets of the report, one function a theme."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from intake109.catalogue.services import Catalogue
from intake109.reports.figures import Course, Figures, Kept, Machine, Point, Ranked, Rating, Slice, Work
from intake109.reports.paper import Column, Kind, Row, Sheet, clean, lines, share
from intake109.reports.words import Words


@dataclass(frozen=True, slots=True)
class Names:
    """Finds the names of codes in one language."""

    catalogue: Catalogue
    words: Words

    def channel(self, code: str) -> str:
        return self.words.named("channel", code)

    def language(self, code: str) -> str:
        return self.words.named("language", code)

    def sphere(self, code: str) -> str:
        found = self.catalogue.spheres.get(code)
        return clean(found.of(self.words.language)) if found else code or self.words("unknown")

    def service(self, code: str) -> str:
        return clean(self.catalogue.service_name(code, self.words.language))

    def executor(self, one: Rating) -> str:
        own = {"kk": one.name_kk, "en": one.name_en}.get(self.words.language) or one.name
        return clean(own or self.catalogue.executor_name(one.code, self.words.language))

    def curator(self, one: Rating) -> str:
        return clean(one.name or self.catalogue.curator_name(one.code, self.words.language))


def all_of(figures: Figures, names: Names) -> tuple[Sheet, ...]:
    """Return the sheets in the order in which they are read."""
    flow, words = figures.flow, names.words
    month = {"first": words.day(figures.staff.month_from), "last": words.day(figures.last)}
    return (
        _kept(figures.kept, flow.mentions, words),
        _course(figures.course, words),
        _lateness(figures, words),
        _blind(figures, names),
        _slices("channels", flow.by_channel, [names.channel(one.code) for one in flow.by_channel], words),
        _slices("languages", flow.by_language, [names.language(one.code) for one in flow.by_language], words),
        _slices("spheres", flow.by_sphere, [names.sphere(one.code) for one in flow.by_sphere], words),
        _series("days", flow.by_day, [words.day(one.code) for one in flow.by_day], words),
        _series("hours", flow.by_hour, [f"{one.code}:00" for one in flow.by_hour], words),
        _automatic(figures, words),
        _machine(figures.machine, words),
        _sample(figures.machine, names),
        _ranked("areas", figures.areas, [clean(one.name or one.code) for one in figures.areas], words),
        _ranked("services", figures.services, [names.service(one.code) for one in figures.services], words),
        _rated("executors", figures.executors, [names.executor(one) for one in figures.executors], words),
        _rated("curators", figures.curators, [names.curator(one) for one in figures.curators], words),
        _staff("staff", figures.staff.work, words, {}),
        _shares("staff_channels", figures.staff.work, names, {}),
        _staff("month", figures.staff.month, words, month),
        _shares("month_channels", figures.staff.month, names, month),
    )


def _sheet(
    code: str,
    words: Words,
    columns: Iterable[tuple[str, Kind]],
    rows: Iterable[Row],
    *,
    drawn: str = "",
    upright: bool = False,
    told: dict[str, str] | None = None,
) -> Sheet:
    note = words(f"note.{code}", **(told or {})) if f"note.{code}" in words.texts else ""
    made = tuple(Column(name, words(f"column.{name}"), kind) for name, kind in columns)
    return Sheet(code, words(f"sheet.{code}"), note, made, tuple(rows), drawn, upright)


def _facts(code: str, words: Words, rows: Iterable[tuple[str, int | None, int | None]], drawn: str = "") -> Sheet:
    columns = (("figure", Kind.TEXT), ("value", Kind.COUNT), ("share", Kind.SHARE))
    return _sheet(code, words, columns, lines(rows, words), drawn=drawn)


def _kept(kept: Kept, mentions: int, words: Words) -> Sheet:
    of = kept.promised
    rows = (
        ("mentions", mentions, None),
        ("promised", of, None),
        ("within_target", kept.within_target, of),
        ("within_promise", kept.within_promise, of),
        ("within_by_person", kept.within_by_person, of),
        ("within_by_machine", kept.within_by_machine, of),
        ("by_person", kept.by_person, of),
        ("by_machine", kept.by_machine, of),
        ("open", kept.open, of),
        ("late_open", kept.late_open, of),
        ("median_min", kept.median_min, None),
        ("p95_min", kept.p95_min, None),
        ("incidents", kept.incidents, None),
        ("incidents_within", kept.incidents_within, kept.incidents),
    )
    return _facts("kept", words, rows)


def _lateness(figures: Figures, words: Words) -> Sheet:
    late = figures.lateness
    of = late.collector + late.desk + late.system + late.open
    rows = (
        ("collector", late.collector, of),
        ("desk", late.desk, of),
        ("system", late.system, of),
        ("late", late.open, of),
        ("system_minutes", late.system_minutes, None),
    )
    return _facts("lateness", words, rows)


def _blind(figures: Figures, names: Names) -> Sheet:
    columns = (("channel", Kind.TEXT), ("minutes", Kind.COUNT), ("spells", Kind.COUNT), ("found_later", Kind.COUNT))
    rows = [
        Row(one.channel, (names.channel(one.channel), one.minutes, one.spells, one.found_later))
        for one in figures.lateness.blind
    ]
    return _sheet("blind", names.words, columns, rows, drawn="minutes")


def _course(course: Course, words: Words) -> Sheet:
    of = course.open
    rows = (
        ("given", course.registered, None),
        ("annulled", course.annulled, course.registered),
        ("answered", course.answered, None),
        ("returned", course.returned, None),
        ("reopened", course.reopened, None),
        ("formal", course.formal, None),
        ("closed", course.closed, None),
        ("satisfied", course.satisfied, course.closed),
        ("answered_at_once", course.answered_at_once, course.closed),
        ("unreached", course.unreached, course.closed),
        ("unheard", course.unheard, course.closed),
        ("closed_late", course.closed_late, course.closed),
        ("closed_late_ever", course.closed_late_ever, None),
        ("standing", of, None),
        ("yellow", course.yellow, of),
        ("red", course.red, of),
        ("waiting", course.waiting, of),
        ("long_term", course.long_term, of),
        ("live_incidents", course.incidents, of),
    )
    return _facts("course", words, rows)


def _slices(code: str, slices: tuple[Slice, ...], shown: list[str], words: Words) -> Sheet:
    whole = sum(one.mentions for one in slices)
    counts = ("appeals", "attached", "dismissed", "open")
    columns = (("name", Kind.TEXT), ("mentions", Kind.COUNT), ("share", Kind.SHARE), *((c, Kind.COUNT) for c in counts))
    rows = [
        Row(
            one.code or "unknown",
            (name, one.mentions, share(one.mentions, whole), one.appeals, one.attached, one.dismissed, one.open),
        )
        for one, name in zip(slices, shown, strict=True)
    ]
    return _sheet(code, words, columns, rows, drawn="mentions")


def _series(code: str, points: tuple[Point, ...], shown: list[str], words: Words) -> Sheet:
    columns = (("day" if code == "days" else "hour", Kind.TEXT), ("mentions", Kind.COUNT), ("late", Kind.COUNT))
    rows = [Row(one.code, (name, one.mentions, one.late)) for one, name in zip(points, shown, strict=True)]
    return _sheet(code, words, columns, rows, drawn="mentions", upright=True)


def _automatic(figures: Figures, words: Words) -> Sheet:
    machines = figures.automatic
    of = machines.registered
    rows = (
        ("registered", of, figures.kept.promised),
        ("confirmed", machines.confirmed, of),
        ("corrected", machines.corrected, of),
        ("attached", machines.attached, of),
        ("annulled", machines.annulled, of),
        ("unchecked", machines.unchecked, of),
    )
    return _facts("automatic", words, rows)


def _machine(machine: Machine, words: Words) -> Sheet:
    rows = (
        ("decisions", machine.decisions, None),
        ("compared", machine.compared, machine.decisions),
        ("first", machine.first, machine.compared),
        ("top3", machine.top3, machine.compared),
        ("danger", machine.incidents, machine.decisions),
        ("danger_heard", machine.incidents_heard, machine.incidents),
        ("danger_missed", machine.incidents_missed, machine.incidents),
        ("danger_false", machine.incidents_false, machine.decisions),
        ("shelved", machine.shelved, None),
        ("shelved_seen", machine.shelved_seen, machine.shelved),
        ("shelved_wrong", machine.shelved_wrong, machine.shelved_seen),
    )
    return _facts("machine", words, rows)


def _sample(machine: Machine, names: Names) -> Sheet:
    columns = [(one, Kind.TEXT) for one in ("task", "channel", "reason", "by")]
    rows = [
        Row(
            str(one.task),
            (str(one.task), names.channel(one.channel), names.words.named("reason", one.reason), clean(one.by)),
        )
        for one in machine.sample
    ]
    return _sheet("sample", names.words, columns, rows)


def _ranked(code: str, ranked: tuple[Ranked, ...], shown: list[str], words: Words) -> Sheet:
    columns = (
        *(("name", Kind.TEXT), ("appeals", Kind.COUNT), ("before", Kind.COUNT)),
        ("change", Kind.CHANGE),
    )
    rows = [
        Row(one.code, (name, one.appeals, one.before, one.appeals - one.before))
        for one, name in zip(ranked, shown, strict=True)
    ]
    return _sheet(code, words, columns, rows, drawn="appeals")


def _rated(code: str, ratings: tuple[Rating, ...], shown: list[str], words: Words) -> Sheet:
    columns = (
        *(("name", Kind.TEXT), ("score", Kind.SCORE)),
        *(("due", Kind.COUNT), ("on_time", Kind.COUNT), ("on_time_share", Kind.SHARE)),
        *(("asked", Kind.COUNT), ("satisfied", Kind.COUNT), ("satisfied_share", Kind.SHARE)),
        *(("reopened", Kind.COUNT), ("red", Kind.COUNT)),
    )
    rows = [
        Row(
            one.code,
            (
                *(name, one.score, one.due, one.on_time, share(one.on_time, one.due)),
                *(one.asked, one.satisfied, share(one.satisfied, one.asked), one.reopened, one.red),
            ),
        )
        for one, name in zip(ratings, shown, strict=True)
    ]
    return _sheet(code, words, columns, rows, drawn="score")


def _staff(code: str, work: tuple[Work, ...], words: Words, told: dict[str, str]) -> Sheet:
    counts = ("decided", "registered", "attached", "answered_at_once", "dismissed")
    slips = ("within_promise", "missed", "misassigned")
    columns = (("name", Kind.TEXT), *((one, Kind.COUNT) for one in (*counts, *slips)))
    rows = [
        Row(
            str(one.user),
            (
                *(clean(one.name), one.decided, one.registered, one.attached, one.answered_at_once, one.dismissed),
                *(one.within_promise, one.missed, one.misassigned),
            ),
        )
        for one in work
    ]
    return _sheet(code, words, columns, rows, drawn="decided", told=told)


def _shares(code: str, work: tuple[Work, ...], names: Names, told: dict[str, str]) -> Sheet:
    columns = (
        *(("name", Kind.TEXT), ("channel", Kind.TEXT)),
        *(("registered", Kind.COUNT), ("share", Kind.SHARE)),
    )
    rows = [
        Row(
            f"{one.user}/{part.channel}",
            (clean(one.name), names.channel(part.channel), part.registered, share(part.registered, one.registered)),
        )
        for one in work
        for part in one.by_channel
    ]
    return _sheet(code, names.words, columns, rows, told=told)
