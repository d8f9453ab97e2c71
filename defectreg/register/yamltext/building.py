"""From libyaml's events to plain values, without recursion and without guessing types."""

from __future__ import annotations

from typing import Any, Final

import yaml
from yaml import events
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

from defectreg.register.yamltext.document import Value
from defectreg.register.yamltext.refusals import DEEPEST, YamlError, refusal


class SlowParser(Reader, Scanner, Parser):
    """PyYAML's own parser, for a Python whose PyYAML was built without libyaml."""

    def __init__(self, source: bytes | str) -> None:
        Reader.__init__(self, source)
        Scanner.__init__(self)
        Parser.__init__(self)


def _fastest_parser() -> Any:
    if not yaml.__with_libyaml__:
        return SlowParser
    from yaml._yaml import CParser

    return CParser


PARSER: Final = _fastest_parser()


def build(source: bytes, parser: Any = PARSER) -> dict[str, Value]:
    """The mapping that ``source`` holds; raises only :class:`YamlError`."""
    try:
        return _document(parser(source).get_event)
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # the last two by SlowParser
        raise _malformed(error, source) from error


def _document(next_event: Any) -> dict[str, Value]:
    next_event()  # the start of the stream
    start = next_event()
    if type(start) is events.StreamEndEvent:
        raise refusal("Y001", 1, 1, "the file holds nothing but comments")
    if start.explicit:
        raise _refused_start(start)
    top = next_event()
    if type(top) is not events.MappingStartEvent or top.anchor or top.tag:
        raise _refused_top(top)
    data = _mapping(next_event)
    end, after = next_event(), next_event()
    if end.explicit or type(after) is not events.StreamEndEvent:
        marker = end if end.explicit else after
        raise _refusal("Y015", marker, "a document marker stands here")
    return data


def _mapping(next_event: Any) -> dict[str, Value]:
    """The mapping whose start was the last event. The hot loop: no call for a plain value."""
    scalar, ends = events.ScalarEvent, (events.MappingEndEvent, events.SequenceEndEvent)
    key: str | None = None
    top: dict[str, Value] = {}
    container: Any = top
    opened: list[Any] = [top]
    while opened:
        event = next_event()
        is_text = type(event) is scalar and event.tag is None and event.anchor is None
        if is_text:
            value = event.value
        elif type(event) in ends:
            opened.pop()
            container = opened[-1] if opened else top
            continue
        else:
            value = _collection(event, len(opened))
        if type(container) is list:
            container.append(value)
        elif key is None:
            key = _key(event, container)
        else:
            container[key] = value
            key = None
        if not is_text:
            opened.append(value)
            container = value
    return top


def _collection(event: Any, depth: int) -> dict[str, Value] | list[Value]:
    """An empty mapping or list for the one that starts here; refuses all else."""
    if type(event) is events.AliasEvent:
        raise _refusal("Y019", event, f"the alias *{_shown(str(event.anchor))} stands here")
    _check_properties(event)
    if depth >= DEEPEST:
        sentence = f"mappings and lists stand more than {DEEPEST} deep here"
        raise _refusal("Y024", event, sentence)
    return {} if type(event) is events.MappingStartEvent else []


def _key(event: Any, mapping: dict[str, Value]) -> str:
    if type(event) is not events.ScalarEvent:
        raise _refusal("Y023", event, "a key is a mapping or a list here")
    key: str = event.value
    if key == "<<" and event.implicit[0]:
        raise _refusal("Y021", event, "the merge key << stands here")
    if not key or "\n" in key:
        what = "has a line break" if key else "is empty"
        raise _refusal("Y023", event, f"the key {what}")
    if key in mapping:
        raise _refusal("Y022", event, f"the key {_shown(key)} is given twice in this mapping")
    return key


def _refused_start(start: Any) -> YamlError:
    if start.version or start.tags:
        return _refusal("Y016", start, "a directive stands here")
    return _refusal("Y015", start, "a document marker stands here")


def _refused_top(top: Any) -> YamlError:
    if type(top) is not events.AliasEvent:
        _check_properties(top)
    kind = "a list" if type(top) is events.SequenceStartEvent else "a single text"
    return _refusal("Y017", top, f"the file holds {kind} where a mapping is expected")


def _check_properties(event: Any) -> None:
    if event.anchor is not None:
        raise _refusal("Y018", event, f"the anchor &{_shown(event.anchor)} stands here")
    if event.tag is not None:
        raise _refusal("Y020", event, f"the tag {_shown(event.tag)} stands here")


def _refusal(code: str, event: Any, sentence: str) -> YamlError:
    mark = event.start_mark
    return refusal(code, mark.line + 1, mark.column + 1, sentence)


def _shown(text: str) -> str:
    """A text of the file, fit for a sentence: short, on one line and without odd characters."""
    short = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return short if short.isprintable() else ascii(short)


_SHOWN: Final = 40

_HINTS: Final = {
    "mapping values are not allowed": "put double quotes around a text that holds `: `",
    "cannot start any token": "put double quotes around a text that begins with @, ` or %",
    "unexpected end of stream": "close the quotes that were opened, and the brackets",
    "unknown escape character": "within double quotes write a backslash as \\\\",
    "expected <block end>": "indent the keys of one mapping alike",
    "did not find expected key": "indent the keys of one mapping alike, and quote texts whole",
    "could not find expected ':'": "write `key: value`, and indent a text's further lines",
    "did not find expected ',' or": "close the bracket, and put commas between its items",
}


def _malformed(error: Exception, source: bytes) -> YamlError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line, mark.column) if mark else (0, 0)
    problem = getattr(error, "problem", None) or "the text cannot be read"
    lines = source.split(b"\n")
    if line < len(lines) and lines[line].startswith(b"%"):
        return refusal("Y016", line + 1, 1, "a directive stands here")
    hint = next((hint for part, hint in _HINTS.items() if part in problem), "")
    sentence = f"this is not well-formed YAML: {problem}"
    return refusal("Y014", line + 1, column + 1, sentence, hint)
