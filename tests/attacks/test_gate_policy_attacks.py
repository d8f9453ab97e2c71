"""Changes of what a register is judged by that are refused, each with a twin that lands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from defectreg.register.yamltext import dump
from tests.attacks.gates import (
    FRESH,
    PARTIES,
    POLICY,
    TODAY,
    Attack,
    Files,
    World,
    both_signed,
    codes,
    fresh,
    party,
    person,
    policy,
    rules_signed,
    signed,
    world,
)
from tests.registers import NAME, NAMESPACE, ground_files, sha256

DEMONSTRATION = "tests/keys/supplier-one-badger"
STATEMENT = "schema/statement.schema.json"
CI = b"pages:\n  script: [true]\n"
OWN: Mapping[str, Files] = {
    "schema": {STATEMENT: b"{}\n"},
    "a schema of its own": {"schema/approval.schema.json": b"{}\n"},
    "policy": policy(ceiling="red"),
    "Parties and keys": {f"{PARTIES}dcc.yaml": party("dcc", eve=person("validator", "nobody"))},
    "templates": {"templates/page.html": b"<p>approved</p>\n"},
    "a CI file of GitLab": {".gitlab-ci.yml": CI},
    "a CI file of GitHub": {".github/workflows/register.yml": CI},
    "attributes": {".gitattributes": b"records/** -diff\n"},
    "a mail map": {".mailmap": b"DCC <dcc@parties.invalid> Eve <eve@parties.invalid>\n"},
    "submodules": {".gitmodules": b""},
    "acknowledged steps": {"policy/acknowledged.yaml": b"steps: []\n"},
    "a catalogue": {"catalogue/alert_codes.yaml": b"alerts: []\n"},
    "a bulletin": {"bulletins/2026-02.yaml": b"month: 2026-02\n"},
}


@pytest.mark.parametrize("own", OWN)
def test_a_request_brings_nothing_of_its_own_to_be_judged_by(own: str) -> None:
    refused = world().judge({**fresh(), **OWN[own]})
    assert codes(refused) == {"G002"}
    assert world().judge(fresh()).passes


def test_a_record_that_needs_what_the_request_brings_is_not_read_by_it() -> None:
    schema = json.loads(ground_files()["schema/record.schema.json"])
    schema["properties"]["approved"] = {"type": "string"}
    wider = {"schema/record.schema.json": json.dumps(schema).encode()}
    record = f"records/NE/{FRESH}.yaml"
    claims = {**fresh(), record: (fresh()[record]) + b"approved: yes, by the DCC\n"}
    assert codes(world().judge({**claims, **wider})) == {"G002"}
    assert "S001" in codes(world().judge(claims))


def two(files: Mapping[str, bytes | None] | None = None, **keys: Any) -> Files:
    """A change of the policy, or another, signed by two of two Parties."""
    return both_signed(world(), files or policy(reply_window=5), **keys)


def by(*who: str, at: World | None = None, files: Files | None = None, **keys: Any) -> Files:
    """A change signed by these: Party and key."""
    files = files or policy(reply_window=5)
    said: dict[str, bytes] = {}
    for number, name in enumerate(who, 1):
        slug, _, key = name.partition("/")
        said |= rules_signed(at or world(), files, slug, key=key, number=number, **keys)
    return {**files, **said}


def one_of_two(**keys: Any) -> Files:
    """SECAS signed rightly, the DCC's administrator as told."""
    files = policy(reply_window=5)
    dcc = rules_signed(world(), files, "dcc", **{"key": "dcc-second", **keys})
    return {**files, **rules_signed(world(), files, "secas"), **dcc}


def lists(**changes: Any) -> Files:
    """Signed by two, of whom the DCC's lists something else."""
    files = policy(reply_window=5)
    before = [f"{sha256(world().read(POLICY))}  {POLICY}"]
    after = [f"{sha256(files[POLICY] or b'')}  {POLICY}"]
    listed = {"before": before, "after": after, **changes}
    return one_of_two(**listed)


