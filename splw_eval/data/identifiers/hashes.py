"""Identifiers that look like unsalted hashes."""

from __future__ import annotations

import re

from splw_eval.data.identifiers.column import Column, Hit, warned

_LENGTHS = frozenset({32, 40, 64})
_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
# Random identifiers without their hyphens: version 4 and its variant stand at fixed places.
_RANDOM_UUID = re.compile(r"[0-9a-fA-F]{12}4[0-9a-fA-F]{3}[89abAB][0-9a-fA-F]{15}")
_SHARE = 0.8
_KEYED = frozenset({"hmac", "keyed"})


def find_hashes(column: Column) -> Hit | None:
    """Find columns of 32, 40 or 64 hexadecimal digits, as MD5, SHA-1 and SHA-256 give."""
    found = [v for v in column.times if len(v) in _LENGTHS and _HEX.fullmatch(v)]
    if not found or len(found) < _SHARE * len(column.times) or _KEYED & set(column.words):
        return None
    if all(_RANDOM_UUID.fullmatch(v) for v in found):
        return None
    return warned(
        "SW102",
        "values that look like hashes",
        "A hash of an NHS number without a key is undone by trying all of them. Have them made "
        "with a keyed hash (HMAC) whose key stays with the sender; nothing to do if they were.",
        found,
    )
