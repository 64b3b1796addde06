"""The paragraph for a protocol: every item that CONSORT asks of cluster trials."""

from __future__ import annotations

from typing import Any

import pytest

from splw_eval import power

PLAIN: dict[str, Any] = {"diff": 0.3, "sd": 1, "icc": 0.05, "power": 0.8, "size": 20}
ITEMS = (
    *("clusters", "size", "equal or unequal", "power", "effect", "ICC", "attrition", "method"),
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
        "t test with 46 degrees of freedom (k-2)",
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
    assert len(bare.lacking) == 4
    for gap in bare.lacking:
        assert f"[{gap}]" in bare.paragraph
    sources = {"icc": "17 trials", "sd": "a survey", "diff": "what 12 people said"}
    full = text_of(sources=sources, **PLAIN)
    assert full.lacking == ("say why none is expected",)
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
