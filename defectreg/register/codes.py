"""Codes of the field: ESME Variants and alert codes, as text that is known to be one."""

from __future__ import annotations

import re

from defectreg.register.notation import upper

_ESME_VARIANT = re.compile(r"[ABC](?:D|DE|D?E?F)?|AD?E?G")
_DEVICE_ALERT = re.compile(r"(?:0X)?([0-9A-F]{4})")
_DCC_ALERT = re.compile(r"AD1|N(?!32)(?:[1-9]|[1-5][0-9]|6[0-5]|999)")


def is_esme_variant(code: str) -> bool:
    """Whether the text is one of the 25 ESME Variants (DUIS 5.4); capitals only, as DUIS asks."""
    return _ESME_VARIANT.fullmatch(code) is not None


def is_dcc_alert_code(code: str) -> bool:
    """Whether the text is a DCC Alert's code (DUIS 5.4): AD1, N1 to N65 without N32, N999."""
    return _DCC_ALERT.fullmatch(code) is not None


def parse_alert_code(text: str) -> str:
    """The code as DUIS writes it, ``8F1E`` or ``N12``, from that or from ``0x8f1e``, ``n12``.

    Any 16-bit number is a device alert's code here; the catalogue knows which of them are named.
    Raises ValueError.
    """
    code = upper(text.strip(" "))
    device_alert = _DEVICE_ALERT.fullmatch(code)
    if device_alert:
        return device_alert[1]
    if is_dcc_alert_code(code):
        return code
    raise ValueError(
        f"{text[:20]!a} is not an alert code: write four hexadecimal digits such as 8F1E, "
        "or a DCC Alert's code: AD1, N1 to N65 without N32, N999"
    )
