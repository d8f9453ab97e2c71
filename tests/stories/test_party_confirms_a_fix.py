"""A manufacturer names a fix; another Party confirms that it works, and the record reads fixed."""

from __future__ import annotations

from pathlib import Path

from tests.registers import ID, good_record, make_register
from tests.stories.together import MAKER, Person, assert_proven

CONFIRMED = ("confirmation", ID, "It sends alerts again.", "--about", "fix",
             "--tried-with", "ESME:FF01/00010100@00030005")  # fmt: skip


def test_a_fix_counts_once_accepted_and_reads_fixed_once_another_party_confirms_it(
    tmp_path: Path,
) -> None:
    made = make_register(tmp_path / "register", [good_record(affected=list(MAKER))])
    maker, validator = Person(made.folder, "maker-one"), Person(made.folder, "dcc")
    maker.says("fix", ID, "Update the meter.", "--device", "ESME", "--firmware", "00030005")
    assert "2 files" in validator.accepts_and_lands()
    marks = maker.sees()["marks"]
    assert "fix" in marks
    assert "fixed" not in marks
    own = maker.is_refused("add", *CONFIRMED)
    assert "error[R0" in own
    Person(made.folder, "supplier-two").says(*CONFIRMED)
    assert "2 files" in validator.accepts_and_lands()
    assert "fixed" in maker.sees()["marks"]
    assert_proven(made.folder)
