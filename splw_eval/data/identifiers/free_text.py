"""Free text, in which anything about anybody may stand."""

from __future__ import annotations

import re

from splw_eval.data.identifiers.column import Column
from splw_eval.data.words import listed

# A cell is wordy that is longer than the longest answers and ethnic groups usually are.
_WORDS, _CHARACTERS = 6, 30
_LONG_WORDS, _LONG_CHARACTERS = 20, 120  # no label of a category is that long
_FEWEST, _SHARE, _UNIQUE = 3, 0.2, 0.5
# To stop a run, much more is asked than to leave out a column that nobody uses.
_FEWEST_NEEDED, _SHARE_NEEDED, _WORDS_NEEDED = 10, 0.5, 8
_PARTS = re.compile(r"[;|]")
# What the codebook itself asks for in words, and what stands for one in few.
_IN_WORDS = listed("in_words")


def is_free_text(column: Column) -> bool:
    """Whether a column holds sentences, hardly two of them alike.

    Parameters
    ----------
    column : Column
        One that the plan or the codebook needs must hold many long ones.

    Returns
    -------
    bool
    """
    if column.role in _IN_WORDS:
        return False
    fewest = _FEWEST_NEEDED if column.needed else _FEWEST
    share = _SHARE_NEEDED if column.needed else _SHARE
    words = _WORDS_NEEDED if column.needed else _WORDS
    wordy = [v for v in column.times if len(v) >= _CHARACTERS and _most_words(v) >= words]
    if not wordy:
        return False
    if not column.needed and any(_is_long(v) for v in wordy):
        return True
    rows = sum(column.times[v] for v in wordy)
    return len(wordy) >= fewest and rows >= share * column.filled and len(wordy) >= _UNIQUE * rows


def _most_words(value: str) -> int:
    """Words of the longest part; reasons parted by semicolons are a list and no sentence."""
    return max(len(part.split()) for part in _PARTS.split(value))


def _is_long(value: str) -> bool:
    return len(value) >= _LONG_CHARACTERS and _most_words(value) >= _LONG_WORDS
