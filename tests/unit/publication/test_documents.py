"""JSON of entries: the same bytes in every file, and text wherever it stands."""

from __future__ import annotations

import datetime
import json
from itertools import product

from defectreg.publication.documents import (
    head,
    headed,
    json_bytes,
    record_bytes,
    record_value,
    value_bytes,
)
from defectreg.publication.machine import (
    bulk_shards,
    entry_file,
)
from tests.unit.publication.editions import (
    DAY,
    FIELDS,
    ID,
    entry,
    of_cards,
    register,
    said,
    tombstone,
)

HOSTILE = '</script> & \u2028\u2029 –\u20ac \\ "quoted" \x00'
RECORDS = (entry(said("fix", says=HOSTILE)), tombstone())


def test_a_headed_file_is_the_document_written_at_once() -> None:
    made = register(*RECORDS, title=HOSTILE)
    for record in RECORDS:
        document = {**head(made), "record": record_value(record, FIELDS)}
        assert headed(made, "record", record_bytes(record, FIELDS)) == json_bytes(document)


def test_what_stands_first_is_that_of_the_register_that_is_asked() -> None:
    days = (DAY, DAY + datetime.timedelta(days=1))
    asked = product(("One", "Another"), (True, False), ("clear", "green"), days)
    for title, is_demonstration, audience, day in asked:
        made = register(title=title, is_demonstration=is_demonstration, audience=audience, day=day)
        meta = json.loads(headed(made, "records", b"[]"))["meta"]
        del meta["disclaimer"]
        assert list(meta.values()) == [title, is_demonstration, audience, day.isoformat()]


def test_a_value_is_read_back_and_ends_no_script() -> None:
    made = value_bytes({HOSTILE: [HOSTILE]})
    assert json.loads(made) == {HOSTILE: [HOSTILE]}
    assert not set("<>&\u2028\u2029") & set(made.decode())
    assert "–\u20ac" in made.decode()


def test_an_entry_has_the_same_bytes_in_its_own_file_and_in_its_shard() -> None:
    made = register(*RECORDS, policy={"search_level": "model"})
    shard = dict(of_cards(bulk_shards, made))["all/all.json"]
    for record in RECORDS:
        held = record_bytes(record, FIELDS)
        assert held in shard
        assert held in entry_file(record.id, held, made)[1]
    assert entry_file(ID, b"{}", made)[0] == f"records/{ID}.json"
