"""Size and power of tests of the arms when few practices are compared: drawn, fitted, counted."""

from __future__ import annotations

import argparse
import json
import platform
import time
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import scipy
from counts import AT_ZERO, KEYS, METHODS, RESULTS, RUN, line, read, write
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from splw_eval.stats.mixed.cluster_effects import cluster_effects_of
from splw_eval.stats.mixed.covariance_model import CovarianceModel
from splw_eval.stats.mixed.criterion import evaluate_criterion
from splw_eval.stats.mixed.model_fit import Inference, fit_model, infer
from splw_eval.stats.mixed.moments import Moments
from splw_eval.stats.mixed.replicates import Layout, lay_out, replicated_moments
from splw_eval.stats.mixed.robust_replicates import fit_robust_replicates
from splw_eval.stats.mixed.structures import structure_of

Floats = NDArray[np.floating[Any]]

SEED = 20_260_711
DESIGNS, REPLICATES = 20, 500
BATCH = 50  # replicates fitted together; the draws do not depend on it
WAVES = 4
PRACTICES, TREATED = 15, 7
DF = PRACTICES - 2

ICC = (0.01, 0.03, 0.10)
AUTOCORRELATION = (0.6, 1.0)
SIZES = ("10", "20", "40", "10 uneven", "20 uneven", "40 uneven", "31 v 70")
DROPOUT = ("same", "by arm")
SPREAD = 0.65  # coefficient of variation of uneven practices
FEWEST = 2  # people in a practice
# Share still seen at each wave: people of comparison practices, people of treated ones.
STAYING = {
    "same": ((1.0, 0.90, 0.80, 0.70), (1.0, 0.90, 0.80, 0.70)),
    "by arm": ((1.0, 0.925, 0.84, 0.75), (1.0, 0.875, 0.76, 0.65)),
}
SD = np.array([0.95, 1.0, 1.02, 1.03])
CORRELATION = np.array(
    [[1.0, 0.65, 0.55, 0.5], [0.65, 1.0, 0.6, 0.55], [0.55, 0.6, 1.0, 0.7], [0.5, 0.55, 0.7, 1.0]]
)
# Columns of x: 1, three waves, arm, arm at three waves.
CONTRASTS = {
    "last": np.array([0, 0, 0, 0, 1, 0, 0, 1.0]),
    "change": np.array([0, 0, 0, 0, 0, 0, 0, 1.0]),
    "mean": np.array([0, 0, 0, 0, 1, 1 / 3, 1 / 3, 1 / 3]),
}
# What the same contrasts are of a practice's waves.
OF_WAVES = {
    "last": np.array([0, 0, 0, 1.0]),
    "change": np.array([-1.0, 0, 0, 1]),
    "mean": np.array([0, 1, 1, 1.0]) / 3,
}


@dataclass(frozen=True)
class Cell:
    """One combination of the factors."""

    icc: float
    autocorrelation: float
    size: str
    dropout: str

    def rng(self, design: int) -> list[np.random.Generator]:
        """Three streams of this cell and design alone, whoever runs it and when."""
        place = (
            ICC.index(self.icc),
            AUTOCORRELATION.index(self.autocorrelation),
            SIZES.index(self.size),
            DROPOUT.index(self.dropout),
            design,
        )
        seeds = np.random.SeedSequence(SEED, spawn_key=place).spawn(3)
        return [np.random.default_rng(seed) for seed in seeds]

    @property
    def truth(self) -> tuple[Floats, Floats]:
        """Covariance of people and of practices; variances add up to 1 over the waves' mean."""
        people = np.outer(SD, SD) * CORRELATION / np.mean(SD**2)
        shared = self.autocorrelation + (1 - self.autocorrelation) * np.eye(WAVES)
        return (1 - self.icc) * people, self.icc * shared


CELLS = tuple(
    Cell(icc, autocorrelation, size, dropout)
    for dropout, icc, autocorrelation, size in product(DROPOUT, ICC, AUTOCORRELATION, SIZES)
)


