"""What a scan found, as JSON and as a table.

``--json`` prints one object:

- ``schema_version``: 1.
- ``meta``: ``disclaimer``; ``commit`` of the register; ``as_of`` (the day for which stages hold),
  ``audience``; ``since`` (a commit, or null) and ``baseline`` (whether an earlier scan was given);
  ``note`` (what nothing known means).
- ``sources``, each with ``name``, ``layout`` (in which form a sheet was read), ``devices``,
  ``gone`` (Devices left out: decommissioned or withdrawn), ``regrouped`` (Devices taken alone,
  because too many were of one premises), ``personal`` (columns that were not read).
- ``totals``: ``combinations`` (installed ones: a premises each, or a Device of which the premises
  is not given), ``devices``; of the combinations those that are ``known``, ``not_judged``, ``both``
  of these, ``unknown`` (nothing is known of them), ``without_hub`` and ``alone``; ``mended``
  (identifiers that got their zeros back).
- ``known``, what concerns most Devices first, each with ``id``, ``combination`` (the installed
  Devices that the entry names, in the notation), ``applies`` ("yes", "possibly", "partial"),
  ``combinations`` and ``devices``.
- ``issues``, each with ``id``, ``title``, ``kind``, ``kind_words``, ``certainty``, ``impact``,
  ``remedies`` (each with ``kind``, ``device``, ``firmware``, ``says``, ``file``), ``stage``,
  ``marks`` and ``file``.
- ``not_judged``, each with ``device_type``, ``manufacturer``, ``model``, ``firmware`` as they are
  given, ``problems`` (sentences), ``combinations`` and ``devices``.
- ``news``: null where nothing is compared; else ``new`` and ``gone`` (each with ``id`` and
  ``combination``) and ``remedies`` (``id``, ``kind``, ``device``, ``firmware``).

The table, as CSV or XLSX, has the columns of COLUMNS; ``outcome`` is ``known``, ``gone``, ``could
not be judged``, or in the last row ``nothing known``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from defectreg.formats.columns import BYTE_ORDER_MARK, list_cell, to_csv
from defectreg.inventory.portfolio.news import Concern, News, Remedied
from defectreg.inventory.scanning import Asked, Issue, Known, NotJudged, Remedy, Scan
from defectreg.register.record import record_path
from defectreg.register.shown_words import DISCLAIMER, kind_words
from defectreg.register.stage import Stage

SCHEMA_VERSION = 1
NOTE = "Not every issue is reported: that nothing is known says nothing of a Device."
COLUMNS = (
    "disclaimer",
    "outcome",
    "combination",
    "devices",
    "combinations",
    "applies",
    "id",
    "title",
    "kind",
    "certainty",
    "fix",
    "workaround",
    "accommodation",
    "stage",
    "marks",
    "news",
    "why",
)


def scan_json(scan: Scan, asked: Asked, since: str | None, *, has_baseline: bool) -> dict[str, Any]:
    """What was found as one object of JSON."""
    return {
        "schema_version": SCHEMA_VERSION,
        "meta": {
            "disclaimer": DISCLAIMER,
            "commit": scan.commit,
            "as_of": asked.day.isoformat(),
            "audience": asked.audience,
            "since": since,
            "baseline": has_baseline,
            "note": NOTE,
        },
        "sources": [
            {
                "name": each.name,
                "layout": each.layout,
                "devices": each.devices,
                "gone": each.gone,
                "regrouped": each.regrouped(),
                "personal": list(each.personal),
            }
            for each in scan.portfolios
        ],
        "totals": _totals(scan),
        "known": [_known(each) for each in scan.known],
        "issues": [_issue(record_id, issue) for record_id, issue in scan.issues.items()],
        "not_judged": [_not_judged(each) for each in scan.not_judged],
        "news": None if scan.news is None else _news(scan.news),
    }


def scan_csv(scan: Scan) -> bytes:
    """The table as CSV, which no spreadsheet calculates."""
    return (BYTE_ORDER_MARK + to_csv(COLUMNS, _rows(scan))).encode()


def scan_xlsx(scan: Scan) -> bytes:
    """The table as a workbook, every cell a text. Raises SpreadsheetError where it is too long."""
    from defectreg.formats.spreadsheets import write_xlsx

    return write_xlsx(COLUMNS, _rows(scan))


def remedy_words(remedy: Remedy) -> str:
    """What a remedy is, in which Device and firmware: ``fix: ESME in firmware 00030005``."""
    firmware = f" in firmware {remedy.firmware}" if remedy.firmware else ""
    return f"{remedy.kind}: {remedy.device or 'no Device named'}{firmware}"


def news_words(record_id: str, combination: str, news: News | None) -> str:
    """What is new of a row: ``new``, or ``new fix``; empty where it is as it was."""
    if news is None:
        return ""
    if (record_id, combination) in news.new:
        return "new"
    kinds = sorted({each[1] for each in news.remedies if each[0] == record_id})
    return ", ".join(f"new {kind}" for kind in kinds)


def _totals(scan: Scan) -> dict[str, int]:
    totals = scan.totals
    return {
        "combinations": totals.combinations,
        "devices": scan.devices,
        "known": totals.known,
        "not_judged": totals.not_judged,
        "both": totals.both,
        "unknown": totals.unknown,
        "without_hub": totals.without_hub,
        "alone": totals.alone,
        "mended": scan.mended,
    }


def _known(known: Known) -> dict[str, Any]:
    return {
        "id": known.record_id,
        "combination": str(known.combination),
        "applies": str(known.applies),
        "combinations": known.combinations,
        "devices": known.devices,
    }


def _issue(record_id: str, issue: Issue) -> dict[str, Any]:
    record = issue.record
    return {
        "id": record_id,
        "title": record.title,
        "kind": record.kind,
        "kind_words": kind_words(record),
        "certainty": record.certainty,
        "impact": record.impact,
        "remedies": [
            {
                "kind": each.kind,
                "device": each.device,
                "firmware": each.firmware,
                "says": each.says,
                "file": each.file,
            }
            for each in issue.remedies
        ],
        "stage": _stage(issue.stage),
        "marks": list(issue.marks),
        "file": record_path(record_id),
    }


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "name": stage.name,
        "waits_for": stage.waits_for,
        "whom": list(stage.whom),
        "until": stage.until and stage.until.isoformat(),
    }


def _not_judged(row: NotJudged) -> dict[str, Any]:
    return {
        "device_type": row.given.type,
        "manufacturer": row.given.manufacturer,
        "model": row.given.model,
        "firmware": row.given.firmware,
        "problems": list(row.problems),
        "combinations": row.combinations,
        "devices": row.devices,
    }


def _news(news: News) -> dict[str, Any]:
    return {
        "new": _concerns(news.new),
        "gone": _concerns(news.gone),
        "remedies": _remedied(news.remedies),
    }


def _concerns(concerns: Iterable[Concern]) -> list[dict[str, str]]:
    return [{"id": each, "combination": text} for each, text in sorted(concerns)]


def _remedied(remedies: Iterable[Remedied]) -> list[dict[str, str]]:
    keys = ("id", "kind", "device", "firmware")
    return [dict(zip(keys, each, strict=True)) for each in sorted(remedies)]


def _rows(scan: Scan) -> Iterator[Sequence[str]]:
    for known in scan.known:
        yield _cells(**_known_cells(known, scan))
    for record_id, combination in sorted(scan.news.gone if scan.news else ()):
        yield _cells(outcome="gone", combination=combination, id=record_id, news="gone")
    for row in scan.not_judged:
        yield _cells(
            outcome="could not be judged",
            combination=str(row.given),
            devices=str(row.devices),
            combinations=str(row.combinations),
            why=list_cell(row.problems),
        )
    yield _cells(outcome="nothing known", combinations=str(scan.totals.unknown), why=NOTE)


def _known_cells(known: Known, scan: Scan) -> dict[str, str]:
    issue = scan.issues[known.record_id]
    text = str(known.combination)
    words = {
        kind: list_cell(_ending(each) for each in issue.remedies if each.kind == kind)
        for kind in ("fix", "workaround", "accommodation")
    }
    return {
        "outcome": "known",
        "combination": text,
        "devices": str(known.devices),
        "combinations": str(known.combinations),
        "applies": str(known.applies),
        "id": known.record_id,
        "title": issue.record.title,
        "kind": kind_words(issue.record),
        "certainty": issue.record.certainty,
        **words,
        "stage": issue.stage.name,
        "marks": list_cell(issue.marks),
        "news": news_words(known.record_id, text, scan.news),
    }


def _ending(remedy: Remedy) -> str:
    return f"{remedy_words(remedy).partition(': ')[2]}: {' '.join(remedy.says.split())}"


def _cells(**values: str) -> list[str]:
    return [DISCLAIMER if name == "disclaimer" else values.get(name, "") for name in COLUMNS]
