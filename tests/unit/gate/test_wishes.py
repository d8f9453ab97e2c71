"""What a person wants to decide: the role, the files, and the place of a decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from defectreg.gate.reviewing import Review, reviews
from defectreg.gate.wishes import Wish, fitting, wished
from defectreg.register.errors import UsageProblem
from defectreg.store.identity import Identity
from defectreg.store.landings import Landings
from defectreg.store.requests import LANDED, Request, Target
from tests.registers import ID, key_of, sign_off
from tests.unit.gate.reviews import (
    CAUSE,
    DAY,
    NOWHERE,
    READING,
    RECORD,
    REPORT,
    decided,
    grounds,
    landed_and_accepted,
    occasion,
    refusals,
    reviewed,
    said,
)

NEW = {**RECORD, **said(REPORT)}


def wished_by(by: str, wish: Wish, new: dict[str, bytes], **switches: Any) -> tuple[str, list[str]]:
    """The role of a wish, and the names of what it reads."""
    found, target = reviewed(new, **switches)
    decision = wished(found, wish, occasion(target, by))
    return decision.role, [line[66:] for line in decision.read]


def test_the_role_is_the_one_that_a_person_has_and_the_policy_names() -> None:
    assert wished_by("dcc", Wish("accept"), NEW)[0] == "validator"
    made = wished_by("maker-one", Wish("accept"), NEW, who_validates="both")
    assert made == ("manufacturer", [f"{ID}.yaml"])
    assert wished_by("ssc", Wish("hold"), NEW)[0] == "security"


def test_who_has_no_role_that_would_do_is_told_of_the_one_that_is_needed() -> None:
    assert wished_by("supplier-one", Wish("accept"), NEW)[0] == "validator"
    made = wished_by("supplier-one", Wish("accept"), NEW, who_validates="manufacturer")
    assert made[0] == "manufacturer"


def test_a_return_is_of_the_record_or_where_it_is_not_brought_of_what_is_said() -> None:
    wish = Wish("return", says="Which one?")
    cause = said(CAUSE)
    assert wished_by("dcc", wish, {**NEW, **cause})[1] == [f"{ID}.yaml"]
    found, target = reviewed(cause, landed_and_accepted())
    decision = wished(found, wish, occasion(target))
    assert [line[66:] for line in decision.read] == ["2026-03-02-cause-supplier-one.yaml"]


def test_a_person_with_two_roles_that_both_await_is_asked_which_is_meant() -> None:
    found, target = reviewed(NEW, who_validates="both")
    maker = target.grounds.parties.by_slug["maker-one"]
    person = replace(maker.people[0], roles=frozenset({"validator", "manufacturer"}))
    identity = Identity("maker-one", person, key_of("maker-one"))
    both = replace(occasion(target, "maker-one"), identity=identity)
    assert wished(found, Wish("accept"), both).role == ""
    assert wished(found, Wish("accept", role="validator"), both).role == "validator"


def test_without_a_key_nobody_is_known_who_would_sign() -> None:
    target = Target(NOWHERE, "0" * 40, grounds())
    nobody = replace(occasion(target), identity=Identity("dcc", None, None))
    with pytest.raises(UsageProblem, match="no key is named"):
        _ = nobody.signatory


def of_landed_and_request(new: dict[str, bytes], landed: dict[str, bytes]) -> list[Review]:
    """Reviews of a request and of what has landed of the same record."""
    target = Target(NOWHERE, "0" * 40, grounds())
    assumed = Landings({}, 1).assumed(target.grounds, DAY - timedelta(1))
    landings = Landings(dict.fromkeys(landed, assumed), 2)
    ref = f"refs/heads/submit/{ID}-supplier-one"
    requests = (
        Request(ID, ref, "1" * 40, new, landed),
        Request(ID, LANDED, "0" * 40, {}, landed),
    )
    return reviews(requests, target, landings, DAY)


@pytest.mark.parametrize(
    ("wish", "on_request"),
    [
        (Wish("accept"), True),
        (Wish("return", says="Which one?"), True),
        (Wish("hold"), False),
        (Wish("withdraw", code="not-a-defect"), False),
        (Wish("accept", files=("2026-03-02-cause-supplier-one.yaml",)), True),
        (Wish("withdraw", files=("2026-03-02-report-supplier-one.yaml",)), False),
    ],
)
def test_each_decision_has_its_place(wish: Wish, on_request: bool) -> None:
    (found,) = fitting(of_landed_and_request(said(CAUSE), landed_and_accepted()), wish)
    assert found.is_landed is not on_request


def test_a_lift_goes_where_something_is_held() -> None:
    held = said(sign_off("hold", "ssc", role="security", read=READING))
    found = fitting(of_landed_and_request(said(CAUSE), {**landed_and_accepted(), **held}),
                    Wish("lift"))  # fmt: skip
    assert [each.is_landed for each in found] == [False, True]
    (nothing,) = fitting(of_landed_and_request(said(CAUSE), landed_and_accepted()), Wish("lift"))
    assert refusals(decided(nothing.request.new, nothing.request.landed, by="ssc",
                            wish=Wish("lift"))) == "nothing holds it"  # fmt: skip
