"""Cases without clusters, of slopes and of uncertainty: each worked out as it is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from splw_eval import power
from splw_eval.stats.power.assurance import assurance_of_test
from splw_eval.stats.power.icc_uncertainty import swiger_variance

Case = dict[str, Any]
Inputs = Mapping[str, Any]


def first(inputs: Inputs, *starts: str, default: Any = None) -> Any:
    """The value of the first input whose name begins so: units stand behind in names."""
    for start in starts:
        for name, value in inputs.items():
            if name.startswith(start):
                return value
    return default


def test_of(inputs: Inputs, *, both: bool = False) -> dict[str, Any]:
    """Level, sides and convention of the test, from its words."""
    words = str(inputs.get("test", "")).lower()
    told: dict[str, Any] = {
        "alpha": inputs.get("alpha", 0.05),
        "sides": inputs.get("sides", 2),
        "test": "z" if "normal" in words or words.startswith("z") else "t",
        "tails": "both" if "both" in words or (both and "upper" not in words) else "upper",
    }
    if inputs.get("df") is not None:
        told["df"] = inputs["df"]
    if str(inputs.get("solve_for", "power")) not in ("power", "variance_inflation_phi"):
        told["power"] = inputs.get("power", 0.8)
    return told


def worked(kind: str, **options: Any) -> power.Answer:
    return power.solve(power.design(kind, **options))


def told_of(case: Case, values: Mapping[str, Any]) -> dict[str, float]:
    """What the case expects, of what was worked out; a name may lack `_unrounded`."""
    found = {}
    for name in case["expected"]:
        plain = name.removesuffix("_unrounded")
        value = float(values[plain])
        found[name] = value if plain != name or plain not in WHOLE else whole(value)
    return found


WHOLE = ("patients_per_arm", "patients_total", "pairs", "clusters_per_arm", "n_group1", "n_group2")


def whole(value: float) -> float:
    return float(np.ceil(value - 1e-6))


def counts(answer: power.Answer, ratio: float = 1.0) -> dict[str, Any]:
    """Numbers of people as cases name them."""
    total = answer.unrounded if answer.sought == "patients" else answer.patients
    number = np.nan if total is None else float(total)
    return {
        "patients_total": number,
        "patients_per_arm": number / 2,
        "n_group1": number * ratio / (1 + ratio),
        "n_group2": number / (1 + ratio),
        "power": answer.power,
        "variance": answer.precision.variance,
        "se": answer.std_error,
        "mde": answer.mde,
    }


def losses(inputs: Inputs, visits: int) -> list[float] | None:
    """Share lost by each visit."""
    lost = first(inputs, "cumulative_dropout", "dropout", "attrition")
    left = first(inputs, "retention_by_visit", "retention_at", "proportion_retained")
    if left is not None:
        lost = [1 - one for one in left] if np.ndim(left) else 1 - left
    if lost is None:
        return None
    return list(lost) if np.ndim(lost) else list(np.linspace(0.0, lost, visits))


def repeated_measures(case: Case) -> dict[str, float]:
    inputs = case["inputs"]
    times = first(inputs, "visit_times", "visits_months", "visits_equally", "visits_years")
    visits = int(inputs["visits_n"]) if times is None else len(times)
    last = first(inputs, "standardised_difference_last_visit", "difference_last_visit")
    lost = losses(inputs, visits)
    at_the_end = last is not None or lost is not None
    share = first(inputs, "allocation_proportion")
    ratio = inputs.get("allocation_ratio", 1.0) if share is None else share / (1 - share)
    effect = first(inputs, "standardised_", "mean_difference", "difference", default=0.5)
    options = {
        **test_of(inputs),
        **correlations(inputs, visits),
        "diff": last if last is not None else effect,
        "sd": first(inputs, "sd_", default=1.0),
        "visits": range(1, visits + 1) if times is None else times,
        "baseline": "clda" if "constrained" in str(inputs.get("analysis", "")) else None,
        "contrast": "last" if at_the_end else "mean",
        "dropout": lost,
        "allocation": ratio,
    }
    if "power" not in options:
        options["patients"] = first(inputs, "patients_total", default=100)
        options["patients"] = 2 * first(inputs, "patients_per_arm", default=options["patients"] / 2)
    answer = worked("individual", **options)
    return told_of(
        case, {**counts(answer, ratio), "phi": answer.precision.parts["dropout_inflation"]}
    )


def correlations(inputs: Inputs, visits: int) -> dict[str, Any]:
    words = str(inputs.get("correlation", ""))
    exchangeable = first(inputs, "correlation_exchangeable")
    if exchangeable is not None:
        return {"iac": exchangeable}
    matrix = first(inputs, "correlation_matrix")
    if matrix is not None:
        return {"correlations": matrix}
    number = re.findall(r"0?\.\d+", words)
    fading = first(inputs, "correlation_ar1", default=float(number[0]) if number else None)
    unit = visits - 1 if "last" in words else 1
    return {"iac": fading, "decay": True, "decay_unit": unit}


def slopes(case: Case) -> dict[str, float]:
    inputs = case["inputs"]
    times = first(inputs, "visit_times", "visits_")
    options = {**test_of(inputs), **lines(inputs), "visits": times}
    options["slope_diff"] = first(inputs, "slope_difference")
    options["diff"] = first(inputs, "difference_at_end")
    options["dropout"] = losses(inputs, len(times))
    if "common" in str(inputs.get("test", "")).lower():
        options["baseline"] = "clda"
    options |= clusters(inputs)
    if "size" not in options and "sizes" not in options:
        each = inputs.get("patients_per_arm")
        options["patients"] = 2 * each if each else inputs.get("patients_total")
    answer = worked("slopes", **options)
    return told_of(case, {**counts(answer), "se_slope": answer.std_error})


def lines(inputs: Inputs) -> dict[str, Any]:
    """Standard deviations of people's lines, or one correlation of all scores."""
    exchangeable = first(inputs, "correlation_exchangeable")
    if exchangeable is not None:
        spread = first(inputs, "sd_units", "sd_total")
        sd = spread if spread is not None else first(inputs, "variance_units") ** 0.5
        return {"sd": sd, "iac": exchangeable}
    found = {}
    for option, part in (("intercept", "intercept"), ("slope", "slope"), ("residual", "residual")):
        spread = first(inputs, f"sd_patient_{part}", f"sd_{part}")
        if spread is None:
            spread = first(inputs, f"variance_patient_{part}", f"variance_{part}", default=0.0)
            spread = spread**0.5
        found[f"sd_{option}"] = spread
    found["intercept_slope"] = first(inputs, "correlation_intercept_slope")
    return found


