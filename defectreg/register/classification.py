"""The one order of who may read what: clear < green < amber < red."""

from __future__ import annotations

CLASSES = ("clear", "green", "amber", "red")
ALIASES = {"white": "clear"}
"""Earlier names of classes, which people still type (the Panel's White is now Clear)."""
_RANK = {name: rank for rank, name in enumerate(CLASSES)}


def may_read(audience: str, *classes: str) -> bool:
    """Whether an audience may be shown what bears all these classes."""
    return _RANK[audience] >= max(map(_RANK.__getitem__, classes), default=0)


def highest(*classes: str) -> str:
    """The strictest of these classes; clear of none."""
    return max(classes, key=_RANK.__getitem__, default="clear")
