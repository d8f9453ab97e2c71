"""A register with an entry in every state and hostile text wherever text is shown, published."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from defectreg.publication.package import package_of
from defectreg.publication.site import files_of
from defectreg.register.record import statements_folder
from defectreg.register.yamltext import dump
from defectreg.store.bulletins import Asked, publication
from defectreg.store.publishing import site_templates
from tests.registers import TestRegister, make_register, sha256, sign, sign_off, statement

HOSTILE = (
    "<script>window.ran=1</script> \"><img src=x onerror=window.ran=1> '><svg/onload=window.ran=1>"
    " javascript:window.ran=1 {{7*7}} {% raw %} ]]> <!-- &lt;b&gt; =1+1 \u05d0\u05d1\u05d2"
)
"""Runs, or shows 49, where it is taken for anything but text. No file may hold what turns text."""
LONG = "Unbroken" * 60
TITLE = HOSTILE[:60]
IMAGE = '"><img/src=x/onerror=window.ran=1>'
FULL, PLAIN, PROVIDED = "DR-1111-1111", "DR-2222-2222", "DR-3333-3333"
DUPLICATE, SUPERSEDED, WRONG = "DR-4444-4444", "DR-5555-5555", "DR-6666-6666"
ALERTS, NOTE, UNBROKEN = "DR-7777-7777", "DR-8888-8888", "DR-9999-9999"
ALIKE, MANY = "DR-A", 14
"""How the ids of entries begin that only make lists long, and how many there are."""
MAKERS = "ESME:FF01/00010100@00010203"
HUB = "CHF:FF02/00020001@00020002"
BOTH = f"{HUB} + {MAKERS} in North"
OWN = "ESME:FF03/00030300@0001*"
DAY = datetime.date(2026, 6, 30)
"""After every month that is signed."""
_MONTHS = ("2026-03", "2026-04", "2026-05")
_MANUFACTURERS = {
    "source": "invented",
    "manufacturers": [{"id": "FF01", "name": IMAGE}, {"id": "FF02", "name": LONG[:80]}],
}


@dataclass(frozen=True)
class Sites:
    """What the register publishes, each in a folder of its own below one folder."""

    folder: Path

    @property
    def green(self) -> Path:
        """For the SEC Parties."""
        return self.folder / "green"

    @property
    def clear(self) -> Path:
        """For the world, at an address of its own, and found by search engines."""
        return self.folder / "clear"

    @property
    def narrow(self) -> Path:
        """For the SEC Parties, searched by combination alone."""
        return self.folder / "narrow"

    @property
    def package(self) -> Path:
        """What SECAS is handed of the newest month."""
        return self.folder / "package"


def made_sites(folder: Path) -> Sites:
    """The register, made and published in every way."""
    made = make_register(folder / "register", signs=False, files=_grounds())
    _policy(made, contact=IMAGE)
    _first_month(made)
    _sign(made, _MONTHS[0])
    fix = _second_month(made)
    _sign(made, _MONTHS[1])
    _take_back(made, fix)
    _sign(made, _MONTHS[2])
    sites = Sites(folder)
    _publish(made, sites.green, "green")
    _publish(made, sites.package, "green", is_package=True)
    _policy(made, contact=IMAGE, search_level="dmc", manufacturer_shown="hidden")
    _publish(made, sites.narrow, "green")
    _policy(made, contact="javascript:window.ran=1", indexing="allow", audience="clear",
            address="https://register.example.invalid/of/issues/")  # fmt: skip
    _publish(made, sites.clear, "clear")
    return sites


def files_below(folder: Path, ending: str) -> list[Path]:
    """The files of a publication whose names end so, in order."""
    return sorted(path for path in folder.rglob(f"*{ending}") if path.is_file())


def _grounds() -> dict[str, bytes]:
    return {"catalogue/manufacturers.yaml": dump(_MANUFACTURERS).encode()}


def _policy(made: TestRegister, **switches: Any) -> None:
    decided = {"by": TITLE, "date": "2026-01-02", "reference": IMAGE}
    made.policy(
        **{
            "title": TITLE,
            "ceiling": "green",
            "search_level": "model",
            "show_without_fix_to_world": "show",
            "demonstration": True,
            "decided": {"search-level": decided},
            **switches,
        }
    )


def _record(record_id: str, *affected: str, **changes: Any) -> dict[str, Any]:
    record = {
        "id": record_id,
        "title": f"{record_id[3:7]} {TITLE}",
        "kind": "defect",
        "classification": "clear",
        "affected": list(affected),
        "behaviour": f"{HOSTILE}\n\n{HOSTILE}",
        "expected": HOSTILE,
        "circumstances": HOSTILE,
        "trigger": "firmware-update",
        "frequency": "monthly",
        "population": "some",
        "alerts": ["8F1E", "AD1"],
        "service-requests": ["4.8.1"],
        "variants": ["A"],
        "certainty": "confirmed",
        "impact": {"consumers": "high", "dcc-services": "low", "parties": "medium"},
        "evidence": {"devices": "10-99", "laboratory": True},
        **changes,
    }
    return {key: value for key, value in record.items() if value is not None}


def _said(kind: str, by: str, **keys: Any) -> dict[str, Any]:
    return statement(kind, by, **{"says": HOSTILE, "classification": "clear", **keys})


def _name(made: TestRegister, kind: str, by: str) -> str:
    """The name of the file of what a Party says today."""
    return f"{made.today}-{kind}-{by}.yaml"


def _first_month(made: TestRegister) -> None:
    _add_full(made)
    _add_provided(made)
    made.add(_record(PLAIN, OWN, certainty="suspected", alerts=None, evidence=None))
    made.later().add(_record(DUPLICATE, OWN), _said("response", "maker-one", position="disputed"))
    made.add(_record(SUPERSEDED, OWN), _said("workaround", "supplier-one"))
    made.later().add(_record(WRONG, OWN), _said("fix", "supplier-one", device="ESME"))
    made.add(_record(ALERTS, OWN, kind="superfluous-alerts"),
             _said("fix", "supplier-one", device="ESME", firmware='"><b>'),
             _said("challenge", "supplier-two", about="scope"))  # fmt: skip
    made.add(_record(NOTE, "GSME:FF04/00040400", kind="device-information", related=[FULL]))
    made.add(_record(UNBROKEN, OWN, title=LONG[:120], behaviour=LONG, expected=LONG,
                     circumstances=LONG),
             _said("cause", "supplier-one", says=LONG, cause="suspected"))  # fmt: skip
    made.say(DUPLICATE, sign_off("withdraw", code="duplicate-of", other=FULL))
    made.say(SUPERSEDED, sign_off("withdraw", code="superseded", other=PLAIN))
    _add_many(made)


def _add_full(made: TestRegister) -> None:
    """An entry of which everything is said that can be said, and much of it contested."""
    told = {"affected": [BOTH], "certainty": "confirmed", "impact": "high"}
    tried = {"tried_with": [BOTH]}
    fix, workaround, cause = (
        _name(made, kind, "supplier-one") for kind in ("fix", "workaround", "cause")
    )
    other = _name(made, "cause", "supplier-two")
    made.add(
        _record(FULL, BOTH, OWN, related=[PLAIN, DUPLICATE], kind="unusual-behaviour"),
        _said("report", "supplier-one", devices="10-99", region="North", since="2026-02-03"),
        _said("report", "supplier-two", devices="2-9", region="4G South", since="2026-02-10"),
        _said("fix", "supplier-one", device="ESME", firmware="00010204", **tried),
        _said("workaround", "supplier-one", device="CHF", **tried),
        _said("accommodation", "supplier-one", device="ESME", lives_with="CHF", **tried),
        _said("cause", "supplier-one", cause="identified", device="CHF"),
        _said("cause", "supplier-two", cause="suspected", device="ESME"),
        statement("notice", "secas", to="maker-one", delivered="post",
                  told={**told, "causes": [cause, other]}),
    )  # fmt: skip
    made.later().say(
        FULL,
        _said("confirmation", "supplier-two", about=fix, **tried),
        _said("challenge", "supplier-two", about=cause),
        _said("challenge", "supplier-two", about="behaviour"),
        _said("challenge", "supplier-two", about="scope"),
        _said("response", "maker-one", position="disputed"),
        _said("response", "secas", position="not-affected", received="letter",
              **{"from": "maker-one"}),
        _said("workaround", "supplier-one", device="CHF", supersedes=workaround),
        accept=True,
    )  # fmt: skip


def _add_provided(made: TestRegister) -> None:
    told = {"affected": [MAKERS], "certainty": "confirmed", "impact": "high"}
    made.add(
        _record(PROVIDED, MAKERS),
        _said("report", "maker-one", devices="10-99", since="2026-02-03"),
        _said("fix", "maker-one", device="ESME", firmware="00010204"),
        statement("notice", "secas", to="maker-one", delivered="e-mail", told=told),
        _said("response", "maker-one", position="fix-available"),
    )


def _add_many(made: TestRegister) -> None:
    """Entries enough that lists are long and counts are shown."""
    kinds = ("issue", "defect", "superfluous-alerts")
    for number in range(MANY):
        affected = f"CHF:FF02/0002{number % 3:04d} + GSME:FF03/00030400 in South"
        made.add(_record(f"{ALIKE}{number:03d}-AAAA", affected, kind=kinds[number % 3]))


def _second_month(made: TestRegister) -> str:
    """What the second month tells; returns the name of the fix that it tells of."""
    fix = _said("fix", "supplier-one", device="ESME", firmware="00010204")
    name = made.later(40).say(PLAIN, fix, accept=True)[0]
    made.change(NOTE, _record(NOTE, "GSME:FF04/00040400", kind="device-information",
                                  title=f"Corrected {TITLE}"))  # fmt: skip
    made.say(UNBROKEN, _said("report", "supplier-two", devices="2-9"))
    return name


def _take_back(made: TestRegister, fix: str) -> None:
    """What signed months told of is withdrawn: an entry, and the fix of another."""
    made.later(30).say(WRONG, sign_off("withdraw", code="reported-in-error"))
    data = made.read(f"{statements_folder(PLAIN)}/{fix}")
    read = [f"{sha256(data)}  {fix}"]
    made.say(PLAIN, sign_off("withdraw", code="cannot-be-substantiated", read=read))


def _sign(made: TestRegister, month: str) -> None:
    """The publisher signs a month as the register stands."""
    tip = made.repository.refs()["refs/heads/main"]
    data = {"month": month, "by": "secas", "date": made.today.isoformat(), "commit": tip,
            "audience": "green" if month != _MONTHS[1] else "clear"}  # fmt: skip
    made.commit({f"bulletins/{month}.yaml": sign("secas", data)[0]})


def _publish(made: TestRegister, target: Path, audience: str, *, is_package: bool = False) -> None:
    source = made.register().head_source
    result = publication(source, Asked(None, False, audience, DAY))
    assert result.left_out == ()
    make = package_of if is_package else files_of
    _write(target, make(result.register, site_templates(source)))


def _write(target: Path, files: Iterable[tuple[str, bytes]]) -> None:
    for path, data in files:
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
