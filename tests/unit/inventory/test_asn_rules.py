"""What is asked of a line of an ASN, question by question."""

from __future__ import annotations

import pytest

from defectreg.inventory.asn_rules import Problem, Seen, check_line
from defectreg.register.inventory.asn_codes import CODES, Reader
from tests.asns import good_line


def only(**changes: object) -> Problem:
    """The one problem of a good line that was changed so."""
    problems = [*check_line(good_line(**changes))]
    assert len(problems) == 1, problems
    return problems[0]


def test_a_good_line_has_no_problem() -> None:
    assert [*check_line(good_line())] == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reject": "a line D has 10 fields, this one 9"}, "A02"),
        ({"device_id": "00-DB-12-34-56-78-90"}, "A03"),
        ({"device_id": "00DB1234567890A1"}, "A03"),
        ({"copies": 2}, "A04"),
        ({"device_type": "SAPC", "variant": ""}, "A05"),
        ({"manufacturer": "FF"}, "A06"),
        ({"model": "20120"}, "A06"),
        ({"firmware": "2.00E+05"}, "A06"),
        ({"smets_version": "SMETS V5.0 and a good deal more"}, "A06"),
        ({"variant": "AE"}, "A07"),
        ({"variant": "ad"}, "A07"),
        ({"device_type": "GSME", "variant": "A"}, "A08"),
        ({"variant": ""}, "A09"),
        ({"variant": "A"}, "A10"),
        ({"implied": ()}, "A11"),
        ({"implied": ("A", "AD")}, "A12"),
        ({"cpl_statuses": ()}, "A13"),
        ({"cpl_statuses": ("Expired",)}, "A14"),
        ({"seen": (Seen(("model",)),)}, "A15"),
        ({"seen": (Seen(("model",), "ASN-0000", 7),)}, "A16"),
    ],
)
def test_one_change_of_a_good_line_is_one_problem(changes: dict[str, object], code: str) -> None:
    assert only(**changes).code == code


def test_ad_notified_as_a_is_found() -> None:
    problem = only(variant="A")
    assert problem == Problem(
        "A10", "the ESME Variant is A, the product map says AD: load control is missing"
    )
    hint = CODES["A10"].hints[Reader.SUPPLIER]
    assert hint == "ask the manufacturer before you pre-notify; later it takes an SR8.4"


@pytest.mark.parametrize(
    ("notified", "implied", "said"),
    [
        ("AD", "A", "load control is too many"),
        ("AD", "ADE", "boost is missing"),
        ("AF", "AD", "load control is missing, auxiliary proportional controller is too many"),
        ("BD", "AD", "another base letter"),
        ("A", "AG", "G is missing"),
    ],
)
def test_the_difference_is_told_in_words(notified: str, implied: str, said: str) -> None:
    assert only(variant=notified, implied=(implied,)).sentence.endswith(f": {said}")


def test_a_variant_in_small_letters_is_told_what_it_would_be() -> None:
    assert only(variant="ad").sentence.endswith("; written AD it would be one")


def test_of_a_device_id_that_is_there_twice_the_first_line_is_named() -> None:
    assert "first here" in only(copies=2).sentence
    assert "first in line 9" in only(copies=3, first_line=9).sentence


def test_a_model_that_is_none_is_not_looked_up() -> None:
    assert only(model="20120", implied=(), cpl_statuses=()).code == "A06"


def test_a_gas_meter_is_not_looked_up_in_the_product_map() -> None:
    gas = good_line(device_type="GSME", variant="", implied=())
    assert [*check_line(gas)] == []


def test_a_type_2_device_need_not_be_identified_as_gbcs_asks() -> None:
    display = good_line(device_type="IHD", variant="", manufacturer="EXAMPLE", model="9001",
                        firmware="1.2")  # fmt: skip
    assert [*check_line(display)] == []


def test_no_sentence_repeats_a_device_id() -> None:
    changed = good_line(device_id="00-DB-12-34-56-78-90-ZZ", copies=2, seen=(Seen(("model",)),))
    assert all("00-DB" not in problem.sentence for problem in check_line(changed))


@pytest.mark.parametrize(
    ("changes", "judged"),
    [
        ({}, True),
        ({"implied": None}, False),
        ({"implied": None, "device_type": "GSME"}, True),
        ({"cpl_statuses": None}, False),
    ],
)
def test_without_a_list_a_line_could_not_be_judged(
    changes: dict[str, object], judged: bool
) -> None:
    line = good_line(**changes)
    assert line.could_be_judged == judged


def test_every_code_has_a_sentence_and_a_hint_for_each_reader() -> None:
    for code in CODES.values():
        assert code.sentence.endswith(".")
        assert all(code.hints[reader] for reader in Reader)
