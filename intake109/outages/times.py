"""From when till when, as announcements tell it in either language: "с 9:00 до 17:00 23 ноября", "18:00-ге дейін"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_MONTHS = (
    ("январ", "қаңтар"),
    ("феврал", "ақпан"),
    ("март", "наурыз"),
    ("апрел", "сәуір"),
    ("ма[йя]", "мамыр"),
    ("июн", "маусым"),
    ("июл", "шілде"),
    ("август", "тамыз"),
    ("сентябр", "қыркүйек"),
    ("октябр", "қазан"),
    ("ноябр", "қараша"),
    ("декабр", "желтоқсан"),
)
_MONTH = "|".join(name for names in _MONTHS for name in names)
_DAYS = (("послезавтра|бүрсігүні", 2), ("завтра|ертең", 1), ("сегодня|бүгін", 0))
_YEAR = r"(?:[\s.]*(?P<year>20\d\d)(?:\s*-?\s*(?:г(?:ода|\.)?|ж(?:ыл\w*|\.)?)(?![^\W\d_]))?)?"
_HOUR_WORD = r"\s*(?:час(?:ов|а|у)?\b|ч\b\.?|сағ(?:ат\w*|\.))"
_ATOM = re.compile(
    rf"(?P<words>{'|'.join(words for words, _ in _DAYS)})\w*"
    r"|(?P<iso>20\d\d-\d\d-\d\d)"
    rf"|(?<![\d.])(?P<d>\d{{1,2}})\.(?P<m>0[1-9]|1[0-2])(?:\.(?P<y>(?:20)?\d\d))?(?:\s*г\.?(?![^\W\d_]))?(?![\d:])"
    rf"|(?<![\d.])(?P<day>\d{{1,2}})(?:\s*-?\s*(?:го|е))?\s+(?P<month>{_MONTH})\w*{_YEAR}"
    r"|(?<![\d.:])(?P<h>\d{1,2})[:.](?P<min>[0-5]\d)(?:[:.]00)?(?![\d])" + rf"(?:{_HOUR_WORD})?"
    r"|(?P<dashed>(?:(?<=\bс\s)|(?<=\bдо\s)|(?<=\bпо\s))(?P<dh>\d{1,2})-(?P<dm>00|15|30|45))(?!\d)"
    rf"|(?<![\d.:])(?P<bare>\d{{1,2}})(?:{_HOUR_WORD}|\s+(?P<part>утра|дня|вечера|ночи))"
    r"|(?<=сағат\s)(?P<kk>\d{1,2})(?=\s*-?\s*[гғкқдтн][аеә])",
    re.IGNORECASE,
)
_BARE_SPAN = re.compile(r"\bс\s+(\d{1,2})\s+до\s+(\d{1,2})(?![\d:.])(?=\s|$|,|;|\))", re.IGNORECASE)
_DAY_SPAN = re.compile(rf"(?<![\d.])(\d{{1,2}})\s*(-|по|до)\s*(?=\d{{1,2}}\s+(?:{_MONTH}))", re.IGNORECASE)
_BEGINS = re.compile(r"(?:\bс|\bсо|\bот|\bначин\w*(?:\s+с)?)\s*$", re.IGNORECASE)
_ENDS = re.compile(
    r"(?:\bдо|\bпо|(?:включ|восстанов|обеща|подключ|законч|заверш)[^\W\d_]*(?:\s+[^\W\d_]+)?\s+(?:в|к))\s*$",
    re.IGNORECASE,
)
_BEGINS_KK = re.compile(r"\s*-?\s*(?:[дтн][ае]н)\b(?:\s+бастап)?|\s+бастап", re.IGNORECASE)
_ENDS_KK = re.compile(r"\s*-?\s*(?:[гғкқ][ае]|не|на)?\s*дейін", re.IGNORECASE)
_GLUE = re.compile(r"[\s,.()]*(?:\bв|\bкүні|\bсағ(?:ат\w*|\.)|\bг\.|\bгода|\bвремя)?[\s,.()]*", re.IGNORECASE)
_OPEN_END = re.compile(
    r"до\s+(?:окончания|завершения|устранения|конца|особого)(?:\s+[^\W\d_]+){0,3}"
    r"|(?:жөндеу\s+)?жұмыс\w*\s+(?:аяқталғанға|біткенге)\s+дейін|аяқталғанша",
    re.IGNORECASE,
)
_HOURS = (("h", "min"), ("dh", "dm"), ("bare", ""), ("kk", ""))
_DOTTED = re.compile(r"\b(с|от)\s+(\d{1,2})\.(\d\d)\s*(до|по|-)\s*(\d{1,2})\.(\d\d)(?![.\d])", re.IGNORECASE)
_YEAR_BACK = timedelta(days=180)


@dataclass(slots=True)
class _Edge:
    day: date | None = None
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """When, as a text tells it; what it does not tell is None. `has_time` is whether any hour was told.

    `rest` is the text with all of this blanked out.
    """

    begins: datetime | None
    ends: datetime | None
    day: date | None
    has_time: bool
    rest: str
    has_open_end: bool = False


@dataclass(slots=True)
class _Reading:
    text: str
    today: date
    begin: _Edge = field(default_factory=_Edge)
    end: _Edge = field(default_factory=_Edge)
    days: list[date] = field(default_factory=list)


def read(text: str, now: datetime, zone: ZoneInfo, day: date | None = None) -> Span:
    """Read from when till when; `day` is that of the heading above, for hours without one."""
    local = now.astimezone(zone)
    reading = _Reading(_prepared(text, local.date()), local.date())
    open_end = _OPEN_END.search(reading.text)
    if open_end:
        _blank(reading, open_end.start(), open_end.end())
    _take(reading)
    own = reading.days[0] if reading.days else None
    begins, ends = _edges(reading, own or day, local, has_open_end=bool(open_end))
    has_time = reading.begin.at is not None or reading.end.at is not None or open_end is not None
    return Span(
        _utc(begins, zone), _utc(ends, zone), own or reading.begin.day or day, has_time, reading.text, bool(open_end)
    )


def moment(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the one moment a cell tells: "23.11.2026 09:00", "2026-11-23T09:00", "23.11 9.00"; None if it tells none.

    A day without an hour is its beginning.
    """
    text = re.sub(r"(?<=\d)T(?=\d)", " ", text.strip())
    atoms = list(_ATOM.finditer(text))
    if not atoms or _ATOM.sub(" ", text).strip(" ,.;"):
        return None
    days = [day for atom in atoms if (day := _day(atom, now.astimezone(zone).date())) is not None]
    hours = [hour for atom in atoms if (hour := _time(atom)) is not None]
    if len(days) != 1 or len(hours) > 1:
        return None
    return _utc(datetime.combine(days[0], hours[0] if hours else time()), zone)


