"""Deprivation deciles that come from several versions of the index."""

from __future__ import annotations

import re

import numpy as np

from splw_eval.core.findings import Severity
from splw_eval.data.checks.telling import tell
from splw_eval.data.loaded import Loaded
from splw_eval.data.parse import distinct
from splw_eval.data.sheet import Told

_YEAR = re.compile(r"(?:19|20)\d\d")
_NATIONS = (("wales", r"wimd|wales|welsh"), ("scotland", r"simd|scot"), ("ni", r"nimdm|northern"))
_MIXED: Told = (
    Severity.ERROR,
    "SW75",
    "another version of the deprivation index than in the other rows",
    "Deciles of two versions cannot be compared: give all from one.",
)


def check(loaded: Loaded) -> None:
    """Report people whose decile is from another version than most people's."""
    table = loaded.tables.get("people")
    if table is None or "imd_version" not in table.columns:
        return
    values, codes = distinct(table.text("imd_version"))
    indices = [version_of(value) for value in values]
    known = {index: i for i, index in enumerate(dict.fromkeys(i for i in indices if i))}
    version = np.array([known.get(index, -1) for index in indices], dtype=np.int64)[codes]
    if len(known) > 1:
        most = np.bincount(version[version >= 0]).argmax()
        tell(loaded, table, "imd_version", (version >= 0) & (version != most), _MIXED)


def version_of(written: str) -> str:
    """Nation and year of an index, however they are written; empty where nothing is."""
    plain = " ".join(written.casefold().split())
    year = _YEAR.search(plain)
    if not year:
        return plain
    nation = next((n for n, words in _NATIONS if re.search(words, plain)), "england")
    return f"{nation} {year[0]}"
