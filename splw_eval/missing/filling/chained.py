"""Chained equations for numbers, yes/no and ordered answers, in each arm by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.missing.checks import TELLER, check_whole, check_word, finding, refuse
from splw_eval.missing.filling.chained_columns import KINDS, ReadColumn, read_columns
from splw_eval.missing.filling.chained_record import ChainedImputations
from splw_eval.missing.loss.people_before import columns_of, covariates_named
from splw_eval.models.person_rows import PersonRows, read_person_rows
from splw_eval.stats.imputation.chained import ChainColumn, ChainDraw, complete_by_chain

if TYPE_CHECKING:
    import pandas as pd

_PRACTICES = (
    "Each practice has a column of its own in the models: with small practices this errs towards "
    "wide limits, whereas leaving practices out errs towards narrow ones (Andridge 2011)."
)


_AT_RANDOM = (
    "This takes scores to be missing at random: given the columns and covariates named here, those "
    "without an answer are like those with one. Nothing in the data can show that."
)
_CHAINED = "Chained equations, missing at random"


def impute_chained(
    frame: pd.DataFrame,
    *,
    columns: Mapping[str, str],
    covariates: Sequence[str] | str = (),
    group: str | None = None,
    cluster: str | None = None,
    imputations: int = 20,
    sweeps: int = 10,
    seed: int = 1,
) -> ChainedImputations:
    """Complete columns by chained equations.

    Parameters
    ----------
    frame : DataFrame
        One row for each person; scores of several waves in columns of their own.
    columns : mapping of str to str
        Columns to be completed and what they are: ``number`` (normal draws), ``matched``
        (numbers taken from people alike, which keeps range and steps), ``binary`` (two
        values) or ``ordinal`` (numbers, or pandas' ordered categories). All columns of the
        analysis must be here or among the covariates, the outcome too, or else what joins
        them is lost.
    covariates : sequence of str, or str
        Complete columns that help to foretell the others: names (``C(name)`` for numbers that
        stand for categories), or a formula.
    group : str, optional
        Column of the arm: each arm is completed by itself, so that effects may differ.
    cluster : str, optional
        Column of practices: each has a column of its own in the models.
    imputations : int
        Completed data sets, M; the first of them do not depend on how many there are.
    sweeps : int
        Times that all columns are gone through for each data set.
    seed : int

    Returns
    -------
    ChainedImputations
        For `analyse`: iteration gives the completed frames.

    Raises
    ------
    MissingError
        Columns or options cannot be used: every reason at once.

    Notes
    -----
    statsmodels' MICE (0.15) completes by matching among 20 donors only, has no model for
    ordered answers, stops or runs away where an answer is foretold without fail, and builds
    its formulas anew at each step, which takes minutes with thousands of people; so it is not
    used here. The models are those of R's mice (norm, pmm, logreg, polr), but parameters of
    ordered answers are drawn too: tests/reference compares them. For scores of several waves
    that are nearly normal `draw` and `impute` are the first choice. Sources: van Buuren 2007,
    Stat Methods Med Res 16:219; White, Royston & Wood 2011, Stat Med 30:377; Andridge 2011,
    Biom J 53:57.
    """
    refuse([*_options(columns, imputations, sweeps, seed), *_covariates(covariates)])
    rows = read_person_rows(
        frame,
        TELLER,
        "SN",
        covariates=covariates,
        stratum=group or "",
        cluster=cluster or "",
        more=_unusable(frame, columns, covariates, group, cluster),
    )
    if rows.n < len(frame):
        refuse(_gaps(frame, covariates, rows))
    arm = np.zeros(rows.n, dtype=np.int64) if rows.stratum is None else rows.stratum.codes
    read = read_columns(frame, columns, arm)
    drawn = _drawn(rows, read, arm, imputations, sweeps, seed)
    values = {
        column.name: np.array([one.values[k][column.missing] for one in drawn])
        for k, column in enumerate(read)
    }
    return ChainedImputations(
        source=frame,
        columns=tuple(read),
        drawn=values,
        trace=np.array([one.trace for one in drawn]),
        n=rows.n,
        seed=seed,
        method=_method(columns, group, imputations, sweeps),
        notes=(
            _AT_RANDOM,
            *([_PRACTICES] if cluster else ["Practices play no part in the models."]),
            *_notes(read, drawn),
        ),
    )


def _options(columns: Any, imputations: Any, sweeps: Any, seed: Any) -> Iterator[Finding]:
    yield from check_whole("imputations", imputations, least=2, for_example=20)
    yield from check_whole("sweeps", sweeps, least=1, for_example=10)
    yield from check_whole("seed", seed, least=0, for_example=1)
    if not isinstance(columns, Mapping) or not columns:
        remedy = 'Write for example columns={"employed": "binary"}.'
        yield finding("SN01", "columns= names no column and its kind", remedy)
        return
    for name, kind in columns.items():
        yield from check_word(f"columns[{name}]", kind, KINDS)


def _covariates(covariates: Any) -> list[Finding]:
    """What is wrong with covariates that are no formula; formulas are read with the columns."""
    return [] if isinstance(covariates, str) else covariates_named(covariates)[2]


def _unusable(
    frame: pd.DataFrame,
    columns: Mapping[str, str],
    covariates: Sequence[str] | str,
    group: str | None,
    cluster: str | None,
) -> Iterator[Finding]:
    """Columns to be completed that are not there, or that are something else too."""
    named = {group, cluster, *([] if isinstance(covariates, str) else covariates)}
    for name in columns:
        count = int((frame.columns == name).sum())
        if count != 1:
            problem = (
                "the data frame has no such column" if not count else "several columns have it"
            )
            yield finding("SN02", problem, "Look at its spelling.", column=str(name))
        if name in named:
            problem = "a column to be completed is a covariate, the group or the practice too"
            yield finding("SN01", problem, "Name it once.", column=str(name))


def _gaps(
    frame: pd.DataFrame, covariates: Sequence[str] | str, rows: PersonRows
) -> Iterator[Finding]:
    """Covariates that are missing somewhere, each by name."""
    remedy = "Name it in columns=, so that it is completed too."
    told = False
    for name in columns_of(frame, covariates_named(covariates)[1]):
        gaps = np.flatnonzero(frame[name].isna()) if name in frame else np.array([])
        if len(gaps):
            told = True
            problem = "a covariate with gaps"
            yield finding("SN42", problem, remedy, column=name, rows=gaps, of_rows=len(frame))
    if not told:
        lost = len(frame) - rows.n
        yield finding("SN42", f"a covariate is missing in {lost} of {len(frame)} rows", remedy)


def _drawn(
    rows: PersonRows,
    read: Sequence[ReadColumn],
    arm: Any,
    imputations: int,
    sweeps: int,
    seed: int,
) -> list[ChainDraw]:
    """Every data set from a stream of chance of its own, the arms each by itself."""
    found = []
    for stream in np.random.SeedSequence(seed).spawn(imputations):
        generator = np.random.default_rng(stream)
        whole = [column.values.copy() for column in read]
        traces = []
        for code in range(int(arm.max()) + 1):
            inside = np.flatnonzero(arm == code)
            try:
                one = complete_by_chain(
                    [
                        ChainColumn(kind=c.model, values=c.values[inside], levels=len(c.levels))
                        for c in read
                    ],
                    np.asarray(rows.X[inside], dtype=np.float64),
                    practice=None if rows.cluster is None else rows.cluster.codes[inside],
                    sweeps=sweeps,
                    generator=generator,
                )
            except FitError as error:
                remedy = "Take fewer columns and covariates, or join rare levels."
                problem = f"an equation cannot be fitted: {error.message.rstrip('.')}"
                refuse([finding("SN42", problem, remedy)])
                raise
            for values, part in zip(whole, one.values, strict=True):
                values[inside] = part
            traces.append(one.trace)
        found.append(ChainDraw(values=tuple(whole), trace=_mean_trace(traces)))
    return found


def _mean_trace(traces: Sequence[Any]) -> Any:
    """Mean over the arms of those that had gaps."""
    known = np.array(traces)
    counts = (~np.isnan(known)).sum(axis=0)
    total = np.nansum(known, axis=0)
    return np.divide(total, counts, out=np.full(total.shape, np.nan), where=counts > 0)


def _method(columns: Mapping[str, str], group: str | None, imputations: int, sweeps: int) -> str:
    kinds = ", ".join(f"{name} ({kind})" for name, kind in columns.items())
    inside = f", within each {group}" if group else ""
    return f"{_CHAINED}{inside}, {imputations} data sets of {sweeps} sweeps: {kinds}"


def _notes(read: Sequence[ReadColumn], drawn: Sequence[ChainDraw]) -> Iterator[str]:
    """What was complete already, and what still moved when the sweeps ended."""
    whole = [column.name for column in read if not column.missing.any()]
    if whole:
        yield f"Nothing was missing in {', '.join(whole)}."
    traces = np.array([one.trace for one in drawn])
    sets, sweeps = traces.shape[:2]
    if sets < _CHAINS or sweeps < _SWEEPS:
        return
    moved = traces[:, -1] - traces[:, sweeps // 2 - 1]
    spread = moved.std(axis=0, ddof=1) / np.sqrt(sets)
    for place, column in enumerate(read):
        if column.missing.any() and abs(moved[:, place].mean()) > _FAR * spread[place]:
            yield (
                f'What was drawn for "{column.name}" still moved when the sweeps ended: take more '
                "of them."
            )


_CHAINS, _SWEEPS, _FAR = 5, 4, 4.0
