"""Parties, their people, roles and keys: who may do what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from defectreg.register.sshkeys import PublicKey

SUPPLIERS = ("large-supplier", "small-supplier")
NETWORKS = ("electricity-network-operator", "gas-network-operator")
CATEGORY_WORDS = {
    "large-supplier": "Large Supplier",
    "small-supplier": "Small Supplier",
    "electricity-network-operator": "Electricity Network Operator",
    "gas-network-operator": "Gas Network Operator",
    "shared-resource-provider": "Shared Resource Provider",
    "meter-installer": "Meter Installer",
    "device-manufacturer": "Device Manufacturer",
    "flexibility-provider": "Flexibility Provider",
    "meter-asset-provider": "Meter Asset Provider",
    "dcc": "DCC",
    "secas": "SECAS",
    "sec-panel": "SEC Panel",
    "ssc": "Security Sub-Committee",
}
_MAY_REPORT = {
    "suppliers": SUPPLIERS,
    "networks": NETWORKS,
    "manufacturers": ("device-manufacturer",),
    "meter-asset-providers": ("meter-asset-provider",),
    "dcc": ("dcc",),
}


@dataclass(frozen=True, slots=True)
class Key:
    """A public key and its state: active, retired (what it signed stands) or distrusted."""

    public: PublicKey
    state: str


@dataclass(frozen=True, slots=True)
class Person:
    """One person of a Party; with several keys still one."""

    pseudonym: str
    roles: frozenset[str]
    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Party:
    """A SEC Party, or a body such as SECAS."""

    slug: str
    name: str
    category: str
    manufacturer_ids: frozenset[str]
    mailbox: str
    people: tuple[Person, ...]

    @classmethod
    def parse(cls, slug: str, data: Mapping[str, Any]) -> Party:
        """The Party that schema-valid data say. Raises ValueError for a key that is none."""
        return cls(
            slug=slug,
            name=data["name"],
            category=data["category"],
            manufacturer_ids=frozenset(text.upper() for text in data.get("manufacturer-ids", ())),
            mailbox=data.get("mailbox", ""),
            people=tuple(_person(person) for person in data.get("people", ())),
        )

    def may_report(self, who_reports: tuple[str, ...]) -> bool:
        """Whether the policy's list of those who may report has this Party's category."""
        return any(self.category in _MAY_REPORT[group] for group in who_reports)


def _person(data: Mapping[str, Any]) -> Person:
    return Person(
        pseudonym=data["pseudonym"],
        roles=frozenset(data["roles"]),
        keys=tuple(
            Key(PublicKey.parse(key["key"]), key.get("state", "active")) for key in data["keys"]
        ),
    )


@dataclass(frozen=True)
class Parties:
    """All Parties of a register, by slug."""

    by_slug: Mapping[str, Party]

    def __iter__(self) -> Iterator[Party]:
        return iter(self.by_slug.values())

    def get(self, slug: str) -> Party | None:
        """The Party with this slug, or None."""
        return self.by_slug.get(slug)

    @cached_property
    def _people(self) -> Mapping[str, tuple[Party, Person, Key]]:
        return {
            key.public.fingerprint: (party, person, key)
            for party in self
            for person in party.people
            for key in person.keys
        }

    def holder(self, fingerprint: str) -> tuple[Party, Person, Key] | None:
        """Who holds the key with this fingerprint, and the key; None where nobody does."""
        return self._people.get(fingerprint)

    @cached_property
    def distrusted(self) -> frozenset[str]:
        """Fingerprints of the keys whose signatures no longer count, whoever else holds them."""
        return frozenset(
            key.public.fingerprint
            for party in self
            for person in party.people
            for key in person.keys
            if key.state == "distrusted"
        )

    @cached_property
    def _manufacturers(self) -> Mapping[str, Party]:
        return {identifier: party for party in self for identifier in party.manufacturer_ids}

    def manufacturer(self, identifier: str) -> Party | None:
        """The Party that answers for a manufacturer identifier; None where none does."""
        return self._manufacturers.get(identifier.upper())

    def category(self, slug: str) -> str:
        """The words for a Party's category; of an unknown Party, that it is unknown."""
        party = self.get(slug)
        return CATEGORY_WORDS[party.category] if party else "a Party no longer listed"
