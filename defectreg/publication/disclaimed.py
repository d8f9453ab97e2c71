"""Whether a page that is made by templates of a register's own shows the disclaimer to its readers.

The program's own templates do. Of others it is judged what can be: that the text stands in what a
browser shows and reads out, in no element that hides it, and under no rule of the register's own
style sheet that does. A colour like that of the paper, something that lies over it, and what a
script does later are not seen here. Whatever is in doubt hides it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

from defectreg.register.public import DISCLAIMER
from defectreg.store.files import packaged

_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_ENDING_AT_ONCE = frozenset("circle ellipse line path polygon polyline rect stop use".split())
"""Elements of a picture, which end where they begin if they are written so; others do not."""
_NOT_READ = frozenset(
    """
    audio canvas datalist frameset head iframe map math menuitem meter noembed noframes noscript
    object optgroup option picture plaintext progress rp script select style svg template textarea
    title video xmp
    """.split()
)
"""Elements whose text nobody is shown, or not everybody."""
_OPENED = frozenset({"details", "dialog"})
"""Elements that are closed unless they say ``open``."""
_HIDING = re.compile(
    r"""\s*(?:
      display\s*:\s*none\b
    | visibility\s*:\s*(?:hidden|collapse)\b
    | content-visibility\s*:\s*(?:hidden|auto)\b
    | (?:clip|clip-path|mask|mask-image|filter)\s*:(?!\s*(?:none|auto)\b)
    | transform\s*:.*?(?:scale|matrix|rotate|-\s*[0-9]{3})
    | color\s*:\s*transparent\b
    | text-indent\s*:\s*-
    | (?:left|top|right|bottom|inset[a-z-]*|margin[a-z-]*|translate)\s*:[^;]*-\s*[0-9]{3}
    )""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_SIZE = re.compile(
    r"""\s*(?:(opacity|zoom|scale)|font|font-size|line-height
    |(?:max-)?(?:width|height|inline-size|block-size))\s*:\s*([0-9]*\.?[0-9]+)([a-z%]*)""",
    re.VERBOSE | re.IGNORECASE,
)
"""A share of what it would be otherwise, or a size; the number, and its unit."""
_STYLES = ("style.css", "bulletin-print.css")
_OWN_STYLE = re.compile(rf"(?:\.\./)*(?:{'|'.join(map(re.escape, _STYLES))})")
_ESCAPED = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
_NO_CODE = re.compile(r"/\*.*?(?:\*/|\Z)|\"[^\"\n]*\"|'[^'\n]*'", re.DOTALL)
_PIECE = re.compile(r"([^{};]*)([{};]|\Z)")
_STATE = re.compile(r":[a-z-]+(?:\([^()]*\))?", re.IGNORECASE)
_PSEUDO_ELEMENT = re.compile(r"::|:(?:before|after|first-letter|first-line)\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\[\s*([a-z-]+)[^\]]*\]", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s>+~]+")
_PART = re.compile(r"([.#]?)([a-z_][a-z0-9_-]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Selector:
    """What a rule of a style sheet is about: the last element that it names, and no more.

    Where that stands, and in which state, is left aside: a rule that hides it only then hides it.
    """

    tag: str = ""
    classes: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()

    @classmethod
    def of(cls, text: str) -> Selector:
        """Of one selector, as it stands between commas."""
        last = _BETWEEN.split(_STATE.sub("", text).strip().lower())[-1]
        parts = _PART.findall(_ATTRIBUTE.sub("", last))
        return cls(
            next((name for mark, name in parts if not mark), ""),
            frozenset(name for mark, name in parts if mark == "."),
            frozenset(name for mark, name in parts if mark == "#"),
            frozenset(_ATTRIBUTE.findall(last)),
        )

    def is_of(self, tag: str, says: Mapping[str, str]) -> bool:
        """Whether it can be about an element."""
        if self.tag not in ("", tag) or not self.attributes <= says.keys():
            return False
        classes = says.get("class", "").lower().split()
        return self.classes.issubset(classes) and self.ids <= {says.get("id", "").lower()}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a register's pages under its own style sheet."""

    hiding: tuple[Selector, ...]
    """What its rules hide."""

    @classmethod
    def of(cls, style: str) -> Reader:
        """The reader of pages with this style sheet."""
        return cls(tuple(_hiding(style)))

    @classmethod
    def of_templates(cls, templates: Mapping[str, str]) -> Reader:
        """The reader of pages with the style sheets among these templates, by file name."""
        return cls.of("\n".join(templates[name] for name in _STYLES if name in templates))

    def is_shown_disclaimer(self, page: bytes) -> bool:
        """Whether the whole disclaimer stands in what is shown of an HTML page."""
        shown = _Shown(self.hiding)
        shown.feed(page.decode())
        shown.close()
        return DISCLAIMER in " ".join("".join(shown.texts).split())


def reader_of(templates: Mapping[str, str]) -> Reader | None:
    """Who reads pages of these templates, by file name; None where they are the program's own,
    whose pages need not be read."""
    return None if _are_programs(templates) else Reader.of_templates(templates)


def _are_programs(templates: Mapping[str, str]) -> bool:
    """Whether the site's templates, by file name, are the program's own, each to the byte."""
    folder = packaged("templates") / "site"
    return all(
        (folder / name).is_file() and (folder / name).read_bytes() == text.encode()
        for name, text in templates.items()
    )


def _hiding(style: str) -> Iterator[Selector]:
    """What a style sheet hides, on any medium. What it takes from elsewhere may hide all."""
    rules: list[str] = []
    for said, end in _PIECE.findall(_ESCAPED.sub(_unescaped, _NO_CODE.sub("", style))):
        if end == "{":
            rules.append(said.strip())
            continue
        if said.strip().lower().startswith("@import"):
            yield Selector()
        if rules and (_HIDING.match(said) or _is_too_small(said)):
            yield from _about(rules)
        if end == "}" and rules:
            rules.pop()


def _about(rules: list[str]) -> Iterator[Selector]:
    """What the innermost rule is about; a rule inside another may name it by ``&``."""
    own = [rule for rule in rules if not rule.startswith("@") and "&" not in rule]
    for text in own[-1].split(",") if own else ():
        if not _PSEUDO_ELEMENT.search(text):
            yield Selector.of(text)


def _is_too_small(said: str) -> bool:
    """Whether a declaration makes something so small, or so faint, that nobody sees it."""
    found = _SIZE.match(said)
    if found is None:
        return False
    number, unit = float(found[2]), found[3].lower()
    if found[1]:
        return number < (50 if unit == "%" else 0.5)
    return number < 0.1 or (number <= 1 and unit == "px")


def _unescaped(found: re.Match[str]) -> str:
    """The letter, digit or hyphen that was written in code; of another sign only that it is one."""
    letter = chr(min(int(found[1], 16), 0x10FFFF)) if found[1] else found[2]
    return letter if letter.isalnum() or letter == "-" else "_"


class _Shown(HTMLParser):
    """The texts of a page that are shown. What is not well nested ends nothing, as in browsers."""

    def __init__(self, hiding: tuple[Selector, ...]) -> None:
        super().__init__()
        self._hiding = hiding
        self._open: list[tuple[str, bool]] = []
        self._hidden = 0
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        says = {name: value or "" for name, value in reversed(attrs)}  # the first of two goes
        if tag in _VOID:
            self._hidden += _leads_elsewhere(tag, says)  # for good
            return
        hides = _hides(tag, says) or any(each.is_of(tag, says) for each in self._hiding)
        self._open.append((tag, hides))
        self._hidden += hides

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._hidden -= self._open.pop()[1]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _ENDING_AT_ONCE:
            self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] == "style":
            self._hiding += tuple(_hiding(data))
        elif not self._hidden:
            self.texts.append(data)


def _leads_elsewhere(tag: str, says: Mapping[str, str]) -> bool:
    """Whether readers are led to another page, or shown this one in an unknown style."""
    if tag == "meta":
        return says.get("http-equiv", "").strip().lower() == "refresh"
    is_style = tag == "link" and "stylesheet" in says.get("rel", "").lower().split()
    return is_style and not _OWN_STYLE.fullmatch(says.get("href", "").strip())


def _hides(tag: str, says: Mapping[str, str]) -> bool:
    """Whether an element hides what stands in it, or keeps it from being read out."""
    return (
        tag in _NOT_READ
        or (tag in _OPENED and "open" not in says)
        or not says.keys().isdisjoint({"hidden", "popover", "inert", "style"})
        or says.get("aria-hidden", "").lower() == "true"
    )
