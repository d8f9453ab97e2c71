"""The rule of who may change what: the whole table, and what decides where two things are wrong."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from defectreg.register.inventory.device import InventoryDevice
from defectreg.register.inventory.identifiers import DEVICE_STATUSES
from defectreg.register.inventory.requests import DetailsUpdate, DeviceDeletion, Request
from defectreg.register.inventory.rules import RULE_CODES, Rights, judge, rights_of
from tests.unit.register.inventory.requests_for_tests import (
    CORRECTION,
    DELETION,
    HEADER,
    INSTALLING,
    METER,
    MPXN,
    PRENOTIFICATION,
    RESPONSIBLE,
    STATUS,
    STRANGER,
)

NEW = {
    "manufacturer": "FF09",
    "model": "00099999",
    "smets_version": "SMETS V4.2",
    "firmware": "00099999",
    "esme_variant": "ADE",
}
"""Each detail with another value than the meter has."""
SENDERS = {"installing": INSTALLING, "responsible": RESPONSIBLE, "stranger": STRANGER}
GENERATIONS = {
    "smets2": ("SMETS V5.0", "North"),
    "smets1 by version": ("SMETS V1.2", "North"),
    "smets1 by region": ("SMETS V5.0", "SMETS1"),
}
WHATS = (*NEW, "delete")
AFTER = ("Whitelisted", "InstalledNotCommissioned", "Commissioned")
ALLOWED = {
    *(("Pending", "installing", generation, what) for generation in GENERATIONS for what in WHATS),
    *((status, "responsible", "smets2", "esme_variant") for status in AFTER),
}
"""The domain's table, read out; whatever is not in it is refused."""


def request_for(what: str) -> DetailsUpdate | DeviceDeletion:
    return (
        DELETION
        if what == "delete"
        else DetailsUpdate(HEADER, "5.4", METER.device_id, **{what: NEW[what]})
    )


def outcome(request: DetailsUpdate | DeviceDeletion, device: InventoryDevice, sender: str) -> str:
    return judge(request, device, Rights(sender, device.supplier, device.prenotified_by)).outcome


@pytest.mark.parametrize("status", DEVICE_STATUSES)
def test_the_table_of_the_rule_holds_for_every_sender_generation_and_change(status: str) -> None:
    for who, generation, what in product(SENDERS, GENERATIONS, WHATS):
        version, region = GENERATIONS[generation]
        device = replace(METER, device_status=status, smets_version=version, region=region)
        expected = "allowed" if (status, who, generation, what) in ALLOWED else "refused"
        case = (status, who, generation, what)
        assert (case, outcome(request_for(what), device, SENDERS[who])) == (case, expected)


@pytest.mark.parametrize("status", DEVICE_STATUSES)
def test_of_another_device_type_only_a_pending_device_lets_its_details_go(status: str) -> None:
    for who, what in product(SENDERS, WHATS):
        device = replace(METER, device_type="GSME", device_status=status, esme_variant="")
        may = status == "Pending" and who == "installing" and what != "esme_variant"
        expected = "allowed" if may else "refused"
        case = (status, who, what)
        assert (case, outcome(request_for(what), device, SENDERS[who])) == (case, expected)


def code(request: Request, device: InventoryDevice | None, sender: str) -> str:
    return judge(request, device, replace(rights_of(request, device), sender=sender)).code


PENDING = replace(METER, device_status="Pending")
GAS_METER = replace(METER, device_type="GSME", esme_variant="")
OLD_METER = replace(METER, smets_version="SMETS V1.2")
EVERYTHING = DetailsUpdate(HEADER, "5.4", METER.device_id, **NEW)
NOTHING = replace(CORRECTION, esme_variant=None)
SAME = replace(CORRECTION, esme_variant="A")
NO_VARIANT = replace(CORRECTION, esme_variant="AE")


