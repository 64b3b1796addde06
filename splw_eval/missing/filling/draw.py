"""Draws of the parameters of scores at waves, from which missing scores are drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.missing.checks import check_whole, check_word, finding
from splw_eval.missing.filling.draw_inputs import DrawInputs, read_draw_inputs
from splw_eval.missing.filling.drawn import Draws
from splw_eval.stats.imputation.alike_arms import SCORES_PER_COEFFICIENT
from splw_eval.stats.imputation.gibbs import BURN_IN, PRACTICES, THIN, draw_parameters

if TYPE_CHECKING:
    import pandas as pd

FEW_PRACTICES = 10


def draw(  # noqa: PLR0913 - each is a choice that a reader of the result must see
    frame: pd.DataFrame,
    *,
    outcome: str,
    person: str,
    wave: str,
    arm: str | None = None,
    cluster: str | None = None,
    covariates: Sequence[str] | str = (),
    imputations: int = 20,
    practices: str = "both",
    burn_in: int = BURN_IN,
    thin: int = THIN,
    seed: int = 1,
    baseline: Any = None,
    measured_after: Sequence[str] | str = (),
    by_arm: bool | None = None,
) -> Draws:
    """Draw the parameters of a joint normal model of the scores at all waves.

    Parameters
    ----------
    frame : DataFrame
        One row for each person at each wave; a row without a score, and no row at all, are the
        same: missing. Leave out people and waves that are not yet due.
    outcome, person, wave : str
        Columns; waves in the order of their numbers (also as text, such as ``m3`` and ``m12``),
        of time, or of pandas' ordered categories. Texts that do not tell it are refused; the
        method names the order.
    arm, cluster : str, optional
        Columns of arms and practices, the same in all rows of a person.
    covariates : sequence of str, or str
        Columns known at the start (``C(name)`` for numbers that stand for categories), or a
        formula in the language of `fit_mixed_model`; without gaps. Every covariate and
        product of the later analysis should be here.
    imputations : int
        How many times missing scores will be filled, M.
    practices : str
        ``both``: a practice differs at all waves alike and at single waves, with two variances;
        ``practice``: at all waves alike; ``none``.
    burn_in, thin : int
        Sweeps of the sampler before the first draw, and between draws.
    seed : int
        The same seed gives the same bits, whatever is done with the draws later.
    baseline : object, optional
        The first wave, where it was before the programme; need not be said of a wave that is 0
        or less, or is called baseline. Or a column of numbers with the score before the first
        wave, the same in all rows of a person: it joins as a wave of its own and may have gaps.
    measured_after : sequence of str
        Columns known to be measured after the start: they are refused as covariates.
    by_arm : bool, optional
        Whether each arm has coefficients and a covariance of its own, or arms differ in their
        means at each wave alone. By default the first, where every arm has at every wave ten
        scores or more for each coefficient of the regression of a wave on the others and the
        covariates; which it was is told.

    Returns
    -------
    Draws
        For `impute`, as often as there are assumptions to try.

    Raises
    ------
    MissingError
        Columns or options cannot be used; every reason, with its column and its rows.

    Sources
    -------
    docs/methods/missing-scores.md; `splw_eval.stats.imputation.gibbs.draw_parameters` for the
    model, its priors and its sampler. Carpenter & Kenward 2013, Multiple imputation and its
    application, 3 and 9.
    """
    found = [
        *check_whole("imputations", imputations, least=2, for_example=20),
        *check_whole("burn_in", burn_in, least=0, for_example=BURN_IN),
        *check_whole("thin", thin, least=1, for_example=THIN),
        *check_whole("seed", seed, least=0, for_example=1),
        *check_word("practices", practices, PRACTICES),
        *_cannot_be_compared(practices, cluster, by_arm),
    ]
    inputs = read_draw_inputs(
        frame,
        outcome=outcome,
        person=person,
        wave=wave,
        arm=arm,
        cluster=cluster,
        covariates=covariates,
        baseline=baseline,
        measured_after=measured_after,
        by_arm=by_arm,
        more=found,
    )
    used = practices if cluster is not None else "none"
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0,)))
    parameters = draw_parameters(
        inputs.data,
        imputations=imputations,
        practices=used,
        burn_in=burn_in,
        thin=thin,
        by_arm=inputs.by_arm,
        rng=rng,
    )
    return Draws(
        inputs=inputs,
        parameters=parameters,
        practices=used,
        burn_in=burn_in,
        thin=thin,
        seed=seed,
        notes=tuple(_notes(inputs, used, by_arm)),
    )


def _cannot_be_compared(practices: Any, cluster: str | None, by_arm: Any) -> Iterator[Finding]:
    if by_arm is not None and not isinstance(by_arm, bool):
        yield finding("SN01", "by_arm= is neither True nor False", "Leave it out, or give one.")
    if practices == "practice" and cluster is None:
        remedy = "Name their column: cluster=."
        yield finding("SN01", "practices= is given, but no column of practices", remedy)


def _notes(inputs: DrawInputs, practices: str, by_arm: bool | None) -> Iterator[str]:
    data = inputs.data
    lost = ~data.observed
    yield (
        f"{data.people} people, {data.waves} waves; {int(lost.sum())} of {lost.size} scores are "
        f"missing, {int(lost[:, -1].sum())} of them at the last wave. A wave that is not yet due "
        "counts as missing here: leave it out beforehand."
    )
    unseen = int(lost.all(axis=1).sum())
    if unseen:
        yield (
            f"{unseen} people have no score at any wave: theirs rest on arm, practice and "
            "covariates alone."
        )
    if practices != "none" and data.practices < FEW_PRACTICES:
        yield (
            f"{data.practices} practices are few: how much they differ rests on the prior (half-t, "
            "scale half a standard deviation of the scores) too."
        )
    if data.arms > 1 and by_arm is None and not inputs.by_arm:
        yield (
            "Arms differ in their means at each wave and in nothing else: an arm has fewer than "
            f"{SCORES_PER_COEFFICIENT} scores at a wave for each coefficient of its own. "
            "by_arm=True gives each arm its own all the same."
        )
    yield from _apart(inputs)
    yield (
        "Missing at random is assumed until a strategy or points to add say otherwise: people "
        "alike in arm, practice, covariates and the scores seen have alike scores, seen or not. "
        "The data cannot tell."
    )
    if not inputs.before:
        yield (
            f'The first wave ("{inputs.waves[0]}") is not said to be before the programme, so a '
            "strategy may begin with it; if it was before, name it: baseline=."
        )


def _apart(inputs: DrawInputs) -> Iterator[str]:
    """Waves at which nobody of an arm was seen both times."""
    data = inputs.data
    for code, label in enumerate((inputs.arms if inputs.by_arm else ()) or ("",)):
        of_arm_rows = (data.arm == code) | (not label)
        seen = data.observed[of_arm_rows].astype(np.int64)
        never = np.argwhere(np.triu(seen.T @ seen == 0, 1))
        for one, other in never.tolist():
            of_arm = f' of the arm "{label}"' if label else ""
            yield (
                f'Nobody{of_arm} was seen both at "{inputs.waves[one]}" and at '
                f'"{inputs.waves[other]}": how the two go together rests on the prior.'
            )
