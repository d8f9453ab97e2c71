from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from defectreg.register.sshkeys import PublicKey, Signature
from defectreg.store.signatures import (
    SigningError,
    SshMissing,
    check,
    generate,
    public_of,
    sign,
)

NAMESPACE = "defectreg@our register"
PAYLOAD = b"of: DR-7K3Q-X4MB\nkind: report\n"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    generate(tmp_path / "keys" / "key")
    return tmp_path / "keys" / "key"


def keygen(*arguments: str) -> str:
    result = subprocess.run(
        ["ssh-keygen", "-q", *arguments], capture_output=True, check=True, text=True
    )
    return result.stdout


class TestKeys:
    def test_a_new_key_has_no_comment_and_is_its_owners_alone(self, tmp_path: Path) -> None:
        public = generate(tmp_path / "keys" / "key")
        assert public.type == "ssh-ed25519"
        file = tmp_path / "keys" / "key"
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.parent.stat().st_mode & 0o777 == 0o700
        assert file.with_suffix(".pub").read_text().split() == str(public).split()
        assert keygen("-l", "-f", str(file)).split()[1] == public.fingerprint

    def test_a_key_is_never_overwritten(self, key: Path) -> None:
        before = key.read_bytes()
        with pytest.raises(SigningError, match="there is a key at"):
            generate(key)
        key.with_name("other.pub").write_text("mine")
        with pytest.raises(SigningError, match="there is a key at"):
            generate(key.with_name("other"))
        assert key.read_bytes() == before
        assert not key.with_name("other").exists()

    def test_the_public_half_is_read_from_either_file(self, key: Path) -> None:
        public = public_of(key)
        assert public_of(key.with_suffix(".pub")) == public
        key.with_suffix(".pub").unlink()
        assert public_of(key) == public
        key.chmod(0o644)
        assert public_of(key) == public

    def test_the_public_half_of_a_locked_key_lies_beside_it(self, key: Path) -> None:
        public = public_of(key)
        keygen("-p", "-N", "a long passphrase", "-f", str(key))
        assert public_of(key) == public
        key.with_suffix(".pub").unlink()
        with pytest.raises(SigningError, match="passphrase"):
            public_of(key)

    def test_a_comment_in_a_key_file_is_left_there(self, tmp_path: Path) -> None:
        keygen("-t", "ed25519", "-N", "", "-C", "a person", "-f", str(tmp_path / "key"))
        assert "person" not in str(public_of(tmp_path / "key"))

    def test_what_is_no_key_is_refused_with_a_sentence(self, tmp_path: Path) -> None:
        (tmp_path / "text").write_text("hello there\n")
        (tmp_path / "bytes").write_bytes(b"\xff\0")
        (tmp_path / "broken").write_text("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n")
        for name in ("text", "bytes", "broken", "missing"):
            with pytest.raises(SigningError) as refusal:
                public_of(tmp_path / name)
            assert name in str(refusal.value)
            with pytest.raises(SigningError):
                sign(tmp_path / name, NAMESPACE, [PAYLOAD])


