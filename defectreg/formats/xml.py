"""XML as small trees, read by expat from bytes in pieces, in constant memory; hostile XML refused.

A document is *frames* around *units*: a unit is given as a tree as soon as it is closed, and then
forgotten. What was given before the document ended is no whole: whoever takes units keeps them
aside until the reader is exhausted, and throws them away if it raises.
"""

from __future__ import annotations

import re
from collections.abc import (
    Callable,
    Collection,
    Generator,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar
from xml.parsers import expat
from xml.parsers.expat import errors as _errors

from defectreg.register.notation import shown

DEEPEST = 32
"""Elements inside each other."""
MOST_TEXT = 64 * 1024
"""Characters of one element's text, or of one attribute."""
MOST_UNIT = 1024 * 1024
"""Bytes of one unit."""
MOST_NAMES = 1000
"""Different names of elements and attributes, and prefixes of namespaces."""
_MOST_TOKEN = 2 * MOST_TEXT
"""Bytes that may wait for the end of a tag, a comment or the like."""
_NOT_UTF_8 = re.compile(b"[\\x00\\xfe\\xff]")
_FIRST = 4
_PIECE = 64 * 1024
_SEPARATOR = " "
"""Between namespace and name, as expat gives them: neither can hold one."""

_BLANKS = " \t\r\n"
_TRUNCATED = frozenset(
    _errors.codes[message]
    for message in (
        _errors.XML_ERROR_NO_ELEMENTS,
        _errors.XML_ERROR_UNCLOSED_TOKEN,
        _errors.XML_ERROR_PARTIAL_CHAR,
        _errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)

Given = TypeVar("Given")


class XmlError(ValueError):
    """The document is refused as a whole: where (line and column from 1), and why.

    The sentence repeats no text of the document but names of elements.
    """

    def __init__(self, line: int, column: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line
        self.column = column
        self.sentence = sentence


@dataclass(slots=True, eq=False)
class Element:
    """An element of a unit: ``sr:DeviceID``, its text and elements, and where it begins (from 1).

    ``text`` is all that stands in it outside the elements in it, untrimmed.
    """

    name: str
    attributes: Mapping[str, str]
    line: int
    column: int
    text: str = ""
    elements: list[Element] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Layout:
    """What a document looks like: the frames, outermost first, and the units that stand in them.

    ``namespaces`` has the prefix under which each namespace is known here; names of no namespace
    have none. Of an ``opaque`` element of a unit is kept only that it is there: no attribute,
    no text, nothing in it.
    """

    units: Collection[str]
    frames: Sequence[str] = ()
    namespaces: Mapping[str, str] = field(default_factory=dict)
    opaque: Collection[str] = ()


Shortcut: TypeAlias = Callable[[str, int], "tuple[Given, int] | None"]
"""What the unit at a place of a text says, and where it ends; None: read it in the usual way.

Each character of the text stands for one byte of the document, whatever that means. The answer may
be given only for bytes that, as they stand, can be nothing but one whole unit.
"""


def read_units(chunks: Iterable[bytes], layout: Layout) -> Iterator[Element]:
    """Each unit when it is closed; raises XmlError where the document is to be refused."""
    reader = _Reader(layout)
    for chunk in chunks:
        yield from reader.feed(chunk)
    reader.finish()


def read_units_quickly(
    chunks: Iterable[bytes], layout: Layout, shortcut: Shortcut[Given]
) -> Iterator[Element | Given]:
    """As read_units, but of a unit that the shortcut knows only what that says of it.

    Expat sees every byte all the same, and refuses what is not well formed.
    """
    reader = _Reader(layout)
    closing = _closing(layout)
    rest = b""
    for chunk in chunks:
        rest = yield from _advance(reader, rest + chunk, shortcut, closing)
    yield from reader.feed(rest)
    reader.finish()


def _closing(layout: Layout) -> re.Pattern[bytes]:
    """The end tag of a unit, under any prefix; what else looks like one does no harm."""
    names = "|".join(re.escape(name.rpartition(":")[2]) for name in layout.units)
    return re.compile(rf"</(?:[^<>:]*:)?(?:{names})\s*>".encode())


def _advance(
    reader: _Reader, data: bytes, shortcut: Shortcut[Given], closing: re.Pattern[bytes]
) -> Generator[Element | Given, None, bytes]:
    """Reads the units that are whole, and gives back the bytes after them."""
    text = data.decode("latin-1")
    done = 0
    while True:
        if reader.is_between_units:
            given, end = _run(text, done, shortcut)
            if given:
                reader.pass_by(data[done:end])
                yield from given
            done = end
        closed = closing.search(data, done)
        if closed is None:
            break
        yield from reader.feed(data[done : closed.end()])
        done = closed.end()
    if len(data) - done > MOST_UNIT:
        yield from reader.feed(data[done:])
        return b""
    return data[done:]


def _run(text: str, start: int, shortcut: Shortcut[Given]) -> tuple[list[Given], int]:
    """What the shortcut says of the units from a place on, and where they end."""
    given: list[Given] = []
    while (taken := shortcut(text, start)) is not None:
        said, start = taken
        given.append(said)
    return given, start


class _Reader:
    """Expat with our handlers: makes elements of what it finds, and refuses what we do not read."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._names: dict[str, str] = {}
        self._depth = 0
        self._frames = 0
        self._skipping = 0
        self._open: list[Element] = []
        self._closed: list[Element] = []
        self._unit_begins = 0
        self._unit_ended = -1
        self._fed = 0
        self.is_between_units = False
        self._expat = parser = expat.ParserCreate("UTF-8", _SEPARATOR)
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._doctype
        self._listen()

    def feed(self, data: bytes) -> Iterator[Element]:
        """The units that are closed by these bytes."""
        for start in range(0, len(data), _PIECE):
            self._feed(data[start : start + _PIECE])
            yield from self._closed
            self._closed.clear()

    def pass_by(self, data: bytes) -> None:
        """Units of which nothing is to be given: whole ones, after another one."""
        self._expat.StartNamespaceDeclHandler = None
        self._expat.StartElementHandler = None
        self._expat.EndElementHandler = None
        self._expat.CharacterDataHandler = None
        self._parse(data, last=False)
        self._fed += len(data)
        self._listen()

    def finish(self) -> None:
        """There is no more; raises XmlError where the document is not whole."""
        self._parse(b"", last=True)

    def _listen(self) -> None:
        self._expat.StartNamespaceDeclHandler = self._prefixed
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._text

    def _feed(self, piece: bytes) -> None:
        before = self._fed
        # What is named to expat as UTF-8 it reads as UTF-16 all the same, after such a mark.
        if before < _FIRST and _NOT_UTF_8.search(piece[: _FIRST - before]):
            raise XmlError(1, 1, "it is not UTF-8")
        self._parse(piece, last=False)
        self._fed += len(piece)
        if self._fed - self._expat.CurrentByteIndex > _MOST_TOKEN:
            raise self._refusal("a tag, comment or the like is longer than is read")
        # Only where the end tag of a unit is the last that was fed is the next byte surely between
        # units, and not, say, in a comment that has begun.
        tag = piece[self._unit_ended - before :] if self._unit_ended >= before else b""
        self.is_between_units = tag.startswith(b"</") and tag.find(b">") == len(tag) - 1

    def _parse(self, data: bytes, *, last: bool) -> None:
        try:
            self._expat.Parse(data, last)
        except expat.ExpatError as error:
            raise XmlError(error.lineno, error.offset + 1, _in_words(error)) from error

    def _refusal(self, sentence: str) -> XmlError:
        parser = self._expat
        return XmlError(parser.CurrentLineNumber, parser.CurrentColumnNumber + 1, sentence)

    def _declared(self, version: str, encoding: str | None, _standalone: int) -> None:
        if version != "1.0":
            raise self._refusal("it is not XML 1.0")
        if encoding is not None and encoding.upper() != "UTF-8":
            raise self._refusal("its declared encoding is not UTF-8")

    def _doctype(self, *_declaration: object) -> None:
        raise self._refusal("it has a DOCTYPE, and with it might have entities")

    def _start(self, raw_name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._refusal(f"more than {DEEPEST} elements are inside each other")
        name = self._names.get(raw_name) or self._known(raw_name)
        if attributes:
            self._check_attributes(attributes)
        if self._skipping:
            self._skipping += 1
            return
        parser = self._expat
        place = parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
        element = Element(name, attributes, *place)
        if self._open:
            self._open[-1].elements.append(element)
            if name in self._layout.opaque:
                element.attributes = {}
                self._skipping = 1
                return
            if parser.CurrentByteIndex - self._unit_begins > MOST_UNIT:
                raise self._refusal(f"{self._open[0].name} is longer than {MOST_UNIT} bytes")
        elif name in self._layout.units:
            self._unit_begins = parser.CurrentByteIndex
        else:
            self._open_frame(name)
            return
        self._open.append(element)

    def _open_frame(self, name: str) -> None:
        frames = self._layout.frames
        if self._frames >= len(frames) or frames[self._frames] != name:
            raise self._refusal(f"{shown(name)} is not expected here")
        self._frames += 1

    def _end(self, _name: str) -> None:
        self._depth -= 1
        if self._skipping:
            self._skipping -= 1
        elif not self._open:
            self._frames -= 1
        else:
            element = self._open.pop()
            if not self._open:
                self._closed.append(element)
                self._unit_ended = self._expat.CurrentByteIndex

    def _text(self, text: str) -> None:
        if self._skipping:
            return
        if self._open:
            element = self._open[-1]
            element.text += text
            if len(element.text) > MOST_TEXT:
                raise self._refusal(f"a text is longer than {MOST_TEXT} characters")
        elif text.strip(_BLANKS):
            raise self._refusal("a text stands where only elements do")

    def _known(self, raw_name: str) -> str:
        """The name under which an element is known here; raises for a namespace that is not."""
        namespace, separator, local = raw_name.rpartition(_SEPARATOR)
        if separator and namespace not in self._layout.namespaces:
            raise self._refusal(f"{shown(local)} is of a namespace that is not read here")
        name = f"{self._layout.namespaces[namespace]}:{local}" if separator else local
        self._remember(raw_name, name)
        return name

    def _check_attributes(self, attributes: Mapping[str, str]) -> None:
        for name, value in attributes.items():
            if len(value) > MOST_TEXT:
                raise self._refusal(f"an attribute is longer than {MOST_TEXT} characters")
            if name not in self._names:
                self._remember(name, "")

    def _prefixed(self, prefix: str | None, _namespace: str | None) -> None:
        # With another prefix a name is another one to expat.
        name = f"{prefix}:"
        if name not in self._names:
            self._remember(name, "")

    def _remember(self, raw_name: str, name: str) -> None:
        # Expat keeps every name that it met, and so would we.
        if len(self._names) >= MOST_NAMES:
            raise self._refusal(f"it has more than {MOST_NAMES} different names")
        self._names[raw_name] = name


def _in_words(error: expat.ExpatError) -> str:
    code = error.code
    if code in _TRUNCATED:
        return "it ends before the document is whole"
    if code == _errors.codes[_errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]:
        return "something stands after the end of the document"
    return f"it is not well-formed XML: {expat.ErrorString(code)}"
