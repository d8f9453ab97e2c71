"""How a review is shown: as a page, as a few lines among many, as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from defectreg.cli.differing import difference_json, difference_lines
from defectreg.cli.findings import finding_json, finding_lines
from defectreg.cli.output import bold, disclaimer_lines, escape, escape_block

if TYPE_CHECKING:
    from defectreg.gate.reviewing import Review
    from defectreg.gate.showing import Outlook, Shown
    from defectreg.register.similarity import Similar
    from defectreg.register.statement import Statement

SCHEMA_VERSION = 1
_ENVELOPE = frozenset({"of", "kind", "by", "date", "says", "signature"})
"""Keys of a statement that are shown by themselves, or not at all."""


def print_list(reviews: Sequence[Review]) -> None:
    """The records that await something, a few lines each."""
    print("\n".join(disclaimer_lines()))
    if not reviews:
        print("Nothing on a request awaits a sign-off.")
        return
    for found in reviews:
        title = found.record.title if found.record else "(cannot be read)"
        print(f"{bold(found.request.record_id)}  {escape(title)}")
        print(f"  on {escape(found.request.branch)}, awaits: {named(found.awaits)}")
        if found.errors:
            print(f"  errors: {len(found.errors)}, to be mended first")
    print("Next: defectreg review ID")
    if any(found.brings_record and not found.record_has_landed for found in reviews):
        print("  what is new, alike ones together: defectreg review --new")


def print_pages(pages: Sequence[Shown]) -> None:
    """A page for each review."""
    print("\n".join(disclaimer_lines()))
    for page in pages:
        print()
        print("\n".join(page_lines(page)))


def print_next(reviews: Sequence[Review]) -> None:
    """What a person runs to sign what they read."""
    ready = [found.request.record_id for found in reviews if found.awaits and not found.errors]
    if ready:
        print(f"\nNext: defectreg review {' '.join(dict.fromkeys(ready))} --accept")


def page_lines(page: Shown) -> Iterator[str]:
    request, record = page.review.request, page.review.record
    yield f"{bold(request.record_id)} on {escape(request.branch)}"
    if record is not None:
        yield bold(escape(record.title))
        for number, combination in enumerate(record.affected):
            yield f"  {'affected ' if number == 0 else '         '}  {escape(str(combination))}"
        yield f"  kind       {record.kind}, certainty {record.certainty}, impact {record.impact}"
        yield "  behaviour"
        yield _indented(str(record.data["behaviour"]))
    if page.changes:
        yield "  changes"
        for one in page.changes:
            yield from difference_lines(one, "    ")
    for statement in page.review.new:
        yield from _said(statement)
    for finding in page.review.findings:
        yield from finding_lines(finding, "  ")
    yield from _similar_lines(page.similar)
    yield from _outlook_lines(page)
    lift = ["a lift, by the security body"] if page.review.awaits_lift else []
    yield f"  awaits     {named([*page.review.awaits, *lift])}"


def _outlook_lines(page: Shown) -> Iterator[str]:
    if page.unheld:
        yield f"  nobody     holds {named(page.unheld)}: no notice is needed for it"
    if page.outlooks:
        yield "  once accepted and landed today, it is for"
        yield from (f"    {outlook_line(one)}" for one in page.outlooks)


def _said(statement: Statement) -> Iterator[str]:
    signed = "" if statement.is_signed else ", not signed yet"
    what = statement.text("decision") or statement.kind
    yield f"  new        {what} by {escape(statement.by)}{signed}: {escape(statement.file)}"
    for key, value in statement.data.items():
        if key not in _ENVELOPE:
            yield f"    {escape(key)}: {escape(_told(value))}"
    if statement.says:
        yield _indented(statement.says)


def _told(value: Any) -> str:
    """A value of a statement in one line."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_told(inner)}" for key, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_told, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _similar_lines(similar: Sequence[Similar]) -> Iterator[str]:
    for number, one in enumerate(similar):
        lead = "like it    " if number == 0 else " " * len("like it    ")
        yield f"  {lead}{one.id}  {escape(one.title)} ({one.likeness:.0%})"