def clusters(inputs: Inputs) -> dict[str, Any]:
    """Clusters of both arms, or of the programme's alone."""
    found: dict[str, Any] = {}
    for option, part in (("sd_cluster", "intercept"), ("sd_cluster_slope", "slope")):
        spread = first(inputs, f"sd_link_worker_{part}", f"sd_cluster_{part}")
        found[option] = spread or None
    listed = first(inputs, "cluster_sizes_per_arm")
    each = first(inputs, "link_workers_per_arm", "clusters_per_arm")
    size = first(inputs, "patients_per_link_worker", "patients_per_cluster")
    if listed is not None:
        return {**found, "sizes": [*listed, *listed], "clusters_arm": [len(listed)] * 2}
    if "clusters_intervention" in inputs:
        found["clusters_arm"] = [inputs["clusters_intervention"], inputs["clusters_control"]]
        found["size"] = inputs["patients_per_cluster_intervention"]
        found["size_control"] = inputs["patients_per_cluster_control"]
    elif size is not None and "both" in str(inputs.get("clustering", "both")):
        found |= {"clusters_arm": [each, each], "size": size}
    elif size is not None:
        controls = first(inputs, "controls", "patients_control", default=each * size)
        found |= {"clusters": each, "size": size, "controls": controls}
    return found


def pre_post(case: Case) -> dict[str, float]:
    inputs = case["inputs"]
    options = test_of(inputs, both=True)
    options["patients"] = first(inputs, "patients", "pairs")
    if inputs.get("outcome") == "binary":
        before, after = first(inputs, "p1", "p_pre", "p_before"), first(inputs, "p2", "p_post")
        one_way, other = first(inputs, "p10"), first(inputs, "p01")
        if one_way is not None:
            options |= {"diff": other - one_way, "discordant": one_way + other}
        else:
            options |= {"p0": before, "p1": after, "iac": first(inputs, "phi", "correlation")}
            options["discordant"] = first(inputs, "discordant", "proportion_discordant")
    elif "standardised_change_dz" in inputs:
        options |= {"diff": inputs["standardised_change_dz"], "sd_change": 1.0}
    else:
        options |= {
            "diff": first(inputs, "mean_change"),
            "sd": first(inputs, "sd_pre", "sd_units", default=1.0),
            "sd_post": first(inputs, "sd_post"),
            "sd_change": first(inputs, "sd_change"),
            "iac": first(inputs, "correlation_pre_post"),
        }
    answer = worked("pre-post", **options)
    pairs = answer.unrounded if answer.sought == "patients" else answer.patients
    return told_of(case, {**counts(answer), "pairs": pairs, "patients": pairs})


def pre_post_clustered(case: Case) -> dict[str, float]:
    inputs = case["inputs"]
    options = test_of(inputs) | {
        "diff": first(inputs, "mean_change"),
        "sd": first(inputs, "sd_units", "sd_total", default=1.0),
        "clusters": first(inputs, "link_workers", "clusters"),
        "size": first(inputs, "patients_per"),
        "icc": inputs["icc"],
        "cac": inputs["cluster_autocorrelation"],
        "iac": inputs["individual_autocorrelation"],
    }
    answer = worked("pre-post", **options)
    number = answer.unrounded if answer.sought != "power" else answer.clusters
    return told_of(case, {**counts(answer), "link_workers": number, "clusters": number})


