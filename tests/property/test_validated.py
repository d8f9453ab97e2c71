"""What is remembered of a validation never shows: the verdict is the one of judging all anew."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defectreg.gate.remembering import validate_work_tree
from defectreg.gate.validating import ALL, Verdict, validate
from defectreg.register.errors import CannotRun
from defectreg.register.record import record_path, statements_folder
from defectreg.store.git import Repository
from tests.registers import TestRegister, good_record, make_register, statement

IDS = ("DR-AAAA-0001", "DR-AAAA-0002", "DR-BBBB-0001")
NEW = "DR-BBBB-0009"
PLACES = (
    record_path(NEW),
    f"{statements_folder(NEW)}/2026-03-02-report-supplier-one.yaml",
    f"{statements_folder(IDS[0])}/2026-03-02-report-supplier-one-7.yaml",
    f"{statements_folder(IDS[0])}/deeper/notes.yaml",
    f"{statements_folder(IDS[1])}/notes.txt",
    "records/AA/notes.ignored",
    "records/notes.txt",
    "records/AA/na\udcefve.txt",
    "records/.gitattributes",
    ".gitattributes",
    "policy/notes.txt",
)
"""Where files may come to lie."""
RULES = (
    "policy/register.yaml",
    "policy/parties/supplier-two.yaml",
    "catalogue/products.yaml",
    "schema/record.schema.json",
)
TEXTS: Mapping[str, Callable[[bytes], bytes]] = {
    "blamed": lambda data: data.replace(b"the meter", b"the faulty meter"),
    "as long": lambda data: data.replace(b"sends no", b"never is"),
    "other lines": lambda data: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
    "remarked": lambda data: data + b"# said in passing\n",
    "broken": lambda data: b"title: [\n",
    "converting": lambda data: b"* text=auto\n",
    "renamed": lambda data: b"name: another\n",
    "empty": lambda data: b"",
}
WORDS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "commit": (("add", "-A"), ("commit", "-qm", "more")),
    "stage": (("add", "-A"),),
    "look": (("status",),),
    "reset": (("reset", "-q", "--hard"), ("clean", "-fdq")),
    "rewind": (("reset", "-q", "--hard", "HEAD~1"),),
    "rewind softly": (("reset", "-q", "--soft", "HEAD~1"),),
    "unstage": (("reset", "-q"),),
    "request": (("checkout", "-q", "-B", "submit/request"),),
    "main": (("checkout", "-q", "main"),),
    "sparse": (("sparse-checkout", "set", "records/AA"),),
    "whole": (("sparse-checkout", "disable"),),
    "convert": (("config", "core.autocrlf", "input"),),
    "convert not": (("config", "--unset", "core.autocrlf"),),
    "nest": (("init", "-q", "records/AA"),),
    "nest beside": (("init", "-q", "records/other"), ("init", "-q", f"records/AA/{NEW}")),
}
PATHS: Mapping[str, tuple[str, ...]] = {
    "assume": ("update-index", "--assume-unchanged"),
    "assume not": ("update-index", "--no-assume-unchanged"),
    "skip": ("update-index", "--skip-worktree"),
    "skip not": ("update-index", "--no-skip-worktree"),
    "restore": ("checkout", "-q", "HEAD"),
}

numbers = st.integers(0, 99)
edits = st.tuples(st.just("edit"), st.sampled_from(sorted(TEXTS)), numbers)
steps = st.one_of(
    edits,
    edits,
    st.tuples(st.just("add"), st.sampled_from(sorted(TEXTS)), numbers),
    st.tuples(st.just("rules"), st.sampled_from(sorted(TEXTS)), numbers),
    st.tuples(st.just("move"), st.sampled_from(PLACES), numbers),
    st.tuples(st.sampled_from(["remove", "pipe", "link", "folder"]), st.just(""), numbers),
    st.tuples(st.just("words"), st.sampled_from(sorted(WORDS)), st.just(0)),
    st.tuples(st.just("words"), st.sampled_from(["commit", "look", "reset"]), st.just(0)),
    st.tuples(st.just("path"), st.sampled_from(sorted(PATHS)), numbers),
    st.tuples(st.sampled_from(["earlier", "damage", "linked"]), st.just(""), numbers),
)


@dataclass
class Clone:
    """A clone to which anything may happen."""

    made: TestRegister
    kept: list[bytes] = field(default_factory=list)
    """What was remembered after each step."""

    @property
    def root(self) -> Path:
        return self.made.folder

    @property
    def memory(self) -> Path:
        return self.root / ".git" / "defectreg" / "validated.json"

    def take(self, verb: str, what: str, number: int) -> None:
        """One thing that may happen; what cannot happen now does not."""
        if verb == "words":
            for words in WORDS[what]:
                self.git(*words)
        elif verb == "path":
            self.git(*PATHS[what], "--", self.some(number))
        elif verb in ("earlier", "damage"):
            self.tamper(verb, number)
        elif verb == "linked":
            self.link_folder()
        elif verb in ("add", "rules"):
            places = PLACES if verb == "add" else RULES
            self.write(places[number % len(places)], what)
        elif verb == "edit":
            self.write(self.some(number), what)
        else:
            self.replace(verb, what, self.some(number))

    def some(self, number: int) -> str:
        """The path of a file that lies there."""
        records = (self.root / "records").rglob("*")
        files = sorted(
            path.relative_to(self.root).as_posix()
            for path in records
            if path.is_file() and ".git" not in path.parts[len(self.root.parts) :]
        )
        return files[number % len(files)] if files else record_path(IDS[0])

    def write(self, path: str, what: str) -> None:
        place = self.root / path
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            source = place if place.is_file() else self.root / self.some(0)
            place.write_bytes(TEXTS[what](source.read_bytes() if source.is_file() else b""))
        except OSError:
            return  # a folder or a file is in the way

    def replace(self, verb: str, what: str, path: str) -> None:
        place = self.root / path
        if not place.is_file():
            return
        if verb == "move":
            target = self.root / what
            if target.is_dir() or any(parent.is_file() for parent in target.parents):
                return
            target.parent.mkdir(parents=True, exist_ok=True)
            place.rename(target)
            return
        place.unlink()
        if verb == "pipe":
            os.mkfifo(place)
        elif verb == "link":
            place.symlink_to(self.root / RULES[0])
        elif verb == "folder":
            place.mkdir()
            (place / place.name).write_bytes(b"a\n")

    def link_folder(self) -> None:
        folder = self.root / "records" / "AA"
        if folder.is_dir() and not folder.is_symlink():
            folder.rename(self.root / "elsewhere")
            folder.symlink_to(self.root / "elsewhere")

    def tamper(self, verb: str, number: int) -> None:
        """Put back what was remembered before, or change a byte of what is."""
        if verb == "earlier" and self.kept:
            self.memory.write_bytes(self.kept[number % len(self.kept)])
        elif self.memory.exists():
            data = bytearray(self.memory.read_bytes())
            data[number * len(data) // 100] ^= 1 << number % 8
            self.memory.write_bytes(data)

    def git(self, *words: str) -> None:
        """Ask git, which may refuse."""
        names = {f"GIT_{who}_{what}": "a@b.invalid" for who in ("AUTHOR", "COMMITTER")
                 for what in ("NAME", "EMAIL")}  # fmt: skip
        subprocess.run(
            ["git", "-c", "advice.addEmbeddedRepo=false", *words],
            cwd=self.root,
            env={**os.environ, **names},
            capture_output=True,
            check=False,
        )

    def compare(self) -> None:
        assert verdict_of(self.remembered) == verdict_of(self.anew)
        if self.memory.exists():
            self.kept.append(self.memory.read_bytes())

    def remembered(self) -> Verdict:
        return validate_work_tree(self.made.register(), lambda total: lambda done: None)

    def anew(self) -> Verdict:
        register = self.made.register()
        landed = register.repository.listing(register.target.commit, "records")
        return validate(register.worktree_source, ALL, landed)


def verdict_of(ask: Callable[[], Verdict]) -> Verdict | str:
    """The verdict, or why there is none."""
    try:
        return ask()
    except CannotRun as error:
        return str(error)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make_register(
        tmp_path_factory.mktemp("filled") / "r",
        [good_record(id=record_id) for record_id in IDS],
        signs=False,
    )
    fix = statement("fix", "supplier-two", says="Mend it.", device="CHF")
    made.say(IDS[2], fix, accept=True)
    (made.folder / ".git" / "info" / "exclude").write_text("*.ignored\n")
    subprocess.run(["git", "reset", "-q", "--hard"], cwd=made.folder, check=True)
    return made.folder


@settings(max_examples=20)
@given(history=st.lists(steps, min_size=1, max_size=10))
def test_whatever_happens_to_a_clone_the_verdict_is_the_one_of_judging_all_anew(
    filled: Path, history: list[tuple[str, str, int]]
) -> None:
    with TemporaryDirectory() as folder:
        shutil.copytree(filled, Path(folder) / "r", symlinks=True)
        made = TestRegister(Path(folder) / "r", Repository.find(Path(folder) / "r"), signs=False)
        clone = Clone(made)
        clone.git("status")
        clone.compare()
        for step in history:
            clone.take(*step)
            clone.compare()
