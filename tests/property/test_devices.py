"""Laws of combinations and firmware sets."""

from __future__ import annotations

from itertools import permutations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from defectreg.register.devices import (
    DEVICE_TYPES,
    REGIONS,
    Combination,
    Coverage,
    Device,
    FirmwareSet,
    NotationError,
    covers,
    overlaps,
    parse_combination,
)
from defectreg.register.firmware import (
    ExactFirmware,
    FirmwarePattern,
    FirmwarePrefix,
    FirmwareRange,
)

LAW = settings(max_examples=150, deadline=None)
VISIBLE = st.characters(
    min_codepoint=0x20, max_codepoint=0x24FF, exclude_categories=("Cc", "Cf", "Zl", "Zp", "Cs")
)
FAMILY = 0x20
VERSIONS = [f"{number:08X}" for number in range(FAMILY)]


def _pattern_texts(text: st.SearchStrategy[str]) -> st.SearchStrategy[FirmwarePattern]:
    ends = st.tuples(st.integers(0, 0xFFFFFFFF), st.integers(0, 0xFFFFFFFF)).map(sorted)
    return st.one_of(
        text.map(ExactFirmware),
        text.map(lambda beginning: FirmwarePrefix(beginning[:7])),
        ends.map(lambda two: FirmwareRange(f"{two[0]:X}", f"{two[1]:X}")),
    )


ANY_DEVICE = st.builds(
    Device,
    st.sampled_from(DEVICE_TYPES),
    st.text(VISIBLE, min_size=1, max_size=6),
    st.text(VISIBLE, min_size=1, max_size=6),
    st.lists(_pattern_texts(st.text(VISIBLE, min_size=1, max_size=8)), max_size=3)
    .map(tuple)
    .map(FirmwareSet),
)
ANY_COMBINATION = st.builds(
    Combination,
    st.lists(ANY_DEVICE, min_size=1, max_size=4).map(tuple),
    st.lists(st.sampled_from(REGIONS), max_size=3).map(tuple),
)


def _small_range(first: int, last: int) -> FirmwareRange:
    return FirmwareRange(f"{min(first, last):08X}", f"{max(first, last):08X}")


NUMBER = st.integers(0, FAMILY - 1)
SMALL_PATTERN: st.SearchStrategy[FirmwarePattern] = st.one_of(
    NUMBER.map(lambda number: ExactFirmware(VERSIONS[number])),
    st.sampled_from(["000000", "0000000", "0000001"]).map(FirmwarePrefix),
    st.builds(_small_range, NUMBER, NUMBER),
)
SMALL_SET = st.lists(SMALL_PATTERN, max_size=3).map(tuple).map(FirmwareSet)
SMALL_DEVICE = st.builds(
    Device, st.sampled_from(["CAD", "IHD"]), st.just("FF01"), st.just("00000001"), SMALL_SET
)
FEW_DEVICES = st.lists(SMALL_DEVICE, min_size=1, max_size=4).map(tuple).map(Combination)


@LAW
@given(ANY_COMBINATION)
def test_what_is_printed_is_what_is_read(combination: Combination) -> None:
    assert parse_combination(str(combination)) == combination


@LAW
@given(st.text("ESMECHF:/@+,. *%0129abin-NorthX4G\t\u00e9", max_size=60))
def test_a_text_is_refused_at_a_column_of_it_or_reads_the_same_as_its_canonical_form(
    text: str,
) -> None:
    answer = _parsed("CAD:a/b" + text)
    if isinstance(answer, NotationError):
        assert 1 <= answer.column <= len("CAD:a/b" + text) + 1
    else:
        assert parse_combination(str(answer)) == answer


def _parsed(text: str) -> Combination | NotationError:
    try:
        return parse_combination(text)
    except NotationError as refusal:
        return refusal


@LAW
@given(st.lists(ANY_DEVICE, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_the_order_in_which_devices_are_written_does_not_matter(
    devices: list[Device], random: Random
) -> None:
    shuffled = random.sample(devices, len(devices))
    assert parse_combination(" + ".join(map(str, shuffled))) == Combination(tuple(devices))


@LAW
@given(st.integers(0, 0xFFFFFFFF), st.integers(0, 40), st.integers(-45, 45))
def test_matching_a_range_equals_enumerating_it(first: int, length: int, offset: int) -> None:
    last = min(first + length, 0xFFFFFFFF)
    asked = min(max(first + offset, 0), 0xFFFFFFFF)
    versions = {f"{number:08X}" for number in range(first, last + 1)}
    pattern = FirmwareRange(f"{first:08X}", f"{last:08X}")
    assert (f"{asked:08X}" in pattern) == (f"{asked:08X}" in versions)
    assert (f"{asked:x}" in pattern) == (f"{asked:08X}" in versions)


@LAW
@given(SMALL_SET, SMALL_SET)
def test_covering_a_set_equals_enumerating_it(entry: FirmwareSet, asked: FirmwareSet) -> None:
    # The prefix 000000* reaches to 000000FF: no smaller family would be all that it stands for.
    family = [f"{number:08X}" for number in range(0x100)]
    wanted = [version for version in family if asked.patterns and version in asked]
    found = [version in entry for version in wanted]
    if not entry.patterns:
        expected = Coverage.YES
    elif not asked.patterns:
        expected = Coverage.POSSIBLY
    else:
        expected = Coverage.YES if all(found) else Coverage(int(any(found)))
    assert entry.covers(asked) is expected


@LAW
@given(SMALL_SET, SMALL_SET)
def test_overlapping_sets_have_a_version_in_common(one: FirmwareSet, other: FirmwareSet) -> None:
    family = (f"{number:08X}" for number in range(0x100))
    assert one.overlaps(other) == any(version in one and version in other for version in family)


@LAW
@given(FEW_DEVICES, FEW_DEVICES)
def test_matching_equals_trying_every_assignment(
    entry: Combination, installed: Combination
) -> None:
    answers = (
        min(map(_device_covers, entry.devices, chosen))
        for chosen in permutations(installed.devices, len(entry.devices))
    )
    assert covers(entry, installed) is max(answers, default=Coverage.NO)


def _device_covers(entry: Device, installed: Device) -> Coverage:
    same = entry.product == installed.product
    return entry.firmware.covers(installed.firmware) if same else Coverage.NO


@LAW
@given(FEW_DEVICES, FEW_DEVICES)
def test_an_entry_overlaps_what_it_may_cover(entry: Combination, installed: Combination) -> None:
    if covers(entry, installed) is not Coverage.NO:
        assert overlaps(entry, installed)
    assert overlaps(entry, installed) == overlaps(installed, entry)


@LAW
@given(ANY_COMBINATION)
def test_an_entry_covers_itself_and_is_covered_without_its_firmware_and_regions(
    entry: Combination,
) -> None:
    assert covers(entry, entry) is Coverage.YES
    assert covers(entry.without_firmware().without_regions(), entry) is Coverage.YES
    assert covers(entry, entry.without_firmware().without_regions()) is not Coverage.NO


@LAW
@given(ANY_COMBINATION, ANY_COMBINATION)
def test_what_an_entry_may_cover_is_found_under_a_model_of_it(
    entry: Combination, installed: Combination
) -> None:
    together = Combination(entry.devices + installed.devices)
    assert covers(entry, together) is not Coverage.NO
    assert set(entry.lookup_models()) & set(together.lookup_models())
