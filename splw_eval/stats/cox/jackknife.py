"""Leave-one-practice-out covariance of log hazard ratios."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.efron import Ties
from splw_eval.stats.cox.given_rows import GivenRows, arranged, laid_out
from splw_eval.stats.cox.newton import maximise, named
from splw_eval.stats.cox.ranks import codes_of
from splw_eval.stats.cox.risk_sums import place_rows
from splw_eval.stats.cox.without_each import fits_without_each

Array = NDArray[np.float64]

DF_RULE = (
    "Student's t with the number of practices less 2, the rule for one column that is the "
    "same for everybody in a practice, such as the arm; not less than 1"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Jackknife:
    """Log hazard ratios with the covariance of fits that leave one practice out.

    Attributes
    ----------
    beta : ndarray, shape (p,)
        Log hazard ratios of all rows, per unit of each column.
    left_out : ndarray, shape (clusters, p)
        Log hazard ratios without each practice, in the order of the labels.
    covariance : ndarray, shape (p, p)
        (G - 1)/G times the sum of (b_-g - b)(b_-g - b)', about the fit of all rows.
    std_error : ndarray, shape (p,)
    df : float
        Degrees of freedom of Student's t.
    df_rule : str
    n, events, clusters : int
        Rows given, events of positive weight, practices.
    ties : {"efron", "breslow"}
    """

    beta: Array
    left_out: Array
    covariance: Array
    std_error: Array
    df: float
    df_rule: str
    n: int
    events: int
    clusters: int
    ties: Ties


def leave_one_practice_out(
    start: ArrayLike | None,
    stop: ArrayLike,
    event: ArrayLike,
    x: ArrayLike,
    cluster: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    ties: Ties = "efron",
    strata: ArrayLike | None = None,
    beta: ArrayLike | None = None,
) -> Jackknife:
    """Fit without each practice in turn, from the fit of all, and sum the differences.

    Parameters
    ----------
    start, stop, event, x, weights, ties, strata
        As for ``fit_cox_model``.
    cluster : array_like, shape (n,)
        Practice of each row, 3 practices or more.
    beta : array_like, shape (p,), optional
        Log hazard ratios of all rows where they are known, from which the search begins.

    Returns
    -------
    Jackknife

    Raises
    ------
    FitError
        As ``fit_cox_model``; fewer than 3 practices; or a fit without some practice has no
        finite maximum: the places of those practices among the labels in order are told,
        and none is passed over.

    Notes
    -----
    The covariance leans to the large side. With few practices of unequal size the
    degrees of freedom are a rule of thumb, not an estimate.

    G counts every practice given, also one whose rows say nothing (all of weight 0, or over
    before the first event): leaving it out changes no ratio and adds 0 to the sum. So it is in
    a loop of R's ``coxph`` over the practices, and for the sandwich; a G that counted events
    would depend on the outcome. (G - 1)/G and the degrees of freedom are then a little larger
    than without it. Who does not take such a practice for one of the study leaves its rows out.

    Sources
    -------
    Lipsitz, Dear & Zhao 1994, Biometrics 50:842 (jackknife of survival models by cluster);
    Bell & McCaffrey 2002, Survey Methodology 28:169 (why the plain sandwich is too small).
    """
    given = arranged(start, stop, event, x, weights, strata)
    practice = codes_of(cluster, len(given.stop), "cluster")
    clusters = int(practice.max()) + 1
    if clusters < 3:
        raise FitError(
            f"Leaving one practice out at a time needs at least 3 practices, got {clusters}."
        )
    rows, columns, size = laid_out(given)
    began = None if beta is None else np.asarray(beta, dtype=float) * size
    whole = maximise(rows, columns, ties, began)
    kept = GivenRows(
        start=None if given.start is None else given.start[rows.kept],
        stop=given.stop[rows.kept],
        event=rows.event,
        x=columns,
        weights=rows.weights,
        stratum=rows.stratum,
    )
    own = practice[rows.kept]
    quick = fits_without_each(whole, own, clusters, ties)
    left_out = _left_out(kept, own, quick, whole.beta, ties) / size
    of_all = whole.beta / size
    apart = left_out - of_all
    covariance = (clusters - 1) / clusters * (apart.T @ apart)
    return Jackknife(
        beta=of_all,
        left_out=left_out,
        covariance=covariance,
        std_error=np.sqrt(np.diag(covariance)),
        df=float(max(clusters - 2, 1)),
        df_rule=DF_RULE,
        n=len(given.stop),
        events=int(rows.deaths.sum()),
        clusters=clusters,
        ties=ties,
    )


def _left_out(
    kept: GivenRows, practice: NDArray[np.intp], quick: Array, beta: Array, ties: Ties
) -> Array:
    """Coefficients without each practice, shape (clusters, p); all failures told at once.

    Those that the quick search gives are taken from it.
    """
    found, clusters = quick.copy(), len(quick)
    failures: dict[int, str] = {}
    for g in np.flatnonzero(np.isnan(quick).any(axis=1)).tolist():
        try:
            found[g] = _without(kept, practice != g, beta, ties)
        except FitError as error:
            failures[g] = str(error)
    if failures:
        places = np.array(list(failures))
        raise FitError(
            f"There is no fit when practice(s) {named(places)} are left out, in the order of "
            f"their labels: {len(failures)} of {clusters}. So there is no leave-one-practice-out "
            f"standard error. The first says: {next(iter(failures.values()))}"
        )
    return found


def _without(kept: GivenRows, others: NDArray[np.bool_], beta: Array, ties: Ties) -> Array:
    """Coefficients of the other practices' rows."""
    part = kept.where(others)
    rows = place_rows(part.start, part.stop, part.event, part.weights, part.stratum)
    columns = part.x if len(rows.kept) == len(part.stop) else part.x[rows.kept]
    return maximise(rows, columns, ties, beta).beta
