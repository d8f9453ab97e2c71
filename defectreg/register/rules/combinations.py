"""Rules of the affected combinations."""

from __future__ import annotations

from collections.abc import Iterator

from defectreg.register.devices import Combination, Coverage, Device, covers
from defectreg.register.findings import Problem
from defectreg.register.notation import is_hexadecimal
from defectreg.register.record import Record
from defectreg.register.rules.registry import Case, rule

GBCS_TYPES = frozenset({"ESME", "GSME", "CHF", "GPF", "HCALCS", "PPMID"})
"""Device Types whose identifiers GBCS fixes; Type 2 Devices and others write what they like."""
_HUB = frozenset({"CHF", "GPF"})
_MOST_COMPARED = 300
"""Every entry is held against every other: the work grows with the square of the list."""


@rule("R020", severity="warning")
def combinations_are_written_canonically(record: Record, case: Case) -> Iterator[Problem]:
    """An affected combination is written in its canonical form.

    Devices stand in the order of their text, identifiers in capitals, one blank beside each plus.
    Hint: `defectreg fmt` writes it so.
    Source: spec/dmc.
    """
    for place, (text, entry) in enumerate(
        zip(record.data["affected"], record.affected, strict=True)
    ):
        canonical = str(entry)
        if text != canonical:
            sentence = "the combination is not written in its canonical form"
            yield Problem(("affected", place), sentence, f"write it as {canonical}")


@rule("R021")
def no_combination_is_named_twice(record: Record, case: Case) -> Iterator[Problem]:
    """No two affected combinations are the same.

    Hint: take one of the two out.
    Source: spec/dmc, equal canonical texts are equal combinations.
    """
    if len(record.affected) < 2:
        return
    first: dict[str, int] = {}
    for place, entry in enumerate(record.affected):
        earlier = first.setdefault(str(entry).upper(), place)
        if earlier != place:
            sentence = f"it is the same combination as number {earlier + 1} of the list"
            yield Problem(("affected", place), sentence)


@rule("R022", severity="warning")
def no_combination_is_covered_by_another(record: Record, case: Case) -> Iterator[Problem]:
    """No affected combination is already covered by another one.

    Lists with more than 300 Devices and firmware patterns in all are not compared.
    Hint: take the narrower one out, or make the wider one narrower.
    Source: spec/dmc, coverage.
    """
    if len(record.affected) < 2 or sum(map(_weight, record.affected)) > _MOST_COMPARED:
        return
    for place, entry in enumerate(record.affected):
        others = enumerate(record.affected)
        wider = next((at for at, other in others if _covers_more(other, entry)), None)
        if wider is not None:
            sentence = f"number {wider + 1} of the list covers this combination already"
            yield Problem(("affected", place), sentence)


def _weight(entry: Combination) -> int:
    """How much there is to compare: Devices, and the patterns of their firmware."""
    return sum(1 + len(device.firmware.patterns) for device in entry.devices)


def _covers_more(other: Combination, entry: Combination) -> bool:
    if other is entry or not {device.product for device in other.devices} <= _products(entry):
        return False
    return covers(other, entry) is Coverage.YES and str(other).upper() != str(entry).upper()


def _products(entry: Combination) -> set[str]:
    return set(entry.lookup_models())


@rule("R023", severity="warning")
def identifiers_have_the_form_of_gbcs(record: Record, case: Case) -> Iterator[Problem]:
    """A Device that GBCS knows is named by identifiers of the form that GBCS gives.

    A manufacturer has 4 hexadecimal digits, a model 8, a firmware version 8.
    Hint: look the identifiers up in the inventory; emulators alone have others.
    Source: GBCS, the identifiers of Devices; DUIS 5.4 is more lenient.
    """
    for place, entry in enumerate(record.affected):
        for device in entry.devices:
            if device.type in GBCS_TYPES and not _has_gbcs_form(device):
                sentence = f"the identifiers of the {device.type} have not the form of GBCS"
                hint = "manufacturer 4, model 8, firmware 8 hexadecimal digits"
                yield Problem(("affected", place), sentence, hint)


def _has_gbcs_form(device: Device) -> bool:
    return (
        len(device.manufacturer) == 4
        and len(device.model) == 8
        and is_hexadecimal(device.manufacturer + device.model)
        and all(pattern.span is not None for pattern in device.firmware.patterns)
    )


@rule("R024", severity="warning")
def manufacturers_are_in_the_catalogue(record: Record, case: Case) -> Iterator[Problem]:
    """The manufacturer of an affected Device is one that the catalogue lists.

    Hint: look for a slip; one that is new goes into catalogue/manufacturers.yaml.
    Source: the register's catalogue.
    """
    known = case.grounds.catalogue.manufacturers
    for place, entry in enumerate(record.affected):
        for device in entry.devices if known else ():
            if device.manufacturer not in known:
                sentence = f"the manufacturer of the {device.type} is not in the catalogue"
                yield Problem(("affected", place), sentence)


@rule("R025")
def affected_devices_are_in_scope(record: Record, case: Case) -> Iterator[Problem]:
    """The affected Devices are those that the register is about.

    Hint: this issue belongs into another register.
    Source: MP137 section 1 against section 3; the register's policy (device-scope).
    """
    scope = case.policy.device_scope
    if scope == "except-comms-hub" and all(map(_is_hub_alone, record.affected)):
        yield Problem(("affected",), "it concerns Communications Hubs alone: not in scope")
    if scope == "smets2-only" and all(entry.regions == ("SMETS1",) for entry in record.affected):
        yield Problem(("affected",), "it is seen in SMETS1 installations alone: not in scope")


def _is_hub_alone(entry: Combination) -> bool:
    return all(device.type in _HUB for device in entry.devices)


@rule("R026")
def firmware_is_named_where_the_policy_asks(record: Record, case: Case) -> Iterator[Problem]:
    """Where the policy asks for firmware, each affected combination names some.

    Hint: write it after the model: ESME:FF01/00010100@00030000.
    Source: MP137 section 7, DMC/firmware issues; the register's policy (firmware).
    """
    if case.policy.firmware != "required":
        return
    for place, entry in enumerate(record.affected):
        if not any(device.firmware.patterns for device in entry.devices):
            yield Problem(("affected", place), "the combination names no firmware version")
