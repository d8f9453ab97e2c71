from __future__ import annotations

from defectreg.intake.starting import plan
from defectreg.intake.unsigned import left_unsigned, why_nothing
from defectreg.register.yamltext import dump
from defectreg.store.requests import LANDED, Request
from tests.registers import ID, sha256, sign, statement

FOLDER = f"records/7K/{ID}"
WHOLE = {"of": ID, "date": "2026-03-02"}
CAUSE = {**WHOLE, **statement("cause", "supplier-one", cause="suspected", says="The clock.")}
CAUSE_PATH = f"{FOLDER}/2026-03-02-cause-supplier-one.yaml"
UNSIGNED = {CAUSE_PATH: dump(CAUSE).encode()}
GROUNDS = plan("for-tests", ()).grounds


def request(new: dict[str, bytes], landed: dict[str, bytes] | None = None) -> Request:
    ref = f"refs/heads/submit/{ID}" if new else LANDED
    return Request(ID, ref, "1" * 40, new, landed or {})


def test_what_a_party_left_unsigned_is_found_and_nobody_elses() -> None:
    assert left_unsigned(request(UNSIGNED), "supplier-one", GROUNDS).paths == (CAUSE_PATH,)
    assert left_unsigned(request(UNSIGNED), "supplier-two", GROUNDS).paths == ()


def test_what_is_signed_is_left_alone() -> None:
    signed = {CAUSE_PATH: sign("supplier-one", CAUSE)[0]}
    assert left_unsigned(request(signed), "supplier-one", GROUNDS).paths == ()


def test_who_read_it_unsigned_is_named() -> None:
    read = [f"{sha256(UNSIGNED[CAUSE_PATH])}  2026-03-02-cause-supplier-one.yaml"]
    accept = {**WHOLE, **statement("sign-off", "dcc", decision="accept", role="validator")}
    path = f"{FOLDER}/2026-03-02-sign-off-dcc.yaml"
    new = {**UNSIGNED, path: dump({**accept, "read": read}).encode()}
    assert left_unsigned(request(new), "supplier-one", GROUNDS).read_before == (
        ("2026-03-02-sign-off-dcc.yaml", "2026-03-02-cause-supplier-one.yaml"),
    )


def test_why_there_is_nothing_to_sign_is_told_apart() -> None:
    def sentence(*requests: Request) -> str:
        return why_nothing(requests, "supplier-one", GROUNDS).sentence

    signed = {CAUSE_PATH: sign("supplier-one", CAUSE)[0]}
    assert "left nothing unsigned on the requests" in sentence(request(signed))
    assert "has landed, and can no longer be signed" in sentence(request({}, UNSIGNED))
    assert "stands on no request" in sentence(request({}, signed))
