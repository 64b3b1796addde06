"""Errors of an estimate from making it anew without each practice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError

Array = NDArray[np.float64]
_FEWEST = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LeftOut:
    """An estimate, and the estimates without each practice.

    Attributes
    ----------
    estimate, std_error, df : float
        df are practices less 2; `stats.few_clusters.jackknife` has those for few in a group.
    left_out : ndarray, shape (practices,)
    """

    estimate: float
    std_error: float
    df: float
    left_out: Array


def leave_each_out(
    estimate: Callable[[NDArray[np.bool_]], float],
    cluster: NDArray[np.intp],
    *,
    whole: float | None = None,
    without: Sequence[float | None] = (),
) -> LeftOut:
    """Jackknife an estimate over practices, with everything that it rests on made anew.

    Parameters
    ----------
    estimate : callable
        Takes rows as flags, shape (n,), and gives the estimate of these.
    cluster : ndarray of int, shape (n,)
        Practices from 0.
    whole : float, optional
        The estimate of all, where it is known.
    without : sequence of (float or None)
        The estimate without each practice where it is known, see `WithoutEach`.

    Returns
    -------
    LeftOut
        The variance is (G - 1) / G times the sum of squared distances from the estimate of all.

    Raises
    ------
    FitError
        There are fewer than 3 practices, or the estimate cannot be made of all of them, or
        without one of them.

    Notes
    -----
    For a difference of two means of practices the error is that of the t test with a factor
    close to 1 that errs on the wide side. Sources: Tukey 1958; Bell & McCaffrey 2002, Survey
    Methodology 28:169, section 2.
    """
    practices = int(cluster.max()) + 1
    if practices < _FEWEST:
        raise FitError(f"Leaving practices out needs {_FEWEST} of them at least, got {practices}.")
    if whole is None:
        whole = estimate(np.ones(len(cluster), dtype=bool))
    known = tuple(without) or (None,) * practices
    found, failed = np.empty(practices), 0
    for g, value in enumerate(known):
        try:
            found[g] = estimate(cluster != g) if value is None else value
        except FitError:
            failed += 1
    if failed:
        raise FitError(
            f"The estimate cannot be made without {failed} of the {practices} practices: it rests "
            "on them alone.",
            remedy="Use fewer covariates, or join rare categories.",
        )
    variance = (practices - 1) / practices * float(((found - whole) ** 2).sum())
    return LeftOut(estimate=whole, std_error=variance**0.5, df=float(practices - 2), left_out=found)
