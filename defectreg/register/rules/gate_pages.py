"""The pages of the gate's codes: what a request may do, and what it takes to land."""

from __future__ import annotations

from defectreg.register.rules.page import CodePage

_BYTES = "our policy: a sign-off is a signature over bytes that were read."
_STAYS = "our policy: what anyone said, and who accepted it, stays to be read."
_TARGET = "our policy: a request is judged by the rules of the branch it lands on."
_CHECK = "MP137 section 3, the validator's check."

GATE_PAGES = (
    CodePage(
        "G001",
        "error",
        "A request changes no statement that has landed, and takes away nothing.",
        "A statement is added once, never changed, moved or removed; of a record only its own "
        "text is changed.",
        "say it anew in a file of its own; what no longer holds is withdrawn by a sign-off",
        _STAYS,
    ),
    CodePage(
        "G002",
        "error",
        "A request is of one class.",
        "Data (records and statements), one bulletin, the catalogue, or the rules: policy, "
        "schemas, templates, CI files, dot files. Each class asks for signatures of its own.",
        "make a request of each",
        _TARGET,
    ),
    CodePage(
        "G003",
        "error",
        "A request moves only files that a register has.",
        "Below records/ stand records and their statements and nothing else. Paths that are no "
        "part of the register are named in its policy (not-register).",
        "take the file out of the request",
        _TARGET,
    ),
    CodePage(
        "G004",
        "error",
        "A request brings plain files: no program, symbolic link or other repository.",
        "A link would show one text here and another elsewhere.",
        "put the text itself there, with mode 100644",
        "our policy: what is read is what is signed.",
    ),
    CodePage(
        "G005",
        "error",
        "The names of files are plain, and no two differ only in capitals or in how letters are "
        "composed.",
        "Some computers cannot hold both, or show one as the other.",
        "use A to Z, a to z, 0 to 9, dot, hyphen and underscore",
        "our policy.",
    ),
    CodePage(
        "G006",
        "error",
        "A file is not larger than its kind may be.",
        "64 KiB; 4 MiB for a file of the catalogue, a schema or a template; 512 MiB for all that a "
        "request brings.",
        "shorten it, or say it in several statements",
        "our policy: a record is read by people.",
    ),
    CodePage(
        "G007",
        "error",
        "The bytes of an object are those of its name.",
        "git trusts its objects unseen; the gate counts them anew.",
        "git fsck says what is damaged; push from a whole clone",
        "our policy: what is judged is what lands.",
    ),
    CodePage(
        "G008",
        "error",
        "A request can be merged into its target as it stands.",
        "What it would leave is judged, not what it was when it was begun.",
        "git merge the target into the request; what changed thereby is accepted anew",
        _TARGET,
    ),
    CodePage(
        "G009",
        "error",
        "What cannot be judged is refused.",
        "A missing or replaced object, a rule file that cannot be read, a time limit, a fault.",
        "the sentence says what was missing; `defectreg doctor` looks at the machine",
        "our policy: the gate fails closed.",
    ),
    CodePage(
        "G010",
        "error",
        "A record that is added comes with a report.",
        "",
        "`defectreg add` writes both; `defectreg add report ID` adds one",
        "MP137 section 3, issues are reported by Parties.",
    ),
    CodePage(
        "G011",
        "awaited",
        "A record that is added or changed is accepted, in the same request, by whom the policy "
        "names.",
        "The accept names its new bytes. An author line, a trailer or a key of the record that "
        "claims an approval is none.",
        "a validator signs one: `defectreg review ID --accept`",
        _CHECK,
    ),
    CodePage(
        "G012",
        "error",
        "An accept of a changed record says which bytes it replaces: those that stand there now.",
        "So no accept is played back after a newer version, and of two changes the second is read "
        "beside the first.",
        "read the record as it is now, and accept anew",
        _BYTES,
    ),
    CodePage(
        "G013",
        "error",
        "A sign-off is signed in a role that the signer has, that may decide so, and that the "
        "policy names.",
        "",
        "`defectreg policy show who-validates` says who accepts; policy/parties who has which role",
        _CHECK,
    ),
    CodePage(
        "G014",
        "error",
        "Who accepts is another person than the reporters and authors, and of another Party.",
        "Unless the policy says that the DCC validates what it reported; another person it is "
        "even then. One person, however many keys, is one.",
        "somebody else accepts it",
        "MP137 section 3; our policy (dcc-reports-validated-by).",
    ),
    CodePage(
        "G015",
        "error",
        "An accept that lands reads files of its record as they land with it.",
        "One over bytes that have changed since counts for nothing, and would wait to count later.",
        "take it out of the request (`defectreg land` leaves it out), and accept anew",
        _BYTES,
    ),
    CodePage(
        "G016",
        "error",
        "Nothing is dated after the day on which it lands.",
        "A day is a calendar day of Great Britain. A step of a push is dated when it lands: not "
        "before the one it follows, and at most three days before it arrives.",
        "correct the date, or the clock",
        "our policy: a statement's place in time is the step that added it.",
    ),
    CodePage(
        "G017",
        "awaited",
        "What the security body holds does not land.",
        "",
        "it lands once the security body has lifted the hold",
        "the SSC releases security items.",
    ),
    CodePage(
        "G018",
        "error",
        "The first commit of a register holds its rules and nothing that was said.",
        "It is the root of trust, which nobody judged.",
        "begin with `defectreg init`",
        _TARGET,
    ),
    CodePage(
        "G019",
        "error",
        "A request lands as one step that follows the tip of main as its first parent.",
        "A merge commit or a squash. Steps of a rebase would be judged without each other; a merge "
        "the other way round would hide main's own history.",
        "fetch main, git merge --no-ff the request, and push; or `defectreg land`",
        _TARGET,
    ),
    CodePage(
        "G020",
        "awaited",
        "The rules change with the signatures of two administrators of two Parties, under the old "
        "rules.",
        "While one Party alone has administrators, all there are sign. An administrator alone "
        "may withdraw a key of their own Party. The catalogue changes with a validator's.",
        "`defectreg policy sign` signs what a request changes",
        "our policy: nobody changes alone what all are judged by.",
    ),
    CodePage(
        "G021",
        "error",
        "A sign-off of the rules, and a month's pointer, is signed with a key in use, by a person "
        "who has the role.",
        "",
        "sign it anew with `defectreg policy sign`",
        "our policy (policy/parties).",
    ),
    CodePage(
        "G022",
        "error",
        "A sign-off of the rules lists every other path of its request, before and after.",
        "Each with its SHA-256, so that it holds for these bytes alone.",
        "`defectreg policy sign` lists what the request changes now",
        _BYTES,
    ),
    CodePage(
        "G023",
        "error",
        "The rules that a request leaves can be judged by, and keep the register's name.",
        "",
        "`defectreg validate` says what is wrong in them",
        _TARGET,
    ),
    CodePage(
        "G024",
        "error",
        "What was said stays valid: the schema of statements only widens.",
        "",
        "let the new schema take what the old one took",
        _STAYS,
    ),
    CodePage(
        "G025",
        "error",
        "A month's pointer is one file, signed by a publisher, that names a commit of the history.",
        "",
        "a publisher writes bulletins/<month>.yaml and signs it, in a request of its own",
        "MP137 section 3, what has a fix goes monthly to SECAS for publication.",
    ),
    CodePage(
        "G026",
        "error",
        "The history begins with the commit that one trusts.",
        "",
        "ask the register's administrators for the id of its first commit",
        "our policy: the first commit is the root of trust.",
    ),
)