def administrators(dcc: Mapping[str, Any] | None = None, **secas: Mapping[str, Any]) -> World:
    parties = {"secas": party("secas", **secas)} if secas else {}
    return world(parties | ({"dcc": party("dcc", **dcc)} if dcc else {}))


def two_of_secas() -> World:
    return administrators(other=person("administrator", "nobody"))


def two_keys() -> World:
    return administrators(secas=person("publisher administrator", "secas", "nobody"))


def second_key(state: str) -> World:
    dcc = {"dcc-second": person("validator administrator", "dcc-second", f"nobody:{state}")}
    return administrators(dcc)


def demonstrating() -> World:
    dcc = {"dcc-second": person("validator administrator", "dcc-second", DEMONSTRATION)}
    return administrators(dcc)


def one_party(*names: str) -> World:
    """Only SECAS has administrators: these."""
    people = {name: person("administrator", name) for name in names}
    return administrators({"dcc-second": person("validator", "dcc-second")}, **people)


def retiring(at: World, slug: str, **changed: Any) -> dict[str, bytes | None]:
    return {f"{PARTIES}{slug}.yaml": party(slug, **changed)}


RETIRED = {"secas": person("publisher administrator", "secas", "nobody:retired")}
REWRITTEN = {"secas": person("publisher administrator validator", "secas", "nobody:retired")}
SELF_MADE = {f"{PARTIES}dcc.yaml": party("dcc", eve=person("administrator", "nobody"))}


def schema_with(name: str, **properties: Any) -> dict[str, bytes | None]:
    """A schema with these properties replaced."""
    path = f"schema/{name}.schema.json"
    schema = json.loads(ground_files()[path])
    for name_of_key, changes in properties.items():
        schema["properties"].setdefault(name_of_key, {}).update(changes)
    return {path: json.dumps(schema).encode()}


def with_eve(key: str) -> Files:
    return {f"{PARTIES}dcc.yaml": party("dcc", eve=person("validator", key))}


def without(*paths: str) -> Files:
    return two(dict.fromkeys(paths))


def of_catalogue(role: str, *who: str, **keys: Any) -> Files:
    path = "catalogue/alert_codes.yaml"
    return by(*who, files={path: ground_files()[path] + b"# checked\n"}, role=role, **keys)


@cache
def of_a_month() -> World:
    """A register with a month's bulletin."""
    at = world()
    return World(at.made, at.commit(bulletin(at)), at.bench)


def bulletin(at: World, key: str = "secas", path: str = "", **changes: Any) -> dict[str, bytes]:
    data = {"month": "2026-02", "by": "secas", "date": "2026-03-10", "commit": at.tip}
    data |= {"audience": "green", **changes}
    return {path or f"bulletins/{data['month']}.yaml": signed(data, key)}


