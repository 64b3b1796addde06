"""Covariances of cluster contributions under the working model, and the degrees of freedom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# A Satterthwaite denominator this small against its numerator is a variance of zero.
_NO_VARIANCE = 1e-24
# An eigenvalue this small against the largest is zero.
_SINGULAR = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Parts of the covariances of cluster contributions under the working model."""

    to_basis: Array
    within: Array  # (clusters, p, p): E E' of the estimating matrices E
    plain: Array  # (clusters, p, p): E T
    weighted: Array  # (clusters, p, p): E W T
    total: Array  # (p, p): T'W W T

    def cross(self, c: Array, d: Array) -> Array:
        """Covariances between clusters of contrasts c and d, shape (clusters, clusters)."""
        c, d = self.to_basis.T @ c, self.to_basis.T @ d
        b, f = c @ self.plain, c @ self.weighted
        b2, f2 = d @ self.plain, d @ self.weighted
        within = np.einsum("i,gij,j->g", c, self.within, d)
        return np.asarray(np.diag(within) - b @ f2.T - f @ b2.T + b @ self.total @ b2.T)

    def df(self, c: Array) -> float:
        """(tr P)^2 / tr(P^2), 0 where P is zero."""
        c_in = self.to_basis.T @ c
        scale = float(np.einsum("i,gij,j->", c_in, self.within, c_in))
        P = self.cross(c, c)
        denominator = float(np.sum(P * P))
        if denominator <= _NO_VARIANCE * scale**2:
            return 0.0
        return float(np.trace(P)) ** 2 / denominator

    def wishart_df(self, C: Array) -> float:
        """Degrees of freedom of the Wishart that matches the total variance; 0 where none."""
        q = len(C)
        P = np.array([[self.cross(c, d) for d in C] for c in C])
        values, vectors = np.linalg.eigh(np.trace(P, axis1=2, axis2=3))
        if values[0] <= _SINGULAR * values[-1]:
            return 0.0
        half = (vectors / np.sqrt(values)) @ vectors.T
        B = np.einsum("as,stgh,tb->abgh", half, P, half)
        spread = np.einsum("stgh,tsgh->", B, B) + np.einsum("ssgh,ttgh->", B, B)
        return float(q * (q + 1) / spread)
