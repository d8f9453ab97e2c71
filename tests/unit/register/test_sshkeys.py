from __future__ import annotations

import struct
from base64 import b64decode, b64encode
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defectreg.register.sshkeys import PublicKey, Signature

ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDrnK7hALa/+Bh7KXgcvCShzfhVA24nksNq8dnaEyKgW"
ECDSA = (
    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBMfrUBbL"
    "Q+rFcA2PjViJLLcUnYq2VW6GMtWsVPS/nxx+tLxGAptxcjySoF1ehg91OiC0iInVQiNMXr834HAA2jk="
)
RSA = (
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC1i7CLYLI63SfCaHCJ3DrwUB3Cm/XZ9X8tnseH6ZB6"
    "N14JxTxCdJsqwqyrjnu6q1YYuOuljgCxLLtq4AC0XgjiZZoKNupyKTNRqYZ6B4sRe+zGrA3qKUg9JBhC"
    "nznvoTq91gFYjbNbQmEohccXcrpdMFj3MUA2vaidMrOMwbgYDyF5WOpGbmLes/SZvvsTTDSRTXrudpCA"
    "3cO9sc8XYY/AIiJJd1eXTJEzdTLAsi8u02h5DHtyRDDoxz2nXExI6uKHYw9z3UGeeY1OxUfNA2/Vldek"
    "8J07DgHPHbriuIfTq0IyC7H95VB9HI9qvUpS4N1wgrDwQkpgbFU1/y5qy32T"
)
SHORT_RSA = (
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDog0c9dTnhEnajWwFmpIapU/T98WUP1tb07qy0e8F/"
    "9en9AzM+Fu9QhkTEuJunBsVhF6I+ULx3EWEvxgrMnTbvWiFE6Vr/9r91vYL59rzV6IMNFA+LrzriZCiy"
    "NNuIAkUrNgrKSp1qazwUFaSoq7hoLP4GvSltGiObHyNZv3QSzw=="
)
ECDSA_384 = (
    "ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBKph/obg"
    "UkV5t0SvpZXjhlqyCQQnCvT2nLeNrWN7rb277qfT/AajQs4pdsM2TUmpiOtNaw5RzCo+RkiQgLaFSCLb"
    "WgdCf2ST5AKzl6Fgg4D69E4Z92vboNmPs40qXRTlsQ=="
)
SIGNATURE = """\
-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgOucruEAtr/4GHspeBy8JKHN+FU
DbieSw2rx2doTIqBYAAAARZGVmZWN0cmVnQGV4YW1wbGUAAAAAAAAABnNoYTUxMgAAAFMA
AAALc3NoLWVkMjU1MTkAAABAjW7BiNp7XBVRLzbrIYdqIR68pLT1s7SfLv5yVZAk41NTPU
b3syrx52PxFM2P9YgfyometlneScOhmCqmQvxYDQ==
-----END SSH SIGNATURE-----
"""
APPLICATION = b"ssh:"


def wire(*strings: bytes) -> bytes:
    """Strings as SSH writes them: each after its length."""
    return b"".join(struct.pack(">I", len(string)) + string for string in strings)


def key_text(kind: str, *strings: bytes) -> str:
    return f"{kind} {b64encode(wire(kind.encode(), *strings)).decode()}"


def armoured(data: bytes) -> str:
    text = b64encode(data).decode()
    lines = [text[start : start + 70] for start in range(0, len(text), 70)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""])


def sealed(
    *,
    start: bytes = b"SSHSIG\0\0\0\1",
    key: bytes | None = None,
    namespace: bytes = b"defectreg@example",
    hash_algorithm: bytes = b"sha512",
    proof: bytes | None = None,
    end: bytes = b"",
) -> str:
    """A signature that is well formed, with one thing changed."""
    blob = PublicKey.parse(ED25519).blob if key is None else key
    given_proof = wire(b"ssh-ed25519", b"\1" * 64) if proof is None else proof
    return armoured(start + wire(blob, namespace, b"", hash_algorithm, given_proof) + end)


