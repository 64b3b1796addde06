"""Who changed beyond the error of measurement, and who crossed a cut-off with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from splw_eval.core.plan import Outcome, Wave
from splw_eval.core.quality_rows import ReliableChangeRow
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.cells import Cell, cells
from splw_eval.describe.instrument_card import score_of
from splw_eval.describe.keyed_items import keyed_items, looked_up
from splw_eval.describe.maxima import changes_out_of, of_the_scale, top_of
from splw_eval.describe.reliability import consistency
from splw_eval.describe.sources import ALPHA, RELIABLE_CHANGE
from splw_eval.instruments.meanings import Norm
from splw_eval.stats.reliable_change import (
    ReliableChange,
    classify_change,
    clinical_cutoffs,
    fit_reliable_change,
)

FROM_ALPHA = "Cronbach's alpha of these people at the start: internal consistency"
NO_CUTOFF = "none: no mean and SD of people at large are known"
_SD = re.compile(r"SD (\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppliedReliability:
    """A reliability from elsewhere, such as a test-retest coefficient.

    Attributes
    ----------
    value : float
        At least 0 and below 1.
    source : str
        Paper, population and kind, such as test-retest over 2 weeks.
    """

    value: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What counts as reliable, and as recovered, for one outcome.

    Attributes
    ----------
    change : ReliableChange
    n : int
        People whose SD it rests on.
    reliability_from : str
    cutoff : float or None
    cutoff_from : str
    out_of : float
        Highest possible score of those whom it is for.
    """

    change: ReliableChange
    n: int
    reliability_from: str
    cutoff: float | None
    cutoff_from: str
    out_of: float


def describe_reliable_change(
    study: Study, *, reliability: Mapping[str, SuppliedReliability] | None = None
) -> Result[ReliableChangeRow]:
    """Count who recovered, improved, stayed and deteriorated.

    Parameters
    ----------
    study : Study
    reliability : mapping of str to SuppliedReliability, optional
        By outcome; used in place of alpha. With it no items are needed.

    Returns
    -------
    Result of ReliableChangeRow
        One row for each outcome with a reliability, arm and wave after baseline.
    """
    supplied = reliability or {}
    measures, without = {}, []
    for outcome in study.plan.outcomes:
        found = _measure(study, outcome, supplied.get(outcome.name))
        if isinstance(found, Measure):
            measures[outcome.name] = found
        else:
            without.append(Note(text=f"{outcome.label}: nobody is counted, as {found}."))
    rows = tuple(
        _row(cell, wave, code, measures[cell.outcome.name])
        for cell in cells(study)
        for code, wave in enumerate(study.plan.waves)
        if code > 0 and cell.outcome.name in measures
    )
    return Result(
        key="reliable_change",
        title="Who changed beyond the error of measurement",
        unit="people",
        row_type=ReliableChangeRow,
        rows=rows,
        notes=(
            *(_NOTES if rows else ()),
            *without,
            *_approximate(study, measures),
            *(changes_out_of(study) if rows else ()),
        ),
        sources=tuple(_sources(measures)) if rows else (),
    )


_NOTES = (
    Note(
        text="A change is reliable where it is larger than the error of measurement of two scores "
        "would make it in 95 of 100 people whose state had not changed. It need not matter to the "
        "person, and nothing here says why it came about. By chance alone about 2 or 3 in 100 "
        "would seem better, and as many worse; people who were chosen at their worst come back "
        "towards the middle."
    ),
    Note(
        text="Where the reliability is Cronbach's alpha, it knows how far items agree on one day, "
        "and not how far a score moves from week to week by itself; so the threshold may be too "
        "low. Recovered are those who are reliably better and crossed the cut-off; improved are "
        "the other reliably better ones. Without a cut-off nobody is counted as recovered."
    ),
)


def _approximate(study: Study, measures: Mapping[str, Measure]) -> Iterator[Note]:
    """Yield what to know of alphas that are of other scores than those that changed."""
    for outcome in study.plan.outcomes:
        found = measures.get(outcome.name)
        held = keyed_items(study, outcome) if found else None
        note = looked_up(outcome, held) if held else None
        if found and found.reliability_from == FROM_ALPHA and note:
            yield note


