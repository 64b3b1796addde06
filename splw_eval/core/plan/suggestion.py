"""The known name nearest to one that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_FEW_NAMES = 8  # more than this are not listed in a message


def suggestion(word: str, known: Iterable[str]) -> str:
    """``; did you mean ...?`` for the nearest known word, or all of them if few are."""
    names = sorted(set(known))
    near = difflib.get_close_matches(word, names, n=1)
    if near:
        return f'; did you mean "{near[0]}"?'
    return f" (known: {', '.join(names)})" if 0 < len(names) <= _FEW_NAMES else ""