class TestPublicKey:
    @pytest.mark.parametrize(
        ("text", "fingerprint"),
        [
            (ED25519, "SHA256:xxYFVTAFHCOX0yNvqOSutWdgC0ZVB7Zat8LVK1QTa5Q"),
            (ECDSA, "SHA256:6cua2Lle/9V63sFCsLbHqc3NRbfrFxvgXaC0cFftcU4"),
            (RSA, "SHA256:CU+4G1uPQx4P1jSU6Np8uxBSnx1B3cKPc9ucgvnH8Z0"),
        ],
    )
    def test_the_fingerprint_is_the_one_ssh_keygen_prints(
        self, text: str, fingerprint: str
    ) -> None:
        assert PublicKey.parse(text).fingerprint == fingerprint

    @pytest.mark.parametrize("text", [ED25519, ECDSA, RSA])
    def test_what_is_printed_is_what_was_read(self, text: str) -> None:
        key = PublicKey.parse(text)
        assert str(key) == text
        assert key.type == text.partition(" ")[0]
        assert PublicKey.from_blob(key.blob) == key

    def test_keys_of_security_devices_are_used(self) -> None:
        for text in (
            key_text("sk-ssh-ed25519@openssh.com", b"\1" * 32, APPLICATION),
            key_text(
                "sk-ecdsa-sha2-nistp256@openssh.com", b"nistp256", b"\4" + b"\1" * 64, APPLICATION
            ),
        ):
            assert str(PublicKey.parse(text)) == text

    def test_a_comment_is_refused_unless_it_is_allowed_and_then_dropped(self) -> None:
        with pytest.raises(ValueError, match="without a comment"):
            PublicKey.parse(f"{ED25519} a person")
        assert PublicKey.parse(f"{ED25519} a person", comment=True) == PublicKey.parse(ED25519)
        assert PublicKey.parse(f"{ED25519} \n") == PublicKey.parse(ED25519)

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("", "a type and its base64"),
            ("ssh-ed25519", "a type and its base64"),
            (ED25519 + "\n" + ECDSA, "one line"),
            ("ssh-ed25519 ÄÖ", "not base64"),
            (ED25519[:-1], "not base64"),
            (ED25519[:-2] + "=", "not base64"),
            (ED25519.replace("ssh-ed25519 ", "ssh-rsa "), "says 'ssh-rsa' and is a ssh-ed25519"),
            (SHORT_RSA, "RSA key of 1024 bits"),
            (ECDSA_384, "type 'ecdsa-sha2-nistp384' is not used"),
            (key_text("ssh-dss", b"\1"), "type 'ssh-dss' is not used"),
            (key_text("ssh-ed25519", b"\1" * 31), "31 bytes where its type has 32"),
            (key_text("ssh-ed25519", b"\1" * 32, b""), "left over"),
            (key_text("ssh-ed25519"), "cut short"),
            (key_text("ecdsa-sha2-nistp256", b"nistp384", b"\4" * 65), "on the curve 'nistp384'"),
            (key_text("sk-ssh-ed25519@openssh.com", b"\1" * 32), "cut short"),
            (key_text("ssh-rsa", b"\1\0\1", b"\xff" * 256), "shortest way"),
            (key_text("ssh-rsa", b"\1\0\1", b"\0\x7f" + b"\1" * 256), "shortest way"),
            (key_text("ssh-rsa", b"\1\0\1", b""), "shortest way"),
            (key_text("ssh-rsa", b"\1", b"\0\x80" + b"\1" * 255), "exponent"),
            (key_text("ssh-rsa", b"\4", b"\0\x80" + b"\1" * 255), "exponent"),
            (key_text("ssh-rsa", b"\1\0\1", b"\1" * 2049), "RSA key of 16385 bits"),
            ("ssh-ed25519 " + "A" * 20_000, "at most"),
        ],
    )
    def test_what_is_no_key_is_refused_with_a_sentence(self, text: str, sentence: str) -> None:
        with pytest.raises(ValueError, match=sentence):
            PublicKey.parse(text)

    def test_two_texts_are_never_one_key(self) -> None:
        # The last sign of this base64 carries bits that no byte uses.
        text = key_text("sk-ssh-ed25519@openssh.com", b"\1" * 32, APPLICATION)
        head, last = text.rstrip("=")[:-1], text.rstrip("=")[-1]
        other = head + chr(ord(last) + 1) + text[len(head) + 1 :]
        assert b64decode(other.split()[1]) == PublicKey.parse(text).blob
        with pytest.raises(ValueError, match="left over"):
            PublicKey.parse(other)


