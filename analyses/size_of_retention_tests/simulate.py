"""Size and power of comparisons of retention between few practices, by simulation."""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import comb

import numpy as np
import scipy
from counts import COLUMNS, COVERED, METHODS, RESULTS, RUN, read
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.cox_fit import fit_cox_model
from splw_eval.stats.survival.day_counts import DayCounts, count_days
from splw_eval.stats.survival.logrank import log_rank
from splw_eval.stats.survival.mean_difference import difference_in_restricted_means
from splw_eval.stats.survival.oe_test import LogOeTest, log_oe_test
from splw_eval.stats.survival.permuted_means import differences
from splw_eval.stats.survival.practice_permutation import (
    PracticePermutation,
    all_allocations,
    permute_practices,
)
from splw_eval.stats.survival.restricted_mean import restricted_mean, time_lost
from splw_eval.stats.survival.two_arms import TwoArms, join_arms

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SEED = 20261122
HORIZON, LAST = 365, 720
TRIALS, FOR_POWER, BATCH = 5_000, 2_000, 100
LEAVING = 0.6 / HORIZON  # a day: 45 % have dropped out by the horizon if nothing else happens
COMPLETING = 0.7 / HORIZON
LOST_SIGHT_OF = 0.1 / HORIZON
LEVEL = 0.05
CLOSE = 1e-9
# Of so many drawn allocations, so many at least as far from 0 decide that p is above 5 %:
# six standard errors and more above the share of 5 %.
LOOKED_AT, ENOUGH = 400, 48


@dataclass(frozen=True)
class Cell:
    """What trials of one cell are drawn with; pairs are of the first arm and the second."""

    name: str
    practices: tuple[int, int] = (8, 7)
    people: tuple[tuple[int, int], tuple[int, int]] = ((5, 90), (5, 90))
    followed: tuple[tuple[int, int], tuple[int, int]] = ((180, 720), (180, 720))
    frailty: float = 0.0
    hazard_ratio: float = 1.0
    completing: bool = False

    @property
    def trials(self) -> int:
        """Trials drawn: fewer where there is an effect to find, which is said with less care."""
        return TRIALS if self.hazard_ratio == 1.0 else FOR_POWER

    @property
    def cause(self) -> int | None:
        """The cause compared; all leavings if there is but one."""
        return 1 if self.completing else None


LIKE, UNLIKE = ((20, 40), (20, 40)), ((50, 90), (10, 30))
CELLS = (
    Cell("5 to 90, frailty 0"),
    Cell("5 to 90, frailty 0.3", frailty=0.3),
    Cell("5 to 90, frailty 0.5", frailty=0.5),
    Cell("20 to 40, frailty 0", people=LIKE),
    Cell("20 to 40, frailty 0.3", people=LIKE, frailty=0.3),
    Cell("20 to 40, frailty 0.5", people=LIKE, frailty=0.5),
    Cell("completing, 5 to 90, frailty 0.3", frailty=0.3, completing=True),
    Cell("arms unlike, frailty 0.3", people=UNLIKE, followed=((365, 720), (120, 500)), frailty=0.3),
    Cell("4 v 4, 20 to 40, frailty 0.3", practices=(4, 4), people=LIKE, frailty=0.3),
    Cell("3 v 3, 20 to 40, frailty 0.3", practices=(3, 3), people=LIKE, frailty=0.3),
    Cell("power, 5 to 90, frailty 0.3", frailty=0.3, hazard_ratio=0.6),
    Cell("power, 20 to 40, frailty 0", people=LIKE, hazard_ratio=0.7),
    Cell("power, 20 to 40, frailty 0.3", people=LIKE, frailty=0.3, hazard_ratio=0.6),
)


@dataclass(frozen=True)
class Trial:
    """Rows of people, and the counts of both arms."""

    day: NDArray[np.int64]
    cause: NDArray[np.int64]
    practice: NDArray[np.int64]
    second: Flags
    arms: tuple[DayCounts, DayCounts]


def draw_trial(cell: Cell, rng: np.random.Generator) -> Trial:
    """Draw practices, their sizes and frailties, and the days of their people."""
    arm = np.repeat([0, 1], cell.practices)
    low, high = np.array(cell.people)[arm].T
    sizes = rng.integers(low, high + 1)
    practice = np.repeat(np.arange(arm.size), sizes)
    second = arm[practice] == 1
    frail = np.exp(cell.frailty * rng.standard_normal((2, arm.size)) - cell.frailty**2 / 2)
    leaving = LEAVING * frail[0, practice] * np.where(second, cell.hazard_ratio, 1.0)
    ends = [rng.exponential(1 / leaving)]
    if cell.completing:
        ends.append(rng.exponential(1 / (COMPLETING * frail[1, practice])))
    low, high = np.array(cell.followed)[arm[practice]].T
    seen = np.minimum(rng.integers(low, high), rng.exponential(1 / LOST_SIGHT_OF, practice.size))
    times = np.vstack([seen, *ends])
    cause = times.argmin(axis=0)
    day = times.min(axis=0).astype(np.int64)
    causes = len(ends)

    def counted(who: Flags) -> DayCounts:
        return count_days(day[who], cause[who], cluster=practice[who], causes=causes, last_day=LAST)

    return Trial(day, cause, practice, second, (counted(~second), counted(second)))


