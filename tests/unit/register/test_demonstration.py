"""The demonstration keys, as the program knows them."""

from __future__ import annotations

import re

from defectreg.register.demonstration import DEMONSTRATION_KEYS


def test_every_demonstration_key_is_known_by_its_fingerprint() -> None:
    form = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")
    assert DEMONSTRATION_KEYS
    assert [text for text in sorted(DEMONSTRATION_KEYS) if not form.fullmatch(text)] == []
