"""A reporter's first issue, from what is typed to what everybody sees; then others report it too.

The server is plain git with the hook, and each person has a clone.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from defectreg.register.record import record_path, statements_folder
from tests.registers import ID, run_in
from tests.stories.together import Person, Shared, assert_proven, share

ISSUE = (
    "--title", "Meter forgets its tariff after a power outage",
    "--affected", "ESME:FF03/00010100@0001* in North",
    "--behaviour", "After a power outage of a minute the meter charges by its first tariff.",
    "--trigger", "power-outage", "--certainty", "suspected", "--impact-consumers", "high",
    "--devices", "2-9",
)  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """A server for all of them: each lands something of its own, and all of it is proven."""
    shared = share(tmp_path_factory.mktemp("reporter") / "shared")
    yield shared
    assert shared.branches() == ["main"]
    assert_proven(shared.bare)


def of(branch: str) -> str:
    """The id of the record that a request is named for."""
    return branch.removeprefix("submit/")[: len(ID)]


def test_an_issue_goes_from_the_reporter_by_the_validator_to_everybody(shared: Shared) -> None:
    reporter = shared.clone("supplier-one")
    branch = reporter.sends(*ISSUE)
    record_id = of(branch)
    judged = reporter.gate(branch)
    assert judged.code == 1
    assert judged.out.startswith("Still awaited:\n")
    assert "awaited[G011]" in judged.out
    assert "Not yet: nothing is wrong, and something is awaited." in judged.out
    validator = shared.clone("dcc")
    (wait,) = validator.waits("--mine", "--for", "validator")
    assert (wait["id"], wait["stage"], wait["waits_for"]) == (record_id, "reported", "accept")
    assert wait["request"] == f"origin/{branch}"
    assert "Not landed" in validator.is_refused("land", record_id)
    assert f"{record_id}: accepted the record" in validator.does(
        "review", record_id, "--accept", "--yes"
    )
    assert "It may land. It brings records and statements of 1 record." in validator.does(
        "gate", branch
    )
    landed = validator.does("land", record_id)
    assert "Landed on main, pushed to origin: 1 record, 3 files." in landed
    anybody = shared.clone("supplier-two")
    assert anybody.sees_stage(record_id) == "published"
    assert (anybody.folder / record_path(record_id)).is_file()


def test_who_reports_it_too_before_it_lands_leaves_the_sign_off_standing(shared: Shared) -> None:
    branch = shared.clone("supplier-one").sends(*ISSUE)
    validator = shared.clone("dcc")
    validator.does("review", of(branch), "--accept", "--yes")
    validator.gits("push", "--quiet", "origin", branch)
    second = shared.clone("supplier-two")
    also = ("We see it too.", "--devices", "10-99", "--region", "South")
    assert second.sends("report", of(branch), *also) == branch
    validator.fetches()
    assert "1 record, 4 files." in validator.does("land", of(branch))
    second.fetches()
    states = {said["data"]["by"]: said["state"] for said in second.sees(of(branch))["statements"]}
    assert states == {"supplier-one": "counts", "supplier-two": "counts", "dcc": "counts"}


def test_who_reports_it_too_once_it_has_landed_needs_nobodys_accept(shared: Shared) -> None:
    second = shared.clone("supplier-two")
    before = statements(second)
    branch = second.sends("report", ID, "We see it too.", "--devices", "10-99")
    assert branch == f"submit/{ID}-supplier-two"
    assert second.does("gate", branch).startswith("It may land.")
    assert "1 record, 1 file." in second.does("land", ID)
    after = statements(second)
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) + 1
    shown = second.sees()
    assert shown["stage"]["name"] == "published"
    assert {said["state"] for said in shown["statements"]} == {"counts"}


def statements(person: Person) -> dict[str, bytes]:
    folder = person.folder / statements_folder(ID)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_who_has_no_key_is_signed_for_by_a_colleague_and_lands(shared: Shared) -> None:
    keyless = shared.clone("nobody")
    added = run_in(keyless.folder, "add", *ISSUE, "--party", "supplier-one", "--key", "")
    assert "It is not signed yet" in added.out
    branch = added.out.removeprefix("Committed on the branch ").partition(":")[0]
    keyless.gits("push", "--quiet", "origin", branch)
    colleague = shared.clone("supplier-one")
    (wait,) = colleague.waits("--mine")
    assert (wait["id"], wait["waits_for"]) == (of(branch), "signature")
    colleague.does("key", "sign", of(branch))
    colleague.gits("push", "--quiet", "origin", branch)
    validator = shared.clone("dcc")
    validator.accepts_and_lands(of(branch))


def test_who_has_no_party_here_is_entered_by_whoever_got_the_letter(shared: Shared) -> None:
    receiver = shared.clone("dcc")
    words = ("A small supplier wrote: seen at two premises.", "--devices", "2-9")
    receiver.sends("report", ID, *words, "--received", "letter", "--told-by", "small-supplier")
    receiver.does("land", ID)
    (entered,) = [said["data"] for said in receiver.sees()["statements"]
                  if said["data"].get("received")]  # fmt: skip
    assert (entered["by"], entered["received"], entered["told-by"]) == (
        "dcc", "letter", "small-supplier",
    )  # fmt: skip
