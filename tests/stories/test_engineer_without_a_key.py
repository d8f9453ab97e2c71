"""An engineer without a key adds all the same; what is unsigned can be signed until it lands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from defectreg.register.record import statements_folder
from tests.registers import TestRegister, good_record, make_register

FLAGS = (
    "--title", "Meter forgets its tariff after a power outage",
    "--affected", "ESME:FF03/00010100",
    "--behaviour", "After a power outage of a minute the meter charges by its first tariff.",
)  # fmt: skip


@pytest.fixture
def register(tmp_path: Path) -> TestRegister:
    day = (datetime.now(UTC) - timedelta(days=30)).date()
    return make_register(tmp_path / "register", [good_record()], day=day)


def test_the_report_is_written_unsigned_and_the_sentence_says_who_signs_it(
    register: TestRegister,
) -> None:
    result = register.run("add", *FLAGS, "--party", "supplier-two")
    assert result.code == 0
    (ref,) = register.repository.refs("refs/heads/submit/")
    record_id = ref.rpartition("/")[2]
    assert f"It is not signed yet: `defectreg key sign {record_id}` signs it." in result.out
    tip = register.repository.refs(ref)[ref]
    (report,) = register.repository.listing(tip, statements_folder(record_id))
    assert b"signature" not in register.read(report, ref)


def test_validate_says_what_the_gate_will_say(register: TestRegister) -> None:
    register.run("add", *FLAGS, "--party", "supplier-two")
    (ref,) = register.repository.refs("refs/heads/submit/")
    result = register.run("validate", ref.rpartition("/")[2])
    assert (result.code, "it is not signed yet" in result.out) == (1, True)


def test_the_party_is_known_from_the_environment_or_from_git(register: TestRegister) -> None:
    assert register.run("add", *FLAGS, DEFECTREG_PARTY="supplier-two").code == 0
    config = register.repository.git_dir / "config"
    config.write_text(config.read_text() + "[defectreg]\n\tparty = supplier-one\n")
    result = register.run("add", "report", "7k3q", "We see it as well.")
    assert (result.code, "submit/DR-7K3Q-X4MB-supplier-one" in result.out) == (0, True)


def test_without_a_party_nothing_is_written_and_the_text_is_kept(register: TestRegister) -> None:
    result = register.run("add", *FLAGS)
    assert result.code == 2
    assert "for which Party you speak is not known" in result.err
    assert "what you typed is kept in" in result.err
    assert register.repository.refs("refs/heads/submit/") == {}


def test_with_an_empty_key_a_known_key_is_left_aside(register: TestRegister) -> None:
    result = register.run(
        "add", "report", "7k3q", "We see it.", "--party", "supplier-two", "--key", "",
        DEFECTREG_KEY="/nowhere",
    )  # fmt: skip
    assert (result.code, "It is not signed yet" in result.out) == (0, True)
