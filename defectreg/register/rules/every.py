"""Every rule, imported once: a module of rules that is not named here is not asked."""

from __future__ import annotations

from defectreg.register.rules import (
    classes,
    combinations,
    records,
    remedies,
    reports,
    signatures,
    signoffs,
    statements,
    texts,
)
from defectreg.register.rules.registry import RULES, of_record, of_statements

__all__ = [
    "NEVER_STORED",
    "RECORD_RULES",
    "RULES",
    "STATEMENT_RULES",
    "classes",
    "combinations",
    "records",
    "remedies",
    "reports",
    "signatures",
    "signoffs",
    "statements",
    "texts",
]

NEVER_STORED = tuple(RULES[code] for code in texts.DETECTED)
"""The detectors' rules, asked only where something was sighted."""
_ASKED = tuple(found for found in RULES.values() if found not in NEVER_STORED)
RECORD_RULES = of_record(_ASKED)
STATEMENT_RULES = of_statements(_ASKED)
"""By kind of statement."""
