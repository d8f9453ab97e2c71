"""The reference of ``--json`` names every key that the program prints."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.registers import (
    ID,
    PEOPLE,
    TestRegister,
    good_record,
    key_of,
    make_register,
    run_in,
    statement,
)

_OF_FILES = ("data", "record", "files", "values", "stages")
"""Keys whose value has keys of its own that are no part of the form: fields, paths, values."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    register = make_register(tmp_path_factory.mktemp("printed") / "r", [good_record()])
    cause = statement("cause", "supplier-two", cause="suspected", says="The clock drifts.")
    register.later().say(ID, cause, ref=f"refs/heads/submit/{ID}-supplier-two")
    return register


def keys_of(value: Any) -> set[str]:
    """Every key in a value of JSON, but for what stands in files."""
    if isinstance(value, list):
        return {key for one in value for key in keys_of(one)}
    if not isinstance(value, dict):
        return set()
    below = {key for name, one in value.items() if name not in _OF_FILES for key in keys_of(one)}
    return below | set(value)


def documented(repository: Path, *titles: str) -> set[str]:
    page = (repository / "docs" / "reference" / "output.md").read_text(encoding="utf-8")
    sections = re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    named = {title: set(re.findall(r"`([a-z_]+)`", text)) for title, text in sections}
    return {key for title in titles for key in named[title]}


SIGNER = ("--key", "dcc")
REPORTER = ("--key", "supplier-one")
FLAGS = (
    "--title", "Display stays dark after a firmware update",
    "--affected", "ESME:FF03/00010100",
    "--behaviour", "After a firmware update the display stays dark.",
)  # fmt: skip


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        (("add", *FLAGS, *REPORTER, "--dry-run"), ("add, edit",)),
        (("edit", ID, "certainty=reported", *REPORTER, "--dry-run"), ("add, edit",)),
        (
            ("add", *FLAGS, "--kind", "rumour", *REPORTER, "--dry-run"),
            ("add, edit: where it is refused",),
        ),
        (("search",), ("search",)),
        (("show", ID), ("show", "search")),
        (("log", ID), ("log", "log: each of `events`")),
        (("validate", ID), ("validate",)),
        (("explain", "R040"), ("explain",)),
        (("review", ID), ("review", "validate")),
        (
            ("review", ID, "--accept", "--yes", "--dry-run", *SIGNER),
            ("review with a decision", "review", "validate"),
        ),
        (("queue",), ("queue",)),
        (("policy", "show"), ("policy show",)),
        (("policy", "try", "silence=hold", "certainty-threshold=confirmed"), ("policy try",)),
        (("publish", "--dry-run"), ("publish",)),
        (("key", "dcc"), ("key",)),
        (("doctor",), ("doctor",)),
    ],
    ids=lambda value: " ".join(value[:2]),
)
def test_every_key_that_is_printed_is_in_the_reference(
    made: TestRegister, repository: Path, words: tuple[str, ...], titles: tuple[str, ...]
) -> None:
    typed = [str(key_of(word)) if word in PEOPLE else word for word in words]
    printed = json.loads(made.run(*typed, "--json").out)
    assert printed["schema_version"] == 1
    assert keys_of(printed) - documented(repository, *titles) == set()


def test_every_key_of_a_new_register_is_in_the_reference(tmp_path: Path, repository: Path) -> None:
    started = run_in(tmp_path, "init", "new", "--name", "new", "--dry-run", "--json")
    assert set(json.loads(started.out)) <= documented(repository, "init")


def test_every_key_of_what_was_signed_is_in_the_reference(tmp_path: Path, repository: Path) -> None:
    made = make_register(tmp_path / "r", [good_record()], signs=False)
    said = statement("cause", "supplier-one", cause="suspected", says="The clock drifts.")
    made.later().say(ID, said, ref=f"refs/heads/submit/{ID}-supplier-one")
    signed = made.run("key", "sign", ID, "--key", str(key_of("supplier-one")), "--json")
    assert keys_of(json.loads(signed.out)) <= documented(repository, "key sign")
