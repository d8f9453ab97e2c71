"""Laws of the rule of who may change what: it always answers, and some doors it never opens."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from defectreg.register.inventory.device import InventoryDevice
from defectreg.register.inventory.identifiers import DEVICE_STATUSES
from defectreg.register.inventory.requests import (
    DetailsUpdate,
    DeviceDeletion,
    Header,
    MpxnUpdate,
    Prenotification,
    Request,
    RequestId,
    StatusUpdate,
)
from defectreg.register.inventory.rules import RULE_CODES, Rights, judge
from defectreg.register.inventory.variants import VARIANTS

ANY = st.text(max_size=12)
SUPPLIER = st.sampled_from(["", "90-B3-D5-1F-30-01-00-00", "90-b3-d5-1f-30-01-00-00", "x"]) | ANY
HEADER = Header(RequestId("a", "b", 1), "8.4", "8.4")
TYPE = st.sampled_from(["ESME", "GSME", ""]) | ANY
VARIANT = st.none() | st.sampled_from([*VARIANTS, "AE", ""]) | ANY
DETAIL = st.none() | ANY
SMETS = st.sampled_from(["", "SMETS V5.0", "1.2", "CHTS V1.4"]) | ANY
UPDATE = st.builds(
    DetailsUpdate, st.just(HEADER), ANY, ANY, DETAIL, DETAIL, DETAIL, DETAIL, VARIANT
)
REQUEST: st.SearchStrategy[Request] = st.one_of(
    UPDATE,
    st.builds(
        Prenotification, st.just(HEADER), ANY, ANY, ANY, ANY, TYPE, DETAIL, DETAIL, VARIANT, DETAIL
    ),
    st.builds(DeviceDeletion, st.just(HEADER), ANY, ANY),
    st.builds(StatusUpdate, st.just(HEADER), ANY, ANY, ANY, st.booleans()),
    st.builds(MpxnUpdate, st.just(HEADER), ANY, ANY),
)
DEVICE = st.builds(
    InventoryDevice,
    device_id=ANY,
    device_type=TYPE,
    device_status=st.sampled_from(["", *DEVICE_STATUSES]) | ANY,
    manufacturer=ANY,
    model=ANY,
    smets_version=SMETS,
    firmware=ANY,
    esme_variant=st.sampled_from(["", *VARIANTS]) | ANY,
    region=st.sampled_from(["", "North", "SMETS1"]) | ANY,
)
RIGHTS = st.builds(Rights, SUPPLIER, SUPPLIER, SUPPLIER)


@given(REQUEST, st.none() | DEVICE, RIGHTS)
def test_the_rule_answers_whatever_it_is_asked(
    request_: Request, device: InventoryDevice | None, rights: Rights
) -> None:
    verdict = judge(request_, device, rights)
    assert verdict.sentence == RULE_CODES[verdict.code]
    passes = isinstance(request_, StatusUpdate | MpxnUpdate)
    assert (verdict.outcome == "passed-through") is passes


@given(UPDATE, DEVICE, RIGHTS)
def test_manufacturer_model_and_firmware_never_change_after_pending(
    update: DetailsUpdate, device: InventoryDevice, rights: Rights
) -> None:
    assume(device.device_status != "Pending")
    names_another = any((update.manufacturer, update.model, update.smets_version, update.firmware))
    if judge(update, device, rights).outcome == "allowed":
        assert not names_another
        assert rights.sender.upper() == rights.responsible_supplier.upper() != ""
        assert device.device_type == "ESME"


@given(st.builds(DeviceDeletion, st.just(HEADER), ANY, ANY), DEVICE, RIGHTS)
def test_a_device_is_deleted_only_while_pending_and_by_whom_pre_notified_it(
    deletion: DeviceDeletion, device: InventoryDevice, rights: Rights
) -> None:
    if judge(deletion, device, rights).outcome == "allowed":
        assert device.device_status == "Pending"
        assert rights.sender.upper() == rights.prenotified_by.upper() != ""


@given(REQUEST, DEVICE, RIGHTS)
def test_what_is_not_known_is_never_a_reason_to_allow(
    request_: Request, device: InventoryDevice, rights: Rights
) -> None:
    unknown = Rights(rights.sender, "", "")
    nothing_said = replace(device, smets_version="", device_type="", device_status="")
    assert judge(request_, device, unknown).outcome != "allowed"
    assert judge(request_, nothing_said, rights).outcome != "allowed"
