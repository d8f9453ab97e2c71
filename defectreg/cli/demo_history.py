"""The second act of the demonstration: several Parties, a server that judges, and tampering."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from defectreg.cli.errors import FINDINGS
from defectreg.cli.stage import Stage

_PEOPLE = ("supplier-two", "maker-one")
"""Who makes a key in this act; the others have theirs."""
_CLONES = ("supplier-one", "supplier-two", "maker-one", "dcc")
_FOUNDERS = (
    *("--person", "supplier-one:large-supplier:reporter:keys/supplier-one"),
    *("--person", "supplier-two:large-supplier:reporter:keys/supplier-two"),
    *("--person", "maker-one:device-manufacturer:manufacturer:keys/maker-one"),
    *("--person", "dcc:dcc:validator+administrator:keys/dcc"),
    *("--person", "secas:secas:publisher+administrator:keys/secas"),
    *("--manufacturer", "maker-one:FF01"),
)
_ISSUE = (
    *("--title", "Half-hourly readings stop after a change of supplier"),
    *("--affected", "ESME:FF01/00010100@0001*"),
    *("--behaviour", "After the change the meter sends no half-hourly readings until midnight."),
    *("--certainty", "suspected", "--impact-consumers", "medium"),
)


def play(home: Path) -> None:
    """A register on a server, requests accepted and refused, its history proven and tampered with.

    ``home`` holds the keys that the first act made.
    """
    stage = Stage(home, home / "supplier-one")
    _serve(stage)
    record_id = _first_request(stage)
    _further_requests(stage, record_id)
    _refused(stage, record_id)
    _prove(stage, record_id)


def _serve(stage: Stage) -> None:
    stage.say("Five Parties share a register. Its server is plain git, with a hook that judges.")
    for person in _PEOPLE:
        stage.run("defectreg", "key", f"keys/{person}", folder=stage.home, shown=1)
    stage.run(
        *("defectreg", "init", "shared", "--name", "shared-demo", *_FOUNDERS),
        folder=stage.home,
        shown=2,
    )
    stage.run("git", "init", "--quiet", "--bare", "server.git", folder=stage.home)
    stage.run(
        *("defectreg", "hook", "install", "--repository", "server.git"), folder=stage.home, shown=3
    )
    stage.run("git", "push", "--quiet", "../server.git", "main", folder=stage.home / "shared")
    for party in _CLONES:
        stage.run("git", "clone", "--quiet", "server.git", party, folder=stage.home)
        for key, text in (("defectreg.key", f"../keys/{party}"), ("user.name", party),
                          ("user.email", f"{party}@parties.invalid")):  # fmt: skip
            stage.quietly("git", "config", key, text, folder=stage.home / party)


def _first_request(stage: Stage) -> str:
    """An issue from its report to its landing; returns its id."""
    stage.say("A supplier reports. What nobody accepted does not land, whoever pushes it.")
    said = stage.run("defectreg", "add", *_ISSUE, must_say=["submit/DR-"])
    record_id = said[said.index("submit/DR-") :][len("submit/") :][: len("DR-7K3Q-X4MB")]
    branch = f"submit/{record_id}"
    stage.run("git", "push", "--quiet", "origin", branch)
    stage.run(
        *("git", "push", "--quiet", "origin", f"{branch}:main"), expected=1, must_say=["G011"]
    )
    stage.say("The DCC's validator sees what waits, reads it, signs, and lands it.")
    _fetch(stage, "dcc")
    stage.run("defectreg", "queue", folder=stage.home / "dcc", must_say=[record_id])
    _accept(stage, record_id)
    return record_id


def _further_requests(stage: Stage, record_id: str) -> None:
    stage.say("In the days after, others say what they know. Each lands as a request of its own.")
    _say(stage, "supplier-two", ("report", record_id, "We see this too.", "--devices", "10-99"))
    _land(stage, "supplier-two", record_id)
    position = ("response", record_id, "We are looking into it.", "--position", "investigating")
    _say(stage, "maker-one", position)
    _land(stage, "maker-one", record_id)
    cause = "Readings are buffered until the clock is set anew."
    _say(stage, "supplier-two", ("cause", record_id, cause, "--cause", "suspected"))
    _fetch(stage, "dcc")
    _accept(stage, record_id)


def _refused(stage: Stage, record_id: str) -> None:
    stage.say("What the rules do not allow is refused, also to an administrator.")
    dcc = stage.home / "dcc"
    _fetch(stage, "dcc")
    for tampering in _tamperings(record_id)[:2]:
        tampering.work(dcc)
        stage.run("git", "commit", "--quiet", "--all", "-m", tampering.name, folder=dcc)
        stage.run(
            *("git", "push", "--quiet", "origin", "main"),
            folder=dcc, expected=1, must_say=[tampering.code], shown=6,
        )  # fmt: skip
        stage.quietly("git", "reset", "--quiet", "--hard", "origin/main", folder=dcc)


def _prove(stage: Stage, record_id: str) -> None:
    stage.say("Whoever has a clone can prove that all that landed was let in rightly.")
    stage.quietly("git", "clone", "--quiet", "server.git", "anyone", folder=stage.home)
    anyone = stage.home / "anyone"
    stage.run("defectreg", "verify", folder=anyone, must_say=["verified"])
    stage.say("Somebody who has the server changes the history behind the hook's back.")
    for number, tampering in enumerate(_tamperings(record_id), 1):
        copy = stage.home / f"tampered-{number}"
        stage.quietly("git", "clone", "--quiet", "anyone", copy.name, folder=stage.home)
        for key in ("user.name", "user.email"):
            stage.quietly("git", "config", key, "somebody", folder=copy)
        stage.say(f"{tampering.name}:")
        tampering.work(copy)
        stage.quietly("git", "add", "--all", folder=copy)
        stage.quietly("git", "commit", "--quiet", *tampering.options, folder=copy)
        stage.run(
            "defectreg", "verify", folder=copy, expected=FINDINGS, must_say=[tampering.code],
            shown=10,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Tampering:
    """What somebody does to a clone, and the code that finds it."""

    name: str
    code: str
    work: Callable[[Path], None]
    options: tuple[str, ...] = ("--message", "A small thing")


def _tamperings(record_id: str) -> list[_Tampering]:
    record = f"records/{record_id[3:5]}/{record_id}"

    def statement(clone: Path, kind: str) -> Path:
        return min((clone / record).glob(f"*-{kind}*.yaml"))

    def change_statement(clone: Path) -> None:
        _replace(statement(clone, "response"), "looking into it", "not affected")

    def change_policy(clone: Path) -> None:
        with (clone / "policy/register.yaml").open("a", encoding="utf-8") as file:
            file.write("reply-window: 0\n")

    def change_record(clone: Path) -> None:
        _replace(clone / f"{record}.yaml", "suspected", "confirmed")

    def remove_statement(clone: Path) -> None:
        statement(clone, "report").unlink()

    def make_up(clone: Path) -> None:
        report = statement(clone, "report-supplier-two")
        made_up = report.with_name(f"{report.stem}-2.yaml")
        made_up.write_bytes(report.read_bytes())
        _replace(made_up, "We see", "All Parties see")

    return [
        _Tampering("The manufacturer's response says something else", "G001", change_statement),
        _Tampering("One person alone changes the policy", "G020", change_policy),
        _Tampering("A record says more than was accepted", "G011", change_record),
        _Tampering("A report disappears", "G001", remove_statement),
        _Tampering("A statement is made up from another's signature", "R096", make_up),
    ]


def _replace(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(before, after), encoding="utf-8")


def _say(stage: Stage, party: str, words: tuple[str, ...]) -> None:
    """Add a statement in a Party's clone, and push its branch."""
    clone = stage.home / party
    _fetch(stage, party)
    said = stage.run("defectreg", "add", *words, folder=clone, must_say=["submit/DR-"], shown=4)
    branch = said[said.index("submit/DR-") :].split()[0].rstrip(".:,")
    stage.run("git", "push", "--quiet", "origin", branch, folder=clone)


def _land(stage: Stage, party: str, record_id: str) -> None:
    stage.run("defectreg", "land", record_id, folder=stage.home / party, must_say=["Landed"])


def _accept(stage: Stage, record_id: str) -> None:
    dcc = stage.home / "dcc"
    stage.run("defectreg", "review", record_id, "--accept", "--yes", folder=dcc, shown=3)
    _land(stage, "dcc", record_id)


def _fetch(stage: Stage, party: str) -> None:
    clone = stage.home / party
    stage.quietly("git", "pull", "--quiet", "--ff-only", "origin", "main", folder=clone)
    stage.quietly("git", "fetch", "--quiet", "--prune", "origin", folder=clone)
