"""What SECAS is handed: every file checked, and their checksums."""

from __future__ import annotations

import hashlib

import pytest

from defectreg.publication.package import MARK, package_of
from defectreg.register.errors import CannotRun
from defectreg.register.public import DISCLAIMER
from tests.unit.publication.editions import TEMPLATES, register
from tests.unit.publication.test_bulletin import bulletin, change


def test_the_checksums_are_those_of_every_other_file_and_bear_the_disclaimer() -> None:
    files = dict(package_of(register(bulletins=(bulletin(change("added")),)), TEMPLATES))
    text = files.pop("SHA256SUMS").decode()
    remarks = [line for line in text.splitlines() if line.startswith("#")]
    sums = {line[66:]: line[:64] for line in text.splitlines() if not line.startswith("#")}
    assert remarks == [f"# {MARK}", f"# {DISCLAIMER}", f"# commit {'c' * 40}"]
    assert sums == {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}


def test_a_fragment_whose_template_leaves_the_disclaimer_out_is_not_made() -> None:
    text = TEMPLATES["bulletin-fragment.html"].replace("{{ disclaimer_rest }}", "")
    with pytest.raises(CannotRun, match="without the disclaimer"):
        list(
            package_of(
                register(bulletins=(bulletin(),)), {**TEMPLATES, "bulletin-fragment.html": text}
            )
        )


def test_a_fragment_whose_template_hides_the_disclaimer_is_not_made() -> None:
    text = TEMPLATES["bulletin-fragment.html"]
    first, last = '<section aria-labelledby="disclaimer">', "</section>"
    for tag in ("template", "section hidden"):
        hidden = text.replace(first, f"<{tag}>").replace(last, f"</{tag.split()[0]}>", 1)
        templates = {**TEMPLATES, "bulletin-fragment.html": hidden}
        with pytest.raises(CannotRun, match="without the disclaimer"):
            list(package_of(register(bulletins=(bulletin(),)), templates))
    renamed = {**TEMPLATES, "bulletin-fragment.html": text.replace("Before you read", "First")}
    assert list(package_of(register(bulletins=(bulletin(),)), renamed))
