"""Whether signatures are good: asked of ``ssh-keygen``, for what has not landed yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from defectreg.register.findings import Finding
from defectreg.register.grounds import Grounds
from defectreg.register.statement import Statement, signed_part
from defectreg.store.signatures import check


def prove(
    statements: Iterable[Statement], files: Mapping[str, bytes], folder: str, grounds: Grounds
) -> Iterator[Finding]:
    """The statements whose signature is not over the bytes above it.

    ``folder`` is where their files stand. Unreadable signatures, and those that name another
    register, are for the content rules. Raises CannotRun where there is no ssh-keygen.
    """
    for statement in statements:
        said = statement.bears
        if said is None or said.namespace != grounds.policy.namespace:
            continue
        path = f"{folder}/{statement.file}"
        source = files[path]
        payload = signed_part(source)
        complaint = check(payload, statement.text("signature"), said.namespace, said.key)
        if complaint:
            line = payload.count(b"\n") + 1
            hint = "undo the change, or take the signature out and `defectreg key sign` it anew"
            yield Finding(path, line, 1, "R096", "error", complaint, hint)
