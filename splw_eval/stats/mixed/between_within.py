"""Between-within degrees of freedom: counts of clusters, people and rows less what is estimated."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.mixed.moments import Floats, Places

_SAME = 1e-10  # of a column's largest number: numbers nearer than this are one number
_RANK = 1e-9  # singular value of columns of length one, relative to the largest
_CLUSTER, _PERSON, _ROW = 0, 1, 2
_LEVELS = ("between clusters", "between people", "within people")


def between_within_df(
    x: Floats,
    *,
    person: Places,
    wave: Places,
    cluster: Places | None = None,
    wave_effects: bool = False,
    rows: Floats,
) -> Floats:
    """Give each contrast the degrees of freedom of the level at which its columns vary.

    Parameters
    ----------
    x : ndarray, shape (n, p)
        Of full rank.
    person, wave : ndarray of int, shape (n,)
        Codes; a person has one row at a wave.
    cluster : ndarray of int, shape (n,), optional
        Codes of the clusters in which people are nested; None where there are none.
    wave_effects : bool
        Whether clusters have effects of their own at each wave.
    rows : ndarray, shape (l, p)
        Contrasts L; each row is one.

    Returns
    -------
    ndarray, shape (l,)
        A row that touches columns of several levels takes the smallest of their df, as mmrm. Of
        a test of several rows take the smallest.

    Raises
    ------
    FitError
        A contrast touches no column, or a level that it touches has no df left.

    Notes
    -----
    K clusters, N people, n rows, and rank r of x. Every column belongs to one level, and the df
    of all levels add up to n - r.

    With clusters:

    1. Between clusters, df K - r_1: columns that are the same for all rows of a cluster at a
       wave, unless they depend on the wave alone. So: an arm, its interactions with waves, a
       practice's mean and its interactions, a treatment that clusters begin at different waves,
       and the intercept (a mean is no surer than its clusters). r_1 is the rank at one wave, at
       the wave where it is greatest, of the columns that are the same within cluster and wave:
       an arm and its interactions with waves cost two with the intercept, not two a wave.
    2. Between people, df N - K - r_2: other columns that do not depend on the wave alone, so
       anything that differs between people of one cluster, its interactions with waves, and
       covariates that change over time. r_2 is the greatest rank that they add at one wave.
    3. Within people, df n - N - (r - r_1 - r_2): columns that depend on the wave alone. Where
       clusters have effects of their own at each wave these stand at level 1 too: a change in
       one arm is then no surer than its clusters.

    Interactions of a cluster's column with waves stand at level 1, and not at level 3 as a count
    by the letter would have it (lme, SAS): a wave's effects of clusters do not cancel in
    changes over time, and there are only K of them (clusters less two for a two-arm trial).

    Without clusters, as mmrm:

    1. Between people, df N - r_1: columns that are the same for all rows of each person; r_1 is
       their rank, the intercept's column included.
    2. Within people, df n - N - (r - r_1): all others, interactions of an arm with waves among
       them, and the intercept itself. Where nobody has a second row the intercept is at level 1.

    SAS ddfm=bw differs in two ways: with an unstructured covariance it gives every column the df
    between people, and it parts the df within people among effects of classes.

    Sources
    -------
    Schluchter & Elashoff 1990, J Stat Comput Simul 37:69 (the method); Li & Redden 2015, BMC Med
    Res Methodol 15:38 (trials of few clusters); SAS/STAT, PROC GLIMMIX, ddfm=betwithin; mmrm,
    article "Between-Within" (levels, intercept, smallest df of a contrast).
    """
    touched = np.atleast_2d(rows) != 0
    if touched.shape[1] != x.shape[1] or not touched.any(axis=1).all():
        raise FitError("A contrast touches no column, or has not one number for each column.")
    if cluster is None:
        level, df = _in_people(x, person)
    else:
        level, df = _in_clusters(x, person, wave, cluster)
        level = np.where((level == _ROW) & wave_effects, _CLUSTER, level)
    each = df[level]
    if (each[touched.any(axis=0)] <= 0).any():
        short = _LEVELS[int(level[touched.any(axis=0) & (each <= 0)][0])]
        raise FitError(
            f"No degrees of freedom are left {short}: there are as many columns as units, or more.",
            remedy="Ask for other degrees of freedom, or for fewer columns.",
        )
    found: Floats = np.where(touched, each, np.inf).min(axis=1)
    return found


def _in_people(x: Floats, person: Places) -> tuple[Places, Floats]:
    """Level of each column and df of each level, without clusters."""
    n, people = len(x), len(np.unique(person))
    same = _same_within(x, person)
    constant = _same_within(x, np.zeros(n, np.int64))
    between = _rank(x[:, same | constant])
    inside = same & (~constant | (n == people))
    df = np.array([0, people - between, n - people - (_rank(x) - between)], dtype=float)
    return np.where(inside, _PERSON, _ROW), df


def _in_clusters(x: Floats, person: Places, wave: Places, cluster: Places) -> tuple[Places, Floats]:
    """Level of each column and df of each level, with clusters."""
    n, people, clusters = len(x), len(np.unique(person)), len(np.unique(cluster))
    cell = cluster * (int(wave.max()) + 1) + wave
    alike = _same_within(x, cell)
    constant = _same_within(x, np.zeros(n, np.int64))
    of_wave = _same_within(x, wave) & ~constant
    level = np.where(of_wave, _ROW, np.where(alike, _CLUSTER, _PERSON))
    first, added = 0, 0
    for one in np.unique(wave):
        here = x[wave == one]
        of_clusters = _rank(here[:, alike])
        first = max(first, of_clusters)
        added = max(added, _rank(here) - of_clusters)
    left = _rank(x) - first - added
    df = np.array([clusters - first, people - clusters - added, n - people - left], dtype=float)
    return level, df


def _same_within(x: Floats, group: Places) -> NDArray[np.bool_]:
    """Whether each column has one number in each group."""
    order = np.argsort(group, kind="stable")
    begins = np.flatnonzero(np.diff(group[order], prepend=group[order[0]] - 1))
    sorted_x = x[order]
    spread = np.maximum.reduceat(sorted_x, begins) - np.minimum.reduceat(sorted_x, begins)
    found: NDArray[np.bool_] = spread.max(axis=0) <= _SAME * np.abs(x).max(axis=0)
    return found


def _rank(x: Floats) -> int:
    """Rank, with columns of length one."""
    size = np.sqrt((x**2).sum(axis=0))
    kept = x[:, size > 0] / size[size > 0]
    if not kept.size:
        return 0
    values = np.linalg.svd(np.linalg.qr(kept, mode="r"), compute_uv=False)
    return int((values > _RANK * values[0]).sum())
