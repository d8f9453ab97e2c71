from __future__ import annotations

from collections.abc import Mapping

import pytest

from defectreg.register.rules.every import RECORD_RULES, STATEMENT_RULES
from defectreg.register.rules.examples import examples
from defectreg.register.rules.inventory_pages import inventory_pages
from defectreg.register.rules.letter_pages import LETTER_PAGES
from defectreg.register.rules.page import CodePage
from defectreg.register.rules.pages import code_pages
from defectreg.register.rules.registry import RULES, page_of, rule
from defectreg.register.statement import KINDS
from tests.examples.loading import EXAMPLES, RECORD, base, example, judged

SHOWN_ELSEWHERE = {
    **dict.fromkeys(
        (f"G{number:03}" for number in range(1, 27)),
        "what a request does, with an attack and its harmless twin: test_gate_attacks",
    ),
    **dict.fromkeys(
        ("G050", "G051", "G052", "G053", "G054", "G055", "G056"),
        "what a push to a server asks for: test_push_attacks, test_receiving",
    ),
    **dict.fromkeys(
        (page.code for page in inventory_pages()),
        "what stands in no register: test_asn_rules, test_rules of the inventory, test_journal",
    ),
    **dict.fromkeys(
        (page.code for page in LETTER_PAGES), "what keeps a letter back: test_letters of attacks"
    ),
    "Y002": "a file of 64 KiB: test_validate_attacks",
    "Y003": "bytes that no example can hold: test_validate_attacks",
    "S009": "what no other code of a schema says: test_schema",
    "S010": "the schemas' own check: test_schema",
    "S012": "a file that is not to be read: test_validate_attacks",
}
NOT_SHOWN = {
    **dict.fromkeys(SHOWN_ELSEWHERE, "no file shows it"),
    **dict.fromkeys(("Y001", "Y004", "Y005", "Y013", "Y017"), "it is in no line of a file"),
    **dict.fromkeys(
        ("S011", "R003", "R004", "R012", "R015", "R016", "R017", "R030", "R031", "R064", "R065",
         "R073", "R086", "R090"),
        "it is in another file, or in a file's name",
    ),
    **dict.fromkeys(
        ("R005", "R091", "R092", "R093", "R095", "R096", "R098"), "nobody sees it in a signature"
    ),
    "R112": "a firmware image is longer than an example",
}  # fmt: skip
OF_TWO_FILES = ("R062", "R063", "R066", "R067", "R074", "R087")
"""Codes whose examples differ in the name of a file, too: other lines alone would not mend it."""
CODES = sorted(code_pages().keys() - SHOWN_ELSEWHERE.keys())


def broken(code: str, name: str) -> set[str]:
    """The codes that an example breaks."""
    return broken_by(code, example(code, name))


def broken_by(code: str, files: Mapping[str, bytes]) -> set[str]:
    """The codes that files break. What is only awaited counts for the code asked about."""
    return {
        finding.code
        for finding in judged(files, proves=code == "R096")
        if finding.severity != "awaited" or finding.code == code
    }


def test_the_register_that_examples_change_is_good() -> None:
    assert judged(base(), proves=True) == []


@pytest.mark.parametrize("code", CODES)
def test_a_failing_example_breaks_its_rule_and_no_other(code: str) -> None:
    assert broken(code, "fail") == {code}


@pytest.mark.parametrize("code", CODES)
def test_what_is_wrong_in_an_example_is_told_with_a_hint(code: str) -> None:
    assert all(finding.hint for finding in judged(example(code, "fail")))


@pytest.mark.parametrize("code", CODES)
def test_a_passing_example_breaks_no_rule(code: str) -> None:
    assert broken(code, "pass") == set()


@pytest.mark.parametrize("code", CODES)
def test_the_two_examples_of_a_code_differ(code: str) -> None:
    assert example(code, "pass") != example(code, "fail")


