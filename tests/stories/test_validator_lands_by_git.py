"""A validator lands requests by git alone: a merge commit, a squash; a rebase is refused."""

from __future__ import annotations

from pathlib import Path

from tests.registers import ID
from tests.stories.together import Person, assert_proven, share


def test_a_rebase_is_refused_and_a_merge_commit_or_a_squash_lands(tmp_path: Path) -> None:
    shared = share(tmp_path / "shared")
    validator = shared.clone("dcc")
    reporter = Person(validator.folder, "supplier-two")
    begun = shared.tip()
    cause = reporter.says("cause", ID, "The clock drifts.", "--cause", "suspected")
    validator.does("review", ID, "--accept", "--yes")
    validator.gits("merge", "--quiet", "--ff-only", cause)
    refused = validator.git("push", "origin", "main")
    assert refused.code != 0
    assert "[G019]" in refused.err
    assert f"{ID} lands in several steps of one push" in refused.err
    assert "land a request as one step: git merge --no-ff, or squash; no rebase" in refused.err
    assert shared.tip() == begun
    validator.gits("reset", "--quiet", "--hard", "origin/main")
    validator.gits("merge", "--quiet", "--no-ff", "--message", "Land a cause", cause)
    validator.gits("push", "--quiet", "origin", "main")
    assert validator.gits("rev-parse", "origin/main^1") == begun
    reports = [reporter.says("report", ID, "We see it too."),
               reporter.says("report", ID, "And in the South.", "--region", "South")]  # fmt: skip
    for branch in reports:
        validator.gits("merge", "--quiet", "--squash", branch)
    validator.gits("commit", "--quiet", "--message", "Two reports")
    validator.gits("push", "--quiet", "origin", "main")
    shown = validator.sees()
    assert shown["marks"] == ["cause-suspected"]
    assert [said["state"] for said in shown["statements"]] == ["counts"] * 6
    assert validator.gits("rev-list", "--count", "--first-parent", "origin/main") == "4"
    assert_proven(shared.bare)
