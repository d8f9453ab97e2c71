"""The GitHub workflow of a new register: its steps, run as scripts in the order of their job.

What is not run is what GitHub's own actions do: the checkout and the upload of the pages.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.forges.conftest import BRANCH, Machine, git
from tests.registers import Result, TestRegister, good_record

REF = f"refs/heads/{BRANCH}"
PINNED = 40
"""Digits of a commit, which names an action that nobody can replace."""


@dataclass
class Job:
    """A job as GitHub runs it: each step in a shell of its own, until one fails."""

    register: TestRegister
    machine: Machine
    name: str
    expressions: dict[str, str]
    """What GitHub would put in place of `${{ … }}`."""
    summary: Path = field(init=False)

    def run(self) -> Result:
        runner = self.machine.folder / "runner"
        runner.mkdir(exist_ok=True)
        self.summary = self.register.folder.parent / "summary.md"
        (runner / "path").write_text("")
        workflow = workflow_of(self.register)
        code, out = 0, ""
        for step in workflow["jobs"][self.name]["steps"]:
            if "run" in step and code == 0:
                given = {**workflow.get("env", {}), **step.get("env", {})}
                code, said = self._step(step["run"], given, runner)
                out += said
        return Result(code, out, "")

    def _step(self, script: str, given: dict[str, str], runner: Path) -> tuple[int, str]:
        variables = self.machine.variables | {
            "RUNNER_TEMP": str(runner),
            "GITHUB_PATH": str(runner / "path"),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_ACTIONS": "true",
            "CI": "true",
        }
        variables |= {name: self._filled(text) for name, text in given.items()}
        added = (runner / "path").read_text().splitlines()
        variables["PATH"] = os.pathsep.join([*reversed(added), variables["PATH"]])
        assert "${{" not in script, "what others wrote is never put into a script"
        answer = subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=self.register.folder, env=variables, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=120,
        )  # fmt: skip
        return answer.returncode, answer.stdout

    def _filled(self, text: str) -> str:
        for expression, value in self.expressions.items():
            text = text.replace("${{ " + expression + " }}", value)
        assert "${{" not in text, f"a test says what GitHub puts there: {text}"
        return text


def workflow_of(register: TestRegister) -> dict[str, Any]:
    path = register.folder / ".github" / "workflows" / "register.yml"
    # The loader takes the key `on` for true; nothing here asks for it.
    workflow: dict[str, Any] = yaml.safe_load(path.read_text())
    return workflow


def judge(register: TestRegister, machine: Machine) -> tuple[Result, str]:
    """The job of a pull request whose head is checked out, and the summary that it leaves."""
    git(register.folder, "switch", "--quiet", "--detach", BRANCH)
    job = Job(register, machine, "gate", {**_variables(machine), "github.base_ref": "main"})
    result = job.run()
    return result, job.summary.read_text()


def publish(register: TestRegister, machine: Machine, published: Path) -> Result:
    """The job of the branch main; the last publication is read from a folder."""
    (address,) = (
        step["env"]["PUBLISHED"] for step in workflow_of(register)["jobs"]["publish"]["steps"]
        if "PUBLISHED" in step.get("env", {})
    )  # fmt: skip
    expression = address.removeprefix("${{ ").removesuffix(" }}")
    return Job(
        register, machine, "publish", {**_variables(machine), expression: published.as_uri()}
    ).run()


def _variables(machine: Machine) -> dict[str, str]:
    return {"vars.DEFECTREG": str(machine.wheel), "vars.DEFECTREG_ROOT": ""}


def test_a_good_request_passes(forged: TestRegister, machine: Machine) -> None:
    forged.add(good_record(), ref=REF)
    result, summary = judge(forged, machine)
    assert result.code == 0, result
    assert "::error" not in result.out
    assert summary


def test_a_request_that_nobody_accepted_fails_with_annotations(
    forged: TestRegister, machine: Machine
) -> None:
    forged.add(good_record(), accept=False, ref=REF)
    result, summary = judge(forged, machine)
    assert result.code == 1, result
    assert "file=records/7K/DR-7K3Q-X4MB.yaml,line=1,col=1,title=G011::" in result.out
    assert "G011" in summary


def test_the_pages_are_published_and_then_only_what_landed_since_is_proven(
    forged: TestRegister, machine: Machine, tmp_path: Path
) -> None:
    last = tmp_path / "last"
    first = publish(forged, machine, last)
    assert first.code == 0, first
    assert "The last publication cannot be read: the whole history is verified." in first.out
    (forged.folder / "public").rename(last)
    forged.add(good_record())
    second = publish(forged, machine, last)
    assert second.code == 0, second
    assert "1 step verified" in second.out
    assert (forged.folder / "public" / "index.html").exists()


def test_nothing_is_published_beyond_a_step_that_is_refused(
    forged: TestRegister, machine: Machine, tmp_path: Path
) -> None:
    forged.add(good_record(), accept=False)
    result = publish(forged, machine, tmp_path / "last")
    assert result.code == 1, result
    assert "[G011]" in result.out
    assert not (forged.folder / "public").exists()


def test_every_action_is_named_by_its_commit(forged: TestRegister) -> None:
    used = [step["uses"] for job in workflow_of(forged)["jobs"].values()
            for step in job["steps"] if "uses" in step]  # fmt: skip
    assert used
    assert [name for name in used if len(name.partition("@")[2]) != PINNED] == []
