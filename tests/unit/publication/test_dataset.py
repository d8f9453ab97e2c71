"""What search engines are told: only of what is for the world, and only where policy says so."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest

from defectreg.publication.dataset import dataset, sitemap, sitemap_files
from defectreg.register.public import DISCLAIMER
from tests.unit.publication.editions import ID, OTHER, entry, pages, register, tombstone

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ADDRESS = "https://register.example.invalid/a&b/"


def datasets(**changes: Any) -> dict[str, Any]:
    shown = register(entry(), **changes)
    return {path: json.loads(data) for path, data in dataset(shown, pages())}


@pytest.mark.parametrize(
    ("audience", "indexing"), [("clear", "refuse"), ("green", "allow"), ("green", "refuse")]
)
def test_what_is_not_for_search_engines_is_not_described_to_them(
    audience: str, indexing: str
) -> None:
    assert not datasets(audience=audience, policy={"indexing": indexing})


def test_the_dataset_says_what_it_is_and_bears_the_disclaimer() -> None:
    policy = {"indexing": "allow", "search_level": "model"}
    described = datasets(audience="clear", policy=policy)["dataset.jsonld"]
    assert described["@type"] == "Dataset"
    assert DISCLAIMER in described["description"]
    assert described["dateModified"] == "2026-03-09"
    files = [each["contentUrl"] for each in described["distribution"]]
    assert files == ["all/index.json", "all/index.html", "feed.xml", "feeds/bulletins.xml"]


def test_below_the_search_level_model_the_dataset_offers_nothing_of_everything() -> None:
    described = datasets(audience="clear", policy={"indexing": "allow"})["dataset.jsonld"]
    files = [each["contentUrl"] for each in described["distribution"]]
    assert files == ["feeds/bulletins.xml"]


def test_a_demonstration_is_described_as_invented() -> None:
    changes = {"audience": "clear", "policy": {"indexing": "allow"}, "is_demonstration": True}
    assert "invented" in datasets(**changes)["dataset.jsonld"]["description"]


def test_the_site_map_names_every_page_by_its_whole_address() -> None:
    shown = register(entry(), tombstone())
    files = {path: ElementTree.fromstring(data) for path, data in sitemap_files(ADDRESS, shown)}
    listed = [each.text for each in files["sitemap.xml"].iter(f"{MAP}loc")]
    assert listed == [f"{ADDRESS}sitemaps/{name}.xml" for name in ("22", "7K", "pages")]
    pages_of = {
        path: [each.text for each in root.iter(f"{MAP}loc")] for path, root in files.items()
    }
    assert pages_of["sitemaps/22.xml"] == [f"{ADDRESS}records/{OTHER}.html"]
    assert pages_of["sitemaps/7K.xml"] == [f"{ADDRESS}records/{ID}.html"]
    assert files["sitemaps/7K.xml"].findtext(f"{MAP}url/{MAP}lastmod") == "2026-03-09"


@pytest.mark.parametrize(
    ("audience", "address", "is_made"),
    [("clear", ADDRESS, True), ("clear", "", False), ("green", ADDRESS, False)],
)
def test_a_site_map_is_made_for_search_engines_where_the_address_is_known(
    audience: str, address: str, is_made: bool
) -> None:
    policy = {"indexing": "allow", "address": address}
    shown = register(entry(), audience=audience, policy=policy)
    assert bool(list(sitemap(shown, pages()))) is is_made


def test_each_site_map_bears_the_disclaimer() -> None:
    for _, data in sitemap_files(ADDRESS, register(entry())):
        assert DISCLAIMER in data.decode()
