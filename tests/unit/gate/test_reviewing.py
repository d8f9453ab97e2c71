from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from defectreg.gate.reviewing import Decision, Review, decide, review
from defectreg.intake.starting import Founder, plan
from defectreg.register.grounds import Grounds, is_ground, read_grounds
from defectreg.register.record import record_path, statements_folder
from defectreg.register.statement import statement_name
from defectreg.register.yamltext import dump
from defectreg.store.git import Repository
from defectreg.store.identity import Identity
from defectreg.store.landings import Landings
from defectreg.store.places import Register
from defectreg.store.requests import Request, Target
from tests.registers import (
    ID,
    NAME,
    good_record,
    key_of,
    public_key,
    sha256,
    sign,
    sign_off,
    statement,
)

DAY = date(2026, 3, 2)
NOWHERE = Register(Repository(Path("/"), Path("/"), Path("/"), bare=True), "0" * 40)
FOUNDERS = (
    Founder("supplier-one", "large-supplier", ("reporter",), public_key("supplier-one")),
    Founder("supplier-two", "large-supplier", ("validator",), public_key("supplier-two")),
    Founder("maker-one", "device-manufacturer", ("manufacturer",), public_key("maker-one")),
    Founder("dcc", "dcc", ("validator", "reporter"), public_key("dcc")),
    Founder("dcc", "dcc", ("validator", "reporter"), public_key("dcc-second")),
)
PATH = record_path(ID)


def grounds(**switches: Any) -> Grounds:
    files = dict(plan(NAME, FOUNDERS, ["maker-one:FF03"]).files)
    dashed = {key.replace("_", "-"): value for key, value in switches.items()}
    files["policy/register.yaml"] = dump({"name": NAME, **dashed}).encode()
    return read_grounds({path: data for path, data in files.items() if is_ground(path)})[0]


def said(data: Mapping[str, Any], key: str | None = None, number: int = 1) -> dict[str, bytes]:
    """The file of a statement, signed by its Party's key of that name; unsigned for ``""``."""
    whole = {"of": ID, "kind": data["kind"], "by": data["by"], "date": DAY.isoformat(), **data}
    name = statement_name(DAY, str(data["kind"]), str(data["by"]), number)
    source = dump(whole).encode() if key == "" else sign(key or str(data["by"]), whole)[0]
    return {f"{statements_folder(ID)}/{name}": source}


REPORT = statement("report", "supplier-one", says="We see this.")
CAUSE = statement("cause", "supplier-one", cause="suspected", says="The clock drifts.")
RECORD = {PATH: dump(good_record()).encode()}


def reviewed(
    new: Mapping[str, bytes],
    landed: Mapping[str, bytes] | None = None,
    removed: tuple[str, ...] = (),
    odd: tuple[str, ...] = (),
    **switches: Any,
) -> tuple[Review, Target]:
    target = Target(NOWHERE, "0" * 40, grounds(**switches))
    ref = f"refs/heads/submit/{ID}"
    request = Request(ID, ref, "1" * 40, new, landed or {}, removed, odd)
    landing = Landings({}, 1).assumed(target.grounds, DAY - timedelta(1))
    landings = Landings(dict.fromkeys(landed or {}, landing), 2)
    return review(request, target, landings, DAY), target


def decided(
    new: Mapping[str, bytes],
    landed: Mapping[str, bytes] | None = None,
    *,
    by: str = "dcc",
    role: str = "validator",
    **switches: Any,
) -> Decision:
    found, target = reviewed(new, landed, **switches)
    held = target.grounds.parties.holder(public_key(by).fingerprint)
    assert held is not None
    return decide(found, Identity(held[0].slug, held[1], key_of(by)), role, target)


def refusals(decision: Decision) -> str:
    return " | ".join(refusal.sentence for refusal in decision.refusals)


