"""People and places that may never be stored: names, addresses of all kinds."""

from __future__ import annotations

import re

from defectreg.register.detecting import EDGE_AFTER, EDGE_BEFORE, Detector, detector

_ORDINALS_AND_UNITS = frozenset(
    ("st", "nd", "rd", "th", "gb", "tb", "db", "gw", "wh", "ah", "hz", "ft", "pt", "ls")
)
_ORGANISATION_WORD = (
    "administrator|agent|board|body|centre|communications|company|council|customer|data|dcc|"
    "department|desk|devices?|division|electricity|energy|engineering|firmware|first|gas|group|"
    "help|helpdesk|home|hub|industries|installer|limited|line|lost|ltd|mailbox|maker|manager|"
    "manufacturer|meter|metering|meters|none|north|not|number|office|officer|one|operations|panel|"
    "party|plc|power|programme|provider|renewables|reporter|sec|secas|second|security|services?|"
    "smart|solutions|south|supplier|support|systems|team|technical|technologies|three|trading|two|"
    "unknown|utilities|utility|validators?|water|access|account|alerts?|area|balance|bill|broker|"
    "class|code|control|credit|debt|display|events?|identification|information|interface|menu|"
    "message|mode|network|screen|signal|status|switch|tariff|trade|type|view|zone"
)
_FIRST_NAMES = (
    "Aisha|Alan|Alex|Alice|Amy|Andrew|Anna|Anne|Anthony|Barbara|Ben|Brian|Carol|Catherine|"
    "Charles|Charlotte|Chris|Christine|Christopher|Claire|Daniel|David|Deborah|Edward|Elizabeth|"
    "Emily|Emma|Fatima|Fiona|Frank|George|Graham|Hannah|Harry|Helen|Ian|Jack|James|Jane|Janet|"
    "Jennifer|Jessica|Joan|Joe|John|Jonathan|Joseph|Julie|Karen|Kate|Keith|Kevin|Laura|Linda|Lucy|"
    "Margaret|Maria|Mark|Martin|Mary|Matthew|Michael|Michelle|Mohammed|Muhammad|Neil|Nicholas|"
    "Nicola|Olivia|Oliver|Patricia|Patrick|Paul|Peter|Philip|Priya|Rachel|Rebecca|Richard|Robert|"
    "Ruth|Sam|Samantha|Sandra|Sarah|Simon|Sophie|Stephen|Steven|Stuart|Susan|Thomas|Tim|Tom|"
    "Tracey|Victoria|William"
)
_STREETS = (
    "Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Close|Drive|Crescent|Terrace|Gardens|Grove|Mews|Way|"
    "Court|Place|Square|Hill|Park|Walk"
)
_NOT_A_STREET_NAME = (
    "a|across|along|an|and|any|at|by|customers?|days?|devices?|down|each|every|from|homes?|hours?|"
    "hubs?|in|is|it|its|km|may|meters?|metres?|miles?|minutes?|months?|of|off|on|one|or|other|our|"
    "out|per|premises|private|roof|same|sites?|the|this|times|to|up|was|weeks?|were|with|years?"
)


def postcode() -> Detector:
    return detector(
        "postcode",
        rf"""{EDGE_BEFORE}(?i:gir\s{{0,2}}0aa|(?P<outward>[a-pr-uwyz](?:[0-9]{{1,2}}
        |[a-hk-y][0-9]{{1,2}}|[0-9][a-hjkpstuw]|[a-hk-y][0-9][abehmnprvwxy]))
        (?P<blank>\s{{0,2}})[0-9](?P<inward>[abd-hjlnp-uw-z]{{2}})){EDGE_AFTER}""",
        _is_postcode,
    )


def _is_postcode(found: re.Match[str]) -> bool:
    """Whether it is more than a code before an ordinal or a unit (*N13 2nd*), or part of a hash."""
    outward, blank, inward = found["outward"], found["blank"], found["inward"]
    if not inward or inward.isupper():
        return True
    return bool(blank) and outward.islower() and inward not in _ORDINALS_AND_UNITS


_HOUSE = r"""[0-9](?<![0-9A-Za-z.:/-][0-9])[0-9]{0,3}[A-Za-z]?
    (?:\s?[-/]\s?[0-9]{1,4}[A-Za-z]?)?,?\s{1,3}"""


def address() -> Detector:
    name = r"(?:[A-Z][A-Za-z'.]{0,20}\s{1,3}){1,3}"
    return detector("address", rf"{_HOUSE}{name}(?:{_STREETS}|{_STREETS.upper()}){EDGE_AFTER}")


LOWER_STREETS = (
    "street", "road", "avenue", "lane", "crescent", "gardens", "grove", "mews", "terrace"
)  # fmt: skip
LOWER_HOUSES = ("cottage", "bungalow", "farmhouse", "vicarage", "rectory")


