"""Checks across tables: each looks at what was loaded and writes into the ledger."""

from __future__ import annotations

from collections.abc import Callable

from splw_eval.data.checks import (
    arms,
    contacts,
    days,
    deprivation,
    instruments,
    keying,
    orphans,
    plausible,
    quasi,
    waves,
    workers,
)
from splw_eval.data.loaded import Loaded

Check = Callable[[Loaded], None]
CHECKS: tuple[Check, ...] = (
    orphans.check,
    arms.check,
    workers.check,
    waves.check,
    contacts.check,
    days.check,
    plausible.check,
    deprivation.check,
    instruments.check,
    keying.check,
    quasi.check_quasi,
)
