"""Trials that allocate people to two arms within each of several practices or sites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding
from splw_eval.power.design import Kind, Values
from splw_eval.power.people import faults_of_one_visit
from splw_eval.power.precision import Array, Precision
from splw_eval.stats.power.sites import variance_within_sites

_EFFECTS = ("diff", "d")


def precision(v: Values) -> Precision:
    """Variance of the mean over sites of the difference."""
    sd = np.asarray(1.0) if v.sd is None else v.sd
    effect = v.diff if v.diff is not None else v.d * sd
    kept = 1.0 if v.dropout is None else 1 - v.dropout[-1]
    spread = np.asarray(0.0) if v.sd_treatment is None else v.sd_treatment
    sites, m = np.asarray(v.clusters), np.asarray(v.size) * kept
    ratio = np.asarray(1.0) if v.allocation is None else v.allocation
    variance = variance_within_sites(
        sites=sites, size=m, within=_within(v, sd, spread), effects=spread**2, ratio=ratio
    )
    df = {"j-1": np.asarray(sites - 1 + 0 * variance)}
    if (spread == 0).all():  # one effect at all sites: the sites' levels alone are estimated
        df["n-j-1"] = np.asarray(sites * m - sites - 1 + 0 * variance)
    return Precision(
        effect=np.asarray(effect),
        variance=variance,
        df=df,
        parts={
            "patients": np.asarray(sites * v.size),
            "design_effect": np.asarray(variance * sites * m / ((1 + ratio) ** 2 / ratio * sd**2)),
        },
    )


def _within(v: Values, sd: Array, spread: Array) -> Array:
    """Variance of a score within an arm of a site."""
    taken = 0.0 if v.r2 is None else v.r2
    if v.sd_is == "residual":
        return np.asarray(sd**2 * (1 - taken))
    return np.asarray((sd**2 * (1 - v.icc) - spread**2 / 4) * (1 - taken))


def check(v: Values) -> Iterator[Finding]:
    """What contradicts itself."""
    yield from faults_of_one_visit(v)
    if v.icc is None and v.sd_is != "residual":
        remedy = "Give that of sites, or --sd-is residual with the SD within an arm of a site."
        yield finding("SZ02", "icc", "is missing", remedy)
        return
    if v.icc is not None and ((v.icc < 0) | (v.icc >= 1)).any():
        yield finding(
            "SZ06", "icc", "is outside what sites can have", "Give one from 0 to below 1."
        )
        return
    sd = np.asarray(1.0) if v.sd is None else v.sd
    spread = np.asarray(0.0) if v.sd_treatment is None else v.sd_treatment
    if (_within(v, sd, spread) <= 0).any():
        problem = "leaves no variance within sites"
        yield finding("SZ09", "sd_treatment", problem, "Give a smaller one, or a smaller --icc.")


def model(_: Values) -> str:
    """The analysis."""
    return (
        "a linear mixed model with a random intercept for each site and a random effect of the "
        "programme between sites"
    )


def arms(total: float, _: Values) -> Mapping[str, float]:
    """Sites: each has both arms."""
    return {"sites": total}


KIND = Kind(
    name="multisite",
    title="trial that allocates people within sites",
    takes=(
        *_EFFECTS,
        *("sd", "sd_is", "clusters", "size", "allocation", "dropout"),
        *("icc", "sd_treatment", "r2"),
    ),
    needs=(_EFFECTS, ("clusters",), ("size",)),
    solves=("power", "clusters", "size", "mde"),
    effect=_EFFECTS,
    precision=precision,
    model=model,
    check=check,
    arms=arms,
    defaults={"sd_is": "total"},
    sources=(
        "Raudenbush & Liu 2000, Psychol Methods 5:199",
        "Murray 1998, Design and Analysis of Group-Randomized Trials",
    ),
)
