"""What a fitted mixed model says in words: the model, its limits, what its variances came to."""

from __future__ import annotations

from splw_eval.models.fit_record import FitRecord
from splw_eval.models.identified import people_of_clusters
from splw_eval.models.summaries import convergence, limits_in_words
from splw_eval.models.variables import level_label
from splw_eval.stats import FEWEST_CLUSTERS

COVARIANCES = {
    "unstructured": "any variances and covariances between the waves",
    "compound_symmetry": "one variance and one covariance between all waves",
    "compound_symmetry_het": "a variance at each wave and one correlation between all waves",
    "ar1": "one variance and a correlation that fades with the number of waves between",
    "ar1_het": "a variance at each wave and a correlation that fades with the waves between",
    "toeplitz": "one variance and a covariance for each number of waves between",
    "toeplitz_het": "a variance at each wave and a correlation for each number of waves between",
    "ante_dependence": "a variance at each wave and a correlation of each wave with the next",
    "intercept_slope": "a level and a slope of each person's own",
}
CLUSTERS = {
    "none": "no effects of clusters",
    "intercept": "an effect of each cluster, the same at all waves",
    "wave": "an effect of each cluster, and one of each cluster at each wave",
    "unstructured": "effects of each cluster at each wave with any covariance",
    "decay": "effects of each cluster at each wave whose correlation fades over the waves",
}
DF = {
    "kenward-roger": "Kenward and Roger's standard errors and degrees of freedom",
    "satterthwaite": "model-based standard errors and Satterthwaite's degrees of freedom",
    "between-within": "model-based standard errors and between-within degrees of freedom",
    "z": "model-based standard errors and the normal distribution, as if clusters were many",
}
_USUAL_LEAST = 10  # people or clusters below which a sentence warns


def model_line(fitted: FitRecord) -> str:
    """The model in one line."""
    design = fitted.design
    sizes = [f"{design.person.count:,} people", f"{len(design.y):,} rows"]
    if design.wave:
        sizes.append(f"{design.waves} waves")
    if design.cluster:
        sizes.append(f"{design.cluster.count} clusters")
    return f"{design.roles.outcome} on {design.part.formula.text.strip()}; {', '.join(sizes)}"


def model_paragraph(fitted: FitRecord) -> str:
    """The model as a paragraph for a methods section."""
    spec, design = fitted.spec, fitted.design
    method = "restricted maximum likelihood" if spec.reml else "maximum likelihood"
    parts = [
        f"A linear mixed model of {design.roles.outcome} on {design.part.formula.text.strip()} was "
        f"fitted by {method} to {len(design.y):,} measurements of {design.person.count:,} people"
        + (f" in {design.cluster.count} clusters." if design.cluster else ".")
    ]
    if design.wave:
        arms = ", of its own in each arm" if spec.by_arm else ""
        parts.append(f"Measurements of one person had {COVARIANCES[spec.covariance]}{arms}.")
    if design.cluster:
        where = ""
        if spec.cluster_effect_in is not None:
            named = ", ".join(level_label(level) for level in spec.cluster_effect_in)
            where = f", in {named} only"
        kind = spec.cluster_effect if design.wave else "intercept"
        parts.append(f"There were {CLUSTERS[kind]}{where}.")
    if spec.baseline == "constrained":
        parts.append("The arms had one mean at the first wave, as chance allocated them.")
    parts.append(f"Inference rests on {DF[spec.df]}.")
    return " ".join(parts)


def notes(fitted: FitRecord) -> tuple[str, ...]:
    """What a reader must know of the fit."""
    return (
        *_rows(fitted),
        model_paragraph(fitted),
        *_search(fitted),
        *_clusters(fitted),
        *_first_wave(fitted),
    )


def _rows(fitted: FitRecord) -> list[str]:
    design = fitted.design
    found = [
        f"{count:,} rows {reason} were left out."
        for reason, count in design.left_out.items()
        if count
    ]
    without = design.people_of_frame - design.person.count
    if without:
        found.append(f"{without:,} people have no row that can be used.")
    if any(design.left_out.values()) or without:
        found.append(
            "What is missing is taken to be missing at random, given what was measured and is "
            "in the model."
        )
    return found


def _search(fitted: FitRecord) -> list[str]:
    ended = convergence(fitted)
    found = [] if ended.converged else [ended.words]
    if ended.on_boundary:
        named = limits_in_words(ended.on_boundary)
        rule = (
            "it stays in the information, as pbkrtest does it"
            if fitted.spec.boundary == "keep"
            else "it leaves the information"
        )
        found.append(
            f"{named[0].upper()}{named[1:]}. That is common with few clusters and does not show "
            f"that clusters are alike. In the degrees of freedom {rule}; `at_boundary` shows the "
            "other rule and between-within (clusters minus 2) beside it, `side_by_side` further "
            "methods."
        )
    return found


def _clusters(fitted: FitRecord) -> list[str]:
    spec, cluster = fitted.spec, fitted.design.cluster
    if cluster is None or spec.cluster_effect == "none":
        return []
    found = []
    if cluster.count < FEWEST_CLUSTERS:
        found.append(
            f"There are {cluster.count} clusters: too few for any interval or test, which are "
            "left out. Describe each cluster instead."
        )
    else:
        found += _one_cluster_arms(fitted)
        if cluster.count < _USUAL_LEAST:
            found.append(
                f"With {cluster.count} clusters intervals are wide and rest on few differences."
            )
    people = people_of_clusters(fitted.design, cluster)
    single = int((people == 1).sum())
    if single:
        found.append(f"{single} clusters have one person only; they tell little of clusters.")
    if spec.cluster_effect == "intercept" and fitted.design.wave is not None:
        found.append(
            "The model has no effect of clusters at each wave. Where clusters change differently, "
            "intervals of changes and of differences between waves are then far too narrow."
        )
    return found


def _one_cluster_arms(fitted: FitRecord) -> list[str]:
    design = fitted.design
    if design.arm is None or design.cluster is None:
        return []
    found = []
    for place, level in enumerate(design.arm.levels):
        codes = design.cluster.codes[design.arm.codes == place]
        if len(set(codes[codes >= 0].tolist())) == 1:
            found.append(
                f'The arm "{level_label(level)}" has one cluster: what is of the arm and what is '
                "of that cluster cannot be told apart, and the interval rests on how far the "
                "other clusters differ."
            )
    return found


def _first_wave(fitted: FitRecord) -> list[str]:
    design = fitted.design
    if design.wave is None or design.waves == 1:
        return []
    first = set(design.person.codes[design.wave.codes == 0].tolist())
    later = set(design.person.codes[design.wave.codes > 0].tolist())
    everybody = first | later
    order = ", ".join(level_label(level) for level in design.wave.levels)
    written = any(isinstance(level, str) for level in design.wave.levels)
    found = [f"The waves are taken in this order: {order}."] if written else []
    return [
        *found,
        f"{len(everybody):,} people are in the model: {len(everybody - first):,} of them without "
        f"the first wave and {len(everybody - later):,} without any later one.",
    ]
