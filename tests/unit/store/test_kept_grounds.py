from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from defectreg.register.grounds import Grounds
from defectreg.store.git import Repository
from defectreg.store.kept_grounds import KeptGrounds
from defectreg.store.places import open_register
from defectreg.store.sources import grounds_of
from tests.registers import TestRegister, make_register

NAMES = ("grounds", "catalogue")


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    return make_register(tmp_path_factory.mktemp("pattern") / "r", signs=False)


@pytest.fixture
def made(pattern: TestRegister, tmp_path: Path) -> TestRegister:
    folder = tmp_path / "r"
    copytree(pattern.folder, folder)
    return TestRegister(folder, Repository.find(folder), signs=False)


def kept(made: TestRegister) -> Grounds:
    grounds = open_register(made.folder).grounds
    assert grounds.catalogue is not None  # asked for, so kept
    return grounds


def content(grounds: Grounds) -> tuple[Any, ...]:
    """All that grounds say, as values that compare by what they hold."""
    catalogue = grounds.catalogue
    return (
        {name: schema.document for name, schema in grounds.schemas.items()},
        grounds.policy,
        list(grounds.parties.by_slug.items()),
        list(catalogue.products.items()),
        (catalogue.manufacturers, catalogue.esme_variants, catalogue.alert_codes),
        catalogue.service_requests,
        catalogue.completions(),
        dict(grounds.catalogue_files),
        dict(grounds.schema_files),
    )


def anew(made: TestRegister) -> tuple[Any, ...]:
    return content(grounds_of(open_register(made.folder).head_source)[0])


def file_of(made: TestRegister, name: str) -> Path:
    return made.folder / ".git" / "defectreg" / f"{name}.json"


def put(made: TestRegister, name: str, made_of: object, value: object) -> None:
    """Write a file of what is kept with a seal that holds."""
    text = json.dumps([made_of, value]).encode()
    file_of(made, name).write_bytes(sha256(text).hexdigest().encode() + b"\n" + text)


def taken(made: TestRegister, name: str) -> Any:
    return json.loads(file_of(made, name).read_bytes().partition(b"\n")[2])


def test_what_was_kept_says_what_the_files_say(made: TestRegister) -> None:
    kept(made)
    again = kept(made)
    assert isinstance(again, KeptGrounds)
    assert content(again) == anew(made)


def test_what_was_kept_is_taken_and_no_file_is_read_again(made: TestRegister) -> None:
    kept(made)
    made_of, value = taken(made, "grounds")
    put(made, "grounds", made_of, {**value, "policy": {"name": "kept-register"}})
    assert kept(made).policy.name == "kept-register"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", [0.0, 0.01, 0.5, 0.999])
def test_a_changed_byte_changes_no_answer(made: TestRegister, name: str, place: float) -> None:
    kept(made)
    data = bytearray(file_of(made, name).read_bytes())
    data[int(place * len(data))] ^= 1
    file_of(made, name).write_bytes(data)
    assert content(kept(made)) == anew(made)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("data", [b"", b"\xff\n{}"])
def test_a_file_of_somebody_else_changes_no_answer(
    made: TestRegister, name: str, data: bytes
) -> None:
    kept(made)
    file_of(made, name).write_bytes(data)
    assert content(kept(made)) == anew(made)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [None, {}, {"policy": [], "schemas": {}, "products": 1}])
def test_a_sealed_value_of_another_shape_changes_no_answer(
    made: TestRegister, name: str, value: object
) -> None:
    kept(made)
    put(made, name, taken(made, name)[0], value)
    assert content(kept(made)) == anew(made)


def test_what_another_program_kept_is_not_taken(made: TestRegister) -> None:
    kept(made)
    (*trees, _), value = taken(made, "grounds")
    put(made, "grounds", [*trees, "another"], {**value, "policy": {"name": "kept-register"}})
    assert content(kept(made)) == anew(made)


def test_a_folder_in_place_of_the_file_changes_no_answer(made: TestRegister) -> None:
    for name in NAMES:
        file_of(made, name).mkdir(parents=True)
    assert content(kept(made)) == anew(made)


def test_a_changed_policy_is_seen_at_once(tmp_path: Path) -> None:
    made = make_register(tmp_path / "own", signs=False)
    kept(made)
    made.policy(minimum_parties=2)
    assert kept(made).policy.minimum_parties == 2
    assert kept(made).policy.minimum_parties == 2


def test_a_catalogue_that_is_wrong_is_empty_however_often_it_is_asked(tmp_path: Path) -> None:
    made = make_register(tmp_path / "own", signs=False)
    made.commit({"catalogue/products.yaml": b"products: none\n"})
    assert [len(kept(made).catalogue.products) for _ in range(2)] == [0, 0]
    made.commit({"catalogue/products.yaml": b"products: []\n"})
    assert content(kept(made)) == anew(made)


def test_a_register_without_a_catalogue_is_judged_by_the_rest(tmp_path: Path) -> None:
    made = make_register(tmp_path / "own", signs=False)
    listed = made.repository.listing(made.repository.head() or "", "catalogue")
    made.commit(dict.fromkeys(listed))
    assert content(kept(made)) == anew(made)
