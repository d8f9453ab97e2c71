"""Every ESME has one outcome, the first of the list that holds."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from defectreg.inventory.differing import CAUSES, FOUND, OUTCOMES, open_difference
from defectreg.register.errors import CannotRun
from defectreg.register.inventory.identifiers import is_smets2
from defectreg.register.inventory.variants import VARIANTS, compare
from defectreg.store.inventory.journal import write_journal
from defectreg.store.inventory.places import Inventory
from tests.fleets import asked, entry, judgement, listed, load_fleet, shipped
from tests.journals import OTHER_SUPPLIER, device_id, esme, journal_row, occasion

HERE = device_id(1)


def outcome(folder: Path, **changes: object) -> tuple[str, str]:
    found = judgement(folder, **changes)  # type: ignore[arg-type]
    return (found["outcome"], found["cause"]) if found else ("agrees", "agrees")


def test_ad_recorded_as_a_lacks_load_control(tmp_path: Path) -> None:
    found = judgement(tmp_path)
    assert (found["outcome"], found["implied"]) == ("differs", "AD")
    assert (found["missing"], found["extra"], found["correctable"]) == ("D", "", "yes")


def test_boost_that_the_meter_has_not_is_extra(tmp_path: Path) -> None:
    found = judgement(tmp_path, esme_variant="ADE")
    assert (found["outcome"], found["missing"], found["extra"]) == ("differs", "", "E")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"esme_variant": "AD"}, ("agrees", "agrees")),
        ({"esme_variant": "ad"}, ("agrees", "agrees")),
        ({"products": [entry("ADF")]}, ("old-system", "not-known")),
        ({"products": [entry("ADF")], "esme_variant": "AF"}, ("differs", "not-known")),
        ({"base_letter": "B"}, ("base-letter", "recorded-base")),
        ({"base_letter": "a"}, ("differs", "not-known")),
        ({"base_letter": "A", "products": [entry("BD")]}, ("base-letter", "implied-base")),
        ({"esme_variant": "AE"}, ("no-code", "no-code")),
        ({"cpl": [listed(model="00020100")]}, ("not-listed", "model-not-listed")),
        ({"cpl": [listed("00010204")]}, ("not-listed", "firmware-not-listed")),
        ({"cpl": [listed()]}, ("differs", "not-known")),
        ({"cpl": [listed(device_type="GSME", model="00020100")]}, ("differs", "not-known")),
        ({"products": []}, ("no-entry", "no-entry")),
        ({"products": [entry(model="00010101")]}, ("no-entry", "no-entry")),
        ({"products": [entry(highest="00010202")]}, ("no-entry", "no-entry")),
        ({"products": [entry(highest="00010203")]}, ("differs", "not-known")),
        ({"products": [entry(lowest="00010203")]}, ("differs", "not-known")),
        ({"products": [entry(manufacturer="ff01")]}, ("differs", "not-known")),
        ({"manufacturer": "ff01"}, ("differs", "not-known")),
        ({"products": [entry(), entry("A")]}, ("cannot-be-judged", "map-contradicts")),
        ({"products": [entry(), entry(lowest="00010200")]}, ("differs", "not-known")),
        ({"region": "SMETS1"}, ("not-correctable", "smets1")),
        ({"smets_version": "1.2"}, ("not-correctable", "smets1")),
        ({"region": "SMETS1", "esme_variant": "AD"}, ("agrees", "agrees")),
        ({"device_status": "Suspended"}, ("not-correctable", "status")),
        (
            {"esme_variant": "AD", "cpl": [listed(smets_version="SMETS V4.2")]},
            ("not-correctable", "other-smets-version"),
        ),
        ({"esme_variant": "AD", "cpl": [listed(smets_version="V5.0")]}, ("agrees", "agrees")),
        ({"esme_variant": "AD", "cpl": [listed(smets_version="")]}, ("agrees", "agrees")),
        ({"device_status": ""}, ("cannot-be-judged", "no-status")),
        ({"device_status": "commissioned?"}, ("cannot-be-judged", "no-status")),
        ({"manufacturer": ""}, ("cannot-be-judged", "no-product")),
        ({"model": ""}, ("cannot-be-judged", "no-product")),
        ({"firmware": ""}, ("cannot-be-judged", "no-firmware")),
        ({"firmware": "10203"}, ("cannot-be-judged", "not-hexadecimal")),
        ({"model": "1.01E+05"}, ("cannot-be-judged", "not-hexadecimal")),
        ({"manufacturer": "FF1"}, ("cannot-be-judged", "not-hexadecimal")),
        ({"esme_variant": ""}, ("cannot-be-judged", "no-variant")),
        ({"smets_version": ""}, ("cannot-be-judged", "no-smets-version")),
        ({"smets_version": "", "esme_variant": "AD"}, ("agrees", "agrees")),
        ({"supplier": ""}, ("cannot-be-judged", "no-supplier")),
        ({"supplier": "../../etc"}, ("cannot-be-judged", "no-supplier")),
        ({"supplier": "", "esme_variant": "AD"}, ("agrees", "agrees")),
    ],
)
def test_one_thing_changed_is_the_outcome(
    tmp_path: Path, changes: dict[str, object], expected: tuple[str, str]
) -> None:
    assert outcome(tmp_path, **changes) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"firmware": "", "esme_variant": "AE"}, "cannot-be-judged"),
        ({"esme_variant": "AE", "base_letter": "B"}, "no-code"),
        ({"base_letter": "B", "cpl": [listed("00010204")]}, "base-letter"),
        ({"cpl": [listed("00010204")], "products": []}, "not-listed"),
        ({"products": [], "region": "SMETS1"}, "no-entry"),
        ({"products": [entry(), entry("A")], "region": "SMETS1"}, "cannot-be-judged"),
        ({"region": "SMETS1", "supplier": ""}, "not-correctable"),
        ({"supplier": "", "products": [entry("ADF")]}, "cannot-be-judged"),
    ],
)
def test_of_two_that_hold_the_first_of_the_list_counts(
    tmp_path: Path, changes: dict[str, object], expected: str
) -> None:
    assert outcome(tmp_path, **changes)[0] == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"esme_variant": "AE"}, "yes"),
        ({"base_letter": "B", "esme_variant": "BD", "products": [entry("BD")]}, ""),
        ({"base_letter": "B", "products": [entry("BD")]}, "yes"),
        ({"base_letter": "B"}, "no"),
        ({"esme_variant": "AE", "region": "SMETS1"}, "no"),
        ({"esme_variant": "AE", "supplier": ""}, "no"),
        ({"esme_variant": "AE", "cpl": [listed("00010204")]}, "no"),
        ({"esme_variant": "AE", "products": []}, "no"),
        ({"region": "SMETS1"}, "no"),
    ],
)
def test_only_what_the_rule_allows_and_the_map_knows_is_correctable(
    tmp_path: Path, changes: dict[str, object], expected: str
) -> None:
    found = judgement(tmp_path, **changes)  # type: ignore[arg-type]
    assert found.get("correctable", "") == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"asn": [shipped(HERE, "A")]}, "asn"),
        ({"asn": [shipped(HERE, "AD")]}, "pre-notification"),
        ({"asn": [shipped(device_id(2), "A")]}, "not-known"),
        ({"asn": [shipped(HERE, "A"), shipped(HERE, "AD", ship_date="2025-06-01")]},
         "pre-notification"),
        ({"prenotified_by": OTHER_SUPPLIER}, "previous-supplier"),
        ({"prenotified_by": OTHER_SUPPLIER, "asn": [shipped(HERE, "A")]}, "asn"),
        ({"products": [entry(), entry("A", "00000000", "0000FFFF")],
          "asn": [shipped(HERE, "A", firmware="00000001")]}, "firmware-upgrade"),
        ({"asn": [shipped(HERE, "A", firmware="00000001")]}, "asn"),
        ({"products": [entry(), entry("A", "00000000", "0000FFFF")],
          "date_commissioned": "2025-03-01Z", "firmware_since": "2025-09-01"}, "firmware-upgrade"),
        ({"products": [entry(), entry("A", "00000000", "0000FFFF")],
          "date_commissioned": "2025-10-01Z", "firmware_since": "2025-09-01"}, "not-known"),
        ({}, "not-known"),
    ],
)  # fmt: skip
def test_the_cause_is_the_likeliest_that_the_tables_show(
    tmp_path: Path, changes: dict[str, object], expected: str
) -> None:
    assert outcome(tmp_path, **changes) == ("differs", expected)


def test_a_device_shipped_twice_is_found_once(tmp_path: Path) -> None:
    lines = [shipped(HERE, "A"), shipped(HERE, "A", line=3), shipped(HERE, "AD", asn_id="ASN-2")]
    snapshot = load_fleet(tmp_path, [esme(1)], asn=lines)
    with asked(snapshot) as difference:
        assert len(list(difference.found())) == difference.summary.of("differs") == 1


def test_pending_is_not_asked_about_and_others_only_where_they_differ(tmp_path: Path) -> None:
    devices = [
        esme(1, device_status="Pending"),
        esme(2, device_status="Withdrawn", esme_variant="AD"),
        esme(3, device_status="Withdrawn"),
        esme(4, device_status="Recovery", firmware=""),
        {**esme(5), "device_type": "GSME"},
    ]
    with asked(load_fleet(tmp_path, devices)) as difference:
        assert dict(difference.summary.not_asked) == {"Pending": 1, "Recovery": 1, "Withdrawn": 1}
        assert [row[0] for row in difference.found()] == [device_id(3)]
        assert difference.summary.of("not-correctable") == difference.summary.devices == 1


def test_commissioned_come_first(tmp_path: Path) -> None:
    statuses = ["Whitelisted", "Decommissioned", "InstalledNotCommissioned", "Commissioned"]
    devices = [esme(number, device_status=status) for number, status in enumerate(statuses)]
    with asked(load_fleet(tmp_path, devices)) as difference:
        assert [row[1] for row in difference.found()] == [statuses[at] for at in (3, 2, 0, 1)]


def test_functions_of_all_pairs_are_those_of_the_enumeration(tmp_path: Path) -> None:
    codes = list(VARIANTS)
    maps = [entry(code, model=f"{at:08X}") for at, code in enumerate(codes)]
    devices = [
        esme(at * 100 + number, model=f"{at:08X}", esme_variant=code)
        for at in range(len(codes))
        for number, code in enumerate(codes)
    ]
    with asked(load_fleet(tmp_path, devices, maps)) as difference:
        rows = [dict(zip(FOUND, row, strict=True)) for row in difference.found()]
    assert len(rows) == 25 * 24
    for row in rows:
        missing, extra = compare(row["esme_variant"], row["implied"])
        assert (frozenset(row["missing"]), frozenset(row["extra"])) == (missing, extra)


@pytest.mark.parametrize(
    "version", ["5.0", "2.0", "1.2", "SMETS V5.0", "SMETS2", "smets v1.1", "V2.0", "CHTS V1.4",
                "", "two", "2", "10.1", "1.58.2", "5.0.0.0"],
)  # fmt: skip
@pytest.mark.parametrize("region", ["North", "smets1", ""])
def test_smets2_is_asked_as_the_rule_asks_it(tmp_path: Path, version: str, region: str) -> None:
    says = {True: "not-known", False: "smets1", None: "no-smets-version"}
    cause = outcome(tmp_path, smets_version=version, region=region)[1]
    assert cause == says[is_smets2(version, region)]


def test_a_proposed_correction_is_told_and_a_refused_one_is_not(tmp_path: Path) -> None:
    load_fleet(tmp_path, [esme(1), esme(2), esme(3)])
    place = Inventory(tmp_path).journal
    with write_journal(place, occasion(), print) as journal:
        journal.add([journal_row(1, 1), journal_row(2, 2)])
        journal.keep()
    with write_journal(place, occasion(kind="answers"), print) as journal:
        journal.add([(2, "refused", "E1")])
        journal.keep()
    with open_difference(Inventory(tmp_path)) as difference:
        at = FOUND.index("proposed")
        assert [row[at] for row in difference.found()] == ["AD", "", ""]
        assert difference.summary.of("differs") == 3
        assert difference.summary.proposed("differs") == 1


def test_another_proposal_than_what_is_implied_is_not_counted(tmp_path: Path) -> None:
    with asked(load_fleet(tmp_path, [esme(1)]), [(HERE, "ADE")]) as difference:
        assert difference.summary.proposed("differs") == 0


def test_the_summary_counts_each_esme_once_in_every_part(tmp_path: Path) -> None:
    devices = [
        esme(1),
        esme(2, esme_variant="AD"),
        esme(3, firmware=""),
        esme(4, region="SMETS1"),
        esme(5, supplier=""),
        esme(6, model="00020100"),
        esme(7, esme_variant="AE"),
    ]
    with asked(load_fleet(tmp_path, devices)) as difference:
        summary = difference.summary
        found = Counter(row[FOUND.index("outcome")] for row in difference.found())
    assert summary.devices == len(devices)
    assert {o: summary.of(o) for o in OUTCOMES if summary.of(o)} == {**found, "agrees": 1}
    for part in ("cause", "status", "product", "supplier", "region"):
        counts = [c.devices for by in summary.by(part).values() for c in by.values()]
        assert sum(counts) == len(devices)
    assert {name[0] for name in summary.by("cause")} <= set(CAUSES)


def test_without_a_product_map_nothing_can_be_said(tmp_path: Path) -> None:
    from tests.journals import load

    load(tmp_path, [esme(1)])
    with pytest.raises(CannotRun) as stopped, open_difference(Inventory(tmp_path)):
        pass
    assert "products" in stopped.value.sentence
