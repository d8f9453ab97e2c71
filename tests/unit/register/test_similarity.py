from __future__ import annotations

import itertools

import pytest

from defectreg.register.devices import parse_combination
from defectreg.register.field_words import of_one_meaning
from defectreg.register.record import Record
from defectreg.register.similarity import Likeness, likeness_of, likest, nearest, score

HUB = parse_combination("CHF:FF02/00020001@00020002 + ESME:FF01/00010100")
SAME_HUB = parse_combination("CHF:FF02/00020001")
OTHER = parse_combination("GSME:FF04/00040001")
BILLING = "Meter stops sending billing alerts 8F1E after a Hub update"
CLOCK = "Display shows the wrong hour in October"


def test_a_text_is_wholly_like_itself() -> None:
    likeness = likeness_of(BILLING, [HUB])
    assert score(likeness, likeness) == 1.0


def test_texts_about_other_things_are_unlike() -> None:
    assert score(likeness_of(BILLING), likeness_of(CLOCK)) < 0.2


def test_likeness_is_the_same_both_ways_and_between_nothing_and_one() -> None:
    samples = [
        likeness_of(text, combinations)
        for text in (BILLING, CLOCK, "", "8F1E")
        for combinations in ([], [HUB], [SAME_HUB], [OTHER, HUB])
    ]
    for one, other in itertools.product(samples, samples):
        assert score(one, other) == score(other, one)
        assert 0.0 <= score(one, other) <= 1.0


def test_a_spelling_mistake_is_forgiven() -> None:
    mistyped = likeness_of("Metre stopps sending biling alerts after a Hub update")
    assert score(likeness_of(BILLING), mistyped) > 0.6


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alarms flood in, software images are refused", "Alert floods, rejected firmware image"),
        ("No reply after an outage of the mains", "Answers nothing after supply is interrupted"),
        ("Prepay vending: IHD shows old prices", "Prepayment topup: display shows old tariffs"),
        ("Invoicing stops, clocks drift", "Bills stop, time drifts"),
    ],
)
def test_another_word_of_the_field_for_the_same_is_forgiven(one: str, other: str) -> None:
    assert score(likeness_of(one), likeness_of(other)) > 0.75
    assert score(likeness_of(one), likeness_of("Display left in another room")) < 0.35


def test_words_that_mean_the_same_become_one_and_others_stay() -> None:
    assert of_one_meaning(["alarms", "alert", "notified"]) == {"alert", "notified"}
    assert of_one_meaning(["refused", "replying", "bills"]) == {"reject", "answer", "bill"}


def test_the_same_combination_makes_two_texts_more_alike_than_another_does() -> None:
    text = "Billing alerts are late"
    same = score(likeness_of(BILLING, [HUB]), likeness_of(text, [SAME_HUB]))
    other = score(likeness_of(BILLING, [HUB]), likeness_of(text, [OTHER]))
    assert same > other


def test_a_model_in_common_counts_also_where_the_firmware_differs() -> None:
    asked = likeness_of(CLOCK, [parse_combination("CHF:FF02/00020001@00020009")])
    same_model = likeness_of(BILLING, [HUB])
    assert score(asked, same_model) > score(asked, likeness_of(BILLING, [OTHER]))


def test_a_hub_and_a_meter_in_common_count_more_than_the_meter() -> None:
    asked, both, meter = (
        likeness_of(CLOCK, [parse_combination(combination)])
        for combination in (
            "CHF:FF02/00020001 + ESME:FF01/00010100@00030001",
            "CHF:FF02/00020001 + ESME:FF01/00010100@00030002",
            "ESME:FF01/00010100@00030002",
        )
    )
    assert score(asked, both) > score(asked, meter) > score(likeness_of("", [OTHER]), asked)


def test_an_alert_code_is_found_in_a_text_however_it_is_written() -> None:
    assert likeness_of("no 0x8f1e and no N13 came on 2026").alerts == {"8F1E", "N13"}


def test_of_a_record_the_alerts_that_it_lists_are_compared() -> None:
    record = Record(
        {
            "id": "DR-7K3Q-X4MB",
            "title": "Nothing is sent",
            "affected": ["ESME:FF01/00010100"],
            "behaviour": "Nothing comes.",
            "alerts": ["8F20"],
        },
        "0" * 64,
    )
    assert Likeness.of_record(record).alerts == {"8F20"}


def test_two_texts_that_say_nothing_have_nothing_in_common() -> None:
    assert score(likeness_of(""), likeness_of("")) == 0.0


def test_texts_that_share_the_rarest_words_are_the_nearest() -> None:
    texts = {
        "clock": CLOCK,
        "billing": f"title: {BILLING}\n",
        "hub": "Hub update stops the display",
        "nothing": "xylophone",
    }
    assert nearest(likeness_of(BILLING), texts, 5) == ["billing", "hub"]
    assert nearest(likeness_of(BILLING), texts, 1) == ["billing"]


def test_a_model_or_an_alert_code_is_enough_to_be_near() -> None:
    texts = {"model": "affected: [chf:ff02/00020001]", "alert": "alerts: [8f1e]", "none": "alerts"}
    assert nearest(likeness_of("xylophone", [HUB]), texts, 5) == ["model"]
    assert nearest(likeness_of("0x8F1E"), texts, 5) == ["alert"]


def _record(number: int, title: str, affected: str) -> Record:
    data = {"id": f"DR-AAAA-000{number}", "title": title, "affected": [affected], "behaviour": "-"}
    return Record(data, "0" * 64)


RECORDS = [
    _record(1, CLOCK, str(OTHER)),
    _record(2, BILLING, str(OTHER)),
    _record(3, BILLING, str(SAME_HUB)),
    _record(4, "Hub update stops the display", str(HUB)),
    _record(5, BILLING, str(SAME_HUB)),
    _record(6, "xylophone", "GSME:FF09/00090000"),
]


def test_the_likest_come_in_the_order_of_their_scores_and_of_equals_the_first_id() -> None:
    for wanted in (likeness_of(BILLING, [HUB]), likeness_of(CLOCK), likeness_of("", [SAME_HUB])):
        scored = [(-score(wanted, Likeness.of_record(one)), one.id) for one in RECORDS]
        expected = [(-negative, key) for negative, key in sorted(scored) if negative]
        assert [(one.likeness, one.id) for one in likest(wanted, RECORDS)] == expected


def test_what_is_known_to_be_of_other_models_has_the_score_that_comparing_gives() -> None:
    wanted = likeness_of(BILLING, [HUB])
    others = {one.id for one in RECORDS if score(likeness_of("", [HUB]), _devices(one)) == 0}
    assert others == {"DR-AAAA-0001", "DR-AAAA-0002", "DR-AAAA-0006"}
    assert list(likest(wanted, RECORDS, others)) == list(likest(wanted, RECORDS))


def _devices(record: Record) -> Likeness:
    return likeness_of("", record.affected)


def test_words_are_cut_alike_with_and_without_letters_beyond_ascii() -> None:
    said = "The Hub's log_file: 0x8F1E, (twice) 2.5 %; \x1f\tend"
    assert likeness_of(f"{said} naïve").words - {"naïve"} == likeness_of(said).words
    assert {"log", "file", "hub", "s", "0x8f1e", "twice", "2", "5"} <= likeness_of(said).words
