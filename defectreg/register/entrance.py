"""What a step may bring to one record: asked when it lands, and of each step that landed.

These rules are fixed: what a step was let in by must still let it in years later. Rules of what a
record says grow with the program, and are asked of the tip only.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from defectreg.register.findings import Severity
from defectreg.register.mandates import (
    OVERTURNS,
    Signatory,
    objection_to_author,
    objections_to_role,
)
from defectreg.register.rules.case import Case
from defectreg.register.standing import Landed, Landing, Standing
from defectreg.register.statement import Statement

OF_EVERY_STEP = frozenset(
    "R001 R002 R003 R004 R005 R071 R010 R011 R012 R016 R050 R062 R063 R064 R066 R067 R068 "
    "R080 R081 R082 R083 R084 R085 R086 R087 R088 "
    "R090 R091 R092 R093 R094 R095 R096 R097".split()
)
"""Content rules that each step is asked as well: who said it, where, and whether they may.

Those by which a file is read at all are among them: what cannot be read is asked nothing else.
Such a rule is never made stricter: it would refuse what was let in."""
OF_WHAT_STANDS = frozenset("R001 R002 R003 R004 R005 R064 R071".split())
"""Content rules of which a finding in a file that a step leaves alone stands against the step: it
cannot be read, or the step brings its bytes once more. Others are of the step that brought it."""
SETTLED_BY_ACCEPT = frozenset({"R013", "R015"})
"""Content rules that say to an author what G011 says at the gate."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a step may not land as it is: of which file, and at which key of it."""

    code: str
    sentence: str
    hint: str = ""
    statement: Statement | None = None
    """None where it is the record's file."""
    key: str = ""
    severity: Severity = "error"


@dataclass(frozen=True)
class Entrance:
    """A record as a step leaves it, and what of it the step brings.

    ``before`` is the SHA-256 of the record's bytes until then, None where it is added. ``is_whole``
    says that a whole record is judged as one step from nothing: its history is not at hand.
    """

    case: Case
    new: tuple[Statement, ...]
    brings_record: bool
    before: str | None
    day: datetime.date
    is_whole: bool = False

    @cached_property
    def reports(self) -> tuple[Statement, ...]:
        """By whom else than these reporters the record is accepted."""
        return reports_weighed(self.case.statements, self._files, brings_record=self.brings_record)

    @cached_property
    def _files(self) -> frozenset[str]:
        return frozenset(item.file for item in self.new)

    @cached_property
    def landed_sign_offs(self) -> tuple[Statement, ...]:
        """The sign-offs that stood there before the step."""
        return tuple(
            item
            for item in self.case.statements
            if item.kind == "sign-off" and item.file not in self._files
        )

    @cached_property
    def sign_offs(self) -> tuple[Statement, ...]:
        """The sign-offs that the step brings."""
        return tuple(item for item in self.new if item.kind == "sign-off")

    @cached_property
    def brought(self) -> Standing:
        """The record with what the step brings, and the reports there are: what is decided by the
        step itself."""
        policy = self.case.policy
        before, now = (
            Landing(step, self.day, policy.who_validates, policy.dcc_reports_validated_by)
            for step in (0, 1)
        )
        earlier = (
            Landed(item, before) for item in self.case.reports if item.file not in self._files
        )
        landed = (*earlier, *(Landed(item, now) for item in self.new))
        return Standing(self.case.record, landed, self.case.grounds.parties)

    def signatory(self, statement: Statement) -> Signatory | None:
        """The person of the statement's Party who signed it; None where no such person did."""
        held = self.case.grounds.parties.holder(statement.signer) if statement.signer else None
        if held is None or held[0].slug != statement.by:
            return None
        return Signatory(held[0], held[1])


def reports_weighed(
    statements: Iterable[Statement], new: Collection[str], *, brings_record: bool
) -> tuple[Statement, ...]:
    """The reports whose signers and Parties do not accept the record.

    Those that land with it, and the first of one that is changed; where it stays as it is, all.
    ``new`` are the names of the files that the request brings.
    """
    reports = [item for item in statements if item.kind == "report"]
    landed = [item for item in reports if item.file not in new]
    first = min((item.date for item in landed), default=None)
    return tuple(
        item for item in reports if not brings_record or item.file in new or item.date == first
    )


def check_entrance(entrance: Entrance) -> Iterator[Refused]:
    """Everything that stands against a step, as far as one record goes."""
    for rule in _RULES:
        yield from rule(entrance)


def _has_report(entrance: Entrance) -> Iterator[Refused]:
    if entrance.brings_record and entrance.before is None and not entrance.reports:
        yield Refused("G010", "a record is added, and no report comes with it", "`defectreg add`")


def _is_accepted(entrance: Entrance) -> Iterator[Refused]:
    if not entrance.brings_record:
        return
    record = entrance.case.record
    if entrance.is_whole and record.sha256 in entrance.case.accepted:
        return  # who validated then is not known, nor what was decided later, and why
    for role in sorted(entrance.brought.awaited_roles(entrance.case.policy)):
        yield Refused(
            "G011",
            f"no accept of a {role} in this request names these bytes of the record",
            f"`defectreg review {record.id} --accept`",
            severity="awaited",
        )


