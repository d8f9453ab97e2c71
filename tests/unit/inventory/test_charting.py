"""The picture of the outcomes: the same bytes each time, told in words too, and harmless."""

from __future__ import annotations

from xml.etree import ElementTree

from defectreg.inventory.charting import chart
from defectreg.inventory.differing import Count, Summary
from defectreg.register.shown_words import DISCLAIMER

SVG = "{http://www.w3.org/2000/svg}"


def summary(status: str = "Commissioned") -> Summary:
    counts = [("cause", "agrees", "agrees", 90), ("cause", "asn", "differs", 10),
              ("status", status, "agrees", 90), ("status", status, "differs", 7),
              ("status", "Whitelisted", "differs", 3)]  # fmt: skip
    made = (Count(part, (name,), outcome, n, 0) for part, name, outcome, n in counts)
    return Summary(tuple(made), {})


def test_all_that_is_drawn_is_told_in_words() -> None:
    root = ElementTree.fromstring(chart(summary(), "2026-09-01"))
    told = root.findtext(f"{SVG}desc") or ""
    assert "Of 100 ESMEs" in told
    assert (
        "differs from what product and firmware imply, 10 (Commissioned 7; Whitelisted 3)" in told
    )
    assert root.get("aria-describedby") == root.find(f"{SVG}desc").get("id")  # type: ignore[union-attr]
    assert root.findtext(f"{SVG}title") == "ESME Variants against product and firmware, 2026-09-01"


def test_the_disclaimer_can_be_read_in_it() -> None:
    root = ElementTree.fromstring(chart(summary(), "2026-09-01"))
    assert DISCLAIMER in " ".join(text.text or "" for text in root.iter(f"{SVG}text"))


def test_a_bar_is_as_long_as_its_share() -> None:
    root = ElementTree.fromstring(chart(summary(), "2026-09-01"))
    bars = {
        rect.findtext(f"{SVG}title"): float(rect.get("width", "0"))
        for rect in root.iter(f"{SVG}rect")
        if rect.find(f"{SVG}title") is not None
    }
    assert bars == {"Commissioned: 90": 720, "Commissioned: 7": 56, "Whitelisted: 3": 24}


def test_the_same_summary_is_the_same_bytes() -> None:
    turned = Summary(tuple(reversed(summary().counts)), {})
    assert chart(summary(), "2026-09-01") == chart(turned, "2026-09-01")


def test_untrusted_words_are_only_words() -> None:
    drawn = chart(summary("</title><script>x()</script>\u202e\x1b"), "2026-09-01")
    root = ElementTree.fromstring(drawn)
    assert root.find(f".//{SVG}script") is None
    assert "\u202e" not in drawn
    assert "\x1b" not in drawn
