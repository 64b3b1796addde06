"""Forms and scorings of one questionnaire that are taken for each other."""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.core.plan import Outcome
from splw_eval.data.checks.telling import tell_measures, tell_plainly
from splw_eval.data.keying import OTHER_RANGES, family_of, likely_name
from splw_eval.data.loaded import Loaded
from splw_eval.instruments import Score, read_catalogue

_ROUNDED = {2: 0.005 + 1e-9, 1: 0.05 + 1e-9}  # how far off printing leaves a score, by decimals
_WITHIN = 1e-6  # of a step: decimals have no exact binary form
_HALF = 0.5  # of the range: a score that ends below it is told apart from the whole
_ENOUGH = 20  # fewer scores than this may lie high by chance
_UCLA_FROM_THREE = 3.0


def check(loaded: Loaded) -> None:
    """Report ranges of another form, and raw and metric scores that are mixed up."""
    for place, outcome in enumerate(loaded.plan.outcomes):
        _another_score(loaded, outcome, loaded.placed.measures.scores[:, place])
        family = family_of(outcome.instrument)
        # The catalogue's instruments may have scores of several forms, each with its range.
        if not family or (outcome.score and outcome.range not in OTHER_RANGES[family]):
            continue
        scores = loaded.placed.measures.scores[:, place]
        _range(loaded, outcome, family, scores)
        if family == "swemwbs":
            _raw_or_metric(loaded, outcome, scores)


def _range(loaded: Loaded, outcome: Outcome, family: str, scores: NDArray[np.float64]) -> None:
    usual, given = OTHER_RANGES[family], tuple(outcome.range)
    forms = " or ".join(f"{low:g} to {high:g}" for low, high in usual)
    problem, held = "", scores[~np.isnan(scores)]
    if given not in usual:
        problem = f"{outcome.label}: the plan says {given[0]:g} to {given[1]:g}, usual is {forms}"
    elif (
        family == "wemwbs" and len(held) >= _ENOUGH and held.max() <= OTHER_RANGES["swemwbs"][0][1]
    ):
        problem = f"{outcome.label}: no score is above 35, as if it were the short form, 7 to 35"
    elif given == (0.0, 6.0) and len(held) >= _ENOUGH and held.min() >= _UCLA_FROM_THREE:
        problem = f"{outcome.label}: no score is below 3, as if it were scored 3 to 9"
    if problem:
        remedy = "Check which form was used and how it was scored."
        tell_plainly(loaded, (Severity.WARNING, "SW73", problem, remedy))


def _another_score(loaded: Loaded, outcome: Outcome, scores: NDArray[np.float64]) -> None:
    """Report scores that all lie low, and between the steps, as another score's would."""
    name, n = likely_name(outcome.instrument), int((~np.isnan(scores)).sum())
    every = read_catalogue()[name].scores if name and n >= _ENOUGH else ()
    own = next((score for score in every if score.range == outcome.range), None)
    if own is None:
        return
    held = np.unique(scores[~np.isnan(scores)])
    for score in every:
        low, high = score.range
        narrow = high - low <= _HALF * (own.range[1] - own.range[0])
        within = narrow and low <= held[0] and held[-1] <= high
        if within and _on_grid(held, score) and not _on_grid(held, own):
            told = f"as if they were the score {score.name} of {name}"
            problem = f"{outcome.label}: all lie within {low:g} to {high:g}, {told}"
            remedy = "Check which score the column holds, and name it in the plan."
            tell_plainly(loaded, (Severity.WARNING, "SW73", problem, remedy))
            return


def _on_grid(values: NDArray[np.float64], score: Score) -> bool:
    """Whether values are whole steps from the lowest score."""
    steps = (values - score.range[0]) / score.step
    return bool((np.abs(steps - np.rint(steps)) < _WITHIN).all())


def _raw_or_metric(loaded: Loaded, outcome: Outcome, scores: NDArray[np.float64]) -> None:
    raw, metric = raw_only(scores), metric_only(scores)
    version = f"{outcome.version or ''} {outcome.score or ''}".casefold()
    odd, problem = np.zeros(len(scores), dtype=bool), ""
    if "metric" in version and raw.any():
        odd, problem = raw, "whole numbers that are raw sums; the plan says metric score"
    elif "raw" in version and metric.any():
        odd, problem = metric, "metric scores; the plan says raw score"
    elif raw.any() and metric.any():
        odd, problem = (raw if raw.sum() < metric.sum() else metric), "raw and metric scores mixed"
    if problem:
        remedy = "They cannot be averaged together: use one kind, and state it as version."
        told = (Severity.WARNING, "SW72", f"{outcome.label}: {problem}", remedy)
        tell_measures(loaded, odd, told)


@cache
def _metric() -> NDArray[np.float64]:
    """Metric score of each raw sum from 7 to 35, as published by its authors."""
    text = files("splw_eval.data.checks").joinpath("swemwbs_metric.csv").read_text("utf-8")
    return np.array([float(line["metric"]) for line in csv.DictReader(io.StringIO(text))])


def raw_only(scores: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether each score is a raw sum and no metric score; 7 and 35 are both.

    So is 20 where the others show one decimal only, as 19.98 is then written.
    """
    raw: NDArray[np.bool_] = (scores == np.floor(scores)) & (scores > 7) & (scores < 35)  # noqa: PLR2004
    others = np.unique(scores[(scores != np.floor(scores)) & ~np.isnan(scores)])
    if len(others):
        places = 1 if np.allclose(others, np.round(others, 1), rtol=0, atol=1e-9) else 2
        raw &= ~np.isin(scores, np.round(_metric(), places))
    return raw


def metric_only(scores: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether each score is a metric score, to two decimals or to one, and no raw sum."""
    table = _metric()
    values, where = np.unique(np.nan_to_num(scores, nan=-1.0), return_inverse=True)
    off = np.abs(values[:, None] - table).min(axis=1)
    tenths = np.abs(values - np.round(values, 1)) < _ROUNDED[2] / 10
    metric = (off <= _ROUNDED[2]) | (tenths & (off <= _ROUNDED[1]))
    of_each: NDArray[np.bool_] = (metric & (values != np.floor(values)))[where]
    return of_each
