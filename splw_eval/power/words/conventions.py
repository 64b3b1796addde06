"""Conventions: what tools differ in though they agree in their sums, as it was done here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from splw_eval.power.design import Values
from splw_eval.power.solved import Solved

LABELS = {
    "alpha": "Level of the test",
    "sides": "Sides",
    "test": "Test",
    "df_rule": "Degrees of freedom",
    "tails": "Tails counted",
    "sd": "Standard deviation",
    "icc_scale": "Scale of the ICC",
    "cluster_sizes": "Cluster sizes",
    "variance": "Variance of proportions",
    "attrition": "People lost",
    "rounding": "Rounding",
    "mde": "Detectable difference",
    "formula": "Formula from",
}
_TAILS = {
    "upper": "upper: only rejections in the direction of the difference",
    "both": "both: rejections in either direction",
}
_SD = {
    "total": "total: between and within clusters together",
    "residual": "residual: within clusters, other than the variance between them",
}
_SIZES = {
    "eldridge": "eldridge: 1 + ((cv squared + 1) size - 1) ICC, which is cautious",
    "breukelen": "breukelen: relative efficiency of unequal sizes, a Taylor approximation",
    "exact": "exact: each of the sizes as given",
}
_ICC = {
    "proportion": "proportion: the outcome's own scale",
    "logit": "logit: log odds",
    "k": "k: SD between clusters over the mean",
}
_ROUNDING = {
    "power": "none: the power is that of the numbers as given",
    "clusters": "clusters up in each arm or sequence; the power is that of whole clusters",
    "size": "people up in each cluster; the power is that of whole people",
    "patients": "people up in each arm; the power is that of whole people",
    "controls": "people up; the power is that of whole people",
    "events": "events up; the power is that of whole events",
    "mde": "none: the difference is as solved",
}
_PEOPLE_FIRST = {
    "individual": "individual: people up as if in no clusters, then clusters in all up",
    "nearest": "nearest: people up as if in no clusters, then clusters in all to the nearest",
}


def conventions_of(answer: Solved) -> Mapping[str, Any]:
    """What tools differ in.

    Parameters
    ----------
    answer : Solved

    Returns
    -------
    mapping of str to object
        Words begin with the option's own word.
    """
    v, takes = answer.asked.values, answer.asked.kind.takes
    told: dict[str, Any] = {
        "alpha": _plain(v.alpha),
        "sides": int(v.sides),
        "test": "z: normal" if _is_normal(answer) else "t: noncentral Student's t",
        "df_rule": rule_of(answer),
        "tails": _TAILS[v.tails] if int(v.sides) == 2 else "one-sided: one tail",  # noqa: PLR2004
    }
    if v.sd is not None or v.d is not None:
        told["sd"] = _SD[v.sd_is or "total"]
    if v.icc is not None:
        told["icc_scale"] = _ICC[v.icc_scale or "proportion"]
    if answer.clusters is not None and {"cv", "sizes"} & set(takes):
        unequal = (v.cv is not None and np.any(v.cv > 0)) or v.sizes is not None
        told["cluster_sizes"] = (
            _SIZES[v.cv_method or ("eldridge" if v.sizes is None else "exact")]
            if unequal
            else "equal"
        )
    if v.p0 is not None and "variance" in takes:
        told["variance"] = v.variance
    if "dropout" in takes:
        told["attrition"] = _attrition(v)
    told["rounding"] = _ROUNDING.get(answer.sought, "up")
    if v.rounding in _PEOPLE_FIRST:
        told["rounding"] = _PEOPLE_FIRST[v.rounding]
    told["mde"] = "bloom: multiples of the SE" if v.mde_rule == "bloom" else "exact: solved"
    told["formula"] = "; ".join(answer.asked.kind.sources_of(v))
    return told


def rule_of(answer: Solved) -> str:
    """Name of the rule of degrees of freedom, or the number that was given."""
    v = answer.asked.values
    if v.test == "z" or v.df == "z":
        return "z"
    if v.df is None:
        return next(iter(answer.precision.df))
    return v.df if isinstance(v.df, str) else "as given"


def _is_normal(answer: Solved) -> bool:
    return bool(np.isinf(np.asarray(answer.df)).all())


def _attrition(v: Values) -> str:
    if v.dropout is None and v.cluster_loss is None:
        return "none: nobody is lost"
    if v.visits is not None:
        return "by visit: each person counts for as long as seen, not the whole as 1/(1 - lost)"
    return "taken off the sizes of clusters before the design effect, and not added afterwards"


def _plain(value: Any) -> Any:
    held = np.asarray(value)
    return float(held) if held.ndim == 0 else held.tolist()
