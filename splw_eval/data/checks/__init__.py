"""Checks across tables: each looks at what was loaded and writes into the ledger.

That of rows that belong to nothing is not among them: it runs before, with the cells.
"""

from __future__ import annotations

from collections.abc import Callable

from splw_eval.data.checks import (
    arms,
    contacts,
    contradictions,
    days,
    deprivation,
    instruments,
    keying,
    maxima,
    one_practice,
    plausible,
    quasi,
    waves,
    workers,
)
from splw_eval.data.loaded import Loaded

Check = Callable[[Loaded], None]
CHECKS: tuple[Check, ...] = (
    arms.check,
    one_practice.check,
    workers.check,
    waves.check,
    contacts.check,
    contradictions.check,
    days.check,
    plausible.check,
    deprivation.check,
    instruments.check,
    keying.check,
    maxima.check,
    quasi.check_quasi,
)
