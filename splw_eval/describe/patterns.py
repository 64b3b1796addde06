"""Which waves people were measured at: patterns of missing scores, and the reasons known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import Wave
from splw_eval.core.result import Note, Result
from splw_eval.core.rows import MonotoneRow, PatternRow, ReasonRow
from splw_eval.data import Study
from splw_eval.describe.cells import Cell, cells
from splw_eval.describe.settings import MOST_PATTERNS

MEASURED, MISSING, NOT_DUE = "1", "0", "-"
COMPLETE, STOPPED, GAPS, NOTHING_DUE = (
    "Complete",
    "Missing from some wave on",
    "Missing, then measured again",
    "No wave due yet",
)
_STATES = (MISSING, MEASURED, NOT_DUE)


def describe_patterns(study: Study) -> Result[PatternRow]:
    """Count people by which waves they were measured at.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of PatternRow
        For each outcome and arm the most frequent patterns, ordered by the pattern and
        never by the number of people, which may have to be hidden.
    """
    rows = tuple(row for cell in cells(study) for row in _rows(cell, study.plan.waves))
    signs = (
        f"In a pattern each sign is a wave: {MEASURED} measured, {MISSING} missing, {NOT_DUE} not "
        "yet due."
    )
    few = f"The {MOST_PATTERNS} most frequent patterns of a group are listed."
    return Result(
        key="patterns",
        title="Which waves people were measured at",
        unit="people",
        row_type=PatternRow,
        rows=rows,
        notes=(Note(text=signs), Note(text=few)),
    )


def describe_monotone(study: Study) -> Result[MonotoneRow]:
    """Count those who never came back once they were missing.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of MonotoneRow
        One row for each outcome and arm. Before masking, people = complete + stopped +
        gaps and monotone = complete + stopped.
    """
    return Result(
        key="monotone",
        title="Who stopped, and who came back",
        unit="people",
        row_type=MonotoneRow,
        rows=tuple(_monotone_row(cell) for cell in cells(study)),
        notes=(
            Note(
                text="Missing from some wave on holds those never measured. Waves not yet due are "
                "left out. Most methods for missing data are simpler where few have gaps."
            ),
        ),
    )


def pattern_counts(cell: Cell) -> dict[str, int]:
    """Give people by pattern, a sign for each wave."""
    measured = ~np.isnan(cell.scores)
    state = np.where(measured, 1, np.where(cell.due, 0, 2))
    number = state @ (len(_STATES) ** np.arange(state.shape[1])[::-1])
    _, first, times = np.unique(number, return_index=True, return_counts=True)
    words = ("".join(_STATES[s] for s in state[i]) for i in first)
    return dict(zip(words, times.tolist(), strict=True))


def kind(pattern: str) -> str:
    """Say what a pattern is once the waves not yet due are left out."""
    due = pattern.replace(NOT_DUE, "")
    if not due:
        return NOTHING_DUE
    if MISSING not in due:
        return COMPLETE
    return GAPS if MISSING + MEASURED in due else STOPPED


def _rows(cell: Cell, waves: Sequence[Wave]) -> Iterator[PatternRow]:
    counts = pattern_counts(cell)
    listed = sorted(counts, key=lambda p: (-counts[p], p))[:MOST_PATTERNS]
    names = {"outcome": cell.outcome.name, "arm": cell.arm}
    for pattern in sorted(listed, key=lambda p: (-p.count(MEASURED), p)):
        at = [w.title for w, sign in zip(waves, pattern, strict=True) if sign == MEASURED]
        yield PatternRow(
            **names,
            pattern=pattern,
            measured_at=", ".join(at) or "No wave",
            kind=kind(pattern),
            people=counts[pattern],
        )
    rest = sum(counts.values()) - sum(counts[pattern] for pattern in listed)
    if rest:
        other = "All other patterns"
        yield PatternRow(**names, pattern="", measured_at=other, kind="Several", people=rest)


def _monotone_row(cell: Cell) -> MonotoneRow:
    counts = pattern_counts(cell)
    by_kind = {k: sum(n for p, n in counts.items() if kind(p) == k) for k in map(kind, counts)}
    complete, stopped = by_kind.get(COMPLETE, 0), by_kind.get(STOPPED, 0)
    gaps = by_kind.get(GAPS, 0)
    people = complete + stopped + gaps
    return MonotoneRow(
        outcome=cell.outcome.name,
        arm=cell.arm,
        people=people,
        complete=complete,
        stopped=stopped,
        gaps=gaps,
        monotone=complete + stopped,
        share_monotone=(complete + stopped) / people if people else None,
    )


def describe_reasons(study: Study) -> Result[ReasonRow]:
    """Count why scores are missing, as far as the files say.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of ReasonRow
        One row for each outcome, arm, wave and reason met there, over those expected and
        not measured.
    """
    rows = tuple(
        row
        for outcome in study.plan.outcomes
        for arm in range(len(study.plan.groups))
        for wave in range(len(study.plan.waves))
        for row in _reasons(study, outcome.name, arm, wave)
    )
    meaning = (
        "No questionnaire: the files hold none for that wave. Empty: there is one, without this "
        "score. Every other reason is in the words of the plan or the files."
    )
    none = (Note(text="No score is missing, so there is no reason to give."),)
    return Result(
        key="reasons",
        title="Why scores are missing",
        unit="people",
        row_type=ReasonRow,
        rows=rows,
        notes=(Note(text=meaning),) if rows else none,
    )


def _reasons(study: Study, outcome: str, arm: int, wave: int) -> Iterator[ReasonRow]:
    missing = np.isnan(study.scores[outcome][:, wave]) & study.due[:, wave]
    why: NDArray[np.int16] = study.reasons[outcome][missing & (study.people.arm == arm), wave]
    times = np.bincount(why, minlength=len(study.reason_names))
    for code in np.flatnonzero(times):
        yield ReasonRow(
            outcome=outcome,
            arm=study.plan.groups[arm],
            wave=study.plan.waves[wave].name,
            reason=study.reason_names[code][:1].upper() + study.reason_names[code][1:],
            people=int(times[code]),
            others=len(why) - int(times[code]),
            missing=len(why),
            share=float(times[code] / len(why)),
        )