def _replaces_what_stood(entrance: Entrance) -> Iterator[Refused]:
    if entrance.is_whole or not entrance.brings_record:
        return
    sha256 = entrance.case.record.sha256
    for item in entrance.sign_offs:
        is_accept = item.text("decision") == "accept" and sha256 in _shas(item)
        if is_accept and item.data.get("replaces") != entrance.before:
            sentence = "the accept replaces another text than the one that stands there now"
            hint = "somebody changed the record meanwhile: read both, and accept anew"
            yield Refused("G012", sentence, hint, item, "replaces")


def _shas(sign_off: Statement) -> frozenset[str]:
    return frozenset(reading.sha256 for reading in sign_off.read)


def _signer_may_decide(entrance: Entrance) -> Iterator[Refused]:
    case = entrance.case
    reporting = entrance.brought.reporting_parties
    for item in entrance.sign_offs:
        who = entrance.signatory(item)
        if who is None:
            continue
        decision, role = item.text("decision"), item.text("role")
        found = objections_to_role(
            decision, role, who, case.record, reporting, case.grounds.parties, case.policy
        )
        # Which switches stood when it landed is not known where the history is not at hand.
        for objection in () if entrance.is_whole else found:
            yield Refused("G013", objection.sentence, objection.hint, item, "role")


def _keeps_to_its_role(entrance: Entrance) -> Iterator[Refused]:
    """What the security body holds is not set free by somebody else of its Party."""
    for item in entrance.sign_offs:
        earlier = entrance.case.statement(item.text("supersedes"))
        if earlier is None or (earlier.kind, earlier.by) != (item.kind, item.by):
            continue  # has no effect
        if earlier.text("role") != item.text("role"):
            sentence = f"{earlier.file} was signed as {earlier.text('role')}"
            hint = "a sign-off takes the place of one that was signed in the same role"
            yield Refused("G013", sentence, hint, item, "supersedes")


def _is_not_played_back(entrance: Entrance) -> Iterator[Refused]:
    """An accept or lift kept back does not undo what was decided after it was signed."""
    for item in () if entrance.is_whole else entrance.sign_offs:
        decision = item.text("decision")
        for earlier in entrance.landed_sign_offs:
            undone = earlier.text("decision") in OVERTURNS.get(decision, ())
            same = decision == "lift" or not _shas(item).isdisjoint(_shas(earlier))
            if undone and same and earlier.date > item.date:
                sentence = f"it was signed before {earlier.file}, and would undo it"
                yield Refused("G012", sentence, "read both, and sign anew", item, "date")


def _accepts_what_others_said(entrance: Entrance) -> Iterator[Refused]:
    case = entrance.case
    for item in entrance.sign_offs:
        who = entrance.signatory(item)
        if who is None or item.text("decision") != "accept":
            continue
        for whose, said in _read(entrance, item):
            objection = objection_to_author(said, whose, who, case.grounds.parties, case.policy)
            if objection is not None:
                sentence = f"who accepts {said.file} is its {whose}, or of the same Party"
                yield Refused("G014", sentence, objection.hint, item, "by")


def _read(entrance: Entrance, accept: Statement) -> Iterator[tuple[str, Statement]]:
    """Of whom the accepting person must be another: reporters of the record, authors of what is
    said."""
    for reading in accept.read:
        if reading.sha256 == entrance.case.record.sha256:
            for report in entrance.reports:
                # What was reported later was not there to be accepted.
                if not entrance.is_whole or report.date <= accept.date:
                    yield "reporter", report
        elif reading.sha256 in entrance.case.by_sha256:
            yield "author", entrance.case.by_sha256[reading.sha256]


def _reads_what_is_there(entrance: Entrance) -> Iterator[Refused]:
    if entrance.is_whole:
        return
    case = entrance.case
    for item in entrance.sign_offs:
        known = {case.record.sha256, *case.by_sha256}
        if item.text("decision") == "accept" and not known.issuperset(_shas(item)):
            sentence = "it accepts bytes that are no file of this record as it would land"
            hint = "what was read has changed since, or is of another record: sign off anew"
            yield Refused("G015", sentence, hint, item, "read")


def _is_not_of_tomorrow(entrance: Entrance) -> Iterator[Refused]:
    for item in entrance.new:
        if item.date > entrance.day:
            hint = "the day on which it is said, in Great Britain; is this machine's clock right?"
            sentence = f"its date is after {entrance.day.isoformat()}"
            yield Refused("G016", sentence, hint, item, "date")


def _carries_no_hold(entrance: Entrance) -> Iterator[Refused]:
    if entrance.is_whole or not entrance.brings_record:
        return
    newest = entrance.brought.newest_of_record("hold", "lift")
    if newest is not None and newest.statement.text("decision") == "hold":
        sentence = "the security body holds it"
        hint = "it lands once the security body has lifted the hold"
        yield Refused("G017", sentence, hint, newest.statement, "decision", "awaited")


def _signer_is_known(entrance: Entrance) -> Iterator[Refused]:
    """Asked of a whole record; of a step the content rules ask it, by the roles of its day."""
    for item in entrance.new if entrance.is_whole else ():
        if item.is_signed and entrance.signatory(item) is None:
            sentence = f"no person of {item.by} holds the key that signed"
            yield Refused("R093", sentence, "", item, "signature")


_RULES: tuple[Callable[[Entrance], Iterator[Refused]], ...] = (
    _has_report,
    _is_accepted,
    _replaces_what_stood,
    _is_not_played_back,
    _signer_may_decide,
    _keeps_to_its_role,
    _accepts_what_others_said,
    _reads_what_is_there,
    _is_not_of_tomorrow,
    _carries_no_hold,
    _signer_is_known,
)
