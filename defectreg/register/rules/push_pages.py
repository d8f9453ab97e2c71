"""The pages of the codes with which a plain git server refuses a push."""

from __future__ import annotations

from defectreg.register.rules.page import CodePage

_SERVER = "our policy: a request is a branch, and main moves only by what the gate lets in."
_REMEMBERS = "our policy: git remembers for ever what once stood on the server."

PUSH_PAGES = (
    CodePage(
        "G050",
        "error",
        "A register on a server has the branches main, submit/... and review/..., of commits.",
        "Tags, other branches, notes and replaced objects are no part of it: nobody judges them. "
        "Requests need a main that they are judged against.",
        "push what you propose as submit/NAME, after main itself",
        _SERVER,
    ),
    CodePage(
        "G051",
        "error",
        "A push moves a branch from where it stands.",
        "Pushes are judged one after the other; of two at once the second finds the branch moved.",
        "`git fetch`, then do it again on what stands there now",
        _SERVER,
    ),
    CodePage(
        "G052",
        "error",
        "The branch main only ever grows.",
        "It is not removed and not rewound: all that landed stays in its history.",
        "`git fetch`, then land the request on what stands there now; what is wrong is mended "
        "forward",
        "our policy: what anyone said, and who accepted it, stays to be read.",
    ),
    CodePage(
        "G053",
        "error",
        "A request's branch only grows.",
        "Others have read, and signed, what its commits hold.",
        "add a commit that mends it, or begin another branch",
        _SERVER,
    ),
    CodePage(
        "G054",
        "error",
        "A request begins at a commit of main.",
        "Without one in common nobody can say what it brings.",
        "`git switch --create submit/NAME origin/main`",
        _SERVER,
    ),
    CodePage(
        "G055",
        "error",
        "A request's branch is removed once all that it brings has landed.",
        "Each of its files stands on main, statements perhaps under another number; or another "
        "branch that stays holds all its commits.",
        "`defectreg land ID` lands it and then removes it",
        _SERVER,
    ),
    CodePage(
        "G056",
        "error",
        "What is pushed can be judged by what may never be stored.",
        "A statement is judged together with its record; where that cannot be read, nobody can say "
        "what the statement holds.",
        "mend the record first: `defectreg validate` says what is wrong in it",
        _REMEMBERS,
    ),
)
