"""Published cases of clusters and periods, as calls of the planning room."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from scipy.special import stdtr

from splw_eval import power
from splw_eval.stats.power.noncentral import critical_value

Case = Mapping[str, Any]

_NUMBERS: Mapping[str, tuple[str, ...]] = {  # option: names that cases give it
    "alpha": ("alpha",),
    "sides": ("sides",),
    "power": ("power",),
    "icc": ("icc_within_period", "icc"),
    "cac": ("cluster_autocorrelation", "cac", "cluster_effect_ar1_per_period"),
    "iac": ("individual_autocorrelation", "iac"),
    "sd_treatment": (
        "sd_treatment_effect_between_clusters_units",
        "sd_treatment_effect_between_clusters",
        "sd_treatment_effect_units",
        "sd_treatment_effect_link_scale",
        "sd_treatment_effect",
    ),
    "treatment_correlation": ("correlation_intercept_treatment",),
    "size": (
        "cluster_size_per_period_patients",
        "cluster_size_patients",
        "cluster_size_patients_mean",
        "patients_per_practice",
        "patients_per_cluster",
    ),
    "cv": ("cluster_size_cv",),
    "clusters": ("clusters_total", "practices_total"),
    "per_sequence": ("clusters_per_sequence",),
    "steps": ("steps",),
    "periods": ("periods",),
    "p0": ("p_control",),
    "p1": ("p_intervention",),
    "or_": ("odds_ratio",),
    "rr": ("risk_ratio", "rate_ratio"),
    "rate0": ("rate_control",),
    "rate1": ("rate_intervention",),
    "overdispersion": ("overdispersion",),
    "diff": ("mean_difference_units", "mean_difference"),
    "d": ("mean_difference_sd", "standardised_effect_sd", "standardised_effect"),
    "sd": ("sd_units", "total_sd_units", "sd"),
    "visits": ("visits_months",),
    "dropout": ("cumulative_dropout_by_visit",),
    "exposure_weights": ("exposure_time_weights", "exposure_weights"),
}
_CLUSTER_SD = ("sd_cluster_units", "sd_cluster", "sd_cluster_link_scale")
_PERIOD_SD = ("sd_cluster_period_units", "sd_cluster_period", "sd_cluster_period_link_scale")
_ARMS = (("clusters_arm1", "clusters_arm2"), ("practices_intervention", "practices_control"))
_SOUGHT = {  # what a case solves for, and the options that it leaves open
    "power": ("power",),
    "clusters": ("clusters", "clusters_arm", "per_sequence"),
    "practices": ("clusters", "clusters_arm"),
    "cluster_size": ("size",),
    "patients_per": ("size",),
    "mean_difference": ("diff", "d"),
    "minimum": ("diff", "d"),
    "mde": ("diff", "d"),
}


def options_of(inputs: Case) -> dict[str, Any]:
    """Options of the planning room, from a case's inputs."""
    found = {
        option: next(inputs[name] for name in names if name in inputs)
        for option, names in _NUMBERS.items()
        if any(name in inputs for name in names)
    }
    found["force"] = True
    for steps in (_test, _clusters, _variances, _between, _over_time, _link, _sizes):
        steps(inputs, found)
    for name in ("sd_treatment", "treatment_correlation", "iac"):
        if name in found and found[name] == 0:
            del found[name]
    goal = str(inputs.get("solve_for", "power"))
    for word, options in _SOUGHT.items():
        if goal.startswith(word):
            found = {name: value for name, value in found.items() if name not in options}
    return found


def _test(inputs: Case, found: dict[str, Any]) -> None:
    words = f"{inputs.get('test', '')} {inputs.get('df_rule', '')}".lower()
    found["test"] = "t" if "noncentral t" in words or " t " in f" {words} " else "z"
    found["tails"] = "both" if "both" in words else "upper"
    within = ("between-within", "periods - 1", "-t-1", "- t - 1", "rank")
    told = re.search(r"df ?= ?(\d+)(?![\w(])", words)
    if isinstance(inputs.get("df"), int | float):
        found["df"] = float(inputs["df"])
    elif found["test"] == "t" and told:
        found["df"] = float(told[1])
    elif found["test"] == "t" and any(word in words for word in within):
        found["df"] = "between-within"


