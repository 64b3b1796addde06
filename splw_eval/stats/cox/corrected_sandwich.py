"""Practice sandwich of log hazard ratios, corrected for few practices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.efron import Likelihood, Ties, partial_likelihood
from splw_eval.stats.cox.given_rows import arranged, laid_out
from splw_eval.stats.cox.jackknife import DF_RULE
from splw_eval.stats.cox.newton import maximise, named
from splw_eval.stats.cox.ranks import codes_of
from splw_eval.stats.cox.tied_terms import tied_terms

Array = NDArray[np.float64]
Hazard = Literal["estimated", "fixed"]

_FG_BOUND = 0.75
_SINGULAR = 1e12


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedSandwich:
    """Log hazard ratios with the practice sandwich, plain and corrected in three ways.

    Attributes
    ----------
    beta : ndarray, shape (p,)
        Log hazard ratios, per unit of each column.
    plain, md, kc, fg : ndarray, shape (p, p)
        Covariance: Lin and Wei's, with no correction; Mancl and DeRouen's; Kauermann and
        Carroll's; Fay and Graubard's, their leverages held to 0.75.
    df : float
        Degrees of freedom of Student's t.
    df_rule : str
    hazard : {"estimated", "fixed"}
    n, events, clusters : int
    ties : {"efron", "breslow"}
    """

    beta: Array
    plain: Array
    md: Array
    kc: Array
    fg: Array
    df: float
    df_rule: str
    hazard: Hazard
    n: int
    events: int
    clusters: int
    ties: Ties


def corrected_sandwich(
    start: ArrayLike | None,
    stop: ArrayLike,
    event: ArrayLike,
    x: ArrayLike,
    cluster: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    ties: Ties = "efron",
    strata: ArrayLike | None = None,
    hazard: Hazard = "estimated",
) -> CorrectedSandwich:
    """Fit the proportional hazards model and correct its sandwich for few practices.

    Parameters
    ----------
    start, stop, event, x, weights, ties, strata
        As for ``fit_cox_model``.
    cluster : array_like, shape (n,)
        Practice of each row.
    hazard : {"estimated", "fixed"}
        Whether a practice's leverage, the slope of its score, lets the baseline hazard
        move with the coefficients. "fixed" is the published form: it is not symmetric and
        changes with the origin of a column (1 for one arm or for the other), which
        "estimated" does not.

    Returns
    -------
    CorrectedSandwich

    Raises
    ------
    FitError
        As ``fit_cox_model``; fewer than 3 practices; or a coefficient rests on one practice.

    Notes
    -----
    With U_g the score and W_g the leverage of practice g, and V the information: MD sums
    (V - W_g)^-1 U_g with itself, KC with V^-1 U_g (halved with its transpose, so a variance
    may fall below 0 where practices are very few), FG V^-1 diag(1 - min(0.75, W_g V^-1))^-1/2 U_g.
    Memory grows with event times x p x p.

    Sources
    -------
    Wang, Turner & Li 2023, Biom J 65:2200113 and R's CoxBcv 0.0.1.0, for right-censored rows
    and Breslow's ties; (start, stop], weights, strata and Efron's ties follow from the same
    slope. Mancl & DeRouen 2001, Biometrics 57:126; Kauermann & Carroll 2001, J Am Stat Assoc
    96:1387; Fay & Graubard 2001, Biometrics 57:1198.
    """
    if hazard not in ("estimated", "fixed"):
        raise FitError(f'hazard must be "estimated" or "fixed", got {hazard!r}.')
    given = arranged(start, stop, event, x, weights, strata)
    practice = codes_of(cluster, len(given.stop), "cluster")
    clusters = int(practice.max()) + 1
    if clusters < 3:
        raise FitError(f"A corrected sandwich needs at least 3 practices, got {clusters}.")
    rows, columns, size = laid_out(given)
    most = maximise(rows, columns, ties)
    at = most.at
    if hazard == "fixed":  # the origin matters, so it is that of the columns given
        at = partial_likelihood(rows, given.x[rows.kept] / size, most.beta, ties)
    forms = sandwich_forms(at, practice[rows.kept], clusters, ties, hazard)
    scale = np.outer(size, size)
    return CorrectedSandwich(
        beta=most.beta / size,
        **{name: covariance / scale for name, covariance in forms.items()},
        df=float(max(clusters - 2, 1)),
        df_rule=DF_RULE,
        hazard=hazard,
        n=len(given.stop),
        events=int(rows.deaths.sum()),
        clusters=clusters,
        ties=ties,
    )


def sandwich_forms(
    at: Likelihood, practice: NDArray[np.intp], clusters: int, ties: Ties, hazard: Hazard
) -> dict[str, Array]:
    """Plain and corrected covariances at one value of the coefficients.

    Parameters
    ----------
    at : Likelihood
    practice : ndarray of int, shape (rows,)
        Code of each row's practice.
    clusters : int
    ties : {"efron", "breslow"}
        Those of the likelihood.
    hazard : {"estimated", "fixed"}

    Returns
    -------
    dict of str to ndarray, shape (p, p)
        Under "plain", "md", "kc" and "fg".

    Raises
    ------
    FitError
        Nothing is left of the information on a coefficient without one practice.
    """
    scores = np.column_stack(
        [np.bincount(practice, column, clusters) for column in at.residual_columns()]
    )
    _refuse_alone(_constant_without(at.x, practice, clusters))
    leverage = _leverages(at, practice, clusters, ties, hazard)
    rest = at.information - leverage
    _refuse_alone(np.linalg.cond(rest) >= _SINGULAR)
    inverse = np.linalg.inv(at.information)
    plain = scores @ inverse
    md = np.linalg.solve(rest, scores[:, :, None])[:, :, 0]
    held = np.minimum(_FG_BOUND, np.einsum("gij,ji->gi", leverage, inverse))
    fg = (scores / np.sqrt(1.0 - held)) @ inverse
    crossed = md.T @ plain
    return {
        "plain": plain.T @ plain,
        "md": md.T @ md,
        "kc": (crossed + crossed.T) / 2,
        "fg": fg.T @ fg,
    }


def _constant_without(x: Array, practice: NDArray[np.intp], clusters: int) -> NDArray[np.bool_]:
    """Whether some column does not vary outside each practice, shape (clusters,)."""
    least, most = np.full((2, clusters, x.shape[1]), np.inf)
    for j, column in enumerate(x.T):
        np.minimum.at(least[:, j], practice, column)
        np.minimum.at(most[:, j], practice, -column)
    found = np.empty(clusters, dtype=bool)
    for g in range(clusters):
        others = np.arange(clusters) != g
        found[g] = (least[others].min(axis=0) >= -most[others].min(axis=0)).any()
    return found


def _refuse_alone(alone: NDArray[np.bool_]) -> None:
    """Refuse practices that a coefficient rests on alone, by their places."""
    if alone.any():
        raise FitError(
            f"Without practice(s) {named(np.flatnonzero(alone))}, in the order of their labels, "
            "nothing is known of some coefficient, so the sandwich cannot be corrected. "
            "Leave its column out."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Curvature:
    """Matrices of each moment, shape (moments, p, p), as rows at risk and events meet them.

    ``event``: the covariance of the columns an event meets. ``passed`` and ``taken``: that
    covariance times the step of the hazard, and what an event row does not pass of it.
    ``square`` and ``square_taken``: the same of the mean times itself.
    """

    event: Array
    passed: Array
    taken: Array
    square: Array
    square_taken: Array


def _curvature(at: Likelihood, ties: Ties) -> _Curvature:
    """Matrices of each moment, from sums of powers over its terms."""
    rows, x, risk = at.rows, at.x, at.risk
    terms = tied_terms(rows, *rows.sums(risk), ties)
    s1, d1 = rows.weighted_sums(x, risk)
    s2, d2 = (np.empty((len(rows.time), x.shape[1], x.shape[1])) for _ in range(2))
    for i, j in zip(*np.tril_indices(x.shape[1]), strict=True):
        above, dying = rows.sums(x[:, i] * x[:, j] * risk)
        s2[:, i, j] = s2[:, j, i] = above
        d2[:, i, j] = d2[:, j, i] = dying
    ss, dd = (one[:, :, None] * one[:, None, :] for one in (s1, d1))
    sd = s1[:, :, None] * d1[:, None, :]
    sd += sd.transpose(0, 2, 1)

    def second(shares: int, belows: int) -> Array:
        over, less = (terms.total(shares + k, belows)[:, None, None] for k in (0, 1))
        return s2 * over - d2 * less

    def square(shares: int, belows: int) -> Array:
        over = [terms.total(shares + k, belows)[:, None, None] for k in (0, 1, 2)]
        return ss * over[0] - sd * over[1] + dd * over[2]

    died = (rows.mean_weight * rows.deaths)[:, None, None]
    mean = [square(0, 3), square(1, 3)]
    return _Curvature(
        event=(second(0, 1) - square(0, 2)) / died,
        passed=second(0, 2) - mean[0],
        taken=second(1, 2) - mean[1],
        square=mean[0],
        square_taken=mean[1],
    )


def _leverages(
    at: Likelihood, practice: NDArray[np.intp], clusters: int, ties: Ties, hazard: Hazard
) -> Array:
    """Minus the slope of each practice's score, shape (clusters, p, p)."""
    rows, x, risk, hazards = at.rows, at.x, at.risk, at.hazards
    if hazards is None:
        raise FitError("The likelihood cannot be computed at these coefficients.")
    met = _curvature(at, ties)
    own = risk * rows.passed(hazards.step, hazards.taken)
    mean = risk[:, None] * rows.passed(hazards.mean_step, hazards.mean_taken)
    died = rows.weights * rows.event
    found = np.empty((clusters, x.shape[1], x.shape[1]))
    for g in range(clusters):
        here = practice == g
        events = rows.dying(died * here)
        at_risk, dying = rows.sums(risk * here)
        part = x[here]
        found[g] = np.tensordot(events, met.event, 1)
        found[g] -= np.tensordot(at_risk, met.passed, 1) - np.tensordot(dying, met.taken, 1)
        crossed = mean[here].T @ part
        found[g] += (part.T * own[here]) @ part - crossed
        if hazard == "estimated":
            found[g] += np.tensordot(at_risk, met.square, 1) - crossed.T
            found[g] -= np.tensordot(dying, met.square_taken, 1)
    return found
