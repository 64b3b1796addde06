"""Coverage of intervals of the ICC and the cluster autocorrelation; writes results.csv.

Run: python3 analyses/icc_intervals/simulate.py [trials] (unrestricted likelihood and the last wave
alone: the first 500 of them). A trial draws practices of one size, four
waves and two arms without effect; about 30 % of people are lost by the last wave, for good. The
model that is fitted has a mean for each arm and wave, an unstructured covariance of people, and
effects of practice and practice by wave. A trial covers if the profile at the true value is within
the cut-off.
"""

from __future__ import annotations

import csv
import platform
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import scipy
from scipy.special import chdtri, fdtri

import splw_eval
from splw_eval.stats.mixed.cluster_effects import cluster_effects_of
from splw_eval.stats.mixed.covariance_model import CovarianceModel
from splw_eval.stats.mixed.model_fit import fit_model
from splw_eval.stats.mixed.moments import Moments, gather_moments
from splw_eval.stats.mixed.profile import profile_deviance
from splw_eval.stats.mixed.ratios import AUTOCORRELATION, EVERY_WAVE, ratios_of
from splw_eval.stats.mixed.structures import structure_of

SEED, WAVES, LOST = 20261122, 4, 0.3  # share lost by the last wave
CORRELATION = np.array([1.0, 0.7, 0.6, 0.5])  # of one person's outcomes, by waves between
BATCH, FEW, LABELS = 250, 500, ("0", "3", "6", "12")
AT_LAST = "ICC at wave 12"
FULL, ALL = (EVERY_WAVE, AUTOCORRELATION), (EVERY_WAVE, AUTOCORRELATION, AT_LAST)
CELLS = [(15, size, icc, cac) for size in (10, 20, 40) for icc in (0.01, 0.03, 0.05, 0.10)
         for cac in (0.6, 0.8, 1.0)]  # fmt: skip
CELLS += [(practices, 20, 0.05, cac) for practices in (10, 30) for cac in (0.6, 0.8, 1.0)]


def model() -> CovarianceModel:
    """What is fitted."""
    return CovarianceModel(
        structure=structure_of("unstructured", WAVES),
        groups=1,
        clusters=cluster_effects_of("wave", WAVES),
        cluster_groups=(True,),
    )


def drawn(rng: np.random.Generator, cell: tuple[int, int, float, float], count: int) -> Moments:
    """Sums of `count` replicates that share one design and who is lost."""
    practices, size, icc, cac = cell
    people = practices * size
    cluster = np.repeat(np.arange(practices), size)
    last = np.where(rng.random(people) < LOST, rng.integers(1, WAVES, people), WAVES)
    seen = np.arange(WAVES) < last[:, None]
    person, wave = np.nonzero(seen)
    x = np.zeros((people, WAVES, 2 * WAVES))
    for w in range(WAVES):
        x[:, w, w], x[:, w, WAVES + w] = 1.0, cluster % 2
    lags = np.abs(np.subtract.outer(np.arange(WAVES), np.arange(WAVES)))
    root = np.linalg.cholesky((1 - icc) * CORRELATION[lags])
    y = rng.normal(size=(count, people, WAVES)) @ root.T
    effect = np.sqrt(icc * cac) * rng.normal(size=(count, practices, 1))
    effect = effect + np.sqrt(icc * (1 - cac)) * rng.normal(size=(count, practices, WAVES))
    y += effect[:, cluster]
    one = gather_moments(
        x[person, wave],
        y[0][person, wave],
        person=person,
        wave=wave,
        cluster=cluster[person],
        waves=WAVES,
        clusters=practices,
        basis=np.eye(2 * WAVES + 1),
    )
    return _with_outcomes(one, x, y, seen, cluster)