def _prepared(text: str, today: date) -> str:
    """Write out what stands for two: "с 9 до 17" is hours, "22-23 ноября" two days."""
    text = _DOTTED.sub(
        lambda one: one[0] if _is_month(one[3]) and _is_month(one[6]) else one[0].replace(".", ":"), text
    )
    text = _BARE_SPAN.sub(lambda one: f"с {one[1]}:00 до {one[2]}:00" if _are_hours(one[1], one[2]) else one[0], text)

    def day_of_month(one: re.Match[str]) -> str:
        month = re.match(rf"\d{{1,2}}\s+({_MONTH})\w*", text[one.end() :], re.IGNORECASE)
        return f"{one[1]} {month[1]} {one[2]} " if month else one[0]

    return _DAY_SPAN.sub(day_of_month, text)


def _are_hours(first: str, last: str) -> bool:
    return int(first) <= 24 and int(last) <= 24


def _is_month(text: str) -> bool:
    return 1 <= int(text) <= 12


def _take(reading: _Reading) -> None:
    """Give every day and hour told to the beginning, the end, or the day of both, and blank them out."""
    edge: _Edge | None = None
    before: int | None = None
    for atom in list(_ATOM.finditer(reading.text)):
        day, at = _day(atom, reading.today), _time(atom)
        if day is None and at is None:
            continue
        glue = reading.text[before : atom.start()] if before is not None else ""
        start, stop, told = _role(reading, atom)
        if told is not None:
            edge = told
        elif before is not None and glue.strip() == "-":
            if edge is None:
                _move_to_begin(reading, day is not None)
            edge = reading.end
        elif not (before is not None and edge is not None and _GLUE.fullmatch(glue) and _has_room(edge, day)):
            edge = None
        _put(reading, edge, day, at)
        before = stop
        _blank(reading, start, stop)


