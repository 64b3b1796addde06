"""How far people came, stage by stage, and why episodes ended."""

from __future__ import annotations

from splw_eval.core.delivery_rows import StageRow
from splw_eval.core.result import Result
from splw_eval.core.retention_rows import EndingRow
from splw_eval.data import Study
from splw_eval.retention.delivery.funnel import uptake_funnel
from splw_eval.retention.delivery.reasons import ending_reasons
from splw_eval.retention.reported.told import by_arm, named, notes_of, records_of

_STAGES = (
    "A stage counts as reached where it was written down, or where a later stage was that cannot "
    "be without it.",
    "No record, but of a later stage: whether the stage was left out or not written down cannot "
    "be told, so these are not counted as having reached it.",
    "Still open: not reached so far, and not closed by the data cut. Not known: no file says.",
    "Which column stands for which stage is a proposal of this program; where each is recorded is "
    "said beside.",
)


def describe_uptake(study: Study) -> Result[StageRow]:
    """Count how many referrals reached each stage.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of StageRow
        For each group with referrals, stage by stage. All referred = reached + all others, at
        each stage; a stage that no file can say has no counts, and a reason.
    """
    found = uptake_funnel(study, by=by_arm(study))
    rows = tuple(
        StageRow(
            group=named(study, row["group"]),
            stage=row["stage"],
            source=row["from_column"],
            referred=row["referred"],
            passed=row["passed"],
            implied=row["implied"],
            not_reached=row["not_reached"],
            skipped=row["skipped"],
            still_open=row["still_open"],
            not_known=row["not_known"],
            others=None if row["passed"] is None else row["referred"] - row["passed"],
            share_passed=row["of_referred"],
            reason=row["reason"] or "",
        )
        for row in records_of(found.table)
    )
    return Result(
        key="uptake",
        title="How far people came",
        unit=found.unit,
        row_type=StageRow,
        rows=rows,
        notes=notes_of(_STAGES if rows else (), found.findings),
        sources=("Husk and others 2019, Health Soc Care Community, 10.1111/hsc.12839",),
    )


def describe_endings(study: Study) -> Result[EndingRow]:
    """Count the reasons for which episodes were closed, the most frequent first.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of EndingRow
    """
    found = ending_reasons(study, by=by_arm(study))
    rows = tuple(
        EndingRow(
            group=named(study, row["group"]),
            kind=row["kind"],
            reason=row["reason"],
            ended=row["of_closed"],
            n=row["n"],
            others=row["of_closed"] - row["n"],
            share=row["share"],
        )
        for row in records_of(found.table)
    )
    return Result(
        key="endings",
        title="Why people's time with the service ended",
        unit=found.unit,
        row_type=EndingRow,
        rows=rows,
        notes=notes_of(found.notes, found.findings),
    )
