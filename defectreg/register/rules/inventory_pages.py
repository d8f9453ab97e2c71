"""The pages of the inventory's codes: A of an ASN, I of the rule, J of the journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from defectreg.register.inventory.asn_codes import CODES, Reader
from defectreg.register.inventory.journal_codes import JOURNAL_VERDICTS
from defectreg.register.inventory.rules import RULE_CODES, outcome_of
from defectreg.register.rules.page import CodePage

_CHECKS = "MP125, section 7: the ASN is checked when it is provided and when it has come."
_PENDING = "MP125, section 2, Pending state."
_SOLUTION = "MP125, section 3."
_CLOSED = "MP125, section 7: manufacturer and model stay closed, as a security risk."
_DUIS = "DUIS 5.4, the schema."
_NO_LAYOUT = "our policy: no public layout of an ASN was found."
_OURS = "our policy."
_LISTED = "MP125, section 7, the Central Products List."

_ASN: Mapping[str, tuple[str, str]] = {
    "A01": ("A file that was cut off still looks whole; its count is what tells.", _NO_LAYOUT),
    "A02": ("What cannot be read is not judged, and is not taken for nothing.", _NO_LAYOUT),
    "A03": ("Whoever pre-notifies a Device names it by its EUI-64.", _DUIS),
    "A04": ("Of two Devices with one ID only one can be in the inventory.", _CHECKS),
    "A05": ("No other can be pre-notified.", _DUIS),
    "A06": (
        "They are looked up in the product map and on the list as they are written. A spreadsheet "
        "takes 00020120 for a number.",
        "GBCS for the identifiers, DUIS 5.4 for the version.",
    ),
    "A07": ("Capital letters A to G as the schema has them; AE is none of them.", _DUIS),
    "A08": ("It says what an electricity meter does.", _DUIS),
    "A09": (
        "Without it the Device cannot be recorded as what it is, and a meter reports no more than "
        "the first letter.",
        _CHECKS,
    ),
    "A10": (
        "An error that is not seen here is recorded, and stays until somebody corrects it. AD "
        "notified as A is the source's example.",
        _CHECKS,
    ),
    "A11": ("The Central Products List says no ESME Variant, so that it cannot decide.", _CHECKS),
    "A12": ("Of two answers none can be taken for the right one.", _OURS),
    "A13": ("A Device's details are validated against the list.", _LISTED),
    "A14": (
        "Its statuses are Active, Cancelled, Expired and Withdrawn; the line says which it is.",
        f"{_LISTED} DUIS 5.4 for the statuses.",
    ),
    "A15": ("One Device ID with two sets of details: one of them is wrong.", _CHECKS),
    "A16": ("One Device ID with two sets of details: one of them is wrong.", _CHECKS),
    "A17": ("Without one no ESME Variant is compared, and no line passes as if it were.", _OURS),
    "A18": ("Without it no product is looked up, and no line passes as if it were listed.", _OURS),
    "A19": ("Nothing tells then whether a Device was seen before. It keeps no line back.", _OURS),
    "A20": ("A pre-notification is for a Device that is not there yet.", _PENDING),
    "A21": ("SR12.2 names CHF and GPF together, and an ASN does not.", _DUIS),
    "A22": (
        "Systems on an earlier DUIS know nine ESME Variants, and refuse a file with another.",
        "MP125, section 6: a Supplier has to be on the version that knows what it sends.",
    ),
}
"""Why each is asked, and whence it comes."""

_LOAD = "load an extract in which it is given: `defectreg inventory load FILE`"
_MAP = "load an extract that gives it, as a column of its own if need be (`--columns`)"
_RULE: Mapping[str, tuple[str, str, str]] = {
    "I01": ("SR12.2 accepted makes it Pending, of the Supplier that sends it.",
            "send it, then note what the DCC answers: `inventory apply --outcome`", _PENDING),
    "I02": ("Until installation begins its details are still that Supplier's to mend.",
            "send it, then note what the DCC answers: `inventory apply --outcome`", _PENDING),
    "I03": ("Until installation begins it may be taken out again.",
            "send it, then note what the DCC answers: `inventory apply --outcome`", _PENDING),
    "I04": ("Whitelisted, InstalledNotCommissioned or Commissioned, a SMETS2 ESME, and of it the "
            "ESME Variant and nothing else.",
            "send it, then note what the DCC answers: `inventory apply --outcome`", _SOLUTION),
    "I05": ("Who asks may, and what it asks for is what the inventory says.",
            "it need not be sent; is the extract newer than the request?", _OURS),
    "I06": ("The rule is about details and deletion; a Device Status is set by other rules.",
            "nothing is to be done: it is passed through, and not kept in the journal", _OURS),
    "I07": ("The rule is about details and deletion. The MPxN itself is not read.",
            "nothing is to be done: it is passed through, and not kept in the journal", _OURS),
    "I11": ("A pre-notification is for a Device that is not there, whatever its status.",
            "correct what is wrong with SR8.4, as far as the rule goes", _OURS),
    "I12": ("Decommissioned, Withdrawn, Suspended, Recovery and Recovered are open to nobody.",
            "nothing can be corrected while the Device is in this status", _SOLUTION),
    "I13": ("A Pending Device is its installing Supplier's.",
            "ask the Supplier that pre-notified it", _PENDING),
    "I14": ("From installation on the inventory says who is responsible for the Device.",
            "ask the Responsible Supplier; after a change of Supplier load a newer extract",
            _SOLUTION),
    "I15": ("Having installed it gives no right to it once another Supplier is responsible.",
            "ask the Responsible Supplier to correct it", _SOLUTION),
    "I16": ("Deleting is for what was pre-notified by mistake and never installed.",
            "leave the Device where it is; its status is set by other requests", _PENDING),
    "I17": ("Manufacturer, model, firmware and SMETS version are refused even where they repeat "
            "what is recorded.",
            "name the ESME Variant alone: `inventory correct` writes it so", _CLOSED),
    "I18": ("It says what an electricity meter does.", "leave it out of the request", _DUIS),
    "I19": ("The rule was made for SMETS2: version 2.0 and above, in a region other than SMETS1.",
            "it cannot be corrected by SR8.4", _SOLUTION),
    "I20": ("25 codes exist; AE is none of them.", "write one of the 25, in capitals", _DUIS),
    "I31": ("Whose it is, and in which status, decides; nothing is guessed.", _LOAD, _OURS),
    "I32": ("The status decides who may.", _LOAD, _OURS),
    "I33": ("While a Device is Pending, that Supplier is who may.", _MAP,
            "our policy: no DUIS message says it."),
    "I34": ("After Pending, that Supplier is who may.", _MAP,
            "our policy: no DUIS message says it."),
    "I35": ("Only an ESME has an ESME Variant.", _LOAD, _OURS),
    "I36": ("The rule is for SMETS2, version 2.0 and above.", _LOAD, _OURS),
    "I37": ("Who sends decides; it is the originator of the request id.",
            "write the request id as originator, target and counter", _DUIS),
}  # fmt: skip
"""Why it is so, what to do about it, and whence it comes."""

_JOURNAL: Mapping[str, tuple[str, str, str]] = {
    "J01": ("The same id and the same content: a batch can be applied again after it was stopped.",
            "nothing is to be done", _OURS),
    "J02": ("An id that stood for two requests could not be answered for.",
            "begin with a higher --counter, and write the requests anew", _OURS),
    "J03": ("Its elements, their order, enumerations and formats are those of the schema. The line "
            "says which is not.",
            "correct the file where the line says, or write it anew", _DUIS),
}  # fmt: skip


def inventory_pages() -> Iterator[CodePage]:
    """The page of every code that starts with A, I or J.

    Of I and J the severity is what is said of the request: allowed, refused, passed-through or
    cannot-be-judged.
    """
    for code, about in CODES.items():
        hint = _of_both(about.hints[Reader.MANUFACTURER], about.hints[Reader.SUPPLIER])
        why, source = _ASN[code]
        yield CodePage(code, about.severity, about.sentence, why, hint, source)
    for code, sentence in RULE_CODES.items():
        yield CodePage(code, outcome_of(code), sentence, *_RULE[code])
    for verdict in JOURNAL_VERDICTS:
        code = verdict.code
        yield CodePage(code, verdict.outcome, verdict.sentence, *_JOURNAL[code])


def _of_both(manufacturer: str, supplier: str) -> str:
    """What each reader of an ASN does; once where it is the same."""
    if manufacturer == supplier:
        return manufacturer
    return f"the manufacturer: {manufacturer}. The Supplier: {supplier}"