def _measure(study: Study, outcome: Outcome, supplied: SuppliedReliability | None) -> Measure | str:
    """What counts as reliable, or why nothing does."""
    start = study.scores[outcome.name][:, 0]
    if supplied is not None:
        start = start[of_the_scale(study, outcome)[:, 0]]
        known = start[~np.isnan(start)]
        sd = float(known.std(ddof=1)) if len(known) > 1 else 0.0
        if sd == 0:
            return "the scores at the start do not vary"
        change = fit_reliable_change(sd, supplied.value)
        return _with_cutoff(study, outcome, known, change, supplied.source)
    held = keyed_items(study, outcome)
    if held is None:
        return "the files hold no items and no reliability is given"
    if held.values is None:
        return f"{held.why_none}, and no reliability is given"
    items = held.values[:, 0]
    found = consistency(items, start)
    if found.change is None:
        return "alpha at the start cannot be given, or is not between 0 and 1"
    complete = start[~np.isnan(items).any(axis=1) & ~np.isnan(start)]
    return _with_cutoff(study, outcome, complete, found.change, FROM_ALPHA)


def _with_cutoff(
    study: Study,
    outcome: Outcome,
    start: np.ndarray,
    change: ReliableChange,
    reliability_from: str,
) -> Measure:
    norm = _norm(study, outcome)
    cutoff, words = None, NO_CUTOFF
    if norm is not None:
        others, norm_sd = norm
        cutoff = clinical_cutoffs(
            clinical_mean=float(start.mean()),
            clinical_sd=float(start.std(ddof=1)),
            norm_mean=others.value,
            norm_sd=norm_sd,
            higher_is_better=outcome.direction == "higher_is_better",
        ).c
        words = (
            f"criterion c, between these people at the start and {others.group} "
            f"({others.source}, {others.status})"
        )
    return Measure(
        change=change,
        n=len(start),
        reliability_from=reliability_from,
        cutoff=cutoff,
        cutoff_from=words,
        out_of=top_of(study, outcome),
    )


def _norm(study: Study, outcome: Outcome) -> tuple[Norm, float] | None:
    """Return the catalogue's first mean of people at large that has an SD, with that SD."""
    instrument = study.instruments.get(outcome.name)
    if instrument is None or top_of(study, outcome) < outcome.range[1]:
        return None
    for norm in score_of(instrument, outcome).norms:
        sd = _SD.fullmatch(norm.spread)
        if norm.at_large and norm.statistic == "mean" and sd:
            return norm, float(sd.group(1))
    return None


def _sources(measures: Mapping[str, Measure]) -> Iterator[str]:
    yield RELIABLE_CHANGE
    if any(m.reliability_from == FROM_ALPHA for m in measures.values()):
        yield ALPHA
    yield from dict.fromkeys(
        f"Reliability: {m.reliability_from}"
        for m in measures.values()
        if m.reliability_from != FROM_ALPHA
    )


def _row(cell: Cell, wave: Wave, code: int, measure: Measure) -> ReliableChangeRow:
    start, now = cell.pair(code)
    if cell.maximum is not None:  # the threshold is of one scale
        other = cell.maximum[:, 0] != measure.out_of
        start, now = np.where(other, np.nan, start), np.where(other, np.nan, now)
    verdicts = classify_change(
        start,
        now,
        measure.change.threshold,
        higher_is_better=cell.outcome.direction == "higher_is_better",
        cutoff=measure.cutoff,
    )
    parts = ("recovered", "improved", "unchanged", "deteriorated")
    counts: dict[str, int | None] = {p: int(getattr(verdicts, p).sum()) for p in parts}
    n = sum(count or 0 for count in counts.values())
    if measure.cutoff is None:
        counts["recovered"] = None
    shares = {p: count / n if n and count is not None else None for p, count in counts.items()}
    return ReliableChangeRow(
        outcome=cell.outcome.name,
        arm=cell.arm,
        wave=wave.name,
        month=wave.month,
        reliability_from=measure.reliability_from,
        cutoff_from=measure.cutoff_from,
        n_start=measure.n,
        reliability=measure.change.reliability,
        threshold=measure.change.threshold,
        cutoff=measure.cutoff,
        n=n,
        n_recovered=counts["recovered"],
        n_improved=counts["improved"],
        n_unchanged=counts["unchanged"],
        n_deteriorated=counts["deteriorated"],
        share_recovered=shares["recovered"],
        share_improved=shares["improved"],
        share_unchanged=shares["unchanged"],
        share_deteriorated=shares["deteriorated"],
    )