@pytest.mark.parametrize("code", sorted(examples().keys() - {*OF_TWO_FILES}))
def test_what_explain_shows_as_right_mends_what_it_shows_as_wrong(code: str) -> None:
    shown, files = examples()[code], example(code, "fail")
    assert shown.wrong != shown.right
    (path,) = {path for path in files if files[path] != example(code, "pass").get(path)}
    failing = files[path].decode()
    assert shown.wrong in failing
    mended = {**files, path: failing.replace(shown.wrong, shown.right, 1).encode()}
    assert broken_by(code, files) == {code}
    assert broken_by(code, mended) == set()


@pytest.mark.parametrize("code", OF_TWO_FILES)
def test_what_explain_shows_of_two_files_stands_in_them(code: str) -> None:
    wrong, right = (
        "\n".join(data.decode() for path, data in files.items() if base().get(path) != data)
        for files in (example(code, "fail"), example(code, "pass"))
    )
    shown = examples()[code]
    assert (f"\n{shown.wrong}\n" in wrong, f"\n{shown.wrong}\n" in right) == (True, False)
    assert (f"\n{shown.right}\n" in right, f"\n{shown.right}\n" in wrong) == (True, False)


def test_every_code_is_shown_with_an_example_or_cannot_be() -> None:
    assert code_pages().keys() == examples().keys() ^ NOT_SHOWN.keys()
    assert not examples().keys() & NOT_SHOWN.keys()


def test_an_example_is_shown_in_plain_ascii() -> None:
    for page in code_pages().values():
        assert all(line.isascii() and line.isprintable()
                   for line in f"{page.wrong}\n{page.right}".split("\n")), page.code  # fmt: skip


def test_every_example_is_of_a_code_that_is_there() -> None:
    assert {path.name for path in (EXAMPLES / "rules").iterdir()} == set(CODES)


@pytest.mark.parametrize("code", [code for code in CODES if code[0] == "R"])
def test_a_finding_stands_in_its_file_at_a_line_that_is_there(code: str) -> None:
    files = example(code, "fail")
    for finding in judged(files):
        lines = files[finding.file].decode().split("\n")
        assert finding.column <= len(lines[finding.line - 1]) + 1


@pytest.mark.parametrize("page", code_pages().values(), ids=lambda page: page.code)
def test_every_code_has_a_page(page: CodePage) -> None:
    assert page.title.endswith(".")
    assert page.title[0].isupper()
    assert page.hint
    assert page.source or page.code[0] in "YS"


def test_codes_are_written_as_codes_are() -> None:
    assert all(code[0] in "YSGRAIJL" and code[1:].isdigit() for code in code_pages())
    assert all(len(code) == (3 if code[0] in "AIJL" else 4) for code in code_pages())


def test_a_code_is_never_used_twice() -> None:
    with pytest.raises(ValueError, match="R014 is used twice"):
        rule("R014")(lambda record, case: iter(()))


def test_a_rule_is_asked_of_a_record_or_of_what_is_said() -> None:
    with pytest.raises(ValueError, match="first parameter"):
        rule("R999")(lambda thing, case: iter(()))
    assert "R999" not in RULES


def test_a_rule_of_one_kind_is_asked_of_no_other() -> None:
    asked = {kind for kind in KINDS for rule in STATEMENT_RULES[kind] if rule.code == "R014"}
    assert asked == {"fix"}


def test_a_rule_of_both_is_asked_of_records_and_of_every_kind() -> None:
    assert "R040" in {rule.code for rule in RECORD_RULES}
    assert all("R040" in {rule.code for rule in STATEMENT_RULES[kind]} for kind in KINDS)


def test_a_page_is_read_from_a_docstring() -> None:
    page = page_of(
        "A rule.\n\n    Why it\n    is so.\n    Hint: do\n    this.\n    Source: us.\n    "
    )
    assert (page.title, page.explanation, page.hint, page.source) == (
        "A rule.",
        "Why it is so.",
        "do this.",
        "us.",
    )


@pytest.mark.parametrize("code", [f"R{number}" for number in range(101, 113)])
def test_what_may_never_be_stored_is_never_repeated(code: str) -> None:
    files = example(code, "fail")
    added = set(files[RECORD].decode().split()) - set(base()[RECORD].decode().split())
    said = " ".join(finding.sentence + finding.hint for finding in judged(files))
    personal = {word for word in added if any(character.isdigit() for character in word)}
    assert not [word for word in personal if word in said]
