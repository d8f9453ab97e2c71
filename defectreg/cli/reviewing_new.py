"""How new records are shown to the validator who decides of them: in groups, as lines or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from defectreg.cli.findings import counted, finding_json
from defectreg.cli.output import bold, disclaimer_lines, escape, wrapped
from defectreg.cli.reviewing import outlook_line

if TYPE_CHECKING:
    from defectreg.gate.new_records import Arrivals, Group, New
    from defectreg.gate.showing import Shown
    from defectreg.register.similarity import Similar
    from defectreg.register.statement import Statement

SCHEMA_VERSION = 1
_INDENT = " " * 6
_LONGEST = 160
"""Characters of a behaviour that stand in a question; the key v shows the rest."""
_WORTH_TELLING = 0.5
"""How like a record that has landed has to be for it to be named in a question."""


def print_groups(came: Arrivals, batch: int) -> None:
    """All that waits, a line or two each, alike ones beneath the first of them."""
    print("\n".join(disclaimer_lines()))
    if not came.groups:
        print("No new record awaits a decision.")
    for group in came.groups:
        first, *others = group
        print(f"{bold(first.id)}  {escape(first.record.title)}")
        print(f"  {_told(first)}")
        for one in others:
            print(f"  {one.id}  {escape(one.record.title)} ({one.likeness:.0%} alike)")
    print_unreadable(came)
    if came.groups:
        print(f"\n{summary(came)}; in a terminal, `defectreg review --new` asks about up to "
              f"{batch} at once")  # fmt: skip


def print_unreadable(came: Arrivals) -> None:
    """What came in, and has to be mended before anybody can decide of it."""
    for review in came.unreadable:
        print(f"{review.request.record_id}: cannot be read; "
              f"`defectreg review {review.request.record_id}` says why")  # fmt: skip


def summary(came: Arrivals) -> str:
    """How much there is to decide."""
    records = sum(map(len, came.groups))
    return f"{counted(records, 'new record')} in {counted(len(came.groups), 'group')}"


def new_lines(number: int, one: New, page: Shown, audience: str, first: int) -> Iterator[str]:
    """A new record in a question; ``first`` is the number of the first of its group."""
    alike = f" ({one.likeness:.0%} like {first})" if number != first else ""
    head = f"{number:>4}. {one.id}  "
    title, *rest = wrapped(f"{escape(one.record.title)}{alike}", _INDENT, head)
    yield title.replace(one.id, bold(one.id), 1)
    yield from rest
    for text in _lines_of(one, page, audience):
        yield from wrapped(text, _INDENT)


def _lines_of(one: New, page: Shown, audience: str) -> Iterator[str]:
    """What is told of a new record beneath its title."""
    affected, *others = map(str, one.record.affected)
    yield f"{escape(affected)}{f' and {len(others)} more' if others else ''}"
    yield _told(one)
    yield _beginning(str(one.record.data["behaviour"]))
    for outlook in page.outlooks:
        if outlook.audience == audience:
            yield f"accepted and landed: {outlook_line(outlook)}"
    for finding in page.review.errors:
        yield f"{finding.code}: {escape(finding.sentence)}"
    for like in page.similar[:1]:
        if like.likeness >= _WORTH_TELLING:
            yield f"like {like.id}  {escape(like.title)} ({like.likeness:.0%})"


def _beginning(text: str) -> str:
    """The first words of a text, in one line."""
    words = " ".join(text.split())
    return escape(words if len(words) <= _LONGEST else f"{words[:_LONGEST].rstrip()} …")


def _told(one: New) -> str:
    """What kind it is, and who reported it how."""
    record = one.record
    origin = f", from {record.data['origin']}" if "origin" in record.data else ""
    parts = (f"{record.kind}, certainty {record.certainty}, impact {record.impact}{origin}",)
    alike: dict[tuple[str, ...], list[Statement]] = {}
    for report in one.reports:
        key = report.by, report.text("received"), report.text("told-by")
        alike.setdefault(key, []).append(report)
    return "; ".join((*parts, *map(_reported, alike.values())))


def _reported(reports: Sequence[Statement]) -> str:
    """Reports of one Party that reached it in the same way from the same category."""
    first = reports[0]
    often = f" {len(reports)} times" if len(reports) > 1 else ""
    text = f"reported{often} by {first.by}"
    if "received" in first.data:
        text += f", received as {first.text('received')} from {first.text('told-by')}"
    rows = sum(int(report.data.get("stands-for", 0)) for report in reports)
    return f"{text}, {counted(rows, 'row')}" if rows else text


def new_json(
    came: Arrivals, similar: Mapping[int, Sequence[Similar]], batch: int
) -> dict[str, Any]:
    """What is new, as one object of JSON.

    ``schema_version``: 1; ``meta``: ``disclaimer``; ``batch`` (how many records go into one
    question); ``groups``, each with ``records`` (``id``, ``request`` (its branch), ``title``,
    ``affected``, ``kind``, ``certainty``, ``impact``, ``origin`` (null where it does not say),
    ``likeness`` (to the first of the group, from 0 to 1), ``reports`` (``by``, ``date``,
    ``received``, ``told_by`` and ``stands_for``, null where not said), ``findings`` as in
    ``validate``) and ``similar`` (landed records like the first: ``id``, ``title``, ``likeness``);
    ``unreadable`` (ids of records that cannot be read) and ``taken_back`` (ids of those that were
    withdrawn before they landed).
    """
    from defectreg.register.public import DISCLAIMER

    return {
        "schema_version": SCHEMA_VERSION,
        "meta": {"disclaimer": DISCLAIMER},
        "batch": batch,
        "groups": [
            _group_json(group, similar.get(place, ())) for place, group in enumerate(came.groups)
        ],
        "unreadable": [each.request.record_id for each in came.unreadable],
        "taken_back": [each.request.record_id for each in came.taken_back],
    }


def _group_json(group: Group, similar: Sequence[Similar]) -> dict[str, Any]:
    return {
        "records": [_record_json(one) for one in group],
        "similar": [
            {"id": one.id, "title": one.title, "likeness": round(one.likeness, 3)}
            for one in similar
        ],
    }


def _record_json(one: New) -> dict[str, Any]:
    record = one.record
    return {
        "id": one.id,
        "request": one.review.request.branch,
        "title": record.title,
        "affected": [str(each) for each in record.affected],
        "kind": record.kind,
        "certainty": record.certainty,
        "impact": record.impact,
        "origin": record.data.get("origin"),
        "likeness": round(one.likeness, 3),
        "reports": [_report_json(report) for report in one.reports],
        "findings": [finding_json(finding) for finding in one.review.findings],
    }


def _report_json(report: Statement) -> dict[str, Any]:
    return {
        "by": report.by,
        "date": report.date.isoformat(),
        "received": report.data.get("received"),
        "told_by": report.data.get("told-by"),
        "stands_for": report.data.get("stands-for"),
    }


def question_lines(
    group_of: Sequence[tuple[int, int, New]], pages: Sequence[Shown], audience: str
) -> Iterator[str]:
    """A question's records: number, number of the first of its group, and the record."""
    for (number, first, one), page in zip(group_of, pages, strict=True):
        yield from new_lines(number, one, page, audience, first)
