"""Rules of the words: what may never be stored, and what public text does not say."""

from __future__ import annotations

from collections.abc import Iterator

from defectreg.register.detectors import KINDS
from defectreg.register.findings import Finding, Problem, Severity
from defectreg.register.grounds import finding_at
from defectreg.register.record import Record
from defectreg.register.rules.case import sightings
from defectreg.register.rules.registry import Case, Judgement, rule
from defectreg.register.statement import Statement
from defectreg.register.wording import find_words
from defectreg.register.yamltext import Document

DETECTED = {
    "R101": "device-id",
    "R102": "serial-number",
    "R103": "mpan",
    "R104": "mprn",
    "R105": "uprn",
    "R106": "postcode",
    "R107": "address",
    "R108": "install-code",
    "R109": "phone",
    "R110": "e-mail",
    "R111": "person-name",
    "R112": "firmware-image",
}
"""Code → the kind of thing that never enters the register."""
CODE_OF_KIND = {kind: code for code, kind in DETECTED.items()}


def discreet_finding(
    file: str, document: Document, code: str, problem: Problem, severity: Severity = "error"
) -> Finding:
    """A problem as a finding at its place, which repeats nothing that may never be stored."""
    sentence, hint = problem.sentence, problem.hint
    if sightings(sentence):
        sentence = "what stands here is not written as it should be, and may be personal"
    return finding_at(
        file,
        document,
        code,
        Problem(problem.path, sentence, "" if sightings(hint) else hint),
        severity,
    )


def _never_stored(kind: str) -> Judgement:
    """The rule that keeps one kind out. It never repeats what it found: that may be personal."""

    def no_text_holds_it(said: Record | Statement, case: Case) -> Iterator[Problem]:
        for path in case.sighted(said).get(kind, ()):
            yield Problem(path, f"this looks like {KINDS[kind].name}", KINDS[kind].hint)

    no_text_holds_it.__doc__ = f"""No text holds {KINDS[kind].name}.

    Git remembers for ever, so it is refused before anyone commits it.
    Hint: {KINDS[kind].hint}.
    Source: Panel paper 2.1, information about a particular installation is confidential.
    """
    return no_text_holds_it


for _code, _kind in DETECTED.items():
    rule(_code)(_never_stored(_kind))


@rule("R040", landed="warning")
def public_text_lays_no_blame(said: Record | Statement, case: Case) -> Iterator[Problem]:
    """Public text has no word of blame, compliance or recommendation.

    The register says what was seen and what was expected; whose doing it is, and what anyone
    should do, is left aside. The policy can add words of its own.
    Hint: say it in the neutral words offered.
    Source: Panel paper 1 and 3.3, no assertion of responsibility or non-compliance.
    """
    if case.has_words and not _is_verbatim(said):
        yield from _words(said, case)


@rule("R041", severity="warning", kinds=("response",))
def a_letter_keeps_its_words(statement: Statement, case: Case) -> Iterator[Problem]:
    """A letter that is entered word for word is shown with the words it has.

    Nobody can reword it, so words of blame, compliance or recommendation are only pointed out.
    Hint: ask the manufacturer whether it wishes to say it in other words.
    Source: Panel paper 3.4, the manufacturer is invited to cooperate.
    """
    if case.has_words and _is_verbatim(statement):
        yield from _words(statement, case)


def _is_verbatim(said: Record | Statement) -> bool:
    return isinstance(said, Statement) and said.kind == "response" and "received" in said.data


def _words(said: Record | Statement, case: Case) -> Iterator[Problem]:
    for path, text in case.prose(said):
        words = {found.word.lower(): found for found in find_words(text, case.policy.words)}
        for found in words.values():
            sentence = f"public text does not say {' '.join(found.word.split())!a}"
            yield Problem(path, sentence, f"say {found.instead}")
