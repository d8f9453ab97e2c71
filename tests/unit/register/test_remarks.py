from __future__ import annotations

from defectreg.register.remarks import check_remarks, remarks
from defectreg.register.yamltext import load

TEXT = """\
# first
# of two
title: "no # comment"  # third
behaviour: |  # fourth
  text # of the block

# fifth
affected: [a,  # sixth
  b]
says: plain#text
  # seventh
"""


def test_a_comment_is_told_with_its_place_and_lines_that_follow_are_one() -> None:
    found = list(remarks(load(TEXT.encode())))
    assert found == [
        (1, 1, "first\nof two"),
        (3, 24, "third"),
        (4, 15, "fourth"),
        (7, 1, "fifth"),
        (8, 16, "sixth"),
        (11, 3, "seventh"),
    ]


def test_a_number_that_is_split_over_two_comments_is_seen() -> None:
    document = load(b"title: a\n# 00-DB-12-34-\n# 56-78-90-A3\n")
    (finding,) = check_remarks("a.yaml", document)
    assert (finding.code, finding.line, finding.column) == ("R101", 2, 1)


def test_a_comment_about_the_issue_passes() -> None:
    assert list(check_remarks("a.yaml", load(b"title: a # see 8F1E in 00020120\n"))) == []


def test_a_value_is_no_comment() -> None:
    assert list(remarks(load(b'title: "UPRN #100012345"\n'))) == []
