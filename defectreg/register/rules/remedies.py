"""Rules of causes, fixes, workarounds and accommodations, and of what is said about them."""

from __future__ import annotations

from collections.abc import Iterator

from defectreg.register.devices import OTHER_HALF, parse_combination
from defectreg.register.findings import Problem
from defectreg.register.notated import DEVICE_KEYS
from defectreg.register.rules.registry import Case, rule
from defectreg.register.statement import Statement

_REMEDIES = ("fix", "workaround", "accommodation")
_SUBJECTS = ("cause", *_REMEDIES)
_VERDICTS = ("confirmation", "challenge")


@rule("R014", kinds=("fix",))
def a_fix_names_its_device_and_firmware(statement: Statement, case: Case) -> Iterator[Problem]:
    """A fix says which Device of the combination changes, and in which firmware.

    Hint: add device and firmware, or call it a workaround.
    Source: MP137 section 3, any references to fixes.
    """
    missing = [key for key in ("device", "firmware") if key not in statement.data]
    if missing:
        yield Problem((), f"a fix without its {' and '.join(missing)}")


@rule("R070", kinds=_REMEDIES)
def a_device_named_is_of_the_combination(statement: Statement, case: Case) -> Iterator[Problem]:
    """The Device that changes, or is lived with, is one of an affected combination.

    Hint: write the Device Type, ESME, or a model of it, ESME:FF01/00010100.
    Source: MP137 section 3, any references to fixes.
    """
    for key in DEVICE_KEYS:
        named = statement.text(key)
        if named and not _is_affected(named, case):
            yield Problem((key,), "no affected combination has this Device")


def _is_affected(named: str, case: Case) -> bool:
    entries = case.record.affected
    if ":" not in named:
        wanted = {named, OTHER_HALF.get(named)}
        return any(device.type in wanted for entry in entries for device in entry.devices)
    product = parse_combination(named).devices[0].product
    return any(product in entry.lookup_models() for entry in entries)


@rule("R072", kinds=("accommodation",))
def an_accommodation_names_two_devices(statement: Statement, case: Case) -> Iterator[Problem]:
    """An accommodation says which Device changes, and with which other one it then lives.

    Hint: add device and lives-with; where only one Device is concerned it is a workaround.
    Source: MP137 section 7, a change to one Device that lives with another's behaviour.
    """
    missing = [key for key in DEVICE_KEYS if key not in statement.data]
    if missing:
        yield Problem((), f"an accommodation without its {' and '.join(missing)}")
    elif statement.text("device").upper() == statement.text("lives-with").upper():
        yield Problem(("lives-with",), "the Device that changes lives with itself")


@rule("R073", kinds=_VERDICTS)
def a_verdict_is_about_what_is_there(statement: Statement, case: Case) -> Iterator[Problem]:
    """A confirmation or challenge is about the behaviour, the scope, or a statement that is there.

    Of statements, a cause, fix, workaround or accommodation of the same record.
    Hint: write behaviour, scope, or the statement's file name.
    Source: Panel paper 2.2, causes and remediation are subject to challenge.
    """
    about = statement.text("about")
    if about in ("", "behaviour", "scope"):
        return
    subject = case.statement(about)
    if subject is None or subject.kind not in _SUBJECTS:
        yield Problem(("about",), "this record has no such cause, fix, workaround, accommodation")


@rule("R074", kinds=_VERDICTS)
def nobody_judges_what_they_said(statement: Statement, case: Case) -> Iterator[Problem]:
    """A confirmation or challenge is by another Party than the one that said it.

    The behaviour and the scope are said by who reported them first.
    Hint: the author supersedes its own statement instead, or adds a further report.
    Source: Panel paper 2.2, causes and remediation are subject to challenge.
    """
    about = statement.text("about")
    subject = case.statement(about)
    authors = {subject.by} if subject else set()
    if about in ("behaviour", "scope"):
        authors = set(case.first_reporters)
    if authors == {statement.by}:
        yield Problem(("by",), f"a {statement.kind} of what this Party said itself")
