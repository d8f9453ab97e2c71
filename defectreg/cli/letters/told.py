"""What came of `notify`, for people and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import typer

from defectreg.cli.errors import CANNOT_RUN, FINDINGS, report
from defectreg.cli.findings import finding_json, print_findings
from defectreg.cli.letters.asked import Done
from defectreg.cli.output import bold, disclaimer_lines, emit_json, escape
from defectreg.register.findings import Finding

if TYPE_CHECKING:
    from defectreg.letters.preparing import Ready
    from defectreg.store.letters.due import Objection
    from defectreg.store.letters.notices import Noticed

SCHEMA_VERSION = 1
_MOST_IDS = 6
_WIDEST = len("manufacturer")


def tell(done: Done, *, as_json: bool) -> None:
    """Print what came of it; ends with 1 where there are findings, 3 where sending was stopped."""
    findings = [_finding(each) for each in done.objections]
    if as_json:
        emit_json(notify_json(done))
    else:
        print("\n".join(disclaimer_lines()))
        print("\n".join(_lines(done)))
        print_findings(findings)
    if done.stopped is not None:
        report(done.stopped.sentence, done.stopped.hint)
        raise typer.Exit(CANNOT_RUN)
    if findings:
        raise typer.Exit(FINDINGS)


def notify_json(done: Done) -> dict[str, Any]:
    """What came of ``notify``, as one object of JSON.

    ``schema_version``: 1; ``meta``: ``disclaimer``, ``as_of`` (a day); ``letters``, each with
    ``kind``, ``to`` (a Party), ``message_id``, ``subject``, ``ids``, ``state`` (drafted, shown,
    accepted, refused, in-doubt, elsewhere, not-sent or kept-back) and ``draft`` (a file, or null);
    ``notices``: ``branch`` and ``files``, or null; ``said``: of ``--settle`` and
    ``--sent-by-hand`` a sentence, else null; ``to_withdraw``: the notices of a letter that came
    back (``id``, ``file``); ``next``: commands; ``findings`` (file, line, column, code,
    severity, sentence, hint); ``stopped``: a sentence, or null.
    """
    from defectreg.register.shown_words import DISCLAIMER

    noticed = done.noticed
    return {
        "schema_version": SCHEMA_VERSION,
        "meta": {"disclaimer": DISCLAIMER, "as_of": done.day.isoformat()},
        "letters": list(_letters(done)),
        "notices": noticed and {"branch": noticed.branch, "files": list(noticed.paths)},
        "said": done.said or None,
        "to_withdraw": [{"id": each.record_id, "file": each.file} for each in done.came_back],
        "next": _next(done),
        "findings": [finding_json(_finding(each)) for each in done.objections],
        "stopped": done.stopped.sentence if done.stopped else None,
    }


def _letters(done: Done) -> Iterator[dict[str, Any]]:
    states = {outcome.message_id: outcome.state for outcome in done.outcomes}
    drafts = {path.name: str(path) for path in done.drafts}
    for each in (*done.letters, *done.kept):
        draft = drafts.get(each.message.file)
        yield {
            "kind": each.due.kind,
            "to": each.due.to.slug,
            "message_id": each.message.message_id,
            "subject": each.subject,
            "ids": _ids(each),
            "state": states.get(each.message.message_id) or _state(each, done),
            "draft": draft,
        }


def _state(each: Ready, done: Done) -> str:
    """What becomes of a letter that was not handed over."""
    if done.is_kept_back or each in done.kept:
        return "kept-back"
    if done.is_sent:
        return "not-sent"
    return "drafted" if done.drafts else "shown"


def _finding(objection: Objection) -> Finding:
    return Finding(objection.file, 1, 1, objection.code, "error", objection.sentence,
                   objection.hint)  # fmt: skip


def _ids(each: Ready) -> list[str]:
    """The records that a letter is about."""
    return list(dict.fromkeys(subject.record_id for subject in each.due.subjects))


def _lines(done: Done) -> Iterator[str]:
    yield ""
    states = {outcome.message_id: outcome.state for outcome in done.outcomes}
    letters = (*done.letters, *done.kept)
    width = max((len(each.due.to.slug) for each in letters), default=0)
    for each in letters:
        state = states.get(each.message.message_id) or _state(each, done)
        yield _line(each, "" if state in ("drafted", "shown") else f"{state}  ", width)
    yield from [done.said] if done.said else _closing(done)
    if done.noticed is not None:
        yield from _noticed_lines(done.noticed)
    if done.came_back:
        yield "It is due again. Its notice starts the time for a reply until it is withdrawn."
    if commands := _next(done):
        yield "Next:"
        yield from (f"  {escape(command)}" for command in commands)


def _line(each: Ready, state: str, width: int) -> str:
    ids = _ids(each)
    about = ", ".join(ids[:_MOST_IDS])
    if len(ids) > _MOST_IDS:
        about += f" and {len(ids) - _MOST_IDS} more"
    kind, slug = each.due.kind.ljust(_WIDEST), escape(each.due.to.slug).ljust(width)
    return f"{bold(kind)}  {slug}  {state}{about}".rstrip()


def _closing(done: Done) -> Iterator[str]:
    if done.is_sent:
        counts = Counter(outcome.state for outcome in done.outcomes)
        if counts:
            yield "Sent: " + ", ".join(f"{number} {state}" for state, number in counts.items())
        elif done.stopped is not None:
            yield "Nothing was sent."
        elif done.noticed is None:
            yield "No letter was to be sent, and no notice to be made."
        return
    if not done.letters and not done.kept:
        yield "No letter is due."
        return
    if done.drafts:
        yield f"Drafts: {escape(str(done.drafts[0].parent))}"
    yield "Nothing was sent." + (" --others sends those that can be." if done.is_kept_back
                                 else " --send sends them." if done.letters else "")  # fmt: skip


def _noticed_lines(noticed: Noticed) -> Iterator[str]:
    branch = escape(noticed.branch)
    yield f"Signed, on {branch}: {_counted(noticed.paths)}"
    yield "The time for a reply begins when they land."


def _next(done: Done) -> list[str]:
    """What the person runs now."""
    commands = [f"defectreg review {each.record_id} --withdraw reported-in-error --of {each.file}"
                for each in done.came_back]  # fmt: skip
    if done.noticed is None:
        return commands
    branch = done.noticed.branch
    push = [f"git push origin {branch}"] if done.noticed.has_remote else []
    ids = sorted({path.split("/")[2] for path in done.noticed.paths})
    return [*commands, f"defectreg gate {branch}", *push,
            f"defectreg land {' '.join(ids) if len(ids) <= _MOST_IDS else '--all'}"]  # fmt: skip


def _counted(paths: Sequence[str]) -> str:
    return f"{len(paths)} notice{'' if len(paths) == 1 else 's'}"
