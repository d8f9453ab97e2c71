"""Lists of checksums that sha256sum itself can check."""

from __future__ import annotations

from defectreg.store.checksums import names_in, remarks_in, to_sums

SUMS = {"b.txt": "b" * 64, "a/one.txt": "a" * 64}


def test_a_list_has_its_remarks_first_and_its_files_by_name() -> None:
    assert to_sums(("One.", "Two."), SUMS) == (
        f"# One.\n# Two.\n{'a' * 64}  a/one.txt\n{'b' * 64}  b.txt\n"
    )


def test_remarks_and_names_are_read_back() -> None:
    text = to_sums(("One.", "Two."), SUMS)
    assert remarks_in(text) == ["One.", "Two."]
    assert names_in(text) == {"a/one.txt", "b.txt"}