class TestSignature:
    def test_what_ssh_keygen_wrote_is_read(self) -> None:
        signature = Signature.parse(SIGNATURE)
        assert signature.namespace == "defectreg@example"
        assert signature.fingerprint == PublicKey.parse(ED25519).fingerprint
        assert Signature.parse(SIGNATURE.removesuffix("\n")) == signature

    def test_the_good_one_that_the_bad_ones_start_from_is_read(self) -> None:
        assert Signature.parse(sealed()).key == PublicKey.parse(ED25519)
        assert (
            Signature.parse(sealed(hash_algorithm=b"sha256")).namespace
            == Signature.parse(sealed()).namespace
        )

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("", "begins with"),
            (SIGNATURE + "\n", "begins with"),
            ("\n" + SIGNATURE, "begins with"),
            (SIGNATURE.replace("\n", "\r\n"), "begins with"),
            (SIGNATURE.replace("SSH SIGNATURE", "PGP SIGNATURE"), "begins with"),
            (SIGNATURE.replace("-----\nU1", "-----\n\nU1"), "1 to 76 characters"),
            (SIGNATURE.replace("U1NI", "U1N "), "not base64"),
            (SIGNATURE * 100, "at most"),
            (sealed(start=b"SSHSIH\0\0\0\1"), "version 1"),
            (sealed(start=b"SSHSIG\0\0\0\2"), "version 1"),
            (sealed(start=b"SSHSIG"), "version 1"),
            (sealed(key=b""), "cut short"),
            (sealed(key=wire(b"ssh-dss", b"\1")), "type 'ssh-dss'"),
            (sealed(namespace=b"\xff"), "not UTF-8"),
            (sealed(namespace=b"a\nb"), "cannot be printed"),
            (sealed(hash_algorithm=b"md5"), "over 'md5'"),
            (sealed(proof=wire(b"ssh-rsa", b"\1")), "signature by 'ssh-rsa'"),
            (sealed(proof=b""), "cut short"),
            (sealed(end=b"x"), "left over"),
        ],
    )
    def test_what_is_no_signature_is_refused_with_a_sentence(
        self, text: str, sentence: str
    ) -> None:
        with pytest.raises(ValueError, match=sentence):
            Signature.parse(text)

    @given(st.binary(max_size=300))
    def test_no_bytes_make_it_raise_anything_but_its_own_error(self, data: bytes) -> None:
        for text in (armoured(data), sealed(start=b"SSHSIG\0\0\0\1" + data), sealed(proof=data)):
            assert _complaint(Signature.parse, text).isprintable()
        blob = PublicKey.parse(ED25519).blob
        for key in (data, wire(b"ssh-rsa") + data, wire(b"ssh-ed25519") + data, blob + data):
            text = f"ssh-rsa {b64encode(key).decode()}"
            assert _complaint(PublicKey.parse, text).isprintable()
            assert _complaint(Signature.parse, sealed(key=key)).isprintable()

    @given(st.text(max_size=100))
    def test_no_text_makes_it_raise_anything_but_its_own_error(self, text: str) -> None:
        assert _complaint(PublicKey.parse, text)
        assert _complaint(Signature.parse, text)


def _complaint(parse: Callable[[str], object], text: str) -> str:
    """The sentence of the refusal; empty when there is none."""
    try:
        parse(text)
    except ValueError as error:
        return str(error)
    return ""
