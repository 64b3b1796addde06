"""What a fitted mixed model says in words: the model, its limits, what its variances came to."""

from __future__ import annotations

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.models.boundary import limits_in_words
from splw_eval.models.design import Labelled
from splw_eval.models.disagreement import MANY
from splw_eval.models.engine_clusters import clusters_with_effects
from splw_eval.models.estimates import errors_and_df, few_clusters
from splw_eval.models.fit_record import FitRecord
from splw_eval.models.identified import people_of_clusters
from splw_eval.models.side_by_side import BETWEEN_WITHIN, between_arms
from splw_eval.models.summaries import Convergence, convergence
from splw_eval.models.variables import level_label

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
    "none": "were no effects of clusters",
    "intercept": "was an effect of each cluster, the same at all waves",
    "wave": "was an effect of each cluster, and one of each cluster at each wave",
    "unstructured": "were effects of each cluster at each wave with any covariance",
    "decay": "were effects of each cluster at each wave whose correlation fades over the waves",
}
DF = {
    "kenward-roger": "Kenward and Roger's standard errors and degrees of freedom",
    "satterthwaite": "model-based standard errors and Satterthwaite's degrees of freedom",
    "between-within": "model-based standard errors and between-within degrees of freedom",
    "z": "model-based standard errors and the normal distribution, as if clusters were many",
}
_OF_INFORMATION = ("kenward-roger", "satterthwaite")
_USUAL_LEAST = 10  # people or clusters below which a sentence warns


def model_line(fitted: FitRecord) -> str:
    """The model in one line."""
    design = fitted.design
    people = "1 person" if design.person.count == 1 else f"{design.person.count:,} people"
    sizes = [people, _counted(len(design.y), "row")]
    if design.wave:
        sizes.append(_counted(design.waves, "wave"))
    if design.cluster:
        clusters = clusters_with_effects(design, fitted.spec) or design.cluster
        sizes.append(_counted(clusters.count, "cluster"))
    return f"{design.roles.outcome} on {design.part.formula.text.strip()}; {', '.join(sizes)}"


def model_paragraph(fitted: FitRecord) -> str:
    """The model as a paragraph for a methods section."""
    spec, design = fitted.spec, fitted.design
    method = "restricted maximum likelihood" if spec.reml else "maximum likelihood"
    parts = [
        f"A linear mixed model of {design.roles.outcome} on {design.part.formula.text.strip()} was "
        f"fitted by {method} to {len(design.y):,} measurements of {design.person.count:,} people"
        + _in_clusters(fitted)
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
        parts.append(f"There {CLUSTERS[kind]}{where}.")
    if spec.baseline == "constrained":
        first = level_label(design.wave.levels[0]) if design.wave else ""
        parts.append(
            f"The arms had one mean at the first wave ({first}), as chance allocated them."
        )
    parts.append(f"Inference rests on {DF[spec.df]}.")
    return " ".join(parts)


def _in_clusters(fitted: FitRecord) -> str:
    design = fitted.design
    clusters = clusters_with_effects(design, fitted.spec) or design.cluster
    if clusters is None:
        return "."
    inside = len(np.unique(design.person.codes[clusters.codes >= 0]))
    some = "" if inside == design.person.count else f", {inside:,} of them"
    return f"{some} in {_counted(clusters.count, 'cluster')}."


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
        f"{_counted(count, 'row')} {reason} {'was' if count == 1 else 'were'} left out."
        for reason, count in design.left_out.items()
        if count
    ]
    without = design.people_of_frame - design.person.count
    if without:
        have = "1 person has" if without == 1 else f"{without:,} people have"
        found.append(f"{have} no row that can be used.")
    if any(design.left_out.values()) or without:
        found.append(
            "What is missing is taken to be missing at random, given what was measured and is "
            "in the model."
        )
    return found


def _search(fitted: FitRecord) -> list[str]:
    ended = convergence(fitted)
    if not ended.converged:
        return [
            f"{ended.words} The log likelihood is that where the search stopped, not the greatest; "
            "criteria of information are left out."
        ]
    found = [_boundary(fitted, ended)] if ended.on_boundary else []
    trouble = fitted.trouble(fitted.spec.df, fitted.spec.boundary)
    if trouble:
        found.append(f"No interval can be given by this rule of degrees of freedom: {trouble}")
    return found


def _boundary(fitted: FitRecord, ended: Convergence) -> str:
    """What is at a limit, and what that does to the rule of degrees of freedom in use."""
    named = limits_in_words(ended.on_boundary)
    clusters = clusters_with_effects(fitted.design, fitted.spec)
    parts = [f"{named[0].upper()}{named[1:]}."]
    of_clusters = [name for name in ended.on_boundary if "cluster" in name]
    few = clusters is not None and clusters.count < MANY
    if any(name.startswith("variance of cluster") for name in of_clusters):
        common = "is common with few clusters and " if few else ""
        parts.append(f"That {common}does not show that clusters are alike.")
    elif of_clusters and few:
        parts.append("That is common with few clusters.")
    if few_clusters(fitted):
        return " ".join(parts)
    return " ".join([*parts, *_rules(fitted, bound=ended.on_boundary != ended.singular)])


