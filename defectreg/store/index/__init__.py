"""The index: the records of a commit or work tree, kept so that questions need not read them all.

A cache beside the clone, never a truth of its own: whatever is wrong with it, and whatever moved
since, every answer is the one that would be given without it.
"""

from __future__ import annotations

from defectreg.store.index.asking import Found, Hit, Index, open_index
from defectreg.store.index.query import AnyOf, Models, Query
from defectreg.store.index.turning import NOT_JUDGED

__all__ = ["NOT_JUDGED", "AnyOf", "Found", "Hit", "Index", "Models", "Query", "open_index"]
