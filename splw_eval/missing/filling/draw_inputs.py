"""Scores, covariates, arms and practices as arrays for the imputation model, checked together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.missing.checks import finding, refuse, where
from splw_eval.missing.loss.wave_scores import WaveScores, read_wave_scores
from splw_eval.models.design import read_columns
from splw_eval.models.fixed_part import fixed_part_of
from splw_eval.models.formula import Formula, parse_formula
from splw_eval.models.specification import BaselineAsked
from splw_eval.models.variables import is_numeric, level_codes, level_label, numbers
from splw_eval.stats.imputation.alike_arms import enough_by_arm, joined_arms
from splw_eval.stats.imputation.layout import WaveData
from splw_eval.stats.imputation.pattern_sums import tied, unidentified

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
_ALIKE = 1e-12  # of the size of scores: less is rounding


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawInputs:
    """What the imputation model is given.

    Attributes
    ----------
    data : WaveData
        People in order of their labels.
    terms : tuple of str, length q
        Columns of the covariates, the intercept first.
    covariates : tuple of str
        Columns of the frame that they are made from.
    waves : tuple of str, length J
    levels : tuple, length J
        The same as the column holds them; the name of the column for a baseline that is one.
    arms, practices : tuple of str
        Labels in order of the codes; empty without the column.
    arm_levels, practice_levels : tuple
        The same as the columns hold them.
    persons : tuple
        As the column holds them.
    people : DataFrame
        One row for each person: arm, practice, covariates.
    before : bool
        Whether the first wave is before the programme.
    by_arm : bool
        Whether each arm has coefficients and a covariance of its own.
    outcome, person, wave : str
    arm, cluster, baseline : str or None
        Columns; ``baseline`` only where the baseline is a column of its own.
    frame : DataFrame
        As it was given.
    """

    data: WaveData
    terms: tuple[str, ...]
    covariates: tuple[str, ...]
    waves: tuple[str, ...]
    levels: tuple[Any, ...]
    arms: tuple[str, ...]
    practices: tuple[str, ...]
    arm_levels: tuple[Any, ...]
    practice_levels: tuple[Any, ...]
    persons: tuple[Any, ...]
    people: pd.DataFrame
    before: bool
    by_arm: bool
    outcome: str
    person: str
    wave: str
    arm: str | None
    cluster: str | None
    baseline: str | None
    frame: pd.DataFrame


def read_draw_inputs(  # noqa: PLR0913 - as `draw`
    frame: pd.DataFrame,
    *,
    outcome: str,
    person: str,
    wave: str,
    arm: str | None,
    cluster: str | None,
    covariates: Sequence[str] | str,
    baseline: Any,
    measured_after: Sequence[str] | str,
    by_arm: bool | None = None,
    more: Iterable[Finding] = (),
) -> DrawInputs:
    """Read the columns of the imputation model.

    Parameters
    ----------
    frame, outcome, person, wave, arm, cluster, covariates, baseline, measured_after, by_arm
        As `draw` takes them.
    more : iterable of Finding
        Of the options, to be told with those of the columns.

    Returns
    -------
    DrawInputs

    Raises
    ------
    MissingError
        With everything found wrong, each with its column and its rows counted from 1.
    """
    found = list(more)
    if not hasattr(frame, "columns") or not hasattr(frame, "iloc"):
        remedy = "Give a pandas DataFrame."
        refuse([*found, finding("SN01", "what was given is no data frame", remedy)])
    formula = _formula(frame, covariates, found)
    named = formula.columns if formula else ()
    found += _too_late(named, measured_after)
    column = baseline if isinstance(baseline, str) and baseline in frame.columns else None
    read = read_wave_scores(
        frame,
        outcome=outcome,
        person=person,
        wave=wave,
        arm=arm,
        cluster=cluster,
        covariates=[*named, *([column] if column else [])],
        more=found,
        least=1,
    )
    assert formula is not None
    faults = [*_gaps(frame, read, person, named), *_baseline(read, baseline, column)]
    faults += _all_alike(read, outcome)
    refuse([*faults, *_one_practice(read, cluster)])
    data, terms = _data(read, formula, column)
    labels = tuple([column, *read.waves] if column else read.waves)
    arms = tuple(level_label(level) for level in read.arm.levels) if read.arm else ()
    apart = enough_by_arm(data) if by_arm is None else by_arm
    refuse(_nobody(data, labels, arms, outcome))
    refuse(_too_few(data if apart else joined_arms(data), labels, arms if apart else (), outcome))
    return DrawInputs(
        data=data,
        terms=terms,
        covariates=named,
        waves=labels,
        levels=tuple([column, *read.levels] if column else read.levels),
        arms=arms,
        practices=tuple(map(level_label, read.cluster.levels)) if read.cluster else (),
        arm_levels=read.arm.levels if read.arm else (),
        practice_levels=read.cluster.levels if read.cluster else (),
        persons=read.persons,
        people=read.people,
        before=column is not None or _known(read, baseline),
        by_arm=apart,
        outcome=outcome,
        person=person,
        wave=wave,
        arm=arm,
        cluster=cluster,
        baseline=column,
        frame=frame,
    )


def _formula(
    frame: pd.DataFrame, covariates: Sequence[str] | str, found: list[Finding]
) -> Formula | None:
    if not isinstance(covariates, str):
        if not isinstance(covariates, Iterable):
            remedy = 'Give a list of columns or a formula such as "age + sex", or leave it out.'
            found.append(finding("SN01", "covariates= is no list and no formula", remedy))
            return None
        known = set(frame.columns)
        covariates = " + ".join(f"`{name}`" if name in known else str(name) for name in covariates)
    try:
        read = parse_formula(covariates or "1")
    except FitError as error:
        found.append(finding("SN01", error.message.rstrip("."), error.remedy))
        return None
    if not read.intercept:
        found.append(finding("SN01", "covariates= has no intercept", 'Leave out "0" or "- 1".'))
    return read


def _too_late(named: Sequence[str], measured_after: Sequence[str] | str) -> Iterator[Finding]:
    later = [measured_after] if isinstance(measured_after, str) else measured_after
    for name in named:
        if name in later:
            remedy = "Leave it out; a later score of the same kind joins as a wave."
            yield finding("SN01", "the covariate is measured after the start", remedy, column=name)


def _gaps(
    frame: pd.DataFrame, read: WaveScores, person: str, named: Sequence[str]
) -> Iterator[Finding]:
    who = level_codes(frame[person])[0]
    for name in named:
        lost = read.people[name].isna().to_numpy()
        remedy = "Fill it in, or leave those people out and say so."
        if is_numeric(read.people[name]):
            remedy += (
                " A score at the start may have gaps as a wave of its own: name its column as "
                "baseline=, or give it rows with the earliest wave."
            )
        else:
            remedy += ' A category may have a level of its own, such as "not known".'
        yield from where("SN10", lost[who], "people without the covariate", remedy, column=name)


def _one_practice(read: WaveScores, cluster: str | None) -> Iterator[Finding]:
    if read.cluster is not None and read.cluster.count < 2:  # noqa: PLR2004 - nothing to compare
        remedy = "Leave cluster= out: people are then the units."
        yield finding("SN08", "there is one practice only", remedy, column=str(cluster))


def _baseline(read: WaveScores, baseline: Any, column: str | None) -> Iterator[Finding]:
    if column is not None:
        if not is_numeric(read.people[column]):
            remedy = "Give the score before the first wave as numbers."
            yield finding("SN13", "the baseline holds no numbers", remedy, column=column)
        elif read.people[column].isna().all():
            yield finding("SN13", "the baseline is empty", "Look at the column.", column=column)
    elif baseline is not None and baseline != read.levels[0]:
        remedy = f'Name the first wave ("{read.waves[0]}"), or a column of the frame.'
        yield finding("SN12", "baseline= is neither the first wave nor a column", remedy)


def _known(read: WaveScores, baseline: Any) -> bool:
    """Whether the first wave is before the programme."""
    asked = BaselineAsked(
        baseline=None, allocation=None, recruited=None, wave=baseline, waves=read.levels
    )
    return asked.known


def _data(
    read: WaveScores, formula: Formula, column: str | None
) -> tuple[WaveData, tuple[str, ...]]:
    columns = read_columns(read.people, formula)
    part = fixed_part_of(formula, {factor: variable for factor, (variable, _) in columns.items()})
    x = part.matrix({factor: values for factor, (_, values) in columns.items()}, read.n)
    y = read.scores
    if column is not None:
        y = np.column_stack([numbers(read.people[column], column), y])
    made = WaveData(
        y=np.asarray(y, dtype=np.float64),
        x=np.asarray(x, dtype=np.float64),
        arm=read.arm.codes if read.arm else np.zeros(read.n, dtype=np.int64),
        arms=read.arm.count if read.arm else 1,
        practice=read.cluster.codes if read.cluster else None,
        practices=read.cluster.count if read.cluster else 0,
    )
    return made, part.names


def _all_alike(read: WaveScores, outcome: str) -> Iterator[Finding]:
    seen = read.scores[read.measured]
    if np.ptp(seen) <= _ALIKE * max(float(np.abs(seen).max()), 1.0):
        remedy = "Missing scores of such an outcome need no model; look at the column."
        yield finding("SN03", "all scores that were seen are the same", remedy, column=outcome)


def _nobody(
    data: WaveData, waves: Sequence[str], arms: Sequence[str], outcome: str
) -> Iterator[Finding]:
    """Waves at which nobody was seen, or nobody of an arm."""
    seen = np.stack([data.observed[data.arm == arm].sum(axis=0) for arm in range(data.arms)])
    remedy = "Leave the wave out, or the arm."
    for place, wave in enumerate(waves):
        if not seen[:, place].any():
            problem = f'nobody has a score at "{wave}"'
            yield finding("SN11", problem, "Leave the wave out.", column=outcome)
            continue
        for code in np.flatnonzero(seen[:, place] == 0).tolist():
            problem = f'nobody has a score at "{wave}" in the arm "{arms[code]}"'
            yield finding("SN11", problem, remedy, column=outcome)


def _too_few(
    data: WaveData, waves: Sequence[str], arms: Sequence[str], outcome: str
) -> Iterator[Finding]:
    if tied(data.x):
        remedy = "Leave the covariate out that the others make up."
        yield finding("SN11", "a covariate follows from the others, or from the arm", remedy)
        return
    for code, place in unidentified(data):
        where_seen = f'at "{waves[place]}"' + (f' in the arm "{arms[code]}"' if arms else "")
        count = int((data.observed[:, place] & (data.arm == code)).sum())
        problem = f"the {count} scores {where_seen} do not tell the covariates apart"
        remedy = "Leave a covariate out, join its rare categories, or leave the wave out."
        yield finding("SN11", problem, remedy, column=outcome)
