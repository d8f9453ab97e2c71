"""Merging: a record that tells what another one tells is withdrawn, and its reports go on there.

A statement is of one record for ever, so a report is not moved. What the Party of the person who
merges had entered itself is entered anew, of the record that stays, once that one has landed: who
reports a record may not accept it. What another Party said is that Party's to say again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from defectreg.gate.deciding import decide
from defectreg.gate.reviewing import Review, reviews_of_each
from defectreg.gate.wishes import Decision, Occasion, Wish
from defectreg.register.checking import check_case
from defectreg.register.mandates import Objection
from defectreg.register.record import record_path, statements_folder
from defectreg.register.statement import Statement
from defectreg.register.yamltext import dump
from defectreg.store.index import open_index
from defectreg.store.proposals import Base, free_branch, free_names
from defectreg.store.requests import cases_of

DUPLICATE = "duplicate-of"
_BANDS = ("1", "2-9", "10-99", "100-999", "1000-9999", "10000+")
_LONGEST = 8000
_MOST_NAMED = 64
"""Reports that one report stands for and names."""
_NUMBER = re.compile(r"-([0-9]+)\.yaml$")
"""Of a statement's file: which it is of its day, kind and Party; the first bears none."""
_KEPT_APART = ("received", "told-by", "region", "period", "classification")
"""What two reports have to have in common to be told as one."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A report of records that were merged, told anew of the one that stays; not signed yet."""

    record_id: str
    merged: tuple[str, ...]
    path: str
    ref: str
    base: str
    """The commit on which its new branch will stand."""
    text: bytes

    @property
    def branch(self) -> str:
        """The branch as people type it."""
        return self.ref.removeprefix("refs/heads/")


def wish_to_merge(into: str) -> Wish:
    """The wish to withdraw a record since another one, by its whole id, tells the same."""
    return Wish("withdraw", code=DUPLICATE, other=into)


def merge(review: Review, into: str, occasion: Occasion) -> Decision:
    """What merging a record into another one would be, with all that stands against it."""
    return decide(review, wish_to_merge(into), occasion)


def objection_to_stay(
    record_id: str, taken_back: Iterable[Review], occasion: Occasion
) -> Objection | None:
    """Why nothing can be merged into a record: it is withdrawn itself; None where it can.

    ``taken_back`` are the records that were withdrawn before they landed.
    """
    waiting = [each.standing for each in taken_back if each.request.record_id == record_id]
    register = replace(occasion.target.register, head=occasion.target.commit)
    with open_index(register) as index:
        standings = [*waiting, index.standing(record_id)]
    gone = next((each.withdrawal for each in standings if each and each.withdrawal), None)
    if gone is None:
        return None
    other = gone.statement.text("other")
    hint = f"it was merged into {other}" if other else "name a record that stays"
    return Objection(f"{record_id} is withdrawn", hint)


def merged_before(taken_back: Iterable[Review]) -> list[tuple[Review, str]]:
    """Those that were withdrawn as duplicates before they landed, each with the other's id."""
    withdrawals = ((each, each.standing.withdrawal) for each in taken_back if each.standing)
    return [
        (each, withdrawal.statement.text("other"))
        for each, withdrawal in withdrawals
        if withdrawal and withdrawal.statement.text("code") == DUPLICATE
    ]


def merges_of(decisions: Iterable[Decision]) -> list[tuple[Review, str]]:
    """Of these decisions, those that merge what has not landed yet, each with the other's id."""
    return [
        (each.review, each.wish.other)
        for each in decisions
        if each.wish.code == DUPLICATE and not each.review.record_has_landed
    ]


def by_what_stays(merged: Iterable[tuple[Review, str]]) -> dict[str, list[Review]]:
    """By the id of the record that stays: what was merged into it.

    Where that one was merged too, the one into which it was.
    """
    every = list(merged)
    others = {review.request.record_id: other for review, other in every}
    stays: dict[str, list[Review]] = {}
    for review, _ in every:
        stays.setdefault(_stays(review.request.record_id, others), []).append(review)
    return stays


def _stays(record_id: str, merged: Mapping[str, str]) -> str:
    seen = {record_id}
    while (record_id := merged[record_id]) in merged and record_id not in seen:
        seen.add(record_id)
    return record_id


def own_reports(review: Review, party: str) -> list[Statement]:
    """The reports that a Party itself may tell anew: its own, not given in confidence."""
    return [
        item
        for item in review.new
        if item.kind == "report" and item.by == party and not item.is_in_confidence
    ]


def reporters(review: Review, party: str) -> list[str]:
    """The other Parties that reported it: each says itself what it saw, of the one that stays."""
    return sorted({item.by for item in review.new if item.kind == "report"} - {party})


def carried_by(decisions: Iterable[Decision], occasion: Occasion) -> list[Carried]:
    """The reports to be told anew because of these decisions."""
    return carried(by_what_stays(merges_of(decisions)), occasion)


