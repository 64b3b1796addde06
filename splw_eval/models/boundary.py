"""What lies on a boundary: variances of zero, correlations of 1, covariances that are singular."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from splw_eval.models.fit_record import FitRecord
from splw_eval.models.variables import Floats, level_label

_SINGULAR = 1e-6  # smallest eigenvalue of a correlation matrix, relative to the largest
_NOTHING = 1e-6  # of the outcome's variance: a variance below it is zero
_BETWEEN_ONES = "autocorrelation"
OF_CLUSTERS = "covariance of clusters"
OF_LINES = "covariance of people's levels and slopes"
OF_PEOPLE = "covariance of people's outcomes"
MATRICES = (OF_CLUSTERS, OF_LINES, OF_PEOPLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SingularMatrix:
    """A covariance that is singular, though no bound holds one of its parameters.

    Attributes
    ----------
    name : str
        One of `MATRICES`, with its arm where there are several.
    parameters : ndarray of int
        Places of its parameters.
    """

    name: str
    parameters: np.ndarray


def groups_of(fitted: FitRecord) -> tuple[str, ...]:
    """Labels of the groups of people and clusters, in the engine's order."""
    spec, arm = fitted.spec, fitted.design.arm
    if spec.by_arm and arm:
        return tuple(level_label(level) for level in arm.levels)
    if spec.cluster_effect_in is not None:
        return (", ".join(level_label(level) for level in spec.cluster_effect_in), "")
    return ()


def singular_matrices(fitted: FitRecord) -> tuple[SingularMatrix, ...]:
    """Covariances of people and of clusters that are singular.

    Parameters
    ----------
    fitted : FitRecord

    Returns
    -------
    tuple of SingularMatrix
        Where the smallest eigenvalue of its correlation matrix is below 1e-6 of the largest,
        or a variance is below 1e-6 of the outcome's. Bounds hold those of clusters that are no
        matrix of any covariance; these are not looked at here.
    """
    return (*_of_people(fitted), *_of_clusters(fitted))


def held(fitted: FitRecord) -> np.ndarray:
    """Whether each parameter is on a bound, or of a matrix that is singular."""
    found = np.array(fitted.fit.fit.bound[0])
    for matrix in singular_matrices(fitted):
        found[matrix.parameters] = True
    return found


def _of_people(fitted: FitRecord) -> Iterator[SingularMatrix]:
    model, theta = fitted.fit.model, fitted.fit.fit.theta
    sigma = model.matrices(theta)[0][0]
    each = len(model.structure.parameters)
    for group, whole in enumerate(sigma):
        size = float(np.diag(whole).mean())
        places = group * each + np.arange(each)
        if _singular(whole, size):
            yield SingularMatrix(name=_named(fitted, OF_PEOPLE, group), parameters=places)
        if model.structure.name == "intercept_slope":
            line = _line(fitted) @ _square(theta[0][places[1:]], 2) @ _line(fitted).T
            if _singular(line, size * fitted.design.waves):
                name = _named(fitted, OF_LINES, group)
                yield SingularMatrix(name=name, parameters=places[1:])


def _of_clusters(fitted: FitRecord) -> Iterator[SingularMatrix]:
    model, theta = fitted.fit.model, fitted.fit.fit.theta
    if not model.clusters.size:
        return
    sigma, g = (found[0] for found in model.matrices(theta))
    size = float(np.einsum("gtt->gt", sigma).mean())
    each = len(model.clusters.parameters)
    with_effects = [group for group, has in enumerate(model.cluster_groups) if has]
    for order, group in enumerate(with_effects):
        if _singular(g[group], size):
            places = model.of_people + order * each + np.arange(each)
            name = _named(fitted, OF_CLUSTERS, group, several=len(with_effects) > 1)
            yield SingularMatrix(name=name, parameters=places)


def _line(fitted: FitRecord) -> Floats:
    """What turns levels and slopes into effects on two directions of length one.

    A level at time 0 and a slope may be all but one number where time 0 is far off.
    """
    times = fitted.design.times()
    when = np.arange(fitted.design.waves, dtype=float) if times is None else times
    found: Floats = np.linalg.qr(np.stack([np.ones(len(when)), when], axis=1))[1]
    return found


def _square(elements: Floats, size: int) -> Floats:
    found = np.zeros((size, size))
    rows, columns = np.tril_indices(size)
    found[rows, columns] = found[columns, rows] = elements
    return found


def _singular(matrix: Floats, size: float) -> bool:
    variances = np.diag(matrix)
    if not np.isfinite(matrix).all() or not size > 0:
        return False
    if (variances <= _NOTHING * size).any():
        return True
    values = np.linalg.eigvalsh(matrix / np.sqrt(np.outer(variances, variances)))
    return bool(values[0] < _SINGULAR * values[-1])


def _named(fitted: FitRecord, name: str, group: int, *, several: bool | None = None) -> str:
    many = fitted.fit.model.groups > 1 if several is None else several
    return f"{name} ({groups_of(fitted)[group]})" if many else name


def limits_in_words(found: Sequence[str]) -> str:
    """Which parameters are at a limit, and at which."""
    matrices = [name for name in found if name.startswith(MATRICES)]
    rest = [name for name in found if name not in matrices]
    ones = [name for name in rest if name.startswith(_BETWEEN_ONES)]
    zero = [name for name in rest if name not in ones]
    parts = [f"estimated as zero: {', '.join(zero)}"] if zero else []
    parts += [f"at its limit: {', '.join(ones)}"] if ones else []
    parts += [
        f"the {name} is singular: a correlation of 1 or -1, or a variance of zero"
        for name in matrices
    ]
    return "; ".join(parts)
