"""The pages of the inventory's codes."""

from __future__ import annotations

from defectreg.register.inventory.asn_codes import CODES
from defectreg.register.inventory.journal_codes import JOURNAL_VERDICTS
from defectreg.register.inventory.rules import RULE_CODES
from defectreg.register.rules.inventory_pages import inventory_pages
from defectreg.register.rules.pages import code_pages


def test_every_code_of_the_inventory_has_a_page_and_no_other_has() -> None:
    codes = [*CODES, *RULE_CODES, *(verdict.code for verdict in JOURNAL_VERDICTS)]
    assert [page.code for page in inventory_pages()] == codes


def test_a_page_says_why_what_to_do_and_whence() -> None:
    for page in inventory_pages():
        assert all((page.title, page.explanation, page.hint, page.source)), page.code


def test_a_hint_says_what_each_reader_of_an_asn_does() -> None:
    page = code_pages()["A10"]
    assert page.hint.startswith("the manufacturer: correct the line")
    assert "The Supplier: ask the manufacturer" in page.hint
    assert code_pages()["A18"].hint == "defectreg inventory load --as cpl FILE"


def test_of_a_request_the_severity_is_what_is_said_of_it() -> None:
    pages = code_pages()
    said = [pages[code].severity for code in ("I04", "I07", "I17", "I31", "J02")]
    assert said == ["allowed", "passed-through", "refused", "cannot-be-judged", "refused"]
