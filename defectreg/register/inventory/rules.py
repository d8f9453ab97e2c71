"""Who may change what of a Device in the inventory, and the verdict on one request.

| Device Status | who | what |
|---|---|---|
| Pending | the installing Supplier: it pre-notified the Device | any detail, or delete it |
| Whitelisted, InstalledNotCommissioned, Commissioned | the Responsible Supplier | ESME Variant * |
| any other | nobody | nothing |

* and nothing else, and of a SMETS2 ESME only.

Source: MP125, sections 2 to 4. Who may comes first, then what, then of which Device. A certain
refusal goes before anything that is not known.

What the source leaves open, and is decided here: a pre-notification is for a Device that is not in
the inventory, so of one that is there it is refused, whatever the status and whoever asks. After
Pending a request that names another detail is refused even where it repeats what is recorded. An
update that changes nothing is allowed to whom a change would be, and its code says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from defectreg.register.inventory.device import InventoryDevice
from defectreg.register.inventory.identifiers import DEVICE_STATUSES, is_smets2
from defectreg.register.inventory.requests import (
    DetailsUpdate,
    DeviceDeletion,
    MpxnUpdate,
    Prenotification,
    Request,
    StatusUpdate,
)
from defectreg.register.inventory.variants import VARIANTS
from defectreg.register.notation import upper

Outcome: TypeAlias = Literal["allowed", "refused", "passed-through", "cannot-be-judged"]

RULE_CODES: Mapping[str, str] = MappingProxyType(
    {
        "I01": "Allowed by the rule: a Device that was not there enters the inventory as Pending.",
        "I02": "Allowed by the rule: the installing Supplier changes a Pending Device.",
        "I03": "Allowed by the rule: the installing Supplier deletes a Pending Device.",
        "I04": "Allowed by the rule: the Responsible Supplier corrects the ESME Variant.",
        "I05": "Allowed by the rule, but it changes nothing: the inventory says so already.",
        "I06": "Outside the rule: it sets a Device Status.",
        "I07": "Outside the rule: it sets an MPxN.",
        "I11": "Refused by the rule: the Device is in the inventory already.",
        "I12": "Refused by the rule: in this Device Status nobody may change anything.",
        "I13": "Refused by the rule: only the Supplier that pre-notified a Pending Device may.",
        "I14": "Refused by the rule: after Pending only the Responsible Supplier may.",
        "I15": "Refused by the rule: the Supplier that pre-notified the Device is not its "
        "Responsible Supplier, and may do nothing after Pending.",
        "I16": "Refused by the rule: a Device is deleted only while it is Pending.",
        "I17": "Refused by the rule: after Pending every detail but the ESME Variant is closed.",
        "I18": "Refused by the rule: only an ESME has an ESME Variant.",
        "I19": "Refused by the rule: after Pending the ESME Variant of a SMETS2 ESME only.",
        "I20": "Refused by the rule: it names no ESME Variant that there is.",
        "I31": "Cannot be judged: the Device is not in the inventory that was loaded.",
        "I32": "Cannot be judged: the Device Status is not known.",
        "I33": "Cannot be judged: which Supplier pre-notified the Device is not known.",
        "I34": "Cannot be judged: the Responsible Supplier is not known.",
        "I35": "Cannot be judged: the Device Type is not known.",
        "I36": "Cannot be judged: the SMETS version is not known.",
        "I37": "Cannot be judged: who sends the request is not known.",
    }
)
"""Every code of a verdict and its sentence: I0. to allow or pass, I1. and I2. to refuse, I3. to
leave open. A code is never used again for something else."""
_OUTCOMES: Mapping[str, Outcome] = {
    "I06": "passed-through",
    "I07": "passed-through",
    **dict.fromkeys((code for code in RULE_CODES if code[1] == "3"), "cannot-be-judged"),
    **dict.fromkeys((code for code in RULE_CODES if code[1] in "12"), "refused"),
}
AFTER_PENDING = frozenset({"Whitelisted", "InstalledNotCommissioned", "Commissioned"})
"""The statuses in which the Responsible Supplier may correct an ESME Variant."""
Change: TypeAlias = DetailsUpdate | DeviceDeletion


@dataclass(frozen=True, slots=True)
class Rights:
    """Who asks, and whom the rule asks about: EUI-64 each, empty where it is not known."""

    sender: str
    responsible_supplier: str
    prenotified_by: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rule says of a request; what the DCC answers is another matter."""

    outcome: Outcome
    code: str
    sentence: str


def outcome_of(code: str) -> Outcome:
    """What a code of the rule says of a request."""
    return _OUTCOMES.get(code, "allowed")


_VERDICTS = {
    code: Verdict(outcome_of(code), code, sentence) for code, sentence in RULE_CODES.items()
}


