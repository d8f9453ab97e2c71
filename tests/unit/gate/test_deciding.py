"""Whether a person may decide what they want to."""

from __future__ import annotations

from typing import Any

import pytest

from defectreg.gate.wishes import Wish
from defectreg.register.record import statements_folder
from defectreg.register.yamltext import dump
from tests.registers import ID, good_record, sha256, sign_off, statement
from tests.unit.gate.reviews import (
    CAUSE,
    PATH,
    READING,
    RECORD,
    REPORT,
    decided,
    landed_and_accepted,
    refusals,
    reviewed,
    said,
)

AS_MANUFACTURER = Wish("accept", role="manufacturer")


def test_a_new_record_awaits_its_accept_and_nothing_stands_against_it() -> None:
    decision = decided({**RECORD, **said(REPORT)})
    assert refusals(decision) == ""
    assert decision.read == READING


def test_what_an_accept_will_settle_is_not_held_against_it() -> None:
    found, _ = reviewed({**RECORD, **said(REPORT)})
    assert [finding.code for finding in found.findings if finding.severity == "awaited"] == []
    assert found.awaits == [f"{ID}.yaml"]


def test_the_accept_reads_the_statements_that_need_one_and_no_others() -> None:
    cause = said(CAUSE)
    decision = decided({**RECORD, **said(REPORT), **cause})
    assert [line[66:] for line in decision.read] == [
        f"{ID}.yaml",
        "2026-03-02-cause-supplier-one.yaml",
    ]


def test_a_statement_on_a_landed_and_accepted_record_is_read_alone() -> None:
    landed = landed_and_accepted()
    decision = decided(said(CAUSE), landed)
    assert refusals(decision) == ""
    assert [line[66:] for line in decision.read] == ["2026-03-02-cause-supplier-one.yaml"]


def test_what_is_accepted_already_awaits_nothing() -> None:
    decision = decided(landed_and_accepted())
    assert refusals(decision) == f"nothing on submit/{ID} awaits this sign-off"


def test_a_returned_record_may_be_accepted_after_all() -> None:
    returned = sign_off("return", read=READING, says="See title.")
    decision = decided({**RECORD, **said(REPORT), **said(returned)})
    assert refusals(decision) == ""


def test_who_is_no_validator_accepts_nothing() -> None:
    assert "has not the role validator" in refusals(
        decided({**RECORD, **said(REPORT)}, by="supplier-one")
    )


def test_a_validator_of_another_party_accepts_only_where_the_policy_says_so() -> None:
    new = {**RECORD, **said(REPORT)}
    assert "a validator of the DCC accepts it" in refusals(decided(new, by="supplier-two"))
    assert refusals(decided(new, by="supplier-two", who_validates="peer")) == ""


def test_a_manufacturer_accepts_only_where_the_policy_says_so() -> None:
    new = {**RECORD, **said(REPORT)}
    asked: dict[str, Any] = {"by": "maker-one", "wish": AS_MANUFACTURER}
    assert "no manufacturer accepts this record" in refusals(decided(new, None, **asked))
    assert refusals(decided(new, None, **asked, who_validates="manufacturer")) == ""
    assert refusals(decided(new, None, **asked, who_validates="both")) == ""
    assert "no validator accepts this record" in refusals(
        decided(new, who_validates="manufacturer")
    )


def test_a_manufacturer_of_no_affected_device_accepts_nothing() -> None:
    record = {PATH: dump(good_record(affected=["ESME:FF09/00010100"])).encode()}
    decision = decided(
        {**record, **said(REPORT)}, by="maker-one", wish=AS_MANUFACTURER, who_validates="both"
    )
    assert "answers for no Device" in refusals(decision)


def test_the_reporter_does_not_accept_what_it_reported() -> None:
    report = said(statement("report", "dcc", says="We see this."))
    assert "you are the reporter of" in refusals(decided({**RECORD, **report}))


