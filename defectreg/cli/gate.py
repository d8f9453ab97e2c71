"""Judge a request by the rules of its target, and prove that what landed was let in rightly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defectreg.cli.errors import FINDINGS
from defectreg.cli.findings import (
    Telling,
    counted,
    counts_json,
    finding_json,
    finding_lines,
    print_findings,
)
from defectreg.cli.options import AsOfOption, Form, FormOption, JsonOption, ReportOption
from defectreg.cli.output import bold, escape, progress
from defectreg.cli.today import asked_day
from defectreg.register.errors import CannotRun, UsageProblem

if TYPE_CHECKING:
    from defectreg.gate.judging import Judgement
    from defectreg.gate.verifying import Verification
    from defectreg.register.findings import Finding
    from defectreg.store.git import Repository

app = typer.Typer()

SCHEMA_VERSION = 1
ROOT_CODE = "G026"
"""The history does not begin with the commit that was named."""
_MAIN = ("refs/heads/main", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
_KINDS = {
    "data": "records and statements",
    "bulletin": "a month's bulletin",
    "catalogue": "the catalogue",
    "policy": "what the register is judged by",
    "other": "files that are no part of the register",
    "nothing": "nothing that its target does not have",
    "refused": "no class of request",
}
_EXAMPLES = """\b
Examples:
  defectreg gate submit/DR-7K3Q-X4MB
  defectreg gate HEAD --target origin/main --report markdown=comment.md"""
_VERIFY_EXAMPLES = """\b
Examples:
  defectreg verify
  defectreg verify --since 4f0c2d91 --root 8a1e0b7c
  defectreg verify --head"""


@app.command(epilog=_EXAMPLES)
def gate(
    head: Annotated[
        str, typer.Argument(metavar="[HEAD]", help="The request: a branch or commit.")
    ] = "HEAD",
    target: Annotated[
        str | None,
        typer.Option(
            "--target", metavar="REF", help="Where it is to land. Without it, the main branch."
        ),
    ] = None,
    as_of: AsOfOption = None,
    form: FormOption = Form.text,
    reports: ReportOption = None,
    as_json: JsonOption = False,
) -> None:
    """Judge a request as it would land, by the rules of its target.

    Exit code 0: it may land; 1: something is wrong, or still awaited; 3: cannot judge.
    """
    from defectreg.gate.requesting import judge_request_head
    from defectreg.store.git import Repository

    repository = Repository.find(Path())
    onto = _commit(repository, target) if target else _main(repository)
    judgement = judge_request_head(repository, _commit(repository, head), onto, asked_day(as_of))
    telling = Telling.asked(form, reports, as_json=as_json)
    telling.tell(judgement.findings, judgement_json(judgement), lambda: _print(judgement))
    if not judgement.passes:
        raise typer.Exit(FINDINGS)


@app.command(epilog=_VERIFY_EXAMPLES)
def verify(
    tip: Annotated[
        str | None,
        typer.Argument(metavar="[TIP]", help="Up to where. Without it, the main branch."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="REV", help="Only the steps after this one."),
    ] = None,
    root: Annotated[
        str | None,
        typer.Option("--root", metavar="ID", help="The first commit that you trust."),
    ] = None,
    head: Annotated[
        bool,
        typer.Option(
            "--head", help="Judge each record of the tip as one step from nothing, not history."
        ),
    ] = False,
    form: FormOption = Form.text,
    reports: ReportOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prove that all that landed was let in rightly: each step by the rules before it.

    Exit code 0: it was; 1: a step is refused, or what stands is not well formed; 3: cannot run.
    """
    from dataclasses import replace

    from defectreg.gate.verifying import check_root_id
    from defectreg.store.git import Repository

    if head and since:
        raise UsageProblem("--head asks about no history, and --since does", "use one of them")
    repository = Repository.find(Path())
    commit = _commit(repository, tip) if tip else _main(repository)
    start = _commit(repository, since) if since else None
    telling = Telling.asked(form, reports, as_json=as_json)
    found = _of_head(repository, commit) if head else _of_history(repository, commit, start)
    if root is not None:
        found = replace(found, standing=(*check_root_id(found.root, root), *found.standing))
    telling.tell(found.findings, verification_json(found), lambda: _print_verification(found))
    if not found.stands:
        raise typer.Exit(FINDINGS)


def _of_history(repository: Repository, tip: str, since: str | None) -> Verification:
    from defectreg.gate.verifying import (
        Verification,
        check_tip,
        steps_to_verify,
        verify_steps,
    )

    steps = steps_to_verify(repository, tip, since)
    verified = []
    with progress("verify", len(steps)) as step:
        for each in verify_steps(repository, tip, steps):
            verified.append(each)
            step(1)
    first = repository.first_parents(tip)[0]
    standing = tuple(check_tip(repository, tip, verified, whole=since is None))
    return Verification(first, tip, tuple(verified), standing)


