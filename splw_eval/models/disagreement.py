"""Where methods that answer one question disagree, and which to believe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from splw_eval.models.fit_record import FitRecord

if TYPE_CHECKING:
    import pandas as pd

WIDER = 1.5  # times the narrowest interval, from which on widths count as different
_MANY = 40  # clusters from which on robust methods need little correction


def disagreement(fitted: FitRecord, table: pd.DataFrame) -> tuple[str, ...]:
    """Compare the methods of `side_by_side`.

    Parameters
    ----------
    fitted : FitRecord
    table : DataFrame
        As `side_by_side` gives it.

    Returns
    -------
    tuple of str
        A sentence for each contrast, and one that says which to believe.
    """
    told = table[np.isfinite(table["conf_low"]) & np.isfinite(table["conf_high"])]
    if told.empty:
        return ("No interval can be given, so there is nothing to compare.",)
    found = [_of_term(str(term), rows) for term, rows in told.groupby("term", sort=False)]
    apart = [sentence for sentence in found if sentence]
    if not apart:
        return (
            "All methods agree: their intervals exclude 0 or contain it together, and no interval "
            f"is more than {WIDER:g} times as wide as another.",
        )
    return (*apart, _believe(fitted))


def _of_term(term: str, rows: pd.DataFrame) -> str:
    without = rows[(rows["conf_low"] > 0) | (rows["conf_high"] < 0)]
    parts = []
    if 0 < len(without) < len(rows):
        others = rows.drop(without.index)
        parts.append(
            f"the interval excludes 0 by {_listed(without['method'])}, and contains it by "
            f"{_listed(others['method'])}"
        )
    width = rows["conf_high"] - rows["conf_low"]
    if width.max() > WIDER * width.min():
        wide, narrow = rows.loc[width.idxmax(), "method"], rows.loc[width.idxmin(), "method"]
        parts.append(
            f"the interval of {wide} is {width.max() / width.min():.1f} times as wide as that of "
            f"{narrow}"
        )
    return f"{term}: {'; '.join(parts)}." if parts else ""


def _listed(names: pd.Series) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else str(last)


def _believe(fitted: FitRecord) -> str:
    cluster, spec = fitted.design.cluster, fitted.spec
    if cluster is None:
        return (
            "People are the units here. CR2 rests on the fewest assumptions about the covariance; "
            "where it disagrees with the model, the covariance may be too simple: try "
            '"unstructured".'
        )
    start = f"There are {cluster.count} clusters. "
    if spec.cluster_effect == "none":
        return start + (
            "The model takes people as independent of their clusters; where they are not, its own "
            "intervals are far too narrow. Believe CR2 by cluster, or fit effects of clusters."
        )
    if cluster.count >= _MANY:
        return start + (
            "With so many, CR2 rests on the fewest assumptions; where it disagrees with the "
            "model, the model's covariance may be wrong."
        )
    held = fitted.fit.fit.bound[0].any()
    zero = (
        "Believe the wider of Kenward-Roger (keep) and between-within: a variance is estimated as "
        "zero, and rules that take it as known to be zero (conditional) may promise too much. "
        if held
        else "Believe Kenward and Roger's interval. "
    )
    return start + (
        f"{zero}The normal distribution (z) takes the variances as known: too narrow with few "
        "clusters; CR2 and CR3 estimate a variance from few clusters and jump about; the t "
        "test of practice means is simple and safe, but weighs small practices as large ones "
        "and adjusts for nothing."
    )
