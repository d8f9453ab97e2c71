"""Who told a report that somebody else enters: a Party of the register, or only a category."""

from __future__ import annotations

from dataclasses import dataclass

from defectreg.register.parties import CATEGORY_WORDS, Parties, Party


@dataclass(frozen=True, slots=True)
class Teller:
    """Who told it: ``name`` is a Party's slug, or a category where no Party is named."""

    name: str
    category: str
    """Empty where nobody is named."""

    def may_report(self, who_reports: tuple[str, ...]) -> bool:
        """Whether the policy's list of those who may report has this category."""
        party = Party("", "", self.category, frozenset(), "", ())
        return party.may_report(who_reports)


def teller_of(typed: str, parties: Parties, otherwise: str) -> Teller:
    """Who is meant by a Party's slug or name, or by a category; ``otherwise`` where nobody is.

    Its category is empty for a text that names nobody.
    """
    wanted = " ".join(typed.split()).casefold()
    if not wanted:
        return Teller(otherwise, otherwise)
    for party in parties:
        if wanted in (party.slug, party.name.casefold()):
            return Teller(party.slug, party.category)
    for category, words in CATEGORY_WORDS.items():
        if wanted in (category, words.casefold()):
            return Teller(category, category)
    return Teller("", "")
