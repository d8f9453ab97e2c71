"""The GitLab file of a new register, run by gitlab-ci-local: the gate, the proof, the pages."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from tests.forges.conftest import BRANCH, Machine, git
from tests.registers import Result, TestRegister, good_record

RUNNER = Path(__file__).parent / "node_modules" / ".bin" / "gitlab-ci-local"
REF = f"refs/heads/{BRANCH}"
WORKED_IN = Path(".gitlab-ci-local/builds/gate")
"""Where the gate's job ran: what GitLab takes out of there as reports."""


def run(register: TestRegister, machine: Machine, job: str, **variables: str) -> Result:
    """Run one job in its own copy of the checkout, as a shell executor does."""
    missing = [name for name in ("node", "rsync") if shutil.which(name) is None]
    assert not missing, f"gitlab-ci-local needs {missing}: run .ci/machine as root"
    assert RUNNER.exists(), "gitlab-ci-local is not installed here: `make test` installs it"
    given = {"DEFECTREG": str(machine.wheel), **variables}
    answer = subprocess.run(
        [str(RUNNER), job, "--force-shell-executor", "--shell-isolation",
         *(word for name, text in given.items() for word in ("--variable", f"{name}={text}"))],
        cwd=register.folder, env=machine.variables, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    return Result(answer.returncode, answer.stdout, answer.stderr)


def judge(register: TestRegister, machine: Machine) -> Result:
    """The pipeline of the merge request, whose branch is checked out."""
    git(register.folder, "switch", "--quiet", BRANCH)
    return run(register, machine, "gate", CI_PIPELINE_SOURCE="merge_request_event",
               CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main")  # fmt: skip


def publish(register: TestRegister, machine: Machine, published: Path) -> Result:
    """The pipeline of the default branch; the last publication is read from a folder."""
    return run(register, machine, "pages", CI_PAGES_URL=published.as_uri())


def test_a_good_request_passes_and_its_reports_are_artifacts(
    forged: TestRegister, machine: Machine
) -> None:
    forged.add(good_record(), ref=REF)
    result = judge(forged, machine)
    assert result.code == 0, result
    assert "It may land. It brings records and statements of 1 record." in result.out
    assert json.loads((forged.folder / WORKED_IN / "gl-code-quality-report.json").read_text()) == []
    assert "<testsuite" in (forged.folder / WORKED_IN / "gate.xml").read_text()
    assert (forged.folder / "gate.md").read_text()


def test_a_request_that_nobody_accepted_fails_and_the_reports_say_why(
    forged: TestRegister, machine: Machine
) -> None:
    forged.add(good_record(), accept=False, ref=REF)
    result = judge(forged, machine)
    assert result.code == 1, result
    assert "awaited[G011]" in result.out
    (awaited,) = json.loads((forged.folder / WORKED_IN / "gl-code-quality-report.json").read_text())
    assert awaited["check_name"] == "G011"
    assert "G011" in (forged.folder / "gate.md").read_text()


def test_the_pages_are_published_and_then_only_what_landed_since_is_proven(
    forged: TestRegister, machine: Machine, tmp_path: Path
) -> None:
    last = tmp_path / "last"
    first = publish(forged, machine, last)
    assert first.code == 0, first
    assert "The last publication cannot be read: the whole history is verified." in first.out
    assert "2 steps verified" in first.out
    page = (forged.folder / "public" / "index.html").read_text()
    assert git(forged.folder, "rev-parse", "HEAD") in page
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


def test_without_the_name_of_the_program_nothing_is_installed(
    forged: TestRegister, machine: Machine, tmp_path: Path
) -> None:
    result = run(forged, machine, "pages", DEFECTREG="")
    assert result.code == 1, result
    assert "Set the CI/CD variable DEFECTREG to what pip is to install." in result.out
