"""Covariances of one person's outcomes: a table of structures, one row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.stats.mixed.correlation_forms import (
    Form,
    ante_dependent,
    autoregressive,
    banded,
    exchangeable,
)
from splw_eval.stats.mixed.moments import Floats

Covariance = Callable[[Floats], tuple[Floats, Floats]]
_HIGHEST = 0.95  # correlation at which the search may begin
_STEP = 1e-30  # of the complex step: far below rounding, so the derivative is exact


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """A covariance as a function of its parameters.

    Attributes
    ----------
    name : str
    parameters : tuple of str
        Names, in order.
    covariance : callable
        Parameters (B, R) to the covariance (B, T, T) and its derivatives (B or 1, R, T, T).
    begin : callable
        Where the search begins, from a rough covariance (T, T).
    lowest : ndarray, shape (R,)
        Lower bounds; minus infinity where only positive definiteness bounds.
    linear : bool
        Whether the covariance is linear in its parameters.
    """

    name: str
    parameters: tuple[str, ...]
    covariance: Covariance
    begin: Callable[[Floats], Floats]
    lowest: Floats
    linear: bool

    def curvature(self, theta: Floats) -> Floats:
        """Second derivatives, shape (B, R, R, T, T), by complex steps.

        Parameters
        ----------
        theta : ndarray, shape (B, R)

        Returns
        -------
        ndarray
            Zero where the structure is linear.
        """
        return second_derivatives(self.covariance, theta)


def second_derivatives(covariance: Covariance, theta: Floats) -> Floats:
    """Second derivatives of a covariance, shape (B, R, R, T, T), by complex steps."""
    steps = np.eye(theta.shape[1]) * 1j * _STEP
    moved = [covariance(theta + step)[1].imag / _STEP for step in steps]
    return np.stack(np.broadcast_arrays(*moved), axis=1)


def linear_in(basis: Floats) -> Covariance:
    """Give the covariance that is the sum of parameters times fixed matrices (R, T, T)."""

    def covariance(theta: Floats) -> tuple[Floats, Floats]:
        return np.tensordot(theta, basis, axes=1), basis[None]

    return covariance


def pairs(size: int) -> list[tuple[int, int]]:
    """Rows and columns of the lower triangle, row by row."""
    return [(row, column) for row in range(size) for column in range(row + 1)]


def elements(size: int) -> Floats:
    """Symmetric matrices of ones and zeros, one for each element of the lower triangle."""
    basis = np.zeros((size * (size + 1) // 2, size, size))
    for place, (row, column) in enumerate(pairs(size)):
        basis[place, row, column] = basis[place, column, row] = 1.0
    return basis


def _structure(
    name: str, parameters: list[str], covariance: Covariance, begin: Callable[[Floats], Floats]
) -> Structure:
    lowest = np.full(len(parameters), -np.inf)
    theta = np.where([word.startswith("variance") for word in parameters], 1.0, 0.1)[None]
    slopes = [covariance(theta * k)[1] for k in (1.0, 0.5)]
    same = slopes[0].shape == slopes[1].shape and bool(np.array_equal(slopes[0], slopes[1]))
    return Structure(
        name=name,
        parameters=tuple(parameters),
        covariance=covariance,
        begin=begin,
        lowest=lowest,
        linear=same,
    )


def _unstructured(waves: int, _times: Floats) -> Structure:
    at = pairs(waves)
    names = [f"variance[{r + 1}]" if r == c else f"covariance[{c + 1},{r + 1}]" for r, c in at]
    begin = lambda v: np.array([v[r, c] for r, c in at])  # noqa: E731
    return _structure("unstructured", names, linear_in(elements(waves)), begin)


def _mean_correlation(v: Floats) -> float:
    sd = np.sqrt(np.diag(v))
    r = v / np.outer(sd, sd)
    return float((r.sum() - len(v)) / max(len(v) * (len(v) - 1), 1))


def _lagged(v: Floats) -> Floats:
    sd = np.sqrt(np.diag(v))
    r = v / np.outer(sd, sd)
    return np.array([np.diagonal(r, k).mean() for k in range(len(v))])


def _compound_symmetry(waves: int, _times: Floats) -> Structure:
    if waves == 1:
        return _structure(
            "compound_symmetry", ["variance of residual"], linear_in(np.eye(1)[None]), np.diag
        )
    basis = np.stack([np.eye(waves), np.ones((waves, waves))])

    def begin(v: Floats) -> Floats:
        mean, rho = np.diag(v).mean(), _mean_correlation(v)
        return np.array([mean * (1 - rho), mean * rho])

    names = ["variance of residual", "covariance of person"]
    return _structure("compound_symmetry", names, linear_in(basis), begin)


def _toeplitz(waves: int, _times: Floats) -> Structure:
    lags = np.abs(np.subtract.outer(np.arange(waves), np.arange(waves)))
    basis = np.stack([(lags == k).astype(float) for k in range(waves)])
    names = ["variance", *(f"covariance[lag {k}]" for k in range(1, waves))]
    begin = lambda v: np.diag(v).mean() * _lagged(v)  # noqa: E731
    return _structure("toeplitz", names, linear_in(basis), begin)


def _intercept_slope(waves: int, times: Floats) -> Structure:
    line = np.stack([np.ones(waves), times])
    cross = np.outer(line[0], line[1])
    basis = np.stack(
        [np.eye(waves), np.outer(line[0], line[0]), cross + cross.T, np.outer(line[1], line[1])]
    )

    def begin(v: Floats) -> Floats:
        mean, rho = np.diag(v).mean(), max(_mean_correlation(v), 0.1)
        spread = max(float(np.var(times)), np.finfo(float).tiny)
        return np.array([mean * (1 - rho), mean * rho, 0.0, 0.05 * mean * rho / spread])

    names = [
        "variance of residual",
        "variance of intercept",
        "covariance of intercept and slope",
        "variance of slope",
    ]
    return _structure("intercept_slope", names, linear_in(basis), begin)


def _correlated(
    name: str, form: Form, correlations: Callable[[int], int], *, het: bool
) -> Callable[[int, Floats], Structure]:
    """Make a structure of variances and correlations: one variance, or one a wave."""

    def make(waves: int, _times: Floats) -> Structure:
        m, n = correlations(waves), waves if het else 1
        share = np.zeros((n, waves, waves))
        for wave in range(waves):
            share[wave if het else 0, wave, :] += 0.5
            share[wave if het else 0, :, wave] += 0.5

        def covariance(theta: Floats) -> tuple[Floats, Floats]:
            v = theta[:, :n]
            with np.errstate(invalid="ignore"):  # a variance below zero is no covariance
                sd = np.sqrt(np.broadcast_to(v, (len(v), waves)))
            r, slopes = form(theta[:, n:], waves)
            size = sd[:, :, None] * sd[:, None, :]
            whole = r * size
            by_variance = whole[:, None] * share / v[:, :, None, None]
            return whole, np.concatenate([by_variance, slopes * size[:, None]], axis=1)

        def begin(v: Floats) -> Floats:
            variances = np.diag(v) if het else np.array([np.diag(v).mean()])
            lagged = _lagged(v)[1 : m + 1] if m > 1 else np.array([_mean_correlation(v)])
            if form is autoregressive:
                lagged = _lagged(v)[1:2]
            if form is ante_dependent:
                sd = np.sqrt(np.diag(v))
                lagged = np.diagonal(v, 1) / (sd[1:] * sd[:-1])
            return np.concatenate([variances, np.clip(lagged, -_HIGHEST, _HIGHEST)])

        names = [f"variance[{w + 1}]" for w in range(waves)] if het else ["variance"]
        names += ["correlation"] if m == 1 else [f"correlation[{k + 1}]" for k in range(m)]
        return _structure(name, names, covariance, begin)

    return make


def _each(waves: int) -> int:
    return waves - 1


STRUCTURES: dict[str, Callable[[int, Floats], Structure]] = {
    "unstructured": _unstructured,
    "compound_symmetry": _compound_symmetry,
    "compound_symmetry_het": _correlated(
        "compound_symmetry_het", exchangeable, lambda _: 1, het=True
    ),
    "ar1": _correlated("ar1", autoregressive, lambda _: 1, het=False),
    "ar1_het": _correlated("ar1_het", autoregressive, lambda _: 1, het=True),
    "toeplitz": _toeplitz,
    "toeplitz_het": _correlated("toeplitz_het", banded, _each, het=True),
    "ante_dependence": _correlated("ante_dependence", ante_dependent, _each, het=True),
    "intercept_slope": _intercept_slope,
}


def structure_of(name: str, waves: int, times: Floats | None = None) -> Structure:
    """Look up a structure for a number of waves.

    Parameters
    ----------
    name : str
    waves : int
        With one wave every structure is one variance.
    times : ndarray, shape (waves,), optional
        When the waves are, for `intercept_slope`; 0, 1, ... by default.

    Returns
    -------
    Structure

    Raises
    ------
    FitError
        There is no such structure.
    """
    if name not in STRUCTURES:
        raise FitError(f'There is no covariance "{name}". There are: {", ".join(STRUCTURES)}.')
    when = np.arange(waves, dtype=float) if times is None else times
    return STRUCTURES["compound_symmetry" if waves == 1 else name](waves, when)
