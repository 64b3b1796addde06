"""Groups compared in mean time, or in time lost to a cause, with practices as units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from splw_eval.core.errors import FitError
from splw_eval.retention.asked_columns import Asked
from splw_eval.retention.checks import (
    check_draws,
    check_level,
    finding,
    refuse,
)
from splw_eval.retention.columns import TimeRows, check_kind, nobody_engaged, read_rows
from splw_eval.retention.plain_text import curve_text
from splw_eval.retention.staying.arm_checks import (
    cause_code,
    check_arms,
    check_episodes,
    check_whole_days,
    reference_place,
)
from splw_eval.retention.staying.comparison_rows import Comparison
from splw_eval.retention.staying.contrasts import compared_or_refused, means_of, permutations
from splw_eval.retention.staying.groups import (
    check_horizon,
    check_reach,
    check_size,
    grid_of,
    groups_of,
)
from splw_eval.retention.staying.leaving_checks import check_leaving, read_allocations

if TYPE_CHECKING:
    import pandas as pd


_UNNAMED = (
    "No group was named to be compared with, so it is the first in order: the sign of the "
    "difference goes by that. Name it with reference=."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RetentionComparison:
    """Groups compared at a horizon.

    Attributes
    ----------
    table : DataFrame
        One row for each contrast and method: ``term method default estimate std_error df
        statistic p_value conf_low conf_high n``. In the unit of the time column (days, as a
        rule), but for the logarithm of O/E; the log-rank test has no estimate.
    means : DataFrame
        One row for each group, with its mean time (still there, or lost to the cause).
    permutations : DataFrame
        One row for each contrast: ``term practices practices_reference allocations exact
        smallest_p_value``; no rows without practices.
    default : str
        The method to be told first; it was chosen before any data were seen.
    exact : bool or None
        Of the first contrast, as the next two: whether all allocations were gone through, not
        drawn; None without practices.
    allocations : int or None
        Of the first contrast.
    smallest_p_value : float or None
        The least that the permutation can give, for the first contrast.
    time : str
        Column of times, whose unit the estimates have.
    horizon : float
    cause : str or None
        The cause that time is lost to; None for time still there.
    method : str
    notes : tuple of str
    conf_level : float
    """

    table: pd.DataFrame
    means: pd.DataFrame
    permutations: pd.DataFrame
    default: str
    exact: bool | None
    allocations: int | None
    smallest_p_value: float | None
    time: str
    horizon: float
    cause: str | None
    method: str
    notes: tuple[str, ...]
    conf_level: float

    def to_frame(self) -> pd.DataFrame:
        """The table, as a copy."""
        return self.table.copy()

    @property
    def estimate(self) -> float:
        """Difference in mean time of the first contrast."""
        return float(self.table["estimate"].iloc[0])

    @property
    def p_value(self) -> float:
        """Of the default method, for the first contrast."""
        return float(self.table.loc[self.table["default"], "p_value"].iloc[0])

    def __repr__(self) -> str:
        return f"<RetentionComparison: {self.notes[0]}>"

    def __str__(self) -> str:
        what = "still there" if self.cause is None else f'lost to "{self.cause}"'
        title = f"Difference in mean time {what} ({self.time}) up to {self.horizon:g}"
        return curve_text(title, self.table, self.method, self.notes)


def compare_retention(  # noqa: PLR0913 - each is a choice that a reader must see
    frame: pd.DataFrame,
    *,
    time: str,
    event: str,
    by: str,
    horizon: float,
    cluster: str | None = None,
    cause: int | str | None = None,
    reference: Any = None,
    allocations: Any = None,
    seed: int = 1,
    draws: int = 9_999,
    conf_level: float = 0.95,
    causes: Mapping[int, str] | None = None,
) -> RetentionComparison:
    """Compare groups in mean days engaged up to a horizon.

    Parameters
    ----------
    frame : DataFrame
        One row for each person or episode.
    time, event : str
        Columns as in `retention_curve`; with practices in whole days.
    by : str
        Column of groups: arms, each with people.
    horizon : float
        Days, declared beforehand; somebody of every group was followed so far.
    cluster : str, optional
        Column of practices, each in one group, two or more in each.
    cause : int or str, optional
        Compare the days lost to this cause; by default the days engaged, all causes together.
    reference : object, optional
        The group that others are compared with. It must be named where there are more than
        two; of two the first in order is taken, and a note says so.
    allocations : array_like of bool, or DataFrame, optional
        Allocations that could have been, one row each, practices in columns in their order
        (or by name): True where a practice stands in the other group than the reference. Each
        once, with as many practices in each group as were seen. By default all of these.
    seed, draws : int
        Of the allocations drawn where there are more than 20,000.
    conf_level : float
    causes : mapping of int to str, optional
        Names of the causes by code.

    Returns
    -------
    RetentionComparison
        With practices the default is the studentised permutation of practices; beside it
        stand t with Satterthwaite's degrees of freedom, the t test of log(O/E) by practice, and
        the log-rank test, which ignores practices.

    Raises
    ------
    RetentionError
        Columns or options cannot be used, or the groups cannot be compared: every reason,
        with its column, its rows and its remedy. A group without episodes is refused, as
        people who were never referred can neither stay nor leave.
    FitError
        Practices of a group do not differ at all.

    Sources
    -------
    Royston & Parmar 2013, BMC Med Res Methodol 13:152; Andersen 2013, Stat Med 32:5278; Gail
    and others 1996, Stat Med 15:1069; Ditzhaus, Yu & Xu 2023, Stat Med 42:2226; Hayes & Moulton
    2017, Cluster randomised trials, 10.3. docs/methods/retention.md.
    """
    check_kind(frame)
    if by is None:
        remedy = 'Write for example by="arm".'
        raise FitError("by= is needed: the name of the column of groups.", remedy=remedy)
    asked = Asked(time=time, event=event, by=by, cluster=cluster, causes=causes)
    options = [*check_level(conf_level), *check_horizon(horizon), *check_draws(seed, draws)]
    if horizon is None:
        remedy = "Declare it before looking at the data, for example 365."
        options.append(finding("SR09", "no horizon is given", remedy))
    options += check_episodes(frame, by, time, event)
    rows = read_rows(frame, asked, more=options)
    code = None if cause is None else cause_code(rows.causes, cause)
    found = [*check_arms(rows, reference, by, cluster), *check_whole_days(rows, horizon, time)]
    if cause is not None and code is None:
        problem = "cause= names no cause that there is"
        remedy = f"There are: {', '.join(f'{k} ({name})' for k, name in rows.causes.items())}."
        found.append(finding("SR12", problem, remedy, column=event))
    if allocations is not None and (cluster is None or _several(rows)):
        problem = "allocations= needs cluster= and two groups"
        found.append(finding("SR12", problem, "Give both, or leave allocations= out."))
    refuse(found)
    grid = grid_of(rows, horizon)
    refuse(check_size(rows, grid, cluster))
    groups = groups_of(rows, grid, by_cause=True)
    refuse(check_reach(groups, grid, horizon))
    first = reference_place(rows, reference) or 0
    refuse(check_leaving(rows, first, horizon, code, (time, event)))
    given = read_allocations(rows, allocations, first)
    compared = [
        compared_or_refused(
            rows,
            (first, other),
            time=time,
            horizon=horizon,
            cause=code,
            allocations=given,
            seed=seed,
            draws=draws,
            conf_level=conf_level,
        )
        for other in range(len(groups))
        if other != first
    ]
    place = None if code is None else list(rows.causes).index(code)
    means = means_of(groups, grid, horizon, conf_level, place)
    lost_to = None if code is None else rows.causes[code]
    told = [*nobody_engaged(rows.event), *([_UNNAMED] if reference is None else [])]
    return _result(compared, means, time, horizon, lost_to, conf_level, tuple(told))


def _several(rows: TimeRows) -> bool:
    return rows.group is None or rows.group.count != 2  # noqa: PLR2004 - two arms


def _result(
    compared: list[Comparison],
    means: pd.DataFrame,
    time: str,
    horizon: float,
    cause: str | None,
    conf_level: float,
    told: tuple[str, ...],
) -> RetentionComparison:
    import pandas as pd

    first = compared[0]
    notes = [note for one in compared for note in one.notes]
    if len(compared) > 1:
        notes = [f"{one.term}: {note}" for one in compared for note in one.notes]
    notes += [*told, *(note for one in compared for note in one.shared)]
    if len(compared) > 1:
        notes.append(
            f"{len(compared)} groups are compared with one; p-values and limits are those of each "
            "contrast by itself."
        )
    return RetentionComparison(
        table=pd.DataFrame([row for one in compared for row in one.rows]),
        means=means,
        permutations=permutations(compared),
        default=first.default,
        exact=first.exact,
        allocations=first.allocations,
        smallest_p_value=first.smallest_p_value,
        time=time,
        horizon=horizon,
        cause=cause,
        method=first.method,
        notes=tuple(dict.fromkeys(notes)),
        conf_level=conf_level,
    )
