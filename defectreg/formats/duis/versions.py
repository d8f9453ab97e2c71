"""DUIS schema versions, and what a request may say under an earlier one.

Sourced: DUIS Schema V5.0 (draft 5.0a, February 2021) lists the same 25 ESME Variants as V5.4, in
the same order, and the same elements of SR12.2. That systems from before auxiliary proportional
controllers know nine of the codes is known, but of no schema before 5.0 the text was at hand: so of
every version before 5.0 only those nine are relied on, though a late one may have known more.
"""

from __future__ import annotations

import re

from defectreg.register.inventory.requests import DetailsUpdate, Prenotification, Request
from defectreg.register.inventory.variants import KNOWN_TO_OLDER

SCHEMA_VERSION = "5.4"
"""The version that is written where no other is asked for."""
ALL_VARIANTS_SINCE = (5, 0)
"""The earliest version whose schema is known to list all 25 ESME Variants."""
_NEWEST = (5, 4)
_VERSION = re.compile("([0-9]{1,2})[.]([0-9]{1,2})")


def check_schema_version(request: Request, version: str) -> str | None:
    """Why the request cannot be sent by a User on that DUIS version; None where it can.

    The version is two numbers with a dot between; later ones than 5.4 are not known here.
    """
    numbers = _VERSION.fullmatch(version)
    if numbers is None:
        return "a DUIS version is two numbers with a dot between, such as 5.4"
    asked = int(numbers[1]), int(numbers[2])
    if asked > _NEWEST:
        return f"DUIS {version} is later than {SCHEMA_VERSION}, the latest that is known here"
    if not isinstance(request, DetailsUpdate | Prenotification) or asked >= ALL_VARIANTS_SINCE:
        return None
    variant = request.esme_variant
    if variant is None or variant in KNOWN_TO_OLDER:
        return None
    return f"DUIS {version} is not known to have the ESME Variant {variant}"
