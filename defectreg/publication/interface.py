"""The page about the files for programs: what is promised of them, and what each key means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from defectreg.publication import words
from defectreg.publication.advisories import TLP
from defectreg.publication.dataset import dataset_value
from defectreg.publication.documents import SCHEMA_VERSION
from defectreg.publication.feeds import NEWEST
from defectreg.publication.pages import Pages, is_indexed
from defectreg.register.public import PublicRegister


@dataclass(frozen=True, slots=True)
class Named:
    """A key of the JSON or a column of the table: its name, its form, what it means."""

    name: str
    form: str
    meaning: str


def _named(text: str) -> tuple[Named, ...]:
    """One on each line, ``name | form | meaning``."""
    parts = (line.split(" | ") for line in text.strip().splitlines())
    return tuple(Named(*map(str.strip, line)) for line in parts)


HEAD_KEYS = _named(
    """
schema_version | integer | the version of these promises
meta.disclaimer | text | the disclaimer, whole
meta.register | text | the title of the register
meta.demonstration | true or false | whether every record in the register is invented
meta.audience | text | clear (anyone) or green (SEC Parties)
meta.as_of | day | the day for which the publication was made
record | object | the entry; in files of many, records is a list of such objects
"""
)
RECORD_KEYS = _named(
    """
id | text | DR- and eight symbols; never used again for another entry
stage | text | published, or withdrawn
kind_words | text | the kind as pages show it; a defect is a possible one until confirmed
first_day | day | when it entered the register
last_day | day | when something was last said of it that is shown
marks | list of text | what stands of it, such as fixed or disputed
statements | list of objects | what Parties say of it, in the order in which it came
statements[].key | text | its name within this entry, such as fix-1
statements[].kind | text | report, cause, fix, workaround, accommodation, confirmation, challenge \
or response
statements[].whose | text | the category of the Party that says it; empty where it is not shown
statements[].devices | list of text | affected models for which a manufacturer that says it answers
statements[].day | day | when it entered the register
statements[].about | text or null | behaviour, scope, or the key of the statement that it is about
statements[].superseded | true or false | whether its author has replaced it
statements[].from_manufacturer | true or false | whether a manufacturer says it
statements[].says | object | what it says, by the keys that statements have in the register
withdrawn | object | of a withdrawn entry only, which has none of the keys from says on
withdrawn.day | day | when it was withdrawn
withdrawn.code | text | the reason, a word of a fixed list
withdrawn.other | text or null | the id of the other entry where the reason names one
says | object | its own fields, listed below, defaults filled in
affected | list of objects | the combinations of Devices that show it
affected[].text | text | the combination in the notation
affected[].devices | list of objects | its Devices
affected[].devices[].text | text | the Device in the notation
affected[].devices[].type | text | the Device Type, such as ESME
affected[].devices[].manufacturer | text or null | as the policy lets it be shown
affected[].devices[].model | text | the model, without firmware
affected[].devices[].firmware | text | exact versions, beginnings (0001*) and ranges (A..B) \
between commas; empty means any
affected[].regions | list of text | CSP Regions; none means any
reported_by | list of text | categories of the Parties that reported it, where they are shown
provided_by_manufacturer | true or false | whether every report is by a manufacturer of an \
affected Device
validated_by_its_reporter | true or false | whether the Party that accepted it also reported it
nobody_told_of | list of text | affected models for whose manufacturer no Party answers
timeline | list of objects | what was said when
timeline[].day | day | when
timeline[].what | text | a kind of statement, or notice, accept or withdraw
timeline[].whose | text | the category of the Party; empty where it is not shown
"""
)
OWN_COLUMNS = _named(
    """
stage | text | published, or withdrawn; then only id, days, reason and disclaimer are filled
kind-words | text | the kind as pages show it
first-day | day | when it entered the register
last-day | day | when something was last said of it that is shown
marks | list | what stands of it
fix | list | Device and firmware of each fix that counts
withdrawn-code | text | the reason of a withdrawal
other | text | the other entry that the reason names
disclaimer | text | the disclaimer, whole, in every row; always the last column
"""
)


def api_page(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """What programs can read here, and what is promised of it."""
    path = "api/index.html"
    yield (
        path,
        pages.page(
            "api.html",
            path,
            version=SCHEMA_VERSION,
            head_keys=HEAD_KEYS,
            record_keys=RECORD_KEYS,
            own_columns=OWN_COLUMNS,
            fields=[(".".join(field.path), field) for field in register.fields],
            types=words.DEVICE_TYPES,
            newest=NEWEST,
            tlp=TLP[register.audience],
            dataset=dataset_value(register) if is_indexed(register) else None,
        ),
    )
