"""The options of `notify`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from defectreg.cli.completing import complete_id, complete_month, complete_party


class Delivered(StrEnum):
    """How a letter that a person sent reached its addressee."""

    post = "post"
    by_hand = "by-hand"
    email = "e-mail"


def complete_kind(incomplete: str) -> list[str]:
    """The kinds of letter that begin so."""
    from defectreg.store.letters.due import KINDS

    return [kind for kind in KINDS if kind.startswith(incomplete)]


RecordsArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ID]...",
        autocompletion=complete_id,
        help="Records, by their ids or beginnings; without any, all that letters are due of.",
    ),
]
KindOption = Annotated[
    list[str] | None,
    typer.Option(
        "--kind",
        metavar="KIND",
        autocompletion=complete_kind,
        help="Only letters of this kind; may be repeated: manufacturer, reminder, parties, dcc, "
        "security, received, returned, landed, fix, thanks, publication, correction, withdrawal.",
    ),
]
ToOption = Annotated[
    list[str] | None,
    typer.Option(
        "--to",
        metavar="PARTY",
        autocompletion=complete_party,
        help="Only letters to this Party; may be repeated.",
    ),
]
SinceOption = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="DATE",
        help="Of what happened from that day on: receipts, thanks, fixes, publications. Without "
        "it, of 31 days. What awaits a manufacturer is always asked.",
    ),
]
GeneralOption = Annotated[
    bool, typer.Option("--general", help="The yearly reminder to all Parties, and no other.")
]
DigestOption = Annotated[
    str | None,
    typer.Option(
        "--digest",
        metavar="MONTH",
        help="A month's digest to OPSG and TABASC: the Parties of the category sec-panel.",
    ),
]
BulletinOption = Annotated[
    str | None,
    typer.Option(
        "--bulletin",
        metavar="MONTH",
        autocompletion=complete_month,
        help="A signed month to all Parties.",
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        metavar="DIR",
        help="Where drafts are written. Without it, in git's own folder of this clone.",
    ),
]
SendOption = Annotated[
    bool, typer.Option("--send", help="Send them; what is accepted becomes signed notices.")
]
SmtpOption = Annotated[
    str | None,
    typer.Option(
        "--smtp",
        metavar="HOST[:PORT]",
        help="The mail server, over STARTTLS. Without it, git config defectreg.smtp. User and "
        "password: $DEFECTREG_SMTP_USER, $DEFECTREG_SMTP_PASSWORD.",
    ),
]
OthersOption = Annotated[
    bool, typer.Option("--others", help="Send the others, where some letters cannot be sent.")
]
FromHereOption = Annotated[
    bool,
    typer.Option(
        "--from-here",
        help="Send from this clone from now on, where another sent before: what that one sent, "
        "and no notice names, is sent again.",
    ),
]
SentByHandOption = Annotated[
    Path | None,
    typer.Option(
        "--sent-by-hand",
        metavar="FILE",
        help="Say that a person sent this letter: a draft of this program, or with --to, --kind "
        "and ID any file. It becomes signed notices.",
    ),
]
DeliveredOption = Annotated[
    Delivered,
    typer.Option(
        "--delivered",
        metavar="HOW",
        show_default=False,
        help="With --sent-by-hand: post, e-mail, or without it by-hand.",
    ),
]
SettleOption = Annotated[
    str | None,
    typer.Option(
        "--settle",
        metavar="MESSAGE-ID=WORD",
        help="Say what became of a letter that is in doubt, accepted or refused; or of one that "
        "came back after all, refused: it is due again.",
    ),
]