def model(effect: str) -> CovarianceModel:
    """Unstructured people, and practices with or without effects of their waves."""
    return CovarianceModel(
        structure=structure_of("unstructured", WAVES),
        groups=1,
        clusters=cluster_effects_of(effect, WAVES),
        cluster_groups=(True,),
    )


WHOLE, INTERCEPT = model("wave"), model("intercept")


# One design.


@dataclass(frozen=True)
class Design:
    """Who is in which practice and seen when."""

    layout: Layout
    practice: NDArray[np.int64]
    person: NDArray[np.int64]
    wave: NDArray[np.int64]

    @property
    def lost(self) -> float:
        """Share of people not seen at the last wave."""
        return 1 - float((self.wave == WAVES - 1).sum()) / len(self.practice)


def draw_design(cell: Cell, rng: np.random.Generator) -> Design:
    """Draw sizes of practices and who is lost when."""
    treated = np.arange(PRACTICES) < TREATED
    if cell.size == "31 v 70":
        sizes = np.where(treated, 31, 70)
    else:
        mean = float(cell.size.split()[0])
        shape = 1 / SPREAD**2
        drawn = rng.gamma(shape, mean / shape, size=PRACTICES)
        uneven = np.maximum(np.rint(drawn).astype(np.int64), FEWEST)
        sizes = uneven if cell.size.endswith("uneven") else np.full(PRACTICES, int(mean))
    practice = np.repeat(np.arange(PRACTICES), sizes)
    arm = treated[practice].astype(float)
    staying = np.array(STAYING[cell.dropout])[arm.astype(int)]
    seen = rng.random(len(practice))[:, None] < staying
    person, wave = np.nonzero(seen)
    later = [(wave == t).astype(float) for t in range(1, WAVES)]
    own = arm[person]
    x = np.column_stack([np.ones(len(wave)), *later, own, *(own * t for t in later)])
    layout = lay_out(
        x,
        person=person,
        wave=wave,
        cluster=practice[person],
        waves=WAVES,
        clusters=PRACTICES,
    )
    return Design(layout=layout, practice=practice, person=person, wave=wave)


def effects_to_find(cell: Cell, design: Design) -> dict[str, float]:
    """Of each contrast, the effect that a t test on K - 2 df with the true V finds in 80 %."""
    sigma, g = cell.truth
    moments = design.layout.moments
    at = evaluate_criterion(moments, np.eye(WAVES), sigma[None, None], g[None, None], reml=True)
    turn = moments.basis[:-1, :-1]
    phi = turn @ at.phi[0] @ turn.T
    times = float(stdtrit(DF, 0.975) + stdtrit(DF, 0.8))
    return {name: times * float(np.sqrt(row @ phi @ row)) for name, row in CONTRASTS.items()}


def draw_outcomes(
    cell: Cell, design: Design, count: int, people: np.random.Generator, by: np.random.Generator
) -> Floats:
    """Outcomes (rows, count) without any effect."""
    sigma, _ = cell.truth
    n = len(design.practice)
    y = people.standard_normal((count, n, WAVES)) @ np.linalg.cholesky(sigma).T
    shared = by.standard_normal((count, PRACTICES, WAVES + 1))
    of_practice = np.sqrt(cell.icc * cell.autocorrelation) * shared[..., :1]
    of_wave = np.sqrt(cell.icc * (1 - cell.autocorrelation)) * shared[..., 1:]
    y += (of_practice + of_wave)[:, design.practice]
    return np.ascontiguousarray(y[:, design.person, design.wave].T)


# Tests of one batch: estimate, standard error and df of each method.

Test = tuple[Floats, Floats, Floats]


