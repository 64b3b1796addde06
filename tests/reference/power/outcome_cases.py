"""Published cases of outcomes, nesting and events, as calls of the planning room."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from scipy.special import ndtr, ndtri

from splw_eval import power

Case = Mapping[str, Any]

_NUMBERS: Mapping[str, tuple[str, ...]] = {  # option: names that cases give it
    "alpha": ("alpha",),
    "sides": ("sides",),
    "power": ("power",),
    "icc": ("icc", "icc_within_period", "icc_arm1", "icc_intervention", "icc_martingale_residuals"),
    "icc_control": ("icc_arm2",),
    "size": (
        "cluster_size_patients",
        "cluster_size_patients_mean",
        "cluster_size_per_period_patients",
        "cluster_size_arm1_patients",
        "person_time_per_cluster_years",
        "patients_per_link_worker",
    ),
    "size_control": ("cluster_size_arm2_patients",),
    "cv": ("cluster_size_cv",),
    "sizes": ("cluster_sizes_patients", "cluster_sizes"),
    "clusters": ("clusters_total", "clusters_intervention", "link_workers_intervention"),
    "controls": ("control_patients",),
    "p0": ("p_control", "event_prob_control"),
    "p1": ("p_intervention", "event_prob_intervention"),
    "or_": ("odds_ratio",),
    "rr": ("risk_ratio", "rate_ratio"),
    "rate0": ("rate_control_per_year", "hazard_control_per_time"),
    "rate1": ("rate_intervention_per_year", "hazard_intervention_per_time"),
    "diff": ("mean_difference_units", "mean_difference"),
    "d": (
        "standardised_effect_f_is_mean_difference_over_sd",
        "standardised_effect_sd",
        "mean_difference_last_visit_sd",
    ),
    "sd": ("sd_units", "sd_arm1_units"),
    "sd_control": ("sd_arm2_units",),
    "r2": ("r2_level1", "r2_with_covariates"),
    "r2_cluster": ("r2_level2",),
    "covariates": ("cluster_level_covariates_n",),
    "hr": ("hazard_ratio",),
    "p_event": ("event_probability",),
    "allocation": ("allocation_ratio",),
    "loss_rate": ("dropout_hazard_per_time",),
    "duration": ("study_duration_time",),
    "accrual": ("accrual_duration_time",),
    "visits": ("visits_months",),
    "dropout": ("cumulative_dropout_by_visit",),
    "iac": ("individual_autocorrelation_conditional", "individual_autocorrelation"),
}
_NORMAL = ("normal", "hayes", "freedman", "schoenfeld", "lachin", "z test")


def _read(case: Case) -> dict[str, Any]:
    """Numbers under the names of our options."""
    inputs = case["inputs"]
    found = {
        option: inputs[name]
        for option, names in _NUMBERS.items()
        for name in names
        if name in inputs
    }
    return found | _test(inputs)


def _test(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The test, its tails and its degrees of freedom, out of the words of the case."""
    words = " ".join(str(inputs.get(name, "")) for name in ("test", "df_rule")).lower()
    found: dict[str, Any] = {}
    if "both" in words:
        found["tails"] = "both"
    if any(one in words for one in _NORMAL) and "noncentral t" not in words:
        found["test"] = "z"
    if "bloom" in words:
        found["mde_rule"] = "bloom"
    if number := re.search(r"df *= *(\d+)$", words):
        found["df"] = float(number[1])
    if inputs.get("df_rule", "").lower() in ("k-1", "j-1"):
        found["df"] = "j-1"
    if str(inputs.get("variance", "")).startswith("pooled"):
        found["variance"] = "pooled"
    return found


def _spread(inputs: Mapping[str, Any], found: dict[str, Any]) -> None:
    """Standard deviation and correlation from variances."""
    if "total_variance_units2" in inputs:
        found["sd"] = math.sqrt(inputs["total_variance_units2"])
    if "between_cluster_variance_units2" in inputs:
        between, within = (
            inputs[f"{which}_cluster_variance_units2"] for which in ("between", "within")
        )
        found |= {"sd": math.sqrt(between + within), "icc": between / (between + within)}
    if "mean_intervention_units" in inputs:
        found["diff"] = inputs["mean_intervention_units"] - inputs["mean_control_units"]
    if "between_cluster_cv_k" in inputs:
        found |= {"icc": inputs["between_cluster_cv_k"], "icc_scale": "k"}
    logit = [one for one in inputs if "logit" in one and ("sd" in one or "sigma" in one)]
    if logit:
        found |= {"sd_cluster": inputs[logit[0]], "link": "logit"}
        found.pop("icc", None)
        if "1.2" in str(inputs.get("test")):
            found["variance_factor"] = 1.2


