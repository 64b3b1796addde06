"""The paragraph for a protocol: every item that CONSORT asks of cluster trials."""

from __future__ import annotations

from typing import Any

import pytest

from splw_eval import power
from splw_eval.power.kinds import kind_of
from splw_eval.power.planning_numbers import filled

PLAIN: dict[str, Any] = {"diff": 0.3, "sd": 1, "icc": 0.05, "power": 0.8, "size": 20}
ITEMS = (
    *("outcome", "clusters", "size", "equal or unequal", "power", "effect", "ICC", "attrition"),
    "method",
)


def text_of(kind="parallel", sources=None, **options):
    return power.protocol(power.solve(power.design(kind, sources=sources, **options)))


def test_the_paragraph_has_every_item_of_the_checklist():
    text = text_of(**PLAIN, dropout=0.2, cv=0.65)
    assert tuple(text.items) == ITEMS
    for words in (
        "48 clusters",
        "24 in the programme arm",
        "20 people will be recruited in each cluster",
        "coefficient of variation of 0.65",
        "power of 80",
        "two-sided test at the 5% level",
        "correlation is taken to be 0.05",
        "It is uncertain",
        "20% of people are expected to be lost",
        "before the design effect",
        "t test with 46 degrees of freedom (clusters less 2)",
        "splw-eval",
    ):
        assert words in text.paragraph
    assert "linear mixed model" in text.model
    assert any("CONSORT" in reference for reference in text.references)


def test_the_uncertainty_of_the_icc_is_a_number_at_each_end():
    (icc,) = [text_of(**PLAIN, icc_range=[0.01, 0.1]).items["ICC"]]
    for end in (0.01, 0.1):
        alone = power.solve(power.design("parallel", **{**PLAIN, "icc": end}))
        assert f"{sum(alone.arms.values()):g} with an ICC of {end:g}" in icc


def test_what_the_writer_must_add_is_marked_and_goes_where_it_was_given():
    bare = text_of(**PLAIN)
    assert len(bare.lacking) == 6
    for gap in bare.lacking:
        assert f"[{gap}]" in bare.paragraph
    sources = {"icc": "17 trials", "sd": "a survey", "diff": "what 12 people said"}
    full = text_of(sources=sources, **PLAIN)
    assert full.lacking == ("name the primary outcome", "say when", "say why none is expected")
    for source in sources.values():
        assert source in full.paragraph


@pytest.mark.parametrize(
    ("kind", "options", "words"),
    [
        ("individual", {"diff": 0.3, "sd": 1, "power": 0.9}, "470 people"),
        (
            "stepped-wedge",
            {"steps": 4, "per_sequence": 3, "size": 20, "diff": 0.3, "sd": 1, "icc": 0.05},
            "in each cluster and period",
        ),
        (
            "cohort",
            {
                **{"visits": [0, 3, 12, 18], "dropout": [0, 0.15, 0.2, 0.25], "clusters": 16},
                **{"size": 20, "diff": 0.3, "sd": 1, "icc": 0.05, "cac": 0.8, "iac": 0.5},
            },
            "0%, 15%, 20%, 25% of people are expected to be lost by the visits at 0, 3, 12, 18",
        ),
        ("pre-post", {"diff": 1.5, "sd": 4, "iac": 0.5, "patients": 60}, "60 people"),
    ],
)
def test_each_design_gets_its_own_paragraph(kind, options, words):
    text = text_of(kind, **options)
    assert words in text.paragraph
    assert text.model.startswith("The primary analysis will be ")
    assert text.references


def test_a_wedge_cites_its_own_extension():
    options: dict[str, Any] = {
        "steps": 4,
        "per_sequence": 3,
        "size": 20,
        "diff": 0.3,
        "sd": 1,
        "icc": 0.05,
    }
    assert any("BMJ 363:k1614" in r for r in text_of("stepped-wedge", **options).references)
    assert not any("BMJ 363:k1614" in r for r in text_of(**PLAIN).references)


def test_a_grid_has_no_paragraph():
    with pytest.raises(ValueError, match="one design"):
        text_of(**{**PLAIN, "icc": [0.01, 0.05]})


FOLLOWED: dict[str, Any] = {
    **{"visits": [0, 3, 12], "clusters": 16, "size": 20, "diff": 0.3, "sd": 1, "icc": 0.05},
    **{"cac": 0.8, "iac": 0.5},
}


def test_clusters_are_whole_in_each_arm_and_the_power_is_of_those():
    text = text_of(**{**PLAIN, "power": None}, clusters=15)
    assert "15 clusters: 7 in the programme arm, 8 in the comparison arm" in text.paragraph
    alone = power.solve(power.design("parallel", **{**PLAIN, "power": None}, clusters_arm=[7, 8]))
    assert f"a power of {100 * float(alone.power):.1f}%" in text.paragraph
    wedge: dict[str, Any] = {"steps": 4, "size": 20, "diff": 0.3, "sd": 1, "icc": 0.05}
    told = text_of("stepped-wedge", **wedge, clusters=13).items["clusters"]
    assert "3 in sequence 3, 4 in sequence 4" in told


def test_the_least_difference_is_that_of_whole_clusters():
    text = text_of(sd=1, icc=0.05, size=20, power=0.8, clusters=15)
    alone = power.solve(power.design("parallel", sd=1, icc=0.05, size=20, power=0.8,
                                     clusters_arm=[7, 8]))  # fmt: skip
    assert f"a difference of {float(alone.mde):.4g}" in text.items["power"]
    assert "a power of 80%" in text.items["power"]


def test_a_design_without_unlike_arms_is_refused_where_clusters_do_not_share_out():
    with pytest.raises(power.DesignError, match="15 do not share out"):
        text_of("tte", hr=0.7, p0=0.5, icc=0.02, clusters=15, size=20)