def _clusters(inputs: Case, found: dict[str, Any]) -> None:
    for names in _ARMS:
        if all(name in inputs for name in names):
            found["clusters_arm"] = [inputs[name] for name in names]
    if isinstance(found.get("per_sequence"), list):
        found["clusters_arm"] = found.pop("per_sequence")
    if "clusters_by_sequence" in inputs:
        found["clusters_arm"] = inputs["clusters_by_sequence"]
    if "clusters_per_arm" in inputs:
        found["clusters"] = 2 * inputs["clusters_per_arm"]
    if "per_sequence" in found or "clusters_arm" in found:
        found.pop("clusters", None)


def _variances(inputs: Case, found: dict[str, Any]) -> None:
    for name in ("total_variance_units2", "variance_units2"):
        if name in inputs:
            found["sd"] = inputs[name] ** 0.5
    for name in ("residual_sd_units", "residual_sd"):
        if isinstance(inputs.get(name), int | float):
            found.update(sd=inputs[name], sd_is="residual")
    if "residual_variance_units2" in inputs:
        found.update(sd=inputs["residual_variance_units2"] ** 0.5, sd_is="residual")
    if "p_mean" in inputs:
        half = inputs.get("risk_difference", 0) / 2
        mean = inputs["p_mean"]
        found.update(p0=mean - half, p1=mean + half, variance="pooled")
    elif "risk_difference" in inputs and "p0" in found:
        found["p1"] = found["p0"] + inputs["risk_difference"]
    linked = inputs.get("link", "identity") != "identity" or "intercept_link_scale" in inputs
    if "p0" in found and not linked and found.get("variance") != "pooled":
        _proportions(inputs, found)
    if "rate0" in found and not linked:
        _rates(inputs, found)


def _proportions(inputs: Case, found: dict[str, Any]) -> None:
    """One variance for all cells; where arms' own are averaged, as means of that variance."""
    words = str(inputs.get("residual_variance", ""))
    found["sd_is"] = "residual"
    if not words.startswith("mean of"):
        found["variance"] = "pooled"
        return
    p0 = found.pop("p0")
    odds = found.pop("or_", 1.0) * p0 / (1 - p0)
    p1 = found.pop("p1", None) or p0 * found.pop("rr", 0.0) or odds / (1 + odds)
    found.update(diff=p1 - p0, sd=((p0 * (1 - p0) + p1 * (1 - p1)) / 2) ** 0.5)


def _rates(inputs: Case, found: dict[str, Any]) -> None:
    found["sd_is"] = "residual"
    words = str(inputs.get("residual_sd", inputs.get("residual_variance", "")))
    if not words.startswith("mean of sqrt"):
        found["variance"] = "pooled"
        return
    r0 = found.pop("rate0")
    r1 = found.pop("rate1", None) or r0 * found.pop("rr", 1.0)
    found.update(diff=r1 - r0, sd=(r0**0.5 + r1**0.5) / 2)


def _between(inputs: Case, found: dict[str, Any]) -> None:
    """Standard deviations of clusters, and of their periods, where a case has them."""
    lasting = next((inputs[name] for name in _CLUSTER_SD if name in inputs), None)
    if lasting is None:
        return
    passing = next((inputs[name] for name in _PERIOD_SD if name in inputs), 0.0)
    whole = float(np.hypot(lasting, passing))
    found.pop("icc", None)
    if whole == 0:
        found["icc"] = 0.0
        return
    found["sd_cluster"] = whole
    if passing:
        found["cac"] = (lasting / whole) ** 2


def _over_time(inputs: Case, found: dict[str, Any]) -> None:
    words = str(inputs.get("correlation_structure", "")).lower()
    if "decay" in words or "cluster_effect_ar1_per_period" in inputs:
        found["decay"] = True
    sampling = str(inputs.get("sampling", "")).replace("closed ", "")
    if sampling in ("cohort", "cross-section") and (sampling != "cohort" or found.get("iac")):
        found["sampling"] = sampling
    if "extra_treated_periods" in inputs and "steps" in inputs:
        found["periods"] = inputs["steps"] + 1 + inputs["extra_treated_periods"]
    contrast = str(inputs.get("contrast", "")).lower()
    for word in ("last", "mean", "slope", "auc"):
        if word in contrast.replace("area under", "auc"):
            found["contrast"] = word
            break
    analysis = str(inputs.get("analysis", "")).lower()
    if analysis:
        free = "unconstrained" in analysis
        found["baseline"] = "change" if "change" in analysis else "lda" if free else "clda"


