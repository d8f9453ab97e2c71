"""Decide: letters, shown and drafted first; sent, and noted, when that is asked."""

from __future__ import annotations

import typer

from defectreg.cli.letters.options import (
    BulletinOption,
    Delivered,
    DeliveredOption,
    DigestOption,
    FromHereOption,
    GeneralOption,
    KindOption,
    OthersOption,
    OutputOption,
    RecordsArgument,
    SendOption,
    SentByHandOption,
    SettleOption,
    SinceOption,
    SmtpOption,
    ToOption,
)
from defectreg.cli.options import AsOfOption, DryRunOption, JsonOption, KeyOption, PartyOption
from defectreg.register.errors import UsageProblem

app = typer.Typer()


@app.callback()
def notifying() -> None:
    """Makes typer keep the command's name where it is the only one."""


_EXAMPLES = """\b
Examples:
  defectreg notify                           what is due, as drafts
  defectreg notify 7k3q --kind manufacturer  of one record
  defectreg notify --send --smtp mail.example.invalid
  defectreg notify --sent-by-hand DRAFT.eml --delivered post
  defectreg notify --general                 the yearly reminder to Parties
  defectreg notify --bulletin 2026-10        a signed month to Parties"""


@app.command(epilog=_EXAMPLES)
def notify(
    ids: RecordsArgument = None,
    kind: KindOption = None,
    to: ToOption = None,
    since: SinceOption = None,
    general: GeneralOption = False,
    digest: DigestOption = None,
    bulletin: BulletinOption = None,
    output: OutputOption = None,
    send: SendOption = False,
    smtp: SmtpOption = None,
    others: OthersOption = False,
    from_here: FromHereOption = False,
    sent_by_hand: SentByHandOption = None,
    delivered: DeliveredOption = Delivered.by_hand,
    settle: SettleOption = None,
    party: PartyOption = None,
    key: KeyOption = None,
    as_of: AsOfOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write the letters that are due: shown and drafted; sent with --send.

    To manufacturers, Parties, the DCC, the Security Sub-Committee and who reported. Where a letter
    cannot be sent, as to a Party without a role mailbox, that is a finding, and nothing is sent.
    """
    from defectreg.cli.letters.asked import Acts, Wanted
    from defectreg.cli.letters.by_hand import wrote_by_hand
    from defectreg.cli.letters.gathered import written
    from defectreg.cli.letters.sent import settled
    from defectreg.cli.letters.told import tell

    _check_one((general, digest, bulletin), "--general, --digest or --bulletin")
    _check_one((send, sent_by_hand, settle), "--send, --sent-by-hand or --settle")
    named = (tuple(ids or ()), frozenset(kind or ()), frozenset(to or ()))
    wanted = Wanted(*named, since, as_of, general, digest, bulletin)
    acts = Acts(send, smtp, others, from_here, output, dry_run, party, key)
    if settle is not None:
        done = settled(settle, acts)
    elif sent_by_hand is not None:
        done = wrote_by_hand(sent_by_hand, delivered.value, wanted, acts)
    else:
        done = written(wanted, acts)
    tell(done, as_json=as_json)


def _check_one(typed: tuple[object, ...], names: str) -> None:
    if sum(map(bool, typed)) > 1:
        raise UsageProblem("one of these at a time", f"say {names}")
