"""The page for programs: it names every key and column that there is, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest

from defectreg.publication.documents import head, record_value
from defectreg.publication.interface import HEAD_KEYS, OWN_COLUMNS, RECORD_KEYS, api_page
from defectreg.publication.pages import Pages
from defectreg.publication.tables import table_names
from defectreg.register.public import DISCLAIMER
from tests.unit.publication.editions import FIELDS, TEMPLATES, entry, register, said, tombstone

OF_THE_REGISTER = ("says", "statements[].says")
"""Keys whose own keys are those of the register's schemas."""


def page(**changes: Any) -> str:
    shown = register(entry(), **changes)
    ((path, data),) = api_page(shown, Pages.of(shown, TEMPLATES))
    assert path == "api/index.html"
    return data.decode()


def keys(value: Any, name: str = "") -> Iterator[str]:
    """Every key of a document, as the page writes them."""
    if isinstance(value, list):
        for item in value:
            yield from keys(item, f"{name}[]")
    elif isinstance(value, dict):
        for key, inner in value.items():
            full = f"{name}.{key}".removeprefix(".")
            yield full
            if full not in OF_THE_REGISTER:
                yield from keys(inner, full)


def test_every_key_of_the_json_is_explained_and_no_other() -> None:
    records = (entry(said("fix")), tombstone(said("response")))
    found = {key for record in records for key in keys(record_value(record, FIELDS))}
    assert found == {each.name for each in RECORD_KEYS}
    top = {*keys(head(register())), "record"} - {"meta"}
    assert top == {each.name for each in HEAD_KEYS}


def test_every_column_is_explained_and_no_other() -> None:
    columns = [*(field.column for field in FIELDS), *(each.name for each in OWN_COLUMNS)]
    assert table_names(FIELDS) == columns


def test_the_page_names_every_key_field_and_column() -> None:
    text = unescape(page(policy={"search_level": "model"}))
    named = [each.name for each in (*HEAD_KEYS, *RECORD_KEYS, *OWN_COLUMNS)]
    fields = [".".join(field.path) for field in FIELDS]
    assert [name for name in (*named, *fields) if f"<code>{name}</code>" not in text] == []
    assert DISCLAIMER in " ".join(text.replace("<strong>", "").replace("</strong>", "").split())


@pytest.mark.parametrize(("level", "is_there"), [("model", True), ("dmc", False)])
def test_files_of_everything_are_named_only_where_they_are_made(level: str, is_there: bool) -> None:
    text = page(policy={"search_level": level})
    assert ("all/index.json" in text) is is_there
    assert ('href="../feed.xml"' in text) is is_there
    assert ("no file and no feed of all entries" in text) is not is_there


def test_the_page_says_when_a_defect_is_no_longer_a_possible_one() -> None:
    assert "until then it is <code>possible-defect</code>" in page()


@pytest.mark.parametrize(("audience", "is_there"), [("clear", True), ("green", False)])
def test_the_dataset_is_described_only_to_the_world(audience: str, is_there: bool) -> None:
    text = page(audience=audience, policy={"indexing": "allow"})
    assert ("https://schema.org/Dataset" in text) is is_there
    assert ("dataset.jsonld" in text) is is_there
