"""From libyaml's events to nodes with their places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yaml import events, tokens

from defectreg.register.yamltext.building import PARSER
from defectreg.register.yamltext.outline import Form, Node


def trace(text: str) -> Node:
    """The top mapping of a text that :func:`load` accepts."""
    unfinished: list[tuple[Any, list[Node]]] = []
    top: list[Node] = []
    for event in _events(text):
        kind = type(event)
        if kind in (events.MappingStartEvent, events.SequenceStartEvent):
            unfinished.append((event, []))
        elif kind is events.ScalarEvent:
            (unfinished[-1][1] if unfinished else top).append(_scalar(event, text))
        elif kind in (events.MappingEndEvent, events.SequenceEndEvent):
            start, nodes = unfinished.pop()
            (unfinished[-1][1] if unfinished else top).append(_collection(start, event, nodes))
    return top[0]


def explicit_key(text: str) -> int | None:
    """The offset of the first ``?`` that begins a key; None if there is none."""
    parser = PARSER(text)
    while token := parser.get_token():
        if type(token) is tokens.KeyToken and token.start_mark.index != token.end_mark.index:
            return int(token.start_mark.index)
    return None


def _events(text: str) -> Iterator[Any]:
    parser = PARSER(text)
    while event := parser.get_event():
        yield event


def _scalar(event: Any, text: str) -> Node:
    start, end = event.start_mark.index, event.end_mark.index
    place = (event.start_mark.line, event.start_mark.column)
    if event.style not in ("|", ">"):
        form: Form = "quoted" if event.style else "plain"
        return Node(form, start, end, end, *place, value=event.value)
    content = _end_of_block_text(text, start, end, event.value)
    return Node("block text", start, content, end, *place, value=event.value)


def _end_of_block_text(text: str, start: int, end: int, value: str) -> int:
    """Where the content ends: blank lines below it are none, unless ``+`` or a blank says so."""
    header = text[start : text.index("\n", start)].partition("#")[0]
    last_line = value.rstrip("\n").rpartition("\n")[2]
    if "+" in header or (last_line and last_line.isspace()):
        return end
    return start + len(text[start:end].rstrip(" \n")) + 1


def _collection(start: Any, end: Any, nodes: list[Node]) -> Node:
    is_mapping = type(start) is events.MappingStartEvent
    keys, children = (nodes[::2], nodes[1::2]) if is_mapping else ([], nodes)
    mark, after = start.start_mark, end.end_mark.index
    form: Form = "flow" if start.flow_style else "block"
    content = after if form == "flow" or not children else children[-1].end
    place = (mark.line, mark.column)
    return Node(form, mark.index, content, after, *place, "", tuple(keys), tuple(children))
