"""Records and statements that are refused, each with a twin that lands."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from defectreg.register.record import record_path
from tests.attacks.gates import (
    ACCEPT,
    CAUSE,
    FRESH,
    OTHER,
    RECORD,
    REPORT,
    TODAY,
    Attack,
    World,
    decided,
    fresh,
    landed,
    party,
    person,
    record,
    report,
    said,
    world,
)
from tests.registers import ID, sha256

BOMB = b"a: &a [x, x]\n" + b"".join(
    b"%c: &%c [*%c, *%c]\n" % (n, n, n - 1, n - 1) for n in range(98, 110)
)


DEMONSTRATION = "tests/keys/supplier-one-badger"


def also(*others: str) -> frozenset[str]:
    return frozenset(others)


def cause(by: str = "supplier-two", **keys: Any) -> dict[str, bytes]:
    return said("cause", by, **{"cause": "suspected", "says": "The clock drifts again.", **keys})


def with_consent(**keys: Any) -> dict[str, bytes]:
    """A record given in confidence, as its reporter consents to have it shown."""
    added = record(given_in_confidence=True)
    lines = [f"{sha256(data)}  {FRESH}.yaml" for data in added.values()]
    consent = said("consent", "supplier-one", of=FRESH, read=lines, **{"audience": "green", **keys})
    return {**added, **report(), **decided("accept", added, of=FRESH), **consent}


def with_key(state: str) -> World:
    keys = ("supplier-two", f"nobody:{state}")
    return world({"supplier-two": party("supplier-two",
                  **{"supplier-two": person("reporter", *keys)})})  # fmt: skip


def demonstrating(**switches: bool) -> World:
    keys = ("supplier-two", DEMONSTRATION)
    return world({"supplier-two": party("supplier-two",
                  **{"supplier-two": person("reporter", *keys)})}, **switches)  # fmt: skip


def response(**keys: Any) -> dict[str, bytes]:
    words = {"position": "disputed", "says": "Not with our firmware."}
    return said("response", **{"by": "maker-one", **words, **keys})


def second_report(**keys: Any) -> dict[str, bytes]:
    return report("supplier-two", ID, **keys)


def withdrawn(role: str, read: dict[str, bytes], **keys: Any) -> dict[str, bytes]:
    return decided("withdraw", read, role=role, code="reported-in-error", **keys)


ATTACKS = (
    Attack(
        "G001", "a statement that landed is changed",
        lambda at: {REPORT: at.read(REPORT).replace(b"We see", b"We saw")},
        lambda at: second_report(),
    ),
    Attack(
        "G001", "a statement that landed is removed",
        lambda at: {CAUSE: None},
        lambda at: withdrawn("party", landed(at, CAUSE), by="supplier-two"),
    ),
    Attack(
        "G001", "a statement that landed is moved to another name",
        lambda at: {CAUSE: None, CAUSE.replace(".yaml", "-2.yaml"): at.read(CAUSE)},
        lambda at: cause(number=2),
    ),
    Attack(
        "G001", "a record is deleted",
        lambda at: {RECORD: None},
        lambda at: withdrawn("validator", landed(at, RECORD)),
    ),
    Attack(
        "G001", "a record is renamed with all that is said of it",
        lambda at: {**fresh(), **dict.fromkeys((RECORD, REPORT, ACCEPT, CAUSE))},
        lambda at: fresh(),
    ),
    Attack(
        "R064", "a statement is copied under another name",
        lambda at: {CAUSE.replace(".yaml", "-2.yaml"): at.read(CAUSE)},
        lambda at: cause(),
    ),
    Attack(
        "R064", "a statement is copied under a name that sorts behind its own",
        lambda at: {CAUSE.replace(".yaml", "-3.yaml"): at.read(CAUSE)},
        lambda at: cause(number=3),
    ),
    Attack(
        "R003", "a statement is copied to another record",
        lambda at: {CAUSE.replace(ID, OTHER).replace("/7K/", "/AA/"): at.read(CAUSE)},
        lambda at: cause(of=OTHER),
    ),
    Attack(
        "R093", "a statement is signed for another Party",
        lambda at: cause(by="supplier-one", key="supplier-two"),
        lambda at: cause(by="supplier-one"),
    ),
    Attack(
        "R093", "a statement is signed by nobody's key",
        lambda at: cause(key="nobody"), lambda at: cause(),
    ),
    Attack(
        "R090", "a statement is not signed",
        lambda at: cause(unsigned=True), lambda at: cause(),
    ),
    Attack(
        "R096", "a statement is changed after it was signed",
        lambda at: {p: d.replace(b"drifts", b"stands") for p, d in cause().items()},
        lambda at: cause(),
    ),
    Attack(
        "R005", "something is written below a signature",
        lambda at: {p: d + b"# accepted\n" for p, d in cause().items()},
        lambda at: cause(),
    ),
    Attack(
        "R097", "a statement is signed with a retired key",
        lambda at: cause(key="nobody"), lambda at: cause(), at=lambda: with_key("retired"),
    ),
    Attack(
        "R094", "a statement is signed with a distrusted key",
        lambda at: cause(key="nobody"), lambda at: cause(), at=lambda: with_key("distrusted"),
    ),
    Attack(
        "R095", "a demonstration key signs in a real register",
        lambda at: cause(key=DEMONSTRATION), lambda at: cause(), at=demonstrating,
    ),
    Attack(
        "G010", "a record is added that nobody reported",
        lambda at: {**record(), **decided("accept", record(), of=FRESH)},
        lambda at: fresh(), also("R030"),
    ),
    Attack(
        "R067", "a response is not by the manufacturer of an affected Device",
        lambda at: response(by="supplier-two"), lambda at: response(),
        also("R093"),
    ),
    Attack(
        "R093", "a response of a manufacturer is signed by another",
        lambda at: response(key="dcc"), lambda at: response(),
    ),
    Attack(
        "R068", "a validator enters a response as the manufacturer's, without its letter",
        lambda at: response(by="dcc", **{"from": "maker-one"}, received="letter"),
        lambda at: response(by="dcc", **{"from": "maker-one"}, received="letter",
                            letter=sha256(b"An invented letter.")),
    ),
    Attack(
        "G016", "a statement is dated tomorrow",
        lambda at: second_report(day=TODAY + timedelta(1)), lambda at: second_report(),
    ),
    Attack(
        "R063", "a statement is dated before the record was reported",
        lambda at: cause(day=date(2026, 3, 1)), lambda at: cause(day=date(2026, 3, 2)),
    ),
    Attack(
        "R010", "a record is classified above the ceiling",
        lambda at: fresh(classification="amber"), lambda at: fresh(classification="green"),
    ),
    Attack(
        "R011", "a key is filled that fewer may read",
        lambda at: fresh(incident="INC000001234567"), lambda at: fresh(),
    ),
    Attack(
        "R016", "what was given in confidence comes without consent",
        lambda at: {p: d for p, d in with_consent().items() if "-consent-" not in p},
        lambda at: with_consent(),
    ),
    Attack(
        "R066", "somebody else consents",
        lambda at: {p: d for p, d in with_consent().items() if "-consent-" not in p} | said(
            "consent", "supplier-two", of=FRESH, audience="green",
            read=[f"{sha256(next(iter(record(given_in_confidence=True).values())))}  x.yaml"]),
        lambda at: with_consent(), also("R016"),
    ),
    Attack(
        "R002", "the id is not the one that the place says",
        lambda at: {**fresh(), f"records/NE/{FRESH}.yaml": next(iter(record(id=OTHER).values()))},
        lambda at: fresh(),
    ),
    Attack(
        "R004", "a statement is of a record that is not there",
        lambda at: report(), lambda at: fresh(),
    ),
    Attack(
        "Y018", "a record is a bomb of aliases",
        lambda at: {**fresh(), record_path(FRESH): BOMB}, lambda at: fresh(),
    ),
)  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_it_is_refused_and_its_twin_lands(attack: Attack) -> None:
    attack.check("data")
