"""Satterthwaite's degrees of freedom of planned trials of visits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval.stats.power.satterthwaite import Side, satterthwaite_df

ROUNDING = 1e-9  # traces of large matrices
RHO, R, A = 0.06, 0.8, 0.5


def parts(visits=3):
    return [np.ones((visits, visits)), np.eye(visits)]


def side(clusters, sizes, patterns, columns, visits=3):
    both, same = parts(visits)
    return Side(
        clusters=np.asarray(clusters, dtype=float),
        sizes=np.asarray(sizes, dtype=float),
        patterns=patterns,
        between=RHO * (R * both + (1 - R) * same),
        within=(1 - RHO) * (A * both + (1 - A) * same),
        parts_between=parts(visits),
        parts_within=parts(visits),
        design=np.hstack([np.eye(visits), columns]),
    )


def placed(blocks):
    """Blocks along the diagonal."""
    ends = np.cumsum([len(one) for one in blocks])
    found = np.zeros((ends[-1], ends[-1]))
    for end, one in zip(ends, blocks, strict=True):
        found[end - len(one) : end, end - len(one) : end] = one
    return found


def by_every_score(sides, weights):
    """REML's expected information from the covariance of every score of the trial."""
    blocks: list[list[Any]] = [[], [], [], []]
    rows: list[Any] = []
    for one in sides:
        for clusters, size in zip(one.clusters, one.sizes, strict=True):
            seen = [list(v) for v, share in one.patterns for _ in range(round(share * size))]
            at = np.concatenate(seen)
            who = np.repeat(np.arange(len(seen)), [len(v) for v in seen])
            own = who[:, None] == who
            both, same = (part[np.ix_(at, at)] for part in parts())
            for _ in range(int(clusters)):
                for block, part in zip(blocks, (both, same, both * own, same * own), strict=True):
                    block.append(part)
                rows.append(one.design[at])
    made, x = [placed(one) for one in blocks], np.vstack(rows)
    sizes = (RHO * R, RHO * (1 - R), (1 - RHO) * A, (1 - RHO) * (1 - A))
    v = np.linalg.inv(sum(s * one for s, one in zip(sizes, made, strict=True)))
    phi = np.linalg.inv(x.T @ v @ x)
    p = v - v @ x @ phi @ x.T @ v
    information = [[np.trace(p @ one @ p @ two) / 2 for two in made] for one in made]
    to = v @ x @ phi @ weights
    slope = np.array([to @ one @ to for one in made])
    return 2 * (weights @ phi @ weights) ** 2 / (slope @ np.linalg.solve(information, slope))


@pytest.mark.parametrize(
    "patterns",
    [
        [([0, 1, 2], 1.0)],
        [([0, 1, 2], 0.6), ([0, 1], 0.2), ([0], 0.2)],
        [([0, 1, 2], 0.4), ([0, 2], 0.4), ([1], 0.2)],
        [([0], 1.0), ([1], 1.0), ([2], 0.6)],
    ],
)
def test_it_is_as_from_every_score(patterns):
    shared = np.eye(3)[:, 1:]
    sides = [
        side([2, 1], [5, 10], patterns, shared),
        side([1, 3], [5, 10], [([0, 1, 2], 0.8), ([0, 1], 0.2)], 0 * shared),
    ]
    weights = np.array([0, 0, 0, 0, 1.0])
    expected = by_every_score(sides, weights)
    assert float(satterthwaite_df(sides, weights)) == pytest.approx(expected, rel=ROUNDING)


def test_one_visit_in_equal_clusters_leaves_clusters_less_two():
    one = np.ones((1, 1))
    sides = [
        Side(
            clusters=np.array([k]),
            sizes=np.array([20.0]),
            patterns=[([0], 1.0)],
            between=0.05 * one,
            within=0.95 * one,
            parts_between=[one],
            parts_within=[one],
            design=np.array([[1.0, arm]]),
        )
        for k, arm in ((6.0, 1.0), (9.0, 0.0))
    ]
    assert float(satterthwaite_df(sides, np.array([0, 1.0]))) == pytest.approx(13, rel=ROUNDING)


def test_a_grid_is_each_of_its_points():
    shared, pattern = np.eye(3)[:, 1:], [([0, 1, 2], 1.0)]
    weights = np.array([0, 0, 0, 0, 1.0])

    def of(k, size):
        return [side(k, size, pattern, shared), side(k, size, pattern, 0 * shared)]

    found = satterthwaite_df(of([[4], [9]], [[10], [20]]), weights)
    alone = [float(satterthwaite_df(of([k], [m]), weights)) for k, m in ((4, 10), (9, 20))]
    assert found == pytest.approx(alone, rel=ROUNDING)
