"""Doubly robust differences in differences of people seen before and after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.causal.least_squares import basis_of
from splw_eval.stats.few_clusters.jackknife import Jackknife, leave_practices_out
from splw_eval.stats.weighting.propensity import fit_propensity, propensity_weights

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DoublyRobust:
    """A doubly robust difference in differences.

    Attributes
    ----------
    estimate : float
        In the unit of the change, about people like the treated.
    influence : ndarray, shape (n,)
        What each person contributes, with what estimating the chances and the expected changes
        adds; its mean is 0, and the sum of squares over n^2 is the variance of independent people.
    chance : ndarray, shape (n,)
        Fitted chance of belonging to the treated group.
    expected : ndarray, shape (n,)
        The change expected of each person outside the treated group.
    weights : ndarray, shape (n,)
        1 for the treated, e / (1 - e) for the others.
    """

    estimate: float
    influence: Array
    chance: Array
    expected: Array
    weights: Array

    def std_error(self, cluster: ArrayLike | None = None) -> float:
        """Standard error by influence functions.

        Parameters
        ----------
        cluster : array_like, shape (n,), optional
            Practices; the influence is then summed in each.

        Returns
        -------
        float
            With practices multiplied by sqrt(G / (G - 1)). Too small with few practices.
        """
        n = len(self.influence)
        if cluster is None:
            return float(np.sqrt(self.influence @ self.influence) / n)
        parts = self.by_practice(cluster)
        count = len(parts)
        if count < 2:
            raise FitError("Practices must be two at least.")
        return float(np.sqrt(count / (count - 1) * (parts @ parts)))

    def by_practice(self, cluster: ArrayLike) -> Array:
        """What each practice contributes to the estimate.

        Parameters
        ----------
        cluster : array_like, shape (n,)

        Returns
        -------
        ndarray, shape (practices,)
            In the order of the sorted labels.
        """
        codes = np.unique(np.asarray(cluster), return_inverse=True)[1]
        return np.bincount(codes, weights=self.influence) / len(self.influence)


def doubly_robust_difference(change: ArrayLike, treated: ArrayLike, X: ArrayLike) -> DoublyRobust:
    """Compare changes of two groups, adjusted by chances and by expected changes.

    Parameters
    ----------
    change : array_like, shape (n,)
        After less before.
    treated : array_like of bool, shape (n,)
    X : array_like, shape (n, p)
        Covariates as they stood before, with a column of ones.

    Returns
    -------
    DoublyRobust
        Right where the model of chances or that of changes is right (and, but for X, both
        groups would have changed alike).

    Raises
    ------
    FitError
        Shapes differ, a value is not finite, a group is empty, columns depend on each other, or
        they foretell the group.

    Notes
    -----
    With w1 = D and w0 = e (1 - D) / (1 - e), each over its mean, the mean of
    (w1 - w0) (change - expected); chances by logistic regression, expected changes by least
    squares among those not treated.

    Sources: Sant'Anna & Zhao 2020, J Econom 219:101 (their estimator for panels). Agrees with
    the formula written out in R: tests/reference.
    """
    delta, flag = np.asarray(change, dtype=np.float64), np.asarray(treated).astype(bool)
    T = basis_of(X)[0] * np.sqrt(max(len(delta), 1))  # chances and changes depend on its span only
    n = len(T)
    if delta.shape != (n,) or flag.shape != (n,) or not np.isfinite(delta).all():
        raise FitError("change and treated must have one value for each row of X, all finite.")
    logistic = fit_propensity(flag, T)
    basis_of(T[~flag], whose=" of those not treated")
    others = T * ~flag[:, None]
    inverse = np.linalg.inv(others.T @ T / n)
    expected = T @ (inverse @ (others.T @ delta) / n)
    left = delta - expected
    w = propensity_weights(logistic.chance, flag, "treated")
    w1, w0 = np.where(flag, w, 0.0), np.where(flag, 0.0, w)
    mean1, mean0 = float(w1 @ left / w1.sum()), float(w0 @ left / w0.sum())
    by_change = (others * left[:, None]) @ inverse
    by_chance = (T * (flag - logistic.chance)[:, None]) @ (logistic.covariance * n)
    of_treated = w1 * (left - mean1) - by_change @ (w1 @ T / n)
    of_others = (
        w0 * (left - mean0) + by_chance @ ((w0 * (left - mean0)) @ T / n) - by_change @ (w0 @ T / n)
    )
    return DoublyRobust(
        estimate=mean1 - mean0,
        influence=of_treated / w1.mean() - of_others / w0.mean(),
        chance=logistic.chance,
        expected=expected,
        weights=w,
    )


def jackknife_difference(
    change: ArrayLike, treated: ArrayLike, X: ArrayLike, cluster: ArrayLike
) -> Jackknife:
    """Estimate the doubly robust difference anew without each practice.

    Parameters
    ----------
    change : array_like, shape (n,)
    treated : array_like of bool, shape (n,)
    X : array_like, shape (n, p)
        With a column of ones.
    cluster : array_like, shape (n,)

    Returns
    -------
    Jackknife
        Of one estimate; chances and expected changes are estimated anew each time.

    Raises
    ------
    FitError
        Nothing can be estimated without one of the practices.
    """
    delta, flag = np.asarray(change, dtype=np.float64), np.asarray(treated).astype(bool)
    columns = np.asarray(X, dtype=np.float64)

    def without(keep: Flags) -> list[float]:
        part = doubly_robust_difference(delta[keep], flag[keep], columns[keep])
        return [part.estimate]

    whole = doubly_robust_difference(delta, flag, columns).estimate
    return leave_practices_out(without, cluster, [whole])
