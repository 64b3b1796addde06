"""Rows of each cluster, made fewer without loss, with their working covariance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.stats.mixed.moments import Floats, Places
from splw_eval.stats.mixed.people import People, people_by_waves

MOST_ROWS = 4_000  # of one cluster, once made fewer: their matrix is worked on whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """What V is made of.

    Attributes
    ----------
    covariance : ndarray, shape (groups, T, T)
        Sigma of people.
    effects : ndarray, shape (effect groups, T, T)
        C G C' of each pair of waves.
    group : ndarray of int, shape (rows,)
    shares : ndarray of int, shape (rows,)
        Which effects of the cluster a row's person takes; people of one cluster share them
        where they take the same. -1: none.
    """

    covariance: Floats
    effects: Floats
    group: Places
    shares: Places


def clusters_of(
    x: Floats,
    residual: Floats,
    working: Working,
    *,
    person: Places,
    wave: Places,
    cluster: Places,
) -> Iterator[tuple[Floats, Floats, Floats]]:
    """Give V_k, X_k and residuals of each cluster, with as few rows as hold all of X_k.

    Parameters
    ----------
    x : ndarray, shape (rows, p)
    residual : ndarray, shape (rows,)
    working : Working
    person, wave, cluster : ndarray of int, shape (rows,)

    Yields
    ------
    tuple of ndarray
        Shapes (m, m), (m, p) and (m,).

    Raises
    ------
    FitError
        A cluster is too large.

    Notes
    -----
    People of one cluster who see the same waves are turned by an orthonormal matrix, so that
    all their columns of x and the effects of the cluster stand with the first few of them. The
    others have X = 0 and are independent of these: no adjustment reaches them.
    """
    waves = working.covariance.shape[-1]
    order = np.argsort(cluster, kind="stable")
    starts = np.flatnonzero(np.diff(cluster[order])) + 1
    for rows in np.split(order, starts):
        kinds = len(working.effects) + 1
        group = working.group[rows] * kinds + working.shares[rows] + 1
        found = people_by_waves(person[rows], wave[rows], waves, group)
        turned = [_turned(people, x[rows], residual[rows]) for people in found]
        size = sum(block.size for _, _, block in turned)
        if size > MOST_ROWS:
            raise FitError(
                f"A cluster has {len(rows):,} rows whose covariates differ; adjusting it for few "
                f"clusters takes a matrix of {size:,} rows.",
                remedy="Use Kenward and Roger's or between-within degrees of freedom here.",
            )
        yield (
            _covariance(found, [ones for ones, _, _ in turned], working),
            np.concatenate([some.reshape(-1, x.shape[1]) for _, some, _ in turned]),
            np.concatenate([block.ravel() for _, _, block in turned]),
        )


def _turned(people: People, x: Floats, residual: Floats) -> tuple[Floats, Floats, Floats]:
    """Ones, x and residuals of the first few, shapes (d,), (d, m, p) and (d, m)."""
    xs, rs = x[people.rows], residual[people.rows]
    n, m, p = xs.shape
    if n == 1:
        return np.ones(1), xs, rs
    columns = np.column_stack([np.ones(n), xs.reshape(n, m * p)])
    size = np.sqrt((columns**2).sum(axis=0))
    columns = columns[:, size > 0] / size[size > 0]
    vectors, values, _ = np.linalg.svd(columns, full_matrices=False)
    kept = values > values[0] * max(columns.shape) * np.finfo(float).eps
    turn = vectors[:, kept].T
    return turn.sum(axis=1), (turn @ xs.reshape(n, m * p)).reshape(-1, m, p), turn @ rs


def _covariance(found: list[People], ones: list[Floats], working: Working) -> Floats:
    """V of the turned rows: Sigma of each, and what the cluster's effects add."""
    both, kinds = list(zip(found, ones, strict=True)), len(working.effects) + 1
    wave = np.concatenate([np.tile(people.waves, len(one)) for people, one in both])
    size = np.concatenate([np.repeat(one, len(people.waves)) for people, one in both])
    takes = np.repeat(
        [people.group % kinds - 1 for people, _ in both],
        [len(one) * len(people.waves) for people, one in both],
    )
    v: Floats = np.zeros((len(wave), len(wave)))
    for place, effect in enumerate(working.effects):
        share = size * (takes == place)
        v += effect[np.ix_(wave, wave)] * np.outer(share, share)
    start = 0
    for people, one in both:
        m = len(people.waves)
        own = working.covariance[people.group // kinds][np.ix_(people.waves, people.waves)]
        for _ in range(len(one)):
            v[start : start + m, start : start + m] += own
            start += m
    return v