def test_another_person_of_the_dcc_accepts_what_it_reported_unless_the_policy_says_otherwise() -> (
    None
):
    report = said(statement("report", "dcc", says="We see this."), key="dcc-second")
    assert refusals(decided({**RECORD, **report})) == ""
    other = decided({**RECORD, **report}, dcc_reports_validated_by="other-party")
    assert "dcc is the reporter of" in refusals(other)
    assert "another Party accepts it" in [refusal.hint for refusal in other.refusals]
    by_other = decided(
        {**RECORD, **report}, by="supplier-two", dcc_reports_validated_by="other-party"
    )
    assert refusals(by_other) == ""


def test_an_author_leaves_the_own_statement_to_others_and_accepts_the_rest() -> None:
    fix = statement("fix", "dcc", says="Update the meter.", device="ESME", firmware="00030005")
    decision = decided({**RECORD, **said(REPORT), **said(fix), **said(CAUSE)})
    assert refusals(decision) == ""
    assert [item.sentence for item in decision.left] == [
        "you are the author of 2026-03-02-fix-dcc.yaml"
    ]
    assert "2026-03-02-fix-dcc.yaml" not in " ".join(decision.read)
    assert "2026-03-02-cause-supplier-one.yaml" in " ".join(decision.read)


def test_an_author_alone_with_the_own_statement_accepts_nothing() -> None:
    landed = landed_and_accepted()
    cause = said(statement("cause", "dcc", cause="suspected", says="The clock drifts."))
    assert "you are the author of" in refusals(decided(cause, landed))


def test_a_record_with_an_error_is_not_accepted() -> None:
    record = {PATH: dump(good_record(title="Faulty meter sends no billing alerts")).encode()}
    decision = decided({**record, **said(REPORT)})
    assert "R040" in refusals(decision)


def test_a_record_that_cannot_be_read_is_not_accepted() -> None:
    decision = decided({PATH: b"id: [\n", **said(REPORT)})
    assert refusals(decision) == "the record cannot be read"


def test_an_unsigned_report_is_awaited() -> None:
    decision = decided({**RECORD, **said(REPORT, key="")})
    assert "2026-03-02-report-supplier-one.yaml is not signed yet" in refusals(decision)


def test_a_signature_that_is_not_over_the_bytes_is_an_error() -> None:
    path, source = next(iter(said(REPORT).items()))
    decision = decided({**RECORD, path: source.replace(b"We see", b"I saw ")})
    assert "R096" in refusals(decision)


def test_a_record_that_nobody_reported_is_not_accepted() -> None:
    assert refusals(decided(RECORD)) != ""


@pytest.mark.parametrize("role", ["validator", "manufacturer"])
def test_the_roles_of_a_policy_that_wants_both_accept_apart(role: str) -> None:
    by = {"validator": "dcc", "manufacturer": "maker-one"}
    other = "manufacturer" if role == "validator" else "validator"
    reading = READING
    first = said(sign_off("accept", by[other], read=reading, role=other))
    decision = decided({**RECORD, **said(REPORT), **first}, by=by[role], who_validates="both")
    assert decision.role == role
    assert refusals(decision) == ""
    assert decision.read == reading


def decide_of(
    decision: str, by: str, *files: str, landed: dict[str, bytes] | None = None, **keys: str
) -> str:
    """What stands against a decision of the landed record, or of statements of it."""
    wish = Wish(decision, files=files, **keys)
    return refusals(decided({}, landed or landed_and_accepted(), by=by, wish=wish))


def test_a_return_says_why_and_is_made_once() -> None:
    new = {**RECORD, **said(REPORT)}
    wish = Wish("return", says="Which region is it?")
    assert refusals(decided(new, wish=wish)) == ""
    assert decided(new, wish=wish).read == READING
    returned = said(sign_off("return", read=READING, says="Which region is it?"))
    assert refusals(decided({**new, **returned}, wish=wish)) == "it is returned already"


def test_what_is_in_error_is_returned_and_not_accepted() -> None:
    record = {PATH: dump(good_record(title="Faulty meter sends no billing alerts")).encode()}
    assert refusals(decided({**record, **said(REPORT)}, wish=Wish("return", says="See it."))) == ""


def test_only_the_security_body_holds_and_lifts() -> None:
    assert decide_of("hold", "ssc") == ""
    assert "has not the role security" in decide_of("hold", "dcc")
    assert decide_of("lift", "ssc") == "nothing holds it"


