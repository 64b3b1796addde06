"""Loading a study: its plan and files read, refused or checked, and put together."""

from __future__ import annotations

import gc
import hmac
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import DataError
from splw_eval.core.findings import Severity, errors_of
from splw_eval.core.plan import Plan, PlanFile, planned_day, read_plan, untouched, window
from splw_eval.data.checks import CHECKS
from splw_eval.data.checks.workers import practice_by_worker
from splw_eval.data.codebook import check_plan
from splw_eval.data.files import dictionary_sha256, read_sheet
from splw_eval.data.group_names import check_group_names
from splw_eval.data.identifiers import refuse_identifiers
from splw_eval.data.ledger import Ledger
from splw_eval.data.loaded import Loaded
from splw_eval.data.measures import Measures, gather_measures
from splw_eval.data.people import People, gather_people
from splw_eval.data.sheet import Sheet, missing_columns, with_row_numbers
from splw_eval.data.study import NO_QUESTIONNAIRE, Study
from splw_eval.data.tables import Table, read_tables
from splw_eval.data.vocabulary import Vocabulary, read_vocabulary
from splw_eval.data.windows import Placed, place_measures

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
    plan, ledger, tell = source.plan, Ledger(), progress or (lambda _: None)
    ledger.findings.extend([*check_plan(plan), *untouched(plan, source.path.name)])
    vocabulary = read_vocabulary(plan, source.folder, ledger)
    _stop_on_errors(ledger)
    sheets, digests = _sheets(source, ledger, tell)
    if plan.vocabulary and plan.vocabulary.file:
        digests[plan.vocabulary.file] = _keyed(vocabulary.sha256, source.raw)
    if len(sheets) < len(plan.files):  # a file that cannot be read hides the faults of others
        _stop_on_errors(ledger)
    tell("Checking")
    people, measures, tables = _read(plan, sheets, vocabulary, ledger)
    placed = place_measures(plan, people, measures, ledger)
    _stop_on_errors(ledger)  # checks across tables would repeat each fault of a cell
    scores = _scores(plan, people, placed)
    _report_gaps(plan, placed, scores, ledger)
    loaded = Loaded(
        plan=plan, sheets=sheets, tables=tables, people=people, placed=placed, ledger=ledger
    )
    for check in CHECKS:
        check(loaded)
    _stop_on_errors(ledger)
    return Study(
        plan=plan,
        people=people,
        placed=placed,
        scores=scores,
        reasons={o.name: _reasons(scores[o.name], placed, i) for i, o in enumerate(plan.outcomes)},
        reason_names=("", NO_QUESTIONNAIRE, *measures.reasons[1:]),
        tables=tables,
        worker_practices=practice_by_worker(loaded),
        due=_due(plan, people),
        dated=bool((~np.isnat(placed.measures.date)).any()),
        findings=tuple(ledger.findings),
        plan_sha256=source.sha256,
        file_digests=digests,
    )


def _sheets(source: PlanFile, ledger: Ledger, tell: Progress) -> tuple[list[Sheet], dict[str, str]]:
    """Every file that can be used, without its identifiers, and the digests of all."""
    sheets: list[Sheet] = []
    digests: dict[str, str] = {}
    for spec in source.plan.files:
        tell(f"Reading {spec.place}")
        sheet, sha256 = read_sheet(source.folder, spec, ledger)
        digests[spec.path] = _keyed(sha256, source.raw)
        if spec.dictionary:
            sha256 = dictionary_sha256(source.folder, spec)
            digests[spec.dictionary] = _keyed(sha256, source.raw)
        if sheet is not None:
            sheets.append(sheet)
    tell("Looking for identifiers")
    safe = refuse_identifiers(source.plan, sheets, ledger)
    usable = [sheet for sheet in safe if not missing_columns(sheet, ledger)]
    return [with_row_numbers(s) if s.spec.row_is_person else s for s in usable], digests


def _keyed(sha256: str, key: bytes) -> str:
    """Digest of a file that only those who hold the plan can test a guess against."""
    return hmac.new(key, sha256.encode(), "sha256").hexdigest()


def _read(
    plan: Plan, sheets: list[Sheet], vocabulary: Vocabulary, ledger: Ledger
) -> tuple[People, Measures, dict[str, Table]]:
    """People, questionnaires and tables, each with its faults written down."""
    people = gather_people(plan, sheets, ledger)
    check_group_names(sheets, ledger)
    measures = gather_measures(plan, sheets, people.index, ledger)
    tables = read_tables(plan, sheets, vocabulary, ledger)
    return people, measures, tables


def _stop_on_errors(ledger: Ledger) -> None:
    errors = errors_of(ledger.findings)
    if errors:
        what = "fault" if len(errors) == 1 else "faults"
        raise DataError(f"The files hold {len(errors)} {what} to mend first.", ledger.findings)


def _scores(plan: Plan, people: People, placed: Placed) -> dict[str, NDArray[np.float64]]:
    """Score that counts of each outcome, by person and wave."""
    m, scores = placed.measures, {}
    place = m.person * len(plan.waves) + placed.wave
    for outcome, chosen, given in zip(plan.outcomes, placed.counted.T, m.scores.T, strict=True):
        table = np.full(len(people) * len(plan.waves), np.nan)
        held = np.flatnonzero(chosen)
        table[place[held]] = given[held]
        scores[outcome.name] = table.reshape(len(people), len(plan.waves))
    return scores


def _reasons(scores: NDArray[np.float64], placed: Placed, outcome: int) -> NDArray[np.int16]:
    """Why each score of an outcome is missing; a given reason wins over an empty cell."""
    why = np.full(scores.shape, 1, dtype=np.int16)
    m = placed.measures
    said = np.flatnonzero((m.why[:, outcome] > 0) & (placed.wave >= 0))
    order = said[np.argsort(m.why[said, outcome], kind="stable")]
    # Codes move up by one for "no questionnaire"; written last, the most telling one stays.
    why[m.person[order], placed.wave[order]] = m.why[order, outcome] + 1
    why[~np.isnan(scores)] = 0
    return why


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
