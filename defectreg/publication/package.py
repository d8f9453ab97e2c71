"""What SECAS is handed of a month: each file checked for the disclaimer, and their checksums."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from defectreg.publication.bulletin import package
from defectreg.publication.disclaimed import reader_of
from defectreg.publication.pages import Pages
from defectreg.publication.site import shows_disclaimer
from defectreg.register.errors import CannotRun
from defectreg.register.public import DISCLAIMER, PublicRegister
from defectreg.store.checksums import SUMS, to_sums

MARK = "A bulletin of defectreg to hand on; replaced whole, so keep nothing of your own here."
"""The first remark in SUMS, by which the folder is known."""


def package_of(
    register: PublicRegister, templates: Mapping[str, str]
) -> Iterator[tuple[str, bytes]]:
    """The files of the register's newest bulletin, and their checksums.

    Raises CannotRun for a file without the disclaimer, and where a template is wrong.
    """
    pages, reader = Pages.of(register, templates), reader_of(templates)
    sums: dict[str, str] = {}
    for path, data in package(register.bulletins[0], pages):
        is_read = reader is None or not path.endswith(".html") or reader.is_shown_disclaimer(data)
        if not (is_read and shows_disclaimer(path, data)):
            raise CannotRun(
                f"{path} is without the disclaimer", "show it in the template as it is given"
            )
        sums[path] = hashlib.sha256(data).hexdigest()
        yield path, data
    yield SUMS, to_sums((MARK, DISCLAIMER, f"commit {register.commit}"), sums).encode()
