"""Rules of who may read what, and of what a sign-off must say first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from defectreg.register.classification import highest, may_read
from defectreg.register.findings import Problem
from defectreg.register.record import Record
from defectreg.register.rules.registry import Case, rule
from defectreg.register.shapes import is_filled
from defectreg.register.statement import Statement

ENVELOPES = frozenset({"report", "notice", "consent", "sign-off"})
"""Kinds that say little but who and when: without a class of their own they stand anywhere."""
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])", re.ASCII)


@rule("R010")
def a_class_is_not_above_the_ceiling(said: Record | Statement, case: Case) -> Iterator[Problem]:
    """Nothing in a register is classified above its ceiling.

    Whoever has a clone reads every file in it, for ever. A report, notice, consent or sign-off
    without a class of its own has the class of its envelope, which stands in any register.
    Hint: keep it outside, or hand it to a register with a higher ceiling and fewer readers.
    Source: the register's policy (ceiling); the classes of the Panel Information Policy.
    """
    if not may_read(case.policy.ceiling, said.classification) and not _is_envelope(said):
        sentence = f"it is classified {said.classification}, above the register's ceiling"
        hint = f"the ceiling is {case.policy.ceiling}: keep it outside this register"
        yield Problem(("classification",), sentence, hint)


def _is_envelope(said: Record | Statement) -> bool:
    return (
        isinstance(said, Statement) and said.kind in ENVELOPES and "classification" not in said.data
    )


@rule("R011")
def no_key_above_the_ceiling_is_filled(said: Record | Statement, case: Case) -> Iterator[Problem]:
    """No key is filled that fewer people may read than read the register.

    Hint: take the key out; what it says is kept outside, or in a register with a higher ceiling.
    Source: the schema's classes and the register's policy (ceiling).
    """
    for path in case.shape(said).above[case.policy.ceiling]:
        if is_filled(said.data, path):
            key = ".".join(path)
            yield Problem(path, f"{key} may not stand in a register with this ceiling")


@rule("R012")
def a_security_record_is_lifted(record: Record, case: Case) -> Iterator[Problem]:
    """A record that touches security enters a register below red together with a lift.

    Hint: hand it to the security body; its lift is signed beside the record.
    Source: MP137 section 7, Views of the Sub-Committees (SSC).
    """
    if record.says_security and case.policy.ceiling != "red" and not case.is_lifted:
        sentence = "it touches security, and no lift of the security body stands beside it"
        yield Problem(
            ("security",),
            sentence,
            "hand it to the security body instead: its lift enters together with the record",
        )


@rule("R013", severity="awaited")
def a_certainty_above_reported_is_accepted(record: Record, case: Case) -> Iterator[Problem]:
    """Only a sign-off raises the certainty above reported.

    Hint: a validator accepts these bytes with `defectreg review ID --accept`.
    Source: Panel paper 3.3 (b), a defined threshold of certainty; our policy.
    """
    if record.certainty != "reported" and record.sha256 not in case.accepted:
        sentence = f"the certainty is {record.certainty}, and no accept names these bytes"
        yield Problem(("certainty",), sentence, _sign(record))


@rule("R015", severity="awaited")
def a_record_is_accepted(record: Record, case: Case) -> Iterator[Problem]:
    """A record lands together with an accept that names its bytes.

    Hint: a validator accepts these bytes with `defectreg review ID --accept`.
    Source: MP137 section 3, the validator's check.
    """
    if record.certainty == "reported" and record.sha256 not in case.accepted:
        sentence = "no accept names these bytes of the record"
        yield Problem((), sentence, _sign(record))


def _sign(record: Record) -> str:
    return f"a validator signs one: `defectreg review {record.id} --accept`"


@rule("R016")
def what_was_given_in_confidence_is_consented(
    said: Record | Statement, case: Case
) -> Iterator[Problem]:
    """What was given in confidence stands only where its readers may see it.

    Without consent only a register with the ceiling red holds it; with consent, one whose ceiling
    is not below the audience consented to. Where the policy allows it, what was openly discussed
    needs none.
    Hint: keep it outside until whoever told it consents; `defectreg add --consent AUDIENCE`, said
    by that Party, enters both in one request.
    Source: MP137 section 7, Confidentiality; the register's policy (given-in-confidence).
    """
    if not said.is_in_confidence or _is_open(said, case):
        return
    consent = case.consented.get(said.sha256)
    if consent is None or case.policy.given_in_confidence == "never":
        consent = "red"
    if not may_read(case.policy.ceiling, highest(consent, said.classification)):
        sentence = "it was given in confidence, and no consent lets the register's readers see it"
        yield Problem(("given-in-confidence",), sentence)


def _is_open(said: Record | Statement, case: Case) -> bool:
    allowed = case.policy.given_in_confidence == "if-openly-discussed"
    return allowed and "openly-discussed" in said.data


@rule("R017")
def openly_discussed_ends_a_confidence(said: Record | Statement, case: Case) -> Iterator[Problem]:
    """Where something was openly discussed is said only of what was given in confidence.

    Hint: take openly-discussed out, or say given-in-confidence: true.
    Source: MP137 section 7, Confidentiality.
    """
    if "openly-discussed" in said.data and not said.is_in_confidence:
        sentence = "it says where it was openly discussed, and was not given in confidence"
        yield Problem(("openly-discussed",), sentence)


@rule("R018")
def openly_discussed_says_when(said: Record | Statement, case: Case) -> Iterator[Problem]:
    """What was openly discussed says where, and at least in which year.

    Hint: write it like: working group of Suppliers, 2026-03-12.
    Source: the register's policy (given-in-confidence: if-openly-discussed, with where and when).
    """
    place = said.data.get("openly-discussed")
    if place is not None and not _YEAR.search(place):
        yield Problem(("openly-discussed",), "it does not say when it was openly discussed")
