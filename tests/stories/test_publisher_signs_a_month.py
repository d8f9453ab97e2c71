"""A publisher signs what a month shows, and corrects it; nobody else does."""

from __future__ import annotations

from pathlib import Path

from tests.registers import ID, sign
from tests.stories.together import Person, assert_proven, published, share

FILE = "bulletins/2026-10.yaml"
BRANCH = "submit/bulletin-2026-10"


def proposes(person: Person, branch: str, commit: str) -> None:
    """Write the month's bulletin by hand, signed, on a branch that is pushed."""
    said = {"month": "2026-10", "by": person.name, "date": "2026-11-01", "commit": commit,
            "audience": "green"}  # fmt: skip
    person.fetches()
    person.gits("switch", "--quiet", "--create", branch)
    place = person.folder / FILE
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(sign(person.name, said)[0])
    person.gits("add", FILE)
    person.gits("commit", "--quiet", "--message", "Sign October")
    person.gits("push", "--quiet", "origin", branch)
    person.gits("switch", "--quiet", "main")


def merges(person: Person, branch: str) -> None:
    person.gits("merge", "--quiet", "--no-ff", "--message", f"Land {branch}", branch)


def test_a_month_is_signed_shown_and_corrected(tmp_path: Path) -> None:
    shared = share(tmp_path / "shared")
    publisher, validator = shared.clone("secas"), shared.clone("dcc")
    first = shared.tip()
    proposes(publisher, BRANCH, first)
    assert "It may land. It brings a month's bulletin." in publisher.does("gate", BRANCH)
    merges(publisher, BRANCH)
    publisher.gits("push", "--quiet", "--atomic", "origin", "main", f":{BRANCH}")
    second = shared.clone("supplier-two")
    second.says("report", ID, "We see it too.")
    second.does("land", ID)
    corrected = shared.tip()
    by_another = f"{BRANCH}-dcc"
    proposes(validator, by_another, corrected)
    refused = validator.is_refused("gate", by_another)
    assert "error[G025]" in refused
    assert "the person who signed has not the role publisher" in refused
    proposes(publisher, f"{BRANCH}-2", corrected)
    merges(publisher, f"{BRANCH}-2")
    publisher.gits("push", "--quiet", "origin", "main")
    assert corrected in (publisher.folder / FILE).read_text()
    for commit, reports in ((first, 1), (corrected, 2)):
        entry = published(publisher, "--commit", commit, "--as-of", "2026-11-30")
        assert entry is not None
        assert [event["what"] for event in entry["timeline"]].count("report") == reports
    assert_proven(shared.bare)
