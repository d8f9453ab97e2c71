"""Sign-offs that do not count, and what lands without them; each with a twin that lands."""

from __future__ import annotations

from typing import Any

import pytest

from tests.attacks.gates import (
    CAUSE,
    FRESH,
    OTHER,
    RECORD,
    REPORT,
    TODAY,
    Attack,
    World,
    changed,
    decided,
    fresh,
    landed,
    party,
    person,
    record,
    replacing,
    report,
    said,
    world,
)
from tests.registers import ID, NAMESPACE, sha256


def also(*others: str) -> frozenset[str]:
    return frozenset(others)


def edited(at: World, **accept: Any) -> dict[str, bytes]:
    """The landed record with another text, accepted as told."""
    text = changed(at)
    return {**text, **decided("accept", text, **accept)}


def cause(by: str = "supplier-two", **keys: Any) -> dict[str, bytes]:
    return said("cause", by, **{"cause": "suspected", "says": "The clock drifts again.", **keys})


def secure(lift: bool) -> dict[str, bytes]:
    """A record that says security, with or without its lift."""
    added = record(security=True)
    free = decided("lift", added, by="ssc", role="security", of=FRESH) if lift else {}
    return {**added, **report(), **decided("accept", added, of=FRESH), **free}


def held(lift: bool) -> dict[str, bytes]:
    """A request that carries a hold, lifted on the next day or not."""
    files = fresh()
    added = {path: data for path, data in files.items() if path.endswith(f"{FRESH}.yaml")}
    hold = decided("hold", added, "ssc", role="security", of=FRESH, day=TODAY)
    name = next(iter(hold)).rpartition("/")[2]
    free = decided(
        "lift", added, "ssc", role="security", of=FRESH, number=2, supersedes=name
    )  # fmt: skip
    return {**files, **hold, **(free if lift else {})}


def own_people(*pairs: str) -> dict[str, bytes]:
    """The DCC's validator holds these keys."""
    return {"dcc": party("dcc", dcc=person("reporter validator", *pairs))}


def peers() -> World:
    validator = person("reporter validator", "supplier-two")
    return world({"supplier-two": party("supplier-two", **{"supplier-two": validator})},
                 who_validates="peer")  # fmt: skip


def by_dcc(validator: str, **keys: Any) -> dict[str, bytes]:
    """A record that the DCC's first person reported, and a person of it accepts."""
    added = record()
    return {
        **added,
        **report("dcc", key="dcc"),
        **decided("accept", added, of=FRESH, key=validator, **keys),
    }


def self_validating(*keys: str) -> World:
    return world(own_people(*(keys or ("dcc",))), dcc_reports_validated_by="self")


def accepted_as(role: str, by: str, **keys: Any) -> dict[str, bytes]:
    added = record()
    return {**added, **report(), **decided("accept", added, by, role=role, of=FRESH, **keys)}


def withdrawn(role: str, read: dict[str, bytes], **keys: Any) -> dict[str, bytes]:
    return decided("withdraw", read, role=role, code="reported-in-error", **keys)


def _moved(files: dict[str, bytes]) -> dict[str, bytes]:
    """The statements among them, as if they were of the other record."""
    return {path.replace(ID, OTHER).replace("/7K/", "/AA/"): data for path, data in files.items()
            if path != RECORD}  # fmt: skip


def _of_others(role: str, by: str) -> dict[str, bytes]:
    added = record(affected=["ESME:FF03/00010100 in North"])
    return {**added, **report(), **decided("accept", added, by, role=role, of=FRESH)}


def _two_of_ssc() -> World:
    return world({"ssc": party("ssc", other=person("reporter", "nobody"))})


def _hold_undone(role: str) -> dict[str, bytes]:
    """A hold that a later sign-off of the security body's Party takes the place of."""
    files = fresh()
    added = {path: data for path, data in files.items() if path.endswith(f"{FRESH}.yaml")}
    hold = decided("hold", added, "ssc", role="security", of=FRESH)
    name = {"supersedes": next(iter(hold)).rpartition("/")[2], "number": 2, "of": FRESH}
    own = cause("ssc", key="nobody", of=FRESH)
    if role == "party":
        undone = withdrawn("party", own, by="ssc", key="nobody", **name)
    else:
        undone = decided("lift", added, "ssc", role="security", **name)
    return {**files, **hold, **own, **undone}