@cache
def truth(cell: Cell) -> float:
    """Difference in mean days, over the distribution of the frailty."""
    if cell.hazard_ratio == 1.0:
        return 0.0
    points, weights = np.polynomial.hermite_e.hermegauss(60)
    frail = np.exp(cell.frailty * points - cell.frailty**2 / 2)
    days = np.arange(1, HORIZON + 1)
    means = [
        float((weights @ np.exp(-LEAVING * ratio * np.outer(frail, days))).sum() / weights.sum())
        for ratio in (1.0, cell.hazard_ratio)
    ]
    return means[1] - means[0]


# The tests that the package does not give.


@cache
def allocations(practices: tuple[int, int]) -> tuple[Flags, Flags]:
    """All allocations, and some of them drawn."""
    rows = all_allocations(sum(practices), practices[1])
    rng = np.random.default_rng(SEED)
    return rows, rows[rng.permutation(len(rows))[:LOOKED_AT]]


def test_by_permutation(trial: Trial, cell: Cell) -> PracticePermutation | None:
    """The test of the package; None as soon as its p is seen to be far above 5 %."""
    if comb(sum(cell.practices), cell.practices[1]) > 2 * LOOKED_AT:
        arms = join_arms(*trial.arms)
        rows = np.vstack([arms.second, allocations(cell.practices)[1]])
        found = np.abs(differences(arms, rows, HORIZON, cell.cause).statistic)
        if (found[1:] >= found[0]).sum() > ENOUGH:
            return None
    return permute_practices(trial.arms, HORIZON, cause=cell.cause)


def plain_t(trial: Trial, cell: Cell) -> tuple[float, float, float]:
    """Influence squared times G / (G - 1), with G - 1 in Satterthwaite's rule."""
    parts = []
    for counts, practices in zip(trial.arms, cell.practices, strict=True):
        found = (restricted_mean if cell.cause is None else time_lost)(counts, HORIZON)
        variance = practices / (practices - 1) * float((found.influence[:, 0] ** 2).sum())
        parts.append((float(found.estimate[0]), variance, practices - 1))
    total = parts[0][1] + parts[1][1]
    df = total**2 / sum(variance**2 / below for _, variance, below in parts)
    return parts[1][0] - parts[0][0], float(np.sqrt(total)), df


def permuted_oe(found: LogOeTest) -> float:
    """The p-value of the mean log(O/E): expected leavings do not depend on the allocation."""
    rows = allocations(found.practices)[0].astype(float)
    values = found.log_oe - found.log_oe.mean()
    means = np.abs(rows @ values)
    return float((means >= abs(values[found.second].sum()) * (1 - CLOSE)).mean())


def cox_by_practice(arms: TwoArms, cause: int | None) -> tuple[float, Floats]:
    """Log hazard ratio of the second arm, and with each practice left out; ties by Efron."""
    events = arms.events.sum(axis=1) if cause is None else arms.events[:, cause - 1]
    days = events.any(axis=0)
    kept = np.vstack([np.ones(len(arms.second)), 1 - np.eye(len(arms.second))])
    y, d = arms.at_risk[:, days], events[:, days]
    other = [(kept * ~arms.second) @ part for part in (y, d)]
    own = [(kept * arms.second) @ part for part in (y, d)]
    tied = other[1] + own[1]
    beta: Floats = np.zeros(len(kept))
    for _ in range(30):
        score, information = own[1].sum(axis=1), np.zeros(len(kept))
        ratio = np.exp(beta)[:, None]
        for number in range(int(tied.max())):
            here = np.flatnonzero((tied > number).any(axis=0))
            share = number / np.maximum(tied[:, here], 1)
            top = ratio * (own[0][:, here] - share * own[1][:, here])
            below = top + other[0][:, here] - share * other[1][:, here]
            there = tied[:, here] > number
            mean = np.where(there, top / np.where(there, below, 1.0), 0.0)
            score = score - mean.sum(axis=1)
            information += (mean * (1 - mean)).sum(axis=1)
        move = score / information
        beta = beta + move
        if np.abs(move).max() < CLOSE:
            return float(beta[0]), beta[1:]
    raise FitError("The proportional hazards fit did not end.")