@pytest.mark.parametrize(
    ("request_", "device", "sender", "expected"),
    [
        (PRENOTIFICATION, None, INSTALLING, "I01"),
        (PRENOTIFICATION, METER, INSTALLING, "I11"),
        (PRENOTIFICATION, PENDING, INSTALLING, "I11"),
        (replace(PRENOTIFICATION, device_type="GSME"), None, INSTALLING, "I18"),
        (replace(PRENOTIFICATION, esme_variant="AE"), None, INSTALLING, "I20"),
        (replace(PRENOTIFICATION, esme_variant=None), None, INSTALLING, "I01"),
        (PRENOTIFICATION, None, "", "I37"),
        (replace(PRENOTIFICATION, device_type=""), None, INSTALLING, "I35"),
        (EVERYTHING, PENDING, INSTALLING, "I02"),
        (DELETION, PENDING, INSTALLING, "I03"),
        (CORRECTION, METER, RESPONSIBLE, "I04"),
        (CORRECTION, METER, RESPONSIBLE.lower(), "I04"),
        (CORRECTION, replace(METER, esme_variant="ad"), RESPONSIBLE, "I04"),
        (CORRECTION, replace(METER, esme_variant=""), RESPONSIBLE, "I04"),
        (SAME, METER, RESPONSIBLE, "I05"),
        (NOTHING, METER, RESPONSIBLE, "I05"),
        (SAME, PENDING, INSTALLING, "I05"),
        (replace(SAME, firmware="00010203", model="00010100"), PENDING, INSTALLING, "I05"),
        (CORRECTION, replace(METER, device_status="Suspended"), RESPONSIBLE, "I12"),
        (CORRECTION, PENDING, RESPONSIBLE, "I13"),
        (CORRECTION, METER, STRANGER, "I14"),
        (CORRECTION, METER, INSTALLING, "I15"),
        (DELETION, METER, RESPONSIBLE, "I16"),
        (EVERYTHING, METER, RESPONSIBLE, "I17"),
        (replace(CORRECTION, model=METER.model), METER, RESPONSIBLE, "I17"),
        (CORRECTION, GAS_METER, RESPONSIBLE, "I18"),
        (NOTHING, GAS_METER, RESPONSIBLE, "I19"),
        (CORRECTION, OLD_METER, RESPONSIBLE, "I19"),
        (NO_VARIANT, METER, RESPONSIBLE, "I20"),
        (CORRECTION, None, RESPONSIBLE, "I31"),
        (DELETION, None, INSTALLING, "I31"),
        (CORRECTION, replace(METER, device_status=""), RESPONSIBLE, "I32"),
        (CORRECTION, replace(METER, device_status="commissioned"), RESPONSIBLE, "I32"),
        (CORRECTION, replace(PENDING, prenotified_by=""), INSTALLING, "I33"),
        (DELETION, replace(PENDING, prenotified_by=""), INSTALLING, "I33"),
        (CORRECTION, replace(METER, supplier=""), RESPONSIBLE, "I34"),
        (CORRECTION, replace(METER, supplier=""), INSTALLING, "I34"),
        (CORRECTION, replace(METER, device_type=""), RESPONSIBLE, "I35"),
        (CORRECTION, replace(PENDING, device_type=""), INSTALLING, "I35"),
        (replace(NOTHING, model="00099999"), replace(PENDING, device_type=""), INSTALLING, "I02"),
        (CORRECTION, replace(METER, smets_version=""), RESPONSIBLE, "I36"),
        (CORRECTION, replace(METER, smets_version="CHTS V1.4"), RESPONSIBLE, "I36"),
        (CORRECTION, METER, "", "I37"),
        (DELETION, PENDING, "", "I37"),
    ],
)
def test_each_ground_has_its_own_code(
    request_: Request, device: InventoryDevice | None, sender: str, expected: str
) -> None:
    assert code(request_, device, sender) == expected


@pytest.mark.parametrize(
    ("request_", "device", "expected"),
    [
        # Who, before what, before of which Device.
        (EVERYTHING, GAS_METER, "I14"),
        (DELETION, OLD_METER, "I14"),
        (CORRECTION, replace(OLD_METER, device_status="Withdrawn"), "I12"),
        # What is certain goes before what is not known.
        (EVERYTHING, replace(METER, supplier=""), "I17"),
        (CORRECTION, replace(OLD_METER, supplier=""), "I19"),
        (CORRECTION, replace(GAS_METER, supplier="", smets_version=""), "I18"),
        (DELETION, replace(METER, supplier=""), "I16"),
        (CORRECTION, replace(METER, smets_version=""), "I14"),
        (CORRECTION, replace(PENDING, device_type="GSME", prenotified_by=""), "I18"),
    ],
)
def test_of_several_grounds_the_first_of_the_order_is_said(
    request_: Request, device: InventoryDevice, expected: str
) -> None:
    assert code(request_, device, STRANGER) == expected


def test_what_the_rule_does_not_speak_of_is_passed_through_whoever_asks() -> None:
    rights = Rights("", "", "")
    for device in (None, METER, replace(METER, device_status="Withdrawn")):
        assert judge(STATUS, device, rights).code == "I06"
        assert judge(MPXN, device, rights).code == "I07"
        assert judge(STATUS, device, rights).outcome == "passed-through"
        assert judge(MPXN, device, rights).outcome == "passed-through"


def test_a_supplier_that_installed_and_is_responsible_may_correct_after_pending() -> None:
    device = replace(METER, prenotified_by=RESPONSIBLE)
    assert code(CORRECTION, device, RESPONSIBLE) == "I04"


def test_the_sender_is_the_originator_and_the_rest_is_what_the_device_says() -> None:
    assert rights_of(CORRECTION, METER) == Rights(RESPONSIBLE, RESPONSIBLE, INSTALLING)
    assert rights_of(PRENOTIFICATION, None) == Rights(INSTALLING, "", "")


def test_a_verdict_has_the_sentence_of_its_code_and_each_sentence_says_its_outcome() -> None:
    verdict = judge(CORRECTION, METER, rights_of(CORRECTION, METER))
    assert verdict.sentence == RULE_CODES[verdict.code]
    assert len(set(RULE_CODES.values())) == len(RULE_CODES)
    beginnings = {"0": ("Allowed by", "Outside"), "1": ("Refused by",), "2": ("Refused by",)}
    for each, sentence in RULE_CODES.items():
        assert sentence.startswith(beginnings.get(each[1], ("Cannot be judged",)))
