"""Whether the design can tell the parameters of the model apart, before anything is fitted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.models.checks import finding
from splw_eval.models.design import Design, Labelled
from splw_eval.models.variables import Floats, level_label

_BLOCK = 8_192  # rows
_SURE = 1e-10  # smallest eigenvalue of X'X, columns centred and of length one: above it all is well
_SAME = 1e-5  # of a column's length about its mean: what the columns before leave of it


def check_design(
    design: Design, *, covariance: str, clusters: Labelled | None = None
) -> list[Finding]:
    """Look for what the data cannot tell apart.

    Parameters
    ----------
    design : Design
    covariance : str
    clusters : Labelled, optional
        Those that have effects.

    Returns
    -------
    list of Finding
    """
    found = list(_rank(design))
    if covariance == "unstructured":
        found += _pairs(design)
    if clusters is not None:
        found += _clusters(design, clusters)
    return found


def check_arms(design: Design, named: tuple[Any, ...] | None) -> list[Finding]:
    """Compare the arms whose clusters have effects with those of the data.

    Parameters
    ----------
    design : Design
    named : tuple or None

    Returns
    -------
    list of Finding
    """
    if named is None or design.arm is None:
        return []
    levels = ", ".join(level_label(level) for level in design.arm.levels)
    if named and all(level in design.arm.levels for level in named):
        return []
    return [
        finding(
            "SM12",
            "cluster_effect_in names an arm that the data do not hold, or none",
            f"There are: {levels}.",
            column=design.roles.arm or "",
        )
    ]


def dependent_columns(x: Floats) -> list[int]:
    """Columns that the columns before them add up to.

    Parameters
    ----------
    x : ndarray, shape (rows, p)

    Returns
    -------
    list of int
    """
    constant = (x[:_BLOCK] == x[:1]).all(axis=0)
    constant[constant] = [(x[:, place] == x[0, place]).all() for place in np.flatnonzero(constant)]
    middle = x.mean(axis=0) * ~constant if constant.any() else np.zeros(x.shape[1])
    if _surely_apart(x, middle):
        return []
    about = x - middle
    size = np.sqrt((about**2).sum(axis=0))
    unit = about / np.where(size > 0, size, 1.0)
    basis: list[Floats] = []
    found = []
    for place, column in enumerate(unit.T):
        left = column.copy()
        for _ in range(2):  # twice is enough against rounding (Kahan, Parlett)
            for other in basis:
                left -= (other @ left) * other
        length = float(np.sqrt(left @ left))
        if length < _SAME:
            found.append(place)
        else:
            basis.append(left / length)
    return found


def _surely_apart(x: Floats, middle: Floats) -> bool:
    """Whether no column is near to a sum of others, by products of blocks that fit a cache."""
    if not x.size:
        return bool(x.shape[1] == 0)
    products = np.zeros((x.shape[1], x.shape[1]))
    for start in range(0, len(x), _BLOCK):
        about = x[start : start + _BLOCK] - middle
        products += about.T @ about
    size = np.sqrt(np.diag(products))
    scale = np.where(size > 0, size, 1.0)
    return bool(np.linalg.eigvalsh(products / np.outer(scale, scale))[0] > _SURE)


def _rank(design: Design) -> Iterator[Finding]:
    x = design.x
    if x.shape[0] <= x.shape[1]:
        problem = f"so few rows cannot carry {x.shape[1]} coefficients"
        yield finding("SM11", problem, "Leave terms out of the fixed part.")
        return
    places = dependent_columns(x)
    if not places:
        return
    empty = [place for place in places if not x[:, place].any()]
    sums = [place for place in places if place not in empty]
    if empty:
        yield finding(
            "SM09",
            f"no row has {_listed(design, empty)}",
            "Leave that level or that product out of the fixed part, or join levels.",
        )
    if sums:
        yield finding(
            "SM09",
            f"{_listed(design, sums)} follows from the columns before it",
            "Leave it out of the fixed part, or take the difference of the two: the data cannot "
            "tell them apart.",
        )


def _listed(design: Design, places: list[int]) -> str:
    return ", ".join(f'"{design.names[place]}"' for place in places)


def _pairs(design: Design) -> Iterator[Finding]:
    if design.wave is None:
        return
    seen = np.zeros((design.person.count, design.waves))
    seen[design.person.codes, design.wave.codes] = 1.0
    together = seen.T @ seen
    for first, second in zip(*np.nonzero(np.triu(together == 0, 1)), strict=True):
        labels = [level_label(design.wave.levels[place]) for place in (first, second)]
        yield finding(
            "SM08",
            f'nobody has an outcome at both "{labels[0]}" and "{labels[1]}"',
            'Their covariance cannot be estimated: choose covariance="ar1_het" or another with '
            "fewer parameters, or leave one of the two waves out.",
            column=design.roles.wave or "",
        )


def people_of_clusters(design: Design, cluster: Labelled) -> np.ndarray:
    """How many people each cluster has."""
    first = design.person.first_rows()
    codes = cluster.codes[first]
    return np.bincount(codes[codes >= 0], minlength=cluster.count)


def _clusters(design: Design, cluster: Labelled) -> Iterator[Finding]:
    column = design.roles.cluster or ""
    some = bool((cluster.codes < 0).any())
    which = " of the arms whose practices have effects" if some else ""
    also = " and cluster_effect_in=" if some else ""
    if cluster.count == 1:
        yield finding(
            "SM06",
            f"all rows{which} are of one practice, so how far practices differ cannot be seen",
            f"Leave cluster={also} out, and say that the result is of this practice alone.",
            column=column,
        )
    elif people_of_clusters(design, cluster).max() == 1:
        yield finding(
            "SM07",
            f"every practice{which} has one person only, so practices cannot be told from people",
            f"Leave cluster={also} out: people are then the units.",
            column=column,
        )