def _parallel_options(case: Case) -> dict[str, Any]:
    inputs, found = case["inputs"], _read(case)
    _spread(inputs, found)
    for name in ("clusters_per_arm", "clusters_per_sequence"):
        if name in inputs:
            found["clusters"] = 2 * inputs[name]
    if "clusters_arm1" in inputs:
        found["clusters_arm"] = [inputs["clusters_arm1"], inputs["clusters_arm2"]]
    if "cluster_size_sd_patients" in inputs:
        found["cv"] = inputs["cluster_size_sd_patients"] / found["size"]
    method = inputs.get("cv_method", "").lower()
    if method and "sizes" not in found:
        found["cv_method"] = "breukelen" if "breukelen" in method else "eldridge"
    lost = inputs.get("attrition_proportion")
    if lost:  # the published size is of those who are left
        found |= {"dropout": lost, "size": found["size"] / (1 - lost)}
    for unused in ("iac", "allocation"):
        found.pop(unused, None)
    return found


def _rounding(case: Case, found: dict[str, Any]) -> None:
    """The order in which a paper rounds, and the sum of quantiles that it rounds."""
    words = str(case["inputs"].get("test", ""))
    if "10.5" in words:
        found["power"] = float(ndtr(math.sqrt(10.5) - ndtri(1 - found["alpha"] / 2)))
    if "individual n per arm rounded up" in words:
        found["rounding"] = "individual"
    elif case["expected"].keys() >= {"n_total_individual", "clusters_total"}:
        found["rounding"] = "nearest" if "rounds" in case.get("note", "") else "individual"


def _towards(case: Case, found: dict[str, Any]) -> None:
    """The direction in which a detectable proportion or rate is looked for."""
    goal = str(case["inputs"].get("solve_for", ""))
    if goal.startswith(("p_intervention", "rate_intervention")):
        found["solve"] = "mde"
        option, start = ("p1", "p0") if goal.startswith("p_") else ("rate1", "rate0")
        found[option] = found[start] * (0.9 if "<" in goal or "lower" in goal else 1.05)


def _parallel(case: Case) -> dict[str, float]:
    found = _parallel_options(case)
    _rounding(case, found)
    _towards(case, found)
    design = power.design("parallel", **found)
    answer = power.solve(design)
    told = _of_answer(answer)
    if "power" in found and answer.sought == "clusters":
        told |= _of_people(design, answer, found)
    return told


def _of_answer(answer: power.Answer) -> dict[str, float]:
    number = float(answer.unrounded)
    told = {"power": float(answer.power), "variance": float(answer.precision.variance)}
    if answer.sought == "clusters":
        arms = answer.arms.values()
        return told | {
            "clusters_per_arm_unrounded": number / 2,
            "clusters_per_arm": max(arms),
            "clusters_total_unrounded": number,
            "clusters_total": float(answer.clusters or math.nan),
        }
    if answer.sought == "size":
        whole = float(answer.size if answer.size is not None else math.nan)
        return told | {"cluster_size_unrounded": number, "cluster_size_patients": whole}
    if answer.sought == "mde":
        keys = (
            *("mdes_sd", "mde_sd", "mde_units", "mean_difference_units", "p_intervention"),
            *("rate_intervention_per_year", "hazard_ratio"),
        )
        return told | dict.fromkeys(keys, number)
    return told


def _of_people(
    design: power.Design, answer: power.Answer, found: Mapping[str, Any]
) -> dict[str, float]:
    parts = answer.precision.parts
    left = found["size"] * (1 - found.get("dropout", 0))
    total = float(answer.unrounded) * left
    return {
        "n_total_individual": float(power.people_without_clusters(design, whole=True)),
        "n_total_cluster": float(parts["patients_analysed"]),
        "n_per_arm_patients": math.ceil(total / 2 - 1e-9),
        "n_total_analysed": total,
        "n_total_recruited": total / (1 - found.get("dropout", 0)),
        "design_effect": float(parts["design_effect"]),
    }


def _fixed_clusters(case: Case) -> dict[str, float]:
    found = _parallel_options(case)
    design = power.design("parallel", **found)
    alone = float(power.people_without_clusters(design)) / 2
    told = {"n_individual_per_arm": alone}
    try:
        return told | _of_answer(power.solve(design)) | {"feasible": 1.0}
    except power.InfeasibleError:
        most = power.solve(power.design("parallel", **{**found, "power": None, "size": 1e12}))
        return told | {"feasible": 0.0, "ceiling_power": float(most.power)}


