"""The gate over the history: each first-parent step judged by the one before it.

Whoever has a clone can ask this, whatever hosts the register; so does the publication.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any, cast

from defectreg.gate.cases import odd_finding, sort_files
from defectreg.gate.entering import Coming, check_coming
from defectreg.gate.judging import Bench, Judgement
from defectreg.gate.policy_changes import ACKNOWLEDGED
from defectreg.gate.proving import Proof, prove
from defectreg.gate.validating import ALL, Asked, validate
from defectreg.register.errors import CannotRun
from defectreg.register.findings import Finding
from defectreg.store.git import GitError, Repository, Step
from defectreg.store.sources import CommitSource

ROOT = "root"
_ON_ITS_WAY = datetime.timedelta(days=3)
"""How long a step may have been on its way to the server: from a Friday to a Monday."""
_AT_ONCE = 200
"""Records that are read and proven together, and steps that are begun."""
_THREADS = 2 * (os.cpu_count() or 1)
_SAID_OF_STEPS = {"R013": "G011", "S011": "G003"}
"""Code of what stands → code of the step that brought it: one fact, told of the step alone, as is
what has one code in both."""
_MANY = 2_000
"""Records from which all are validated: to look for those that moved would take as long."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A step of the history, and what was found; ``acknowledged`` is why it stands all the same."""

    commit: str
    day: datetime.date
    judgement: Judgement
    acknowledged: str = ""

    @property
    def stands(self) -> bool:
        """Whether it was let in rightly, or administrators let it stand."""
        return self.judgement.passes or bool(self.acknowledged)

    @property
    def findings(self) -> Iterator[Finding]:
        """What stands against the step, with its commit; acknowledged, as warnings."""
        for each in self.judgement.findings:
            sentence = f"step {self.commit[:12]}: {each.sentence}"
            if self.acknowledged:
                sentence = f"{sentence} (acknowledged: {self.acknowledged})"
                yield replace(each, sentence=sentence, severity="warning")
            elif each.severity != "warning":
                yield replace(each, sentence=sentence)


@dataclass(frozen=True, slots=True)
class Verification:
    """What a history was found to be: its root, these steps, and what stands at its tip."""

    root: str
    tip: str
    steps: tuple[Verified, ...]
    standing: tuple[Finding, ...]
    """What content rules find at the tip, and that the root is not the one that was named."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found, each step's with its commit; acknowledged ones as warnings."""
        return (*(each for step in self.steps for each in step.findings), *self.standing)

    @property
    def refused(self) -> tuple[Verified, ...]:
        """The steps that were not let in rightly, and that nobody acknowledged."""
        return tuple(step for step in self.steps if not step.stands)

    @property
    def stands(self) -> bool:
        """Whether everything was let in rightly and is well formed."""
        return not self.refused and all(each.severity == "warning" for each in self.standing)


def steps_to_verify(repository: Repository, tip: str, since: str | None) -> list[Step]:
    """The first-parent steps up to ``tip``, after ``since`` if given.

    Raises CannotRun where the history is cut, or ``since`` is no step of it.
    """
    if repository.is_shallow():
        raise CannotRun(
            "the history is cut (a shallow clone): what it leaves out cannot be verified",
            "git fetch --unshallow",
        )
    if since is not None and since not in repository.first_parents(tip):
        raise CannotRun(
            f"{since[:12]} is no step of this history: it was rewritten, or is another's",
            "verify the whole history, without --since",
        )
    return list(repository.steps(tip, since))


def verify_steps(repository: Repository, tip: str, steps: list[Step]) -> Iterator[Verified]:
    """Each of these steps judged by its parent's rules, on the day it was committed.

    Which steps the administrators let stand is said at ``tip``.
    """
    bench = Bench(repository, asks_content=False)
    acknowledged = acknowledged_at(bench, tip, steps)
    # A step waits for git and ssh-keygen most of the time: as many are judged as can work at once.
    with ThreadPoolExecutor(_THREADS) as pool:
        for start in range(0, len(steps), _AT_ONCE):
            some = steps[start : start + _AT_ONCE]
            for step, judgement in zip(some, pool.map(partial(_judged, bench), some), strict=True):
                reason = acknowledged.get(step.commit, "")
                yield Verified(step.commit, step.day, judgement, reason)