def cox_tests(trial: Trial, arms: TwoArms, cause: int | None) -> dict[str, bool]:
    """The jackknife by practice with t, and the sandwich by practice with z."""
    event = trial.cause > 0 if cause is None else trial.cause == cause
    arm = trial.second.astype(float)[:, None]
    fit = fit_cox_model(None, trial.day, event, arm, cluster=trial.practice)
    assert fit.robust_covariance is not None
    estimate, without = cox_by_practice(arms, cause)
    count = len(without)
    error = np.sqrt((count - 1) / count * ((without - estimate) ** 2).sum())
    z = abs(fit.beta[0]) / np.sqrt(fit.robust_covariance[0, 0])
    return {
        "cox_jackknife": bool(abs(estimate) > stdtrit(count - 2, 1 - LEVEL / 2) * error),
        "cox_cluster_z": bool(z > ndtri(1 - LEVEL / 2)),
    }


# One trial, one batch, the run.


def test_trial(trial: Trial, cell: Cell) -> dict[str, int]:
    """What every test does with one trial, in the columns of the results."""
    arms = join_arms(*trial.arms)
    found = dict.fromkeys(COLUMNS[2:], 0)
    oe = log_oe_test(trial.arms, cause=cell.cause)
    leaving = trial.cause > 0 if cell.cause is None else trial.cause == cell.cause
    found |= {
        "trials": 1,
        "people": trial.day.size,
        "left": int((leaving & (trial.day < HORIZON)).sum()),
        "oe_continuity": int(oe.continuity > 0),
    }
    rejects = {
        "oe_t": oe.p_value <= LEVEL,
        "oe_permutation": permuted_oe(oe) <= LEVEL,
        "log_rank": log_rank(trial.arms, cause=cell.cause).p_value <= LEVEL,
    }
    try:
        rejects |= cox_tests(trial, arms, cell.cause)
    except FitError:
        found["no_cox"] = 1
    try:
        days, covers = tests_of_days(trial, cell)
        rejects |= days
        found |= {f"{method}_covers": int(covers[method]) for method in COVERED}
    except FitError:
        found["without_horizon"] = 1
    return found | {f"{method}_rejects": int(rejects.get(method, False)) for method in METHODS}


def tests_of_days(trial: Trial, cell: Cell) -> tuple[dict[str, bool], dict[str, bool]]:
    """Tests of the difference in mean days, and whether their limits hold the truth."""
    t = difference_in_restricted_means(*trial.arms, HORIZON, cause=cell.cause)
    estimate, error, df = plain_t(trial, cell)
    right = truth(cell)
    permuted = test_by_permutation(trial, cell) if not right else None
    if right:
        permuted = permute_practices(trial.arms, HORIZON, cause=cell.cause)
    held = permuted is None or not (permuted.conf_low > right or permuted.conf_high < right)
    rejects = {
        "permutation": permuted is not None and permuted.p_value <= LEVEL,
        "t_satterthwaite": t.p_value <= LEVEL,
        "t_plain": bool(abs(estimate) > stdtrit(df, 1 - LEVEL / 2) * error),
    }
    covers = {"permutation": held, "t_satterthwaite": t.conf_low <= right <= t.conf_high}
    return rejects, covers


def run_batch(place: int, number: int, trials: int = BATCH) -> dict[str, int | str]:
    """Draw and test a batch: a line of the results."""
    cell = CELLS[place]
    rng = np.random.default_rng(np.random.SeedSequence([SEED, place, number]))
    total = dict.fromkeys(COLUMNS[2:], 0)
    for _ in range(trials):
        found = test_trial(draw_trial(cell, rng), cell)
        total = {key: total[key] + found[key] for key in total}
    return {"cell": cell.name, "batch": number, **total}


def missing(most: int) -> Iterator[tuple[int, int]]:
    """Batches that the results lack, so that all cells grow alike."""
    there = {(row["cell"], int(row["batch"])) for row in read()}
    for number in range(most // BATCH):
        for place, cell in enumerate(CELLS):
            if number < cell.trials // BATCH and (cell.name, number) not in there:
                yield place, number


def run(most: int) -> None:
    """Run what is missing, and put the lines in order."""
    if not RESULTS.exists():
        RESULTS.write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    for place, number in missing(most):
        begun = time.process_time()
        row = run_batch(place, number)
        with RESULTS.open("a", encoding="utf-8") as file:
            file.write(_line(row))
        note(time.process_time() - begun, BATCH)
    places = {cell.name: place for place, cell in enumerate(CELLS)}
    rows = sorted(read(), key=lambda row: (places[row["cell"]], int(row["batch"])))
    RESULTS.write_text(",".join(COLUMNS) + "\n" + "".join(map(_line, rows)), encoding="utf-8")


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


def _line(row: dict[str, int | str] | dict[str, str]) -> str:
    cells = [str(row[column]) for column in COLUMNS]
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in cells) + "\n"


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=TRIALS, help="most trials of a cell")
    run(parser.parse_args().trials)


if __name__ == "__main__":
    main()
