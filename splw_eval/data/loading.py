"""Loading a study: its plan and files read, refused or checked, and put together."""

from __future__ import annotations

import gc
import hmac
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import DataError
from splw_eval.core.findings import Severity, errors_of
from splw_eval.core.plan import Plan, PlanFile, planned_day, read_plan, untouched, window
from splw_eval.data.asked import asked_of, catalogue_of, own_digests, report_absent
from splw_eval.data.checks import CHECKS
from splw_eval.data.checks.orphans import check as check_orphans
from splw_eval.data.checks.workers import practice_by_worker
from splw_eval.data.codebook import check_plan
from splw_eval.data.completing import complete_plan
from splw_eval.data.counted import counted, counted_scores, reasons
from splw_eval.data.files import dictionary_sha256, read_sheet
from splw_eval.data.group_names import check_group_names
from splw_eval.data.identifiers.refusal import refuse_identifiers
from splw_eval.data.ledger import Ledger
from splw_eval.data.loaded import Loaded
from splw_eval.data.measures import Measures, gather_measures
from splw_eval.data.people import People, gather_people
from splw_eval.data.planned_columns import (
    REFUSED,
    check_planned_columns,
    planned_scores,
    report_planned_absent,
)
from splw_eval.data.planned_fit import report_unfitting
from splw_eval.data.planned_values import planned_values
from splw_eval.data.sheet import Sheet, missing_columns, with_row_numbers
from splw_eval.data.source import Source
from splw_eval.data.study import NO_QUESTIONNAIRE, Study
from splw_eval.data.tables import Table, read_tables
from splw_eval.data.unnamed import lack_unnamed
from splw_eval.data.vocabulary import Vocabulary, read_vocabulary
from splw_eval.data.windows import Placed, place_measures
from splw_eval.instruments import Instrument

