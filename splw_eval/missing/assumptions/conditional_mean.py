"""Arms compared after missing scores take their conditional means; practices left out in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.missing.assumptions.conditional_mean_words import method_of, notes_of
from splw_eval.missing.assumptions.house_rows import house_row
from splw_eval.missing.checks import check_level, check_word, finding, refuse
from splw_eval.missing.filling.assumed import read_assumed
from splw_eval.missing.filling.draw_inputs import DrawInputs, read_draw_inputs
from splw_eval.missing.plain_text import result_text
from splw_eval.stats.imputation.conditional_mean import (
    ConditionalMeans,
    Question,
    conditional_means,
)
from splw_eval.stats.imputation.reml_parameters import PRACTICES
from splw_eval.stats.imputation.strategies import STRATEGIES, Strategy, strategy_of

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ConditionalMean:
    """Difference of two arms at a wave, at random and under a strategy.

    Attributes
    ----------
    table : DataFrame
        One row for missing at random and one for each strategy: ``strategy term estimate
        std_error df statistic p_value conf_low conf_high n``, in outcome units.
    means : DataFrame
        One row for each strategy and arm: ``strategy arm n lost share_lost mean``, the mean of
        the completed scores at the wave, and how many were missing after the person left.
    replicates : DataFrame
        Estimates without each practice (or person), one column for each strategy.
    wave : str
    method : str
    notes : tuple of str
    n : int
        People.
    conf_level : float
    """

    table: pd.DataFrame
    means: pd.DataFrame
    replicates: pd.DataFrame
    wave: str
    method: str
    notes: tuple[str, ...]
    n: int
    conf_level: float

    def to_frame(self) -> pd.DataFrame:
        """The table, as a copy."""
        return self.table.copy()

    def __repr__(self) -> str:
        return f"<ConditionalMean: {len(self.table)} strategies, {self.n} people>"

    def __str__(self) -> str:
        term = self.table["term"].iloc[0]
        title = f"{term} at wave {self.wave}, by conditional means; {self.n} people"
        shown = self.table.drop(columns=["term", "statistic", "n"])
        return result_text(title, shown, self.method, self.notes)


def conditional_mean(  # noqa: PLR0913 - each is a choice that a reader of the result must see
    frame: pd.DataFrame,
    *,
    outcome: str,
    person: str,
    wave: str,
    arm: str,
    at: Any,
    cluster: str | None = None,
    covariates: Sequence[str] | str = (),
    strategy: str | Strategy | Callable[..., Array] | Sequence[str] = "MAR",
    reference: Any = None,
    ended: str | None = None,
    times: Mapping[Any, float] | None = None,
    practices: str = "both",
    by_arm: bool | None = None,
    baseline: Any = None,
    measured_after: Sequence[str] | str = (),
    seed: int = 1,
    conf_level: float = 0.95,
) -> ConditionalMean:
    """Compare two arms at a wave under a strategy for missing scores, without drawing any.

    Parameters
    ----------
    frame : DataFrame
        One row for each person and wave; a row without a score, and no row, are the same.
    outcome, person, wave, arm : str
        Columns; there are two arms.
    at : object
        Wave of the comparison.
    cluster : str, optional
        Column of practices.
    covariates : sequence of str
        Columns known at the start, without gaps; the comparison is adjusted for them.
    strategy : str, callable, or sequence of them
        ``J2R``, ``CIR``, ``CR``, ``LMCF`` or their long names, or a function as in
        `Strategy.means`; shown beside ``MAR`` in any case. It holds for the arm that is not
        the reference; scores of the reference arm are missing at random.
    reference : object, optional
        The arm compared with; by default the first in order, which a note says.
    ended : str, optional
        Column of the last wave (or, with waves that are numbers or `times`, the time) before
        the programme ended for a person, empty where it did not: only scores missing after it
        follow the strategy. By default all that are missing after the last score seen.
    times : mapping of wave to number, optional
        When each wave was, on the scale of `ended`.
    practices : str
        Effects of practices: ``both`` (at all waves alike, and at each), ``practice``, ``none``.
    by_arm : bool, optional
        Whether people of each arm have a covariance of their own; by default where each arm has
        scores enough, by the rule of `draw`. Which it was is told.
    baseline : object, optional
        The first wave where it was before the programme, or the column of a score before it, as
        `draw` takes it. The comparison is adjusted for that score, and no strategy changes it.
    measured_after : sequence of str
        Columns known to be measured after the start: they are refused as covariates.
    seed : int
        Of groups of people, where there are no practices and more than 500 people.
    conf_level : float

    Returns
    -------
    ConditionalMean

    Raises
    ------
    MissingError
        Columns or options cannot be used: every reason, with its column and its rows.
    FitError
        The scores do not carry the model, with everybody or without a practice.

    Sources
    -------
    Wolbers and others 2022, Pharm Stat 21:1246; Carpenter, Roger & Kenward 2013, J Biopharm Stat
    23:1352. docs/methods/missing-scores.md.
    """
    asked, faults = read_strategies(strategy)
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
        more=[
            *check_level(conf_level),
            *check_word("practices", practices, PRACTICES),
            *_check_by_arm(by_arm),
            *faults,
        ],
    )
    refuse(_cannot_be_compared(inputs, at))
    assumed = read_assumed(
        inputs,
        strategy="MAR",
        reference=reference,
        arms=None,
        ended=ended,
        times=times,
        delta=None,
    )
    question = Question(
        strategies=asked,
        at=inputs.levels.index(at),
        after=assumed.after,
        reference=assumed.reference or 0,
        baseline=inputs.before,
    )
    made = conditional_means(
        inputs.data, question, practices=practices, by_arm=inputs.by_arm, seed=seed
    )
    told = notes_of(
        made,
        inputs,
        question,
        named=reference is not None,
        by_rule=by_arm is None,
        ended=ended,
    )
    return _result(made, inputs, question, conf_level, tuple(told))


def _cannot_be_compared(inputs: DrawInputs, at: Any) -> Iterator[Finding]:
    if len(inputs.arms) != 2:  # noqa: PLR2004 - a comparison is of two
        remedy = "Keep the rows of the two arms that are to be compared."
        problem = f"there are {len(inputs.arms)} arms, not two"
        yield finding("SN06", problem, remedy, column=inputs.arm or "")
    first = int(inputs.before)
    if at not in inputs.levels[first:]:
        remedy = f"There are: {', '.join(inputs.waves[first:])}."
        yield finding("SN01", "at= is no wave that can be compared", remedy, column=inputs.wave)


def _check_by_arm(by_arm: Any) -> Iterator[Finding]:
    if by_arm is not None and not isinstance(by_arm, bool):
        yield finding("SN01", "by_arm= is neither True nor False", "Leave it out, or give one.")


def read_strategies(asked: Any) -> tuple[tuple[Strategy, ...], list[Finding]]:
    """Missing at random and the strategies asked for, each once, and what is wrong with them.

    Parameters
    ----------
    asked : object

    Returns
    -------
    strategies : tuple of Strategy
    findings : list of Finding
    """
    several = list(asked) if isinstance(asked, list | tuple) else [asked]
    found: list[Finding] = []
    kept = [STRATEGIES["MAR"]]
    for one in several:
        try:
            made = strategy_of(one)
        except FitError as error:
            found.append(finding("SN16", error.message.rstrip("."), error.remedy))
            continue
        if made not in kept:
            kept.append(made)
    return tuple(kept), found


def _result(
    made: ConditionalMeans,
    inputs: DrawInputs,
    question: Question,
    conf_level: float,
    notes: tuple[str, ...],
) -> ConditionalMean:
    import pandas as pd

    names = [strategy.name for strategy in question.strategies]
    to = question.reference
    term = f"{inputs.arms[1 - to]} - {inputs.arms[to]}"
    lines = [
        {"strategy": name, **house_row(term, float(e), float(s), made.df, made.n, conf_level)}
        for name, e, s in zip(names, made.estimate[:, 0], made.std_error[:, 0], strict=True)
    ]
    return ConditionalMean(
        table=pd.DataFrame(lines),
        means=pd.DataFrame(_means(made, inputs, question)),
        replicates=pd.DataFrame(made.replicates[:, :, 0], columns=names),
        wave=inputs.waves[question.at],
        method=method_of(made, inputs, question),
        notes=notes,
        n=made.n,
        conf_level=conf_level,
    )


def _means(
    made: ConditionalMeans, inputs: DrawInputs, question: Question
) -> Iterator[dict[str, Any]]:
    data = inputs.data
    lost = ~data.observed[:, question.at] & (question.at >= question.after)
    for place, strategy in enumerate(question.strategies):
        for code, name in enumerate(inputs.arms):
            there = data.arm == code
            yield {
                "strategy": strategy.name,
                "arm": name,
                "n": int(there.sum()),
                "lost": int((lost & there).sum()),
                "share_lost": float(lost[there].mean()),
                "mean": float(made.means[place, code]),
            }
