"""What an analysis says of many drawn trials."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.stats.cell_models.cells import Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tested:
    """One number for each of B trials.

    Attributes
    ----------
    estimate, std_error, df : ndarray, shape (B,)
    good : ndarray of bool, shape (B,)
        Whether the analysis gave an answer.
    at_zero : ndarray, shape (B,)
        1 where a variance was estimated as zero; NaN where the analysis has none.
    p_value : ndarray or None
        Two-sided, where it does not follow from the estimate, its error and t.
    covers : ndarray of bool or None
        Whether the limits hold the true effect, where they do not follow from the same.
    """

    estimate: Floats
    std_error: Floats
    df: Floats
    good: NDArray[np.bool_]
    at_zero: Floats
    p_value: Floats | None = None
    covers: NDArray[np.bool_] | None = None


def plain(estimate: Floats, std_error: Floats, df: float) -> Tested:
    """Of an analysis with one number of degrees of freedom."""
    with np.errstate(invalid="ignore"):
        good = np.isfinite(estimate) & (std_error > 0) & np.isfinite(std_error)
    return Tested(
        estimate=estimate,
        std_error=std_error,
        df=np.full(len(estimate), float(df)),
        good=good & (df > 0),
        at_zero=np.full(len(estimate), np.nan),
    )