class TestSigning:
    def test_what_is_signed_is_good_and_only_that(self, key: Path, tmp_path: Path) -> None:
        public = public_of(key)
        [signature] = sign(key, NAMESPACE, [PAYLOAD])
        assert Signature.parse(signature).key == public
        assert check(PAYLOAD, signature, NAMESPACE, public) is None
        changed = check(PAYLOAD + b"\n", signature, NAMESPACE, public)
        assert changed == "the signature is not over these bytes"
        elsewhere = check(PAYLOAD, signature, "defectreg@theirs", public)
        assert elsewhere == (
            "the signature is for 'defectreg@our register', not for 'defectreg@theirs'"
        )
        other = generate(tmp_path / "other")
        problem = check(PAYLOAD, signature, NAMESPACE, other)
        assert problem is not None
        assert "by the key" in problem

    @pytest.mark.parametrize("kind", [["ecdsa", "-b", "256"], ["rsa", "-b", "2048"]])
    def test_other_kinds_of_key_sign_too(self, tmp_path: Path, kind: list[str]) -> None:
        path = tmp_path / "key"
        keygen("-t", *kind, "-N", "", "-f", str(path))
        [signature] = sign(path, NAMESPACE, [PAYLOAD])
        assert check(PAYLOAD, signature, NAMESPACE, public_of(path)) is None

    def test_an_old_private_key_file_signs(self, tmp_path: Path) -> None:
        path = tmp_path / "key"
        keygen("-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "", "-f", str(path))
        path.chmod(0o644)
        [signature] = sign(path, NAMESPACE, [PAYLOAD])
        assert check(PAYLOAD, signature, NAMESPACE, public_of(path)) is None

    def test_a_days_batch_is_signed_in_its_order(self, key: Path) -> None:
        payloads = [b"%d" % number for number in range(30)]
        signatures = sign(key, NAMESPACE, payloads)
        public = public_of(key)
        assert check(payloads[29], signatures[29], NAMESPACE, public) is None
        assert check(payloads[0], signatures[0], NAMESPACE, public) is None
        assert check(payloads[0], signatures[1], NAMESPACE, public) is not None
        assert len(set(signatures)) == 30

    def test_nothing_to_sign_is_no_signature(self, key: Path) -> None:
        assert sign(key, NAMESPACE, []) == []

    def test_empty_and_binary_bytes_are_signed(self, key: Path) -> None:
        payloads = [b"", bytes(range(256)), b"-Y\n"]
        for payload, signature in zip(payloads, sign(key, NAMESPACE, payloads), strict=True):
            assert check(payload, signature, NAMESPACE, public_of(key)) is None

    def test_a_key_that_git_checked_out_for_all_to_read_signs_and_keeps_its_mode(
        self, key: Path
    ) -> None:
        key.chmod(0o644)
        [signature] = sign(key, NAMESPACE, [PAYLOAD])
        assert check(PAYLOAD, signature, NAMESPACE, public_of(key)) is None
        assert key.stat().st_mode & 0o777 == 0o644

    def test_a_public_key_signs_with_the_private_one_beside_it(self, key: Path) -> None:
        [signature] = sign(key.with_suffix(".pub"), NAMESPACE, [PAYLOAD])
        assert check(PAYLOAD, signature, NAMESPACE, public_of(key)) is None

    def test_a_public_key_whose_private_half_is_nowhere_does_not_sign(self, key: Path) -> None:
        key.rename(key.with_name("moved"))
        with pytest.raises(SigningError, match="did not sign"):
            sign(key.with_suffix(".pub"), NAMESPACE, [PAYLOAD])

    def test_a_key_that_an_agent_holds_signs(
        self, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        agent = subprocess.run(["ssh-agent", "-s"], capture_output=True, check=True, text=True)
        words = dict(word.split("=", 1) for word in agent.stdout.split(";") if "=" in word)
        started = {name.strip(): text for name, text in words.items()}
        try:
            monkeypatch.setenv("SSH_AUTH_SOCK", started["SSH_AUTH_SOCK"])
            subprocess.run(["ssh-add", "-q", str(key)], check=True)
            key.rename(tmp_path / "moved")
            [signature] = sign(key.with_suffix(".pub"), NAMESPACE, [PAYLOAD])
        finally:
            os.kill(int(started["SSH_AGENT_PID"]), signal.SIGTERM)
        assert check(PAYLOAD, signature, NAMESPACE, public_of(tmp_path / "moved")) is None

    def test_a_locked_key_is_not_waited_for_without_a_terminal(self, key: Path) -> None:
        keygen("-p", "-N", "a long passphrase", "-f", str(key))
        with pytest.raises(SigningError, match="did not sign"):
            sign(key, NAMESPACE, [PAYLOAD])

    def test_a_machine_without_ssh_keygen_is_told_so(
        self, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        [signature] = sign(key, NAMESPACE, [PAYLOAD])
        public = public_of(key)
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(SshMissing, match="ssh-keygen was not found"):
            sign(key, NAMESPACE, [PAYLOAD])
        with pytest.raises(SshMissing, match="ssh-keygen was not found"):
            check(PAYLOAD, signature, NAMESPACE, public)

    def test_nothing_is_left_in_the_temporary_folder(
        self, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "temporary").mkdir()
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
        key.chmod(0o644)
        [signature] = sign(key, NAMESPACE, [PAYLOAD])
        check(PAYLOAD, signature, NAMESPACE, public_of(key))
        assert list((tmp_path / "temporary").iterdir()) == []


class TestChecking:
    def test_anyone_can_check_with_ssh_keygen_alone(self, key: Path, tmp_path: Path) -> None:
        [signature] = sign(key, NAMESPACE, [PAYLOAD])
        (tmp_path / "sig").write_text(signature)
        (tmp_path / "allowed").write_text(f"anyone {public_of(key)}\n")
        command = ["ssh-keygen", "-Y", "verify", "-f", str(tmp_path / "allowed"), "-I", "anyone"]
        said = subprocess.run(
            [*command, "-n", NAMESPACE, "-s", str(tmp_path / "sig")],
            input=PAYLOAD,
            capture_output=True,
            check=False,
        )
        assert said.returncode == 0

    def test_a_signature_that_says_a_key_it_was_not_made_with_is_not_good(
        self, key: Path, tmp_path: Path
    ) -> None:
        other = generate(tmp_path / "other")
        [signature] = sign(key, NAMESPACE, [PAYLOAD])
        forged = _with_key(signature, public_of(key), other)
        assert Signature.parse(forged).key == other
        assert check(PAYLOAD, forged, NAMESPACE, other) == "the signature is not over these bytes"

    @pytest.mark.parametrize("signature", ["", "hello", "-----BEGIN SSH SIGNATURE-----\n", "\0é"])
    def test_what_is_no_signature_is_a_problem_and_no_failure(
        self, key: Path, signature: str
    ) -> None:
        problem = check(PAYLOAD, signature, NAMESPACE, public_of(key))
        assert problem is not None
        assert "begins with" in problem

    def test_an_odd_namespace_is_no_option(self, key: Path) -> None:
        for namespace in ("-h", "--", "a b\"c'd,e*", "é"):
            [signature] = sign(key, namespace, [PAYLOAD])
            assert check(PAYLOAD, signature, namespace, public_of(key)) is None


def _with_key(signature: str, old: PublicKey, new: PublicKey) -> str:
    from base64 import b64decode, b64encode

    data = b64decode("".join(signature.splitlines()[1:-1])).replace(old.blob, new.blob)
    text = b64encode(data).decode()
    lines = [text[start : start + 70] for start in range(0, len(text), 70)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""])
