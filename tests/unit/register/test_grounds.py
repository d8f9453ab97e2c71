from __future__ import annotations

import json

import pytest

from defectreg.register.errors import CannotRun
from defectreg.register.grounds import check_catalogue, is_ground, read_grounds
from tests.examples.loading import base

FILES = {path: data for path, data in base().items() if is_ground(path)}
PARTY = "policy/parties/supplier-one.yaml"


def test_good_files_are_grounds_without_a_finding() -> None:
    grounds, findings = read_grounds(FILES)
    assert findings == []
    assert list(check_catalogue(grounds)) == []
    assert grounds.policy.name == "examples"
    assert grounds.parties.get("supplier-one") is not None


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("policy/register.yaml", True),
        ("policy/parties/dcc.yaml", True),
        ("schema/record.schema.json", True),
        ("catalogue/products.yaml", True),
        ("catalogue/README.md", False),
        ("policy/statements/a.yaml", False),
        ("records/7K/DR-7K3Q-X4MB.yaml", False),
        ("schema/README.md", False),
    ],
)
def test_grounds_are_schemas_policy_parties_and_catalogue(path: str, is_one: bool) -> None:
    assert is_ground(path) is is_one


@pytest.mark.parametrize("name", ["record", "statement", "party", "policy"])
def test_without_a_schema_nothing_is_judged(name: str) -> None:
    path = f"schema/{name}.schema.json"
    with pytest.raises(CannotRun, match=f"{name}.schema.json is missing"):
        read_grounds({other: data for other, data in FILES.items() if other != path})


@pytest.mark.parametrize(
    ("source", "words"), [(b"{", "is not JSON"), (b"[]", "is no schema"), (b"\xff", "is not JSON")]
)
def test_a_schema_that_is_none_stops_the_run(source: bytes, words: str) -> None:
    with pytest.raises(CannotRun, match=words):
        read_grounds({**FILES, "schema/record.schema.json": source})


def test_a_schema_whose_leaf_has_no_class_stops_the_run() -> None:
    document = json.loads(FILES["schema/record.schema.json"])
    del document["properties"]["title"]["x-classification"]
    with pytest.raises(CannotRun, match=r"properties/title.*nobody may be shown it"):
        read_grounds({**FILES, "schema/record.schema.json": json.dumps(document).encode()})


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (None, "policy/register.yaml is missing"),
        (b"name: [\n", "policy/register.yaml:"),
        (b"title: A register\n", "the key name is missing"),
        (b"name: abc\nceiling: purple\n", "policy/register.yaml:2:10: "),
    ],
)
def test_without_a_valid_policy_nothing_is_judged(source: bytes | None, words: str) -> None:
    files = {**FILES, "policy/register.yaml": source}
    with pytest.raises(CannotRun) as stopped:
        read_grounds({path: data for path, data in files.items() if data is not None})
    assert words in stopped.value.sentence
    assert stopped.value.hint


def test_a_broken_party_is_a_finding_and_is_left_out() -> None:
    grounds, findings = read_grounds({**FILES, PARTY: b"name: Supplier One\n"})
    assert [(finding.file, finding.code) for finding in findings] == [(PARTY, "S002")]
    assert grounds.parties.get("supplier-one") is None
    assert grounds.parties.get("dcc") is not None


def test_a_key_that_is_none_is_a_finding() -> None:
    source = FILES[PARTY].replace(b"AAAAC3NzaC1lZDI1NTE5", b"AAAAC3NzaC1lZDI1NTE6")
    _, findings = read_grounds({**FILES, PARTY: source})
    assert [finding.file for finding in findings] == [PARTY]


def test_a_broken_catalogue_is_a_finding_and_an_empty_catalogue() -> None:
    grounds, findings = read_grounds({**FILES, "catalogue/products.yaml": b"products: {}\n"})
    assert findings == []
    (finding,) = check_catalogue(grounds)
    assert "products" in finding.sentence
    assert grounds.catalogue.products == {}
