"""Days in free texts, as people in Great Britain write them: the day before the month."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from defectreg.intake.passages import Passage
from defectreg.intake.reports import Found

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?:\.(?=\s[0-9]))?"
)
_EDGE, _END = r"(?<![0-9A-Za-z./-])", r"(?![0-9A-Za-z])(?![./-][0-9])"
_FORMS = tuple(
    re.compile(f"{_EDGE}{form}{_END}", re.IGNORECASE)
    for form in (
        r"(?P<year>20[0-9]{2})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})",
        r"(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/(?P<year>20[0-9]{2}|[0-9]{2})",
        r"(?P<day>[0-9]{1,2})(?P<sign>[.-])(?P<month>[0-9]{1,2})(?P=sign)(?P<year>20[0-9]{2})",
        rf"(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s-]{{0,2}}{_MONTH}"
        r"(?:[\s,-]{1,2}(?P<year>20[0-9]{2}))?",
        rf"{_MONTH}\s+(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<year>20[0-9]{{2}}))?",
    )
)
_RELATIVE = re.compile(r"\b(?:(today|this morning)|(yesterday|last night))\b", re.IGNORECASE)
_SINCE = re.compile(
    r"(?:since|from|started|starting|began|beginning|as of|first (?:seen|noticed|reported))"
    r"(?: (?:on|about|around|the|at))*\s*$",
    re.IGNORECASE,
)


def days(passage: Passage) -> Iterator[Found]:
    """Each day that is named, as ``since`` where the text says that it began then, else ``date``.

    A day without a year is the last such day before the text was told; where it is not known when
    that was, no day.
    """
    for match, day in _days(passage):
        is_future = passage.day is not None and day > passage.day
        is_since = not is_future and bool(_SINCE.search(passage.before(match.start())))
        yield Found("since" if is_since else "date", day.isoformat(), *match.span())


def _days(passage: Passage) -> Iterator[tuple[re.Match[str], datetime.date]]:
    for form in _FORMS:
        for match in form.finditer(passage.text):
            day = _day(match, passage.day)
            if day is not None:
                yield match, day
    for match in _RELATIVE.finditer(passage.text) if passage.day else ():
        if passage.day:
            yield match, passage.day - datetime.timedelta(days=1 if match[2] else 0)


def _day(match: re.Match[str], told: datetime.date | None) -> datetime.date | None:
    month = match["month"].lower()
    number = int(month) if month.isdecimal() else _MONTHS.index(month[:3]) + 1
    year = match["year"]
    if year is None and match["month"] == "may":
        return None
    if year is None:
        return _before(told, number, int(match["day"])) if told else None
    return _real(int(year) if len(year) == 4 else 2000 + int(year), number, int(match["day"]))


def _before(told: datetime.date, month: int, day: int) -> datetime.date | None:
    here = _real(told.year, month, day)
    return here if here is not None and here <= told else _real(told.year - 1, month, day)


def _real(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None
