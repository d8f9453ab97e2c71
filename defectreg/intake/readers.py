"""Who will be able to read what is typed, and who may be told what a register does not take."""

from __future__ import annotations

from defectreg.register.classification import CLASSES, may_read
from defectreg.register.grounds import Grounds
from defectreg.register.parties import Party

CLASS_WORDS = {
    "clear": "anyone",
    "green": "the SEC Parties",
    "amber": "those who need to know",
    "red": "the validators",
}


def who_will_read(grounds: Grounds, party: str) -> list[str]:
    """Sentences to be said before anything is asked or written.

    ``party`` is who makes a statement; empty where none is made.
    """
    policy = grounds.policy
    readers = f"Everyone with a clone of {policy.name} ({CLASS_WORDS[policy.ceiling]}) can read"
    said = f", and that {party} says it today" if party else ""
    return [
        f"{readers} this{said}. Git keeps it for ever.",
        "Leave out Device IDs, serial numbers, MPANs, addresses and names of people.",
    ]


def not_for_this_register(classification: str, grounds: Grounds) -> list[str]:
    """What to say of a text that is classified above the register's ceiling; empty if it is not."""
    ceiling = grounds.policy.ceiling
    if classification not in CLASSES or may_read(ceiling, classification):
        return []
    return [
        f"It is classified {classification}, above this register's ceiling ({ceiling}): keep it "
        "outside, or in a register of its own with a higher ceiling and fewer readers.",
    ]


def handed_to_security(grounds: Grounds) -> list[str]:
    """What to say of a record that says security; empty where the register may take it as it is."""
    if grounds.policy.ceiling == "red":
        return []
    bodies = [party for party in grounds.parties if _does_security(party)]
    names = " or ".join(sorted(map(_addressed, bodies))) or "the Security Sub-Committee"
    return [
        "It says that it touches security. Such a record enters this register only together with "
        f"a lift by the security body: hand it to {names}, outside git, and do not commit it.",
    ]


def _does_security(party: Party) -> bool:
    return any("security" in person.roles for person in party.people)


def _addressed(party: Party) -> str:
    return f"{party.name} ({party.mailbox})" if party.mailbox else party.name
