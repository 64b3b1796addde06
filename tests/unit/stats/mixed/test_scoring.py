"""The short way of the search against the whole derivatives."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.stats.mixed.criterion import evaluate_criterion
from splw_eval.stats.mixed.derivatives import differentiate
from splw_eval.stats.mixed.scoring import score_and_information
from splw_eval.stats.mixed.structures import elements
from tests.unit.stats.mixed.dense import made_rows

# Sums in another order on both sides: rounding only.
CLOSE = 1e-9
EFFECTS = [np.ones((3, 1)), np.eye(3), np.column_stack([np.ones(3), np.arange(3)])]


@pytest.mark.parametrize("reml", [True, False], ids=["REML", "ML"])
@pytest.mark.parametrize("seed", range(6))
def test_score_and_information_are_those_of_the_whole_derivatives(seed, reml):
    rng = np.random.default_rng(seed)
    effects = EFFECTS[seed % 3]
    q = effects.shape[1]
    rows = made_rows(seed, clusters=4 + seed).moments(basis=np.eye(4))
    a, b = rng.normal(size=(2, 1, 3, 3)), rng.normal(size=(2, 1, q, q))
    sigma, g = a @ a.swapaxes(2, 3) + np.eye(3), 0.3 * b @ b.swapaxes(2, 3)
    e, f = elements(3)[None, :, None], elements(q)[None, :, None]
    at = evaluate_criterion(rows, effects, sigma, g, reml=reml)
    short = score_and_information(rows, effects, at, e, f, reml=reml)
    whole = differentiate(rows, effects, at, e, f, reml=reml)
    np.testing.assert_allclose(short.score, whole.score, rtol=CLOSE, atol=CLOSE)
    np.testing.assert_allclose(short.expected, whole.expected, rtol=CLOSE, atol=CLOSE)
    np.testing.assert_allclose(short.observed, whole.observed, rtol=CLOSE, atol=CLOSE)


def test_groups_of_people_and_of_clusters_keep_parameters_of_their_own():
    rows = made_rows(3, clusters=6)
    arm = rows.cluster % 2
    moments = rows.moments(basis=np.eye(4), group=arm, cluster_group=np.arange(6) % 2)
    sigma = np.stack([np.eye(3) + 0.5, 2 * np.eye(3) + 0.2])[None]
    g = np.stack([np.zeros((3, 3)), 0.4 * np.eye(3)])[None]
    e, f = np.zeros((1, 12, 2, 3, 3)), np.zeros((1, 6, 2, 3, 3))
    e[0, :6, 0], e[0, 6:, 1], f[0, :, 1] = elements(3), elements(3), elements(3)
    at = evaluate_criterion(moments, np.eye(3), sigma, g, reml=True)
    short = score_and_information(moments, np.eye(3), at, e, f, reml=True)
    whole = differentiate(moments, np.eye(3), at, e, f, reml=True)
    np.testing.assert_allclose(short.score, whole.score, rtol=CLOSE, atol=CLOSE)
    np.testing.assert_allclose(short.expected, whole.expected, rtol=CLOSE, atol=CLOSE)
    np.testing.assert_allclose(short.observed, whole.observed, rtol=CLOSE, atol=CLOSE)
