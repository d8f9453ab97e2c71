"""Writes the references from the program itself; ``--check`` says whether they are as it is."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from inspect import getdoc
from pathlib import Path

from defectreg.cli.sections import SECTIONS, Entry
from defectreg.register.policy import BESIDE_SWITCHES, switches
from defectreg.register.rules.pages import code_pages
from defectreg.register.schema import Schema
from defectreg.register.schema.annotations import ITEMS, Leaf
from defectreg.register.stage import MARKS, STAGES

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = (
    *("record", "statement", "party", "policy"),
    *("policy-sign-off", "acknowledged", "bulletin"),
)
HEAD = "<!-- Made by docs/generate.py; change the program and run it again. -->\n\n"
BLOCK = re.compile(r"(<!-- begin: ([a-z-]+) -->\n).*?(<!-- end: \2 -->\n)", re.DOTALL)


def schema(name: str) -> Schema:
    """One of the schemas of this clone."""
    return Schema(json.loads((ROOT / "schema" / f"{name}.schema.json").read_text("utf-8")))


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """A Markdown table; a line feed in a cell becomes a break."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def prose(text: str) -> str:
    """A sentence as Markdown, in which ``<id>`` would be taken for HTML."""
    return "".join(
        part if number % 2 else part.replace("<", "\\<")
        for number, part in enumerate(re.split(r"(`[^`]*`)", text))
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>")


def _form(leaf: Leaf) -> str:
    """The values or the form of a leaf, in words."""
    about = leaf.schema
    if "const" in about:
        return f"`{about['const']}`"
    if "enum" in about:
        return ", ".join(f"`{value}`" for value in about["enum"])
    if about.get("format") == "date":
        return "a day, `YYYY-MM-DD`"
    examples = [f"`{example}`" for example in about.get("examples", ())]
    bounds = [f"at most {about['maxLength']} characters"] if "maxLength" in about else []
    kind = {"boolean": "`true` or `false`", "integer": "a whole number"}.get(about["type"], "text")
    of_item = [_clause(about["description"])] if about is not leaf.property_schema else []
    return "; ".join([kind, *of_item, *bounds, *examples])


def _clause(sentence: str) -> str:
    """A sentence as a part of another, as far as it may be: ``TYPE:...`` stays."""
    begins = sentence[0] if sentence[1:2].isupper() else sentence[0].lower()
    return f"{begins}{sentence[1:].removesuffix('.')}"


def fields() -> str:
    """The field reference of every file of a register."""
    parts = [
        HEAD,
        "# Fields\n\nWhat each file may say. A key followed by … holds a list. *Class* is who may",
        " be shown the value: clear, green, amber or red.\n",
    ]
    for name in SCHEMAS:
        of = schema(name)
        parts.append(f"\n## {of.document['title']}\n\n{prose(of.document['description'])}\n\n")
        if name == "policy":
            parts.append("Each switch has a place [of its own](switches.md).\n\n")
        shown = (leaf for leaf in of.leaves if name != "policy" or leaf.path[0] in BESIDE_SWITCHES)
        rows = dict.fromkeys(
            _field_row(of, leaf) for leaf in shown
        )  # decided is alike for each switch
        parts.append(table(("key", "meaning", "form", "class", "needed"), iter(rows)))
    return "".join(parts)


def _field_row(of: Schema, leaf: Leaf) -> tuple[str, ...]:
    about = leaf.property_schema
    key = re.sub(r"^decided\.[a-z-]+", "decided.SWITCH", leaf.key)
    return (
        f"`{key}`" + (" …" if ITEMS in leaf.path else ""),
        f"**{about['title']}**\n{prose(about['description'])}",
        _form(leaf),
        leaf.classification,
        _needed(of, leaf),
    )


def _needed(of: Schema, leaf: Leaf) -> str:
    """When a key must stand in its file, and in which statements it may."""
    top = of.properties[leaf.path[0]]
    about = leaf.property_schema
    words = []
    if leaf.path[0] in of.document.get("required", ()):
        words.append("always")
    if needed := top.get("x-required-in"):
        words.append(f"in {', '.join(needed)}")
    allowed = [kind for kind in top.get("x-kinds", ()) if kind not in (needed or ())]
    if allowed:
        words.append(f"{'may be in' if needed else 'only in'} {', '.join(allowed)}")
    if (default := about.get("default")) is not None and not isinstance(default, (list, dict)):
        words.append(f"default `{str(default).lower() if isinstance(default, bool) else default}`")
    return "; ".join(words)


def rules() -> str:
    """The page of every code of a finding."""
    parts = [HEAD, "# Codes of findings\n\nY: the YAML of a file. S: its schema. R: its content. "]
    parts.append("G: a request. L: a letter. A: an ASN. I: an inventory request, by the rule.\n")
    parts.append("J: the same, by the journal.\n")
    for page in code_pages().values():
        parts.append(f"\n## {page.code}\n\n**{page.title}** ({page.severity})\n")
        for label, text in (
            ("", page.explanation),
            ("Hint: ", page.hint),
            ("Source: ", page.source),
        ):
            if text:
                parts.append(f"\n{label}{prose(text)}\n")
        for label, lines in (("Wrong", page.wrong), ("Right", page.right)):
            if lines:
                parts.append(f"\n{label}:\n\n```yaml\n{lines}\n```\n")
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
    pages: dict[str, str] = {}
    for words in dict.fromkeys([(), *(tuple(entry.words.split()) for entry in every_entry())]):
        # `add KIND ID TEXT` has the help of `add`: one page for both.
        pages.setdefault(_help(words), " ".join(("defectreg", *words)))
    parts = [HEAD, "# Commands\n\nWhat `--help` prints. Exit codes: 0 clean, 1 findings, 2 wrong"]
    parts.append(" use, 3 cannot run.\n")
    parts.extend(f"\n## {title}\n\n```\n{text}\n```\n" for text, title in pages.items())
    return "".join(parts)


def every_entry() -> Iterator[Entry]:
    """The lines of the list of commands, and of each group's after the group's own."""
    from defectreg.cli import alerts, inventory

    groups = {"inventory": inventory.COMMANDS, "alerts": alerts.COMMANDS}
    for section in SECTIONS:
        for entry in section.entries:
            yield entry
            for below in groups[entry.name].entries if entry.name in groups else ():
                yield replace(below, form=f"{entry.name} {below.form}")


def _help(words: tuple[str, ...]) -> str:
    from typer.testing import CliRunner

    from defectreg.cli.app import app

    # As in a terminal of 80 columns, without colours, whatever this one is.
    terminal = {"COLUMNS": "80", "LINES": "24", "NO_COLOR": "1", "TERM": "dumb"}
    answer = CliRunner(env=terminal).invoke(app, [*words, "--help"], prog_name="defectreg")
    if answer.exit_code != 0:
        raise SystemExit(f"defectreg {' '.join(words)} --help: {answer.output}")
    return answer.output.strip()


def output() -> str:
    """What ``--json`` and ``--csv`` print, as what makes it says it."""
    from defectreg.alerts import loaded, planning, reported, telling
    from defectreg.cli import (
        bulletin,
        deciding,
        gate,
        import_telling,
        judge,
        keep,
        land,
        policy,
        proposing,
        publish,
        queue,
        reviewing,
        reviewing_new,
        starting,
    )
    from defectreg.cli.alerts import track
    from defectreg.cli.inventory import apply, check, combination, correct, load, log, prenotify
    from defectreg.cli.letters import told
    from defectreg.intake import receipts
    from defectreg.inventory import difference_files, scan_results
    from defectreg.search import accounts, lives, results

    parts = [HEAD, "# What `--json` and `--csv` print\n\n"]
    parts.append(
        "Every `--json` prints one object with `schema_version`, which is raised when a key goes\n"
        "or changes its meaning; keys may be added. Where what records say is shown,\n"
        "`meta.disclaimer` is the disclaimer.\n"
    )
    for title, documented in (
        ("init", starting.started_json),
        ("add, edit", proposing.proposed_json),
        ("add, edit: where it is refused", proposing.refused_json),
        ("import", import_telling.outcome_json),
        ("import: where it is refused", import_telling.refused_json),
        ("import: its receipt", receipts.receipt_json),
        ("search", results),
        ("show", accounts.account_json),
        ("log", lives.log_json),
        ("log: each of `events`", lives.event_json),
        ("scan", scan_results),
        ("validate", judge.verdict_json),
        ("explain", judge.codes_json),
        ("gate", gate.judgement_json),
        ("verify", gate.verification_json),
        ("queue", queue.queue_json),
        ("review", reviewing.reviews_json),
        ("review --new", reviewing_new.new_json),
        ("review with a decision", deciding.decided_json),
        ("land", land.landed_json),
        ("notify", told.notify_json),
        ("policy show", policy.switches_json),
        ("policy try", policy.tried_json),
        ("publish", publish.published_json),
        ("bulletin", bulletin.bulletin_json),
        ("key", keep.key_json),
        ("key sign", keep.signed_json),
        ("doctor", keep.health_json),
        ("inventory load", load.loaded_json),
        ("inventory check", check.checked_json),
        ("inventory prenotify", prenotify.prenotified_json),
        ("inventory diff", difference_files.difference_json),
        ("inventory correct", correct.corrections_json),
        ("inventory apply", apply.applied_json),
        ("inventory apply --outcome", apply.noted_json),
        ("inventory combination", combination.combinations_json),
        ("inventory log DEVICE", log.life_json),
        ("inventory log", log.account_json),
        ("alerts load", loaded.loaded_json),
        ("alerts correlate", telling.correlation_json),
        ("alerts effect", telling.effect_json),
        ("alerts report", reported.report_json),
        ("alerts track", track.plan_json),
        ("alerts track: each of `plan`", planning.tracked_json),
    ):
        parts.append(f"\n## {title}\n\n{markdown(documented)}\n")
    return "".join(parts)


def markdown(documented: object) -> str:
    """A docstring after its first line, with code as Markdown writes it."""
    text = getdoc(documented) or ""
    first, _, further = text.partition("\n\n")
    return prose((further or first).replace("``", "`"))


def search_fields() -> str:
    """What ``field:value`` may ask."""
    from defectreg.search.language import fields_of

    return table(
        ("field", "values"),
        (
            (f"`{field.name}:`", ", ".join(f"`{value}`" for value in field.values))
            for field in fields_of(schema("record")).values()
        ),
    )


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
        ((f"`{line.stage}`", line.when, line.waits_for or "", line.whom or "") for line in STAGES),
    )


def marks_table() -> str:
    """The marks beside the stage."""
    return table(("mark", "holds when"), ((f"`{mark}`", when) for mark, when in MARKS.items()))


PAGES: Mapping[str, Callable[[], str]] = {
    "docs/reference/fields.md": fields,
    "docs/reference/rules.md": rules,
    "docs/reference/switches.md": switch_reference,
    "docs/reference/commands.md": commands,
    "docs/reference/output.md": output,
}
BLOCKS: Mapping[str, Callable[[], str]] = {
    "kinds": kinds_table,
    "stages": stages_table,
    "marks": marks_table,
    "search-fields": search_fields,
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