def test_a_new_record_awaits_its_accept_and_nothing_stands_against_it() -> None:
    decision = decided({**RECORD, **said(REPORT)})
    assert refusals(decision) == ""
    assert decision.read == [f"{sha256(RECORD[PATH])}  {ID}.yaml"]


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
    accepted = sign_off("accept", read=[f"{sha256(RECORD[PATH])}  {ID}.yaml"])
    landed = {**RECORD, **said(REPORT), **said(accepted)}
    decision = decided(said(CAUSE), landed)
    assert refusals(decision) == ""
    assert [line[66:] for line in decision.read] == ["2026-03-02-cause-supplier-one.yaml"]


def test_what_is_accepted_already_awaits_nothing() -> None:
    accepted = sign_off("accept", read=[f"{sha256(RECORD[PATH])}  {ID}.yaml"])
    decision = decided({**RECORD, **said(REPORT), **said(accepted)})
    assert refusals(decision) == f"nothing on submit/{ID} awaits this sign-off"


def test_a_returned_record_may_be_accepted_after_all() -> None:
    returned = sign_off("return", read=[f"{sha256(RECORD[PATH])}  {ID}.yaml"], says="See title.")
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
    asked = {"by": "maker-one", "role": "manufacturer"}
    assert "no manufacturer accepts this record" in refusals(decided(new, None, **asked))
    assert refusals(decided(new, None, **asked, who_validates="manufacturer")) == ""
    assert refusals(decided(new, None, **asked, who_validates="both")) == ""
    assert "no validator accepts this record" in refusals(
        decided(new, who_validates="manufacturer")
    )


def test_a_manufacturer_of_no_affected_device_accepts_nothing() -> None:
    record = {PATH: dump(good_record(affected=["ESME:FF09/00010100"])).encode()}
    decision = decided(
        {**record, **said(REPORT)}, by="maker-one", role="manufacturer", who_validates="both"
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
    accepted = sign_off("accept", read=[f"{sha256(RECORD[PATH])}  {ID}.yaml"])
    landed = {**RECORD, **said(REPORT), **said(accepted)}
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
    reading = [f"{sha256(RECORD[PATH])}  {ID}.yaml"]
    first = said(sign_off("accept", by[other], read=reading, role=other))
    decision = decided(
        {**RECORD, **said(REPORT), **first}, by=by[role], role=role, who_validates="both"
    )
    assert refusals(decision) == ""
    assert decision.read == reading


def landed_and_accepted() -> dict[str, bytes]:
    accepted = sign_off("accept", read=[f"{sha256(RECORD[PATH])}  {ID}.yaml"])
    return {**RECORD, **said(REPORT), **said(accepted)}


def test_a_statement_that_has_landed_is_not_changed() -> None:
    other = said(statement("report", "supplier-one", says="We see it no more."))
    decision = decided({**other, **said(CAUSE)}, landed_and_accepted())
    assert refusals(decision) == "G001: the request changes a statement that has landed"
    (finding,) = decision.review.errors
    assert finding.file in other


def test_a_further_statement_of_a_day_changes_none() -> None:
    other = said(statement("report", "supplier-one", says="We see it no more."), number=2)
    assert refusals(decided({**other, **said(CAUSE)}, landed_and_accepted())) == ""


def test_nothing_that_has_landed_is_taken_away() -> None:
    landed = landed_and_accepted()
    for path in landed:
        decision = decided(said(CAUSE), landed, removed=(path,))
        assert refusals(decision) == "G001: the request takes away what has landed"
        assert [finding.file for finding in decision.review.errors] == [path]


def test_a_request_that_only_takes_away_awaits_no_sign_off() -> None:
    landed = {**landed_and_accepted(), **said(CAUSE)}
    found, _ = reviewed({}, landed, removed=(PATH,))
    assert found.awaits == []
    assert [finding.code for finding in found.errors] == ["G001"]


def test_nothing_but_records_and_statements_comes_below_records() -> None:
    odd = f"{statements_folder(ID)}/notes.txt"
    decision = decided(said(CAUSE), landed_and_accepted(), odd=(odd,))
    assert "S011" in refusals(decision)
    assert [finding.file for finding in decision.review.errors] == [odd]
