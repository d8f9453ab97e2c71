"""The list of commands: in which section each stands, which module holds it, what it does.

A command's module is imported when the command is called, and not before: the list alone answers
``--help`` and completes names.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from itertools import takewhile
from typing import ClassVar

import typer
from typer._click import (  # the types that TyperGroup's methods take
    Command,
    Context,
    HelpFormatter,
    Parameter,
)
from typer._click.shell_completion import CompletionItem
from typer.core import TyperGroup, TyperOption
from typer.main import get_command_name, get_group
from typer.models import CommandInfo

from defectreg.cli.output import watch
from defectreg.cli.pages import HelpContext, laid_out
from defectreg.register.errors import UsageProblem


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list: ``form`` is how the command is typed, its first word the name."""

    form: str
    module: str
    sentence: str

    @property
    def name(self) -> str:
        return self.form.split(" ", 1)[0]

    @property
    def words(self) -> str:
        """What is typed of it as it stands: ``key sign`` of ``key sign ID``."""
        return " ".join(takewhile(str.islower, self.form.split()))


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the list and its lines, in the order shown; a command may have several lines."""

    heading: str
    entries: tuple[Entry, ...]


SECTIONS = (
    Section(
        "Write",
        (
            Entry("init DIR", "defectreg.cli.starting", "Start a new register in DIR."),
            Entry("add", "defectreg.cli.write", "Report a new issue."),
            Entry("add KIND ID TEXT", "defectreg.cli.write", "Add a statement to a record."),
            Entry("edit ID", "defectreg.cli.write", "Propose a change of a record."),
            Entry("import FILE", "defectreg.cli.importing", "Enter a file of reports."),
            Entry("fmt [PATHS]", "defectreg.cli.write", "Write files in their canonical form."),
        ),
    ),
    Section(
        "Ask",
        (
            Entry("search [QUERY]", "defectreg.cli.ask", "Find records."),
            Entry("show ID", "defectreg.cli.ask", "Show a record and what was said about it."),
            Entry("log ID", "defectreg.cli.ask", "Show the life of a record, step by step."),
            Entry(
                "scan FILE|COMBINATION...",
                "defectreg.cli.scan",
                "Find which of your Devices are known.",
            ),
        ),
    ),
    Section(
        "Judge",
        (
            Entry("validate [PATHS]", "defectreg.cli.judge", "Check files and say what is wrong."),
            Entry(
                "gate [HEAD]", "defectreg.cli.gate", "Judge a request by the rules of its target."
            ),
            Entry("verify", "defectreg.cli.gate", "Prove that all that landed was let in rightly."),
            Entry("explain CODE", "defectreg.cli.judge", "Explain the code of a finding."),
        ),
    ),
    Section(
        "Decide",
        (
            Entry("queue", "defectreg.cli.queue", "Show what waits, for whom, and since when."),
            Entry(
                "review [ID...]", "defectreg.cli.decide", "Read what awaits a sign-off, and sign."
            ),
            Entry("land ID...", "defectreg.cli.land", "Land requests as one step of main."),
            Entry("notify [ID...]", "defectreg.cli.notifying", "Write the letters that are due."),
            Entry("policy show", "defectreg.cli.policy", "Show every switch and who decided it."),
            Entry(
                "policy try KEY=VALUE", "defectreg.cli.policy", "Show what a switch would change."
            ),
            Entry("policy sign [HEAD]", "defectreg.cli.policy", "Sign a change of the rules."),
        ),
    ),
    Section(
        "Publish",
        (
            Entry("publish", "defectreg.cli.publish", "Build the pages and the exports."),
            Entry(
                "bulletin MONTH", "defectreg.cli.bulletin", "Show what a month brought; sign it."
            ),
            Entry("serve", "defectreg.cli.serve", "Preview the pages on this machine."),
        ),
    ),
    Section(
        "Keep",
        (
            Entry("key", "defectreg.cli.keep", "Show your key, or make one."),
            Entry("key sign ID", "defectreg.cli.keep", "Sign what your Party left unsigned."),
            Entry("hook install", "defectreg.cli.hook", "Let a plain git server judge each push."),
            Entry("hook pre-receive", "defectreg.cli.hook", "Judge a push, as git's hook."),
            Entry("doctor", "defectreg.cli.keep", "Say what is wrong with this machine or clone."),
            Entry("demo", "defectreg.cli.demo", "See the whole way of an issue in a minute."),
        ),
    ),
    Section(
        "Groups",
        (
            Entry(
                "inventory COMMAND",
                "defectreg.cli.inventory",
                "Correct what is recorded of Devices; outside git.",
            ),
            Entry(
                "alerts COMMAND",
                "defectreg.cli.alerts",
                "Find what Superfluous Alerts are correlated with.",
            ),
        ),
    ),
)


_COMPLETION = {
    "install_completion": "Install completion for this shell.",
    "show_completion": "Print the completion script of this shell.",
}


class SectionedGroup(TyperGroup):
    """The commands of ``sections``, each loaded from its module's ``app`` when it is called."""

    sections: ClassVar[tuple[Section, ...]] = SECTIONS
    context_class = HelpContext

    def entries(self) -> Iterator[Entry]:
        """The first line of each command, in the order of the list."""
        named: dict[str, Entry] = {}
        for section in self.sections:
            for entry in section.entries:
                named.setdefault(entry.name, entry)
        yield from named.values()

    def list_commands(self, ctx: Context) -> list[str]:
        return [entry.name for entry in self.entries()]

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """A command by its name; of two words where a line of the list begins with them."""
        for entry in self.entries():
            if entry.name == cmd_name.split(" ", maxsplit=1)[0]:
                command = _load(entry, cmd_name).get_command(ctx, cmd_name)
                return None if command is None else laid_out(command)
        return None

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, Command | None, list[str]]:
        if args[0] not in self.list_commands(ctx) and not ctx.resilient_parsing:
            raise UsageProblem(f"there is no command {args[0]!r}", self._advice(ctx, args[0]))
        both = " ".join(args[:2])
        if any(both == entry.words for section in self.sections for entry in section.entries):
            command = self.get_command(ctx, both)
            if command is not None:
                return both, command, args[2:]
        return super().resolve_command(ctx, args)

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Those of this group; typer's own two, which install completion, in our words."""
        params = super().get_params(ctx)
        for param in params:
            if isinstance(param, TyperOption) and param.name in _COMPLETION:
                param.help = _COMPLETION[param.name]
        return params

    def _advice(self, ctx: Context, typed: str) -> str:
        near = get_close_matches(typed, self.list_commands(ctx), n=2)
        if near:
            return f"did you mean {' or '.join(near)}?"
        return f"{ctx.command_path} --help lists the commands"

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        width = max(len(entry.form) for section in self.sections for entry in section.entries)
        for section in self.sections:
            with formatter.section(section.heading):
                formatter.write_dl(
                    [(entry.form.ljust(width), entry.sentence) for entry in section.entries]
                )

    def shell_complete(self, ctx: Context, incomplete: str) -> list[CompletionItem]:
        """Names from the list, and this group's options; TyperGroup's would load every module."""
        named = [
            CompletionItem(entry.name, help=entry.sentence)
            for entry in self.entries()
            if entry.name.startswith(incomplete)
        ]
        return named + Command.shell_complete(self, ctx, incomplete)


def _load(entry: Entry, name: str) -> TyperGroup:
    """The commands of an entry's module, of which only the one so named is made."""
    from defectreg.store.long_work import WATCH

    WATCH.set(watch)
    app = import_module(entry.module).app
    if not isinstance(app, typer.Typer):
        raise TypeError(f"{entry.module}.app is no typer.Typer")
    app = copy(app)
    app.registered_commands = [each for each in app.registered_commands if _name(each) == name]
    app.rich_markup_mode = None  # typer's default would draw every help page with rich
    return get_group(app)


def _name(info: CommandInfo) -> str | None:
    return info.name or (info.callback and get_command_name(info.callback.__name__))
