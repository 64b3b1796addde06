"""The analyses that drawn trials can be put to, and which of them a trial allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding
from splw_eval.power.simulation.by_cluster_means import by_ancova, by_permutation, by_summaries
from splw_eval.power.simulation.by_imputation import by_imputation
from splw_eval.power.simulation.by_least_squares import by_cr2, by_wild_bootstrap
from splw_eval.power.simulation.by_mixed_model import PER_TRIAL, by_mixed_model
from splw_eval.power.simulation.drawing import draw_cells
from splw_eval.power.simulation.rows import draw_rows, summed
from splw_eval.power.simulation.shapes import Shape
from splw_eval.power.simulation.tested import Tested
from splw_eval.power.simulation.trial import Trial

BATCH = 250  # trials drawn together; slow analyses take fewer, so that progress is told
_SLOW = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How drawn trials are analysed.

    Attributes
    ----------
    analysis : str
    df : str
    boundary : str
    alpha : float
    imputations : int
    """

    analysis: str
    df: str
    boundary: str
    alpha: float
    imputations: int


_BY_DF = {
    "satterthwaite": "Satterthwaite's degrees of freedom in each trial",
    "kenward-roger": "Kenward and Roger's errors and degrees of freedom in each trial",
    "known-variance": "generalised least squares with the true variances, normal test",
    "z": "normal test",
}
METHODS: Mapping[str, str] = MappingProxyType(
    {
        "mixed": "linear mixed model by restricted maximum likelihood",
        "two-stage": "t test of one summary a cluster",
        "ancova": "means of clusters at the end, adjusted for those at the start",
        "permutation": "permutation of clusters",
        "cr2": "least squares, CR2 errors by cluster, Satterthwaite's degrees of freedom",
        "wild": "least squares, wild bootstrap of clusters",
        "imputation": "multiple imputation, mixed model of each completed data set, Rubin's rules",
    }
)


def method_of(asked: Asked) -> str:
    """The analysis, in words."""
    said = METHODS[asked.analysis]
    if asked.analysis != "mixed":
        return said
    if asked.df == "known-variance":
        return _BY_DF[asked.df]
    rule = _BY_DF.get(asked.df, f"degrees of freedom: {asked.df}")
    return f"{said}; {rule}"


def batch_size(asked: Asked) -> int:
    """Trials of one batch."""
    return _SLOW if asked.analysis in ("imputation", "wild") else BATCH


def analyse_batch(
    trial: Trial, shape: Shape, asked: Asked, seed: int, batch: int, count: int
) -> Tested:
    """Draw and analyse one batch; its numbers hang on the seed and its place alone."""
    streams = np.random.SeedSequence(seed, spawn_key=(batch,)).spawn(2)
    rng, second = (np.random.default_rng(one) for one in streams)
    one_seed = int(streams[1].generate_state(1)[0])
    if asked.analysis == "imputation":
        return by_imputation(
            trial,
            shape,
            draw_rows(trial, shape, count, rng),
            imputations=asked.imputations,
            boundary=asked.boundary,
            rng=second,
        )
    if shape.needs_rows:
        cells = summed(trial, shape, draw_rows(trial, shape, count, rng))
    else:
        cells = draw_cells(trial, count, rng)
    made: dict[str, Any] = {
        "mixed": lambda: by_mixed_model(trial, cells, asked.df, asked.boundary),
        "two-stage": lambda: by_summaries(trial, cells),
        "ancova": lambda: by_ancova(trial, cells),
        "permutation": lambda: by_permutation(trial, cells, asked.alpha, one_seed),
        "cr2": lambda: by_cr2(trial, cells),
        "wild": lambda: by_wild_bootstrap(trial, cells, asked.alpha, one_seed),
    }
    found: Tested = made[asked.analysis]()
    return found


def unfit(trial: Trial, shape: Shape, asked: Asked) -> Iterator[Finding]:
    """Why this analysis cannot be had of this trial."""
    analysis = asked.analysis
    if analysis not in METHODS:
        yield finding("SZ10", "", f'analysis "{analysis}" is not known', _listed(METHODS))
        return
    known = tuple(dict.fromkeys((*PER_TRIAL, "known-variance", "z", *trial.df)))
    if analysis == "mixed" and asked.df not in known and not _is_number(asked.df):
        yield finding("SZ03", "df", f'"{asked.df}" is not known', _listed(known))
    alone = not trial.clustered.all()
    if analysis not in ("mixed", "imputation") and alone:
        problem = f"analysis {analysis} needs clusters in every arm"
        yield finding("SZ10", "", problem, "Take analysis mixed.")
    elif analysis in ("two-stage", "ancova", "permutation") and trial.weights is None:
        problem = f"analysis {analysis} needs two arms and a contrast that is no slope"
        yield finding("SZ10", "", problem, "Take analysis mixed or cr2.")
    elif analysis == "ancova" and not (trial.before and trial.start == "clda"):
        yield finding("SZ10", "", "analysis ancova needs a baseline", "Take baseline ancova.")
    elif analysis == "two-stage" and trial.start == "clda" and trial.before:
        problem = "two-stage leaves the baseline out that the design has"
        yield finding("SZ10", "", problem, "Take analysis ancova, or baseline change or none.")
    if analysis in ("permutation", "wild", "cr2") and len(trial.clusters) == 1:
        yield finding("SZ10", "", f"analysis {analysis} needs two arms", "Take two-stage.")
    if analysis == "imputation":
        yield from _unfit_imputation(trial, asked)
    yield from _unfit_shape(trial, shape)


def _unfit_imputation(trial: Trial, asked: Asked) -> Iterator[Finding]:
    if not trial.cohort or trial.visits == 1 or trial.clustered.sum() not in (0, 2):
        remedy = "Take a cohort with visits in two arms of clusters."
        yield finding("SZ10", "", "imputation needs people seen several times", remedy)
    elif not trial.lost.any():
        yield finding("SZ10", "", "nothing is lost that could be imputed", "Give --dropout.")
    elif len(trial.clusters) != 2:  # noqa: PLR2004
        yield finding("SZ10", "", "imputation is of two arms", "Take analysis mixed.")
    if asked.imputations < 2:  # noqa: PLR2004
        yield finding("SZ03", "", "imputations are fewer than 2", "Give 10 or more.")


def _unfit_shape(trial: Trial, shape: Shape) -> Iterator[Finding]:
    if shape.needs_rows and trial.proportions is not None:
        yield finding("SZ05", "", "shapes of scores go with no proportions", "Leave them out.")
    if shape.limits is not None:
        low, high = shape.limits
        if not low < high or not low < shape.level < high:
            problem = "limits are lowest and highest score, with the level between them"
            yield finding("SZ05", "", problem, "Give limits=(0, 40) and level=20, say.")
        elif len(trial.clusters) == 1:
            yield finding("SZ05", "", "limits are of scores, not of changes", "Leave them out.")
    if not abs(shape.skew) <= 5:  # noqa: PLR2004
        yield finding("SZ03", "", "skew is beyond 5", "Give a skewness such as 1.")
    if not abs(shape.loss_by_score) < 1:
        yield finding("SZ03", "", "loss_by_score is a correlation below 1", "Give 0.5, say.")
    elif shape.loss_by_score and (not trial.cohort or trial.visits == 1 or trial.scattered):
        remedy = "It needs a cohort with visits, whose people leave for good."
        yield finding("SZ05", "", "loss_by_score has no last score", remedy)


def _is_number(word: str) -> bool:
    try:
        return float(word) > 0
    except ValueError:
        return False


def _listed(words: Any) -> str:
    return f"There are: {', '.join(words)}."
