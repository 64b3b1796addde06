"""How long groups stayed, compared: being measured in every group, with practices as units."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from splw_eval.core.errors import FitError
from splw_eval.core.plan import Plan
from splw_eval.core.result import Note, Result
from splw_eval.core.retention_rows import StayContrastRow
from splw_eval.data import Study
from splw_eval.retention.reported.kinds import Kind, kinds_of, why_not
from splw_eval.retention.reported.staying import known
from splw_eval.retention.staying.compare import RetentionComparison, compare_retention

if TYPE_CHECKING:
    import pandas as pd

_COUNTS = "people or episodes"
OE_TEST = "log(O/E)"
_ONE_GROUP = "There is one group, so nothing can be compared."
SOURCES = (
    "Practices permuted: Gail, Mark, Carroll, Green & Pee 1996, Stat Med 15:1069; studentised: "
    "Janssen 1997, Stat Probab Lett 36:9; of mean days: Ditzhaus, Yu & Xu 2023, Stat Med 42:2226",
    "Observed over expected by practice: Bennett, Parpia, Hayes & Cousens 2002, Int J Epidemiol "
    "31:839",
)


def describe_stay_contrast(study: Study) -> Result[StayContrastRow]:
    """Compare groups in the mean time for which people went on being measured.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of StayContrastRow
        One row for each method, the default one first. Engagement with the service is compared
        only where every group has episodes.
    """
    rows: list[StayContrastRow] = []
    notes: list[Note] = []
    for kind in kinds_of(study):
        if kind.frame is None or kind.frame["arm"].nunique() < len(study.plan.groups):
            notes += kind.notes
        elif len(study.plan.groups) > 1:
            found = _compared(kind, kind.frame, study.plan)
            rows += found[0]
            notes += found[1]
    if len(study.plan.groups) < 2:  # noqa: PLR2004 - two groups make a contrast
        notes = [Note(text=_ONE_GROUP)]
    return Result(
        key="stay_contrast",
        title="Whether groups stayed for as long",
        unit="days",
        row_type=StayContrastRow,
        rows=tuple(rows),
        notes=tuple({note.text: note for note in notes}.values()),
        sources=SOURCES if rows else (),
    )


def _compared(
    kind: Kind, frame: pd.DataFrame, plan: Plan
) -> tuple[list[StayContrastRow], tuple[Note, ...]]:
    against = [arm.label for arm in plan.arms if arm.role == "comparison"]
    try:
        found = compare_retention(
            frame,
            time="day",
            event="event",
            by="arm",
            cluster="cluster" if kind.clustered else None,
            horizon=kind.horizon,
            reference=against[0] if against else plan.groups[0],
            seed=plan.seed,
        )
    except FitError as error:
        return [], why_not(error)
    # The sentence that counts people is left out: counts stand in the rows, where they are masked.
    notes = tuple(Note(text=words) for words in found.notes if _COUNTS not in words)
    return list(_rows(kind, frame, found)), notes


def _rows(kind: Kind, frame: pd.DataFrame, found: RetentionComparison) -> Iterator[StayContrastRow]:
    table = found.table.sort_values("default", ascending=False, kind="stable")
    for row in table.to_dict("records"):
        in_days = OE_TEST not in str(row["method"])
        yield StayContrastRow(
            what=kind.what,
            compared=str(row["term"]),
            horizon=kind.horizon,
            method=str(row["method"]),
            n_smaller=int(frame["arm"].value_counts().min()),
            estimate=known(row["estimate"]) if in_days else None,
            conf_low=known(row["conf_low"]) if in_days else None,
            conf_high=known(row["conf_high"]) if in_days else None,
            p_value=known(row["p_value"]),
            df=known(row["df"]),
            clusters=int(frame["cluster"].nunique()) if kind.clustered else None,
        )