def _link(inputs: Case, found: dict[str, Any]) -> None:
    if "intercept_link_scale" not in inputs:
        return
    start, effect = inputs["intercept_link_scale"], inputs["treatment_effect_link_scale"]
    counts = str(inputs.get("outcome", "")).startswith(("count", "rate"))
    link = inputs.get("link", "log" if counts else "logit")
    inverse = np.exp if link == "log" else lambda one: 1 / (1 + np.exp(-one))
    first, second = ("rate0", "rate1") if counts else ("p0", "p1")
    found.update({"link": link, first: inverse(start), second: inverse(start + effect)})
    found.pop("sd_is", None)
    later = inputs.get("period_effect_after_first_link_scale", 0)
    if np.any(later):
        found["time_effects"] = later


def _sizes(inputs: Case, found: dict[str, Any]) -> None:
    for name, value in inputs.items():
        if "sizes" in name and isinstance(value, list):
            found["sizes"] = value
            found.pop("size", None)
    if "cluster_size_sd_patients" in inputs:
        found["cv"] = inputs["cluster_size_sd_patients"] / found["size"]
    if isinstance(found.get("size"), list):
        found["sizes"] = found.pop("size")


def outcomes_of(case: Case, answer: power.Answer) -> dict[str, float]:
    """Values of an answer, under the names of what a case expects."""
    sequences = max(len(answer.arms), 1)
    sought = float(answer.unrounded)
    clusters = float("nan") if answer.clusters is None else float(answer.clusters)
    known = {
        "power": lambda: _power(case, answer),
        "variance": lambda: float(answer.std_error) ** 2,
        "standard_error": lambda: float(answer.std_error),
        "r": lambda: float(answer.precision.parts["baseline_correlation"]),
        "clusters_per_sequence_unrounded": lambda: sought / sequences,
        "clusters_per_sequence": lambda: clusters / sequences,
        "clusters_per_arm_unrounded": lambda: sought / 2,
        "clusters_per_arm": lambda: clusters / 2,
        "clusters_total_unrounded": lambda: sought,
        "clusters_total": lambda: clusters,
        "cluster_size_unrounded": lambda: sought,
        "cluster_size_patients": lambda: float(np.ceil(sought)),
        "mean_difference_units": lambda: sought,
        "mdes_sd": lambda: sought,
        "df": lambda: float(answer.df),
    }
    return {name: known[name]() for name in case["expected"]}


def _power(case: Case, answer: power.Answer) -> float:
    """Power, or that of a central t shifted by the effect where a case says so."""
    if "shifted" not in str(case["inputs"].get("test", "")):
        return float(answer.power)
    df, shift = float(answer.df), float(answer.precision.effect / answer.std_error)
    cut = float(critical_value(df, answer.design.values.alpha))
    both = "both" in case["inputs"]["test"]
    return float(stdtr(df, abs(shift) - cut) + both * stdtr(df, -abs(shift) - cut))


def by_matrix(case: Case) -> dict[str, float]:
    """A case that gives the matrix of its sequences and periods, of whichever design."""
    inputs = case["inputs"]
    options = options_of(inputs)
    matrix = [[np.nan if x is None else x for x in row] for row in inputs[MATRIX]]
    for name in ("steps", "periods"):
        options.pop(name, None)
    return outcomes_of(case, _solved("matrix", matrix=matrix, **options))


def _solved(kind: str, **options: Any) -> power.Answer:
    return power.solve(power.design(kind, **options))


def _of_kind(kind: str, **fixed: Any) -> Callable[[Case], dict[str, float]]:
    def run(case: Case) -> dict[str, float]:
        if MATRIX in case["inputs"]:
            return by_matrix(case)
        return outcomes_of(case, _solved(kind, **{**options_of(case["inputs"]), **fixed}))

    return run


MATRIX = "design_matrix_sequence_by_period"
CASES: dict[str, Callable[[Case], dict[str, float]]] = {
    "crt_parallel_baseline_ancova": _of_kind("baseline", baseline="ancova"),
    "crt_parallel_baseline_change_score": _of_kind("did"),
    "crt_parallel_baseline_did": _of_kind("did"),
    "crt_parallel_longitudinal": _of_kind("matrix"),
    "crt_parallel_repeated_measures": _of_kind("cohort"),
    "crt_crossover": _of_kind("crossover"),
    "stepped_wedge": _of_kind("stepped-wedge"),
}
