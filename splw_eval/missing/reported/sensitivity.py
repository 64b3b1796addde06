"""The main answer beside the same comparison under other assumptions about people lost."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from splw_eval.core.errors import FitError
from splw_eval.core.missing_rows import SensitivityRow
from splw_eval.core.model_rows import PRIMARY
from splw_eval.core.result import Note, Result
from splw_eval.core.rows import FEW_DF
from splw_eval.data import Study
from splw_eval.describe.comparison.contrasts import METHOD
from splw_eval.describe.comparison.fits import OutcomeFit, fits_of
from splw_eval.describe.comparison.told import clusters_of
from splw_eval.describe.comparison.wanted import estimated, wanted_of
from splw_eval.missing.reported.compared import FEW, Compared, Told, compared_in, under
from splw_eval.missing.reported.drawing import UNFIT
from splw_eval.missing.reported.filled import Filled, filled_of, once, why_not
from splw_eval.missing.reported.words import (
    CHOSEN_HERE,
    HELD,
    LITTLE_KNOWN,
    NOBODY_LOST,
    SOURCES,
    assumed,
    shared_notes,
)

MAIN, COMPLETE, AT_RANDOM = "Main answer", "Complete cases", "MAR"
NO_COMPLETE = "those measured do not carry the comparison by themselves, so it is left out."
DEFAULT_STRATEGIES = ("J2R", "CIR")
_SLOPE = "The main answer is a slope over all waves, so it does not stand beside these."
_NOT_MAIN = "The model of the main answer could not be fitted, so it does not stand beside these."


def describe_sensitivity(study: Study) -> Result[SensitivityRow]:
    """Give the main difference under each assumption about people who were lost.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of SensitivityRow
        For each group of the programme: the main answer, complete cases, missing at random, then
        the plan's strategies. Without rows where nobody was lost or nothing can be filled in; a
        note says why.
    """
    filled = filled_of(study)
    if isinstance(filled, tuple):
        return _result((), filled)
    rows: list[SensitivityRow] = []
    notes: list[Note] = []
    for compared in compared_in(filled):
        if not sum(compared.lost()):
            notes.append(Note(text=f"{compared.words}: {NOBODY_LOST}"))
            continue
        try:
            rows += _rows(compared)
        except UNFIT as error:
            notes += why_not(error)
            continue
        if not any(row.compared == compared.words and row.strategy == COMPLETE for row in rows):
            notes.append(Note(text=f"{compared.words}: {NO_COMPLETE}"))
    if rows:
        notes += _notes(filled, rows)
    return _result(tuple(rows), once(notes))


def _result(rows: tuple[SensitivityRow, ...], notes: tuple[Note, ...]) -> Result[SensitivityRow]:
    return Result(
        key="sensitivity",
        title="The answer under other assumptions about people who were lost",
        unit="points of the score",
        row_type=SensitivityRow,
        rows=rows,
        notes=notes,
        sources=SOURCES if rows else (),
    )


def strategies_of(study: Study) -> tuple[str, ...]:
    """Give the plan's strategies, or those of the package where it has no [missing].

    Parameters
    ----------
    study : Study

    Returns
    -------
    tuple of str
    """
    return study.plan.strategies if study.plan.missing else DEFAULT_STRATEGIES


def _rows(compared: Compared) -> Iterator[SensitivityRow]:
    study = compared.filled.study
    fit = next(iter(fits_of(study)))
    yield from _main(compared, fit)
    with contextlib.suppress(FitError):  # where those measured do not carry it, it is left out
        yield _row(compared, COMPLETE, compared.of_complete(), n=int(compared.complete.sum()))
    for strategy in (AT_RANDOM, *strategies_of(study)):
        imputations = under(compared.filled, strategy)
        pooled = compared.shifted(imputations).pooled([[0.0, 0.0]])
        found = compared.told(
            float(pooled.estimate[0]), float(pooled.std_error[0]), float(pooled.df[0])
        )
        yield _row(
            compared,
            strategy,
            found,
            n=int(compared.who.sum()),
            filled=sum(compared.lost()),
            moved=int((compared.moved(imputations)[0] > 0).sum()),
            unknown=100 * float(pooled.missing_information[0]),
        )


def _main(compared: Compared, fit: OutcomeFit) -> Iterator[SensitivityRow]:
    """The answer of the report's own model, where it has one."""
    if fit.model is None:
        return
    study = compared.filled.study
    wanted = next((w for w in wanted_of(study, fit) if w.part == PRIMARY), None)
    if wanted is None or wanted.kind == "slope":
        return
    for found in estimated(study, fit, wanted):
        if found.arm != compared.arm:
            continue
        told = found.conf_low is not None and found.conf_high is not None
        main = Told(
            estimate=found.estimate,
            std_error=found.std_error if told else None,
            df=found.df,
            p_value=None,
            conf_low=found.conf_low,
            conf_high=found.conf_high,
            interval=METHOD if told else FEW,
        )
        yield _row(compared, MAIN, main, n=found.n, clusters=clusters_of(fit))


def _row(
    compared: Compared,
    strategy: str,
    found: Told,
    *,
    n: int,
    filled: int | None = None,
    moved: int = 0,
    unknown: float | None = None,
    clusters: int | None = None,
) -> SensitivityRow:
    study = compared.filled.study
    lost = [n for n in (*compared.lost(), moved) if n]
    return SensitivityRow(
        outcome=study.plan.primary.name,
        compared=compared.words,
        when=compared.pair.when,
        strategy=strategy,
        assumption=assumed(
            strategy,
            compared.pair.groups,
            practices=compared.filled.draws.data.practice is not None,
            helps=bool(compared.filled.draws.inputs.covariates),
        ),
        default="yes" if strategy == MAIN else "no",
        n=n,
        filled_in=filled,
        n_fewest=min(compared.smaller(), *lost) if strategy != MAIN else compared.smaller(),
        estimate=found.estimate,
        std_error=found.std_error,
        conf_low=found.conf_low,
        conf_high=found.conf_high,
        p_value=found.p_value,
        df=_rounded(found.df),
        fraction_missing=unknown,
        imputations=None if filled is None else compared.filled.draws.imputations,
        clusters=clusters if strategy == MAIN else compared.clusters,
        interval=found.interval,
    )


def _rounded(df: float | None) -> float | None:
    """Degrees of freedom with two figures from 100 on: more would count people."""
    if df is None or df < 100:  # noqa: PLR2004 - no interval tells such from each other
        return df
    return None if df == float("inf") else float(f"{df:.1e}")


def _notes(filled: Filled, rows: list[SensitivityRow]) -> Iterator[Note]:
    if filled.study.plan.missing is None:
        yield Note(text=CHOSEN_HERE)
    yield Note(text=HELD)
    if not any(row.strategy == MAIN for row in rows):
        slope = filled.study.plan.estimand.contrast.kind == "slope"
        yield Note(text=_SLOPE if slope else _NOT_MAIN)
    if any(row.df is not None and row.df < FEW_DF for row in rows):
        yield Note(text=LITTLE_KNOWN)
    yield from shared_notes(filled)
