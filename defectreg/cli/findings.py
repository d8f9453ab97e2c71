"""How findings are told: the one place where they become lines, or JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from defectreg.cli.options import Form, Written
from defectreg.cli.output import bold, escape, json_text
from defectreg.register.findings import Severity
from defectreg.store.files import write_atomically

if TYPE_CHECKING:
    from defectreg.register.findings import Finding


@dataclass(frozen=True, slots=True)
class Telling:
    """In which form findings are printed, and into which files they are written beside that.

    Made of what the options gave: ``Telling.asked(form, reports, as_json=as_json)``.
    """

    form: Form
    written: tuple[Written, ...] = ()

    @classmethod
    def asked(
        cls, form: Form, reports: Sequence[Written] | None, *, as_json: bool = False
    ) -> Telling:
        """As ``--format``, ``--report`` and ``--json`` say."""
        return cls(Form.json if as_json else form, tuple(reports or ()))

    def tell(
        self, findings: Sequence[Finding], data: dict[str, Any], text: Callable[[], None]
    ) -> None:
        """Print the findings, and write the reports.

        ``data`` is what JSON has of them, with all that is beside them; ``text`` prints them for
        people.
        """
        for report in self.written:
            _write(report.path, _form_of(report.form, findings, data).encode())
        if self.form is Form.text:
            text()
        else:
            print(_form_of(self.form, findings, data), end="")


def _write(path: Path, data: bytes) -> None:
    if path.is_symlink() or (path.exists() and not path.is_file()):
        path.write_bytes(data)  # /dev/stdout, a pipe: it is written to, and not replaced
    else:
        write_atomically(path, data)


def _form_of(form: Form, findings: Sequence[Finding], data: dict[str, Any]) -> str:
    if form is Form.json:
        return json_text(data)
    from defectreg.formats.reports import REPORTS

    return REPORTS[form](findings)


def finding_lines(finding: Finding, indent: str = "", place: str | None = None) -> Iterator[str]:
    """A finding's line, and its hint's where it has one; without line feeds.

    ``place`` stands where else path, line and column do: a form's field, or nothing where empty.
    """
    yield indent + _sentence(finding, place, bold(_code(finding)))
    if finding.hint:
        yield f"{indent}  hint: {escape(finding.hint)}"


def finding_sentence(finding: Finding, place: str | None = None) -> str:
    """A finding's line alone and never bold, for what is said beside the result."""
    return _sentence(finding, place, _code(finding))


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding as JSON: ``file``, ``line``, ``column`` (from 1), ``code``, ``severity`` (error,
    awaited, warning), ``sentence`` and ``hint`` (may be empty)."""
    return {"file": finding.file, "line": finding.line, "column": finding.column,
            **placeless_json(finding)}  # fmt: skip


def placeless_json(finding: Finding) -> dict[str, str]:
    """A finding as JSON where its file is not written yet: ``code`` to ``hint`` alone."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "sentence": finding.sentence,
        "hint": finding.hint,
    }


def counts_json(findings: Sequence[Finding]) -> dict[str, int]:
    """How many findings there are of each severity: ``error``, ``awaited``, ``warning``."""
    counts = dict.fromkeys(sorted(get_args(Severity)), 0)
    for finding in findings:
        counts[finding.severity] += 1
    return counts


def print_findings(findings: Iterable[Finding], *, quiet: bool = False) -> None:
    """Print findings, in their order; ``quiet`` only what keeps the exit code from 0."""
    for finding in findings:
        if not quiet or finding.severity != "warning":
            for line in finding_lines(finding):
                print(line)


def summary(findings: Sequence[Finding], among: str, clean: str) -> str:
    """The sentence below findings: how many were found ``among`` what, else that all is ``clean``.

    What is still awaited is no fault, and counted by itself.
    """
    counts = counts_json(findings)
    found = ", ".join(counted(counts[word], word) for word in ("error", "warning") if counts[word])
    sentence = f"Found {found} in {among}." if found else clean
    awaited = counts["awaited"]
    return f"{sentence} Awaited: {counted(awaited, 'thing')}." if awaited else sentence


def counted(number: int, word: str) -> str:
    """A number with its word: ``1 record``, ``5,000 records``."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def _code(finding: Finding) -> str:
    return f"{finding.severity}[{finding.code}]"


def _sentence(finding: Finding, place: str | None, code: str) -> str:
    if place is None and finding.file:
        place = f"{finding.file}:{finding.line}:{finding.column}"
    where = f"{escape(place)}: " if place else ""
    return f"{where}{code}: {escape(finding.sentence)}"
