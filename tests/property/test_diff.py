"""Laws of ``diff``: an ESME is judged as this plain reading of its list says, and counted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from defectreg.inventory.differing import FOUND
from defectreg.register.inventory.identifiers import (
    Form,
    check_firmware,
    check_manufacturer,
    check_model,
    is_smets2,
)
from defectreg.register.inventory.variants import KNOWN_TO_OLDER, VARIANTS
from tests.fleets import asked, entry, listed, load_fleet
from tests.journals import SUPPLIER, esme

Said = Mapping[str, str]
Lines = Sequence[Said]
ASKED = {"Commissioned", "InstalledNotCommissioned", "Whitelisted"}

DEVICES = st.fixed_dictionaries(
    {
        "device_status": st.sampled_from([*sorted(ASKED), "Pending", "Suspended", ""]),
        "manufacturer": st.sampled_from(["FF01", "ff01", "FF02", ""]),
        "model": st.sampled_from(["00010100", "00010100", "10100"]),
        "firmware": st.sampled_from(["00010000", "0001FFFF", "0001ffff", "00020000", "", "1"]),
        "esme_variant": st.sampled_from(["A", "AD", "ad", "ADE", "BD", "AE", "ADF", ""]),
        "base_letter": st.sampled_from(["", "A", "B", "a"]),
        "smets_version": st.sampled_from(["5.0", "SMETS V5.0", "4.2", "1.2", ""]),
        "region": st.sampled_from(["North", "SMETS1", ""]),
        "supplier": st.sampled_from([SUPPLIER, "", "x"]),
    }
)
MAPS = st.lists(
    st.builds(
        entry,
        st.sampled_from(["A", "AD", "ADF", "BD"]),
        st.sampled_from(["00000000", "00010000", "0001FFFF"]),
        st.sampled_from(["0001FFFE", "0001FFFF", "FFFFFFFF"]),
    ),
    max_size=3,
)
LISTS = st.none() | st.lists(
    st.builds(
        listed,
        st.sampled_from(["00010000", "0001ffff"]),
        model=st.sampled_from(["00010100", "00020100"]),
        smets_version=st.sampled_from(["5.0", "SMETS V5.0", ""]),
    ),
    max_size=3,
)


def smets(text: str) -> str:
    return text.upper().replace("SMETS", "").replace("V", "").strip()


def expected(device: Said, maps: Lines, cpl: Lines | None) -> str:
    """The outcome of an ESME: of the list of ``diff.sql``, the first that holds."""
    return next(outcomes(device, maps, cpl))


def outcomes(device: Said, maps: Lines, cpl: Lines | None) -> Iterator[str]:
    recorded, letter = device["esme_variant"].upper(), device["base_letter"].upper()
    product = [device[name].upper() for name in ("manufacturer", "model", "firmware")]
    if not device["device_status"] or is_wrong(product) or not recorded:
        yield "cannot-be-judged"
    if recorded not in VARIANTS:
        yield "no-code"
    if letter not in ("", recorded[:1]):
        yield "base-letter"
    entries = [each for each in cpl or () if product_of(each) == product]
    if cpl and not entries:
        yield "not-listed"
    implied = {each["esme_variant"] for each in maps if is_for(each, product)}
    if len(implied) != 1:
        yield "cannot-be-judged" if implied else "no-entry"
    variant = implied.pop()
    if letter not in ("", variant[0]):
        yield "base-letter"
    if recorded == variant:
        yield "not-correctable" if is_other_smets(device, entries) else "agrees"
    yield disagreeing(device, recorded, variant)


def is_wrong(product: list[str]) -> bool:
    checks = (check_manufacturer, check_model, check_firmware)
    return any(check(text, Form.STRICT) for check, text in zip(checks, product, strict=True))


def product_of(line: Said) -> list[str]:
    return [line[name].upper() for name in ("manufacturer", "model", "firmware")]


def is_for(line: Said, product: list[str]) -> bool:
    is_same = [line["manufacturer"], line["model"]] == product[:2]
    return is_same and int(line["lowest"], 16) <= int(product[2], 16) <= int(line["highest"], 16)


def is_other_smets(device: Said, entries: Lines) -> bool:
    said = {smets(each["smets_version"]) for each in entries} - {""}
    return bool(said) and smets(device["smets_version"]) not in {"", *said}


def disagreeing(device: Said, recorded: str, variant: str) -> str:
    second = is_smets2(device["smets_version"], device["region"])
    if device["device_status"] not in ASKED or second is False:
        return "not-correctable"
    if second is None or device["supplier"] != SUPPLIER:
        return "cannot-be-judged"
    older = recorded in KNOWN_TO_OLDER and variant not in KNOWN_TO_OLDER
    return "old-system" if older else "differs"


def is_told(device: Said, maps: Lines, cpl: Lines | None) -> bool:
    """Whether an ESME of its status is in the answer at all: Suspended only where it differs."""
    if device["device_status"] != "Suspended":
        return device["device_status"] != "Pending"
    whole = {**device, "device_status": "Commissioned", "smets_version": "5.0", "region": "North",
             "supplier": SUPPLIER}  # fmt: skip
    alone = [{**each, "smets_version": ""} for each in cpl] if cpl else cpl
    return expected(whole, maps, alone) in {"differs", "old-system"}


@settings(max_examples=60)
@given(st.lists(DEVICES, min_size=1, max_size=12), MAPS, LISTS)
def test_every_esme_is_judged_by_the_list_and_counted_once(
    devices: list[dict[str, str]],
    maps: Lines,
    cpl: Lines | None,
) -> None:
    rows = [esme(number, **said) for number, said in enumerate(devices)]
    wanted = {
        str(row["device_id"]): expected(said, maps, cpl)
        for row, said in zip(rows, devices, strict=True)
        if is_told(said, maps, cpl)
    }
    with TemporaryDirectory() as folder, asked(load_fleet(Path(folder), rows, maps, cpl)) as it:
        at = FOUND.index("outcome")
        found = {row[0]: row[at] for row in it.found()}
        summary = it.summary
    assert found == {device: o for device, o in wanted.items() if o != "agrees"}
    assert summary.devices + sum(summary.not_asked.values()) == len(rows)
    assert {o: summary.of(o) for o in set(wanted.values())} == Counter(wanted.values())