def _both_peers() -> World:
    peer = {
        slug: party(slug, **{slug: person("reporter validator", slug)})
        for slug in ("supplier-one", "supplier-two")
    }
    return world(peer, who_validates="peer")


def _edited_by_reporter(by: str) -> dict[str, bytes]:
    return edited(_both_peers(), **replacing(_both_peers()), by=by)


def accepted_by_peer(by: str) -> dict[str, bytes]:
    added = record()
    return {**added, **report("supplier-two"), **decided("accept", added, by, of=FRESH)}


ATTACKS = (
    Attack(
        "R092", "a sign-off for another register is played here",
        lambda at: edited(at, **replacing(at), namespace="defectreg@another"),
        lambda at: edited(at, **replacing(at), namespace=NAMESPACE),
    ),
    Attack(
        "R093", "a sign-off is by an unknown key",
        lambda at: edited(at, **replacing(at), key="nobody"),
        lambda at: edited(at, **replacing(at), key="dcc-second"),
    ),
    Attack(
        "R003", "a sign-off of one record is laid beside another",
        lambda at: _moved(edited(at, **replacing(at))),
        lambda at: edited(at, **replacing(at)),
    ),
    Attack(
        "G011", "a record is added that nobody accepted",
        lambda at: {**record(), **report()}, lambda at: fresh(),
    ),
    Attack(
        "G011", "a landed record is changed and nobody accepts it",
        changed, lambda at: edited(at, **replacing(at)),
    ),
    Attack(
        "G011", "an accept and a return of the same bytes: the stricter holds",
        lambda at: {**edited(at, **replacing(at)), **decided(
            "return", changed(at), says="No.", number=2)},
        lambda at: edited(at, **replacing(at)),
    ),
    Attack(
        "S001", "a key of the record claims an approval",
        lambda at: {p: d + b"approved: dcc\n" for p, d in edited(at, **replacing(at)).items()
                    if p == RECORD},
        lambda at: edited(at, **replacing(at)),
    ),
    Attack(
        "G012", "an accept of a changed record does not say what it replaces",
        edited, lambda at: edited(at, **replacing(at)),
    ),
    Attack(
        "G012", "an accept is played back after a newer version landed",
        lambda at: edited(at, replaces=sha256(b"what stood there then")),
        lambda at: edited(at, **replacing(at)),
    ),
    Attack(
        "G012", "an accept of an added record says that it replaces another",
        lambda at: {**fresh(), **decided("accept", record(), of=FRESH, **replacing(at))},
        lambda at: fresh(),
    ),
    Attack(
        "G013", "a hold is said by somebody without the role security",
        lambda at: decided("hold", landed(at, RECORD), role="security"),
        lambda at: decided("hold", landed(at, RECORD), "ssc", role="security"), also("R093"),
    ),
    Attack(
        "G013", "a validator decides as security",
        lambda at: decided("hold", landed(at, RECORD)),
        lambda at: decided("hold", landed(at, RECORD), "ssc", role="security"), also("R084"),
    ),
    Attack(
        "G013", "a reporter accepts as a validator",
        lambda at: accepted_as("validator", "supplier-two"),
        lambda at: accepted_as("validator", "dcc"), also("R093"),
    ),
    Attack(
        "G013", "the security body's roles do not accept",
        lambda at: accepted_as("security", "ssc"),
        lambda at: accepted_as("validator", "dcc"), also("R084", "G011"),
    ),
    Attack(
        "G013", "a manufacturer accepts where the policy names the DCC",
        lambda at: accepted_as("manufacturer", "maker-one"),
        lambda at: accepted_as("validator", "dcc"), also("G011"),
    ),
    Attack(
        "G013", "the DCC accepts where the policy names the manufacturer",
        lambda at: accepted_as("validator", "dcc"),
        lambda at: accepted_as("manufacturer", "maker-one"), also("G011"),
        at=lambda: world(who_validates="manufacturer"),
    ),
    Attack(
        "G011", "one of two accepts where the policy names both",
        lambda at: accepted_as("validator", "dcc"),
        lambda at: {**accepted_as("validator", "dcc"),
                    **accepted_as("manufacturer", "maker-one")},
        at=lambda: world(who_validates="both"),
    ),
    Attack(
        "G013", "a manufacturer of no affected Device accepts",
        lambda at: _of_others("manufacturer", "maker-one"),
        lambda at: accepted_as("manufacturer", "maker-one"), also("R087"),
        at=lambda: world(who_validates="manufacturer"),
    ),
    Attack(
        "G013", "a sign-off supersedes one that was signed in another role",
        lambda at: _hold_undone("party"), lambda at: _hold_undone("security"),
        at=_two_of_ssc,
    ),
    Attack(
        "G014", "the reporter accepts its own record",
        lambda at: accepted_by_peer("supplier-two"), lambda at: accepted_by_peer("dcc"),
        at=peers,
    ),
    Attack(
        "G014", "a peer accepts the change of what it reported first",
        lambda at: _edited_by_reporter("supplier-one"),
        lambda at: _edited_by_reporter("supplier-two"), at=_both_peers,
    ),
    Attack(
        "G014", "the DCC's reporter accepts its own report under the policy self",
        lambda at: by_dcc("dcc"), lambda at: by_dcc("dcc-second"), at=self_validating,
    ),
    Attack(
        "G014", "one person reports with one key and accepts with another",
        lambda at: by_dcc("nobody"), lambda at: by_dcc("dcc-second"),
        at=lambda: self_validating("dcc", "nobody"),
    ),
    Attack(
        "G014", "the reporting Party accepts where the policy wants another one",
        lambda at: by_dcc("dcc-second"),
        lambda at: {**record(), **report("dcc", key="dcc"), **decided(
            "accept", record(), "supplier-two", of=FRESH)},
        at=lambda: world(
            own_people("dcc") | {"supplier-two": party("supplier-two", **{
                "supplier-two": person("reporter validator", "supplier-two")})},
            dcc_reports_validated_by="other-party"),
    ),
    Attack(
        "G014", "an author accepts its own cause",
        lambda at: {**cause("dcc"), **decided("accept", cause("dcc"))},
        lambda at: {**cause(), **decided("accept", cause())},
        at=lambda: world(dcc_reports_validated_by="other-party"),
    ),
    Attack(
        "G015", "an accept reads other bytes than those that land",
        lambda at: {**edited(at, **replacing(at)), **decided(
            "accept", record(id=ID, title="Another text of the record"), number=2)},
        lambda at: edited(at, **replacing(at)),
    ),
    Attack(
        "G015", "an accept reads a file of another record",
        lambda at: decided("accept", cause(), of=OTHER),
        lambda at: {**cause(of=OTHER), **decided("accept", cause(of=OTHER), of=OTHER)},
    ),
    Attack(
        "R088", "a lift reads other bytes than those that it frees",
        lambda at: decided("lift", record(), "ssc", role="security"),
        lambda at: decided("lift", landed(at, RECORD), "ssc", role="security"),
    ),
    Attack(
        "R085", "a Party withdraws what another Party said",
        lambda at: withdrawn("party", landed(at, CAUSE), by="supplier-one"),
        lambda at: withdrawn("party", landed(at, CAUSE), by="supplier-two"),
    ),
    Attack(
        "R085", "a Party withdraws a whole record in its own role",
        lambda at: withdrawn("party", landed(at, RECORD), by="supplier-one"),
        lambda at: withdrawn("party", landed(at, REPORT), by="supplier-one"),
    ),
    Attack(
        "R065", "a statement supersedes another Party's",
        lambda at: cause("supplier-one", supersedes=CAUSE.rpartition("/")[2]),
        lambda at: cause("supplier-two", supersedes=CAUSE.rpartition("/")[2]),
    ),
    Attack(
        "R012", "a record that says security comes without a lift",
        lambda at: secure(lift=False), lambda at: secure(lift=True),
    ),
    Attack("G017", "a request carries a hold", lambda at: held(False), lambda at: held(True)),
)  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_it_is_refused_and_its_twin_lands(attack: Attack) -> None:
    attack.check("data")