def rights_of(request: Request, device: InventoryDevice | None) -> Rights:
    """The sender is the originator of the request id; the Suppliers are what the Device says."""
    sender = request.header.request_id.originator
    if device is None:
        return Rights(sender, "", "")
    return Rights(sender, device.supplier, device.prenotified_by)


def judge(request: Request, device: InventoryDevice | None, rights: Rights) -> Verdict:
    """The verdict on a request about the Device of its id; None: the inventory has no such Device.

    Raises nothing for any values, and reads no clock.
    """
    return _VERDICTS[_code(request, device, rights)]


def _code(request: Request, device: InventoryDevice | None, rights: Rights) -> str:
    if isinstance(request, Prenotification):
        return _of_prenotification(request, device, rights)
    if isinstance(request, StatusUpdate):
        return "I06"
    if isinstance(request, MpxnUpdate):
        return "I07"
    if device is None:
        return "I31"
    return _of_change(request, device, rights)


def _of_change(request: Change, device: InventoryDevice, rights: Rights) -> str:
    status = device.device_status
    if status in AFTER_PENDING:
        return _after_pending(request, device, rights)
    if status == "Pending":
        return _while_pending(request, device, rights)
    return "I12" if status in DEVICE_STATUSES else "I32"


# Each of the next gives the code that decides: the first of several that hold.


def _of_prenotification(
    request: Prenotification, device: InventoryDevice | None, rights: Rights
) -> str:
    return (
        ("I11" if device is not None else "")
        or _wrong_variant(request.esme_variant, request.device_type)
        or ("" if request.device_type else "I35")
        or ("" if rights.sender else "I37")
        or "I01"
    )


def _while_pending(request: Change, device: InventoryDevice, rights: Rights) -> str:
    if _is_another(rights.sender, rights.prenotified_by):
        return "I13"
    if isinstance(request, DetailsUpdate):
        return (
            _wrong_variant(request.esme_variant, device.device_type)
            or _who_is_not_known(rights.sender, rights.prenotified_by, "I33")
            or ("I35" if request.esme_variant is not None and not device.device_type else "")
            or ("I02" if _changes_something(request, device) else "I05")
        )
    return _who_is_not_known(rights.sender, rights.prenotified_by, "I33") or "I03"


def _after_pending(request: Change, device: InventoryDevice, rights: Rights) -> str:
    if _is_another(rights.sender, rights.responsible_supplier):
        return "I15" if _is_same(rights.sender, rights.prenotified_by) else "I14"
    if isinstance(request, DeviceDeletion):
        return "I16"
    return _of_correction(request, device, rights)


def _of_correction(request: DetailsUpdate, device: InventoryDevice, rights: Rights) -> str:
    smets2 = is_smets2(device.smets_version, device.region)
    return (
        ("I17" if _names_what_is_closed(request) else "")
        or _wrong_variant(request.esme_variant, device.device_type)
        or ("I19" if smets2 is False or device.device_type not in ("", "ESME") else "")
        or _who_is_not_known(rights.sender, rights.responsible_supplier, "I34")
        or ("" if device.device_type else "I35")
        or ("I36" if smets2 is None else "")
        or ("I04" if request.esme_variant not in (None, device.esme_variant) else "I05")
    )


def _wrong_variant(variant: str | None, device_type: str) -> str:
    """Why no Device of the type can have the ESME Variant; a type that is not known may."""
    if variant is None:
        return ""
    if device_type not in ("", "ESME"):
        return "I18"
    return "" if variant in VARIANTS else "I20"


def _who_is_not_known(sender: str, supplier: str, code: str) -> str:
    """The code where the Supplier that the rule asks about is not known, or who sends."""
    if not sender:
        return "I37"
    return "" if supplier else code


def _is_same(one: str, other: str) -> bool:
    return one == other or upper(one) == upper(other)


def _is_another(sender: str, supplier: str) -> bool:
    return bool(sender and supplier) and not _is_same(sender, supplier)


def _names_what_is_closed(request: DetailsUpdate) -> bool:
    """Whether it names a detail that only a Pending Device lets go."""
    closed = request.manufacturer, request.model, request.smets_version, request.firmware
    return closed != (None, None, None, None)


def _changes_something(request: DetailsUpdate, device: InventoryDevice) -> bool:
    return (
        _differs(request.manufacturer, device.manufacturer)
        or _differs(request.model, device.model)
        or _differs(request.smets_version, device.smets_version)
        or _differs(request.firmware, device.firmware)
        or request.esme_variant not in (None, device.esme_variant)
    )


def _differs(given: str | None, recorded: str) -> bool:
    """Whether a detail is given, and is another than what is recorded; case tells none apart."""
    return given is not None and not _is_same(given, recorded)
