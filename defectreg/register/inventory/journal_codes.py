"""What is said of a request before the rule is asked: it was seen already, or is none.

A code that begins with J is of this list, and is never used again for something else.
"""

from __future__ import annotations

from defectreg.register.inventory.rules import Verdict

REPEATED = Verdict("allowed", "J01", "In the journal already: the same request changes nothing.")
TAKEN = Verdict(
    "refused", "J02", "Refused: a request with this id, and another content, came before."
)
UNREADABLE = Verdict("refused", "J03", "Refused: it is no request that conforms.")
JOURNAL_VERDICTS = (REPEATED, TAKEN, UNREADABLE)
