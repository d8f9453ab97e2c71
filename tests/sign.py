"""Sign the invented records anew with the demonstration keys (``make sign``).

Whoever has changed a record or a schema runs this: each line of ``read`` that names a file gets the
SHA-256 of its present bytes, and each statement is signed again, one that others read before those
that read it. A line whose file is not there, for bytes that stood earlier, is left alone, and so is
``replaces``. Whoever signed a statement signs it again; a new one is signed by the first person of
its Party whose role fits.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

from defectreg.register.grounds import Grounds, is_ground, read_grounds
from defectreg.register.parties import Person
from defectreg.register.record import record_path, statements_folder
from defectreg.register.rules.signatures import roles_for
from defectreg.register.statement import Reading, Statement, place_of_statement
from defectreg.register.yamltext import load
from defectreg.store.signatures import public_of
from defectreg.store.signing_statements import signed_all

REPOSITORY = Path(__file__).resolve().parent.parent
KEYS = Path("tests/keys")


@dataclass(frozen=True)
class Demonstration:
    """A register of invented records on disc, and the keys that sign for its Parties."""

    root: Path
    grounds: Grounds
    keys: Mapping[str, Path]
    """Fingerprint → the file of the private half."""

    @classmethod
    def at(cls, root: Path) -> Demonstration:
        """The register in a folder; raises ValueError where its policy or a Party is wrong."""
        files = {path: source for path, source in _files(root) if is_ground(path)}
        grounds, findings = read_grounds(files)
        if findings:
            raise ValueError("\n".join(map(str, findings)))
        return cls(root, grounds, {public_of(key).fingerprint: key for key in key_files(root)})

    def statements(self) -> dict[str, Statement]:
        """Every statement by its path, as its file says it now."""
        return {path: self.statement(path) for path in self._paths()}

    def _paths(self) -> Iterator[str]:
        for file in sorted((self.root / "records").glob("*/*/*.yaml")):
            path = file.relative_to(self.root).as_posix()
            if place_of_statement(path) is None:
                raise ValueError(f"{path} is no place of a statement")
            yield path

    def statement(self, path: str) -> Statement:
        """One statement, as its file says it now."""
        source = (self.root / path).read_bytes()
        data = self.grounds.schemas["statement"].coerced(load(source).data)
        return Statement(path.rpartition("/")[2], data, hashlib.sha256(source).hexdigest())

    def file_read(self, statement: Statement, reading: Reading) -> str | None:
        """The path of the file that a line of ``read`` names; None where it is not there."""
        path = f"{statements_folder(statement.of)}/{reading.name}"
        if reading.name == f"{statement.of}.yaml":
            path = record_path(statement.of)
        return path if (self.root / path).is_file() else None

    def with_present_bytes(self, path: str) -> bytes:
        """A statement's file whose ``read`` names the files as they are now."""
        source = (self.root / path).read_bytes()
        statement = self.statement(path)
        for reading in statement.read:
            read = self.file_read(statement, reading)
            if read is not None:
                present = hashlib.sha256((self.root / read).read_bytes()).hexdigest()
                line = f"{reading.sha256}  {reading.name}".encode()
                source = source.replace(line, f"{present}  {reading.name}".encode())
        return source

    def signer(self, statement: Statement) -> str:
        """The fingerprint of the key that signs a statement. Raises ValueError where none does."""
        signer = statement.signer
        if signer is not None and signer in self.keys:
            return signer
        for person in self._people(statement):
            for key in person.keys:
                if key.state == "active" and key.public.fingerprint in self.keys:
                    return key.public.fingerprint
        raise ValueError(f"{statement.of}/{statement.file}: no key of {statement.by} fits")

    def _people(self, statement: Statement) -> Iterator[Person]:
        party = self.grounds.parties.get(statement.by)
        needed = roles_for(statement)
        for person in party.people if party else ():
            if not needed or needed & person.roles:
                yield person


def key_files(root: Path) -> Iterator[Path]:
    """The private halves of the demonstration keys."""
    return (path for path in sorted((root / KEYS).iterdir()) if path.suffix != ".md")


def steps(demonstration: Demonstration) -> Iterator[tuple[str, ...]]:
    """The statements' paths, in steps: a step reads only what earlier ones signed."""
    statements = demonstration.statements()
    order = TopologicalSorter(
        {
            path: [
                read
                for reading in statement.read
                if (read := demonstration.file_read(statement, reading)) in statements
            ]
            for path, statement in statements.items()
        }
    )
    order.prepare()
    while order.is_active():
        step = order.get_ready()
        yield tuple(sorted(step))
        order.done(*step)


def signed_anew(demonstration: Demonstration, step: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """The statements of one step as they are to be: what they read, and their signature."""
    by_key: dict[str, list[str]] = defaultdict(list)
    for path in step:
        by_key[demonstration.signer(demonstration.statement(path))].append(path)
    for fingerprint, paths in by_key.items():
        texts = [demonstration.with_present_bytes(path) for path in paths]
        namespace = demonstration.grounds.policy.namespace
        signed = signed_all(texts, demonstration.keys[fingerprint], namespace)
        yield from zip(paths, signed, strict=True)


def sign(demonstration: Demonstration) -> list[str]:
    """Sign everything anew; returns the paths of the files that this changed."""
    changed = []
    for step in steps(demonstration):
        for path, source in signed_anew(demonstration, step):
            file = demonstration.root / path
            if file.read_bytes() != source:
                file.write_bytes(source)
                changed.append(path)
    return sorted(changed)


def problems(demonstration: Demonstration) -> Iterator[str]:
    """What is off, a line each: who signed, a file that was read with other bytes, a signature.

    A signature by ed25519 is the same each time, so a good one is what its key signs now.
    """
    for step in steps(demonstration):
        for path in step:
            yield from (f"{path}: {problem}" for problem in _unfit(demonstration, path))
        for path, source in signed_anew(demonstration, step):
            if (demonstration.root / path).read_bytes() != source:
                yield f"{path}: the signature, or a file that it read, is another now"


def _unfit(demonstration: Demonstration, path: str) -> Iterator[str]:
    statement = demonstration.statement(path)
    holder = demonstration.grounds.parties.holder(statement.signer or "")
    needed = roles_for(statement)
    if holder is None or holder[0].slug != statement.by:
        yield f"it is not signed by a person of {statement.by}"
    elif needed and not needed & holder[1].roles:
        yield f"who signed it is no {' or '.join(sorted(needed))}"


def _files(root: Path) -> Iterator[tuple[str, bytes]]:
    for folder in ("policy", "schema", "catalogue"):
        for file in sorted((root / folder).rglob("*")):
            if file.is_file():
                yield file.relative_to(root).as_posix(), file.read_bytes()


def main(arguments: Iterable[str], root: Path = REPOSITORY) -> int:
    """Sign, or with ``--check`` say what is off; the exit code: 1 where something is."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, say what is off")
    asked = parser.parse_args(list(arguments))
    demonstration = Demonstration.at(root)
    if not asked.check:
        changed = sign(demonstration)
        print(f"{len(changed)} statements changed")
        return 0
    found = list(problems(demonstration))
    print("\n".join(found) or "every signature is good, and every file read is the one there")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