@pytest.mark.parametrize(
    ("kind", "options", "words"),
    [
        ("stepped-wedge", {"steps": 4, "per_sequence": 3}, "There are 5 periods"),
        ("stepped-wedge", {"steps": 2, "periods": 6, "per_sequence": 3}, "There are 6 periods"),
        ("crossover", {"clusters": 12}, "There are 2 periods"),
        ("matrix", {"matrix": [[0, 1, 1], [0, 0, 1]], "clusters": 12}, "0 1 1; 0 0 1"),
    ],
)
def test_periods_are_told_and_what_holds_of_them_over_time(kind, options, words):
    given: dict[str, Any] = {"size": 20, "diff": 0.3, "sd": 1, "icc": 0.05, **options}
    text = text_of(kind, **given)
    assert words in text.items["clusters"]
    assert "other people each time" in text.items["size"]
    assert "differ in the same way at every time" in text.items["other inputs"]
    known = text_of(kind, **given, cac=0.8)
    assert "cluster autocorrelation is taken to be 0.8" in known.items["other inputs"]
    assert "in the same way" not in known.items["other inputs"]


@pytest.mark.parametrize(
    ("kind", "options", "words"),
    [
        ("cohort", {**FOLLOWED, "dropout": [0.3]}, "lost by the last visit, evenly from the first"),
        ("cohort", {**FOLLOWED, "dropout": [0, 0.2, 0.3]}, "counts for as long as they are seen"),
        ("parallel", {**PLAIN, "dropout": 0.3}, "before the design effect"),
        ("individual", {"d": 0.5, "patients": 90, "dropout": 0.3}, "for those who are left"),
        (
            "did",
            {"d": 0.5, "clusters": 16, "size": 20, "icc": 0.05, "iac": 0.5, "dropout": 0.3},
            "seen both times",
        ),
        (
            "stepped-wedge",
            {"steps": 4, "clusters": 12, "size": 20, "d": 0.3, "icc": 0.05, "dropout": 0.3},
            "left in each period",
        ),
    ],
)
def test_loss_is_told_as_the_design_takes_it(kind, options, words):
    text = text_of(kind, **options).items["attrition"]
    assert words in text
    assert ("design effect" in text) == (kind == "parallel")
    assert "people are expected to be" in text


def test_people_left_are_counted():
    assert "About 63 people" in text_of("individual", d=0.5, patients=90, dropout=0.3).paragraph
    loss = text_of("cohort", **FOLLOWED, dropout=[0, 0.2, 0.3]).items["attrition"]
    assert "About 224 people are expected to be seen at the last visit" in loss


def test_the_outcome_its_time_and_unit_are_told_or_asked_for():
    named = text_of("cohort", sources={"instrument": "swemwbs"}, **FOLLOWED)
    assert named.items["outcome"].startswith("The primary outcome is SWEMWBS, measured at 0, 3, 12")
    assert "unit of time, such as months" in named.lacking
    bare = text_of(**PLAIN)
    assert {"name the primary outcome", "say when"} <= set(bare.lacking)


def test_no_word_of_the_catalogue_or_of_the_command_line_is_in_the_paragraph():
    asked: dict[str, Any] = {"icc": 0.01, "size": 30, "power": 0.8}
    options, sources = filled(kind_of("parallel"), "EQ5D", asked, {})
    text = text_of(sources=sources, **options)
    for word in ("recalled", "was found", "--", "(k-2)", "eq5d"):
        assert word not in text.paragraph
    assert any("check this number" in one for one in text.lacking)
    assert any("PMC6511117" in one for one in text.references)


def test_an_uncertain_icc_is_told_by_its_own_spread_with_the_expected_power():
    prior = text_of(**PLAIN, icc_prior=[0.05, 0.02]).items["ICC"]
    assert "with mean 0.05 and SD 0.02" in prior
    assert "0.025" not in prior
    assert "expected power" in prior
    told = text_of(**PLAIN, icc_range=[0.01, 0.1]).items["ICC"]
    assert "anywhere from 0.01 to 0.1" in told
    expected = power.expected_power(power.design("parallel", **PLAIN, icc_range=[0.01, 0.1]))
    assert f"{100 * float(expected.power):.3g}%" in told


def test_brackets_in_a_source_are_no_gap():
    text = text_of(sources={"icc": "A trial [2020]"}, **PLAIN)
    assert "2020" not in text.lacking
    assert "(A trial [2020])" in text.paragraph
    assert "A trial [2020]" in text.references


def test_references_are_those_of_what_was_used():
    change = text_of("pre-post", diff=1.5, sd=4, iac=0.5, patients=60).references
    assert not any("McNemar" in one or "CONSORT" in one for one in change)
    assert any("STROBE" in one for one in change)
    spread = text_of("tte", hr=0.7, p0=0.5, icc=0.02, clusters=16, size=20, cv=0.6)
    assert "Eldridge" in spread.items["equal or unequal"]
    assert any("Eldridge" in one for one in spread.references)
    cells = text_of("cohort", **FOLLOWED, cv=0.6)
    assert "gamma distribution" in cells.items["equal or unequal"]


def test_the_analysis_of_a_yes_or_no_is_the_one_that_is_simulated():
    text = text_of(p0=0.4, or_=1.5, icc=0.05, clusters=30, size=20)
    assert "linear mixed model of the yes or no" in text.model
    assert "say what counts as yes" in text.lacking


def test_few_clusters_by_the_normal_carry_a_warning():
    few = text_of(**{**PLAIN, "power": None}, clusters=12, test="z")
    assert "promises too much" in few.items["method"]
