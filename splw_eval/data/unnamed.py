"""Columns that a study needs, and that a plan may leave unnamed."""

from __future__ import annotations

from collections.abc import Sequence

from splw_eval.core.findings import Severity
from splw_eval.core.plan import CLUSTER_TRIALS, Plan, dated_faults
from splw_eval.data.headings import nearest
from splw_eval.data.ledger import Ledger
from splw_eval.data.sheet import Sheet, report_headings_twice, wanted_headings

_OF_PEOPLE = frozenset({"people", "measures"})


def lack_unnamed(plan: Plan, sheets: Sequence[Sheet], ledger: Ledger) -> bool:
    """Report columns that the plan leaves unnamed and no file heads as the codebook does.

    Parameters
    ----------
    plan : Plan
    sheets : sequence of Sheet
        Every file of the plan.
    ledger : Ledger

    Returns
    -------
    bool
        Whether the study cannot be read without them.
    """
    before = len(ledger.findings)
    of_people = [sheet for sheet in sheets if sheet.spec.table in _OF_PEOPLE]
    for column, why in _of_each_person(plan):
        if not any(sheet.heading(column) for sheet in of_people):
            words = [word for sheet in of_people for word in _headings(sheet)]
            _report(column, f"no file has a column {column}, {why}", words, "", ledger)
    for sheet in of_people:
        _report_twice(sheet, ledger)
        if sheet.spec.table == "measures" and sheet.spec.layout == "long":
            _of_a_long_file(plan, sheet, ledger)
    return any(f.severity is Severity.ERROR for f in ledger.findings[before:])


def date_heading(plan: Plan, sheet: Sheet) -> str | None:
    """Heading of the dates of a long file; None where there are none, or none are to be used.

    Dates that the plan does not name count where it says which of several in a window does.
    """
    named = "date" in sheet.spec.columns
    return sheet.heading("date") if named or plan.pick is not None else None


def _report_twice(sheet: Sheet, ledger: Ledger) -> None:
    """Report headings of which nobody can say which column is meant; the plan names none."""
    of_rows = ("wave", "date") if sheet.spec.layout == "long" else ()
    unnamed = {"arm", "cluster", "link_worker", *of_rows} - sheet.spec.columns.keys()
    twice = sorted(heading for heading in unnamed if sheet.header.count(heading) > 1)
    if twice:
        report_headings_twice(", ".join(twice), sheet.spec, ledger)


def _of_each_person(plan: Plan) -> list[tuple[str, str]]:
    """Columns that must stand with people or questionnaires, each with what needs it."""
    needed = []
    if plan.arms:
        needed.append(("arm", "and [[arms]] needs one"))
    if plan.design in CLUSTER_TRIALS:
        needed.append(("cluster", "the practice of each person, and a cluster trial needs one"))
    if plan.interval_by == "link_worker":
        needed.append(("link_worker", "and interval_by needs one"))
    return needed


def _of_a_long_file(plan: Plan, sheet: Sheet, ledger: Ledger) -> None:
    wave, date = sheet.heading("wave"), sheet.heading("date")
    if wave is None and date is None:
        problem = "there is neither a column wave nor a column date, and a long file needs one"
        _report("wave", problem, _headings(sheet), sheet.spec.place, ledger)
    elif date is not None and "date" not in sheet.spec.columns:
        _of_unnamed_dates(plan, sheet, ledger, needed=wave is None)


def _of_unnamed_dates(plan: Plan, sheet: Sheet, ledger: Ledger, *, needed: bool) -> None:
    """Report what the plan does not say of dates that it does not name either."""
    if plan.pick is None and not needed:
        problem = "the column date is not used: the plan does not say how dates count"
        remedy = "Add pick, window_days to each of [[waves]], and column to [[time_zero]]."
        ledger.add(Severity.WARNING, "SW135", problem, remedy, file=sheet.spec.place)
        return
    remedy = "Add it to study.toml: the file has a column date."
    for fault in dated_faults(plan):
        ledger.add(Severity.ERROR, "SW135", fault, remedy, file=sheet.spec.place)


def _headings(sheet: Sheet) -> tuple[str, ...]:
    """Headings that may be offered: none where row 1 may hold a person's data."""
    known = any(heading in sheet.cells for heading in wanted_headings(sheet.spec))
    return sheet.header if known else ()


def _report(column: str, problem: str, words: Sequence[str], file: str, ledger: Ledger) -> None:
    of_date = ' (or date = "...")' if column == "wave" else ""
    remedy = (
        f'Name it in [files.columns] of study.toml: {column} = "the heading in the file"{of_date}.'
    )
    ledger.add(Severity.ERROR, "SW02", f"{problem}{nearest(column, words)}", remedy, file=file)
