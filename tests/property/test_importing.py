"""Laws of importing: what is written is what is read, and nothing that must stay out comes in."""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from defectreg.intake.incidents import Filed, filed_text, read_filed
from defectreg.intake.masking import masked
from defectreg.intake.neutral_words import count_blame, neutral
from defectreg.intake.plans import Plan, Planned, lines_text, parse_lines, plan_text, read_plan
from defectreg.intake.report_columns import NO_REPORT_MAP
from defectreg.intake.report_files import read_report_file
from defectreg.intake.writable import writable
from defectreg.register.detectors import find
from defectreg.register.errors import CannotRun
from defectreg.store.intake.outside import Outside

LINES = st.sets(st.integers(1, 10_001), min_size=1, max_size=40)
TEXTS = st.text(max_size=60)
PIECES = st.sampled_from(
    ("Mr John Smith", "SW1A 1AA", "07700 900123", "a.b@example.com", "MPAN 1200023305967", "Smith",
     "12 High Street", "faulty", "caused by", "recommend", "the meter", "is", ",", "\n", "8F1E")
)  # fmt: skip
SAID = st.lists(PIECES, max_size=12).map(" ".join)
DAY = datetime.date(2026, 11, 22)


@given(LINES)
def test_lines_in_short_are_the_lines(lines: set[int]) -> None:
    assert parse_lines(lines_text(lines)) == tuple(sorted(lines))


@given(SAID)
def test_nothing_is_sighted_in_a_masked_text(text: str) -> None:
    assert list(find(masked(text))) == []


@given(SAID, st.dictionaries(st.sampled_from(("meter", "high", "recommend")), PIECES, max_size=3))
def test_no_blame_is_left_in_a_neutral_text(text: str, words: dict[str, str]) -> None:
    assert count_blame(neutral(text, words), words) == 0


@given(TEXTS)
def test_what_is_writable_stays_so(text: str) -> None:
    assert writable(writable(text)) == writable(text)


@settings(max_examples=60)
@given(st.lists(st.tuples(LINES, TEXTS, TEXTS), max_size=4))
def test_a_plan_that_is_written_is_the_plan_that_is_read(
    groups: list[tuple[set[int], str, str]],
) -> None:
    apart = [
        {line + 20_000 * place for line in lines} for place, (lines, _, _) in enumerate(groups)
    ]
    planned = tuple(
        Planned(tuple(sorted(lines)), "new", why=writable(why), says={"title": writable(title)})
        for lines, (_, why, title) in zip(apart, groups, strict=True)
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.yaml"
        path.write_text(plan_text(Plan("a" * 64, "party", DAY, planned)), "utf-8", newline="")
        read = read_plan(path).groups
    assert [(one.lines, one.why, one.says) for one in read] == [
        (one.lines, one.why, one.says) for one in planned
    ]


@settings(max_examples=60)
@given(st.dictionaries(TEXTS.map(writable), st.just("DR-7K3Q-X4MB"), min_size=1, max_size=5))
def test_what_was_filed_is_known_again(filed: dict[str, str]) -> None:
    each = {
        reference: Filed(reference, record, "2026-11-22") for reference, record in filed.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        outside = Outside(Path(folder), "columns")
        outside.incidents.write_text(filed_text({}, each.values()), "utf-8", newline="")
        assert read_filed(outside) == each


@settings(max_examples=60)
@given(st.binary(max_size=300) | TEXTS.map(lambda text: f"Text\n{text}".encode("utf-8", "replace")))
def test_no_bytes_make_reading_raise_anything_but_its_own_errors(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "week.csv"
        path.write_bytes(data)
        try:
            read = read_report_file(path, NO_REPORT_MAP, ())
        except CannotRun:
            return
    assert all(row.line > 1 for row in read.rows)
