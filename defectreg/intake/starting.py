"""A new register: its first files, its founders, and the commit that is the root of trust."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from defectreg.register.demonstration import DEMONSTRATION_KEYS
from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.register.grounds import PARTIES_FOLDER, POLICY_FILE, Grounds, is_ground, read_grounds
from defectreg.register.parties import CATEGORY_WORDS, Parties, Party, Person
from defectreg.register.policy import Policy
from defectreg.register.public import DISCLAIMER
from defectreg.register.sshkeys import PublicKey
from defectreg.register.yamltext import dump
from defectreg.store import git, signatures
from defectreg.store.files import packaged

EXAMPLE = "supplier-one:large-supplier:reporter+administrator:keys/me.pub"
"""A founder as ``--person`` takes one."""
_FORM = "--person takes PARTY:CATEGORY:ROLE[+ROLE]:KEYFILE, for example " + EXAMPLE
_MANUFACTURER_FORM = "--manufacturer takes PARTY:ID, for example maker-one:FF01"
_NOT_COPIED = "register"  # of templates/: what is written beside them
_LONGEST_SLUG = 40
_POLICY = """\
# The switches of this register. What does not stand here has the program's default:
# `defectreg policy show` lists every switch, its value, its source and who decided it;
# `defectreg policy try KEY=VALUE` shows which records another value would move.
# A decision is written down with the switch, for example
#   reply-window: 15
#   decided:
#     reply-window: {by: SEC Panel, date: 2026-03-02, reference: paper 7}
"""


@dataclass(frozen=True, slots=True)
class Founder:
    """One person with whom a register starts."""

    party: str
    category: str
    roles: tuple[str, ...]
    key: PublicKey


@dataclass(frozen=True, slots=True)
class Beginning:
    """A register before it is written: its files by path, its rules, and what it still lacks."""

    name: str
    files: Mapping[str, bytes]
    grounds: Grounds
    warnings: tuple[str, ...]

    @property
    def party(self) -> str:
        """The Party that the first commit carries: an administrator's, where there is one."""
        parties = list(self.grounds.parties)
        administrators = [party.slug for party in parties if _holders(party, "administrator")]
        return next(iter([*administrators, *(party.slug for party in parties)]), "defectreg")


def read_founder(typed: str) -> Founder:
    """The founder that ``PARTY:CATEGORY:ROLE[+ROLE]:KEYFILE`` names; reads the key file.

    Raises UsageProblem, with an example, where it is not in this form or there is no such key.
    """
    party, category, roles, file = _parts(typed)
    path = Path(file).expanduser()
    if not path.exists():
        raise UsageProblem(
            f"there is no key file {path}", f"`defectreg key {path}` makes one; {_FORM}"
        )
    key = signatures.public_of(path)
    if key.fingerprint in DEMONSTRATION_KEYS:
        raise UsageProblem(
            f"{path} is a demonstration key: anybody has its private half",
            "`defectreg key PATH` makes one that nobody else has",
        )
    return Founder(party, category, tuple(dict.fromkeys(roles.split("+"))), key)


def plan(name: str, founders: Sequence[Founder], manufacturers: Iterable[str] = ()) -> Beginning:
    """What a register of this name with these founders starts with; writes nothing.

    ``manufacturers`` are texts ``PARTY:ID``. Raises UsageProblem for what no register can hold.
    """
    _check_keys(founders)
    files = {
        **_copied(),
        **_beside(name),
        POLICY_FILE: (_POLICY + dump({"name": name})).encode(),
        **_party_files(founders, _identifiers(founders, manufacturers)),
    }
    try:
        grounds, findings = read_grounds({path: files[path] for path in files if is_ground(path)})
    except CannotRun as error:
        raise UsageProblem(
            error.sentence,
            "a name is a to z, 0 to 9 and hyphens, 2 to 40 characters: --name smart-devices",
        ) from error
    for finding in findings:
        raise UsageProblem(f"{finding.file}: {finding.sentence}", f"{finding.hint}; {_FORM}")
    warnings = tuple(warnings_of(grounds.parties, grounds.policy))
    return Beginning(name, dict(sorted(files.items())), grounds, warnings)


def start(folder: Path, beginning: Beginning, now: datetime) -> str:
    """Write a planned register into a new or empty folder; returns its first commit."""
    occasion = git.Occasion(f"Start the register {beginning.name}\n", beginning.party, now)
    return git.init(folder, beginning.files, occasion).head() or ""


def warnings_of(parties: Parties, policy: Policy) -> Iterator[str]:
    """What a register with these people could not do under this policy, in sentences."""
    if not any(party.people for party in parties):
        yield (
            "it has nobody: no --person was named, so nothing that anyone signs can count, "
            "and nobody could change that by a request"
        )
        return
    yield from _about_accepting(parties, policy)
    administering = [party.slug for party in parties if _holders(party, "administrator")]
    if not administering:
        yield "it has no administrator: nobody could change its policy, Parties or keys"
    elif len(administering) == 1:
        yield (
            f"only {administering[0]} has an administrator: until another Party has one, every "
            "administrator there is must sign a change of the policy"
        )


