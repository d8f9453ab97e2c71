from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from defectreg.register.errors import UsageProblem
from defectreg.register.yamltext import dump
from defectreg.store.identity import identify, public_half
from tests.registers import TestRegister, key_of, make_register, public_key


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    return make_register(tmp_path_factory.mktemp("identity") / "register")


@pytest.fixture(autouse=True)
def nobody_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEFECTREG_PARTY", raising=False)
    monkeypatch.delenv("DEFECTREG_KEY", raising=False)


def refusal(register: TestRegister, party: str | None, key: str | None) -> UsageProblem:
    with pytest.raises(UsageProblem) as caught:
        identify(register.register(), party, key)
    return caught.value


def test_a_party_without_a_key_is_nobody_in_particular(known: TestRegister) -> None:
    who = identify(known.register(), "supplier-one", None)
    assert (who.party, who.person, who.key) == ("supplier-one", None, None)


def test_a_key_alone_says_whose_it_is(known: TestRegister) -> None:
    who = identify(known.register(), None, str(key_of("dcc-second")))
    assert who.party == "dcc"
    assert who.person is not None
    assert who.person.pseudonym == "dcc-second"
    assert who.key == key_of("dcc-second")


def test_the_environment_stands_in_for_what_was_not_typed(
    known: TestRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEFECTREG_PARTY", "supplier-two")
    assert identify(known.register(), None, None).party == "supplier-two"
    monkeypatch.setenv("DEFECTREG_KEY", str(key_of("supplier-two")))
    assert identify(known.register(), None, None).key == key_of("supplier-two")


def test_gits_configuration_stands_in_for_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_register(tmp_path / "register")
    for setting, text in (("party", "secas"), ("key", str(key_of("secas")))):
        subprocess.run(["git", "config", f"defectreg.{setting}", text], cwd=made.folder, check=True)
    assert identify(made.register(), None, None).party == "secas"
    monkeypatch.setenv("DEFECTREG_PARTY", "dcc")
    monkeypatch.setenv("DEFECTREG_KEY", str(key_of("dcc")))
    assert identify(made.register(), None, None).party == "dcc"
    assert identify(made.register(), "ssc", "").party == "ssc"


def test_an_empty_key_does_without_the_one_that_is_set(
    known: TestRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEFECTREG_KEY", str(key_of("dcc")))
    assert identify(known.register(), "supplier-one", "").key is None


def test_nobody_named_is_told_how_to_be_named(known: TestRegister) -> None:
    problem = refusal(known, None, None)
    assert problem.sentence == "for which Party you speak is not known"
    assert "--party" in problem.hint
    assert "git config defectreg.party" in problem.hint


def test_an_unknown_party_is_told_which_there_are(known: TestRegister) -> None:
    problem = refusal(known, "supplier-three", None)
    assert "there is no Party 'supplier-three'" in problem.sentence
    assert "supplier-one, supplier-two" in problem.hint


def test_a_key_of_another_party_is_a_contradiction(known: TestRegister) -> None:
    problem = refusal(known, "supplier-one", str(key_of("dcc")))
    assert problem.sentence.endswith("is one of dcc, not of supplier-one")


def test_a_key_that_nobody_holds_is_told_how_to_be_held(known: TestRegister) -> None:
    problem = refusal(known, None, str(key_of("nobody")))
    assert "no Party of this register holds the key" in problem.sentence
    assert "defectreg key" in problem.hint


def test_a_key_file_that_is_not_there_is_a_sentence(known: TestRegister, tmp_path: Path) -> None:
    problem = refusal(known, None, str(tmp_path / "absent"))
    assert "no key can be read" in problem.sentence
    assert "defectreg key" in problem.hint


@pytest.mark.parametrize("state", ["retired", "distrusted"])
def test_a_key_that_ended_signs_nothing_new(tmp_path: Path, state: str) -> None:
    made = make_register(tmp_path / "register")
    key = {"key": str(public_key("secas")), "state": state}
    person = {"pseudonym": "secas", "roles": ["publisher"], "keys": [key]}
    party = {"name": "SECAS", "category": "secas", "people": [person]}
    made.commit({"policy/parties/secas.yaml": dump(party).encode()})
    assert f"is {state}" in refusal(made, None, str(key_of("secas"))).sentence


def test_the_public_half_beside_a_key_is_read_without_asking_for_its_passphrase(
    tmp_path: Path,
) -> None:
    shutil.copy(f"{key_of('dcc')}.pub", tmp_path / "mine.pub")
    (tmp_path / "mine").write_text("-----BEGIN OPENSSH PRIVATE KEY-----\nnot for you\n")
    assert public_half(tmp_path / "mine") == public_key("dcc")


def test_a_key_without_its_public_half_is_asked_for_it(tmp_path: Path) -> None:
    shutil.copy(key_of("dcc"), tmp_path / "mine")
    assert public_half(tmp_path / "mine") == public_key("dcc")
