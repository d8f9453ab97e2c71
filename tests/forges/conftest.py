"""A register as `init` makes it, and a machine that installs the program from its wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from defectreg.store.git import Repository
from defectreg.store.git.history import day_in_london
from tests.registers import (
    MAIN,
    NAME,
    ROOT,
    TestRegister,
    good_record,
    key_of,
    run_in,
)

BRANCH = "submit/DR-7K3Q-X4MB"
"""The request of ``good_record``."""


@dataclass(frozen=True)
class Machine:
    """Where jobs run: a Python that has everything but the program, and the program's wheel.

    The first job installs the program, later ones find it there, as on a runner that is kept.
    """

    folder: Path
    packages: Path
    wheel: Path

    @property
    def variables(self) -> dict[str, str]:
        """What a job finds in its environment: the program is not in there yet."""
        return {
            "PATH": f"{self.folder / 'python' / 'bin'}:{os.environ['PATH']}",
            "HOME": os.environ["HOME"],
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "PYTHONPATH": str(self.packages),
            "PIP_NO_INDEX": "1",
            "DEFECTREG": str(self.wheel),
        }


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder))
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True, cwd=folder)
    (built,) = folder.glob("defectreg-*.whl")
    return built


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the program asks for, and pip, without the program: no job waits for a registry."""
    folder = tmp_path_factory.mktemp("packages")
    for installed in Path(sysconfig.get_path("purelib")).iterdir():
        if "defectreg" not in installed.name and installed.suffix != ".pth":
            (folder / installed.name).symlink_to(installed)
    return folder


@pytest.fixture(scope="session")
def machine(wheel: Path, packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    folder = tmp_path_factory.mktemp("machine")
    words = (sys.executable, "-m", "venv", "--without-pip", str(folder / "python"))
    subprocess.run(words, check=True, capture_output=True)
    return Machine(folder, packages, wheel)


@pytest.fixture
def forged(tmp_path: Path) -> TestRegister:
    """A register as `init` made it, a landed record in it, and another on a request."""
    persons = (
        f"supplier-one:large-supplier:reporter:{key_of('supplier-one')}",
        f"dcc:dcc:validator+administrator:{key_of('dcc')}",
    )
    founders = [word for person in persons for word in ("--person", person)]
    begun = run_in(tmp_path, "init", "register", "--name", NAME, *founders)
    assert begun.code == 0, begun
    folder = tmp_path / "register"
    today = day_in_london(int(datetime.now(UTC).timestamp()))
    register = TestRegister(folder, Repository.find(folder), today)
    register.add(good_record(id="DR-AAAA-BBBB", certainty=None))
    git(folder, "remote", "add", "origin", "git@gitlab.example.invalid:sec/register.git")
    git(folder, "update-ref", "refs/remotes/origin/main", MAIN)
    return register


def git(folder: Path, *words: str) -> str:
    answer = subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True)
    return answer.stdout.strip()
