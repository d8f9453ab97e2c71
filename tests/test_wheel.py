"""The wheel carries all that a register needs, and works where there is no clone."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from defectreg.register import demonstration
from defectreg.store.signatures import public_of

DEMONSTRATION_KEYS = Path("tests") / "keys"


def call(*command: str | Path, folder: Path) -> str:
    """What ``command`` prints, run in ``folder`` without the clone on Python's path."""
    answer = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        # pip's own settings and cache are the user's: the tests' home has none.
        env={**os.environ, "HOME": pwd.getpwuid(os.getuid()).pw_dir, "PYTHONSAFEPATH": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    call(
        *(sys.executable, "-m", "build", "--wheel", "--no-isolation"),
        *("--outdir", folder, repository),
        folder=folder,
    )
    (built,) = folder.glob("defectreg-*.whl")
    return built


@pytest.fixture(scope="module")
def program(repository: Path, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``defectreg`` of a new environment that holds the wheel and what it asks for."""
    environment = tmp_path_factory.mktemp("installed") / "venv"
    call(sys.executable, "-m", "venv", environment, folder=wheel.parent)
    call(
        *(environment / "bin" / "python", "-m", "pip", "install", "--quiet"),
        *("--disable-pip-version-check", "--constraint", repository / "constraints.txt", wheel),
        folder=wheel.parent,
    )
    return environment / "bin" / "defectreg"


def make_key(folder: Path, name: str) -> Path:
    path = folder / name
    call("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path, folder=folder)
    return path


def test_the_wheel_carries_the_formats_of_a_register(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for folder in ("schema", "templates", "catalogue"):
        assert any(name.startswith(f"defectreg/data/{folder}/") for name in names), folder


def test_the_wheel_carries_every_file_of_the_formats(repository: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for folder in ("schema", "templates", "catalogue"):
        for path in (repository / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                assert f"defectreg/data/{path.relative_to(repository)}" in names


def test_the_wheel_carries_no_test_record_or_demonstration_key(
    repository: Path, wheel: Path
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert {name.split("/")[0] for name in held} == {
        "defectreg",
        f"defectreg-{wheel.name.split('-')[1]}.dist-info",
    }
    assert not [name for name, content in held.items() if b"PRIVATE KEY--" in content]
    keys = [path for path in (repository / DEMONSTRATION_KEYS).iterdir() if not path.suffix]
    assert len(keys) == len(demonstration.DEMONSTRATION_KEYS)
    for key in keys:
        line = str(public_of(key)).split()[1].encode()
        assert not [name for name, content in held.items() if line in content]


def test_a_register_is_started_filled_checked_and_published_without_the_clone(
    program: Path, tmp_path: Path
) -> None:
    reporter = make_key(tmp_path, "reporter")
    validator = make_key(tmp_path, "validator")
    register = tmp_path / "register"
    call(
        *(program, "init", register, "--name", "example"),
        *("--person", f"supplier-one:large-supplier:reporter:{reporter}.pub"),
        *("--person", f"dcc:dcc:validator+administrator:{validator}.pub"),
        folder=tmp_path,
    )
    added = call(
        *(program, "add", "--title", "Meter stops sending billing alerts"),
        *("--affected", "ESME:FF01/00010100@00010203"),
        *("--behaviour", "After the Hub restarts, the meter sends no 8F1E."),
        *("--party", "supplier-one", "--key", reporter),
        folder=register,
    )
    assert "submit/DR-" in added
    call(program, "validate", folder=register)
    call(program, "publish", "--output", tmp_path / "site", folder=register)
    assert "No recommendations are made or intended" in (
        tmp_path / "site" / "index.html"
    ).read_text(encoding="utf-8")


def test_the_program_runs_as_a_module_too(program: Path, tmp_path: Path) -> None:
    by_name = call(program, "--version", folder=tmp_path)
    assert (
        call(program.parent / "python", "-m", "defectreg", "--version", folder=tmp_path) == by_name
    )
