"""What a scan found, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from defectreg.cli.output import bold, disclaimer_lines, escape, wrapped

if TYPE_CHECKING:
    from defectreg.inventory.portfolio.groups import Portfolio
    from defectreg.inventory.portfolio.news import News
    from defectreg.inventory.scanning import Issue, Known, NotJudged, Scan

_MOST_SAID = 160
"""Characters of what a fix says; JSON has all of it."""
_MOST_NAMES, _MOST_NAME = 20, 40
"""Columns that are named, and characters of a name."""
_INDENT = "    "


def lines_of(found: Scan, limit: int) -> Iterator[str]:
    """What was found, of combinations and Devices at most so many each."""
    from defectreg.inventory.scan_results import NOTE

    yield from disclaimer_lines()
    yield ""
    for line in wrapped(_first_sentence(found), ""):
        yield bold(line)
    if found.totals.unknown:
        yield from wrapped(NOTE, "")
    for note in _notes(found):
        yield from wrapped(escape(note), "")
    yield from _news_lines(found, limit)
    yield from _known_lines(found, limit)
    yield from _not_judged_lines(found.not_judged, limit)


def _first_sentence(found: Scan) -> str:
    totals = found.totals
    both = f" (of {totals.both} both)" if totals.both else ""
    return (
        f"{_number(totals.combinations, 'installed combination')}, "
        f"{_number(found.devices, 'Device')}: {totals.known:,} with known issues, "
        f"{totals.not_judged:,} could not be judged{both}, "
        f"{totals.unknown:,} with nothing known."
    )


def _notes(found: Scan) -> Iterator[str]:
    totals = found.totals
    if found.mended:
        yield f"{_number(found.mended, 'identifier')} got back the zeros that a spreadsheet ate."
    if totals.without_hub:
        yield (
            f"Of {_number(totals.without_hub, 'combination')} no Communications Hub is given: what "
            "is known of a Hub alone is not asked, and a match with an entry that names one is "
            "partial."
        )
    if totals.alone:
        yield (
            f"Of {_number(totals.alone, 'Device')} it is not given with which others they are "
            "installed: a match with an entry of several Devices is partial."
        )
    for portfolio in found.portfolios:
        yield from (f"{portfolio.name}: {note}." for note in _notes_of(portfolio))


def _notes_of(portfolio: Portfolio) -> Iterator[str]:
    from defectreg.store.inventory.alike import MOST_IN_PREMISES

    if portfolio.layout:
        yield f"read as {portfolio.layout}"
    if portfolio.personal:
        names = ", ".join(name[:_MOST_NAME] for name in portfolio.personal[:_MOST_NAMES])
        yield f"columns of personal data are left out: {names}"
    if portfolio.gone:
        yield f"{_number(portfolio.gone, 'Device')} left out, decommissioned or withdrawn"
    if portfolio.regrouped():
        yield (
            f"{_number(portfolio.regrouped(), 'Device')} taken alone, because more than "
            f"{MOST_IN_PREMISES} are said to be of one premises"
        )


def _news_lines(found: Scan, limit: int) -> Iterator[str]:
    if found.news is None:
        return
    lines = list(_news(found.news))
    yield ""
    yield bold("What is new, and what is gone" if lines else "Nothing is new, and nothing is gone.")
    for line in lines[:limit]:
        yield from wrapped(escape(line), _INDENT * 2, _INDENT)
    if len(lines) > limit:
        yield f"{_INDENT}{limit} of {len(lines):,}; --limit shows more, --json has all."


def _news(news: News) -> Iterator[str]:
    yield from (f"new: {record_id}  {text}" for record_id, text in sorted(news.new))
    for record_id, kind, device, firmware in sorted(news.remedies):
        yield f"new {kind}: {record_id}  {device} {firmware}".rstrip()
    for record_id, text in sorted(news.gone):
        yield f"gone: {record_id}  {text} (not installed any more, or not in the register)"


def _known_lines(found: Scan, limit: int) -> Iterator[str]:
    """What applies, below each combination; records with a fix first."""
    by_combination: dict[str, list[Known]] = {}
    for known in found.known:
        by_combination.setdefault(str(known.combination), []).append(known)
    for text, rows in list(by_combination.items())[:limit]:
        devices, number = max((row.devices, row.combinations) for row in rows)
        yield ""
        head = f"{escape(text)}: {_number(devices, 'Device')}"
        if devices != number:
            head += f" in {_number(number, 'installed combination')}"
        for line in wrapped(head, _INDENT, ""):
            yield bold(line)
        for row in sorted(rows, key=lambda row: _best_first(found.issues[row.record_id])):
            yield from _issue_lines(row, found.issues[row.record_id], found.news, devices)
    if len(by_combination) > limit:
        yield ""
        yield f"{limit} of {len(by_combination):,} combinations; --limit shows more, --csv has all."


def _best_first(issue: Issue) -> tuple[int, str]:
    from defectreg.inventory.scanning import REMEDIES

    kinds = [REMEDIES.index(remedy.kind) for remedy in issue.remedies]
    return min(kinds, default=len(REMEDIES)), issue.record.id


def _issue_lines(row: Known, issue: Issue, news: News | None, devices: int) -> Iterator[str]:
    from defectreg.inventory.scan_results import news_words, remedy_words
    from defectreg.register.shown_words import kind_words

    record = issue.record
    yield from wrapped(escape(f"{record.id}  {record.title}"), _INDENT * 2, "  ")
    for remedy in issue.remedies:
        said = " ".join(remedy.says.split())
        said = said if len(said) <= _MOST_SAID else said[:_MOST_SAID].rstrip() + "…"
        yield from wrapped(escape(f"{remedy_words(remedy)}. {said}"), _INDENT * 2, _INDENT)
    applies = {"yes": "applies", "possibly": "possibly applies"}.get(
        row.applies, "partial match: the other Devices of the entry are not given"
    )
    about = [applies, f"{kind_words(record)}, {record.certainty}", issue.stage.name]
    about += [mark for mark in issue.marks if mark != "cause-unknown"]
    about += [_number(row.devices, "Device")] if row.devices != devices else []
    about += [word for word in [news_words(record.id, str(row.combination), news)] if word]
    if not issue.remedies:
        about.insert(0, "no fix, workaround or accommodation")
    yield from wrapped(escape(" · ".join(about)), _INDENT * 2, _INDENT)


def _not_judged_lines(rows: Sequence[NotJudged], limit: int) -> Iterator[str]:
    if not rows:
        return
    yield ""
    yield bold("Could not be judged")
    for row in rows[:limit]:
        text = f"{row.given}: {_number(row.devices, 'Device')}; {'; '.join(row.problems)}"
        yield from wrapped(escape(text), _INDENT, "  ")
    if len(rows) > limit:
        yield f"  {limit} of {len(rows):,}; --limit shows more, --csv has all."


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