def multisite(case: Case) -> dict[str, float]:
    inputs = case["inputs"]
    sd = first(inputs, "sd_units", default=1.0)
    options = test_of(inputs) | {
        "diff": first(inputs, "mean_difference"),
        "sd": sd,
        "clusters": inputs.get("sites"),
        "size": inputs.get("patients_per_site"),
        "icc": inputs["icc_site"],
        "allocation": inputs.get("allocation_ratio", 1),
    }
    if inputs.get("icc_treatment_by_site"):
        options["sd_treatment"] = 2 * sd * inputs["icc_treatment_by_site"] ** 0.5
    answer = worked("multisite", **options)
    return told_of(case, {**counts(answer), "sites": answer.unrounded})


def assurance(case: Case) -> dict[str, float]:
    inputs = case["inputs"]
    told = test_of(inputs)
    mean, sd = (float(one) for one in re.findall(r"-?\d*\.?\d+", str(inputs["effect_prior"]))[:2])
    if first(inputs, "standard_error") is None:
        people = first(
            inputs, "patients_total", default=2 * first(inputs, "patients_per_arm", default=0)
        )
        spread = first(inputs, "sd_units", default=1.0)
        design = power.design("individual", diff=mean, sd=spread, patients=people, **told)
        return told_of(case, {"assurance": power.assurance(design, effect_sd=sd)})
    df = np.inf if told["test"] == "z" else told["df"]
    found = assurance_of_test(
        mean, sd, first(inputs, "standard_error"), df, told["alpha"], sides=told["sides"]
    )
    return told_of(case, {"assurance": found})


def icc_uncertainty(case: Case) -> dict[str, float]:
    inputs = case["inputs"]
    mean = first(inputs, "icc_mean", "icc_estimate", "icc")
    sd = first(inputs, "icc_sd", "sd_icc")
    study = first(inputs, "study_clusters", "pilot_clusters", "clusters_in_study")
    people = first(inputs, "study_cluster_size", "pilot_cluster_size", "study_patients_per_cluster")
    values: dict[str, Any] = {}
    if study is None and sd is None:
        study, people = first(inputs, "clusters"), first(inputs, "cluster_size", "patients_per")
    if study is not None:
        variance = float(swiger_variance(mean, people, study))
        values |= {"icc_variance": variance, "var_icc": variance, "variance_icc": variance}
        values |= {"icc_se": variance**0.5, "se_icc": variance**0.5}
    effect = first(inputs, "mean_difference", "standardised_mean_difference", "standardised_")
    each = first(inputs, "clusters_per_arm")
    if effect is not None and each is not None:
        design = power.design(
            "parallel",
            **test_of(inputs),
            diff=effect,
            sd=first(inputs, "total_variance", default=first(inputs, "sd_", default=1.0) ** 2)
            ** 0.5,
            clusters_arm=[each, each],
            size=first(inputs, "cluster_size", "patients_per_cluster"),
            icc=mean,
        )
        prior = None if sd is None else (mean, sd)
        known = None if prior else {"estimate": mean, "size": people, "clusters": study}
        found = power.expected_power(design, icc_prior=prior, icc_from=known).to_dict()
        values |= found | {"power_at_mean": found["power_at_mean_icc"]}
        values |= {"icc_upper_80": found["icc_upper"], "upper_limit_80": found["icc_upper"]}
        values |= {"power_at_upper_80": found["power_at_upper_icc"]}
    return told_of(case, values)


def multi_arm(case: Case) -> dict[str, float]:
    inputs = case["inputs"]
    between = first(inputs, "variance_between_clusters", "variance_cluster", "icc_variance")
    within = first(inputs, "variance_within", "variance_patient")
    arms = first(inputs, "arms", "narms")
    means = first(inputs, "arm_means", "means")
    if means is None:  # any means of that variance have the same test
        spread = first(inputs, "variance_between_arms", "variance_arm") ** 0.5
        means = np.arange(arms) / np.std(np.arange(arms), ddof=1) * spread
    answer = worked(
        "multi-arm",
        **test_of(inputs),
        adjust="omnibus",
        means=means,
        sd=(between + within) ** 0.5,
        icc=between / (between + within),
        clusters_arm=[first(inputs, "clusters_per_arm")] * len(means),
        size=first(inputs, "cluster_size", "patients_per_cluster"),
    )
    size = answer.unrounded if answer.sought == "size" else answer.size
    names = ("cluster_size", "cluster_size_patients", "patients_per_cluster")
    return told_of(case, {**counts(answer), **dict.fromkeys(names, size)})


CASES: dict[str, Callable[[Case], dict[str, float]]] = {
    "individual_rct_repeated_measures": repeated_measures,
    "longitudinal_slopes": slopes,
    "longitudinal_3level_slopes": slopes,
    "longitudinal_3level_slopes_partially_nested": slopes,
    "single_arm_pre_post": pre_post,
    "single_arm_pre_post_binary": pre_post,
    "single_arm_pre_post_clustered": pre_post_clustered,
    "multisite_individual_randomised": multisite,
    "assurance": assurance,
    "icc_uncertainty": icc_uncertainty,
    "expected_power": icc_uncertainty,
    "crt_multi_arm": multi_arm,
    "crt_parallel_multi_arm": multi_arm,
}
