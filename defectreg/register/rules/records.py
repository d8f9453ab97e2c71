"""Rules of a record: what hangs together in it, and with what is said beside it."""

from __future__ import annotations

from collections.abc import Iterator

from defectreg.register.findings import Problem
from defectreg.register.record import KINDS_WITHOUT_FIX, Record
from defectreg.register.rules.registry import Case, rule

_LISTS = ("alerts", "service-requests", "variants", "related")


@rule("R030")
def a_record_has_a_report(record: Record, case: Case) -> Iterator[Problem]:
    """A record has at least one report: somebody sees what it says.

    Hint: add one with `defectreg add report ID "text"`.
    Source: MP137 section 3, reports reach the validator from the Parties.
    """
    if not case.reports:
        yield Problem((), "no report stands beside the record")


@rule("R031")
def a_record_has_a_fix_where_the_policy_asks(record: Record, case: Case) -> Iterator[Problem]:
    """Where the policy refuses a record without a fix, a fix stands beside it.

    Superfluous alerts and device information need none.
    Hint: add one with `defectreg add fix ID`, or wait until there is one.
    Source: MP137 section 1, issue and fix; the register's policy (record-without-fix).
    """
    is_asked = case.policy.record_without_fix == "refuse" and record.kind not in KINDS_WITHOUT_FIX
    if is_asked and not any(statement.kind == "fix" for statement in case.statements):
        yield Problem((), "this register's policy refuses a record without a fix")


@rule("R032")
def superfluous_alerts_have_a_code(record: Record, case: Case) -> Iterator[Problem]:
    """A record of superfluous alerts names at least one alert code.

    Hint: list the codes under `alerts:`, as DUIS writes them: 8F1E.
    Source: Panel paper 3.4, the tracker of Superfluous Alerts.
    """
    if record.kind == "superfluous-alerts" and "alerts" not in record.data:
        yield Problem(("kind",), "it is about superfluous alerts and names no alert code")


@rule("R033", severity="warning")
def alert_codes_are_in_the_catalogue(record: Record, case: Case) -> Iterator[Problem]:
    """Alert codes are among those that the catalogue lists.

    Hint: look for a slip; a code that is new goes into catalogue/alert_codes.yaml.
    Source: the device alerts of GBCS and the DCC Alerts of DUIS 5.4.
    """
    known = case.grounds.catalogue.alert_codes
    for place, code in enumerate(record.data.get("alerts", ())):
        if known and code not in known:
            yield Problem(("alerts", place), f"the alert code {code} is not in the catalogue")


@rule("R034", severity="warning")
def service_requests_are_in_the_catalogue(record: Record, case: Case) -> Iterator[Problem]:
    """Service Requests are among those that the catalogue lists.

    Hint: write the Service Reference Variant: 8.4, or 6.2.1.
    Source: the Service Reference Variants of DUIS 5.4.
    """
    known = case.grounds.catalogue.service_requests
    for place, code in enumerate(record.data.get("service-requests", ())):
        if known and code not in known:
            sentence = f"the Service Request {code} is not in the catalogue"
            yield Problem(("service-requests", place), sentence)


@rule("R035")
def variants_belong_to_an_esme(record: Record, case: Case) -> Iterator[Problem]:
    """ESME Variants are named only where an ESME is affected.

    Hint: take variants out, or name the ESME under affected.
    Source: DUIS 5.4, ESMEVariant; only an ESME has one.
    """
    has_esme = any(device.type == "ESME" for entry in record.affected for device in entry.devices)
    if "variants" in record.data and not has_esme:
        yield Problem(("variants",), "it names ESME Variants, and no ESME is affected")


@rule("R036")
def a_record_is_not_related_to_itself(record: Record, case: Case) -> Iterator[Problem]:
    """The related records are other records.

    Hint: take the record's own id out of related.
    Source: our policy.
    """
    for place, other in enumerate(record.data.get("related", ())):
        if other == record.id:
            yield Problem(("related", place), "it names itself as a related record")


@rule("R037")
def since_is_not_after_a_report(record: Record, case: Case) -> Iterator[Problem]:
    """It was first seen no later than it was first reported.

    Hint: correct since; it is the first day on which it was seen.
    Source: our policy.
    """
    first = case.first_day
    if first is not None and record.data.get("since", "") > first.isoformat():
        yield Problem(("since",), f"it was first seen after it was reported on {first}")


@rule("R038", severity="warning")
def a_list_names_a_value_once(record: Record, case: Case) -> Iterator[Problem]:
    """A list of codes, variants or related records names each once.

    Hint: take the second one out.
    Source: our policy.
    """
    for key in _LISTS:
        values = record.data.get(key, ())
        if len(set(values)) < len(values):
            for place, value in enumerate(values):
                if value in values[:place]:
                    yield Problem((key, place), f"{value} is named twice")
