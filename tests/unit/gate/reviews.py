"""Reviews and decisions for tests: one request, five founders, and what they may say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from defectreg.gate.deciding import decide
from defectreg.gate.reviewing import Review, reviews
from defectreg.gate.wishes import Decision, Occasion, Wish
from defectreg.intake.starting import Founder, plan
from defectreg.register.grounds import Grounds, is_ground, read_grounds
from defectreg.register.record import record_path, statements_folder
from defectreg.register.statement import statement_name
from defectreg.register.yamltext import dump
from defectreg.store.git import Repository
from defectreg.store.identity import Identity
from defectreg.store.landings import Landings
from defectreg.store.places import Register
from defectreg.store.requests import LANDED, Request, Target
from tests.registers import (
    ID,
    NAME,
    good_record,
    key_of,
    public_key,
    sha256,
    sign,
    sign_off,
    statement,
)

DAY = date(2026, 3, 2)
NOWHERE = Register(Repository(Path("/"), Path("/"), Path("/"), bare=True), "0" * 40)
FOUNDERS = (
    Founder("supplier-one", "large-supplier", ("reporter",), public_key("supplier-one")),
    Founder("supplier-two", "large-supplier", ("validator",), public_key("supplier-two")),
    Founder("maker-one", "device-manufacturer", ("manufacturer",), public_key("maker-one")),
    Founder("dcc", "dcc", ("validator", "reporter"), public_key("dcc")),
    Founder("dcc", "dcc", ("validator", "reporter"), public_key("dcc-second")),
    Founder("ssc", "ssc", ("security",), public_key("ssc")),
)
PATH = record_path(ID)


def grounds(**switches: Any) -> Grounds:
    files = dict(plan(NAME, FOUNDERS, ["maker-one:FF03"]).files)
    dashed = {key.replace("_", "-"): value for key, value in switches.items()}
    files["policy/register.yaml"] = dump({"name": NAME, **dashed}).encode()
    return read_grounds({path: data for path, data in files.items() if is_ground(path)})[0]


def said(data: Mapping[str, Any], key: str | None = None, number: int = 1) -> dict[str, bytes]:
    """The file of a statement, signed by its Party's key of that name; unsigned for ``""``."""
    whole = {"of": ID, "kind": data["kind"], "by": data["by"], "date": DAY.isoformat(), **data}
    name = statement_name(DAY, str(data["kind"]), str(data["by"]), number)
    source = dump(whole).encode() if key == "" else sign(key or str(data["by"]), whole)[0]
    return {f"{statements_folder(ID)}/{name}": source}


REPORT = statement("report", "supplier-one", says="We see this.")
CAUSE = statement("cause", "supplier-one", cause="suspected", says="The clock drifts.")
RECORD = {PATH: dump(good_record()).encode()}
READING = [f"{sha256(RECORD[PATH])}  {ID}.yaml"]
"""What a sign-off of the record reads."""
ACCEPT = Wish("accept")


def reviewed(
    new: Mapping[str, bytes],
    landed: Mapping[str, bytes] | None = None,
    removed: tuple[str, ...] = (),
    odd: tuple[str, ...] = (),
    **switches: Any,
) -> tuple[Review, Target]:
    target = Target(NOWHERE, "0" * 40, grounds(**switches))
    ref = f"refs/heads/submit/{ID}" if new or removed or odd else LANDED
    request = Request(ID, ref, "1" * 40, new, landed or {}, removed, odd)
    landing = Landings({}, 1).assumed(target.grounds, DAY - timedelta(1))
    landings = Landings(dict.fromkeys(landed or {}, landing), 2)
    (found,) = reviews([request], target, landings, DAY)
    return found, target


def occasion(target: Target, by: str = "dcc") -> Occasion:
    """The holder of a key, at noon of DAY."""
    held = target.grounds.parties.holder(public_key(by).fingerprint)
    assert held is not None
    identity = Identity(held[0].slug, held[1], key_of(by))
    return Occasion(identity, target, datetime(2026, 3, 2, 12, tzinfo=UTC), DAY)


def decided(
    new: Mapping[str, bytes],
    landed: Mapping[str, bytes] | None = None,
    *,
    by: str = "dcc",
    wish: Wish = ACCEPT,
    **switches: Any,
) -> Decision:
    """What the holder of a key would decide of a request."""
    found, target = reviewed(new, landed, **switches)
    return decide(found, wish, occasion(target, by))


def refusals(decision: Decision) -> str:
    return " | ".join(refusal.sentence for refusal in decision.refusals)


def accepted(record: Mapping[str, bytes] = RECORD) -> dict[str, bytes]:
    """The DCC's accept of the record."""
    return said(sign_off("accept", read=[f"{sha256(record[PATH])}  {ID}.yaml"]))


def landed_and_accepted() -> dict[str, bytes]:
    """The record with its report and its accept."""
    return {**RECORD, **said(REPORT), **accepted()}
