"""Conventions: what tools differ in though they agree in their sums, as it was done here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from splw_eval.power.cells.matrices import is_cohort, is_residual
from splw_eval.power.cells.outcomes import is_linked
from splw_eval.power.design import Design
from splw_eval.power.designs.time_to_event import formula_of
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
    "hazards": "Variance of the log hazard ratio",
    "formula": "Formula from",
}
_TAILS = {
    "upper": "upper: only rejections in the direction of the difference",
    "both": "both: rejections in either direction",
}
_ONE_SIDED = "one-sided: in the direction of the difference planned"
_SD = {
    "total": "total: between and within clusters together",
    "residual": "residual: within clusters, other than the variance between them",
}
_SIZES = {
    "eldridge": "eldridge: 1 + ((cv squared + 1) size - 1) ICC, which is cautious",
    "breukelen": "breukelen: relative efficiency of unequal sizes, a Taylor approximation",
    "exact": "exact: each of the sizes as given",
    "spread": "spread: sizes of a gamma distribution with this spread, each by its own precision",
}
_ICC = {
    "proportion": "proportion: the outcome's own scale",
    "logit": "logit: latent, of log odds with residual variance 3.29",
    "k": "k: SD between clusters over the mean",
}
_BY_KIND = {
    "tte": "events",
    "stepped-wedge": "by period",
    "crossover": "by period",
    "matrix": "by period",
}
_BY_ELDRIDGE = ("multi-arm", "pre-post")  # which take no other method
LOSS = {
    "none": "nobody is lost",
    "by visit": "each person counts for as long as seen, not the whole as 1/(1 - lost)",
    "by period": "taken off the people recruited for each period, before anything else",
    "both times": "only people who were seen both times count",
    "events": "people count until they are lost",
    "sizes": "taken off the sizes of clusters before the design effect, and not added afterwards",
    "at the end": "taken off the people recruited",
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
_HAZARDS = {
    "schoenfeld": "schoenfeld: from the events of both arms",
    "freedman": "freedman: from the events of both arms, and the hazard ratio",
    "lachin-foulkes": "lachin-foulkes: from the events of each arm, as hazards over time have them",
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
        "tails": _TAILS[v.tails] if int(v.sides) == 2 else _ONE_SIDED,  # noqa: PLR2004
    }
    if v.sd is not None or v.d is not None:
        told["sd"] = _SD[v.sd_is or "total"]
    elif "sampling" in takes and v.sd_cluster is not None and is_residual(v) and not is_linked(v):
        told["sd"] = "residual: the variance of a proportion or rate, beside that between clusters"
    if v.icc is not None:
        told["icc_scale"] = _ICC[v.icc_scale or "proportion"]
    if answer.clusters is not None and {"cv", "sizes"} & set(takes):
        unequal = (v.cv is not None and np.any(v.cv > 0)) or v.sizes is not None
        told["cluster_sizes"] = sizes_rule(answer.asked) if unequal else "equal"
    if v.p0 is not None and "variance" in takes:
        told["variance"] = v.variance
    if "dropout" in takes:
        told["attrition"] = _attrition(answer.asked)
    told["rounding"] = _ROUNDING.get(answer.sought, "up")
    if v.rounding in _PEOPLE_FIRST:
        told["rounding"] = _PEOPLE_FIRST[v.rounding]
    told["mde"] = "bloom: multiples of the SE" if v.mde_rule == "bloom" else "exact: solved"
    if "formula" in takes:
        told["hazards"] = _HAZARDS[formula_of(v)]
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


def sizes_rule(design: Design) -> str:
    """How sizes that are unlike enter, with the option's own word first."""
    v = design.values
    by_visits = v.visits is not None and design.kind.name == "partially-nested"
    if v.sizes is not None and (v.cv_method is None or by_visits):
        return _SIZES["exact"]
    by_effect = "cv_method" in design.kind.takes or design.kind.name in _BY_ELDRIDGE
    return _SIZES[(v.cv_method or "eldridge") if by_effect and not by_visits else "spread"]


def loss_is(design: Design) -> str:
    """How the people who are lost enter: a word that `LOSS` explains.

    Parameters
    ----------
    design : Design

    Returns
    -------
    str
    """
    v, kind = design.values, design.kind
    if v.dropout is None and v.dropout_control is None and v.cluster_loss is None:
        return "none"
    if kind.name in _BY_KIND:
        return _BY_KIND[kind.name]
    if kind.name in ("baseline", "did"):
        return _loss_of_two_times(design)
    if v.visits is not None or _several_scores(design):
        return "by visit"
    return "sizes" if v.icc is not None or v.sd_cluster is not None else "at the end"


def _several_scores(design: Design) -> bool:
    v = design.values
    told = v.pre is not None or v.post is not None
    return design.kind.name == "individual" and (told or v.baseline != "none")


def _loss_of_two_times(design: Design) -> str:
    if not is_cohort(design.values):
        return "by period"
    whole = design.kind.name == "did" or design.values.baseline not in ("lda", "clda")
    return "both times" if whole else "by visit"


def _attrition(design: Design) -> str:
    word = loss_is(design)
    return LOSS[word] if word in ("sizes", "at the end") else f"{word}: {LOSS[word]}"


def _plain(value: Any) -> Any:
    held = np.asarray(value)
    return float(held) if held.ndim == 0 else held.tolist()
