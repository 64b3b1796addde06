"""Where methods that answer one question disagree, and which to believe."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from splw_eval.models.boundary import held, limits_in_words
from splw_eval.models.engine_clusters import clusters_with_effects
from splw_eval.models.fit_record import FitRecord
from splw_eval.models.side_by_side import BETWEEN_WITHIN, MEANS
from splw_eval.models.summaries import on_boundary

if TYPE_CHECKING:
    import pandas as pd

WIDER = 1.5  # times the narrowest interval, from which on widths count as different
MANY = 40  # clusters from which on robust methods need little correction
_CR2 = "CR2 by cluster"
_PLAIN = {_CR2, MEANS}  # methods that rest on no model of how clusters differ


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
    return (*apart, _believe(fitted, told))


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


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else str(last)


def _believe(fitted: FitRecord, told: pd.DataFrame) -> str:
    clusters = clusters_with_effects(fitted.design, fitted.spec) or fitted.design.cluster
    methods = set(told["method"])
    if clusters is None:
        words = (
            "CR2 rests on the fewest assumptions about the covariance; where it disagrees with the "
            "model"
            if "CR2 by person" in methods
            else "Where methods disagree"
        )
        simple = 'the covariance may be too simple: try "unstructured".'
        return f"People are the units here. {words}, {simple}"
    start = f"There are {clusters.count} clusters. "
    by_cluster = _PLAIN & methods
    safe = f"Believe {_listed(sorted(by_cluster))}" if by_cluster else "Believe none of these"
    if fitted.spec.cluster_effect == "none":
        return start + (
            "The model takes people as independent of their clusters; where they are not, its own "
            f"intervals are far too narrow. {safe}, or fit effects of clusters."
        )
    if fitted.spec.cluster_effect == "intercept" and fitted.design.waves > 1:
        return start + (
            "The model has no effect of clusters at each wave; where clusters change differently, "
            "its own intervals of changes and of differences between waves are far too narrow. "
            f'{safe}, or fit cluster_effect="wave".'
        )
    if clusters.count >= MANY and _CR2 in methods:
        return start + (
            "With so many, CR2 rests on the fewest assumptions; where it disagrees with the "
            "model, the model's covariance may be wrong."
        )
    return f"{start}{_of_few(fitted, methods)}"


def _of_few(fitted: FitRecord, methods: set[str]) -> str:
    """Advice for few clusters, of the methods that there are."""
    own = sorted(name for name in methods if name.startswith("Kenward-Roger"))
    parts = []
    if not own:
        if BETWEEN_WITHIN in methods:
            parts.append("Believe between-within.")
    elif held(fitted).any() and BETWEEN_WITHIN in methods:
        keep = "Kenward-Roger (keep)"
        parts.append(
            f"The cautious answer is the wider of {keep if keep in own else own[0]} and "
            f"between-within: {limits_in_words(on_boundary(fitted))}."
        )
        if any(name.endswith("(conditional)") for name in methods):
            parts.append(
                "Rules that take a variance as known to be zero (conditional) kept their size with "
                "15 practices; with fewer they may promise too much."
            )
    else:
        parts.append("Believe Kenward and Roger's interval.")
    robust = [kind for kind in ("CR2", "CR3") if f"{kind} by cluster" in methods]
    rest = []
    if "model, z" in methods:
        rest.append(
            "the normal distribution (z) takes the variances as known: too narrow with few clusters"
        )
    if robust:
        verbs = ("estimates", "jumps") if len(robust) == 1 else ("estimate", "jump")
        rest.append(
            f"{' and '.join(robust)} {verbs[0]} a variance from few clusters and {verbs[1]} about"
        )
    if MEANS in methods:
        rest.append(
            "the t test of practice means is simple and safe, but weighs small practices as large "
            "ones and adjusts for nothing"
        )
    if rest:
        text = "; ".join(rest)
        parts.append(f"{text[0].upper()}{text[1:]}.")
    return " ".join(parts)
