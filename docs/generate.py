"""Writes the references from the program itself; ``--check`` says whether they are as it is."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from defectreg.cli.sections import SECTIONS
from defectreg.register.policy import switches
from defectreg.register.rules.pages import code_pages
from defectreg.register.schema import Schema
from defectreg.register.stage import MARKS, STAGES

ROOT = Path(__file__).resolve().parent.parent
HEAD = "<!-- Made by docs/generate.py; change the program and run it again. -->\n\n"
BLOCK = re.compile(r"(<!-- begin: ([a-z-]+) -->\n).*?(<!-- end: \2 -->\n)", re.DOTALL)


def schema(name: str) -> Schema:
    """One of the schemas of this clone."""
    return Schema(json.loads((ROOT / "schema" / f"{name}.schema.json").read_text("utf-8")))


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """A Markdown table; a line feed in a cell becomes a break."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>")


def _form(leaf: Mapping[str, Any]) -> str:
    """The values or the form of a leaf, in words."""
    if "enum" in leaf:
        return ", ".join(f"`{value}`" for value in leaf["enum"])
    if leaf.get("format") == "date":
        return "a day, `YYYY-MM-DD`"
    examples = [f"`{example}`" for example in leaf.get("examples", ())]
    bounds = [f"at most {leaf['maxLength']} characters"] if "maxLength" in leaf else []
    kind = {"boolean": "`true` or `false`", "integer": "a whole number"}.get(leaf["type"], "text")
    return "; ".join([kind, *bounds, *examples])


def fields() -> str:
    """The field reference of records, statements, Parties and policy."""
    parts = [HEAD, "# Fields\n\nWhat each file may say. *Class* is who may be shown the value.\n"]
    for name in ("record", "statement", "party"):
        of = schema(name)
        parts.append(f"\n## {of.document['title']}\n\n{of.document['description']}\n\n")
        rows = (
            (
                f"`{leaf.key}`" + (" …" if "*" in leaf.path else ""),
                str(leaf.schema["description"]),
                _form(leaf.schema),
                leaf.classification,
                _needed(of, leaf.key, leaf.property_schema),
            )
            for leaf in of.leaves
        )
        parts.append(table(("key", "meaning", "form", "class", "needed"), rows))
    return "".join(parts)


def _needed(of: Schema, key: str, about: Mapping[str, Any]) -> str:
    if key in of.document.get("required", ()):
        return "always"
    needed = ", ".join(about.get("x-required-in", ()))
    allowed = ", ".join(about.get("x-kinds", ()))
    if needed:
        return f"in {needed}"
    default = about.get("default")
    if default is not None:
        return f"default `{str(default).lower() if isinstance(default, bool) else default}`"
    return f"only in {allowed}" if allowed else ""


def rules() -> str:
    """The page of every code of a finding."""
    parts = [HEAD, "# Codes of findings\n\nY: the YAML of a file. S: its schema. R: its content.\n"]
    for page in code_pages().values():
        parts.append(f"\n## {page.code}\n\n**{page.title}** ({page.severity})\n")
        for label, text in (
            ("", page.explanation),
            ("Hint: ", page.hint),
            ("Source: ", page.source),
        ):
            if text:
                parts.append(f"\n{label}{text}\n")
    return "".join(parts)


def switch_reference() -> str:
    """Every switch of the policy."""
    of = schema("policy")
    parts = [
        HEAD,
        "# Switches of the policy\n\nEach stands in `policy/register.yaml`; what is left",
    ]
    parts.append(" out has its default. `defectreg policy show` says how a register stands.\n")
    for key in switches(of):
        about = of.properties[key]
        default = about["default"]
        shown = ", ".join(default) or "none" if isinstance(default, list) else default
        parts.append(f"\n## {key}\n\n{about['description']}\n\n")
        for value, words in about.get("x-values", {}).items():
            parts.append(f"- `{value}`: {words}{' *(default)*' if value == default else ''}\n")
        if "x-values" not in about:
            parts.append(f"Default: {shown}.\n")
        parts.append(f"\nSource: {about['x-source']}\n")
    return "".join(parts)


def commands() -> str:
    """The help of every command."""
    from typer.testing import CliRunner

    from defectreg.cli.app import app

    os.environ.update({"COLUMNS": "100", "NO_COLOR": "1", "TERMINAL_WIDTH": "100"})
    runner = CliRunner()
    parts = [HEAD, "# Commands\n\nWhat `--help` prints. Exit codes: 0 clean, 1 findings, 2 wrong"]
    parts.append(" use, 3 cannot run.\n")
    called: list[tuple[str, ...]] = [()]
    for entry in (entry for section in SECTIONS for entry in section.entries):
        words = tuple(word for word in entry.form.split() if word.islower())
        called.append(words)
    for words in dict.fromkeys(called):
        result = runner.invoke(app, [*words, "--help"], prog_name="defectreg")
        if result.exit_code != 0:
            raise SystemExit(f"defectreg {' '.join(words)} --help: {result.output}")
        title = " ".join(("defectreg", *words))
        parts.append(f"\n## {title}\n\n```\n{result.output.strip()}\n```\n")
    return "".join(parts)


def kinds_table() -> str:
    """The kinds of statement."""
    of = schema("statement")
    about = of.properties["kind"]
    return table(
        ("kind", "says", "who", "counts when"),
        (
            (f"`{kind}`", words["says"], words["who"], words["counts"])
            for kind, words in about["x-meanings"].items()
        ),
    )


def stages_table() -> str:
    """The stage table: the first line that holds."""
    return table(
        ("stage", "holds when", "waits for", "whom"),
        (
            (f"`{line.stage}`", line.when, line.waits_for or "", line.whom or "")
            for line in STAGES
        ),
    )


def marks_table() -> str:
    """The marks beside the stage."""
    return table(("mark", "holds when"), ((f"`{mark}`", when) for mark, when in MARKS.items()))


PAGES: Mapping[str, Callable[[], str]] = {
    "docs/reference/fields.md": fields,
    "docs/reference/rules.md": rules,
    "docs/reference/switches.md": switch_reference,
    "docs/reference/commands.md": commands,
}
BLOCKS: Mapping[str, Callable[[], str]] = {
    "kinds": kinds_table,
    "stages": stages_table,
    "marks": marks_table,
}


def made() -> Iterator[tuple[Path, str]]:
    """Every generated page, and every page with a generated part, as it should be."""
    for name, write in PAGES.items():
        yield ROOT / name, write()
    for path in sorted(ROOT.glob("docs/*.md")):
        text = path.read_text("utf-8")
        whole = BLOCK.sub(lambda match: match[1] + BLOCKS[match[2]]() + match[3], text)
        if BLOCK.search(text):
            yield path, whole


def main() -> int:
    """Writes what differs; with ``--check`` only says so."""
    check = "--check" in sys.argv[1:]
    differing = []
    for path, text in made():
        if not path.exists() or path.read_text("utf-8") != text:
            differing.append(path.relative_to(ROOT).as_posix())
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
    for name in differing:
        print(f"{name}: {'is not as the program is' if check else 'written'}")
    if check and differing:
        print("run: .venv/bin/python docs/generate.py")
    return 1 if check and differing else 0


if __name__ == "__main__":
    sys.exit(main())
