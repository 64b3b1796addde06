"""Caseload of link workers and whether people keep theirs."""

from __future__ import annotations

import math

from splw_eval.core.delivery_rows import CaseloadRow, ContinuityRow
from splw_eval.core.result import Result
from splw_eval.data import Study
from splw_eval.retention.delivery.caseload import worker_caseload
from splw_eval.retention.delivery.continuity import worker_continuity
from splw_eval.retention.reported.told import by_arm, named, notes_of, records_of


def describe_caseload(study: Study) -> Result[CaseloadRow]:
    """Give the open cases of link workers, month by month.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of CaseloadRow
        Months with too few link workers have no row.
    """
    found = worker_caseload(study)
    rows = tuple(
        CaseloadRow(
            month=row["month"],
            workers=row["workers"],
            cases=row["cases"],
            waiting=row["waiting"],
            lower=_whole(row["lower"]),
            median=_whole(row["median"]),
            upper=_whole(row["upper"]),
            per_fte=_whole(row["cases_per_fte"]),
        )
        for row in records_of(found.table)
    )
    return Result(
        key="caseload",
        title="Caseload of link workers",
        unit="people",
        row_type=CaseloadRow,
        rows=rows,
        notes=notes_of(found.notes, found.findings),
    )


def _whole(cases: float | None) -> int | None:
    """People, as those are counted; one half counts as one more."""
    return None if cases is None else math.floor(cases + 0.5)


def describe_continuity(study: Study) -> Result[ContinuityRow]:
    """Count people by how many link workers they met.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of ContinuityRow
    """
    found = worker_continuity(study, by=by_arm(study))
    rows = tuple(
        ContinuityRow(
            group=named(study, row["group"]),
            workers=row["workers"],
            seen=row["seen"],
            one_worker=row["one_worker"],
            two_workers=row["two_workers"],
            three_or_more=row["three_or_more"],
            several=row["seen"] - row["one_worker"],
            share_one=row["one_worker"] / row["seen"] if row["seen"] else None,
            with_two_contacts=row["with_two_contacts"],
            median=row["median"],
        )
        for row in records_of(found.table)
    )
    return Result(
        key="continuity",
        title="Whether people kept their link worker",
        unit=found.unit,
        row_type=ContinuityRow,
        rows=rows,
        notes=notes_of(found.notes, found.findings),
    )
