"""Laws of an ASN's check: it raises nothing, and what passes can be pre-notified."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from defectreg.formats.duis import read_requests, write_request
from defectreg.inventory.asn_rules import check_line
from defectreg.inventory.prenotifying import parse_sending, request_of
from defectreg.register.devices import INVENTORY_DEVICE_TYPES
from defectreg.register.inventory.asn_codes import CODES
from defectreg.register.inventory.variants import VARIANTS
from tests.asns import DEVICE, good_line

SENDING = parse_sending("90-B3-D5-1F-30-01-00-00", "90-B3-D5-1F-30-00-00-02", 1000, "5.4")
anything = st.text(max_size=40)
digits = st.text("0123456789abcdefABCDEF", min_size=4, max_size=8)
device_ids = st.lists(st.text("0123456789abcdef", min_size=2, max_size=2), min_size=8, max_size=8)


def either(likely: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(likely, likely, likely, anything)


lines = st.builds(
    good_line,
    device_id=either(st.one_of(st.just(DEVICE), device_ids.map("-".join))),
    device_type=either(st.sampled_from(INVENTORY_DEVICE_TYPES)),
    manufacturer=either(st.sampled_from(["FF01", "ff01", "EXAMPLE"])),
    model=either(st.one_of(st.just("00010100"), digits)),
    firmware=either(st.one_of(st.just("00010203"), digits)),
    smets_version=either(st.sampled_from(["SMETS V5.0", "5.0", ""])),
    variant=either(st.sampled_from(["", *VARIANTS])),
    copies=st.integers(1, 2),
    implied=st.one_of(st.none(), st.lists(st.sampled_from([*VARIANTS]), max_size=2).map(tuple)),
    cpl_statuses=st.sampled_from([None, (), ("Active",), ("Expired", "Active"), ("",)]),
)


@given(lines)
def test_what_passes_is_a_request_that_conforms(line: object) -> None:
    asked = line if isinstance(line, type(good_line())) else good_line()
    problems = [*check_line(asked)]
    assert all(problem.code in CODES and problem.sentence for problem in problems)
    if not problems:
        request = request_of(asked, SENDING, 0)
        assert [*read_requests([write_request(request)])] == [request]


@given(lines, st.sampled_from([*VARIANTS]))
def test_an_esme_passes_with_the_one_variant_that_the_map_implies(
    line: object, implied: str
) -> None:
    passing = {
        variant
        for variant in VARIANTS
        if not [*check_line(good_line(variant=variant, implied=(implied,)))]
    }
    assert passing == {implied}