def _of_head(repository: Repository, tip: str) -> Verification:
    from defectreg.gate.verifying import Verification, verify_whole

    findings: list[Finding] = []
    with ExitStack() as stack:
        step: Callable[[int], None] | None = None
        for total, done, found in verify_whole(repository, tip):
            step = step or stack.enter_context(progress("verify", total))
            step(done)
            findings += found
    return Verification(repository.first_parents(tip)[0], tip, (), tuple(findings))


def _commit(repository: Repository, typed: str) -> str:
    commit = repository.resolve(typed)
    if commit is None:
        raise UsageProblem(
            f"{typed!a:.80} is no branch or commit here", "git fetch brings what others pushed"
        )
    return commit


def _main(repository: Repository) -> str:
    refs = repository.refs(*_MAIN)
    for name in _MAIN:
        if name in refs:
            return refs[name]
    raise CannotRun("there is no branch main here, nor one that was fetched", "say --target REF")


def _print(judgement: Judgement) -> None:
    print_findings(each for each in judgement.findings if each.severity != "awaited")
    if judgement.awaited:
        print("Still awaited:")
        for finding in judgement.awaited:
            for line in finding_lines(finding, "  "):
                print(line)
    print(_verdict(judgement))


def _verdict(judgement: Judgement) -> str:
    brings = f"It brings {_KINDS[judgement.kind]}"
    if judgement.record_ids:
        brings += f" of {counted(len(judgement.record_ids), 'record')}"
    warned = _warned(judgement.findings)
    if judgement.errors:
        return f"{bold('Refused')}: {counted(len(judgement.errors), 'error')}{warned}. {brings}."
    if judgement.awaited:
        return f"{bold('Not yet')}: nothing is wrong, and something is awaited{warned}. {brings}."
    return f"{bold('It may land')}{warned}. {brings}."


def _warned(findings: Iterable[Finding]) -> str:
    """How many warnings there are, to end a sentence with; empty for none."""
    number = sum(each.severity == "warning" for each in findings)
    return f", with {counted(number, 'warning')}" if number else ""


def judgement_json(judgement: Judgement) -> dict[str, Any]:
    """What a request is judged to be, as one object of JSON.

    ``schema_version``: 1; ``kind`` (data, bulletin, catalogue, policy, other, nothing, refused);
    ``records`` (ids); ``passes``; ``counts`` and ``findings`` as in ``validate``.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": judgement.kind,
        "records": list(judgement.record_ids),
        "passes": judgement.passes,
        "counts": counts_json(judgement.findings),
        "findings": [finding_json(each) for each in judgement.findings],
    }


def _print_verification(found: Verification) -> None:
    print_findings(found.findings)
    print("\n".join(_verified_lines(found)))


def _verified_lines(found: Verification) -> Iterator[str]:
    yield f"Root: {found.root}"
    yield f"Tip:  {found.tip}"
    if found.steps:
        steps = counted(len(found.steps), "step")
        refused = len(found.refused)
        let_stand = sum(bool(step.acknowledged) for step in found.steps)
        if refused:
            yield f"{bold('Refused')}: {refused:,} of {steps}."
        else:
            yield f"{escape(steps)} verified: each was let in by the rules before it."
        if let_stand:
            yield f"The administrators let {counted(let_stand, 'refused step')} stand."
    wrong = [each for each in found.standing if each.severity != "warning"]
    if any(each.code == ROOT_CODE for each in wrong):
        yield f"{bold('Refused')}: it is another history."
    elif wrong:
        yield f"What stands at the tip is not well formed{_warned(found.standing)}."
    elif found.stands:
        yield f"What stands at the tip is well formed{_warned(found.standing)}."


def verification_json(found: Verification) -> dict[str, Any]:
    """What a history was found to be, as one object of JSON.

    ``schema_version``: 1; ``root`` and ``tip`` (commits); ``stands``; ``steps``, each with
    ``commit``, ``date``, ``kind``, ``records``, ``passes`` and ``acknowledged`` (the reason, or
    empty); ``counts`` and ``findings`` as in ``validate``.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "root": found.root,
        "tip": found.tip,
        "stands": found.stands,
        "steps": [
            {
                "commit": step.commit,
                "date": step.day.isoformat(),
                "kind": step.judgement.kind,
                "records": list(step.judgement.record_ids),
                "passes": step.judgement.passes,
                "acknowledged": step.acknowledged,
            }
            for step in found.steps
        ],
        "counts": counts_json(found.findings),
        "findings": [finding_json(each) for each in found.findings],
    }