def _role(reading: _Reading, atom: re.Match[str]) -> tuple[int, int, _Edge | None]:
    """Return where a moment stands with the words that say whether it is beginning or end."""
    start, stop, text = atom.start(), atom.end(), reading.text
    ahead = re.search(r"(?:\bсағ(?:ат\w*|\.))\s*$", text[:start], re.IGNORECASE)
    start = ahead.start() if ahead else start
    for pattern, edge in ((_BEGINS, reading.begin), (_ENDS, reading.end)):
        match = pattern.search(text[:start])
        if match:
            return match.start(), stop, edge
    for pattern, edge in ((_ENDS_KK, reading.end), (_BEGINS_KK, reading.begin)):
        match = pattern.match(text, stop)
        if match:
            return start, match.end(), edge
    return start, stop, None


def _move_to_begin(reading: _Reading, is_day: bool) -> None:
    """The first of "22–23" or "9:00–17:00" turned out to be the beginning."""
    if is_day and reading.days:
        reading.begin.day = reading.days.pop()


def _has_room(edge: _Edge, day: date | None) -> bool:
    return edge.day is None if day is not None else edge.at is None


def _put(reading: _Reading, edge: _Edge | None, day: date | None, at: time | None) -> None:
    if day is not None:
        if edge is None:
            reading.days.append(day)
        else:
            edge.day = day
    elif edge is not None:
        edge.at = at
    elif reading.begin.at is None:
        reading.begin.at = at
    else:
        reading.end.at = at


def _edges(
    reading: _Reading, day: date | None, local: datetime, *, has_open_end: bool
) -> tuple[datetime | None, datetime | None]:
    begin, end = reading.begin, reading.end
    if begin.day is None and day is None and not reading.days and begin.at and end.at and end.day:
        begin.day = end.day if begin.at < end.at else end.day - timedelta(days=1)
    first_day = begin.day or day or (reading.days[0] if reading.days else None)
    last_day = end.day or (reading.days[1] if len(reading.days) > 1 else None)
    has_begin = begin.at is not None or begin.day is not None or first_day is not None
    naive_now = local.replace(tzinfo=None, second=0, microsecond=0)
    begins = datetime.combine(first_day or local.date(), begin.at or time()) if has_begin else None
    if begins is None and (end.at is not None or last_day is not None or has_open_end):
        begins = naive_now
    if begins is not None and begin.at is None and begins < naive_now and begins.date() == naive_now.date():
        begins = naive_now
    if end.at is None and last_day is None:
        return begins, None
    assert begins is not None
    ends = datetime.combine(last_day or begins.date(), end.at or time(23, 59))
    if ends <= begins and last_day is None:
        ends += timedelta(days=1)  # over midnight
    return begins, ends


def _day(atom: re.Match[str], today: date) -> date | None:
    if atom["words"]:
        ahead = next(days for words, days in _DAYS if re.match(words, atom["words"], re.IGNORECASE))
        return today + timedelta(days=ahead)
    try:
        if atom["iso"]:
            return date.fromisoformat(atom["iso"])
        if atom["month"] and not _is_street(atom):
            month = next(i for i, names in enumerate(_MONTHS, 1) if re.match("|".join(names), atom["month"], re.I))
            return _with_year(int(atom["day"]), month, atom["year"], today)
        if atom["d"]:
            return _with_year(int(atom["d"]), int(atom["m"]), atom["y"], today)
    except ValueError:  # 31 ноября
        return None
    return None


def _is_street(atom: re.Match[str]) -> bool:
    """Say whether a day is a street's name: "8 Марта 12", but neither "8 марта" nor "8 Марта 12:00"."""
    behind = re.match(r"\s*,?\s*(?:дом\w*|д\.|үй\w*)?\s*\d{1,3}(?![:.]?\d)", atom.string[atom.end() :])
    return atom["month"][0].isupper() and not atom["year"] and behind is not None


def _with_year(day: int, month: int, year: str | None, today: date) -> date:
    """Return a day of the year told, else of that in which it is not long past."""
    if year:
        return date(int(year) % 100 + 2000, month, day)
    found = date(today.year, month, day)
    return found if found >= today - _YEAR_BACK else date(today.year + 1, month, day)


def _time(atom: re.Match[str]) -> time | None:
    hour, minute = next(((atom[h], atom[m] if m else "0") for h, m in _HOURS if atom[h]), ("", "0"))
    if not hour or int(hour) > 24:
        return None
    ahead = 12 if atom["part"] in ("дня", "вечера") and int(hour) < 12 else 0
    return time(23, 59) if int(hour) == 24 else time(int(hour) + ahead, int(minute))


def _blank(reading: _Reading, start: int, stop: int) -> None:
    reading.text = reading.text[:start] + " " * (stop - start) + reading.text[stop:]


def _utc(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return moment.replace(tzinfo=zone).astimezone(UTC) if moment else None
