"""Fine and Gray's regression of one cause's cumulative incidence, errors by person and practice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.newton import named
from splw_eval.stats.cox.ranks import codes_of
from splw_eval.stats.cox.subdistribution import (
    People,
    Sums,
    influence_on_score,
    place_people,
    weighted_likelihood,
)

Array = NDArray[np.float64]

_STEPS, _HALVINGS = 50, 30
# Newton's decrement is the squared distance to the maximum in standard errors.
_CLOSE = 1e-12
# Where there is no maximum the last steps still move a linear predictor by about 1.
_STILL_MOVING = 0.1
_NO_INFORMATION = 1e-10
# What is left of the information at the end, against the beginning; beneath, it is rounding.
_NOTHING_LEFT = 1e-20
_NO_MAXIMUM = (
    "The likelihood rises without end along column(s) {columns}: the column alone foretells who "
    "leaves for this cause, so no ratio is finite. Leave the column out or join its rare "
    "values with others."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FineGrayFit:
    """Log subdistribution hazard ratios of one cause.

    Attributes
    ----------
    beta : ndarray, shape (p,)
        Log subdistribution hazard ratios, per unit of each column.
    information : ndarray, shape (p, p)
        Minus the second derivatives of the weighted log likelihood.
    model_covariance : ndarray, shape (p, p)
        Inverse of the information: takes the weights as known; not for inference.
    covariance : ndarray, shape (p, p)
        Sandwich by person, with the part for estimating the censoring distribution.
    robust_covariance : ndarray, shape (p, p), or None
        The same influence values summed by practice, with no correction for few practices;
        None where no practice was given.
    influence : ndarray, shape (n, p)
        Of each person on beta; they sum to 0.
    log_likelihood, null_log_likelihood : float
        Of the weighted likelihood, at beta and at 0.
    centre : ndarray, shape (p,)
        Mean of each column.
    time : ndarray, shape (times,)
        Times of the cause.
    log_hazard : ndarray, shape (times,)
        Log of the steps there of the subdistribution hazard of a person with every column at
        its mean.
    of : int
        Code of the cause.
    n, events, competing, censored, clusters, iterations : int
        Clusters 0 where no practice was given.
    method : str
    """

    beta: Array
    information: Array
    model_covariance: Array
    covariance: Array
    robust_covariance: Array | None
    influence: Array
    log_likelihood: float
    null_log_likelihood: float
    centre: Array
    time: Array
    log_hazard: Array
    of: int
    n: int
    events: int
    competing: int
    censored: int
    clusters: int
    iterations: int
    method: str

    @property
    def hazard(self) -> Array:
        """Steps of the subdistribution hazard of a person whose columns are all 0.

        Raises
        ------
        FitError
            Such a person lies too far from those seen for the hazard to be a number.
        """
        with np.errstate(over="ignore"):
            steps: Array = np.exp(self.log_hazard - self.centre @ self.beta)
        if not (np.isfinite(steps) & (steps > 0)).all():
            raise FitError(
                "A person whose columns are all 0 lies too far from those seen for a hazard. "
                "Take a round number near its mean off each column."
            )
        return steps

    def incidence(self, at: ArrayLike) -> Array:
        """Cumulative incidence of the cause foretold for given rows.

        Parameters
        ----------
        at : array_like, shape (k, p)
            Rows to foretell, in the units of x.

        Returns
        -------
        ndarray, shape (k, times)
            Just after each of `time`.
        """
        places = np.asarray(at, dtype=float)
        if places.ndim != 2 or places.shape[1] != len(self.beta):
            raise FitError(f"at must hold rows of {len(self.beta)} columns, as x has.")
        if not np.isfinite(places).all():
            raise FitError("The rows to foretell (at) must be finite, none missing.")
        highest = self.log_hazard.max()
        total = highest + np.log(np.cumsum(np.exp(self.log_hazard - highest)))
        with np.errstate(over="ignore"):  # a hazard beyond all numbers is certainty
            risen = np.exp(((places - self.centre) @ self.beta)[:, None] + total)
        foretold: Array = -np.expm1(-risen)
        return foretold


def fit_fine_gray(
    day: ArrayLike,
    cause: ArrayLike,
    x: ArrayLike,
    *,
    of: int,
    cluster: ArrayLike | None = None,
) -> FineGrayFit:
    """Fit the proportional subdistribution hazards model of one cause.

    Parameters
    ----------
    day : array_like, shape (n,)
        Day of leaving, or last day seen.
    cause : array_like, shape (n,)
        0 still engaged (censored), else the cause of leaving, a whole number from 1.
    x : array_like, shape (n, p)
        Columns known from the start, without a column of ones.
    of : int
        Cause whose cumulative incidence is modelled.
    cluster : array_like, shape (n,), optional
        Practice of each person.

    Returns
    -------
    FineGrayFit

    Raises
    ------
    FitError
        Shapes disagree, a value is missing, everybody is censored, the cause never happened,
        a column is constant or depends on others, or the likelihood has no finite maximum.

    Notes
    -----
    Who left for another cause stays at risk with the weight G(t-)/G(T-) of having been
    followed to t, G the Kaplan-Meier curve of censoring of everybody together, so censoring
    must not depend on the columns. As in cmprsk::crr those who leave on a day count among
    those who could have been censored that day; survival::finegray leaves them out, and its
    coefficients differ a little where days are tied. Ties of the cause itself are Breslow's.
    A subdistribution hazard ratio says how a column moves the cumulative incidence, not the
    rate of leaving among those still engaged. The practice sum has no correction for few
    practices: read it with t and practices less 2 df, or beside the jackknife.

    Sources
    -------
    Fine & Gray 1999, J Am Stat Assoc 94:496; Zhou, Fine, Latouche & Labopin 2012, Biostatistics
    13:371 (clusters). Agrees with ``cmprsk::crr``: tests/reference.
    """
    people = place_people(day, cause, x, of)
    n, size = len(people.event), people.size
    practice = None if cluster is None else codes_of(cluster, n, "cluster")
    beta, at, null, steps = _maximum(people)
    inverse = np.linalg.inv(at.information)
    influence = (influence_on_score(people, at) @ inverse) / size
    clusters = 0 if practice is None else int(practice.max()) + 1
    if practice is not None and clusters < 2:
        raise FitError(f"Clustered inference needs at least 2 clusters, got {clusters}.")
    return FineGrayFit(
        beta=beta / size,
        information=at.information * np.outer(size, size),
        model_covariance=inverse / np.outer(size, size),
        covariance=influence.T @ influence,
        robust_covariance=None if practice is None else _by_practice(influence, practice),
        influence=influence,
        log_likelihood=at.value,
        null_log_likelihood=null,
        centre=people.centre,
        time=people.time,
        log_hazard=np.log(at.hazard) - at.top,
        of=of,
        n=n,
        events=int(people.deaths.sum()),
        competing=int(people.competing.sum()),
        censored=int(people.censored.sum()),
        clusters=clusters,
        iterations=steps,
        method=(
            "Fine and Gray's model with inverse probability of censoring weights and Breslow's "
            "ties; sandwich error with the part for the censoring distribution, by person"
            + ("." if practice is None else " and by practice.")
        ),
    )


def _maximum(people: People) -> tuple[Array, Sums, float, int]:
    """Coefficients at the maximum, the likelihood there and at 0, and the steps taken."""
    beta: Array = np.zeros(people.x.shape[1])
    at = weighted_likelihood(people, beta)
    null = at.value
    values = np.linalg.eigvalsh(at.information)
    if values[0] <= _NO_INFORMATION * max(values[-1], 0.0):
        raise FitError(
            "The columns of x are linearly dependent, or one does not vary among those at "
            "risk at the times of the cause; leave one out."
        )
    move: Array = beta
    for step in range(1, _STEPS + 1):
        try:
            move = np.asarray(np.linalg.solve(at.information, at.score), dtype=float)
        except np.linalg.LinAlgError:
            break
        decrement = float(at.score @ move)
        near = 0 <= decrement <= _CLOSE and np.ptp(people.x @ move) <= _STILL_MOVING
        higher = _uphill(people, beta, move, at)
        if higher is None:
            break
        beta, at = higher
        if near and np.linalg.eigvalsh(at.information)[0] > _NOTHING_LEFT * values[-1]:
            return beta, at, null, step
    moved = np.abs(move) > 0.01 * np.abs(move).max()
    raise FitError(_NO_MAXIMUM.format(columns=named(np.flatnonzero(moved))))


def _uphill(people: People, beta: Array, move: Array, at: Sums) -> tuple[Array, Sums] | None:
    """Coefficients after the step, halved until the likelihood does not fall, and its sums."""
    allowed = at.value - 1e-10 * (1.0 + abs(at.value))
    length = 1.0
    for _ in range(_HALVINGS):
        tried = beta + length * move
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            found = weighted_likelihood(people, tried)  # too far out it is no number
        if found.value >= allowed:
            return tried, found
        length /= 2
    return None


def _by_practice(influence: Array, practice: NDArray[np.intp]) -> Array:
    """Covariance from the influence summed by practice."""
    sums = np.column_stack([np.bincount(practice, column) for column in influence.T]).astype(float)
    robust: Array = sums.T @ sums
    return robust
