"""Files that are read by their lines: which they are, and that the parser would read the same."""

from __future__ import annotations

import pytest

from defectreg.register.yamltext import dump
from defectreg.register.yamltext.building import build
from defectreg.register.yamltext.lines import read_lines
from tests.registers import good_record, statement

READ = [
    "a: b\n",
    "a: 00020120\nb: 2026-10-21\nc: yes\n",
    "a: it's b, [c] {d} & *e !f | g > h % i @ j\n",
    'a: ""\nb: " c: #d "\n',
    "a:\n  - b\n  - CHF:FF02/00020001 + ESME:FF01/00010100@0001* in 4G North\n",
    'a:\n  - "8.11"\nb: c\n',
    "a:\n  b: c\n  d:\n    - e\n  f: |\n    g\n",
    "a: |\n  b\nc: d\n",
    "a: |\n  # b: c\n    - d\n\n  e\n\nf: g\n",
    "a: |\n  -----BEGIN SSH SIGNATURE-----\n  U1NIU0lHAAAA+/==\n  -----END SSH SIGNATURE-----\n",
    "a: b é\u00a0c\n",
    f"a: {'b' * 3000}\n",
]

LEFT = [
    "# a\nb: c\n",
    "a: b # c\n",
    "a: b: c\n",
    "a: b:\n",
    "a: b \n",
    "a:\n",
    "a:  b\n",
    "a:b\n",
    "a: 'b'\n",
    'a: "b" c\n',
    'a: "\n',
    'a: "b\\n"\n',
    "a: b\\c\n",
    "a: [b]\n",
    "a: -b\n",
    "a: &b c\n",
    "a: b\n  c\n",
    "a: b\n\nc: d\n",
    "a: b\na: c\n",
    "A: b\n",
    "a b: c\n",
    '"a": b\n',
    "? a\n: b\n",
    "- a\n",
    "---\na: b\n",
    "a:\n- b\n",
    "a:\n   - b\n",
    "a:\n  -b\n",
    "a:\n  - b\n  -c\n",
    "a:\n  - b\n    c\n",
    "a:\n  - b: c\n",
    "a:\n  - - b\n",
    "a:\n  - b # c\n",
    "a:\n  - b\n\nc: d\n",
    "a:\n  b: c\n d: e\n",
    "a:\n  b: c\n\nd: e\n",
    "a:\n  \n",
    "a: |-\n  b\n",
    "a: |\n   b\n",
    "a: |\n\n  b\n",
    "a: |\n  b \n",
    "a: |\n  b\n   \n",
    "a: |\n  b\n c\n",
    "a: |\n",
    "a: >\n  b\n",
    "a: |\n  b\n# c\n",
    "a:\n  b:\n    c:\n      d:\n        e: f\n",
    f"{'a' * 65}: b\n",
    "\na: b\n",
]


@pytest.mark.parametrize("text", READ)
def test_lines_that_say_what_they_are_are_read_as_the_parser_reads_them(text: str) -> None:
    read = read_lines(text)
    assert read == build(text.encode())
    assert list(read or ()) == list(build(text.encode()))


@pytest.mark.parametrize("text", LEFT)
def test_what_does_not_say_what_it_is_is_left_to_the_parser(text: str) -> None:
    assert read_lines(text) is None


def test_records_and_statements_as_they_are_written_need_no_parser() -> None:
    told = {"affected": ["ESME:FF01/00010100"], "certainty": "suspected", "impact": "high"}
    for data in (good_record(), statement("notice", "secas", to="maker-one", told=told)):
        assert read_lines(dump(data)) == build(dump(data).encode())


def test_what_one_file_holds_is_not_another_s() -> None:
    text = "a:\n  - b\nc:\n  d: e\n"
    first, second = read_lines(text), read_lines(text)
    assert first is not None
    first["a"] = "changed"
    assert second == build(text.encode())
