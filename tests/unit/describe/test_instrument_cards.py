"""Cards of questionnaires: built from the catalogue and the plan, and from nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from splw_eval.appraisal import mask
from splw_eval.core.plan import FromColumn
from splw_eval.core.plan.outcome import Mid
from splw_eval.describe import (
    describe_bands,
    describe_important_differences,
    describe_instruments,
    describe_norms,
    describe_risk,
)
from splw_eval.describe.instrument_card import BOTH, FROM_ITEMS, FROM_TOTALS, score_of
from splw_eval.describe.sources import SECOND_HAND, cited
from splw_eval.describe.yardsticks import kind_of_mid
from splw_eval.instruments import read_catalogue
from tests.reports import given, synthetic

CATALOGUE = read_catalogue()


@pytest.fixture(scope="module")
def study():
    return synthetic.study_of_items(120)


def rows_of(result, outcome):
    return [row for row in result.rows if row.outcome == outcome]


def test_every_outcome_has_one_card_with_the_range_of_the_plan(study):
    rows = describe_instruments(study).rows
    assert [row.outcome for row in rows] == [o.name for o in study.plan.outcomes]
    for row, outcome in zip(rows, study.plan.outcomes, strict=True):
        assert (row.low, row.high) == outcome.range


def test_a_card_says_what_a_score_was_made_from(study):
    made = {row.outcome: row.made_from for row in describe_instruments(study).rows}
    assert (made["swemwbs"], made["phq9"], made["hads_a"]) == (FROM_ITEMS, BOTH, FROM_TOTALS)


def test_what_is_recalled_is_said_in_the_words_of_the_catalogue(study):
    (row,) = rows_of(describe_instruments(study), "phq9")
    assert row.status == "checked"
    assert row.recalled == " ".join(CATALOGUE["phq9"].recalled) != ""
    assert row.missing_status == "recalled"


def test_an_option_is_said_with_what_it_means(study):
    (row,) = rows_of(describe_instruments(study), "hads_a")
    choices = CATALOGUE["hads"].options["coding"].choices
    assert choices["scored"] in row.options
    assert choices["printed"] not in row.options


@pytest.mark.parametrize(
    ("told", "words"),
    [({"work_not_applicable": True}, "Here: yes."),
     ({"work_not_applicable": FromColumn(column="na")}, "Here: as the column na says.")],
)  # fmt: skip
def test_an_option_that_is_no_choice_is_said_in_words(told, words, study):
    wsas = CATALOGUE["wsas"]
    outcome = study.plan.outcomes[1].model_copy(update={"options": told})
    plan = study.plan.model_copy(update={"outcomes": (outcome,)})
    (row,) = describe_instruments(replace(study, plan=plan, instruments={"phq9": wsas})).rows
    assert words in row.options


def test_the_rule_for_missing_items_is_the_one_that_the_options_choose(study):
    hads = study.plan.outcomes[2]
    rules = {}
    for rule in ("half", "manual"):
        outcome = hads.model_copy(update={"options": {"coding": "scored", "rule": rule}})
        plan = study.plan.model_copy(update={"outcomes": (outcome,)})
        (row,) = describe_instruments(replace(study, plan=plan)).rows
        rules[rule] = (row.missing_rule, row.missing_status)
    assert rules["half"][1] == "checked"
    assert rules["manual"][1] == "recalled"
    assert rules["half"][0] != rules["manual"][0]


def test_what_is_not_in_the_catalogue_is_said_plainly_and_nothing_is_made_up(study):
    result = describe_instruments(study)
    (row,) = rows_of(result, "own")
    assert (row.instrument, row.items, row.licence, row.recalled) == (None, None, None, "")
    assert "names no questionnaire of the catalogue" in " ".join(n.text for n in result.notes)
    for describe in (describe_bands, describe_norms):
        assert rows_of(describe(study), "own") == []
    (difference,) = rows_of(describe_important_differences(study), "own")
    assert (difference.value, difference.kind) == (None, "not known")


def test_bands_touch_each_other_and_the_last_is_open(study):
    for name in ("swemwbs", "phq9", "hads_a"):
        rows = rows_of(describe_bands(study), name)
        for bands in dict.fromkeys(row.bands for row in rows):
            several = [row for row in rows if row.bands == bands]
            assert [r.below for r in several] == [*(r.low for r in several[1:]), None]


def test_a_set_of_bands_that_an_option_rules_out_is_left_out(study):
    pam = CATALOGUE["pam13"]
    outcome = study.plan.outcomes[1].model_copy(update={"score": "score", "options": {}})
    found = {}
    for choice in pam.options["cut_offs"].choices:
        told = outcome.model_copy(update={"options": {"cut_offs": choice}})
        plan = study.plan.model_copy(update={"outcomes": (told,)})
        result = describe_bands(replace(study, plan=plan, instruments={"phq9": pam}))
        found[choice] = {row.bands for row in result.rows}
    assert len(found) > 1
    assert not set.intersection(*found.values())


def test_every_listed_difference_is_there_and_the_mid_of_the_plan_comes_first(study):
    for outcome in study.plan.outcomes[:3]:
        listed = score_of(CATALOGUE[outcome.instrument], outcome).differences
        rows = rows_of(describe_important_differences(study), outcome.name)
        values = [d.value for d in listed]
        assert [r.value for r in rows] == [*([outcome.mid.value] if outcome.mid else []), *values]
        assert all(row.source and row.status for row in rows)


def test_a_mid_that_the_catalogue_lists_too_is_listed_once(study):
    listed = CATALOGUE["phq9"].scores[0].differences[0]
    mid = {"value": listed.value, "source": listed.source}
    outcomes = [synthetic.OUTCOMES[1] | {"role": "primary", "mid": mid}]
    plan = given.plan("cluster_trial", waves=3, outcomes=outcomes)
    rows = describe_important_differences(replace(study, plan=plan)).rows
    assert [row.value for row in rows].count(listed.value) == 1
    assert rows[0].kind == "stated in the plan"


def test_where_none_is_established_that_is_the_row(study):
    (row,) = rows_of(describe_important_differences(study), "ons_worthwhile")
    assert (row.value, row.kind) == (None, "none established")


def test_counts_of_an_item_about_risk_add_up_and_small_ones_are_masked(study):
    result = describe_risk(study)
    item = study.items["phq9"][:, :, 8]
    for row in result.rows:
        arm = study.plan.groups.index(row.arm)
        wave = [w.name for w in study.plan.waves].index(row.wave)
        answers = item[study.people.arm == arm, wave]
        counts = (row.answered, row.above, row.lowest)
        assert counts == (np.isfinite(answers).sum(), (answers >= 1).sum(), (answers < 1).sum())
    shown = [n for r in mask(result, study.plan).rows for n in (r.above, r.lowest) if n]
    assert min(shown) > 7


def test_without_its_items_a_questionnaire_gives_no_counts_about_risk(study):
    assert describe_risk(replace(study, items={})).rows == ()


@pytest.mark.parametrize(
    ("source", "status", "told"),
    [
        ("Shah 2018", "checked", ("Shah 2018", "checked")),
        ("A manual, quoted in a secondary source", "checked", ("A manual", SECOND_HAND)),
        ("Kroenke 2009, as quoted in a later paper", "checked",
         ("Kroenke 2009, as quoted in a later paper", SECOND_HAND)),
        ("A manual, quoted in a secondary source", "recalled",
         ("A manual, quoted in a secondary source", "recalled")),
    ],
)  # fmt: skip
def test_a_source_that_was_read_elsewhere_is_not_called_checked(source, status, told):
    assert cited(source, status) == told


def test_no_card_calls_a_quoted_source_checked(study):
    differences, bands = describe_important_differences(study).rows, describe_bands(study).rows
    told = [(r.source, r.status) for r in differences] + [(r.source, r.status) for r in bands]
    quoted = [status for source, status in told if "secondary" in source or "manual" in source]
    assert quoted
    assert "checked" not in quoted


@pytest.mark.parametrize(
    ("value", "source", "kind"),
    [
        (1.7, "Kounali 2022", "anchor"),
        (5.0, "A paper that the catalogue does not know", "several methods"),
        (4.2, "A paper that the catalogue does not know", ""),
    ],
)
def test_the_mid_of_the_plan_takes_the_kind_of_a_listed_size(value, source, kind, study):
    outcome = next(o for o in study.plan.outcomes if o.name == "phq9")
    mid = Mid(value=value, source=source)
    assert kind_of_mid(study, outcome.model_copy(update={"mid": mid})) == kind
    assert kind_of_mid(study, outcome.model_copy(update={"mid": None})) == ""
