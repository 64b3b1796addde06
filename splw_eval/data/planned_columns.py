"""Columns that a plan would adjust for or part people by: they tell of before time zero."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from splw_eval.core.findings import Finding, Severity
from splw_eval.core.plan import CLUSTER_TRIALS, Plan
from splw_eval.data.codebook import codebook
from splw_eval.data.headings import nearest
from splw_eval.data.ledger import Ledger
from splw_eval.data.sheet import Sheet, report_headings_twice

REFUSED = "SW140"  # code of a column that may not be used
BASELINE_TABLES = ("people", "clusters")
_LATER = {
    "episodes": "it tells of an episode of the programme, and most of that is after time zero",
    "contacts": "contacts come after time zero, and are part of what is evaluated",
    "support": "support comes after time zero, and is part of what is evaluated",
    "measures": "it tells of single questionnaires, also of those after time zero",
    "link_workers": "it tells of link workers, whom people of a comparison do not have",
    "service_use": "use of services goes on after time zero; use before it may stand with people",
}
_NOT_A_CHARACTERISTIC = {
    "person": "it names people",
    "arm": "it is what is compared",
    "cluster": "every model takes the practice in already",
    "link_worker": "people of a comparison have none, and it is decided after time zero",
    "ods_code": "it names practices",
    "pcn_code": "it names networks of practices",
    "allocation_method": "it tells how practices were allocated, and not how they differ",
    "imd_version": "it tells of the index, and not of people",
}
_WHY = "allowing for what the programme may have changed takes part of the difference away"
_STRATA = "[allocation] strata_columns"
_REMEDY = "Name a column of people or of practices (clusters), as it was before time zero."


def check_planned_columns(plan: Plan, file: str = "study.toml") -> tuple[Finding, ...]:
    """Find columns of a plan that cannot stand for how people were before time zero.

    Parameters
    ----------
    plan : Plan
    file : str
        Name of the plan's file.

    Returns
    -------
    tuple of Finding
        Errors (SW140), all at once; nothing of the files is read for them.
    """
    return tuple(
        Finding(
            code=REFUSED,
            severity=Severity.ERROR,
            problem=f'{where}: the column "{column}" cannot be used: {why}',
            remedy=_REMEDY,
            file=file,
        )
        for where, column in _columns_of_files(plan)
        if (why := _unusable(plan, column))
    )


def report_planned_absent(plan: Plan, sheets: Sequence[Sheet], ledger: Ledger) -> None:
    """Report columns that a plan names for these ends and no file of people or practices holds.

    Parameters
    ----------
    plan : Plan
    sheets : sequence of Sheet
        Every file of the study.
    ledger : Ledger
        Gets an error for each.
    """
    for where, column in _columns_of_files(plan):
        if _unusable(plan, column):  # it has been refused already, wherever it stands
            continue
        tables = _tables_of(plan, where)
        likely = [sheet for sheet in sheets if _one_row_each(sheet, tables)]
        for sheet in likely:
            if sheet.header.count(column) > 1:
                report_headings_twice(column, sheet.spec, ledger)
        if any(sheet.heading(column) or column in sheet.cells for sheet in likely):
            continue
        known = [word for sheet in likely for word in sheet.header]
        problem = f'{where}: no file of {_listed(tables)} has the column "{column}"'
        remedy = "Correct the name in study.toml, or the heading in the file."
        ledger.add(Severity.ERROR, "SW02", f"{problem}{nearest(column, known)}", remedy)


def planned_columns(plan: Plan) -> Iterator[tuple[str, str]]:
    """Place in the plan and name of every column that is to tell how people were.

    The name of an outcome is among them: it stands for the score at the start.
    """
    for i, confounder in enumerate(plan.confounders, start=1):
        if confounder.column is not None:
            yield f"[[confounders]] {i}", confounder.column
    for i, subgroup in enumerate(plan.subgroups, start=1):
        yield f"[[subgroups]] {i}", subgroup.column
    for column in plan.allocation.strata_columns if plan.allocation else ():
        yield _STRATA, column
    for column in plan.missing.auxiliary if plan.missing else ():
        yield "[missing] auxiliary", column


def planned_scores(plan: Plan) -> tuple[str, ...]:
    """Outcomes whose score at the start the plan adjusts for, parts by or imputes from."""
    names = {outcome.name for outcome in plan.outcomes}
    held = (column for where, column in planned_columns(plan) if where != _STRATA)
    return tuple(dict.fromkeys(column for column in held if column in names))


def _columns_of_files(plan: Plan) -> Iterator[tuple[str, str]]:
    scores = planned_scores(plan)
    for where, column in planned_columns(plan):
        if where == _STRATA or column not in scores:
            yield where, column


def _tables_of(plan: Plan, where: str) -> tuple[str, ...]:
    """Tables that may hold a column; whole practices are allocated by what practices are."""
    if where == _STRATA and plan.design in CLUSTER_TRIALS:
        return ("clusters",)
    return BASELINE_TABLES


def _unusable(plan: Plan, column: str) -> str:
    """Why a column cannot tell how people were before time zero; empty where it may."""
    if column in _NOT_A_CHARACTERISTIC:
        return _NOT_A_CHARACTERISTIC[column]
    if column in _later_headings(plan):
        return f"the plan gives it for a wave after the start, and {_WHY}"
    tables = [table for table, columns in codebook().items() if column in columns]
    if not tables or set(tables) & set(BASELINE_TABLES):
        kind = [codebook()[t][column].kind for t in tables if t in BASELINE_TABLES]
        return "it holds days, and no characteristic" if "date" in kind else ""
    return f"of the table {tables[0]}: {_LATER[tables[0]]}; {_WHY}"


def _later_headings(plan: Plan) -> set[str]:
    """Headings of scores, items and dates of waves after the first, or of all waves."""
    first = plan.waves[0].name
    found = {heading for _, _, wave, heading in plan.score_columns() if wave != first}
    for file in plan.files:
        found |= {heading for wave, heading in file.dates.items() if wave != first}
        for _, wave, columns in file.item_columns():
            if wave != first and isinstance(columns, dict):
                found |= set(columns.values())
    return found


def _one_row_each(sheet: Sheet, tables: Sequence[str]) -> bool:
    """Whether a file has one row for each person or practice."""
    wide = sheet.spec.table == "measures" and sheet.spec.layout == "wide"
    return sheet.spec.table in tables or (wide and "people" in tables)


def _listed(tables: Sequence[str]) -> str:
    names = {"people": "people", "clusters": "practices (clusters)"}
    return " or ".join(names[table] for table in tables)