def carried(merges: Mapping[str, Sequence[Review]], occasion: Occasion) -> list[Carried]:
    """The reports to be told of records that have landed: by the one that stays, those merged.

    What was told of it already is not told twice; what would be refused is left out.
    """
    cases = cases_of(occasion.target.source, sorted(merges))
    asked = [stays for stays in sorted(merges) if _has_own(merges[stays], occasion)]
    landed = [stays for stays in asked if record_path(stays) in cases[stays]]
    found: dict[str, list[Review]] = {}
    for review in reviews_of_each(occasion.target, landed, occasion.day) if landed else ():
        found.setdefault(review.request.record_id, []).append(review)
    return [
        one
        for stays in landed
        if not any(each.standing and each.standing.withdrawal for each in found[stays])
        for one in _carried_to(stays, cases[stays], merges[stays], found[stays], occasion)
    ]


def _has_own(merged: Iterable[Review], occasion: Occasion) -> bool:
    return any(own_reports(review, occasion.identity.party) for review in merged)


def _carried_to(
    stays: str,
    case: Mapping[str, bytes],
    merged: Sequence[Review],
    said: Sequence[Review],
    occasion: Occasion,
) -> Iterator[Carried]:
    alike = _told_apart(merged, _told(said, occasion.identity.party), occasion.identity.party)
    if not alike:
        return
    target, party = occasion.target, occasion.identity.party
    repository = target.register.repository
    ref = free_branch(repository, f"submit/{stays}-{party}")
    base = Base(ref, target.commit, repository)
    names = free_names(target.register, base, stays, occasion.day, "report", party)
    for some in (part for each in alike for part in _parts(each)):
        text = _text(stays, some, occasion).encode()
        path = f"{statements_folder(stays)}/{next(names)}"
        if _may_stand(path, text, stays, case, occasion):
            ids = tuple(dict.fromkeys(record_id for record_id, _ in some))
            yield Carried(stays, ids, path, ref, target.commit, text)


def _told_apart(
    merged: Iterable[Review], told: str, party: str
) -> list[list[tuple[str, Statement]]]:
    """The reports still to be told, each with its record; together what can be told as one."""
    alike: dict[tuple[str, ...], list[tuple[str, Statement]]] = {}
    for review in merged:
        record_id = review.request.record_id
        for report in own_reports(review, party):
            if not _is_told(record_id, report, told):
                key = tuple(report.text(each) for each in _KEPT_APART)
                alike.setdefault(key, []).append((record_id, report))
    return list(alike.values())


def _told(said: Iterable[Review], party: str) -> str:
    """The texts of a Party's reports, landed and on requests: they name what was merged."""
    landed = (item.statement for each in said if each.standing for item in each.standing.landed)
    return "\n".join(item.says for item in landed if (item.kind, item.by) == ("report", party))


def _parts(told: Sequence[tuple[str, Statement]]) -> Iterator[Sequence[tuple[str, Statement]]]:
    return (told[at : at + _MOST_NAMED] for at in range(0, len(told), _MOST_NAMED))


def _text(stays: str, told: Sequence[tuple[str, Statement]], occasion: Occasion) -> str:
    first = told[0][1]
    reports = [report for _, report in told]
    data: dict[str, object] = {key: first.data.get(key) for key in _KEPT_APART}
    data |= {
        "of": stays,
        "kind": "report",
        "by": occasion.identity.party,
        "date": occasion.day.isoformat(),
        "says": _says(told),
        "devices": max((report.text("devices") for report in reports), key=_band),
        "since": min(filter(None, (report.text("since") for report in reports)), default=""),
        "stands-for": _rows(reports),
    }
    until = [report.text("until") for report in reports]
    data["until"] = max(until) if all(until) else ""
    order = occasion.target.grounds.schemas["statement"].order
    return dump({key: data[key] for key in order if data.get(key)})


def _says(told: Sequence[tuple[str, Statement]]) -> str:
    """Where it was told first, then what was said, as much of it as there is room for."""
    first = ", ".join(_first_told(record_id, report) for record_id, report in told)
    text = f"Told first of {first}.\n"
    for said in dict.fromkeys(report.says.strip() for _, report in told):
        if said and len(text) + len(said) < _LONGEST:
            text += f"{said}\n"
    return text


def _first_told(record_id: str, report: Statement) -> str:
    """Which report it is, in words that name no Party: the record, the day, and which of it."""
    number = _NUMBER.search(report.file)
    return f"{record_id} on {report.date.isoformat()}" + (f" ({number[1]})" if number else "")


def _is_told(record_id: str, report: Statement, texts: str) -> bool:
    first = _first_told(record_id, report)
    return f"{first}," in texts or f"{first}." in texts


def _rows(reports: Sequence[Statement]) -> int | None:
    """How many rows of imports they stand for; None where none was imported."""
    rows = [int(report.data["stands-for"]) for report in reports if "stands-for" in report.data]
    return sum(rows) if rows else None


def _band(band: str) -> int:
    return _BANDS.index(band) if band in _BANDS else -1


def _may_stand(
    path: str, text: bytes, stays: str, case: Mapping[str, bytes], occasion: Occasion
) -> bool:
    files = {**case, path: text}
    found = check_case(record_path(stays), files, occasion.target.grounds, case.keys()).findings
    return not any(each.severity == "error" and each.file == path for each in found)
