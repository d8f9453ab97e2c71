"""A record with all that is said about it: what content rules are asked of."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from defectreg.register.classification import CLASSES, highest
from defectreg.register.detectors import find
from defectreg.register.findings import DataPath
from defectreg.register.grounds import Grounds
from defectreg.register.parties import Party
from defectreg.register.plaintext import unquoted_words
from defectreg.register.policy import Policy
from defectreg.register.record import Record
from defectreg.register.shapes import Shape, texts
from defectreg.register.statement import Statement
from defectreg.register.wording import find_words

BARRIER = "\n|\n"
"""Between texts that are searched in one go: no detector and no word reaches across it."""


@dataclass(frozen=True)
class Case:
    """A record with all that is said about it, and what both are judged by."""

    record: Record
    statements: tuple[Statement, ...]
    """In the order of their file names; those that could be read."""
    grounds: Grounds
    landed: frozenset[str] = frozenset()
    """The SHA-256 of the statements that stand on the target; empty where nobody says which do."""
    _sighted: dict[str, dict[str, list[DataPath]]] = field(default_factory=dict, compare=False)

    @property
    def policy(self) -> Policy:
        """The switches of the register."""
        return self.grounds.policy

    @cached_property
    def by_file(self) -> Mapping[str, Statement]:
        """The statements by their file names."""
        return {statement.file: statement for statement in self.statements}

    def statement(self, file: str) -> Statement | None:
        """The statement with this file name, or None."""
        return self.by_file.get(file)

    def is_landed(self, statement: Statement) -> bool:
        """Whether it stands on the target with these bytes: it was judged when it landed."""
        return statement.sha256 in self.landed

    def party(self, statement: Statement) -> Party | None:
        """The Party that says a statement, where the register has it."""
        return self.grounds.parties.get(statement.by)

    @cached_property
    def reports(self) -> tuple[Statement, ...]:
        """The reports."""
        return tuple(item for item in self.statements if item.kind == "report")

    @cached_property
    def first_day(self) -> datetime.date | None:
        """The day of the earliest report."""
        return min((report.date for report in self.reports), default=None)

    @cached_property
    def first_reporters(self) -> frozenset[str]:
        """The Parties that reported it first: of what has landed, where a report has.

        What lands later may claim an earlier day, and is no earlier for it.
        """
        landed = [report for report in self.reports if self.is_landed(report)]
        first = min((report.date for report in landed), default=self.first_day)
        return frozenset(report.by for report in landed or self.reports if report.date == first)

    @cached_property
    def by_sha256(self) -> Mapping[str, Statement]:
        """The statements by the SHA-256 of their files."""
        return {statement.sha256: statement for statement in self.statements}

    @cached_property
    def accepted(self) -> frozenset[str]:
        """The SHA-256 of everything that an accept names."""
        return self._decided("accept")

    @cached_property
    def is_lifted(self) -> bool:
        """Whether a lift beside it names these bytes of the record."""
        return self.record.sha256 in self._decided("lift")

    def _decided(self, decision: str) -> frozenset[str]:
        return frozenset(
            reading.sha256
            for statement in self.statements
            if statement.kind == "sign-off" and statement.text("decision") == decision
            for reading in statement.read
        )

    @cached_property
    def consented(self) -> Mapping[str, str]:
        """SHA-256 → the strictest audience to which those who gave it have consented last."""
        said: dict[str, dict[str, str]] = {}
        for consent in sorted(self._consents, key=_newest_last):
            for reading in consent.read:
                if consent.by in self.givers(reading.sha256):
                    said.setdefault(reading.sha256, {})[consent.by] = consent.text("audience")
        return {sha256: highest(*audiences.values()) for sha256, audiences in said.items()}

    def givers(self, sha256: str) -> frozenset[str]:
        """The Parties that gave what stands in a file: a statement's own, else who reported it."""
        said = self.by_sha256.get(sha256)
        return self.first_reporters if said is None else frozenset({said.by})

    @property
    def _consents(self) -> list[Statement]:
        """The consents that their own Party has not replaced."""
        consents = [item for item in self.statements if item.kind == "consent"]
        replaced = {(item.by, item.text("supersedes")) for item in consents}
        return [item for item in consents if (item.by, item.file) not in replaced]

    def shape(self, said: Record | Statement) -> Shape:
        """The shape of the schema of a record or statement."""
        return self.grounds.shapes["record" if isinstance(said, Record) else "statement"]

    def sighted(self, said: Record | Statement) -> Mapping[str, list[DataPath]]:
        """Where its texts hold what may never be stored, by the detectors' kinds."""
        found = self._sighted.get(said.sha256)
        if found is None:
            found = self._sighted[said.sha256] = {}
            for path, text in self._typed(said) if self.is_anything_sighted else ():
                for kind in sightings(text):
                    found.setdefault(kind, []).append(path)
        return found

    @cached_property
    def is_anything_sighted(self) -> bool:
        """Whether anything in it holds what may never be stored."""
        named = _joined(text for said in self._said for _, text in self._named(said))
        return bool(sightings(self._all_prose) or sightings(named))

    @cached_property
    def has_words(self) -> bool:
        """Whether anything in it has a word of blame, compliance or recommendation."""
        return any(find_words(self._all_prose, self.policy.words))

    @cached_property
    def _all_prose(self) -> str:
        return _joined(text for said in self._said for _, text in self.prose(said))

    @property
    def _said(self) -> tuple[Record | Statement, ...]:
        return (self.record, *self.statements)

    def _typed(self, said: Record | Statement) -> list[tuple[DataPath, str]]:
        return [*self.prose(said), *self._named(said)]

    def prose(self, said: Record | Statement) -> list[tuple[DataPath, str]]:
        """The words of a record or statement that are shown to readers, with their paths."""
        return texts(said.data, self.shape(said).prose)

    def _named(self, said: Record | Statement) -> list[tuple[DataPath, str]]:
        return texts(said.data, self.shape(said).named)


def _joined(found: Iterable[str]) -> str:
    """Texts as one: nearly always nothing is in any of them, which is said of all at once."""
    return BARRIER.join(dict.fromkeys(found))


def _newest_last(consent: Statement) -> tuple[datetime.date, int]:
    """By date; of equals the stricter comes last."""
    return consent.date, CLASSES.index(consent.text("audience"))


def sightings(text: str) -> tuple[str, ...]:
    """The kinds of what may never be stored that stand in a text, each once.

    What is percent-encoded, as the notation has it, is read as it is typed and as it is meant.
    """
    read = [text, *unquoted_words(text)] if "%" in text else [text]
    return tuple(dict.fromkeys(sighting.kind for each in read for sighting in find(each)))
