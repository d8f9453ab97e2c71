"""What stops the run: every exception of ours says what is wrong and what to do.

What is wrong in a record is not one of these but a :class:`~defectreg.register.findings.Finding`.
"""

from __future__ import annotations


class CannotRun(Exception):
    """The command cannot do its work here; the program exits with 3.

    ``sentence`` and ``hint`` are printed as they are, one line each, so neither may hold text of a
    record or a statement. ``hint`` is empty where nothing can be advised.
    """

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence, hint)
        self.sentence = sentence
        self.hint = hint

    def __str__(self) -> str:
        return self.sentence


class UsageProblem(CannotRun):
    """The command was asked in a way it does not understand; the program exits with 2."""