def _judged(bench: Bench, step: Step) -> Judgement:
    if step.parent is None:
        return check_root(step)
    return bench.judge(step.parent, step.commit, step.day)


def check_root(step: Step) -> Judgement:
    """The first commit is the root of trust: it holds no record and nothing said of one."""
    held = [path for path in step.added if path.startswith(("records/", "bulletins/"))]
    sentence = "the first commit of a register holds no record, statement or bulletin"
    findings = (Finding(path, 1, 1, "G018", "error", sentence, "begin anew with `defectreg init`")
                for path in held[:1])  # fmt: skip
    return Judgement(ROOT, (), tuple(findings))


def judge_push(
    repository: Repository, old: str | None, new: str, day: datetime.date
) -> Iterator[Finding]:
    """Everything that stands against moving ``main`` from one commit (None: none yet) to another.

    Each first-parent step is judged by the one before it, content rules included, as of this day.
    """
    if old is not None and old not in repository.first_parents(new):
        yield _not_from_tip(new)
        return
    bench = Bench(repository)
    moved: dict[str, str] = {}
    days = {old: _day_of(repository, old)} if old else {}
    for step in repository.steps(new, old):
        if step.parent is None:
            yield from check_root(step).findings
            continue
        judgement = bench.judge(step.parent, step.commit, min(day, step.day))
        yield from judgement.errors
        yield from judgement.awaited
        yield from _check_day(step, days.get(step.parent), day)
        if old is not None and step.day < day - _ON_ITS_WAY:
            yield _late(step)
        days[step.commit] = step.day
        for record_id in judgement.record_ids:
            if old is not None and record_id in moved:
                yield _in_pieces(record_id)
            moved[record_id] = step.commit


def _check_day(step: Step, before: datetime.date | None, day: datetime.date) -> Iterator[Finding]:
    """That a step is dated when it lands: `verify` and the reply window go by its date."""
    sentence = ""
    if step.day > day:
        sentence = "the commit is dated after today, and its date is when it landed"
    elif before is not None and step.day < before:
        sentence = "the commit is dated before the one it follows, and its date is when it landed"
    if sentence:
        yield Finding("", 1, 1, "G016", "error", sentence, "is that machine's clock right?")


def _late(step: Step) -> Finding:
    sentence = f"the commit is dated {step.day.isoformat()}, and its date is when it landed"
    hint = "land it anew today: a reply window and `verify` go by this date"
    return Finding("", 1, 1, "G016", "error", sentence, hint)


def _not_from_tip(new: str) -> Finding:
    sentence = f"{new[:12]} does not follow the tip of main as its first parent"
    hint = "fetch main, merge the request into it (git merge --no-ff), and push again"
    return Finding("", 1, 1, "G019", "error", sentence, hint)


def _in_pieces(record_id: str) -> Finding:
    sentence = f"{record_id} lands in several steps of one push"
    hint = "land a request as one step: git merge --no-ff, or squash; no rebase"
    return Finding("", 1, 1, "G019", "error", sentence, hint)


def check_tip(
    repository: Repository, tip: str, steps: Sequence[Verified], *, whole: bool
) -> Iterator[Finding]:
    """What content rules find in what stands at the tip: of all records, or of those moved."""
    ids = {record_id for step in steps for record_id in step.judgement.record_ids}
    if not whole and not ids:
        return
    broken = _why_no_register(Bench(repository), tip)
    if broken is not None:
        yield broken
        return
    places = tuple(place for each in sorted(ids) for place in Asked.record(each).places)
    asked = ALL if whole or len(ids) > _MANY else Asked(places)
    source = CommitSource(repository, tip)
    landed = repository.listing(tip, "records")
    said = {
        (each.code, each.file)
        for step in steps
        if not step.acknowledged
        for each in step.judgement.findings
    }
    for finding in validate(source, asked, landed).findings:
        codes = {finding.code, _SAID_OF_STEPS.get(finding.code, "")}
        if said.isdisjoint((code, finding.file) for code in codes):
            yield finding


def _why_no_register(bench: Bench, tip: str) -> Finding | None:
    """That nothing can be asked of a commit, since a step took away what it is judged by."""
    try:
        bench.grounds_at(tip)
    except GitError:
        raise
    except CannotRun as error:
        sentence = f"what stands at the tip can be judged by nothing: {error.sentence}"
        hint = "put it back in a step of its own, and let administrators acknowledge these steps"
        return Finding("", 1, 1, "G009", "error", sentence, hint)
    return None


