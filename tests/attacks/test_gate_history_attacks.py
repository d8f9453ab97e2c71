"""Histories that went past the gate: what a push may bring, and what `verify` finds afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from defectreg.gate.verifying import (
    Verified,
    check_root_id,
    check_tip,
    judge_push,
    steps_to_verify,
    verify_steps,
    verify_whole,
)
from defectreg.register.errors import CannotRun
from defectreg.register.findings import Finding
from defectreg.register.yamltext import dump
from tests.attacks.gates import (
    AFFECTED,
    CAUSE,
    FRESH,
    OTHER,
    PARTIES,
    POLICY,
    RECORD,
    REPORT,
    TODAY,
    Files,
    World,
    both_signed,
    changed,
    codes,
    decided,
    fresh,
    landed,
    party,
    person,
    policy,
    record,
    replacing,
    report,
    rules_signed,
    said,
    tries,
    world,
)
from tests.registers import ID, ground_files, key_of, make_register, run_in, sha256

TOMORROW = date(2026, 3, 11)


def on(at: World, *steps: Files) -> World:
    """The register with these steps landed, whatever the gate says."""
    tip = at.tip
    for files in steps:
        tip = World(at.made, tip, at.bench).commit(files)
    return World(at.made, tip, at.bench)


def tree(at: World, files: Files) -> str:
    return at.git("rev-parse", f"{at.commit(files)}^{{tree}}")


def pushed(at: World, new: str, day: date = TODAY) -> set[str]:
    return {each.code for each in judge_push(at.repository, at.tip, new, day)}


def verified(at: World, since: str | None = None) -> list[Verified]:
    steps = steps_to_verify(at.repository, at.tip, since)
    return list(verify_steps(at.repository, at.tip, steps))


def refused(steps: Iterable[Verified]) -> list[set[str]]:
    """The codes of each step that does not stand."""
    return [codes(step.judgement) for step in steps if not step.stands]


def acknowledging(at: World, *commits: str) -> dict[str, bytes | None]:
    steps = [{"commit": commit, "reason": "Pushed by mistake."} for commit in commits]
    return {"policy/acknowledged.yaml": dump({"steps": steps}).encode()}


def edited(at: World, **keys: Any) -> dict[str, bytes]:
    text = changed(at)
    return {**text, **decided("accept", text, **{**replacing(at), **keys})}


def response(**keys: Any) -> dict[str, bytes]:
    words = {"position": "disputed", "says": "Not with our firmware."}
    return said("response", "maker-one", **{**words, **keys})


# What a push may bring


@tries("G019")
def test_main_moves_by_one_step_of_a_request_upon_its_tip() -> None:
    at = world()
    request = at.commit(fresh())
    merged = tree(at, fresh())
    assert pushed(at, at.commit_tree(merged, at.tip, request)) == set()
    assert pushed(at, request) == set()  # a squash, or a fast-forward of one commit
    foxtrot = at.commit_tree(merged, request, at.tip)
    assert pushed(at, foxtrot) == set()  # the request is main's own next step
    beside = on(at, response()).tip
    assert pushed(on(at, fresh()), at.commit_tree(merged, beside, request)) == {"G019"}


def test_a_rebase_lands_no_record_in_pieces() -> None:
    at = world()
    again = on(at, fresh(), report("supplier-two", FRESH))
    assert pushed(at, again.tip) == {"G019"}
    assert pushed(at, on(at, fresh(), response()).tip) == set()


def test_each_step_of_a_push_is_judged_by_the_one_before_it() -> None:
    at = world()
    alone = {f"{PARTIES}dcc.yaml": party("dcc", eve=person("validator", "nobody"))}
    use = {**record(), **report(), **decided("accept", record(), of=FRESH, key="nobody")}
    assert pushed(at, on(at, alone, use).tip) == {"G020"}
    assert pushed(at, on(at, both_signed(at, alone), use).tip) == set()
    assert pushed(at, on(at, use, both_signed(at, alone)).tip) == {"R093"}


def test_main_is_not_rewritten() -> None:
    at = world()
    before = at.git("rev-parse", f"{at.tip}^")
    assert pushed(at, World(at.made, before, at.bench).commit(fresh())) == {"G019"}
    assert pushed(at, at.commit(fresh())) == set()


@tries("G016")
@pytest.mark.parametrize("when", ["2026-03-11T12:00:00Z", "2026-03-02T12:00:00Z"])
def test_a_step_is_dated_when_it_lands(when: str) -> None:
    at = world()
    files = report("supplier-two", ID, day=date(2026, 3, 2))
    assert "G016" in pushed(at, at.commit_tree(tree(at, files), at.tip, when=when))
    assert pushed(at, at.commit_tree(tree(at, files), at.tip)) == set()


@tries("G016")
def test_a_step_is_not_kept_back_until_the_window_that_it_opens_is_over() -> None:
    at = world()
    step = at.commit_tree(tree(at, report("supplier-two", ID, day=date(2026, 3, 2))), at.tip)
    assert pushed(at, step, TODAY + timedelta(days=4)) == {"G016"}
    assert pushed(at, step, TODAY + timedelta(days=3)) == set()


def test_what_a_push_lets_in_is_what_verify_lets_stand() -> None:
    at = world()
    late = at.commit_tree(tree(at, response()), at.tip, when="2026-03-09T12:00:00Z")
    assert pushed(at, late) == {"G016"}
    assert refused(verified(World(at.made, late, at.bench), at.tip)) == [{"G016"}]
    good = at.commit_tree(tree(at, response()), at.tip)
    assert pushed(at, good, TOMORROW) == set()
    assert refused(verified(World(at.made, good, at.bench), at.tip)) == []


# What stands, and what it stands against


@pytest.mark.parametrize(
    "added", [report("supplier-two", ID), response(), {}], ids=["report", "response", "notice"]
)
def test_what_is_added_leaves_every_sign_off_standing(added: dict[str, bytes]) -> None:
    at = world()
    read = [f"{sha256(at.read(RECORD))}  {ID}.yaml"]
    told = {"affected": AFFECTED, "certainty": "suspected"}
    letter: dict[str, Any] = {
        "letter": sha256(b"An invented letter."),
        "delivered": "e-mail",
        "told": told,
    }
    notice = said("notice", "secas", to="maker-one", read=read, **letter)
    files = added or notice
    assert at.judge(files).passes
    after = on(at, files)
    assert after.judge(edited(at)).passes
    assert whole(after) == set()


def test_what_landed_does_not_stand_in_the_way_of_what_comes() -> None:
    at = world()
    answered = on(at, response())
    text = record(id=ID, affected=["CHF:FF02/00020001 in North"])
    corrected = {**text, **decided("accept", text, **replacing(at))}
    assert answered.judge(corrected).passes  # the Device of who answered was named by mistake
    gone = on(at, {f"{PARTIES}supplier-one.yaml": None})
    assert gone.judge(said("cause", "supplier-two", cause="unknown", says="We looked.")).passes
    assert codes(gone.judge(said("cause", "supplier-one", cause="unknown", says="We looked."))) == {
        "R062", "R093"
    }  # fmt: skip


def test_an_accept_that_was_kept_back_does_not_end_a_withdrawal() -> None:
    at = world()
    read = landed(at, RECORD)
    withdrawn = decided("withdraw", read, code="reported-in-error", day=date(2026, 3, 9))
    after = on(at, withdrawn)
    assert codes(after.judge(decided("accept", read, day=date(2026, 3, 8)))) == {"G012"}
    assert after.judge(decided("accept", read)).passes


def test_a_lift_that_was_kept_back_does_not_end_a_hold() -> None:
    at = world()
    read = landed(at, RECORD)
    after = on(at, decided("hold", read, "ssc", role="security", day=date(2026, 3, 9)))
    early = decided("lift", read, "ssc", role="security", day=date(2026, 3, 8))
    assert codes(after.judge(early)) == {"G012"}
    assert after.judge(decided("lift", read, "ssc", role="security")).passes


def test_a_change_of_the_rules_is_not_played_again_after_it_was_taken_back() -> None:
    at = world()
    change = both_signed(at, policy(ceiling="red"))
    there = on(at, change)
    back = on(there, both_signed(there, {POLICY: at.read(POLICY)}, number=2))
    assert refused(verified(back, at.tip)) == []
    again = {path.replace("secas.y", "secas-3.y").replace("dcc.y", "dcc-3.y"): data
             for path, data in change.items()}  # fmt: skip
    assert codes(back.judge(again)) == {"G020", "G022"}
    assert back.judge(both_signed(back, policy(ceiling="red"), number=3, says="Anew.")).passes


def test_a_sign_off_of_the_rules_is_not_taken_away() -> None:
    at = world()
    there = on(at, both_signed(at, policy(reply_window=5)))
    gone = dict.fromkeys(
        f"policy/statements/2026-03-10-sign-off-{slug}.yaml" for slug in ("secas", "dcc")
    )
    further = both_signed(there, policy(reply_window=6), number=2)
    assert codes(there.judge({**further, **gone})) == {"G001"}
    assert there.judge(further).passes


def test_an_id_is_not_used_again() -> None:
    at = world()
    gone = on(at, dict.fromkeys(at.repository.listing(at.tip, "records/AA")))
    again = World(gone.made, gone.tip, gone.bench).commit({**record(id=OTHER)})
    steps = verified(World(gone.made, again, gone.bench), at.tip)
    assert [code for found in refused(steps) for code in found] >= ["G001"]


# What verify finds


def test_a_clean_history_stands() -> None:
    at = on(world(), fresh(), response())
    steps = verified(at)
    assert refused(steps) == []
    assert [step.judgement.kind for step in steps] == ["root", *["data"] * 5]


def tamperings() -> dict[str, tuple[Files, set[str]]]:
    at = world()
    mine = {**record(), **report("dcc", key="dcc-second")}
    schema = {"schema/statement.schema.json": ground_files()["schema/record.schema.json"]}
    unreadable = {**fresh(), **record(affected=["anything"])}
    forged = said("response", "maker-one", position="waiver", says="We waive it.", unsigned=True)
    return {
        "a record amended": ({RECORD: at.read(RECORD) + b"# \n"}, {"G011"}),
        "a record removed": ({RECORD: None}, {"G001"}),
        "a statement removed": ({CAUSE: None}, {"G001"}),
        "a statement edited": ({REPORT: at.read(REPORT).replace(b"We", b"They")}, {"G001"}),
        "a forged response": (forged, {"R090"}),
        "a record that cannot be read, beside forged words": (unreadable, {"R001"}),
        "a statement that cannot be read": (
            said("fix", "supplier-two", device="ESME:what", firmware="00010200",
                 says="It is mended.", unsigned=True),
            {"R071"},
        ),
        "an accept by the reporter": (
            {**mine, **decided("accept", record(), of=FRESH, key="dcc-second")}, {"G014"},
        ),
        "a policy changed by nobody": (policy(ceiling="red"), {"G020"}),
        "a schema replaced": (schema, {"G020", "G024"}),
        "a key slipped in": ({f"{PARTIES}dcc.yaml": party("dcc", eve=person(
            "validator", "nobody"))}, {"G020"}),
        "a workflow changed": ({".gitlab-ci.yml": b"x: y\n"}, {"G020"}),
    }  # fmt: skip


@pytest.mark.parametrize("name", tamperings())
def test_it_is_found_in_the_history(name: str) -> None:
    files, expected = tamperings()[name]
    at = on(world(), said("cause", "supplier-one", cause="unknown", says="We looked."))
    bad = on(at, files)
    later = on(bad, said("report", "supplier-two", of=OTHER, says="We too."))
    found = [codes(step.judgement) for step in verified(later, at.tip)]
    assert found[0] >= expected, found
    assert refused(verified(at, world().tip)) == []


def test_a_rewritten_history_is_not_the_one_that_was_verified() -> None:
    at = world()
    known = at.git("rev-parse", f"{at.tip}^")
    rewritten = World(at.made, at.git("rev-parse", f"{known}^"), at.bench).commit(fresh())
    with pytest.raises(CannotRun, match="no step of this history"):
        steps_to_verify(at.repository, rewritten, known)
    assert len(steps_to_verify(at.repository, at.tip, known)) == 1


@tries("G018")
def test_the_first_commit_holds_no_record(tmp_path: Path) -> None:
    text = {RECORD: b"x\n"}
    for name, files, expected in (("bad", text, {"G018"}), ("good", {}, set())):
        made = make_register(tmp_path / name, files=files)
        (step,) = steps_to_verify(made.repository, made.repository.head() or "", None)
        (root,) = verify_steps(made.repository, step.commit, [step])
        assert codes(root.judgement) == expected
        found = judge_push(made.repository, None, step.commit, TODAY)
        assert {each.code for each in found} == expected


@tries("G026")
def test_another_root_than_the_trusted_one_is_found() -> None:
    root = world().repository.first_parents(world().tip)[0]
    assert [each.code for each in check_root_id(root, "1" * 40)] == ["G026"]
    assert [each.code for each in check_root_id(root, root[:12])] == []


def test_acknowledging_lets_exactly_the_named_step_stand() -> None:
    at = world()
    one, other = {RECORD: at.read(RECORD) + b"# \n"}, {CAUSE: None}
    bad = on(at, one, other)
    first, _ = at.repository.first_parents(bad.tip, at.tip)
    assert refused(verified(bad, at.tip)) == [{"G011"}, {"G001"}]
    alone = acknowledging(bad, first)
    mended = on(bad, both_signed(bad, alone))
    assert refused(verified(mended, at.tip)) == [{"G001"}]
    assert [bool(step.acknowledged) for step in verified(mended, at.tip)] == [True, False, False]
    warned = [each.severity for each in verified(mended, at.tip)[0].findings]
    assert warned == ["warning"]
    assert codes(bad.judge(alone)) == {"G020"}
    assert refused(verified(on(mended, response()), mended.tip)) == []


def test_nobody_acknowledges_their_own_tampering() -> None:
    at = world()
    bad = on(at, {CAUSE: None})
    unsigned = on(bad, acknowledging(bad, bad.tip))
    twice = on(unsigned, acknowledging(bad, bad.tip, unsigned.tip))
    assert refused(verified(twice, at.tip)) == [{"G001"}, {"G020"}, {"G020"}]
    signed = on(unsigned, both_signed(unsigned, acknowledging(bad, bad.tip, unsigned.tip)))
    assert refused(verified(signed, at.tip)) == []


def test_whom_a_tampered_policy_made_administrator_does_not_let_it_stand() -> None:
    at = world()
    slipped_in = party("secas", eve=person("administrator", "nobody"))
    bad = on(at, {f"{PARTIES}secas.yaml": slipped_in})
    alone = acknowledging(bad, bad.tip)
    dcc = rules_signed(bad, alone, "dcc", key="dcc-second")
    by_eve = on(bad, {**alone, **dcc, **rules_signed(bad, alone, "secas", key="nobody")})
    assert bad.judged(by_eve.tip).passes  # by the rules that she made herself
    assert refused(verified(by_eve, at.tip)) == [{"G020"}]
    assert refused(verified(on(bad, both_signed(bad, alone)), at.tip)) == []


def whole(at: World) -> set[str]:
    found: list[Finding] = []
    for _, _, each in verify_whole(at.repository, at.tip):
        found += each
    return {each.code for each in found if each.severity != "warning"}


def test_the_tip_alone_is_good_with_a_retired_key_and_not_with_an_unknown_one() -> None:
    at = world()
    assert whole(at) == set()
    for state, expected in (("retired", set()), ("", {"R093"})):
        keys = ("nobody", f"supplier-two:{state}") if state else ("nobody",)
        people = {"supplier-two": person("reporter", *keys)}
        changed_keys = {f"{PARTIES}supplier-two.yaml": party("supplier-two", **people)}
        assert whole(on(at, changed_keys)) == expected
    assert whole(on(at, {CAUSE: at.read(CAUSE).replace(b"drifts", b"stands")})) >= {"R096"}
    assert whole(on(at, {RECORD: at.read(RECORD) + b"# \n"})) == {"G011"}


def test_content_rules_are_asked_of_the_tip() -> None:
    at = on(world(), fresh(behaviour="Call Jane on 07700 900123 about it."))
    steps = verified(at)
    assert refused(steps) == []
    whole_tip = list(check_tip(at.repository, at.tip, steps, whole=True))
    assert {each.code[:2] for each in whole_tip if each.severity == "error"} == {"R1"}


# As people meet it


def test_an_administrator_signs_a_change_and_it_may_land(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register")
    made.commit(policy(reply_window=5), "refs/heads/submit/window")
    as_ = {who: ("--key", str(key_of(who))) for who in ("secas", "dcc-second")}
    words = ("policy", "sign", "submit/window", "--says", "Paper 7.")
    for who in ("secas", "dcc-second"):
        result = made.run(*words, *as_[who])
        assert result.code == 0, result
    result = made.run("gate", "submit/window", "--json")
    assert (result.code, json.loads(result.out)["passes"]) == (0, True), result
    made.commit(policy(reply_window=6), "refs/heads/submit/window")
    result = made.run("gate", "submit/window")
    assert (result.code, result.out.count("error[G022]")) == (1, 2), result


def test_verify_tells_of_the_step_and_its_commit() -> None:
    at = on(world(), {CAUSE: None})
    result = run_in(at.made.folder, "verify", at.tip)
    assert (result.code, f"step {at.tip[:12]}" in result.out) == (1, True), result
    assert run_in(at.made.folder, "verify", world().tip).code == 0
