"""The page of every code: what ``explain`` prints and the rule reference is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from defectreg.register.rules.every import RULES
from defectreg.register.rules.examples import examples
from defectreg.register.rules.gate_pages import GATE_PAGES
from defectreg.register.rules.inventory_pages import inventory_pages
from defectreg.register.rules.letter_pages import LETTER_PAGES
from defectreg.register.rules.page import CodePage
from defectreg.register.rules.push_pages import PUSH_PAGES
from defectreg.register.schema import SCHEMA_CODES
from defectreg.register.yamltext import CODES

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
            "R005",
            "error",
            "A signature is the last thing in its file, written as `key sign` writes it.",
            "It covers every byte above it, so below it nothing may stand: no key, no comment, "
            "nothing beside it. The block is indented by two blanks.",
            "take the signature out, put what is to be said above it, and sign anew: "
            "`defectreg key sign ID`",
            "our policy: whatever anyone says is signed, all of it.",
        ),
        CodePage(
            "R071",
            "error",
            "A Device or combination that a statement names is written in the notation.",
            "",
            "write a Device as ESME or ESME:FF01/00010100, a combination as in the record",
            "spec/dmc.",
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
        CodePage(
            "R098",
            "error",
            "A key is held by one person of one Party.",
            "Who signs with it would be in doubt, and a person counts once.",
            "take it out of the other file, or make a key of one's own",
            "our policy: a person is a key's fingerprint.",
        ),
        CodePage(
            "R099",
            "error",
            "One Party answers for a manufacturer identifier.",
            "Whose answer is waited for would be in doubt.",
            "take it out of the file of the Party that does not answer for it",
            "Panel paper 3.4, the manufacturer is informed and invited.",
        ),
    )
}
"""Rules that are kept before, or after, the content rules are asked."""


def code_pages() -> Mapping[str, CodePage]:
    """Every code by its name: Y (YAML), S (schema), G (gate), R (content), L (letters), and the
    inventory's."""
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
    content = {page.code: page for page in (*GATE_PAGES, *PUSH_PAGES, *PLACES.values(), *rules)}
    ordered = (content[code] for code in sorted(content))
    shown = {code: example.shown for code, example in examples().items()}
    return {
        page.code: replace(page, wrong=wrong, right=right)
        for page in (*yaml, *schema, *ordered, *inventory_pages(), *LETTER_PAGES)
        for wrong, right in [shown.get(page.code, ("", ""))]
    }


def _sentence(name: str) -> str:
    return f"{name[0].upper()}{name[1:]}."