def outlook_line(one: Outlook) -> str:
    """An audience, the stage for it, what that waits for and of whom, and the marks."""
    stage = one.stage
    text = f"{one.audience:<6} {stage.name}"
    if stage.waits_for:
        text += f", waits for {stage.waits_for} ({', '.join(stage.whom)})"
    if stage.until is not None:
        text += f" until {stage.until.isoformat()}"
    return f"{text}; {', '.join(one.marks)}" if one.marks else text


def summary_lines(number: int, page: Shown, audience: str) -> Iterator[str]:
    """A review among many: what it is, who said it, what would come of it."""
    request, record = page.review.request, page.review.record
    if record is None:
        return
    yield f"{number:>4}. {bold(request.record_id)}  {escape(record.title)}"
    first, *others = map(str, record.affected)
    more = f" and {len(others)} more" if others else ""
    yield f"      {escape(first)}{more}"
    yield f"      {record.kind}, certainty {record.certainty}, impact {record.impact}"
    if page.changes:
        yield f"      changes: {named([one.field for one in page.changes])}"
    said = [f"{item.text('decision') or item.kind} by {item.by}" for item in page.review.new]
    yield f"      new: {named(said)}"
    yield from (f"      {outlook_line(one)}" for one in page.outlooks if one.audience == audience)
    for one in page.similar[:1]:
        yield f"      like {one.id}  {escape(one.title)} ({one.likeness:.0%})"


def reviews_json(pages: Sequence[Shown]) -> dict[str, Any]:
    """What requests bring, as one object of JSON.

    ``schema_version``: 1; ``meta``: ``disclaimer``; ``records``, each with ``id``, ``request`` (a
    branch, or HEAD where nothing is on its way), ``tip`` (its commit), ``title``, ``affected`` and
    ``behaviour`` (null or empty where the record cannot be read), ``differences`` (from what has
    landed: ``field``, and lists of its values ``before`` and ``after``, in the schema's order),
    ``new`` (statements: ``file``, ``kind``, ``by``, ``signed``, ``says``), ``awaits`` (names of the
    files to be accepted), ``awaits_lift`` (whether it is held), ``findings`` (as in ``validate``),
    ``similar`` (landed records like a new one: ``id``, ``title``, ``likeness`` from 0 to 1),
    ``outlook`` (for each ``audience`` the ``stage``, ``waits_for``, ``whom``, ``until`` and
    ``marks`` that it would have, accepted and landed today) and ``unheld`` (the manufacturer
    identifiers that it names and no Party holds).
    """
    return enveloped([review_data(page) for page in pages])


def review_data(page: Shown) -> dict[str, Any]:
    """One of ``records`` in :func:`reviews_json`."""
    found, record = page.review, page.review.record
    return {
        "id": found.request.record_id,
        "request": found.request.branch,
        "tip": found.request.commit,
        "title": record.title if record else None,
        "affected": [str(combination) for combination in record.affected] if record else [],
        "behaviour": record.data["behaviour"] if record else None,
        "differences": [difference_json(one) for one in page.changes],
        "new": [_statement_data(statement) for statement in found.new],
        "awaits": found.awaits,
        "awaits_lift": found.awaits_lift,
        "findings": [finding_json(finding) for finding in found.findings],
        "similar": [
            {"id": one.id, "title": one.title, "likeness": round(one.likeness, 3)}
            for one in page.similar
        ],
        "outlook": [_outlook_data(one) for one in page.outlooks],
        "unheld": list(page.unheld),
    }


def _statement_data(statement: Statement) -> dict[str, Any]:
    return {
        "file": statement.file,
        "kind": statement.kind,
        "by": statement.by,
        "signed": statement.is_signed,
        "says": statement.says,
    }


def _outlook_data(one: Outlook) -> dict[str, Any]:
    stage = one.stage
    return {
        "audience": one.audience,
        "stage": stage.name,
        "waits_for": stage.waits_for,
        "whom": list(stage.whom),
        "until": stage.until.isoformat() if stage.until else None,
        "marks": list(one.marks),
    }


def enveloped(records: list[dict[str, Any]]) -> dict[str, Any]:
    """Records under the disclaimer."""
    from defectreg.register.public import DISCLAIMER

    meta = {"disclaimer": DISCLAIMER}
    return {"schema_version": SCHEMA_VERSION, "meta": meta, "records": records}


def named(names: Sequence[str]) -> str:
    """Names in one line."""
    return escape(", ".join(names)) or "nothing"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in escape_block(text.rstrip("\n")).split("\n"))
