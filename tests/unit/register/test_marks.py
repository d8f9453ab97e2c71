"""The marks, over all combinations of what they depend on."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from defectreg.register.catalogue import Catalogue, Product, Release
from defectreg.register.devices import Device
from defectreg.register.stage import MARKS, marks_of
from defectreg.register.standing import Landed
from tests.unit.register.cases import decided, policy, said, standing

VERSION = "00010002"
FIXES = ("none", "awaited", "counts", "confirmed by its author", "confirmed by another")
CAUSES = ("none", "awaited", "suspected", "identified", "both")
CHALLENGES = ("none", "awaited", "counts")
POSITIONS = (
    "none",
    "acknowledged",
    "not-affected",
    "not-reproduced",
    "supplier-process",
    "disputed",
)
CODES = ("none", "duplicate-of", "superseded", "reported-in-error")
FLAGS = (False, True)
EMPTY = Catalogue({}, {}, {}, {}, ())
NEWER = Catalogue(
    {
        "ESME:FF01/00010100": Product(
            device=Device("ESME", "FF01", "00010100"),
            name="Invented meter",
            smets_version="5.0",
            esme_variants=(),
            releases=(Release("00010001", "2025-01-10"), Release(VERSION, "2026-01-10")),
        )
    },
    {},
    {},
    {},
    (),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One combination of what the marks depend on."""

    fix: str
    workaround: bool
    cause: str
    challenge: str
    position: str
    code: str
    newer: bool

    def landed(self) -> list[Landed]:
        return [*self._fix(), *self._workaround(), *self._causes(), *self._doubts(), *self._end()]

    def _fix(self) -> list[Landed]:
        if self.fix == "none":
            return []
        fix = said("fix", "maker-one", device="ESME", firmware=VERSION)
        if self.fix == "awaited":
            return [fix]
        if self.fix == "counts":
            return _accepted(fix)
        by = "maker-one" if self.fix == "confirmed by its author" else "supplier-two"
        return [
            *_accepted(fix),
            *_accepted(said("confirmation", by, about=fix.statement.file)),
        ]

    def _workaround(self) -> list[Landed]:
        return _accepted(said("workaround", "supplier-one", says="x")) if self.workaround else []

    def _causes(self) -> list[Landed]:
        states = ("suspected", "identified") if self.cause in ("both", "awaited") else (self.cause,)
        causes = [
            said("cause", "supplier-one", number=number, cause=state, says="x")
            for number, state in enumerate(states, 1)
            if state != "none"
        ]
        if self.cause == "awaited":
            return causes
        return [item for cause in causes for item in _accepted(cause)]

    def _doubts(self) -> list[Landed]:
        challenge = said("challenge", "supplier-two", about="scope", says="x")
        doubts = {"none": [], "awaited": [challenge], "counts": _accepted(challenge)}
        if self.position == "none":
            return doubts[self.challenge]
        return [*doubts[self.challenge], said("response", "maker-one", position=self.position)]

    def _end(self) -> list[Landed]:
        return [] if self.code == "none" else [decided("withdraw", step=9, code=self.code)]

    def expected(self) -> set[str]:
        counts = self.fix not in ("none", "awaited")
        disputing = ("not-reproduced", "supplier-process", "disputed")
        identified = self.cause in ("identified", "both")
        holds = {
            "fixed": self.fix == "confirmed by another",
            "fix": counts,
            "workaround": self.workaround,
            "cause-identified": identified,
            "cause-suspected": self.cause == "suspected",
            "cause-unknown": self.cause in ("none", "awaited"),
            "disputed": self.challenge == "counts" or self.position in disputing,
            "duplicate": self.code == "duplicate-of",
            "superseded": self.code == "superseded",
            "not-confirmed-with-newer-firmware": self.newer and not counts,
        }
        assert holds.keys() == MARKS.keys()
        return {mark for mark, holding in holds.items() if holding}


def _accepted(item: Landed) -> list[Landed]:
    return [item, decided("accept", item)]


def test_each_mark_holds_exactly_when_its_facts_do_in_every_combination() -> None:
    seen: set[str] = set()
    for values in itertools.product(FIXES, FLAGS, CAUSES, CHALLENGES, POSITIONS, CODES, FLAGS):
        choice = Choice(*values)
        marks = marks_of(
            standing(*choice.landed()), NEWER if choice.newer else EMPTY, "green", policy()
        )
        assert set(marks) == choice.expected(), choice
        assert list(marks) == [mark for mark in MARKS if mark in marks]
        seen.update(marks)
    assert seen == set(MARKS)