Progress = Callable[[str], None]


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the search for cyclic garbage: it would walk millions of cells, and makes none here."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_collector_paused()
def load_study(path: str | Path | PlanFile, *, progress: Progress | None = None) -> Study:
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
    ledger, tell = Ledger(plan=source.path.name), progress or (lambda _: None)
    begun = _begun(source, ledger)
    plan, source = begun.plan, replace(source, plan=begun.plan)
    sheets, digests = _sheets(source, ledger, tell)
    digests |= {name: _keyed(sha256, source.raw) for name, sha256 in begun.sha256.items()}
    if len(sheets) < len(plan.files):  # a file that cannot be read hides the faults of others
        _stop_on_errors(ledger)
    tell("Checking")
    people, measures, tables = _read(begun, sheets, ledger)
    placed = place_measures(plan, people, measures, ledger)
    loaded = Loaded(
        plan=plan, sheets=sheets, tables=tables, people=people, placed=placed, ledger=ledger
    )
    check_orphans(loaded)  # whoever is in no file is found in all tables at once
    _stop_on_errors(ledger)  # checks across tables would repeat each fault of a cell
    planned = planned_values(plan, sheets, tables, people, ledger)
    scores = counted_scores(plan, people, placed)
    planned |= {name: scores[name][:, 0] for name in planned_scores(plan)}
    report_unfitting(plan, planned, ledger)
    _report_gaps(plan, placed, scores, ledger)
    for check in CHECKS:
        check(loaded)
    _stop_on_errors(ledger)
    return Study(
        plan=plan,
        people=people,
        placed=placed,
        scores=scores,
        reasons={o.name: reasons(scores[o.name], placed, i) for i, o in enumerate(plan.outcomes)},
        reason_names=("", NO_QUESTIONNAIRE, *measures.reasons[1:]),
        tables=tables,
        worker_practices=practice_by_worker(loaded),
        due=_due(plan, people),
        dated=bool((~np.isnat(placed.measures.date)).any()),
        findings=tuple(ledger.findings),
        plan_sha256=source.sha256,
        file_digests=digests,
        instruments=begun.instruments,
        written=begun.written,
        items=counted(plan, people, placed, measures.items),
        supplied=counted(plan, people, placed, measures.supplied),
        maximum=counted(plan, people, placed, measures.maximum),
        planned=planned,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """What is known before any file of people is opened."""

    plan: Plan
    instruments: Mapping[str, Instrument | None]
    written: Mapping[str, str]
    options: Mapping[str, Mapping[str, Any]]
    vocabulary: Vocabulary
    sha256: Mapping[str, str]


def _begun(source: PlanFile, ledger: Ledger) -> _Begun:
    """Check and complete the plan; every fault of it at once."""
    plan, name = source.plan, source.path.name
    found = (*check_plan(plan), *check_planned_columns(plan, name), *untouched(plan, name))
    ledger.findings.extend(found)
    vocabulary = read_vocabulary(plan, source.folder, ledger)
    catalogue = catalogue_of(source.folder, ledger)
    made = None if catalogue is None else complete_plan(plan, catalogue, ledger, name)
    _stop_on_errors(ledger, but=REFUSED)
    assert made is not None  # its faults have just stopped the run
    options = asked_of(made.plan, made.instruments, source.folder, ledger)
    _stop_on_errors(ledger, but=REFUSED)
    sha256 = own_digests(source.folder, made.instruments, options)
    if plan.vocabulary and plan.vocabulary.file:
        sha256[plan.vocabulary.file] = vocabulary.sha256
    return _Begun(
        plan=made.plan,
        instruments=made.instruments,
        written=made.written,
        options=options,
        vocabulary=vocabulary,
        sha256=sha256,
    )


def _sheets(source: PlanFile, ledger: Ledger, tell: Progress) -> tuple[list[Sheet], dict[str, str]]:
    """Every file that can be used, without its identifiers, and the digests of all."""
    sheets: list[Sheet] = []
    digests: dict[str, str] = {}
    named = {file.path for file in source.plan.files}
    for spec in source.plan.files:
        tell(f"Reading {spec.place}")
        sheet, sha256 = read_sheet(source.folder, spec, ledger, named)
        digests[spec.path] = _keyed(sha256, source.raw)
        if spec.dictionary:
            sha256 = dictionary_sha256(source.folder, spec)
            digests[spec.dictionary] = _keyed(sha256, source.raw)
        if sheet is not None:
            sheets.append(sheet)
    tell("Looking for identifiers")
    safe = refuse_identifiers(source.plan, sheets, ledger)
    usable = [sheet for sheet in safe if not missing_columns(sheet, ledger)]
    if len(safe) == len(source.plan.files) and lack_unnamed(source.plan, safe, ledger):
        usable = []
    return [with_row_numbers(s) if s.spec.row_is_person else s for s in usable], digests


def _keyed(sha256: str, key: bytes) -> str:
    """Digest of a file that only those who hold the plan can test a guess against."""
    return hmac.new(key, sha256.encode(), "sha256").hexdigest()


def _read(
    begun: _Begun, sheets: list[Sheet], ledger: Ledger
) -> tuple[People, Measures, dict[str, Table]]:
    """People, questionnaires and tables, each with its faults written down."""
    plan = begun.plan
    people = gather_people(plan, sheets, ledger)
    check_group_names(sheets, ledger)
    report_absent(plan, sheets, ledger)
    report_planned_absent(plan, sheets, ledger)
    source = Source(
        plan=plan,
        index=people.index,
        ledger=ledger,
        instruments=begun.instruments,
        sheets=sheets,
        vocabulary=begun.vocabulary,
        options=begun.options,
    )
    measures = gather_measures(source, sheets)
    return people, measures, read_tables(plan, sheets, begun.vocabulary, ledger)


def _stop_on_errors(ledger: Ledger, *, but: str = "") -> None:
    """Stop where there are errors; those of one code alone wait for what the files tell."""
    errors = errors_of(ledger.findings)
    if any(error.code != but for error in errors):
        what = "fault" if len(errors) == 1 else "faults"
        raise DataError(f"The files hold {len(errors)} {what} to mend first.", ledger.findings)


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
