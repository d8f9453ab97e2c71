"""Each entry as a CSAF 2.0 informational advisory: texts and dates, and no verdict on a product.

An advisory holds no day of publication and no commit: it changes when its entry does.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from operator import attrgetter
from typing import Any

from defectreg.formats.csaf import (
    Advisory,
    Note,
    Publisher,
    Reference,
    Revision,
    advisory_name,
    to_csaf,
)
from defectreg.publication import words
from defectreg.publication.documents import json_bytes
from defectreg.publication.entry import ENDING, field_words, value_of
from defectreg.publication.pages import Pages, contact_link
from defectreg.register.public import (
    DISCLAIMER,
    PublicField,
    PublicRecord,
    PublicRegister,
    PublicStatement,
    PublicWithdrawal,
)

TLP = {"clear": "WHITE", "green": "GREEN"}
"""Audience → label of TLP 1.0, which is what CSAF 2.0 knows; clear was white."""
_LAST = 999
"""The patch number of a withdrawal: after whatever else was said on its day."""
_DAY = attrgetter("day")
_WORDED = {
    "cause": words.CAUSES,
    "position": words.POSITIONS,
    "received": {"letter": "It came by letter and is entered here word for word."},
}
_LABELLED = {"device": "Device", "firmware": "Firmware", "lives-with": "Lives with"}
_TOLD_APART = frozenset(
    {*_WORDED, *_LABELLED, "says", "tried-with", "devices", "region", "since", "until", "period"}
)
_NOT_DETAILS = frozenset(
    {("id",), ("title",), ("kind",), ("affected",), ("behaviour",), ("given-in-confidence",)}
)
"""Fields that are said elsewhere; of the kind as pages say it, where a defect may be possible."""
_WEB_OR_MAIL = re.compile(r"(?:https://|mailto:)[A-Za-z0-9][A-Za-z0-9._~@:/+-]*\Z")
"""The contacts that are written as a URI without a doubt."""


def record_advisory(
    record: PublicRecord, register: PublicRegister, pages: Pages
) -> Iterator[tuple[str, bytes]]:
    """The advisory of one entry; of a withdrawn one, that it is withdrawn and not what it said."""
    yield f"csaf/{advisory_name(record.id)}", json_bytes(to_csaf(advisory_of(record, register)))


def advisory_of(record: PublicRecord, register: PublicRegister) -> Advisory:
    """What the advisory of an entry says."""
    withdrawal = record.withdrawal
    notes = _tombstone(record, withdrawal) if withdrawal else _notes(record, register)
    return Advisory(
        id=record.id,
        title=record.title,
        tlp=TLP[register.audience],
        audience=f"For {words.AUDIENCES[register.audience]}.",
        publisher=Publisher(
            register.title, namespace_of(register.policy.namespace), register.contact
        ),
        notes=(Note("legal_disclaimer", "Disclaimer", DISCLAIMER), *_invented(register), *notes),
        references=tuple(_references(record, register)),
        products=tuple(combination.text for combination in record.affected),
        revisions=tuple(_revisions(record)),
    )


@functools.lru_cache(maxsize=8)
def namespace_of(signing_namespace: str) -> str:
    """A URI of the register's own: made of the name for which it signs, which never changes."""
    import uuid

    return uuid.uuid5(uuid.NAMESPACE_URL, signing_namespace).urn


def _references(record: PublicRecord, register: PublicRegister) -> Iterator[Reference]:
    if address := register.policy.address:
        own = f"{address}csaf/{advisory_name(record.id)}"
        yield Reference("self", "This advisory", own)
        yield Reference("self", "The page of this entry", f"{address}records/{record.id}.html")
    contact = contact_link(register.contact)
    if _WEB_OR_MAIL.match(contact):
        yield Reference("external", "Where corrections are sent", contact)
    else:
        namespace = namespace_of(register.policy.namespace)
        yield Reference("external", "The register that publishes this entry", namespace)


def _invented(register: PublicRegister) -> Iterator[Note]:
    if register.is_demonstration:
        text = "Every record, Party, manufacturer and Device in this register is invented."
        yield Note("general", "Demonstration", text)


def _notes(record: PublicRecord, register: PublicRegister) -> Iterator[Note]:
    """What is observed, what is known of it, then every statement: what ends it goes first."""
    yield Note("summary", "Observed behaviour", _text(record.values.get("behaviour", "")))
    yield from _standing(record)
    combinations = _text("\n".join(_combinations(record)))
    yield Note("description", "Affected combinations", combinations)
    for said in sorted(record.statements, key=_place):
        yield _statement_note(said)
    for field in register.fields:
        if field.path not in _NOT_DETAILS and (value := _worth_saying(record, field)) is not None:
            yield Note("details", field.title, _text(field_words(value, field)))