def of_practice_means(moments: Moments, contrast: str) -> tuple[Test, NDArray[np.bool_]]:
    """Two-sample t of practices' means; of a change, of people seen at both its waves."""
    weights = OF_WAVES[contrast]
    sums = (moments.sums @ np.linalg.inv(moments.basis)[:, -1]) * moments.seen
    counts = moments.counts[:, :, None] * moments.seen
    if contrast == "change":
        both = moments.seen[:, weights != 0].all(axis=1)
        sums, counts = sums[:, :, both], counts[:, both]
    n, total = counts.sum(axis=1), sums.sum(axis=2)
    means = np.where(n > 0, total / np.maximum(n, 1), 0.0) @ weights
    there = (n[:, weights != 0] > 0).all(axis=1)
    arms = [there & (np.arange(PRACTICES) < TREATED), there & (np.arange(PRACTICES) >= TREATED)]
    parts = [means[:, arm] for arm in arms]
    sizes = [part.shape[1] for part in parts]
    df = sum(sizes) - 2
    squares = sum(((part - part.mean(axis=1, keepdims=True)) ** 2).sum(axis=1) for part in parts)
    error = np.sqrt(squares / df * (1 / sizes[0] + 1 / sizes[1]))
    estimate = parts[0].mean(axis=1) - parts[1].mean(axis=1)
    found = np.full(len(estimate), float(df))
    return (estimate, error, found), np.isfinite(error) & (error > 0)


def of_model(inference: Inference, row: Floats) -> tuple[Test, Test, NDArray[np.bool_]]:
    """Kenward-Roger and Satterthwaite, and where they can be had."""
    kr, satt = inference.kenward_roger(row[None]), inference.satterthwaite(row[None])
    variance = kr.covariance[:, 0, 0]
    usable = inference.fitted.fit.converged & inference.usable & (variance > 0) & (kr.df > 0)
    error = np.sqrt(np.where(variance > 0, variance, np.nan))
    plain = np.sqrt(satt.covariance[:, 0, 0])
    return (
        (kr.estimate[:, 0], error, kr.df),
        (satt.estimate[:, 0], plain, satt.df),
        usable,
    )


def rejects(test: Test, effect: float = 0.0) -> NDArray[np.bool_]:
    """Whether each trial rejects at 5 %, with an effect added to its estimate."""
    estimate, error, df = test
    critical = np.where(np.isinf(df), ndtri(0.975), stdtrit(np.where(np.isinf(df), 1.0, df), 0.975))
    return np.asarray(np.abs(estimate + effect) > critical * error)


def test_batch(moments: Moments, effects: dict[str, float]) -> dict[str, dict[str, float]]:
    """Count, of each contrast, what every method does with these replicates."""
    whole, alone = fit_model(moments, WHOLE), fit_model(moments, INTERCEPT)
    robust = fit_robust_replicates(whole)
    keep, less = infer(whole, boundary="keep"), infer(whole, boundary="conditional")
    simple = infer(alone, boundary="keep")
    zero = whole.fit.bound[:, WHOLE.of_people :]
    counted = {}
    for name, row in CONTRASTS.items():
        kr, satt, usable = of_model(keep, row)
        kr_less, satt_less, usable_less = of_model(less, row)
        without, _, usable_without = of_model(simple, row)
        means, usable_means = of_practice_means(moments, name)
        estimate, error = kr[0], satt[1]
        whichever = np.full(len(estimate), float(DF))
        sandwich = np.sqrt(np.einsum("p,bpq,q->b", row, robust.vcov, row))
        tests = {
            "kr_keep": kr,
            "kr_conditional": kr_less,
            "satterthwaite_keep": satt,
            "satterthwaite_conditional": satt_less,
            "between_within": (estimate, error, whichever),
            "practice_means": means,
            "z": (estimate, error, np.full(len(estimate), np.inf)),
            "intercept_kr": without,
            "cr2": (estimate, sandwich, robust.satterthwaite_df(row)),
        }
        good = usable & usable_less
        kept = dict.fromkeys(METHODS, good)
        kept |= {"practice_means": usable_means, "intercept_kr": usable_without}
        either = zero.any(axis=1) & good
        counted[name] = {
            "trials": len(estimate),
            "failures": int((~good).sum()),
            "failures_intercept": int((~usable_without).sum()),
            "failures_means": int((~usable_means).sum()),
            "zero_practice": int((zero[:, 0] & good).sum()),
            "zero_wave": int((zero[:, 1] & good).sum()),
            "zero_any": int(either.sum()),
            "df_keep": float(kr[2][good].sum()),
            "df_conditional": float(kr_less[2][good].sum()),
            **{f"{m}_rejects": int((rejects(tests[m]) & kept[m]).sum()) for m in METHODS},
            **{
                f"{m}_finds": int((rejects(tests[m], effects[name]) & kept[m]).sum())
                for m in METHODS
            },
            **{f"{m}_rejects_at_zero": int((rejects(tests[m]) & either).sum()) for m in AT_ZERO},
        }
    return counted


