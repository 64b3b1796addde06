"""Whether the design can tell the parameters of the model apart, before anything is fitted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.models.checks import finding
from splw_eval.models.design import Design, Labelled
from splw_eval.models.variables import Floats, level_label

_SURE = 1e-8  # smallest eigenvalue of X'X with columns of length one, above which all is well
_SAME = 1e-8  # of a column's length: what is left of it once the columns before are taken away


def check_design(design: Design, *, covariance: str, cluster_effect: str) -> list[Finding]:
    """Look for what the data cannot tell apart.

    Parameters
    ----------
    design : Design
    covariance, cluster_effect : str

    Returns
    -------
    list of Finding
    """
    found = list(_rank(design))
    if covariance == "unstructured":
        found += _pairs(design)
    if design.cluster is not None and cluster_effect != "none":
        found += _clusters(design, design.cluster)
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
    size = np.sqrt((x**2).sum(axis=0))
    unit = x / np.where(size > 0, size, 1.0)
    if np.linalg.eigvalsh(unit.T @ unit)[0] > _SURE:
        return []
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


def _rank(design: Design) -> Iterator[Finding]:
    x = design.x
    if x.shape[0] <= x.shape[1]:
        problem = f"{x.shape[0]} rows cannot carry {x.shape[1]} coefficients"
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
            "Leave it out of the fixed part: the data cannot tell the two apart.",
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
    if cluster.count == 1:
        yield finding(
            "SM06",
            "all rows are of one practice, so how far practices differ cannot be seen",
            "Leave cluster= out, and say that the result is of this practice alone.",
            column=column,
        )
    elif people_of_clusters(design, cluster).max() == 1:
        yield finding(
            "SM07",
            "every practice has one person only, so practices cannot be told from people",
            "Leave cluster= out: people are then the units.",
            column=column,
        )