def _worth_saying(record: PublicRecord, field: PublicField) -> Any:
    """What somebody said in a field; of the certainty also what silence means."""
    value = value_of(record, field)
    return None if value == field.default and field.path != ("certainty",) else value


def _standing(record: PublicRecord) -> Iterator[Note]:
    """What kind of entry it is, and how far it can be relied on."""
    yield Note("general", "Kind", record.kind_words)
    if record.marks:
        marks = (": ".join(words.MARKS[mark]) for mark in record.marks)
        yield Note("general", "Marks", "\n".join(f"{mark}." for mark in marks))
    if record.is_provided_by_manufacturer:
        yield Note("general", "Source", "Provided by the manufacturer of an affected Device.")
    if record.is_validated_by_its_reporter:
        text = "Validated by the Party that reported it, by another person."
        yield Note("general", "Validation", text)
    if record.untold:
        models = ", ".join(record.untold)
        text = f"No Party of this register answers for the manufacturer of {models}."
        yield Note("general", "Nobody was told", text)


def _combinations(record: PublicRecord) -> Iterator[str]:
    for combination in record.affected:
        devices = "; with ".join(map(words.device_words, combination.devices))
        regions = ", ".join(combination.regions)
        where = f"CSP Region {regions}" if regions else "any CSP Region"
        yield f"{devices}; in {where}. ({combination.text})"


def _place(said: PublicStatement) -> tuple[int, bool]:
    first = (*ENDING, "cause", "response")
    return first.index(said.kind) if said.kind in first else len(first), said.is_superseded


def _tombstone(record: PublicRecord, withdrawal: PublicWithdrawal) -> Iterator[Note]:
    """Dates and reason, and what the manufacturer says; the claim is gone."""
    reason = words.WITHDRAWALS[withdrawal.code]
    other = f" The other entry is {withdrawal.other}." if withdrawal.other else ""
    text = (
        f"This entry was withdrawn on {words.day_words(withdrawal.day)}. {reason}{other} "
        "What it said is no longer shown."
    )
    yield Note("summary", "Withdrawn", text)
    for said in record.statements:
        yield _statement_note(said)


def _statement_note(said: PublicStatement) -> Note:
    """What one statement says, under who said what and when."""
    kind = words.STATEMENTS[said.kind]
    of_what = f" of {said.about}" if said.about else ""
    who = "the manufacturer" if said.is_from_manufacturer else said.whose or "a Party"
    replaced = "; replaced by its author since" if said.is_superseded else ""
    title = f"{kind} ({said.key}){of_what} by {who}, {said.day.isoformat()}{replaced}"
    return Note("details", title, "\n".join(_statement_lines(said)) or "Without a text.")


def _statement_lines(said: PublicStatement) -> list[str]:
    """In words what is coded, then the text, then what else it says."""
    values = said.values
    lines = [known[values[key]] for key, known in _WORDED.items() if values.get(key) in known]
    lines += [f"{label}: {values[key]}" for key, label in _LABELLED.items() if key in values]
    if said.devices:
        lines.append(f"Answers for: {', '.join(said.devices)}")
    lines += filter(None, (words.seen_words(values), str(values.get("says", "")).strip("\n")))
    lines += [f"Tried with: {combination}" for combination in values.get("tried-with", ())]
    lines += [f"{key}: {_flat(values[key])}" for key in values if key not in _TOLD_APART]
    return lines


def _flat(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _text(text: Any) -> str:
    """A text that is not empty: CSAF knows no empty note."""
    return str(text).strip("\n") or "Not said."


def _revisions(record: PublicRecord) -> Iterator[Revision]:
    """``1.<days since the first>.<number on that day>``: a version never sinks, whatever goes.

    Of a withdrawn entry the time-line is gone; its version is the last of its day.
    """
    yield Revision("1.0.0", record.first_day, "Entered")
    if record.withdrawal is not None:
        day = record.withdrawal.day
        yield Revision(f"1.{(day - record.first_day).days}.{_LAST}", day, "Withdrawn")
        return
    number, last = 0, record.first_day
    for event in sorted(record.timeline, key=_DAY):
        number = number + 1 if event.day == last else 0
        last = event.day
        whose = f" by {event.whose}" if event.whose else ""
        version = f"1.{(last - record.first_day).days}.{number}"
        yield Revision(version, last, f"{words.STATEMENTS[event.what]}{whose}")
