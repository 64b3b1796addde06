"""Fairness is told of all kinds of people, in words and never by the name of a column."""

from __future__ import annotations

from dataclasses import replace

import pytest

from splw_eval.core.confounding_rows import SubgroupRow
from splw_eval.core.people_rows import CategoryRow
from splw_eval.core.reach_rows import ReachRow, ReferralRateRow
from splw_eval.report.blocks import Page, Paragraph
from splw_eval.report.evidence import gather
from splw_eval.report.readers import fairness
from splw_eval.report.running_text import running_text
from tests.reports import given

PROGRAMME, COMPARISON = "Link worker programme", "Usual care"
FIFTHS = ("1 (most deprived)", "2", "3", "4", "5 (least deprived)")


def reached(group, category, stage, share):
    return ReachRow(
        group=group,
        characteristic="Deprivation, in fifths",
        category=category,
        stage=stage,
        among="everybody",
        of=40,
        reached=20,
        not_reached=20,
        share_reached=share,
        elsewhere=160,
        everybody=200,
        share_of_all=0.2,
    )


def text(held, plan) -> str:
    section = fairness.section(gather(plan, held, given.PROVENANCE))
    return "\n".join(running_text((Page(id="p", title="", sections=(section,)),)))


def held_of(plan, **rows):
    held = given.results(plan)
    return held | {key: replace(held[key], rows=found, notes=()) for key, found in rows.items()}


def test_every_fifth_is_told_where_another_group_has_other_stages():
    plan = given.plan("cluster_trial")
    shares = (0.5, 0.6, None, 0.4, 0.7)
    rows = [reached(PROGRAMME, fifth, "referred", 1.0) for fifth in FIFTHS]
    rows += [
        reached(PROGRAMME, fifth, "stayed, day 365", share)
        for fifth, share in zip(FIFTHS, shares, strict=True)
    ]
    rows += [reached(COMPARISON, fifth, "in the study", 1.0) for fifth in FIFTHS]
    said = text(held_of(plan, reach=tuple(rows)), plan)
    assert "20 in 100 (20%) lived in the most deprived fifth of areas" in said
    assert "Of all areas, 20 in 100 are in that fifth." in said
    assert (
        "Stayed, day 365, by fifth of areas, the most deprived first: 50 in 100, 60 in 100, not "
        "shown (too few people), 40 in 100, 70 in 100."
    ) in said


def test_rates_name_practices_in_words():
    plan = given.plan("cluster_trial")
    rate = ReferralRateRow(
        group=PROGRAMME,
        practices_of="More deprived half of practices (deprivation score of the list 37 to 54)",
        practices=4,
        list_size=40000,
        referred=120,
        others=39880,
        rate=0.003,
    )
    rows = tuple(reached(PROGRAMME, fifth, "referred", 1.0) for fifth in FIFTHS)
    said = text(held_of(plan, reach=rows, referral_rates=(rate,)), plan)
    assert "registered: more deprived half of practices" in said
    assert "_" not in said


@pytest.mark.parametrize(
    ("design", "title"),
    [
        ("cluster_trial", "Does it work alike for everybody?"),
        ("controlled_cohort", "Is the difference alike for all?"),
        ("cluster_trial_unlike_recruitment", "Is the difference alike for all?"),
    ],
)
def test_whether_it_works_alike_is_asked_only_where_the_design_can_show_that_it_works(
    design, title
):
    plan = given.plan(design)
    row = SubgroupRow(
        outcome="swemwbs",
        compared=f"{PROGRAMME} – {COMPARISON}",
        when="6 months",
        by="Sex",
        level="women",
        against="men",
        n_programme=50,
        n_comparison=60,
        n_smaller=50,
        n_fewest=50,
        difference=1.0,
        conf_low=-1.0,
        conf_high=3.0,
        interaction=0.5,
        interaction_low=-2.0,
        interaction_high=3.0,
        df=9.0,
        clusters=12,
    )
    found = fairness.benefits(gather(plan, held_of(plan, subgroups=(row,)), given.PROVENANCE))
    assert found is not None
    assert found.title == title
    block = found.blocks[0]
    assert isinstance(block, Paragraph)
    assert block.text.startswith(f"{PROGRAMME} compared with {COMPARISON}: nothing here")


def test_the_share_of_the_deprived_is_held_against_all_areas_among_those_known_only():
    plan = given.plan()
    (whom,) = plan.groups
    rows = [reached(whom, category, "referred", 1.0) for category in (*FIFTHS, "Not known")]
    known = CategoryRow(
        characteristic="Deprivation, in fifths",
        category="1 (most deprived)",
        arm=whom,
        people=40,
        others=100,
        known=140,
        share=2 / 7,
    )
    said = text(held_of(plan, reach=tuple(rows), characteristics=(known,)), plan)
    assert (
        "Of the 140 people whose area is known, 29 in 100 lived in that fifth; of all areas, 20 in "
        "100 are in it." in said
    )
    assert fairness.ONE_FIFTH not in said
    hidden = replace(known, share=None)
    said = text(held_of(plan, reach=tuple(rows), characteristics=(hidden,)), plan)
    assert "people whose area is not known count here as living elsewhere." in said
    assert "29 in 100" not in said
