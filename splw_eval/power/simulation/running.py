"""Power by simulation: batches of trials, on one processor or several, the same numbers on each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding, refuse
from splw_eval.power.design import Design, Values
from splw_eval.power.simulation.analyses import (
    Asked,
    analyse_batch,
    batch_size,
    method_of,
    unfit,
)
from splw_eval.power.simulation.by_mixed_model import boundary_of
from splw_eval.power.simulation.counting import Counted, counted, result_of
from splw_eval.power.simulation.kept_batches import key_of, read_batches, write_batches
from splw_eval.power.simulation.ready import ready_to_draw
from splw_eval.power.simulation.record import SimulatedPower
from splw_eval.power.simulation.shapes import Shape
from splw_eval.power.simulation.trial import Trial
from splw_eval.power.solving import chance
from splw_eval.stats.cell_models.cells import Floats

_MOST = 10_000_000


def simulate(  # noqa: PLR0913 - each is a choice that a reader of the result must see
    design: Design,
    n_trials: int = 1_000,
    seed: int = 1,
    *,
    analysis: str = "mixed",
    df: str | float | None = None,
    workers: int = 1,
    resume: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    no_effect: bool = False,
    sizes: Sequence[float] | None = None,
    effect_by_visit: Sequence[float] | None = None,
    limits: tuple[float, float] | None = None,
    level: float = 0.0,
    skew: float = 0.0,
    loss_by_score: float = 0.0,
    boundary: str | None = None,
    imputations: int = 10,
) -> SimulatedPower:
    """Draw trials as a design describes them, analyse each, and count how many reject.

    Parameters
    ----------
    design : Design
        One design with every number known; see `splw_eval.power.design`. Take
        ``solve(design).design`` where a number was sought.
    n_trials : int
    seed : int
        The same seed gives the same numbers for any number of workers, and the first trials of
        a longer run are those of a shorter one.
    analysis : str
        ``mixed``, ``two-stage``, ``ancova``, ``permutation``, ``cr2``, ``wild`` or
        ``imputation`` (the last two are slow).
    df : str or float, optional
        Of the mixed model: ``satterthwaite`` or ``kenward-roger``, worked out in each trial;
        ``known-variance``; ``z``; a rule of the design, such as ``k-2``; or a number. By default
        as the design has it, or else Satterthwaite's.
    workers : int
        Processes.
    resume : str or Path, optional
        File that batches are kept in, to go on after a stop.
    progress : callable, optional
        Called with trials done and trials in all.
    no_effect : bool
        Draw without the effect: the share that rejects is the size of the test, both tails.
    sizes : sequence of float, optional
        People of each cluster, arm by arm, in the place of the design's.
    effect_by_visit : sequence of float, optional
        Share of the effect that is there at each visit or period that is analysed.
    limits : tuple of float, optional
        Lowest and highest score of the instrument: scores beyond are cut off.
    level : float
        Mean score of the comparison arm, where there are limits.
    skew : float
        Skewness of people's deviations (shifted lognormal).
    loss_by_score : float
        Correlation between the last score and staying; 0: people are lost at random.
    boundary : {"keep", "conditional"}, optional
        What happens to variances estimated as zero; by default as in the mixed models of this
        package: ``conditional`` from 15 clusters on.
    imputations : int

    Returns
    -------
    SimulatedPower

    Raises
    ------
    DesignError
        The design is not one that is drawn, a number is open, the analysis does not go with it,
        or the file to resume from is of something else.

    Notes
    -----
    Sums of normal scores are drawn in the place of people: clusters' effects and sums are
    normal, squares and products about them Wishart. Limits, skewness and loss by score need
    people one by one, and take longer. Dropout and sizes are drawn anew in each trial.
    """
    shape = Shape(limits=limits, level=level, skew=skew, loss_by_score=loss_by_score)
    refuse(list(_numbers(n_trials, seed, workers, boundary)))
    values = design.values
    trial = _changed(ready_to_draw(design), shape, sizes, effect_by_visit, no_effect=no_effect)
    asked = Asked(
        analysis=analysis,
        df=_rule(values, df),
        boundary=boundary or boundary_of(trial),
        alpha=float(values.alpha),
        imputations=imputations,
    )
    refuse(list(unfit(trial, shape, asked)))
    run = _Run(trial=trial, shape=shape, asked=asked, seed=seed, n_trials=n_trials)
    batches = _batches(run, workers, None if resume is None else Path(resume), progress)
    rows = np.concatenate(batches)[:n_trials]
    how = Counted(
        values=values,
        asked=asked,
        shape=shape,
        trial=trial,
        seed=seed,
        no_effect=no_effect,
        by_formula=_formula(design, asked),
        falls=bool(np.all(design.kind.precision(values).effect < 0)),
        beside=sizes is not None or effect_by_visit is not None or shape.needs_rows,
    )
    return result_of(rows, how, method_of(asked))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Run:
    """What every batch shares."""

    trial: Trial
    shape: Shape
    asked: Asked
    seed: int
    n_trials: int

    @property
    def each(self) -> int:
        return batch_size(self.asked)

    @property
    def batches(self) -> int:
        return -(-self.n_trials // self.each)

    @property
    def key(self) -> str:
        trial = {name: getattr(self.trial, name) for name in _OF_TRIAL}
        model = self.trial.model
        told = (model.structure.name, model.clusters.name, model.groups, model.cluster_groups)
        return key_of(
            {
                **trial,
                "model": told,
                "shape": asdict(self.shape),
                "asked": asdict(self.asked),
                "seed": self.seed,
                "each": self.each,
            }
        )


_OF_TRIAL = (
    *("arms", "clusters", "treatment", "sizes", "cv", "cohort", "scattered", "lost", "sigma"),
    *("group", "g", "cluster_group", "proportions", "mean", "x", "row", "effect", "weights"),
    *("before", "start", "df"),
)


def _one_batch(run: _Run, batch: int) -> tuple[int, Floats]:
    found = analyse_batch(run.trial, run.shape, run.asked, run.seed, batch, run.each)
    return batch, counted(found, run.trial, run.asked)


def _batches(
    run: _Run, workers: int, path: Path | None, progress: Callable[[int, int], None] | None
) -> list[Floats]:
    """Every batch in order, whoever worked it out."""
    held = {} if path is None else read_batches(path, run.key)
    done = {place: rows for place, rows in held.items() if place < run.batches}
    todo = [place for place in range(run.batches) if place not in done]
    for place, rows in _worked_out(run, todo, workers):
        done[place] = held[place] = rows
        if path is not None:
            write_batches(path, run.key, held)
        if progress is not None:
            progress(min(len(done) * run.each, run.n_trials), run.n_trials)
    return [done[place] for place in range(run.batches)]


def _worked_out(run: _Run, todo: Sequence[int], workers: int) -> Iterator[tuple[int, Floats]]:
    if workers == 1 or len(todo) < 2:  # noqa: PLR2004
        yield from (_one_batch(run, place) for place in todo)
        return
    from joblib import Parallel, delayed

    pool = Parallel(n_jobs=workers, return_as="generator_unordered")
    yield from pool(delayed(_one_batch)(run, place) for place in todo)


def _rule(values: Values, df: str | float | None) -> str:
    if df is not None:
        return str(df)
    if values.test == "z":
        return "z"
    if values.df is None:
        return "satterthwaite"
    return str(float(values.df)) if isinstance(values.df, np.ndarray) else str(values.df)


_BY_CLUSTER = ("two-stage", "ancova", "permutation", "wild")  # with no rule of a mixed model


def _formula(design: Design, asked: Asked) -> tuple[float, str]:
    """Power by the formula, with the same rule of degrees of freedom where the formula has it."""
    values = design.values
    found = design.kind.precision(values)
    usual = next(iter(found.df))
    rule = "z" if asked.df in ("known-variance", "z") else asked.df
    if asked.analysis in _BY_CLUSTER or rule not in (*found.df, "z"):
        rule = usual
    return float(chance(values, found, rule)), rule


def _changed(
    trial: Trial,
    shape: Shape,
    sizes: Sequence[float] | None,
    effect_by_visit: Sequence[float] | None,
    *,
    no_effect: bool,
) -> Trial:
    """The trial with what was said beside the design."""
    found: list[Finding] = []
    if sizes is not None:
        people = np.asarray(sizes, dtype=np.float64)
        if people.shape != (len(trial.sizes),) or not (people >= 1).all():
            remedy = f"Give {len(trial.sizes)} numbers of 1 or more, arm by arm."
            found.append(finding("SZ13", "sizes", "is not one number for each cluster", remedy))
        else:
            each = np.repeat(people[:, None], trial.visits, axis=1)
            trial = replace(trial, sizes=each, cv=0.0)
    if effect_by_visit is not None:
        share = np.asarray(effect_by_visit, dtype=np.float64)
        if share.shape != (trial.visits,) or not np.isfinite(share).all():
            remedy = f"Give {trial.visits} shares, one for each visit that is analysed."
            found.append(finding("SZ05", "", "effect_by_visit has another length", remedy))
        else:
            trial = replace(trial, mean=trial.mean * share)
    refuse(found)
    if no_effect:
        trial = trial.without_effect()
    return replace(trial, effect=shape.effect(trial)) if shape.limits is not None else trial


def _numbers(n_trials: int, seed: int, workers: int, boundary: str | None) -> Iterator[Finding]:
    whole: tuple[tuple[str, Any, int], ...] = (
        ("n_trials", n_trials, 1),
        ("seed", seed, 0),
        ("workers", workers, 1),
    )
    for name, number, least in whole:
        known = isinstance(number, int | np.integer) and not isinstance(number, bool)
        if not known or not least <= number <= max(_MOST, 2**63 if name == "seed" else 0):
            problem = f"{name} is no whole number of {least} or more"
            yield finding("SZ03", "", problem, f"Give {name}={max(least, 1)}, say.")
    if boundary not in (None, "keep", "conditional"):
        yield finding("SZ03", "", f'boundary "{boundary}" is not known', "keep or conditional.")
