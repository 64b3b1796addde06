"""A study: its plan, its people and their scores by wave, checked."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import DataError
from splw_eval.core.findings import Finding, Severity, errors_of
from splw_eval.core.plan import Plan, PlanFile, planned_day, read_plan, window
from splw_eval.data.files import read_sheet
from splw_eval.data.ledger import Ledger
from splw_eval.data.measures import gather_measures
from splw_eval.data.people import People, gather_people
from splw_eval.data.sheet import Sheet, missing_columns
from splw_eval.data.windows import Placed, place_measures


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A plan with the data that it names.

    Attributes
    ----------
    plan : Plan
    people : People
        Everybody in the study, whether measured or not.
    placed : Placed
        Every score that was given, with its wave; those outside every window too.
    scores : mapping of str to ndarray of float, shape (people, waves)
        The score that counts of each outcome; NaN where there is none.
    due : ndarray of bool, shape (people, waves)
        Whether the wave was due by the data cut.
    dated : bool
        Whether actual dates of measurement are known.
    findings : tuple of Finding
        Warnings and notes.
    plan_sha256 : str
    file_digests : mapping of str to str
    """

    plan: Plan
    people: People
    placed: Placed
    scores: Mapping[str, NDArray[np.float64]]
    due: NDArray[np.bool_]
    dated: bool
    findings: tuple[Finding, ...]
    plan_sha256: str
    file_digests: Mapping[str, str]


def load_study(
    path: str | Path | PlanFile, *, progress: Callable[[str], None] | None = None
) -> Study:
    """Read a plan and all its files, and check them.

    Parameters
    ----------
    path : str, Path or PlanFile
        The study.toml, or what `read_plan` made of it.
    progress : callable, optional
        Told what is being read.

    Returns
    -------
    Study

    Raises
    ------
    PlanError
        The plan does not hold together.
    DataError
        The files cannot be used; its `findings` hold every fault, and the
        warnings beside them.
    """
    source = path if isinstance(path, PlanFile) else read_plan(path)
    ledger = Ledger()
    sheets, digests = _sheets(source, ledger, progress)
    _stop_on_errors(ledger)
    plan = source.plan
    people = gather_people(plan, sheets, ledger)
    index = {person: i for i, person in enumerate(people.ids)}
    measures = gather_measures(plan, sheets, index, ledger)
    _stop_on_errors(ledger)
    placed = place_measures(plan, people, measures, ledger)
    scores = {o.name: _scores(plan, people, placed, i) for i, o in enumerate(plan.outcomes)}
    _report_gaps(plan, placed, scores, ledger)
    _stop_on_errors(ledger)
    return Study(
        plan=plan,
        people=people,
        placed=placed,
        scores=scores,
        due=_due(plan, people),
        dated=bool((~np.isnat(placed.measures.date)).any()),
        findings=tuple(ledger.findings),
        plan_sha256=source.sha256,
        file_digests=digests,
    )


def _sheets(
    source: PlanFile, ledger: Ledger, progress: Callable[[str], None] | None
) -> tuple[list[Sheet], dict[str, str]]:
    sheets: list[Sheet] = []
    digests: dict[str, str] = {}
    for spec in source.plan.files:
        if progress:
            progress(f"Reading {spec.path}")
        sheet, digest = read_sheet(source.folder, spec, ledger)
        digests[spec.path] = _keyed(digest, source.raw)
        if sheet is not None and not missing_columns(sheet, ledger):
            sheets.append(sheet)
    return sheets, digests


def _keyed(sha256: str, key: bytes) -> str:
    """Digest of a file that only those who hold the plan can test a guess against."""
    return hmac.new(key, sha256.encode(), "sha256").hexdigest()


def _stop_on_errors(ledger: Ledger) -> None:
    errors = errors_of(ledger.findings)
    if errors:
        what = "fault" if len(errors) == 1 else "faults"
        raise DataError(f"The files hold {len(errors)} {what} to mend first.", ledger.findings)


def _scores(plan: Plan, people: People, placed: Placed, outcome: int) -> NDArray[np.float64]:
    table = np.full((len(people), len(plan.waves)), np.nan)
    m = placed.measures
    chosen = placed.counted & (m.outcome == outcome)
    table[m.person[chosen], placed.wave[chosen]] = m.score[chosen]
    return table


def _due(plan: Plan, people: People) -> NDArray[np.bool_]:
    """Whether each wave's last day had passed at the data cut."""
    due = np.ones((len(people), len(plan.waves)), dtype=bool)
    if plan.data_cut is None or people.time_zero is None:
        return due
    cut = np.datetime64(plan.data_cut, "D")
    for code, wave in enumerate(plan.waves):
        last = (window(wave) or (0, planned_day(wave)))[1]
        # NaT compares false: without a time zero, nobody can say that it was not yet due.
        due[:, code] = ~(people.time_zero + last > cut)
    return due


def _report_gaps(
    plan: Plan, placed: Placed, scores: Mapping[str, NDArray[np.float64]], ledger: Ledger
) -> None:
    for outcome in plan.outcomes:
        seen = (~np.isnan(scores[outcome.name])).sum(axis=0)
        for wave in (w for w, n in zip(plan.waves, seen, strict=True) if n == 0):
            ledger.add(
                Severity.WARNING,
                "SW25",
                f"{outcome.label} has no score at {wave.title}",
                "Check the column, the missing codes and the window.",
            )
    if np.isnat(placed.measures.date).all():
        ledger.add(
            Severity.WARNING,
            "SW20",
            "No actual dates of measurement were kept, so windows could not be checked",
            "Keep the date of every questionnaire, and of time zero.",
        )
