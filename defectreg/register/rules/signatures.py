"""Rules of what a signature says of itself; whether it is good is asked of ``ssh-keygen``."""

from __future__ import annotations

from collections.abc import Iterator

from defectreg.register.demonstration import DEMONSTRATION_KEYS
from defectreg.register.findings import Problem
from defectreg.register.rules.registry import Case, rule
from defectreg.register.sshkeys import Signature
from defectreg.register.statement import Statement

_PATH = ("signature",)
_RECEIVERS = frozenset({"reporter", "validator", "publisher"})
_ROLES_OF_KIND = {
    "report": frozenset({"reporter"}),
    "response": frozenset({"manufacturer"}),
    "notice": frozenset({"publisher", "validator"}),
}


def roles_for(statement: Statement) -> frozenset[str]:
    """The roles of which the signer needs one; empty where any person of the Party will do."""
    if statement.kind == "sign-off":
        role = statement.text("role")
        return frozenset() if role == "party" else frozenset({role})
    if "received" in statement.data:
        return frozenset({"validator"}) if statement.kind == "response" else _RECEIVERS
    return _ROLES_OF_KIND.get(statement.kind, frozenset())


@rule("R090", severity="awaited")
def a_statement_is_signed(statement: Statement, case: Case) -> Iterator[Problem]:
    """A statement is signed before it lands.

    Hint: `defectreg key sign ID` signs what your Party left unsigned.
    Source: our policy: whatever anyone says is whose, when, signed.
    """
    if not statement.is_signed:
        hint = f"`defectreg key sign {case.record.id}` signs it for its Party"
        yield Problem((), "it is not signed yet", hint)


@rule("R091")
def a_signature_is_readable(statement: Statement, case: Case) -> Iterator[Problem]:
    """A signature is an SSH signature by a key of a kind that is used here.

    Hint: sign with `defectreg key sign ID`, or with ssh-keygen -Y sign and an ed25519 key.
    Source: OpenSSH, PROTOCOL.sshsig.
    """
    if statement.is_signed and statement.signer is None:
        yield Problem(_PATH, "the signature cannot be read", _why(statement))


def _why(statement: Statement) -> str:
    try:
        Signature.parse(statement.text("signature"))
    except ValueError as error:
        return str(error)
    return ""


@rule("R092")
def a_signature_is_made_for_this_register(statement: Statement, case: Case) -> Iterator[Problem]:
    """A signature is made for this register, and counts in no other.

    Hint: the namespace is defectreg@ and the policy's name; `defectreg key sign ID` knows it.
    Source: OpenSSH, PROTOCOL.sshsig (namespace).
    """
    said = statement.bears
    if said is not None and said.namespace != case.policy.namespace:
        yield Problem(_PATH, "the signature is made for another register or purpose")


@rule("R093", landed="warning")
def the_signer_speaks_for_the_party(statement: Statement, case: Case) -> Iterator[Problem]:
    """The key that signed is held by a person of the Party, in a role that fits.

    A report asks for a reporter, a response for the manufacturer, a notice for a publisher or
    validator, a sign-off for the role that it names; the rest for anyone of the Party.
    Hint: the Party's file under policy/parties lists people, roles and keys.
    Source: the register's policy (policy/parties).
    """
    signer = statement.signer
    if signer is None or (signer in DEMONSTRATION_KEYS and not case.policy.demonstration):
        return
    held = case.grounds.parties.holder(signer)
    if held is None or held[0].slug != statement.by:
        yield Problem(_PATH, f"no person of {statement.by} holds the key that signed")
        return
    needed = roles_for(statement)
    if needed and not needed & held[1].roles:
        sentence = "the person who signed has no role that fits"
        yield Problem(_PATH, sentence, f"it needs: {', '.join(sorted(needed))}")


@rule("R094", landed="warning")
def the_key_is_not_distrusted(statement: Statement, case: Case) -> Iterator[Problem]:
    """The key that signed is not distrusted; what a distrusted key signed does not count.

    What landed before that stays where it is.
    Hint: the Party says it anew with another key.
    Source: our policy.
    """
    if statement.signer in case.grounds.parties.distrusted:
        yield Problem(_PATH, "it is signed with a key that is now distrusted, and does not count")


@rule("R097")
def a_retired_key_signs_nothing_new(statement: Statement, case: Case) -> Iterator[Problem]:
    """What has not landed is signed with a key that is still in use.

    What a retired key signed stands where it has landed; it signs nothing new.
    Hint: sign it with the key that took its place: `defectreg key sign ID`.
    Source: our policy (policy/parties, the state of a key).
    """
    if case.is_landed(statement) or statement.signer is None:
        return
    held = case.grounds.parties.holder(statement.signer)
    if held is not None and held[2].state == "retired":
        yield Problem(_PATH, "it is signed with a key that is retired, and has not landed")


@rule("R095")
def demonstration_keys_sign_nothing_real(statement: Statement, case: Case) -> Iterator[Problem]:
    """Only a register of invented records trusts the demonstration keys.

    Anyone may have their private halves.
    Hint: make a key of your own with `defectreg key`.
    Source: our policy (demonstration).
    """
    if statement.signer in DEMONSTRATION_KEYS and not case.policy.demonstration:
        yield Problem(_PATH, "it is signed with a demonstration key, which anyone may have")
