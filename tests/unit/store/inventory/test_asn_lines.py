"""The lines of an ASN, kept aside beside the tables of a snapshot."""

from __future__ import annotations

from pathlib import Path

from defectreg.store.inventory.asn_lines import LINES, StagedLine, staged
from defectreg.store.inventory.places import open_inventory
from defectreg.store.inventory.snapshot import open_current
from defectreg.store.tables.engine import DUCKDB, open_engine
from tests.asns import DEVICE, KNOWN, inventory_of

LINE: StagedLine = (1, 2, "", DEVICE, "ESME", "FF01", "00010100", "00010203", "SMETS V5.0", "AD")


def test_lines_and_known_devices_are_asked_together(tmp_path: Path) -> None:
    snapshot = open_current(open_inventory(inventory_of(tmp_path / "i", devices=[KNOWN])))
    lines = [(number, *LINE[1:]) for number in range(1, 4)]
    with staged(lines, snapshot) as kept:
        assert kept.lines == 3
        sql = "SELECT number, device_status FROM lines JOIN devices USING (device_id) ORDER BY 1"
        with open_engine(DUCKDB).run(sql, kept.tables) as found:
            assert [*found.rows()] == [(1, "Pending"), (2, "Pending"), (3, "Pending")]


def test_what_was_never_loaded_is_an_empty_table() -> None:
    with staged([LINE], None) as kept:
        assert set(kept.tables) == {LINES, "devices", "asn", "cpl", "products"}
        with open_engine(DUCKDB).run("SELECT count(*) FROM cpl", kept.tables) as found:
            assert [*found.rows()] == [(0,)]


def test_the_lines_are_gone_at_the_end_and_were_this_user_s_alone() -> None:
    with staged([LINE], None) as kept:
        file = kept.tables[LINES]
        assert isinstance(file, Path)
        assert file.parent.stat().st_mode & 0o777 == 0o700
    assert not file.parent.exists()


def test_an_asn_without_lines_is_an_empty_table() -> None:
    with staged([], None) as kept:
        assert kept.lines == 0