NEW_PARTY = dump({"name": "Installer One", "category": "meter-installer"}).encode()
LARGE = NEW_PARTY + b"# " + b"x" * 70_000 + b"\n"
VALIDATING = {"dcc-second": person("validator", "dcc-second")}
KING = {"enum": ["king"], "x-values": {"king": "rules alone"}}
RULES = (
    Attack("G020", "nobody signed", lambda at: policy(reply_window=5), lambda at: two()),
    Attack("G020", "one administrator signed", lambda at: by("secas"), lambda at: two()),
    Attack(
        "G020", "two administrators of one Party signed",
        lambda at: by("secas", "secas/nobody", at=at),
        lambda at: by("secas", "secas/nobody", "dcc/dcc-second", at=at), at=two_of_secas,
    ),
    Attack(
        "G020", "one person signed with two keys",
        lambda at: by("secas", "secas/nobody", at=at),
        lambda at: by("secas/nobody", "dcc/dcc-second", at=at), at=two_keys,
    ),
    Attack(
        "G020", "one of two administrators signed, where one Party alone has them",
        lambda at: by("secas", at=at),
        lambda at: by("secas", "secas/nobody", at=at), at=lambda: one_party("secas", "nobody"),
    ),
    Attack(
        "G020", "an administrator alone does more than withdraw a key of its Party",
        lambda at: by("secas", at=at, files=retiring(at, "secas", **REWRITTEN)),
        lambda at: by("secas", at=at, files=retiring(at, "secas", **RETIRED)), at=two_keys,
    ),
    Attack(
        "G020", "an administrator alone withdraws a key of another Party",
        lambda at: by("secas", files=retiring(at, "ssc", ssc=person("security", "ssc:retired"))),
        lambda at: two(retiring(at, "ssc", ssc=person("security", "ssc:retired"))),
    ),
    Attack(
        "G020", "an administrator alone brings a key back",
        lambda at: by("secas", at=at, files=retiring(at, "secas", secas=person(
            "publisher administrator", "secas", "nobody"))),
        lambda at: by("secas", at=at, files=retiring(at, "secas", secas=person(
            "publisher administrator", "secas", "nobody:distrusted"))),
        at=lambda: administrators(**RETIRED),
    ),
    Attack(
        "G021", "administrators sign whom only the new rules make so",
        lambda at: by("secas", "dcc/nobody", files=SELF_MADE), lambda at: two(SELF_MADE),
        frozenset({"G020"}),
    ),
    Attack(
        "G021", "somebody without the role signs",
        lambda at: one_of_two(key="dcc"), lambda at: two(), frozenset({"G020"}),
    ),
    Attack(
        "G021", "an administrator's key signs for another Party",
        lambda at: one_of_two(key="secas"), lambda at: two(), frozenset({"G020"}),
    ),
    Attack(
        "G021", "it is signed in the role that the catalogue asks for",
        lambda at: one_of_two(role="validator"), lambda at: two(), frozenset({"G020"}),
    ),
    Attack(
        "G021", "it is signed for another register",
        lambda at: one_of_two(namespace="defectreg@another"),
        lambda at: one_of_two(namespace=NAMESPACE), frozenset({"G020"}),
    ),
    Attack(
        "G021", "it is not signed",
        lambda at: one_of_two(unsigned=True), lambda at: two(), frozenset({"G020"}),
    ),
    Attack(
        "G021", "it is signed with a retired key",
        lambda at: by("secas", "dcc/nobody", at=at),
        lambda at: by("secas", "dcc/dcc-second", at=at),
        frozenset({"G020"}), lambda: second_key("retired"),
    ),
    Attack(
        "G021", "it is signed with a distrusted key",
        lambda at: by("secas", "dcc/nobody", at=at),
        lambda at: by("secas", "dcc/dcc-second", at=at),
        frozenset({"G020"}), lambda: second_key("distrusted"),
    ),
    Attack(
        "G021", "it is signed with a demonstration key",
        lambda at: by("secas", f"dcc/{DEMONSTRATION}", at=at),
        lambda at: by("secas", "dcc/dcc-second", at=at),
        frozenset({"G020"}), demonstrating,
    ),
    Attack(
        "G021", "it is changed after it was signed",
        lambda at: {p: d and d.replace(b"administrator", b'"administrator"')
                    if "sign-off-dcc" in p else d for p, d in two().items()},
        lambda at: two(), frozenset({"G020"}),
    ),
    Attack(
        "G022", "it lists other bytes",
        lambda at: lists(after=[f"{sha256(b'other')}  {POLICY}"]), lambda at: lists(),
        frozenset({"G020"}),
    ),
    Attack(
        "G022", "it lists other bytes before",
        lambda at: lists(before=[f"{sha256(b'other')}  {POLICY}"]), lambda at: lists(),
        frozenset({"G020"}),
    ),
    Attack(
        "G022", "a path is missing in it",
        lambda at: {**two(), "README.md": b"# Another\n"},
        lambda at: two({**policy(reply_window=5), "README.md": b"# Another\n"}),
        frozenset({"G020"}),
    ),
    Attack(
        "G022", "it lists a path too many",
        lambda at: lists(after=[f"{sha256(policy(reply_window=5)[POLICY] or b'')}  {POLICY}",
                                f"{sha256(b'x')}  README.md"]),
        lambda at: lists(), frozenset({"G020"}),
    ),
    Attack(
        "G022", "it lists a path twice, with other bytes first",
        lambda at: lists(after=[f"{sha256(b'x')}  {POLICY}",
                                f"{sha256(policy(reply_window=5)[POLICY] or b'')}  {POLICY}"]),
        lambda at: lists(), frozenset({"G020"}),
    ),
    Attack(
        "R003", "a sign-off stands under another Party's name",
        lambda at: {p.replace("sign-off-dcc", "sign-off-ssc"): d for p, d in two().items()},
        lambda at: two(), frozenset({"G020"}),
    ),
    Attack(
        "G016", "a sign-off is dated tomorrow",
        lambda at: one_of_two(day=TODAY + timedelta(1)), lambda at: two(), frozenset({"G020"}),
    ),
    Attack(
        "G005", "a Party's file has a twin in capitals",
        lambda at: two({f"{PARTIES}DCC.yaml": party("dcc")}),
        lambda at: two({f"{PARTIES}installer.yaml": NEW_PARTY}),
    ),
    Attack(
        "G005", "a folder has a twin in capitals",
        lambda at: two({"policy/Parties/installer.yaml": NEW_PARTY}),
        lambda at: two({f"{PARTIES}installer.yaml": NEW_PARTY}),
    ),
    Attack(
        "G006", "a Party's file is too large, and a schema of the same bytes is not",
        lambda at: two({f"{PARTIES}installer.yaml": LARGE, "templates/large.txt": LARGE}),
        lambda at: two({f"{PARTIES}installer.yaml": NEW_PARTY, "templates/large.txt": LARGE}),
    ),
    Attack(
        "G023", "the new policy cannot be read",
        lambda at: two({POLICY: b"name: [\n"}), lambda at: two(),
    ),
    Attack(
        "G023", "the policy becomes a folder",
        lambda at: two({POLICY: None, f"{POLICY}/x.yaml": b"name: x\n"}), lambda at: two(),
    ),
    Attack(
        "G023", "the register is renamed",
        lambda at: two({POLICY: dump({"name": "another"}).encode()}),
        lambda at: two({POLICY: dump({"name": NAME, "title": "Another"}).encode()}),
    ),
    Attack(
        "G023", "the schema of policy sign-offs is taken away, and nothing could change again",
        lambda at: without("schema/policy-sign-off.schema.json"),
        lambda at: without("templates/register/.github/workflows/register.yml"),
    ),
    Attack(
        "G023", "a new schema of policy sign-offs would take none",
        lambda at: two(schema_with("policy-sign-off", role=KING)),
        lambda at: two(schema_with("policy-sign-off", says={"maxLength": 9000})),
    ),
    Attack(
        "G023", "no administrator would be left",
        lambda at: two({f"{PARTIES}secas.yaml": party("secas", secas=person("publisher", "secas")),
                        f"{PARTIES}dcc.yaml": party("dcc", **VALIDATING)}),
        lambda at: two({f"{PARTIES}dcc.yaml": party("dcc", **VALIDATING)}),
    ),
    Attack(
        "G023", "a Party stands in a folder of its own, where it could sign nothing",
        lambda at: two({f"{PARTIES}more/installer.yaml": NEW_PARTY}),
        lambda at: two({f"{PARTIES}installer.yaml": NEW_PARTY}),
    ),
    Attack(
        "G024", "a schema narrows what was said",
        lambda at: two(schema_with("statement", says={"maxLength": 3})),
        lambda at: two(schema_with("statement", says={"maxLength": 9000})),
    ),
    Attack(
        "R095", "a Party brings a demonstration key into a real register",
        lambda at: two(with_eve(DEMONSTRATION)), lambda at: two(with_eve("nobody")),
    ),
    Attack(
        "R098", "a person gets the key of another",
        lambda at: two({f"{PARTIES}ssc.yaml": party("ssc", ssc=person("security", "dcc"))}),
        lambda at: two({f"{PARTIES}ssc.yaml": party("ssc", ssc=person("security", "nobody"))}),
    ),
    Attack(
        "G002", "sign-offs of the rules come with a record",
        lambda at: {**fresh(), **rules_signed(at, fresh(), "secas")}, lambda at: two(),
    ),
)  # fmt: skip
CATALOGUE = (
    Attack(
        "G020", "the catalogue changes without a validator",
        lambda at: of_catalogue("validator"),
        lambda at: of_catalogue("validator", "dcc"),
    ),
    Attack(
        "G021", "the catalogue changes with an administrator's",
        lambda at: of_catalogue("administrator", "secas"),
        lambda at: of_catalogue("validator", "dcc"), frozenset({"G020"}),
    ),
    Attack(
        "Y017", "a catalogue that cannot be read",
        lambda at: by("dcc", files={"catalogue/alert_codes.yaml": b"- x\n"}, role="validator"),
        lambda at: of_catalogue("validator", "dcc"),
    ),
)  # fmt: skip
BULLETINS = (
    Attack("G025", "a bulletin is signed by somebody who is no publisher",
           lambda at: bulletin(at, "dcc", by="dcc"), bulletin),
    Attack("G021", "a bulletin is signed by nobody",
           lambda at: {p: d[: d.index(b"signature")] for p, d in bulletin(at).items()},
           bulletin),
    Attack("G021", "a bulletin is signed for another Party",
           lambda at: bulletin(at, "dcc"), bulletin),
    Attack("G025", "a bulletin names a commit that is not there",
           lambda at: bulletin(at, commit="1" * 40), bulletin),
    Attack("G025", "a bulletin names a commit of a request",
           lambda at: bulletin(at, commit=at.commit(fresh())), bulletin),
    Attack("G025", "a bulletin stands under another month",
           lambda at: bulletin(at, path="bulletins/2026-01.yaml"), bulletin),
    Attack("G025", "a bulletin stands in a folder",
           lambda at: bulletin(at, path="bulletins/x/2026-02.yaml"), bulletin),
    Attack("G025", "two bulletins come at once",
           lambda at: {**bulletin(at), **bulletin(at, month="2026-01")}, bulletin),
    Attack("G016", "a bulletin is dated tomorrow",
           lambda at: bulletin(at, date="2026-03-11"), bulletin),
    Attack("G025", "a corrected month is put back to an earlier commit",
           lambda at: bulletin(at, commit=at.repository.first_parents(at.tip)[0]), bulletin,
           at=of_a_month),
    Attack("G025", "a corrected month is put back to an earlier day",
           lambda at: bulletin(at, date="2026-03-09"), bulletin, at=of_a_month),
)  # fmt: skip
ATTACKS = (*RULES, *CATALOGUE, *BULLETINS)


@pytest.mark.parametrize("attack", RULES, ids=str)
def test_a_change_of_the_rules_is_refused_and_its_twin_lands(attack: Attack) -> None:
    attack.check("policy")


@pytest.mark.parametrize("attack", CATALOGUE, ids=str)
def test_a_change_of_the_catalogue_is_refused_and_its_twin_lands(attack: Attack) -> None:
    attack.check("catalogue")


@pytest.mark.parametrize("attack", BULLETINS, ids=str)
def test_a_bulletin_is_refused_and_its_twin_lands(attack: Attack) -> None:
    attack.check("bulletin")
