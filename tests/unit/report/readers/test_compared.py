"""A difference is said with its interval, what that excludes, and the verb of its design."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from splw_eval.core.confounding_rows import AdjustedRow
from splw_eval.core.model_rows import ANCOVA
from splw_eval.report.evidence import gather
from splw_eval.report.readers import compared
from splw_eval.report.running_text import running_text
from tests.reports import given


def section(plan, held=None):
    held = held or given.modelled(plan)
    return compared.section(gather(plan, held, given.PROVENANCE))


def text(plan, held=None) -> str:
    from splw_eval.report.blocks import Page

    return "\n".join(running_text((Page(id="p", title="", sections=(section(plan, held),)),)))


def test_a_null_result_is_a_finding_that_says_what_the_interval_excludes():
    said = text(given.plan("cluster_trial"))
    assert "so there may be no difference at all" in said
    assert (
        "That is a finding: by this interval, effects larger than 2.2 points for the better, or "
        "larger than 0.2 points for the worse, are not compatible with these data."
    ) in said


def test_where_low_scores_are_better_the_excluded_sides_change_places():
    lower = given.outcome(direction="lower_is_better")
    said = text(given.plan("cluster_trial", outcomes=[lower]))
    assert "larger than 2.2 points for the better, or larger than 0.2 points for the worse" in said


def test_a_result_that_is_not_null_is_not_called_one():
    plan = given.plan("cluster_trial")
    held = given.modelled(plan, includes_none="no", conf_low=0.4)
    assert "That is a finding" not in text(plan, held)


def test_an_estimate_without_an_interval_excludes_nothing():
    plan = given.plan("cluster_trial")
    said = text(plan, given.modelled(plan, conf_low=None, conf_high=None, includes_none=None))
    assert "not compatible" not in said
    assert "No 95% interval can be given" in said


@pytest.mark.parametrize(
    ("design", "called"),
    [("cluster_trial", "effects"), ("controlled_cohort", "differences"), ("pre_post", "changes"),
     ("cluster_trial_unlike_recruitment", "differences")],
)  # fmt: skip
def test_the_design_decides_what_a_null_result_is_about(design, called):
    assert f"by this interval, {called} larger than" in text(given.plan(design))


def test_with_one_group_nobody_is_compared_and_it_says_so():
    said = text(given.plan())
    assert said.startswith("With nobody: no comparison group was measured")


def test_unlike_recruitment_is_said_beside_the_difference():
    assert "so the two may differ for that reason alone" in text(
        given.plan("cluster_trial_unlike_recruitment")
    )


def test_every_estimate_stands_with_its_people_and_its_method():
    said = text(given.plan("cluster_trial"))
    assert "Measured then: 300 people, in 12 practices. By a model that uses everybody" in said
    assert "Kenward" not in said


def test_a_null_result_that_holds_the_mid_rules_out_neither():
    plan = given.plan("cluster_trial")
    both = "So neither no effect at all nor one as large as the MID is ruled out."
    assert both in text(plan)
    assert both not in text(plan, given.modelled(plan, interval_and_mid="short"))
    assert both not in text(plan, given.modelled(plan, includes_none="no", conf_low=0.4))


def test_the_model_of_one_group_says_why_page_one_has_another_figure():
    assert "page one has the plain mean change" in text(given.plan())


def two_outcomes():
    second = given.outcome("phq9", role="secondary", label="Depression")
    return given.plan("cluster_trial", outcomes=[given.outcome(), second])


def test_other_scores_without_a_difference_are_told_without_talk_of_what_stands_out():
    said = text(two_outcomes())
    assert "the interval reaches across no difference: there may be none." in said
    assert "stand out" not in said


def test_other_scores_with_a_difference_are_named_with_their_side():
    plan = two_outcomes()
    held = given.changed(
        given.modelled(plan), "contrasts", where={"outcome": "phq9"}, includes_none="no"
    )
    said = text(plan, held)
    assert "1 has an interval that lies to one side of no difference: Depression better." in said
    assert "some stand out by chance alone" in said


def limits(value, low, high):
    return {"estimate": value, "conf_low": low, "conf_high": high}


def test_an_adjusted_difference_never_stands_alone():
    plan = given.plan("controlled_cohort")
    held = given.modelled(plan)
    row = {
        "outcome": "swemwbs",
        "compared": "Link worker programme – Usual care",
        "when": "6 months",
        "population": "",
        "n": 300,
        "n_smaller": 140,
        "std_error": 0.5,
        "p_value": 0.2,
        "df": 9.0,
        "clusters": 12,
        "interval": "",
    }
    rows = (
        AdjustedRow(method="Unadjusted", default="no", **(row | limits(1.4, 0.1, 2.7))),
        AdjustedRow(method="Weighting", default="yes", **(row | limits(0.6, -0.8, 2.0))),
    )
    held["adjusted"] = replace(held["adjusted"], rows=rows)
    said = text(plan, held)
    assert "the difference is 0.6 points higher (95% interval from 0.8 points lower" in said
    assert "without that it is 1.4 points higher" in said
    assert said.count("Link worker programme compared with Usual care") >= 2
    assert " – " not in said
    assert "Of people measured then; the main answer also uses scores of people lost." in said
    assert "What was not measured cannot be allowed for." in said
    held["adjusted"] = replace(held["adjusted"], rows=rows[1:])
    assert "0.6 points" not in text(plan, held)


def test_a_second_figure_of_one_wave_is_told_apart_and_explained():
    plan = given.plan("controlled_cohort")
    held = given.modelled(plan)
    rows = held["contrasts"].rows
    held["contrasts"] = replace(
        held["contrasts"], rows=(*rows, replace(rows[-1], part=ANCOVA, estimate=0.7))
    )
    evidence = gather(plan, held, given.PROVENANCE)
    (figure,) = compared.drawn(evidence)
    assert compared.EXPLAINED in figure.caption
    (table,) = compared.tables(evidence)
    names = [str(row[1].value) for row in table.rows]
    assert len(names) == len(set(names))
    assert names[-1].endswith("by ANCOVA")


def test_many_pairs_of_groups_leave_the_further_figures_to_the_evaluator():
    plan = given.plan("cluster_trial", arms=given.arms(2))
    held = given.modelled(plan)
    first = held["contrasts"].rows[-1]
    rows = tuple(
        replace(first, compared=f"Programme {i} compared with Usual care") for i in range(3)
    )
    held["contrasts"] = replace(held["contrasts"], rows=rows)
    said = text(plan, held)
    assert "see the evaluator's report" in said
    assert len(re.findall("That is a finding", said)) == 3


def test_a_figure_promises_no_interval_where_none_can_be_given():
    plan = given.plan()
    held = given.modelled(plan, conf_low=None, conf_high=None, includes_none=None)
    (figure,) = compared.drawn(gather(plan, held, given.PROVENANCE))
    assert figure.title == "Change, without an interval"
    assert "95% intervals" not in figure.caption
    assert "its 95% interval" not in figure.caption
    assert "No 95% interval can be given, so there are no bars." in figure.caption
    (drawn,) = compared.drawn(gather(plan, given.modelled(plan), given.PROVENANCE))
    assert "Bars are 95% intervals." in drawn.caption
