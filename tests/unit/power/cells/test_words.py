"""Analyses in one sentence, for a protocol."""

from __future__ import annotations

from splw_eval import power

WEDGE = {"steps": 3, "clusters": 12, "size": 20, "icc": 0.05}


def sentence(kind, **options):
    design = power.design(kind, **options)
    return design.kind.model(design.values)


def test_a_wedge_names_its_periods_and_random_effects():
    found = sentence("stepped-wedge", **WEDGE, cac=0.8, iac=0.5, sd_treatment=0.1, diff=0.3, sd=1.0)
    assert found == (
        "a linear mixed model with a fixed effect of each period, random effects for each cluster, "
        "each period within a cluster, the programme's effect in each cluster and each person"
    )


def test_correlations_that_fade_are_told():
    found = sentence("stepped-wedge", **WEDGE, cac=0.8, decay=True, diff=0.3, sd=1.0)
    assert "correlated less the further apart in time" in found


def test_a_link_makes_another_model():
    found = sentence("stepped-wedge", **WEDGE, link="logit", icc_scale="logit", p0=0.3, or_=0.6)
    assert found.startswith("a logistic mixed model")


def test_visits_name_their_contrast_and_their_start():
    found = sentence(
        "cohort", visits=[0, 12], clusters=12, size=20, icc=0.05, iac=0.5, d=0.3, contrast="mean"
    )
    assert "one mean at the start for both arms" in found
    assert found.endswith("the mean difference of the visits after the start")
