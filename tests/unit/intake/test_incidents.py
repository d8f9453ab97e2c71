"""Which incidents were filed already, as a file outside git."""

from __future__ import annotations

from pathlib import Path

import pytest

from defectreg.intake.incidents import Filed, filed_text, read_filed
from defectreg.store.files import FileProblem
from defectreg.store.intake.outside import Outside

ONE = Filed("INC1", "DR-7K3Q-X4MB", "2026-11-22")
ODD = Filed('=1+1,"two"\nlines', "", "2026-11-22")


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    outside = Outside(tmp_path, "columns")
    assert read_filed(outside) == {}
    outside.incidents.write_text(filed_text({}, [ONE, ODD]), newline="")
    assert read_filed(outside) == {ONE.reference: ONE, ODD.reference: ODD}


def test_what_was_filed_comes_before_what_is_filed_now() -> None:
    text = filed_text({"INC1": ONE}, [ODD])
    assert text.index("INC1") < text.index("1+1")
    assert '"=1' not in text  # no spreadsheet calculates it


@pytest.mark.parametrize("text", ["", "reference\nINC1\n", '"reference","record","day"\n"INC1"\n',
                                  '"reference","record","day"\n"INC1'])  # fmt: skip
def test_a_torn_file_is_refused_and_not_taken_for_an_empty_one(tmp_path: Path, text: str) -> None:
    outside = Outside(tmp_path, "columns")
    outside.incidents.write_text(text)
    with pytest.raises(FileProblem, match="no list of incidents"):
        read_filed(outside)