def address_in_lower_case() -> Detector:
    name = rf"(?:(?!(?:{_NOT_A_STREET_NAME})\s)[a-z]{{2,20}}\s){{1,2}}"
    return detector("address", rf"{_HOUSE}{name}(?:{'|'.join(LOWER_STREETS)}){EDGE_AFTER}")


_NAME_OF_A_HOME = r"[A-Z][A-Za-z'.-]{1,20}"


def address_of_a_flat() -> Detector:
    """A flat with its number and the name that follows."""
    name = _NAME_OF_A_HOME
    flat = r"(?i:flat|apartment|apt\.?)\s{1,2}[0-9]{1,4}[A-Za-z]?"
    named = rf"(?:,\s{{0,3}}(?:[0-9]{{1,4}}\s)?{name}|\s{{1,3}}{name}\s{name})"
    return detector("address", rf"{EDGE_BEFORE}{flat}{named}")


def address_of_a_named_house() -> Detector:
    """A house that has a name and no number."""
    houses = "|".join(word.capitalize() for word in LOWER_HOUSES)
    name = rf"(?!The\s){_NAME_OF_A_HOME}"
    return detector("address", rf"{EDGE_BEFORE}{name}\s(?:{houses}){EDGE_AFTER}")


def e_mail() -> Detector:
    return detector(
        "e-mail",
        r"[\w.%+'-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w])",
        _is_outside_a_combination,
    )


def e_mail_in_disguise() -> Detector:
    at, dot = (rf"\s?[\[({{]\s?(?:{sign})\s?[\])}}]\s?" for sign in ("at|@", r"dot|\."))
    end = rf"(?:(?:\.|{dot})[\w-]{{1,63}}){{1,8}}"
    return detector("e-mail", rf"(?i:[\w.%+'-]{{1,64}}{at}[\w-]{{1,63}}{end})")


def _is_outside_a_combination(found: re.Match[str]) -> bool:
    """Whether it is not the model and firmware of the notation: ``IHD:maker/model-2@v1.beta``."""
    before = found.string[max(0, found.start() - 100) : found.start()]
    return not re.search(r"(?:^|[\s+(])[A-Z]{3,6}:[^\s/:]{1,90}/\Z", before)


def titled_name() -> Detector:
    return detector(
        "person-name",
        rf"""{EDGE_BEFORE}(?:Mrs?|Ms|Mx|Miss|Dr)\.?\s{{1,3}}
        (?:[A-Z]\.?\s{{1,2}}){{0,3}}(?!(?:Rates?|Ratio|Counts?)\b)[A-Z][A-Z'-]{{0,3}}[a-z]+""",
    )


def labelled_name() -> Detector:
    word = r"[A-Z][a-z]{1,20}(?:['-][A-Z][a-z]{1,20})?"
    return detector(
        "person-name",
        rf"[:=]\s{{0,3}}(?P<it>{word}\s(?:[A-Z]\.?\s)?{word}){EDGE_AFTER}",
        _names_a_contact,
    )


PEOPLE = (
    "contact|caller|customer|consumer|occupier|householder|tenant|resident|fitter|engineer|reporter"
)


def name_after_a_word() -> Detector:
    word = r"[A-Z][a-z]{1,20}(?:['-][A-Z][a-z]{1,20})?"
    return detector(
        "person-name",
        rf"""{EDGE_BEFORE}(?P<label>(?i:{PEOPLE}))\s{{1,2}}
        (?P<it>(?:{word}|[A-Z](?:\.\s?|\s)(?:[A-Z]\.?\s?)?)\s?{word}){EDGE_AFTER}""",
        _is_name_of_a_person,
    )


def _is_name_of_a_person(found: re.Match[str]) -> bool:
    """Whether it is no headline or term: *Consumer Access Device*, *Customer Display Shows*."""
    first = re.match("[A-Za-z]+", found["it"])
    if first is None or re.search(rf"(?i:\b(?:{_ORGANISATION_WORD})\b)", found["it"]):
        return False
    is_known = len(first[0]) == 1 or re.fullmatch(_FIRST_NAMES, first[0]) is not None
    return is_known or found["label"].islower()


def _names_a_contact(found: re.Match[str]) -> bool:
    """Whether the label asks for a person and the words are not those of an organisation."""
    before = found.string[max(0, found.start() - 40) : found.start()]
    label = r"(?i:\b(?:contact|caller|customer|consumer|occupier|householder|tenant|resident|fitter"
    label += r"|engineer|reporter)(?:\s(?:name|person))?\s?)\Z"
    return bool(re.search(label, before)) and not re.search(
        rf"(?i:\b(?:{_ORGANISATION_WORD})\b)", found["it"]
    )
