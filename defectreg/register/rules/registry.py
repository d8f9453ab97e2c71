"""How a rule is written, found and run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from defectreg.register.findings import Problem, Severity
from defectreg.register.rules.case import Case
from defectreg.register.statement import KINDS

__all__ = ["RULES", "Case", "Judgement", "Rule", "of_record", "of_statements", "page_of", "rule"]

Subject: TypeAlias = Literal["record", "statement", "said"]
"""Of what a rule is asked: the record, each statement, or both."""
Judgement: TypeAlias = Callable[..., Iterator[Problem]]


@dataclass(frozen=True, slots=True)
class Page:
    """What a docstring of a rule says: the rule, what to do, and whence it comes."""

    title: str
    explanation: str
    hint: str
    source: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: ``function``, called with its subject and the case, yields the problems."""

    code: str
    subject: Subject
    severity: Severity
    landed: Severity
    """Of what stands on the target as it is: nobody can change a statement that has landed."""
    kinds: frozenset[str]
    """The kinds of statement it is asked of."""
    function: Judgement

    @property
    def page(self) -> Page:
        """The rule's page, from its docstring."""
        return page_of(self.function.__doc__ or "")

    @property
    def title(self) -> str:
        """What holds when the rule is kept."""
        return self.page.title

    @property
    def explanation(self) -> str:
        """All that the docstring says after its first line: why, hint and source."""
        page = self.page
        parts = (page.explanation, page.hint and f"Hint: {page.hint}", f"Source: {page.source}")
        return "\n".join(part for part in parts if part)


_SUBJECTS: Mapping[str, Subject] = {"record": "record", "statement": "statement", "said": "said"}
RULES: dict[str, Rule] = {}
"""Every content rule by its code, in the order in which they are written."""


def rule(
    code: str,
    severity: Severity = "error",
    kinds: Iterable[str] = KINDS,
    landed: Severity | None = None,
) -> Callable[[Judgement], Judgement]:
    """Registers ``def name(record: Record, case: Case)``, or ``statement``, or ``said`` for both.

    The name of the first parameter says of what the rule is asked; of statements, only of these
    ``kinds``. ``landed`` is its severity for a statement that has landed, where that is another:
    switches and roles change, and what was right when it landed stays. The docstring is the rule's
    page: first line the rule, then ``Hint:``, ``Source:``.
    """

    def register(function: Judgement) -> Judgement:
        if code in RULES:
            raise ValueError(f"the code {code} is used twice")
        subject = _SUBJECTS.get(function.__code__.co_varnames[0])
        if subject is None:
            raise ValueError(f"{code}: the first parameter is none of record, statement, said")
        RULES[code] = Rule(code, subject, severity, landed or severity, frozenset(kinds), function)
        return function

    return register


def of_record(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules asked of records."""
    return tuple(found for found in rules if found.subject != "statement")


def of_statements(rules: Iterable[Rule]) -> dict[str, tuple[Rule, ...]]:
    """By kind of statement: the rules asked of it."""
    asked = [found for found in rules if found.subject != "record"]
    return {kind: tuple(found for found in asked if kind in found.kinds) for kind in KINDS}


def page_of(text: str) -> Page:
    """The page that a docstring says; paragraphs become lines."""
    parts = {"": "", "Hint": "", "Source": ""}
    title, _, rest = text.strip().partition("\n")
    place = ""
    for line in map(str.strip, rest.splitlines()):
        label, colon, words = line.partition(": ")
        is_label = bool(colon) and label in ("Hint", "Source")
        place = label if is_label else place
        parts[place] = f"{parts[place]} {words if is_label else line}".strip()
    return Page(title, parts[""], parts["Hint"], parts["Source"])
