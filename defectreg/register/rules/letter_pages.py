"""The pages of the codes with which `notify` keeps a letter back."""

from __future__ import annotations

from defectreg.register.rules.page import CodePage

_TOLD = "Panel paper 3.3 and 3.4: the manufacturer is informed, and invited to cooperate."
_OURS = "our policy: a letter goes to a role, once, and asserts nothing."

LETTER_PAGES = (
    CodePage(
        "L01",
        "error",
        "A Party that is written to has a role mailbox.",
        "Nothing is sent while a letter of the run has nobody to go to; `--others` sends the rest.",
        "an administrator adds `mailbox:` to the Party's file; or send the draft by post, and say "
        "so with `--sent-by-hand`",
        _TOLD,
    ),
    CodePage(
        "L02",
        "error",
        "A Party's name and mailbox can stand in a letter.",
        "Characters that hide, move or end a line could add headers, or show another addressee.",
        "an administrator writes it anew in the Party's file",
        _OURS,
    ),
    CodePage(
        "L03",
        "error",
        "A template says what every letter says, and nothing of blame, rank or advice.",
        "It is made into a letter about nothing. That has to hold the disclaimer and the sentences "
        "of its kind, and none of the words that public text does not have.",
        "mend the template, or take the program's again",
        "Panel paper 3.3: without any assertion of responsibility or of non-compliance.",
    ),
    CodePage(
        "L04",
        "error",
        "A letter holds all that it is to say, under a subject of one line.",
        "It names each record, the SHA-256 of each view that goes with it, and the day of the "
        "reply, with the disclaimer and the sentences of its kind.",
        "mend the template that left it out",
        "Panel paper 3.3 (b).",
    ),
    CodePage(
        "L05",
        "error",
        "Of each letter it is known whether the mail server took it.",
        "The run ended between handing it over and hearing the answer. It is never sent again by "
        "itself, and no notice is made of it.",
        "ask who keeps the server, then `defectreg notify --settle MESSAGE-ID=accepted`, or "
        "=refused",
        _OURS,
    ),
    CodePage(
        "L06",
        "error",
        "A letter is accepted for delivery.",
        "The server refused it. It starts no clock, and the next run sends it again. One that was "
        "accepted and comes back is due again by `defectreg notify --settle MESSAGE-ID=refused`, "
        "which names the command that withdraws its notice.",
        "mend the mailbox in the Party's file, or send the draft by post",
        _OURS,
    ),
)