def run_design(cell: Cell, number: int, replicates: int = REPLICATES) -> list[dict[str, Any]]:
    """Rows of the results of one design of a cell, one for each contrast."""
    of_design, people, by = cell.rng(number)
    design = draw_design(cell, of_design)
    effects = effects_to_find(cell, design)
    total: dict[str, dict[str, float]] = {}
    for start in range(0, replicates, BATCH):
        count = min(BATCH, replicates - start)
        y = draw_outcomes(cell, design, count, people, by)
        for name, found in test_batch(replicated_moments(design.layout, y), effects).items():
            into = total.setdefault(name, dict.fromkeys(found, 0))
            for key, value in found.items():
                into[key] += value
    return [
        _row(cell, number, name, found)
        | {"people": len(design.practice), "lost": round(design.lost, 4)}
        | {"effect": round(effects[name], 4)}
        for name, found in total.items()
    ]


def _row(cell: Cell, number: int, contrast: str, found: dict[str, float]) -> dict[str, Any]:
    tested = max(found["trials"] - found["failures"], 1)
    means = {key: round(found[key] / tested, 2) for key in ("df_keep", "df_conditional")}
    key = (cell.icc, cell.autocorrelation, cell.size, cell.dropout, number, contrast)
    return {**dict(zip(KEYS, map(str, key), strict=True)), **found, **means}


# The run.


def run(designs: int) -> None:
    """Run what is missing, design by design, so that cells of one dropout grow alike."""
    there = {tuple(row[key] for key in KEYS[:5]) for row in read()}
    if not there:
        write([])
    todo = product(DROPOUT, range(designs), CELLS)
    for number, cell in ((n, c) for dropout, n, c in todo if c.dropout == dropout):
        key = (cell.icc, cell.autocorrelation, cell.size, cell.dropout, number)
        if tuple(map(str, key)) in there:
            continue
        begun = time.process_time()
        rows = run_design(cell, number)
        with RESULTS.open("a", encoding="utf-8") as file:
            file.write("".join(map(line, rows)))
        note(time.process_time() - begun, int(rows[0]["trials"]))
    put_in_order()


def note(seconds: float, trials: int) -> None:
    """Add up the time of the run, beside the versions that it rests on."""
    held = json.loads(RUN.read_text(encoding="utf-8")) if RUN.exists() else {}
    held |= {
        "seed": SEED,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "seconds": round(held.get("seconds", 0.0) + seconds, 1),
        "trials": held.get("trials", 0) + trials,
    }
    RUN.write_text(json.dumps(held, indent=2) + "\n", encoding="utf-8")


def put_in_order() -> None:
    """Sort the rows by cell, design and contrast: the same file in whatever order they came."""
    order = {
        (str(c.icc), str(c.autocorrelation), c.size, c.dropout): at for at, c in enumerate(CELLS)
    }
    names = list(CONTRASTS)
    rows = read()
    rows.sort(
        key=lambda row: (
            order[row["icc"], row["autocorrelation"], row["size"], row["dropout"]],
            int(row["design"]),
            names.index(row["contrast"]),
        )
    )
    write(rows)


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--designs", type=int, default=DESIGNS, help="designs of each cell")
    run(parser.parse_args().designs)


if __name__ == "__main__":
    main()