def _with_outcomes(one: Moments, x, y, seen, cluster) -> Moments:  # type: ignore[no-untyped-def]
    count, p = len(y), x.shape[2]
    sums = np.repeat(one.sums, count, axis=0)
    products = np.repeat(one.products, count, axis=0)
    member = (cluster == np.arange(len(one.counts))[:, None]).astype(float)
    for j, pattern in enumerate(one.seen):
        rows = np.flatnonzero((seen == pattern).all(axis=1))
        at = np.flatnonzero(pattern)
        xs, ys = x[rows][:, at], y[:, rows][:, :, at]
        sums[:, :, j, at, p] = member[:, rows] @ ys
        xy = np.einsum("isx,bit->bstx", xs, ys, optimize=True)
        yy = np.swapaxes(ys, 1, 2) @ ys
        for a, s in enumerate(at):
            for b, t in enumerate(at):
                products[:, j, s, t, :p, p] = xy[:, a, b]
                products[:, j, s, t, p, :p] = xy[:, b, a]
                products[:, j, s, t, p, p] = yy[:, a, b]
    return replace(one, sums=sums, products=products)


def trials(rng: np.random.Generator, cell: tuple[int, int, float, float], count: int, more: bool):  # type: ignore[no-untyped-def]  # fmt: skip
    """Rise of the deviance at the truth and estimate, by criterion and ratio."""
    moments = drawn(rng, cell, count)
    found = {}
    for reml in (True, False) if more else (True,):
        fitted = fit_model(moments, model(), reml=reml)
        theta = fitted.fit.theta
        for ratio in ratios_of(fitted.model, LABELS):
            if ratio.name in (ALL if more and reml else FULL):
                truth = cell[3] if ratio.name == AUTOCORRELATION else cell[2]
                rise = profile_deviance(fitted, ratio.numerator, ratio.denominator, truth)
                with np.errstate(invalid="ignore"):
                    at = (theta @ ratio.numerator) / (theta @ ratio.denominator)
                found[reml, ratio.name] = (rise, at)
    return found


def rows_of(cell: tuple[int, int, float, float], parts: list) -> list[dict]:  # type: ignore[type-arg]
    """Coverage of one cell by criterion, ratio and cut-off."""
    practices, size, icc, cac = cell
    cuts = {"chi-squared": chdtri(1, 0.05), "F": fdtri(1, practices - 2, 0.95)}
    rows = []
    for reml in (True, False):
        for name in ALL if reml else FULL:
            some = [part[reml, name] for part in parts if (reml, name) in part]
            rise, at = (np.concatenate(columns) for columns in zip(*some, strict=True))
            truth = cac if name == AUTOCORRELATION else icc
            finite = np.isfinite(rise)
            for cut_name, cut in cuts.items():
                out = finite & (rise > cut)
                covered = 1 - out.sum() / finite.sum()
                error = np.sqrt(covered * (1 - covered) / finite.sum())
                rows.append({
                    "practices": practices, "size": size, "icc": icc, "autocorrelation": cac,
                    "ratio": name, "criterion": "REML" if reml else "ML", "cut_off": cut_name,
                    "trials": int(finite.sum()), "failed": int((~finite).sum()),
                    "coverage": round(float(covered), 5),
                    "monte_carlo_error": round(float(error), 5),
                    "missed_above": round(float((out & (at < truth)).sum() / finite.sum()), 5),
                    "missed_below": round(float((out & (at > truth)).sum() / finite.sum()), 5),
                    "estimated_zero": round(float(((at == 0) | np.isnan(at)).mean()), 5),
                    "mean_estimate": round(float(np.nanmean(at)), 5),
                })  # fmt: skip
    return rows


def main() -> None:
    """Draw, fit and write."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    versions = {
        "seed": SEED, "splw_eval": getattr(splw_eval, "__version__", ""), "numpy": np.__version__,
        "scipy": scipy.__version__, "python": platform.python_version(),
    }  # fmt: skip
    parts: list[list] = [[] for _ in CELLS]  # type: ignore[type-arg]
    for turn in range(count // BATCH):  # every cell in turn: what is written is always whole
        for place, cell in enumerate(CELLS):
            rng = np.random.default_rng([SEED, place, turn])
            parts[place].append(trials(rng, cell, BATCH, turn * BATCH < FEW))
        rows = [row | versions for at, cell in enumerate(CELLS) for row in rows_of(cell, parts[at])]
        path = Path(__file__).parent / "results.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        sys.stderr.write(f"{(turn + 1) * BATCH} trials, {time.process_time():.0f} s\n")


if __name__ == "__main__":
    main()
