"""CSAF 2.0 informational advisories: what is known of some products, without a verdict on them.

Source: OASIS CSAF 2.0, section 4.3 (profile 3, informational advisory) and section 6.1.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

CATEGORY = "csaf_informational_advisory"
LANGUAGE = "en-GB"
_NOT_IN_A_NAME = re.compile("[^+a-z0-9-]+")


class Note(NamedTuple):
    """A text; its category is one of CSAF's: summary, details, description, general …"""

    category: str
    title: str
    text: str


class Reference(NamedTuple):
    """Where more is to be found; ``category`` is self or external."""

    category: str
    summary: str
    url: str


class Revision(NamedTuple):
    """What made a version of the advisory; ``number`` is a semantic version."""

    number: str
    day: datetime.date
    summary: str


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes; ``namespace`` is a URI that is its own and does not change."""

    name: str
    namespace: str
    contact: str
    """Empty where none is known."""


@dataclass(frozen=True, slots=True)
class Advisory:
    """All that one advisory says; oldest revision first, at least one."""

    id: str
    title: str
    tlp: str
    """WHITE or GREEN: the names of TLP 1.0, which CSAF 2.0 knows."""
    audience: str
    publisher: Publisher
    notes: tuple[Note, ...]
    references: tuple[Reference, ...]
    products: tuple[str, ...]
    """Names of what it is about; none carries a status."""
    revisions: tuple[Revision, ...]


def advisory_name(identifier: str) -> str:
    """The file name that CSAF gives to an advisory (section 5.1)."""
    return f"{_NOT_IN_A_NAME.sub('_', identifier.lower())}.json"


def to_csaf(advisory: Advisory) -> dict[str, Any]:
    """The advisory as a CSAF document, its keys in alphabetical order as CSAF sorts them."""
    document: dict[str, Any] = {
        "category": CATEGORY,
        "csaf_version": "2.0",
        "distribution": {"text": advisory.audience, "tlp": {"label": advisory.tlp}},
        "lang": LANGUAGE,
        "notes": [
            {"category": note.category, "text": note.text, "title": note.title}
            for note in advisory.notes
        ],
        "publisher": _publisher(advisory.publisher),
        "references": [
            {"category": reference.category, "summary": reference.summary, "url": reference.url}
            for reference in advisory.references
        ],
        "title": advisory.title,
        "tracking": _tracking(advisory),
    }
    tree = _products(advisory.products)
    return {"document": document, **({"product_tree": tree} if tree else {})}


def _publisher(publisher: Publisher) -> dict[str, str]:
    contact = {"contact_details": publisher.contact} if publisher.contact else {}
    return {
        "category": "coordinator",
        **contact,
        "name": publisher.name,
        "namespace": publisher.namespace,
    }


def _tracking(advisory: Advisory) -> dict[str, Any]:
    newest = advisory.revisions[-1]
    return {
        "current_release_date": _moment(newest.day),
        "generator": {"engine": {"name": "defectreg"}},
        "id": advisory.id,
        "initial_release_date": _moment(advisory.revisions[0].day),
        "revision_history": [
            {
                "date": _moment(revision.day),
                "number": revision.number,
                "summary": revision.summary,
            }
            for revision in advisory.revisions
        ],
        "status": "final",
        "version": newest.number,
    }


def _products(names: Iterable[str]) -> dict[str, Any]:
    """A flat list: branches would put the entry under a vendor's name."""
    once = dict.fromkeys(names)
    products = [
        {"name": name, "product_id": f"combination-{number}"}
        for number, name in enumerate(once, start=1)
    ]
    return {"full_product_names": products} if products else {}


@lru_cache(maxsize=4096)
def _moment(day: datetime.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
