"""What is wrong with a frame of days and endings: a finding for each fault, told together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from splw_eval.core.asking import Teller
from splw_eval.core.errors import FindingsError, FitError
from splw_eval.core.findings import Finding
from splw_eval.retention.codes import RETENTION_CODES

_FEW_LEVELS, _FEW_ROWS = 5, 8


class RetentionError(FindingsError, FitError):
    """Retention cannot be looked at with the data as they stand."""


TELLER = Teller(
    codes=RETENTION_CODES,
    error=RetentionError,
    heading="Retention cannot be looked at with these data.",
    option="SR12",
)
finding, where, refuse = TELLER.finding, TELLER.where, TELLER.refuse
check_level, check_word = TELLER.check_level, TELLER.check_word


def check_draws(seed: Any, draws: Any) -> Iterable[Finding]:
    """A seed or a number of draws that is none.

    Parameters
    ----------
    seed, draws : object

    Yields
    ------
    Finding
    """
    yield from TELLER.check_whole("seed", seed, least=0, for_example=1)
    yield from TELLER.check_whole("draws", draws, least=1, for_example=10_000)


def may_name(sizes: Sequence[int]) -> bool:
    """Whether levels may be named in a message: not where they may be practices or people.

    Parameters
    ----------
    sizes : sequence of int
        Rows of each level.

    Returns
    -------
    bool
        False with more than 5 levels, and where each has fewer than 8 rows.
    """
    return 0 < len(sizes) <= _FEW_LEVELS and max(sizes) >= _FEW_ROWS


def is_missing(value: Any) -> bool:
    """Whether a value stands for nothing: None, NaN, pandas' NA or NaT.

    Parameters
    ----------
    value : object

    Returns
    -------
    bool
    """
    import pandas as pd

    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))
