"""Size of the tests of estimating equations with few practices: two arms, no effect.

Run: python analyses/size_of_gee_tests/simulate.py TRIALS > size.txt
Responders are beta-binomial within practices (30 % on average); the fixed part is the arm and a
covariate of no effect; people of a practice number 20, or are spread with a CV of 0.65.
"""

from __future__ import annotations

import sys
from itertools import product

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.stats.gee_corrections import (
    CORRECTIONS,
    GeePieces,
    correct_sandwich,
    exchangeable_pieces,
)
from splw_eval.stats.tails import t_p_value

RISK, MEAN_SIZE, LEVEL = 0.3, 20, 0.05
STEPS, LEAST_STEPS, SETTLED, LEAST_SPREAD = 100, 3, 1e-12, 0.1
ROW = np.array([0.0, 1.0, 0.0])


def solve(x: np.ndarray, y: np.ndarray, cluster: np.ndarray) -> tuple[np.ndarray, GeePieces]:
    """Estimates of the exchangeable equations; independence where no correlation can hold."""
    sizes = np.bincount(cluster)
    pairs = float((sizes * (sizes - 1) / 2).sum())
    estimate, correlation, held = np.zeros(x.shape[1]), 0.0, False
    for step in range(STEPS):
        mean = 1 / (1 + np.exp(-x @ estimate))
        variance = mean * (1 - mean)
        pieces = exchangeable_pieces(
            x * variance[:, None], y - mean, variance, cluster, correlation
        )
        score = pieces.scores.sum(axis=0)
        move = np.linalg.solve(pieces.information.sum(axis=0), score)
        estimate = estimate + move
        if step > LEAST_STEPS and score @ move < SETTLED:
            return estimate, pieces
        residual = (y - mean) / np.sqrt(variance)
        total = np.bincount(cluster, residual)
        square = residual @ residual
        correlation = (total @ total - square) / 2 / pairs / (square / len(y))
        held = held or 1 + (sizes.max() - 1) * correlation < LEAST_SPREAD
        correlation = 0.0 if held else correlation
    raise FitError("The equations did not settle.")


def draw(rng: np.random.Generator, practices: int, cv: float, icc: float) -> tuple:
    """One trial without an effect."""
    sizes = np.full(practices, MEAN_SIZE)
    if cv:
        drawn = MEAN_SIZE * rng.gamma(1 / cv**2, cv**2, practices)
        sizes = np.maximum(2, np.round(drawn)).astype(int)
    cluster = np.repeat(np.arange(practices), sizes)
    more = (1 - icc) / icc
    chance = rng.beta(RISK * more, (1 - RISK) * more, practices)
    y = (rng.random(len(cluster)) < chance[cluster]).astype(float)
    x = np.column_stack([np.ones(len(y)), cluster % 2, rng.normal(size=len(y))])
    return x, y, cluster


def cell(practices: int, cv: float, icc: float, trials: int) -> str:
    """Percentages of trials that find an effect, by correction and df rule."""
    rng = np.random.default_rng([practices, round(100 * cv), round(100 * icc)])
    found: dict[tuple[str, str], int] = {}
    unsettled = 0
    for _ in range(trials):
        try:
            estimate, pieces = solve(*draw(rng, practices, cv, icc))
        except (FitError, np.linalg.LinAlgError):
            unsettled += 1
            continue
        for kind in CORRECTIONS:
            fit = correct_sandwich(pieces, kind)
            statistic = float(estimate[1] / np.sqrt(fit.vcov[1, 1]))
            rules = {
                "K-2": practices - 2.0,
                "satterthwaite": fit.satterthwaite_df(ROW),
                "z": np.inf,
            }
            for rule, df in rules.items():
                hit = t_p_value(statistic, df) < LEVEL
                found[kind, rule] = found.get((kind, rule), 0) + hit
    done = trials - unsettled
    shares = "  ".join(f"{kind}/{rule} {100 * n / done:.1f}" for (kind, rule), n in found.items())
    return f"practices {practices} cv {cv} icc {icc} unsettled {unsettled}: {shares}"


if __name__ == "__main__":
    for practices, cv, icc in product((15, 30), (0.0, 0.65), (0.01, 0.05, 0.10)):
        line = cell(practices, cv, icc, int(sys.argv[1]))
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
