"""The whole publication: every part in turn, each file checked, the checksums last."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from typing import TypeAlias

from defectreg.publication import machine, readable
from defectreg.publication.pages import Pages
from defectreg.register.errors import CannotRun
from defectreg.register.public import DISCLAIMER, PublicRegister
from defectreg.store.checksums import SUMS, to_sums

Part: TypeAlias = Callable[[PublicRegister, Pages], Iterator[tuple[str, bytes]]]
"""Makes some of the files: path from the top of the site, and bytes."""

PARTS: tuple[Part, ...] = (
    readable.front_page,
    readable.record_pages,
    readable.about_page,
    readable.looks,
    machine.record_files,
    machine.everything_json,
    machine.everything_csv,
    machine.robots,
)
"""All that a publication is made of; a new page or export is one function and one line here."""
MARK = "A publication of defectreg; replaced whole, so keep nothing of your own here."
"""The first remark in SUMS, by which the folder is known."""
_NOT_TEXT = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)


def files_of(register: PublicRegister, templates: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """Every file of the publication: a function of the register and the templates alone.

    Raises CannotRun for a file without the disclaimer, and where a template is wrong.
    """
    pages = Pages.of(register, templates)
    sums: dict[str, str] = {}
    for part in PARTS:
        for path, data in part(register, pages):
            if not shows_disclaimer(path, data):
                raise CannotRun(
                    f"{path} is without the disclaimer", "show it in the template as it is given"
                )
            if path in sums:
                raise CannotRun(f"two parts of the publication make {path}")
            sums[path] = hashlib.sha256(data).hexdigest()
            yield path, data
    # The next publication proves what landed since the commit that this one names.
    yield SUMS, to_sums((MARK, DISCLAIMER, f"commit {register.commit}"), sums).encode()


def shows_disclaimer(path: str, data: bytes) -> bool:
    """Whether the disclaimer stands in a file; in a page, in what is read and not in a comment."""
    text = data.decode()
    if path.endswith(".html"):
        text = unescape(_NOT_TEXT.sub("", text))
    return DISCLAIMER in " ".join(text.split())