def check_root_id(root: str, named: str) -> Iterator[Finding]:
    """That the history begins with the commit that somebody trusts."""
    if not named or not root.startswith(named.lower()):
        sentence = f"the history begins with {root}, not with {named[:40]}"
        yield Finding("", 1, 1, "G026", "error", sentence)


def verify_whole(repository: Repository, tip: str) -> Iterator[tuple[int, int, list[Finding]]]:
    """The records of a commit, each judged as one step from nothing, some at a time.

    Yields how many there are, how many were judged now, and what was found. What a retired key
    signed is good; today is the day of the commit.
    """
    day = _day_of(repository, tip)
    bench = Bench(repository)
    broken = _why_no_register(bench, tip)
    if broken is not None:
        yield 0, 0, [broken]
        return
    grounds = bench.grounds_at(tip)
    source = CommitSource(repository, tip)
    sorted_ = sort_files(repository.listing(tip, "records"), grounds.policy)
    yield len(sorted_.cases), 0, list(map(odd_finding, sorted_.odd))
    cases = iter(sorted_.cases.items())
    while some := list(islice(cases, _AT_ONCE)):
        read = dict(source.read_many(file for _, files in some for file in files))
        findings: list[Finding] = []
        to_prove: list[Proof] = []
        for path, files in some:
            new = {file: read[file] for file in files}
            coming = Coming(path, {}, new, day, is_whole=True)
            found, signed = check_coming(coming, grounds)
            findings += found
            to_prove += signed
        findings += prove(to_prove, grounds)
        yield len(sorted_.cases), len(some), sorted(set(findings))


def _day_of(repository: Repository, tip: str) -> datetime.date:
    before = repository.first_parents(tip)[-2:-1]
    return next(iter(repository.steps(tip, *before))).day


def acknowledged_at(bench: Bench, tip: str, steps: Sequence[Step]) -> Mapping[str, str]:
    """Commit → why it stands, of the steps that the administrators let stand.

    Of what ``steps`` said of it, that counts which a step said that was let in rightly: nobody
    acknowledges their own. A step that moved the rules is let stand by the administrators that
    there were before it, not by those whom it made.
    """
    stated = _acknowledged(bench, tip)
    if not stated:
        return {}
    begins = steps[0].parent if steps else tip
    known = set(_acknowledged(bench, begins)) if begins else set()
    rules_before = _rules_before(bench, steps)
    for step in steps:
        if step.parent is None or ACKNOWLEDGED not in (*step.added, *step.changed):
            continue
        named = _acknowledged(bench, step.commit).keys() - known
        by_rules = {rules_before.get(commit, "") for commit in named} | {""}
        counts = {rules: bench.judge(step.parent, step.commit, step.day, rules).passes
                  for rules in by_rules}  # fmt: skip
        if counts[""]:
            known |= {commit for commit in named if counts[rules_before.get(commit, "")]}
    return {commit: reason for commit, reason in stated.items() if commit in known}


def _rules_before(bench: Bench, steps: Sequence[Step]) -> Mapping[str, str]:
    """Of each step that moved the rules, the last commit before it by whose rules is judged."""
    before: dict[str, str] = {}
    sound = next((step.parent or "" for step in steps), "")
    for step in steps:
        if _moves_rules(step):
            before[step.commit] = sound
            sound = sound if _why_no_register(bench, step.commit) else step.commit
    return before


def _moves_rules(step: Step) -> bool:
    """Whether it moved what says who may change the rules."""
    moved = (*step.added, *step.changed, *step.removed)
    return any(path.startswith(("policy/", "schema/")) for path in moved)


def _acknowledged(bench: Bench, commit: str) -> Mapping[str, str]:
    source = bench.repository.read(commit, ACKNOWLEDGED)
    if source is None or _why_no_register(bench, commit):
        return {}
    data, _ = bench.grounds_at(commit).held("acknowledged", ACKNOWLEDGED, source)
    steps: list[dict[str, str]] = cast("Any", data["steps"]) if data else []
    return {step["commit"]: step["reason"] for step in steps}
