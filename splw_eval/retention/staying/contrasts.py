"""Contrasts side by side: refusals in words, the mean of each group, and what was permuted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from splw_eval.core.errors import FitError
from splw_eval.retention.checks import RetentionError, finding, refuse
from splw_eval.retention.columns import TimeRows
from splw_eval.retention.staying.comparison_rows import Comparison, compare_two
from splw_eval.retention.staying.groups import Grid, Group
from splw_eval.retention.staying.means import lost_columns, mean_columns

if TYPE_CHECKING:
    import pandas as pd

_PERMUTED = ("practices", "practices_reference", "allocations", "exact", "smallest_p_value")


def compared_or_refused(
    rows: TimeRows, pair: tuple[int, int], *, time: str, **asked: Any
) -> Comparison:
    """Compare two groups; what cannot be reckoned is refused with its column.

    Parameters
    ----------
    rows : TimeRows
    pair : tuple of int
        Places of the reference and of the other group.
    time : str
        Column of times.
    **asked : object
        As `compare_two` takes them.

    Returns
    -------
    Comparison

    Raises
    ------
    RetentionError
        Practices do not differ, or anything else that the methods cannot do with.
    """
    try:
        return compare_two(rows, pair, **asked)
    except RetentionError:
        raise
    except FitError as error:
        remedy = error.remedy or "Look at the days and endings of each practice."
        problem = error.message.rstrip(".")
        refuse([finding("SR10", f"{problem[:1].lower()}{problem[1:]}", remedy, column=time)])
        raise


def means_of(
    groups: Sequence[Group], grid: Grid, horizon: float, conf_level: float, place: int | None
) -> pd.DataFrame:
    """Give the mean time of each group, still there or lost to a cause.

    Parameters
    ----------
    groups : sequence of Group
    grid : Grid
    horizon, conf_level : float
    place : int or None
        Place of the cause in the counts, from 0; None for time still there.

    Returns
    -------
    DataFrame
    """
    import pandas as pd

    rows = []
    for group in groups:
        clusters = group.counts.clusters if group.counts.clustered else None
        row = {"group": group.name, "n": group.counts.n, "clusters": clusters}
        if place is None:
            row |= mean_columns(group.counts, grid, horizon, conf_level)
        else:
            row |= lost_columns(group.counts, grid, horizon, conf_level)[place]
        rows.append(row)
    return pd.DataFrame(rows)


def permutations(compared: Sequence[Comparison]) -> pd.DataFrame:
    """Say of each contrast which allocations its permutation went through.

    Parameters
    ----------
    compared : sequence of Comparison

    Returns
    -------
    DataFrame
        As `RetentionComparison.permutations` describes it.
    """
    import pandas as pd

    rows = []
    for one in compared:
        if one.practices is not None:
            reference, other = one.practices
            told = (other, reference, one.allocations, one.exact, one.smallest_p_value)
            rows.append({"term": one.term, **dict(zip(_PERMUTED, told, strict=True))})
    return pd.DataFrame(rows, columns=["term", *_PERMUTED])