def _partially_nested(case: Case) -> dict[str, float]:
    inputs, found = case["inputs"], _read(case)
    if "cluster_variance_units2" in inputs:
        between = inputs["cluster_variance_units2"]
        total = between + inputs["residual_variance_intervention_units2"]
        found |= {"sd": math.sqrt(total), "icc": between / total}
        found["sd_control"] = math.sqrt(inputs["variance_control_units2"])
    if "sd_control_units" in inputs:
        ratio = inputs.get("variance_ratio_intervention_to_control", 1)
        found["sd_control"] = inputs["sd_control_units"]
        found["sd"] = math.sqrt(ratio) * inputs["sd_control_units"]
    answer = power.solve(power.design("partially-nested", **found))
    number = float(answer.unrounded)
    told = _of_answer(answer)
    names = {"clusters": "clusters_intervention", "controls": "control_patients"}
    if answer.sought in names:
        told |= {names[answer.sought] + "_unrounded": number}
        told |= {names[answer.sought]: math.ceil(number - 1e-7)}
    return told


def _partially_nested_visits(case: Case) -> dict[str, float]:
    inputs, found = case["inputs"], _read(case)
    found["icc"] = inputs["icc_post_baseline_intervention_arm"]
    found["sd"] = math.sqrt(inputs.get("total_variance_both_arms", 1))
    if "mean_difference_last_visit_units" in inputs:
        found["diff"] = inputs["mean_difference_last_visit_units"]
    if "constrained" in inputs["analysis"]:
        found["baseline"] = "clda"
    return _of_answer(power.solve(power.design("partially-nested", **found)))


def _time_to_event(case: Case) -> dict[str, float]:
    inputs, found = case["inputs"], _read(case)
    words = inputs["test"].lower()
    names = {"freedman": "freedman", "lachin": "lachin-foulkes", "schoenfeld": "schoenfeld"}
    found["formula"] = next(ours for theirs, ours in names.items() if theirs in words)
    found["test"] = "z"
    if "proportion_exposed" in inputs:
        share = inputs["proportion_exposed"]
        found["allocation"] = share / (1 - share)
    if "patients_per_arm" in inputs:
        found["patients"] = 2 * inputs["patients_per_arm"]
    if "patients_total" in inputs:
        found["patients"] = inputs["patients_total"]
    goal = {"power": None, "hazard_ratio": "mde"}.get(inputs["solve_for"], "events")
    told: dict[str, float] = {}
    if goal != "events":
        return _of_answer(power.solve(power.design("tte", **found, solve=goal)))
    if {"p0", "p_event", "rate0"} & found.keys():
        told |= _of_patients(found)
    if "events_total_unrounded" not in told:
        number = float(power.solve(power.design("tte", **found, solve="events")).unrounded)
        told |= {"events_total_unrounded": number, "events_total": math.ceil(number)}
    return told


def _of_patients(found: Mapping[str, Any]) -> dict[str, float]:
    answer = power.solve(power.design("tte", **found, solve="patients"))
    number = float(answer.unrounded)
    parts = answer.precision.parts
    events = float(parts["events"] / parts["patients"]) * number
    told = {
        "patients_total_unrounded": number,
        "patients_total": math.ceil(number),
        "patients_per_arm_unrounded": number / 2,
        "patients_per_arm": math.ceil(number / 2),
        "events_total_unrounded": events,
        "events_total": math.ceil(events),
    }
    if "size" in found:
        clusters = power.solve(power.design("tte", **found, solve="clusters"))
        told["clusters_per_arm"] = max(clusters.arms.values())
    return told


def _design_effect(case: Case) -> dict[str, float]:
    found = _read(case)
    method = "breukelen" if "breukelen" in case["inputs"]["quantity"].lower() else "eldridge"
    effect = power.design_effect(found["size"], found["icc"], found.get("cv", 0.0), method)
    return {"design_effect": float(effect)}


CASES: dict[str, Callable[[Case], dict[str, float]]] = {
    "crt_parallel": _parallel,
    "crt_parallel_fixed_clusters": _fixed_clusters,
    "partially_nested": _partially_nested,
    "partially_nested_repeated_measures": _partially_nested_visits,
    "time_to_event": _time_to_event,
    "time_to_event_cluster": _time_to_event,
    "design_effect": _design_effect,
}
