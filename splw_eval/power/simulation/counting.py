"""From estimates of drawn trials to the share that rejects, and how sure that share is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from splw_eval.power.design import Values
from splw_eval.power.simulation.analyses import Asked
from splw_eval.power.simulation.record import SimulatedPower
from splw_eval.power.simulation.shapes import Shape
from splw_eval.power.simulation.tested import Tested
from splw_eval.power.simulation.trial import Trial
from splw_eval.stats.cell_models.cells import Floats
from splw_eval.stats.power.noncentral import critical_value

_ESTIMATE, _ERROR, _DF, _GOOD, _ZERO, _P, _COVERS = range(7)
_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counted:
    """What belongs to the numbers of a run."""

    values: Values
    asked: Asked
    shape: Shape
    trial: Trial
    seed: int
    no_effect: bool
    by_formula: tuple[float, str]
    beside: bool
    falls: bool = False  # whether the difference that is planned is a fall


def counted(found: Tested, trial: Trial, asked: Asked) -> Floats:
    """One row a trial: estimate, error, df, whether good, at zero, p, whether it covers."""
    rows = np.full((len(found.estimate), 7), np.nan)
    rows[:, _ESTIMATE], rows[:, _ERROR], rows[:, _DF] = found.estimate, found.std_error, found.df
    rows[:, _GOOD], rows[:, _ZERO] = found.good, found.at_zero
    if found.p_value is not None:
        rows[:, _P] = found.p_value
    if found.covers is not None:
        rows[:, _COVERS] = found.covers
    else:
        with np.errstate(invalid="ignore"):
            half = critical_value(found.df, asked.alpha, sides=2) * found.std_error
            rows[:, _COVERS] = np.abs(found.estimate - trial.effect) <= half
    return rows


def result_of(rows: Floats, how: Counted, method: str) -> SimulatedPower:
    """Count the rows of a run."""
    good = rows[:, _GOOD] > 0
    kept, n = rows[good], len(rows)
    rejects = int(_rejects(kept, how).sum())
    power = rejects / n if len(kept) else float("nan")
    low, high = _wilson(rejects, n) if len(kept) else (power, power)
    nothing = np.full(1, np.nan)
    estimate = kept[:, _ESTIMATE] if len(kept) else nothing
    zero = kept[:, _ZERO]
    return SimulatedPower(
        power=power,
        mc_error=float(np.sqrt(power * (1 - power) / n)),
        conf_low=low,
        conf_high=high,
        n_trials=n,
        failures=int(n - good.sum()),
        formula=how.asked.alpha if how.no_effect else how.by_formula[0],
        formula_rule=how.by_formula[1],
        effect=how.trial.effect,
        mean_estimate=float(estimate.mean()),
        sd_estimate=float(estimate.std(ddof=1)) if len(kept) > 1 else float("nan"),
        mean_std_error=float((kept[:, _ERROR] if len(kept) else nothing).mean()),
        mean_df=float((kept[:, _DF] if len(kept) else nothing).mean()),
        coverage=float((kept[:, _COVERS] if len(kept) else nothing).mean()),
        at_zero=float(zero.mean()) if len(zero) else float("nan"),
        method=method,
        df_rule=how.asked.df if how.asked.analysis == "mixed" else how.asked.analysis,
        drawn=_drawn(how),
        notes=tuple(_notes(how, int(n - good.sum()), n)),
        seed=how.seed,
        alpha=how.asked.alpha,
    )


def _rejects(rows: Floats, how: Counted) -> np.ndarray:
    values, alpha = how.values, how.asked.alpha
    sides = int(values.sides)
    estimate = rows[:, _ESTIMATE]
    forward = estimate < 0 if how.falls else estimate > 0
    if how.asked.analysis in ("permutation", "wild"):
        by_p = rows[:, _P] <= (alpha if sides == 2 else 2 * alpha) * (1 + 1e-9)  # noqa: PLR2004
        size = by_p
    else:
        size = np.abs(estimate) > critical_value(rows[:, _DF], alpha, sides=sides) * rows[:, _ERROR]
    both = sides == 2 and (values.tails == "both" or how.no_effect)  # noqa: PLR2004
    return np.asarray(size if both else size & forward)


def _wilson(found: int, n: int) -> tuple[float, float]:
    """Wilson 1927, J Am Stat Assoc 22:209."""
    p, z2 = found / n, _Z95**2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z95 * np.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return float(max(middle - half, 0.0)), float(min(middle + half, 1.0))


def _drawn(how: Counted) -> str:
    trial = how.trial
    arms = ", ".join(
        f"{name} {count}" if has else name
        for name, count, has in zip(trial.arms, trial.clusters, trial.clustered, strict=True)
    )
    said = [f"clusters: {arms}" if trial.clustered.any() else f"arms: {arms}"]
    if trial.visits > 1:
        said.append(f"{trial.visits} visits of {'the same' if trial.cohort else 'other'} people")
    if trial.lost.any():
        by = "by the last score" if how.shape.loss_by_score else "at random"
        said.append(f"people lost {by}, up to {trial.lost.max():.0%}")
    if trial.cv:
        said.append(f"sizes drawn with a coefficient of variation of {trial.cv:g}")
    return "; ".join(said)


def _notes(how: Counted, failures: int, n: int) -> Iterator[str]:
    if failures == n:
        yield (
            f"None of {n:,} trials gave an answer: the analysis cannot be had of trials like "
            "these, and its power is not known."
        )
    elif failures:
        yield (
            f"{failures:,} of {n:,} trials gave no answer. They count as not rejecting; means, "
            "coverage and variances at zero are of the others."
        )
    if how.no_effect:
        yield "Drawn without an effect: the share that rejects is the size of the test."
    elif how.values.tails == "upper" and int(how.values.sides) == 2:  # noqa: PLR2004
        yield "Only rejections in the direction of the effect count, as in the formula."
    if how.beside and not how.no_effect:
        yield "The formula knows nothing of what was asked beside the design."
    if how.shape.limits is not None:
        yield "The effect is that of scores within the limits, smaller than that asked."
    if how.shape.skew:
        yield "Skewed scores are a little less correlated over time than the design says."
    yield from how.trial.notes
