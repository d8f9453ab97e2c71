"""Founders start a register, and its first record lands on the first commit that all trust."""

from __future__ import annotations

import subprocess
from pathlib import Path

from defectreg.register.record import record_path
from tests.registers import key_of, run_in
from tests.stories.together import assert_proven, serve

FOUNDERS = (
    *("--person", f"supplier-one:large-supplier:reporter:{key_of('supplier-one')}.pub"),
    *("--person", f"dcc:dcc:validator+administrator:{key_of('dcc')}.pub"),
    *("--person", f"secas:secas:publisher+administrator:{key_of('secas')}.pub"),
)


def test_what_founders_begin_is_the_root_of_all_that_lands(tmp_path: Path) -> None:
    begun = run_in(tmp_path, "init", "register", "--name", "example", *FOUNDERS)
    assert (begun.code, begun.err) == (0, "")
    founder = tmp_path / "register"
    root = subprocess.run(["git", "rev-parse", "HEAD"], cwd=founder, check=True,
                          capture_output=True, text=True).stdout.strip()  # fmt: skip
    assert root in begun.out
    proven = run_in(founder, "verify", "--root", root)
    assert (proven.code, f"Root: {root}" in proven.out) == (0, True)
    other = run_in(founder, "verify", "--root", "0" * 40)
    assert (other.code, "G026" in other.out) == (1, True)
    shared = serve(founder, tmp_path / "shared")
    reporter, validator = shared.clone("supplier-one"), shared.clone("dcc")
    branch = reporter.sends(
        "--title", "Hub loses its clock over night", "--affected", "CHF:FF02/00020001",
        "--behaviour", "In the morning the clock of the Hub stands at its first day.",
    )  # fmt: skip
    record_id = branch.removeprefix("submit/")
    validator.fetches()
    validator.accepts_and_lands(record_id)
    reporter.fetches()
    assert (reporter.folder / record_path(record_id)).is_file()
    assert reporter.gits("rev-list", "--max-parents=0", "main") == root
    assert_proven(shared.bare)
