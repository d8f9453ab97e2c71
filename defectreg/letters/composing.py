"""A letter that is due becomes text: its subject, what it says, and the views that go with it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from defectreg.formats.visible import is_odd
from defectreg.letters.dressing import as_html, day_words, rendered
from defectreg.letters.views import View, view_of
from defectreg.register.errors import CannotRun
from defectreg.register.policy import Policy
from defectreg.register.public import DISCLAIMER, PublicRecord
from defectreg.store.letters import held
from defectreg.store.letters.due import Due, Subject

_SUBJECT = "Subject: "
_LONGEST_SUBJECT = 150
_WITH_VIEWS = frozenset({"manufacturer", "reminder", "dcc", "correction"})
"""Kinds that have the views of their entries beside them."""
WITHDRAWALS: Mapping[str, str] = {
    "duplicate-of": "it says the same as another entry",
    "not-a-defect": "it was found to be expected behaviour",
    "supplier-process": "a process of a Supplier was behind it",
    "reported-in-error": "it was reported in error",
    "superseded": "another entry took its place",
    "cannot-be-substantiated": "it could not be substantiated",
    "not-told": "the reason is not told",
}
POSITIONS: Mapping[str, str] = {
    "acknowledged": "we acknowledge the entry",
    "investigating": "we are investigating",
    "not-affected": "our Devices are not affected",
    "not-reproduced": "we could not reproduce the behaviour",
    "supplier-process": "we see a process of the Supplier behind the behaviour",
    "disputed": "we dispute the entry",
    "fix-available": "a fix is available",
    "waiver": "we waive our reply",
}
"""A position of a response → what a manufacturer says by it."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a letter says of one record, as its template has it."""

    id: str
    why: str
    until: datetime.date | None
    own: tuple[str, ...]
    entry: PublicRecord | None
    view: View | None
    withdrawn: str
    """Why it was withdrawn, in words; empty where it was not, or where that may not be told."""
    other: str
    """The record that took its place, or says the same; empty where there is none."""
    told: Mapping[str, Any]
    """What a notice of the letter says that it told: certainty, impact and more, or nothing."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it would be sent, but for the day and the sender."""

    due: Due
    subject: str
    text: str
    html: str
    views: tuple[View, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where letters are written: the register as letters name it, and its templates."""

    policy: Policy
    day: datetime.date
    templates: Mapping[str, str]


def composed(due: Due, desk: Desk) -> tuple[Letter, tuple[str, ...]]:
    """The letter, and sentences that say what is wrong with it.

    Raises CannotRun where its template is.
    """
    parts = tuple(_parts(due))
    text = rendered(f"{due.kind}.txt", desk.templates, _values(due, desk, parts))
    first, _, rest = text.partition("\n")
    subject, body = first.removeprefix(_SUBJECT).strip(), rest.lstrip("\n")
    views = tuple(part.view for part in parts if part.view is not None)
    letter = Letter(due, subject, body, as_html(subject, body), views)
    problems = [*_wrong_subject(first), *held.missing(due.kind, body, _named(due, parts))]
    return letter, tuple(problems)


def template_problems(desk: Desk, samples: Mapping[str, Due]) -> Iterator[tuple[str, str]]:
    """File of a template, and what is wrong with it: asked of a letter with nothing in it that
    anybody wrote."""
    words = desk.policy.words
    for kind, due in samples.items():
        file = f"templates/letters/{kind}.txt"
        try:
            letter, problems = composed(due, desk)
        except CannotRun as problem:
            yield file, problem.sentence
            continue
        for sentence in (*problems, *held.unwanted(f"{letter.subject}\n{letter.text}", words)):
            yield file, sentence


def _parts(due: Due) -> Iterator[Part]:
    """What is said of each record; of two things that would be said alike, once."""
    told = {(each.record_id, each.why, each.until): each for each in due.subjects}
    for subject in told.values():
        entry = subject.view
        view = view_of(entry) if entry is not None and due.kind in _WITH_VIEWS else None
        withdrawn, other = _withdrawn(subject) if due.kind == "withdrawal" else ("", "")
        yield Part(
            id=subject.record_id,
            why=subject.why,
            until=subject.until,
            own=subject.own,
            entry=entry,
            view=view,
            withdrawn=withdrawn,
            other=other,
            told=subject.told,
        )


def _withdrawn(subject: Subject) -> tuple[str, str]:
    """Why a record was withdrawn, in words, and the other record that the reason names."""
    withdrawal = subject.view.withdrawal if subject.view is not None else None
    if withdrawal is not None:
        return WITHDRAWALS[withdrawal.code], withdrawal.other
    code, _, other = subject.why.partition(" ")
    return WITHDRAWALS.get(code, ""), other


def _values(due: Due, desk: Desk, parts: tuple[Part, ...]) -> dict[str, object]:
    return {
        "kind": due.kind,
        "to": due.to,
        "parts": parts,
        "about": due.about,
        "digest": due.digest,
        "bulletin": due.bulletin,
        "until": min((part.until for part in parts if part.until), default=None),
        "title": desk.policy.title,
        "contact": desk.policy.contact,
        "address": desk.policy.address,
        "window": desk.policy.reply_window,
        "silence": desk.policy.silence,
        "day": desk.day,
        "positions": POSITIONS,
        "disclaimer": DISCLAIMER,
        **_SENTENCES,
    }


_SENTENCES: Mapping[str, str] = {
    "no_assertion": held.NO_ASSERTION,
    "no_comment": held.NO_COMMENT,
    "invitation": held.INVITATION,
    "inform": held.INFORM,
    "coordinate": held.COORDINATE,
    "nothing_more": held.NOTHING_MORE,
    "enquire": held.ENQUIRE,
}


def _wrong_subject(line: str) -> Iterator[str]:
    if not line.startswith(_SUBJECT):
        yield f"its first line does not begin with {_SUBJECT.strip()}"
    if is_odd(line) or len(line) > _LONGEST_SUBJECT:
        yield "its subject is no single short line"


def _named(due: Due, parts: tuple[Part, ...]) -> Iterator[str]:
    for part in parts:
        yield part.id
        if part.view is not None:
            yield part.view.sha256
        if part.until is not None and due.kind == "manufacturer":
            yield day_words(part.until)
