from __future__ import annotations

from defectreg.register.sshkeys import Signature
from defectreg.register.statement import signed_part
from defectreg.register.yamltext import load
from defectreg.store.signatures import check
from defectreg.store.signing_statements import signed, signed_all
from tests.registers import NAMESPACE, key_of, public_key

TEXT = b"of: DR-7K3Q-X4MB\nkind: report\nby: supplier-one\ndate: 2026-03-02\n"


def armour(source: bytes) -> str:
    return str(load(source).data["signature"])


def test_the_signature_is_the_last_key_and_covers_every_byte_above_it() -> None:
    source = signed(TEXT, key_of("supplier-one"), NAMESPACE)
    assert source.startswith(TEXT + b"signature: |\n  -----BEGIN SSH SIGNATURE-----\n  ")
    assert list(load(source).data)[-1] == "signature"
    complaint = check(signed_part(source), armour(source), NAMESPACE, public_key("supplier-one"))
    assert complaint is None


def test_one_changed_byte_above_it_ends_the_signature() -> None:
    source = signed(TEXT, key_of("supplier-one"), NAMESPACE)
    changed = signed_part(source).replace(b"03-02", b"03-03")
    assert check(changed, armour(source), NAMESPACE, public_key("supplier-one")) is not None


def test_what_was_signed_before_is_signed_anew_and_not_twice() -> None:
    first = signed(TEXT, key_of("supplier-one"), NAMESPACE)
    second = signed(first, key_of("dcc"), NAMESPACE)
    assert second.count(b"signature:") == 1
    assert signed_part(second) == TEXT
    assert Signature.parse(armour(second)).key == public_key("dcc")


def test_a_text_without_a_last_line_feed_gets_one_before_it_is_signed() -> None:
    source = signed(TEXT.rstrip(b"\n"), key_of("dcc"), NAMESPACE)
    assert source.startswith(TEXT + b"signature: |\n")


def test_a_batch_has_each_its_own_signature_in_the_order_given() -> None:
    texts = [TEXT, TEXT.replace(b"report", b"cause"), TEXT.replace(b"report", b"fix")]
    made = signed_all(texts, key_of("dcc"), NAMESPACE)
    assert [signed_part(source) for source in made] == texts
    assert len({armour(source) for source in made}) == 3


def test_nothing_to_sign_is_nothing_signed() -> None:
    assert signed_all([], key_of("dcc"), NAMESPACE) == []
