"""What tells search engines what the publication is: only for the world, and only by policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from defectreg.formats.atom import element, escaped
from defectreg.publication.documents import json_bytes
from defectreg.publication.machine import shard_name
from defectreg.publication.pages import Pages, contact_link, has_bulk, is_indexed
from defectreg.register.public import DISCLAIMER, PublicRegister

DESCRIPTION = (
    "Issues, defects, fixes and workarounds of smart-metering Devices in Great Britain, as "
    "reported and validated by Parties of the Smart Energy Code."
)
_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PAGES = ("index.html", "about.html", "api/index.html")
_SHARD_SYMBOLS = 2


def dataset(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """The publication as a schema.org Dataset; the page about the interface says the same."""
    if is_indexed(register):
        yield "dataset.jsonld", json_bytes(dataset_value(register))


def dataset_value(register: PublicRegister) -> dict[str, Any]:
    """The Dataset; addresses are relative to its file."""
    contact = contact_link(register.contact)
    creator = {"@type": "Organization", "name": register.title}
    invented = "Everything in it is invented. " if register.is_demonstration else ""
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": register.title,
        "description": f"{DESCRIPTION} {invented}{DISCLAIMER}",
        "url": "index.html",
        "creator": {**creator, **({"contactPoint": contact} if contact else {})},
        "dateModified": register.day.isoformat(),
        "version": register.commit,
        "inLanguage": "en-GB",
        "isAccessibleForFree": True,
        "spatialCoverage": "Great Britain",
        "distribution": list(_downloads(register)),
    }


def _downloads(register: PublicRegister) -> Iterator[dict[str, str]]:
    """What can be taken whole; below the search level ``model`` that is the bulletins alone."""
    if has_bulk(register):
        yield _download("All entries as JSON: the list of files", "json", "all/index.json")
        yield _download("All entries as CSV: the list of files", "html", "all/index.html")
        yield _download("What is new", "atom+xml", "feed.xml")
    yield _download("Monthly bulletins", "atom+xml", "feeds/bulletins.xml")


def _download(name: str, form: str, address: str) -> dict[str, str]:
    kind = "text" if form == "html" else "application"
    return {
        "@type": "DataDownload",
        "name": name,
        "encodingFormat": f"{kind}/{form}",
        "contentUrl": address,
    }


def sitemap(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """The site map, where search engines are invited and policy says where the site stands."""
    if is_indexed(register) and register.policy.address:
        yield from sitemap_files(register.policy.address, register)


def sitemap_files(address: str, register: PublicRegister) -> Iterator[tuple[str, bytes]]:
    """The site map for a site at ``address``, which ends in a slash: an index, and a file of each
    two symbols with which ids begin, since no file may list more than 50,000 pages."""
    places: dict[str, list[tuple[str, str]]] = {}
    for record in register.records:
        shown = (f"records/{record.id}.html", record.last_day.isoformat())
        places.setdefault(shard_name(record.id, _SHARD_SYMBOLS), []).append(shown)
    places["pages"] = [(path, register.day.isoformat()) for path in _PAGES]
    maps = [f"sitemaps/{name}.xml" for name in sorted(places)]
    for name, path in zip(sorted(places), maps, strict=True):
        yield path, _map("urlset", "url", address, places[name])
    yield "sitemap.xml", _map("sitemapindex", "sitemap", address, ((path, "") for path in maps))


def _map(outer: str, inner: str, address: str, places: Iterable[tuple[str, str]]) -> bytes:
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f"<!-- {escaped(DISCLAIMER)} -->",
        f'<{outer} xmlns="{_SITEMAPS}">',
    ]
    for path, day in places:
        changed = element("lastmod", day) if day else ""
        lines.append(f"<{inner}>{element('loc', address + path)}{changed}</{inner}>")
    return "\n".join([*lines, f"</{outer}>", ""]).encode()
