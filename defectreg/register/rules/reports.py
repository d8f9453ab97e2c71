"""Rules of reports: who sees it, since when, and how it reached the register."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from defectreg.register.findings import Problem
from defectreg.register.rules.registry import Case, rule
from defectreg.register.statement import Statement

_REPORT = ("report",)


@rule("R050", kinds=_REPORT, landed="warning")
def a_report_is_by_who_may_report(statement: Statement, case: Case) -> Iterator[Problem]:
    """A report is by a Party of a category that may report.

    Of a report that was received, the category of who told it counts.
    Hint: the policy's who-reports lists the categories; another Party may report what it sees too.
    Source: MP137 section 4; the register's policy (who-reports).
    """
    party = case.party(statement)
    if party is None:
        return
    told_by = statement.text("told-by")
    teller = replace(party, category=told_by) if told_by else party
    if not teller.may_report(case.policy.who_reports):
        key = "told-by" if told_by else "by"
        yield Problem((key,), "Parties of this category may not report to this register")


@rule("R051", kinds=_REPORT)
def a_received_report_says_who_told_it(statement: Statement, case: Case) -> Iterator[Problem]:
    """A report that was received says the category of who told it, and no other report does.

    Hint: add told-by with a category, such as small-supplier; never a name.
    Source: MP137 section 7, alternatives: reports that reach the DCC as incidents.
    """
    is_received, says_who = "received" in statement.data, "told-by" in statement.data
    if is_received and not says_who:
        yield Problem(("received",), "it was received and does not say who told it")
    if says_who and not is_received:
        yield Problem(("told-by",), "it says who told it, and not how it was received")


@rule("R052", kinds=_REPORT)
def until_is_not_before_since(statement: Statement, case: Case) -> Iterator[Problem]:
    """What a report saw ended no earlier than it began.

    Hint: correct since or until.
    Source: our policy.
    """
    since, until = statement.text("since"), statement.text("until")
    if since and until and until < since:
        yield Problem(("until",), "it ended before it was first seen")


@rule("R053", kinds=_REPORT)
def a_report_sees_no_later_than_it_says(statement: Statement, case: Case) -> Iterator[Problem]:
    """A report says nothing of a day or month after its own date.

    Hint: correct since, until or period; what is seen later is a report of its own.
    Source: our policy.
    """
    date = statement.text("date")
    for key in ("since", "until", "period"):
        value = statement.text(key)
        if value > date[: len(value)]:
            yield Problem((key,), f"{key} is after the report's date")
