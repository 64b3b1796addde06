"""The whole covariance of a model: structures of people and effects of clusters, by group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splw_eval.stats.mixed.cluster_effects import ClusterEffects
from splw_eval.stats.mixed.moments import Floats
from splw_eval.stats.mixed.structures import Structure, pairs

_LEAST = 1e-8  # eigenvalue of a matrix that is searched for by its factor, relative to the largest
_TINY = 1e-100


@dataclass(frozen=True, slots=True, kw_only=True)
class CovarianceModel:
    """Parameters of people and clusters in one row, and the matrices that they make.

    Attributes
    ----------
    structure : Structure
    groups : int
        Groups of people whose covariance has parameters of its own.
    clusters : ClusterEffects
    cluster_groups : tuple of bool
        Groups of clusters, and whether each has effects.
    """

    structure: Structure
    groups: int
    clusters: ClusterEffects
    cluster_groups: tuple[bool, ...]

    @property
    def of_people(self) -> int:
        """How many parameters are of people; they come first."""
        return self.groups * len(self.structure.parameters)

    @property
    def lowest(self) -> Floats:
        """Lower bounds of the parameters."""
        n = sum(self.cluster_groups)
        return np.concatenate(
            [np.tile(self.structure.lowest, self.groups), np.tile(self.clusters.lowest, n)]
        )

    @property
    def highest(self) -> Floats:
        """Upper bounds: an autocorrelation is at most 1."""
        names = self.clusters.parameters * sum(self.cluster_groups)
        of_clusters = [1.0 if name.startswith("autocorrelation") else np.inf for name in names]
        return np.array([np.inf] * self.of_people + of_clusters)

    @property
    def factored(self) -> tuple[tuple[int, int], ...]:
        """First parameter and size of each matrix that must stay positive semidefinite."""
        each = len(self.structure.parameters)
        found = []
        if self.structure.name == "intercept_slope":
            found += [(group * each + 1, 2) for group in range(self.groups)]
        if self.clusters.size:
            step = len(self.clusters.parameters)
            n = sum(self.cluster_groups)
            found += [(self.of_people + i * step, self.clusters.size) for i in range(n)]
        return tuple(found)

    def names(self, groups: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Names of the parameters, with that of their group where there are several."""
        people = [
            f"{name} ({groups[group]})" if self.groups > 1 else name
            for group in range(self.groups)
            for name in self.structure.parameters
        ]
        places = [place for place, has in enumerate(self.cluster_groups) if has]
        clusters = [
            f"{name} ({groups[place]})" if len(places) > 1 else name
            for place in places
            for name in self.clusters.parameters
        ]
        return (*people, *clusters)

    def matrices(self, theta: Floats) -> tuple[Floats, Floats]:
        """Sigma (B, groups, T, T) and G (B, cluster groups, q, q)."""
        sigma, g, _, _ = self.with_slopes(theta)
        return sigma, g

    def with_slopes(self, theta: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Sigma and G, and their derivatives as `differentiate` takes them."""
        people = np.split(theta[:, : self.of_people], self.groups, axis=1)
        sigma, e = _by_group([self.structure.covariance(part) for part in people])
        n, q = sum(self.cluster_groups), self.clusters.effects.shape[1]
        made = (
            [
                self.clusters.covariance(part)
                for part in np.split(theta[:, self.of_people :], n, axis=1)
            ]
            if n
            else []
        )
        g = np.zeros((len(theta), len(self.cluster_groups), q, q))
        f = np.zeros((1, 0, len(self.cluster_groups), q, q))
        if made:
            some, slopes = _by_group(made)
            g[:, list(self.cluster_groups)] = some
            f = np.zeros((*slopes.shape[:2], len(self.cluster_groups), q, q))
            f[:, :, list(self.cluster_groups)] = slopes
        return sigma, g, e, f

    def begin(self, rough: Floats) -> Floats:
        """Where the search begins, from rough covariances (B, T, T)."""
        n = sum(self.cluster_groups)
        rows = []
        for v in rough:
            people = np.tile(self.structure.begin(v), self.groups)
            scale = np.where(
                ["autocorrelation" in name for name in self.clusters.parameters],
                1.0,
                np.diag(v).mean(),
            )
            rows.append(np.concatenate([people, np.tile(self.clusters.begin * scale, n)]))
        return np.array(rows)


def _by_group(made: list[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """Stack matrices by group; a parameter's derivative is zero in the other groups."""
    matrices = np.stack([matrix for matrix, _ in made], axis=1)
    slopes = np.broadcast_arrays(*[slope for _, slope in made])
    lead, each = slopes[0].shape[:2]
    whole = np.zeros((lead, len(made) * each, len(made), *slopes[0].shape[2:]))
    for group, slope in enumerate(slopes):
        whole[:, group * each : (group + 1) * each, group] = slope
    return matrices, whole


def to_factors(theta: Floats, factored: tuple[tuple[int, int], ...]) -> Floats:
    """Replace each matrix's elements by those of its Cholesky factor.

    A matrix that is not positive definite is first lifted until it is.
    """
    phi = theta.copy()
    for first, size in factored:
        at = first + np.arange(size * (size + 1) // 2)
        rows, columns = np.array(pairs(size)).T
        v = np.zeros((len(theta), size, size))
        v[:, rows, columns] = v[:, columns, rows] = theta[:, at]
        phi[:, at] = np.linalg.cholesky(_lifted(v))[:, rows, columns]
    return phi


def _lifted(v: Floats) -> Floats:
    values = np.linalg.eigvalsh(v)
    short = np.maximum(_LEAST * np.maximum(np.abs(values).max(axis=1), _TINY) - values[:, 0], 0.0)
    lifted: Floats = v + short[:, None, None] * np.eye(v.shape[-1])
    return lifted


def from_factors(
    phi: Floats, factored: tuple[tuple[int, int], ...]
) -> tuple[Floats, Floats | None]:
    """Parameters, and their derivatives (B, R, R) with respect to `phi`; None where the same."""
    if not factored:
        return phi, None
    theta, turn = phi.copy(), np.tile(np.eye(phi.shape[1]), (len(phi), 1, 1))
    for first, size in factored:
        at = first + np.arange(size * (size + 1) // 2)
        rows, columns = np.array(pairs(size)).T
        root = np.zeros((len(phi), size, size))
        root[:, rows, columns] = phi[:, at]
        theta[:, at] = (root @ np.swapaxes(root, 1, 2))[:, rows, columns]
        for place, (row, column) in enumerate(pairs(size)):
            step = np.zeros((len(phi), size, size))
            step[:, row] = root[:, :, column]
            moved = step + np.swapaxes(step, 1, 2)
            turn[:, at, at[place]] = moved[:, rows, columns]
    return theta, turn


def factor_curvature(score: Floats, factored: tuple[tuple[int, int], ...]) -> Floats:
    """What the bend of V = L L' adds to the information of L, shape (B, R, R).

    Parameters
    ----------
    score : ndarray, shape (B, R)
        With respect to the elements of V.
    factored : tuple of (int, int)

    Returns
    -------
    ndarray
        Minus twice the score's matrix for each column of L, its positive part only. Where V
        is singular at the optimum, this alone bends the criterion across the boundary.
    """
    added = np.zeros((len(score), score.shape[1], score.shape[1]))
    for first, size in factored:
        at = first + np.arange(size * (size + 1) // 2)
        rows, columns = np.array(pairs(size)).T
        s = np.zeros((len(score), size, size))
        s[:, rows, columns] = s[:, columns, rows] = score[:, at] / np.where(rows == columns, 1, 2)
        values, vectors = np.linalg.eigh(-2 * s)
        bend = (vectors * np.maximum(values, 0.0)[:, None]) @ np.swapaxes(vectors, 1, 2)
        for column in range(size):
            inside = columns == column
            place = at[inside]
            added[:, place[:, None], place] += bend[:, rows[inside][:, None], rows[inside]]
    return added
