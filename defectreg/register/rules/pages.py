"""The page of every code: what ``explain`` prints and the rule reference is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from defectreg.register.rules.every import RULES
from defectreg.register.schema import SCHEMA_CODES
from defectreg.register.yamltext import CODES


@dataclass(frozen=True, slots=True)
class CodePage:
    """One code of a finding: its rule in a line, why, what to do, and whence it comes."""

    code: str
    severity: str
    title: str
    explanation: str
    hint: str
    source: str


PLACES = {
    page.code: page
    for page in (
        CodePage(
            "R001",
            "error",
            "Affected combinations are written in the notation.",
            "TYPE:MANUFACTURER/MODEL[@FIRMWARE,...] + ... [in REGION,...]",
            "see the examples of spec/dmc; `defectreg fmt` writes the canonical form",
            "spec/dmc; DUIS 5.4 for Device Types and CSP Regions.",
        ),
        CodePage(
            "R002",
            "error",
            "A record's file stands where its id says.",
            "The path follows from the id alone: records/<first two symbols>/<id>.yaml.",
            "correct the id or the file's name; an id never changes once it landed",
            "our policy.",
        ),
        CodePage(
            "R003",
            "error",
            "A statement's file stands in its record's folder and is named for what it says.",
            "Its name is <date>-<kind>-<party>.yaml, with -2, -3 ... for further ones of a day.",
            "correct `of`, `date`, `kind` or `by`, or the file's name",
            "our policy: a record's folder, listed, is its life.",
        ),
        CodePage(
            "R004",
            "error",
            "A statement is said of a record that is there.",
            "",
            "add the record, or move the statement to the record it is said of",
            "our policy.",
        ),
        CodePage(
            "R096",
            "error",
            "A signature is over the bytes that stand above it.",
            "It is asked of ssh-keygen for statements that have not landed. A statement is never "
            "changed once it is signed: one byte more, and the signature no longer holds.",
            "undo the change, or take the signature out and sign anew: `defectreg key sign ID`",
            "our policy: a sign-off is a signature over bytes.",
        ),
    )
}
"""Rules that are kept before, or after, the content rules are asked."""


def code_pages() -> Mapping[str, CodePage]:
    """Every code by its name: Y (YAML), S (schema), R (content)."""
    yaml = (
        CodePage(code.code, "error", _sentence(code.name), code.explanation, code.hint, "")
        for code in CODES.values()
    )
    schema = (
        CodePage(code, "error", _sentence(title), "", hint, "")
        for code, (title, hint) in SCHEMA_CODES.items()
    )
    rules = (
        CodePage(rule.code, rule.severity, page.title, page.explanation, page.hint, page.source)
        for rule in RULES.values()
        for page in [rule.page]
    )
    content = {page.code: page for page in (*PLACES.values(), *rules)}
    ordered = (content[code] for code in sorted(content))
    return {page.code: page for page in (*yaml, *schema, *ordered)}


def _sentence(name: str) -> str:
    return f"{name[0].upper()}{name[1:]}."
