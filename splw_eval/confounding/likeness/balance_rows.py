"""Two groups compared in every column of their covariates, before and after weighting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.confounding.basis.group_notes import counted
from splw_eval.confounding.basis.regressions import practice_notes
from splw_eval.confounding.likeness.balance_record import BALANCE_COLUMNS, Balance
from splw_eval.models.person_rows import PersonRows
from splw_eval.stats.tails import t_critical
from splw_eval.stats.weighting.balance import (
    Binary,
    Differences,
    Spread,
    practice_differences,
    standardised_differences,
)
from splw_eval.stats.weighting.chance_scale import chance_scale
from splw_eval.stats.weighting.propensity import effective_size

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

CONF_LEVEL = 0.95
_LARGE = 0.1  # the usual rule of thumb, for people who are independent
_LARGEST_RATIO = 2.0
_WHOSE = {
    "both": "the root of the mean of both groups' variances",
    "treated": "that of the group compared",
    "reference": "that of the reference",
    "everybody": "that of all people",
}


def balance_of(
    rows: PersonRows,
    weights: Array | None,
    *,
    spread: Spread = "both",
    binary: Binary = "sample",
) -> Balance:
    """Compare groups that were read.

    Parameters
    ----------
    rows : PersonRows
    weights : ndarray, shape (n,), or None
    spread, binary : str
        As in `standardised_differences`.

    Returns
    -------
    Balance
    """
    assert rows.group is not None
    treated, columns = rows.group == 1, np.asarray(rows.X, dtype=np.float64)
    practice = None if rows.cluster is None else rows.cluster.codes
    before = standardised_differences(columns, treated, spread=spread, binary=binary)
    after = (
        None
        if weights is None
        else standardised_differences(columns, treated, weights, spread=spread, binary=binary)
    )
    chance = chance_scale(columns, treated, practice)
    none = np.full(len(rows.terms), np.nan)
    plain = none if practice is None else practice_differences(columns, treated, practice)
    moved = none
    if practice is not None and weights is not None:
        moved = practice_differences(columns, treated, practice, weights)
    reach = t_critical(chance.df, CONF_LEVEL) if chance.df > 0 else np.nan
    limit = reach * chance.std_error * _in_these(columns, treated, before)
    table = _table(rows, before, after, limit)
    table["practice_difference_before"], table["practice_difference_after"] = plain, moved
    table["intraclass"] = none if practice is None else chance.intraclass
    practices = None if rows.cluster is None else np.unique(rows.cluster.codes).size
    return Balance(
        table=table[list(BALANCE_COLUMNS)],
        groups=rows.groups,
        sizes=group_sizes(rows, weights),
        method=_method(spread, weights is not None, practices),
        notes=tuple(_notes(rows, table, weights is not None)),
        n=rows.n,
        practices=practices,
        conf_level=CONF_LEVEL,
    )


def group_sizes(rows: PersonRows, weights: Array | None) -> pd.DataFrame:
    """People, effective people and practices of each group, the reference first.

    Parameters
    ----------
    rows : PersonRows
    weights : ndarray, shape (n,), or None

    Returns
    -------
    DataFrame
    """
    import pandas as pd

    assert rows.group is not None
    w = np.ones(rows.n) if weights is None else weights
    found: list[dict[str, Any]] = []
    for place, label in enumerate(rows.groups):
        own = rows.group == place
        codes = None if rows.cluster is None else rows.cluster.codes[own]
        found.append(
            {
                "group": label,
                "n": int(own.sum()),
                "effective_size": effective_size(w[own]),
                "practices": None if codes is None else int(np.unique(codes).size),
                "effective_practices": np.nan
                if codes is None
                else effective_size(np.bincount(codes, weights=w[own])),
                "largest_share": float(w[own].max() / w[own].sum()),
            }
        )
    return pd.DataFrame(found)


def _in_these(columns: Array, treated: NDArray[np.bool_], found: Differences) -> Array:
    """The chance scale is in standard deviations of both groups; turned into those in use."""
    usual = standardised_differences(columns, treated).spread
    usable = found.spread > 0
    return np.where(usable, usual / np.where(usable, found.spread, 1.0), np.nan)


def _table(
    rows: PersonRows, before: Differences, after: Differences | None, limit: Array
) -> pd.DataFrame:
    import pandas as pd

    none = np.full(len(rows.terms), np.nan)
    return pd.DataFrame(
        {
            "covariate": rows.covariate_of,
            "term": rows.terms,
            "mean": before.treated,
            "mean_reference": before.reference,
            "mean_weighted": none if after is None else after.treated,
            "mean_reference_weighted": none if after is None else after.reference,
            "std_difference_before": before.standardised,
            "std_difference_after": none if after is None else after.standardised,
            "chance_limit": limit,
            "variance_ratio_before": before.variance_ratio,
            "variance_ratio_after": none if after is None else after.variance_ratio,
            "n": rows.n,
        }
    )


def _between_practices(rows: PersonRows) -> float:
    """Limit of chance of the difference of practice means, in their standard deviations."""
    assert rows.cluster is not None
    counts = [np.unique(rows.cluster.codes[rows.group == place]).size for place in (0, 1)]
    reach = t_critical(sum(counts) - 2, CONF_LEVEL) if sum(counts) > len(counts) else np.nan
    return reach * float(np.sqrt(sum(1 / count for count in counts)))


def _method(spread: str, weighted: bool, practices: int | None) -> str:
    scale = "people counted as independent (people less 2 df)"
    if practices is not None:
        scale = f"with the design effect of {practices} practices in each covariate"
        scale += f" ({practices - 2} df)"
    after = ", before and after weighting" if weighted else ""
    return (
        f"standardised differences{after}, over {_WHOSE[spread]} of unweighted people; limit of "
        f"chance by Student's t, {scale}"
    )


def _notes(rows: PersonRows, table: pd.DataFrame, weighted: bool) -> Iterator[str]:
    before, limit = table["std_difference_before"].abs(), table["chance_limit"]
    if before.isna().all():
        yield "No covariate varies, so there is nothing to balance."
        return
    beyond, count = int((before > limit).sum()), len(table)
    yield (
        f"{beyond} of {count} terms differ before weighting by more than the limit of chance, "
        f"which groups formed by chance pass in about 1 of 20 terms (here {count / 20:.1f}); the "
        f"largest difference is {before.max():.2f} standard deviations."
    )
    if weighted:
        after = table["std_difference_after"].abs()
        far = int((after > _LARGE).sum())
        yield (
            f"After weighting the largest difference is {after.max():.2g}, and {far} of {count} "
            f"terms differ by more than {_LARGE}."
        )
        ratio = table["variance_ratio_after"]
        wide = int(((ratio > _LARGEST_RATIO) | (ratio < 1 / _LARGEST_RATIO)).sum())
        if wide:
            told = counted(wide, "variance")
            yield f"After weighting {told} still differ by a factor of more than 2."
    if rows.cluster is not None and limit.notna().any():
        yield (
            f"With these practices chance alone makes differences of up to {limit.median():.2f} "
            f"in the middle covariate, so the usual rule of {_LARGE} is no sign of confounding "
            f"before weighting; between practice means it makes {_between_practices(rows):.2f}."
        )
    yield (
        "Balance is known of these covariates only. The limit of chance is that of groups "
        "before weighting."
    )
    unmoved = table.loc[before.isna(), "term"]
    if len(unmoved):
        told = counted(len(unmoved), "term")
        yield f"Of {told} there is no difference, as nothing varies within either group."
    yield from rows.notes()
    yield from practice_notes(rows)