def _rules(fitted: FitRecord, *, bound: bool) -> list[str]:
    """How the rule in use takes the boundary, and what stands beside it."""
    beside = f"between-within{_clusters_less_two(fitted)}"
    if fitted.spec.df not in _OF_INFORMATION:
        return [
            "`at_boundary` shows rules that take in how uncertain variances are beside "
            f"{beside}, `side_by_side` further methods."
        ]
    if not bound:
        return [
            "`keep` and `conditional` are one rule here, as no parameter is zero by itself; "
            f"`at_boundary` shows {beside} beside it, `side_by_side` further methods."
        ]
    rule = (
        "stay in the information, as pbkrtest does it"
        if fitted.spec.boundary == "keep"
        else "leave the information"
    )
    return [
        f"In the degrees of freedom single parameters at a limit {rule}; `at_boundary` shows the "
        f"other rule and {beside} beside it, `side_by_side` further methods."
    ]


def _clusters_less_two(fitted: FitRecord) -> str:
    """Say so, where all differences between the arms have clusters less two."""
    clusters = clusters_with_effects(fitted.design, fitted.spec)
    try:
        made = between_arms(fitted)
        df = [
            value for one in made for value in errors_and_df(fitted, one.rows, df=BETWEEN_WITHIN)[1]
        ]
    except FitError:
        return ""
    if clusters is None or not df or any(value != clusters.count - 2 for value in df):
        return ""
    return " (clusters minus 2, for differences between the arms)"


def _clusters(fitted: FitRecord) -> list[str]:
    spec, cluster = fitted.spec, clusters_with_effects(fitted.design, fitted.spec)
    if cluster is None:
        return []
    some = " that have effects" if (cluster.codes < 0).any() else ""
    counted = _counted(cluster.count, "cluster")
    found = []
    if few_clusters(fitted):
        found.append(
            f"There {'is' if cluster.count == 1 else 'are'} {counted}{some}: too few for any "
            "interval or test, which are left out. Describe each cluster instead."
        )
    else:
        found += _one_cluster_arms(fitted, cluster)
        if cluster.count < _USUAL_LEAST:
            found.append(f"With {counted}{some} intervals are wide and rest on few differences.")
    single = int((people_of_clusters(fitted.design, cluster) == 1).sum())
    if single:
        have = "has one person only; it tells" if single == 1 else "have one person only; they tell"
        found.append(f"{_counted(single, 'cluster')} {have} little of clusters.")
    if spec.cluster_effect == "intercept" and fitted.design.waves > 1:
        found.append(
            "The model has no effect of clusters at each wave. Where clusters change differently, "
            "intervals of changes and of differences between waves are then far too narrow."
        )
    return found


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _one_cluster_arms(fitted: FitRecord, cluster: Labelled) -> list[str]:
    design = fitted.design
    if design.arm is None:
        return []
    found = []
    for place, level in enumerate(design.arm.levels):
        codes = cluster.codes[design.arm.codes == place]
        if len(set(codes[codes >= 0].tolist())) == 1:
            found.append(
                f'The arm "{level_label(level)}" has one cluster: what is of the arm and what is '
                "of that cluster cannot be told apart: no interval allows for that."
            )
    return found


def _first_wave(fitted: FitRecord) -> list[str]:
    design, first = fitted.design, fitted.design.first
    if design.wave is None or design.waves == 1:
        return []
    order = ", ".join(level_label(level) for level in design.wave.levels)
    written = any(isinstance(level, str) for level in design.wave.levels)
    found = [f"The waves are taken in this order: {order}."] if written else []
    found += [fitted.spec.remark] if fitted.spec.remark else []
    if first is None:  # an analysis of covariance, whose first wave is no baseline
        return found
    begins = [code for code, level in enumerate(design.wave.levels) if level == first.wave]
    at_first = np.isin(design.wave.codes, begins)
    start, later = (set(design.person.codes[rows].tolist()) for rows in (at_first, ~at_first))
    everybody = start | later
    seen = start | {code for code in first.person.tolist() if code >= 0}
    if len(everybody) == len(start) == len(later):
        return found
    unused = len(seen) - len(start)
    kept = f" ({unused:,} of these have an outcome then, in a row left out)" if unused else ""
    people = "1 person is" if len(everybody) == 1 else f"{len(everybody):,} people are"
    return [
        *found,
        f"{people} in the model: {len(everybody - start):,} of them without the first wave{kept} "
        f"and {len(everybody - later):,} without any later one.",
    ]