def test_what_is_held_is_lifted_and_not_held_again() -> None:
    held = said(sign_off("hold", "ssc", role="security", read=READING))
    landed = {**landed_and_accepted(), **held}
    assert decide_of("lift", "ssc", landed=landed) == ""
    assert decide_of("hold", "ssc", landed=landed) == "it is held already"


def test_a_record_that_says_security_is_held_until_a_lift_reads_its_bytes() -> None:
    record = {PATH: dump(good_record(security=True)).encode()}
    landed = {**landed_and_accepted(), **record}
    assert decide_of("lift", "ssc", landed=landed) == ""
    lift = sign_off("lift", "ssc", role="security", read=[f"{sha256(record[PATH])}  {ID}.yaml"])
    assert decide_of("lift", "ssc", landed={**landed, **said(lift)}) == "nothing holds it"


def test_a_validator_withdraws_a_record_once() -> None:
    assert decide_of("withdraw", "dcc", code="not-a-defect") == ""
    gone = said(sign_off("withdraw", read=READING, code="not-a-defect"), number=2)
    landed = {**landed_and_accepted(), **gone}
    assert decide_of("withdraw", "dcc", landed=landed, code="superseded") == (
        "it is withdrawn already"
    )


def test_a_withdrawn_record_comes_back_by_an_accept() -> None:
    gone = said(sign_off("withdraw", read=READING, code="not-a-defect"), number=2)
    decision = decided({}, {**landed_and_accepted(), **gone})
    assert (refusals(decision), decision.read) == ("", READING)


def test_a_withdrawal_as_duplicate_names_the_other_record() -> None:
    assert "R083" in decide_of("withdraw", "dcc", code="duplicate-of")
    assert decide_of("withdraw", "dcc", code="duplicate-of", other="DR-AAAA-BBBB") == ""


def test_anybody_withdraws_what_their_party_said_and_a_validator_what_others_did() -> None:
    report = "2026-03-02-report-supplier-one.yaml"
    code = "reported-in-error"
    assert decide_of("withdraw", "supplier-one", report, code=code) == ""
    assert "has not the role validator" in decide_of("withdraw", "maker-one", report, code=code)
    assert decide_of("withdraw", "dcc", report, code=code) == ""


def test_nobody_but_a_validator_withdraws_a_record() -> None:
    found = decide_of("withdraw", "supplier-one", code="not-a-defect")
    assert "has not the role validator" in found
    wish = Wish("withdraw", role="party", code="not-a-defect")
    assert "R085" in refusals(decided({}, landed_and_accepted(), by="supplier-one", wish=wish))


def test_a_file_that_is_not_there_is_named() -> None:
    assert decide_of("withdraw", "dcc", "gone.yaml", code="not-a-defect") == (
        f"{ID} has no statement gone.yaml"
    )


def test_a_named_statement_is_accepted_alone() -> None:
    cause = said(CAUSE)
    name = "2026-03-02-cause-supplier-one.yaml"
    decision = decided({**RECORD, **said(REPORT), **cause}, wish=Wish("accept", files=(name,)))
    assert refusals(decision) == ""
    assert decision.read == [f"{sha256(cause[f'{statements_folder(ID)}/{name}'])}  {name}"]


def test_a_report_needs_no_accept_and_an_accepted_cause_no_second() -> None:
    report = "2026-03-02-report-supplier-one.yaml"
    assert decide_of("accept", "dcc", report) == f"{report} counts without an accept"
    cause = said(CAUSE)
    ((path, data),) = cause.items()
    name = path.rpartition("/")[2]
    accept = said(sign_off("accept", read=[f"{sha256(data)}  {name}"]), number=2)
    landed = {**landed_and_accepted(), **cause, **accept}
    assert decide_of("accept", "dcc", name, landed=landed) == f"{name} is accepted already"


def test_the_words_of_a_decision_are_judged_before_they_are_signed() -> None:
    found = decide_of("hold", "ssc", says="This meter is faulty.")
    assert "R040" in found
    assert decide_of("hold", "ssc", says="It concerns keys.") == ""
