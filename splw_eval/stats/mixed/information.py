"""Variance of the covariance parameters, with those on a bound kept or left out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.mixed.derivatives import Derivatives
from splw_eval.stats.mixed.moments import Floats

INFORMATION = ("expected", "observed")
BOUNDARY = ("keep", "conditional")
_INVERTIBLE = 1e-13  # reciprocal condition of the information with diagonal one


def parameter_variance(
    slopes: Derivatives, bound: NDArray[np.bool_], *, information: str, boundary: str
) -> tuple[Floats, NDArray[np.bool_]]:
    """Inverse of the information of the covariance parameters (W of Kenward and Roger).

    Parameters
    ----------
    slopes : Derivatives
    bound : ndarray of bool, shape (B, R)
        Variances estimated as zero.
    information : str
        ``expected``, as pbkrtest; ``observed``, as SAS and mmrm.
    boundary : str
        ``keep``: they stay, as in pbkrtest; ``conditional``: they leave, and the rest is taken
        as if they were known to be zero.

    Returns
    -------
    w : ndarray, shape (B, R, R)
        Zero in rows and columns of parameters that leave, and of those that the covariance
        does not depend on (a correlation of effects whose variance is zero).
    usable : ndarray of bool, shape (B,)
        Whether the information could be inverted and is positive.

    Raises
    ------
    FitError
        There is no such information or rule.
    """
    for word, known in ((information, INFORMATION), (boundary, BOUNDARY)):
        if word not in known:
            raise FitError(f'There is no "{word}" here. There are: {", ".join(known)}.')
    whole = slopes.expected if information == "expected" else slopes.observed
    out = (slopes.expected == 0).all(axis=2) & (slopes.p == 0).all(axis=(2, 3))
    out |= bound if boundary == "conditional" else np.zeros_like(bound)
    either = out[:, :, None] | out[:, None, :]
    kept = np.where(either, 0.0, whole)
    diagonal = np.einsum("brr->br", kept)
    positive = (diagonal > 0) | out
    size = np.where(diagonal > 0, np.sqrt(np.where(diagonal > 0, diagonal, 1.0)), 1.0)
    scaled = kept / (size[:, :, None] * size[:, None, :])
    scaled = scaled + (out | ~positive)[:, :, None] * np.eye(out.shape[1])
    finite = np.isfinite(scaled).all(axis=(1, 2))
    scaled = np.where(finite[:, None, None], scaled, np.eye(out.shape[1]))
    values = np.linalg.eigvalsh(scaled)
    usable = finite & positive.all(axis=1) & (values[:, 0] > _INVERTIBLE * values[:, -1])
    scaled = np.where(usable[:, None, None], scaled, np.eye(out.shape[1]))
    w = np.linalg.inv(scaled) / (size[:, :, None] * size[:, None, :])
    return np.where(either, 0.0, w), usable
