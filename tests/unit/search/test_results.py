from __future__ import annotations

from datetime import date
from typing import Any

from defectreg.formats.columns import from_csv
from defectreg.register.devices import Coverage, parse_combination
from defectreg.register.public import DISCLAIMER
from defectreg.register.record import Record
from defectreg.register.stage import Stage
from defectreg.register.standing import Landed, Landing, Standing
from defectreg.register.statement import Statement
from defectreg.search.results import Result, found_csv, found_json, meta_of, results_of
from defectreg.store.index import Hit, Query
from defectreg.store.index.entries import passages
from tests.registers import ID, good_record, grounds, sign_off

DAY = date(2026, 3, 2)
SCHEMA = grounds().schemas["record"]
ASKED = Query(phrases=(("billing",),))


def said(step: int, file: str, **data: Any) -> Landed:
    statement = Statement(file, {"of": ID, "date": DAY.isoformat(), **data}, f"{step:064}")
    return Landed(statement, Landing(step, DAY, "dcc", "self"))


def result(*landed: Landed, query: Query = ASKED, **changes: Any) -> Result:
    record = Record(good_record(**changes), "a" * 64)
    standing = Standing(record, landed, grounds().parties)
    found = tuple(passages(standing, (), grounds().schemas))
    name = "withdrawn" if standing.withdrawal else "published"
    hit = Hit(standing, Stage(name), Coverage.POSSIBLY, found)
    return results_of([hit], query, grounds(), "green")[0]


def withdrawn() -> Result:
    data = sign_off("withdraw", code="duplicate-of", other="DR-0000-0001")
    reading = {"read": [f"{'a' * 64}  {ID}.yaml"]}
    return result(said(2, "2026-03-02-sign-off-dcc.yaml", **{**data, **reading}))


def table(*results: Result) -> list[dict[str, str]]:
    names, *rows = from_csv(found_csv(results, SCHEMA))
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_json_has_a_version_the_disclaimer_and_what_was_asked() -> None:
    meta = meta_of("billing", DAY, "green", "0" * 40)
    found = found_json(meta, [result()])
    assert found["schema_version"] == 1
    assert found["meta"]["disclaimer"] == DISCLAIMER
    assert found["meta"]["as_of"] == "2026-03-02"
    assert found["meta"]["query"] == "billing"
    (first,) = found["results"]
    assert first["id"] == ID
    assert first["matches"] == ["billing"]
    assert first["affected"] == [
        "CHF:FF02/00020001 + ESME:FF03/00010100@0001*,00030000..00030004 in North"
    ]


def test_whether_an_entry_applies_is_said_where_a_combination_was_asked_about() -> None:
    asked = Query(combinations=(parse_combination("CHF:FF02/00020001"),))
    assert result(query=asked).applies == "possibly"
    assert result().applies is None


def test_a_possible_defect_is_called_one_until_it_is_confirmed() -> None:
    words = [
        found_json({}, [result(kind="defect", certainty=certainty)])["results"][0]["kind_words"]
        for certainty in ("suspected", "confirmed")
    ]
    assert words == ["Possible defect", "Defect"]


def test_of_a_withdrawn_entry_json_and_csv_hold_nothing_of_the_claim() -> None:
    found = found_json({}, [withdrawn()])["results"][0]
    row = table(withdrawn())[0]
    assert found["withdrawal"] == {
        "day": "2026-03-02",
        "code": "duplicate-of",
        "other": "DR-0000-0001",
    }
    assert found["title"] == row["title"] == "Withdrawn entry"
    assert (row["behaviour"], row["affected"], row["alerts"]) == ("", "", "")
    assert "billing" not in f"{found}{row}"


def test_csv_has_the_disclaimer_and_each_column_of_the_schema() -> None:
    row = table(result())[0]
    columns = {
        str(leaf.property_schema.get("x-column") or leaf.schema.get("x-column"))
        for leaf in SCHEMA.leaves
    } - {"None"}
    assert row["disclaimer"] == DISCLAIMER
    assert columns <= row.keys()
    assert row["impact-consumers"] == "high"
    assert row["impact-parties"] == "none"
    assert row["frequency"] == "unknown"
    assert row["stage"] == "published"


def test_csv_gives_back_the_text_that_a_spreadsheet_would_calculate() -> None:
    behaviour = '=HYPERLINK("http://x.invalid")\n@SUM(1), "quoted" | 8E10\n+1'
    written = found_csv([result(behaviour=behaviour, title="-1+cmd|' /C calc'!A0")], SCHEMA)
    row = table(result(behaviour=behaviour, title="-1+cmd|' /C calc'!A0"))[0]
    assert row["behaviour"] == behaviour
    assert row["title"] == "-1+cmd|' /C calc'!A0"
    assert '"=HYPERLINK' not in written
    assert '"-1+cmd' not in written