def _about_accepting(parties: Parties, policy: Policy) -> Iterator[str]:
    reporters = [
        (party, person)
        for party in parties
        if party.may_report(policy.who_reports)
        for person in _holders(party, "reporter")
    ]
    accepting = [
        (party, person) for party in parties for person in _accepting(party, policy.who_validates)
    ]
    if not reporters:
        yield "it has no reporter: whoever reports an issue signs it with the role reporter"
    if not accepting:
        yield f"nobody could accept a record: {_WHO_ACCEPTS[policy.who_validates]}"
    elif reporters and not any(
        _may_accept(reporter, validator, policy)
        for reporter in reporters
        for validator in accepting
    ):
        yield (
            "nobody could accept a record: who accepts it is another person than its reporter, "
            "and of another Party"
        )


_WHO_ACCEPTS = {
    "dcc": "this takes a person of the DCC with the role validator",
    "manufacturer": "this takes a person of a manufacturer with the role manufacturer",
    "both": "this takes a person with the role validator, and one with the role manufacturer",
    "peer": "this takes a person with the role validator",
}


def _accepting(party: Party, who_validates: str) -> list[Person]:
    """The people of a Party who may accept what another one reported."""
    if who_validates == "manufacturer":
        return _holders(party, "manufacturer") if party.manufacturer_ids else []
    if who_validates == "dcc" and party.category != "dcc":
        return []
    return _holders(party, "validator")


def _may_accept(
    reporter: tuple[Party, Person], validator: tuple[Party, Person], policy: Policy
) -> bool:
    if reporter == validator:
        return False
    itself = reporter[0].category == "dcc" and policy.dcc_reports_validated_by == "self"
    return itself or reporter[0] != validator[0]


def _holders(party: Party, role: str) -> list[Person]:
    return [person for person in party.people if role in person.roles]


def _parts(typed: str) -> tuple[str, str, str, str]:
    parts = typed.split(":", 3)
    if len(parts) < 4 or not all(parts):
        raise UsageProblem(f"{typed!a:.80} names no person", _FORM)
    party, category, roles, file = parts
    if not re.fullmatch(r"[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*", party) or len(party) > _LONGEST_SLUG:
        raise UsageProblem(
            f"{party!a:.60} cannot name a Party",
            "a Party is words of a to z and 0 to 9, each beginning with a letter, joined by "
            f"hyphens; {_FORM}",
        )
    if category not in CATEGORY_WORDS:
        raise UsageProblem(
            f"{category!a:.40} is no category of Parties",
            f"one of {', '.join(CATEGORY_WORDS)}; {_FORM}",
        )
    return party, category, roles, file


def _check_keys(founders: Sequence[Founder]) -> None:
    holders: dict[str, Founder] = {}
    categories: dict[str, str] = {}
    for founder in founders:
        if founder.key.fingerprint in holders:
            raise UsageProblem(
                f"the key {founder.key.fingerprint} is named for two people",
                "one person has all roles in one --person, joined by +; " + _FORM,
            )
        holders[founder.key.fingerprint] = founder
        if categories.setdefault(founder.party, founder.category) != founder.category:
            raise UsageProblem(f"{founder.party} is named with two categories", _FORM)


def _identifiers(founders: Sequence[Founder], typed: Iterable[str]) -> dict[str, list[str]]:
    """Party → its manufacturer identifiers."""
    found: dict[str, list[str]] = {}
    for text in typed:
        party, _, identifier = text.partition(":")
        if not identifier:
            raise UsageProblem(f"{text!a:.80} names no manufacturer", _MANUFACTURER_FORM)
        if party not in {founder.party for founder in founders}:
            raise UsageProblem(f"no --person is of the Party {party!a:.60}", _MANUFACTURER_FORM)
        for other, taken in found.items():
            if identifier.upper() in (known.upper() for known in taken):
                raise UsageProblem(f"{identifier!a:.40} is named for {other} already")
        found.setdefault(party, []).append(identifier)
    return found


def _party_files(
    founders: Sequence[Founder], identifiers: Mapping[str, list[str]]
) -> dict[str, bytes]:
    files = {}
    for slug in dict.fromkeys(founder.party for founder in founders):
        people = [founder for founder in founders if founder.party == slug]
        data: dict[str, object] = {"name": _name_of(slug), "category": people[0].category}
        if slug in identifiers:
            data["manufacturer-ids"] = identifiers[slug]
        data["people"] = [
            {
                "pseudonym": f"person-{number}",
                "roles": list(founder.roles),
                "keys": [{"key": str(founder.key)}],
            }
            for number, founder in enumerate(people, 1)
        ]
        files[f"{PARTIES_FOLDER}{slug}.yaml"] = dump(data).encode()
    return files


def _name_of(slug: str) -> str:
    """A first name of a Party: its slug as people would write it."""
    return CATEGORY_WORDS.get(slug) or " ".join(map(str.capitalize, slug.split("-")))


def _copied() -> dict[str, bytes]:
    """The formats and the catalogue that came with the program."""
    files = _below(packaged("schema"), "schema/") | _below(packaged("catalogue"), "catalogue/")
    templates = _below(packaged("templates"), "templates/")
    return files | {
        path: data
        for path, data in templates.items()
        if not path.startswith(f"templates/{_NOT_COPIED}/")
    }


def _beside(name: str) -> dict[str, bytes]:
    """The page, CI files and settings of an editor that stand at the top."""
    files = _below(packaged("templates") / _NOT_COPIED, "")
    page = files["README.md"].decode()
    page = page.replace("{name}", name).replace("{disclaimer}", DISCLAIMER)
    return files | {"README.md": page.encode()}


def _below(folder: Path, prefix: str) -> dict[str, bytes]:
    return {
        prefix + path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
