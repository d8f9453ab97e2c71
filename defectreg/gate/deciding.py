"""Whether a person may decide what they want to: everything that stands against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from defectreg.gate.reviewing import Review
from defectreg.gate.signoffs import sign_off
from defectreg.gate.wishes import Decision, Occasion, Wish, objections, wished
from defectreg.register.checking import check_case
from defectreg.register.entrance import reports_weighed
from defectreg.register.findings import Finding
from defectreg.register.mandates import Objection, objection_to_author
from defectreg.register.record import statements_folder
from defectreg.register.standing import Landed, Standing
from defectreg.register.statement import ACCEPTED_KINDS, Statement, free_name, statement_name


def decide(review: Review, wish: Wish, occasion: Occasion) -> Decision:
    """What this person's decision of a review would be."""
    decision = wished(review, wish, occasion)
    return replace(decision, refusals=tuple(_refusals(decision, occasion)))


def at_odds(decisions: Iterable[Decision]) -> list[Decision]:
    """The same, but of requests that change one record in different ways none is accepted."""
    every = list(decisions)
    texts: dict[str, dict[str, str]] = {}
    for each in every:
        if each.wish.decision == "accept" and each.record is not None and each.review.brings_record:
            branches = texts.setdefault(each.review.request.record_id, {})
            branches.setdefault(each.record.sha256, each.review.request.branch)
    return [_with_odds(each, texts.get(each.review.request.record_id, {})) for each in every]


def _with_odds(decision: Decision, branches: Mapping[str, str]) -> Decision:
    if len(branches) < 2 or decision.record is None:
        return decision
    objection = Objection(
        f"several requests change it in different ways: {', '.join(branches.values())}",
        "accept one by its branch: `defectreg review BRANCH --accept`; the others are mended after",
    )
    return replace(decision, refusals=(*decision.refusals, objection))


def waiting(decisions: Iterable[Decision]) -> list[Decision]:
    """Without those on which nothing awaits a sign-off, where another of that record can be."""
    every = list(decisions)
    able = {each.review.request.record_id for each in every if not each.refusals}
    return [
        each
        for each in every
        if each.review.request.record_id not in able
        or each.review.awaits_record(each.role)
        or list(each.review.awaiting_statements())
    ]


def for_me(decisions: Iterable[Decision]) -> list[Decision]:
    """Without those that await only others; with all that cannot be accepted as it is."""
    return [each for each in decisions if each.read or each.left or each.review.errors]


def _refusals(decision: Decision, occasion: Occasion) -> Iterator[Objection]:
    """Everything that stands against a decision."""
    review, wish = decision.review, decision.wish
    if review.record is None or review.standing is None:
        yield Objection("the record cannot be read", "the findings say what to mend")
        return
    if not decision.role:
        pseudonym = occasion.signatory.person.pseudonym
        sentence = f"{pseudonym} has several roles in which this can be decided"
        yield Objection(sentence, "say which one with --role")
        return
    of_role = list(objections(review, wish.decision, decision.role, occasion))
    if of_role:
        yield from of_role
        return
    unknown = [file for file in wish.files if review.said(file) is None]
    for file in unknown:
        yield Objection(f"{review.request.record_id} has no statement {file}",
                        f"`defectreg show {review.request.record_id}` names them")  # fmt: skip
    if not unknown:
        yield from _of_decision(decision, review.standing, occasion)


def _of_decision(decision: Decision, standing: Standing, occasion: Occasion) -> Iterator[Objection]:
    if decision.wish.decision == "accept":
        yield from _against_accept(decision, occasion)
        return
    yield from _unsigned(decision.statements)
    settled = _settled(decision, standing)
    if settled:
        yield Objection(settled)
    else:
        yield from _against_text(decision, occasion)


def _against_accept(decision: Decision, occasion: Occasion) -> Iterator[Objection]:
    review = decision.review
    for finding in review.errors:
        yield Objection(f"{finding.code}: {finding.sentence}", finding.hint)
    yield from _unsigned(review.new)
    for statement in decision.statements:
        yield from _against_statement(review, statement)
    if decision.record is not None:
        yield from _against_record(review, occasion)
    elif not decision.statements and decision.left:
        yield from decision.left
    elif not decision.statements:
        yield Objection(f"nothing on {review.request.branch} awaits this sign-off")


def _against_statement(review: Review, statement: Statement) -> Iterator[Objection]:
    """Of one that was named: that it needs no accept, or has one."""
    if statement.kind not in ACCEPTED_KINDS:
        yield Objection(f"{statement.file} counts without an accept")
    elif review.standing is not None:
        decisions = ("accept", "return", "withdraw")
        decided = review.standing.newest_decision(statement.sha256, decisions)
        if decided is not None and decided.statement.text("decision") == "accept":
            yield Objection(f"{statement.file} is accepted already")


def _against_record(review: Review, occasion: Occasion) -> Iterator[Objection]:
    """Another person accepts it than reported it, and somebody has."""
    reports = _reports(review)
    if not reports and not review.record_has_landed:
        yield Objection("no report comes with it", "an issue is reported before it is accepted")
    grounds, who = occasion.target.grounds, occasion.signatory
    for report in reports:
        objection = objection_to_author(report, "reporter", who, grounds.parties, grounds.policy)
        if objection is not None:
            yield objection


def _reports(review: Review) -> tuple[Statement, ...]:
    landed = review.standing.landed if review.standing else ()
    new = {item.file for item in review.new}
    said = (item.statement for item in landed)
    return reports_weighed(said, new, brings_record=review.brings_record)


def _unsigned(statements: Iterable[Statement]) -> Iterator[Objection]:
    for statement in statements:
        if not statement.is_signed:
            yield Objection(
                f"{statement.file} is not signed yet",
                f"`defectreg key sign {statement.of}` by {statement.by}; "
                "its bytes change with the signature",
            )


def _settled(decision: Decision, standing: Standing) -> str:
    """That it is decided so already; empty where it is not."""
    wanted = decision.wish.decision
    if wanted == "lift":
        return "" if standing.is_held else "nothing holds it"
    if wanted == "hold":
        newest = standing.newest_of_record("hold", "lift")
        return "it is held already" if _says(newest, "hold") else ""
    if wanted == "withdraw" and decision.record is not None:
        return "it is withdrawn already" if standing.withdrawal is not None else ""
    for sha256 in (line[:64] for line in decision.read):
        kinds = ("accept", "return", "withdraw")
        role = decision.role if wanted == "return" else ""
        if not _says(standing.newest_decision(sha256, kinds, role), wanted):
            return ""
    return "it is returned already" if wanted == "return" else "it is withdrawn already"


def _says(landed: Landed | None, decision: str) -> bool:
    return landed is not None and landed.statement.text("decision") == decision


def _against_text(decision: Decision, occasion: Occasion) -> Iterator[Objection]:
    """What the rules of content say of the sign-off itself: its code, its words."""
    for finding in _findings(decision, occasion):
        yield Objection(f"{finding.code}: {finding.sentence}", finding.hint)


def _findings(decision: Decision, occasion: Occasion) -> Iterator[Finding]:
    request = decision.review.request
    folder = statements_folder(request.record_id)
    name = statement_name(occasion.day, "sign-off", occasion.identity.party)
    path = f"{folder}/{free_name(name, {each.rpartition('/')[2] for each in request.case})}"
    files = {**request.case, path: sign_off(decision, occasion)}
    landed = request.landed.keys() - request.new.keys()
    for finding in check_case(request.record_path, files, occasion.target.grounds, landed).findings:
        if finding.file == path and finding.severity == "error":
            yield finding
