"""What the catalogue fills in of a plan, and every fault of a plan that it shows."""

from __future__ import annotations

from typing import Any

import pytest

from splw_eval.core.errors import PlanError
from splw_eval.core.plan import read_plan
from splw_eval.data import Study
from splw_eval.instruments import Instrument
from splw_eval.instruments.catalogue import named
from tests.unit.data.given_items import answers, items_plan, wellbeing, wide_plan
from tests.unit.given_study import PlanTable, edited, given_study, outcome, pre_post_plan, wide
from tests.unit.loading import faults, loaded, only_fault, warned

ANSWERS = answers((4, 3, 3, 4, 3, 3, 4))
OWN = """
name = "mood3"
title = "Three questions about the week"
items = 3
codes = [0, 4]
status = "recalled"
licence = "Our own."
access = "open"
sources = ["The service"]

[[scores]]
name = "total"
title = "Total"
range = [0, 12]
direction = "lower_is_better"
missing_rule = "All items are needed."
missing_status = "recalled"
formula = { how = "sum", reversed = ["2"] }
"""


def totals_plan(**changes: Any) -> PlanTable:
    """Give a plan with ready-made scores of one outcome of the catalogue."""
    plan = pre_post_plan()
    plan["files"][0]["scores"] = {"wellbeing": {"baseline": "phq_0", "month_3": "phq_3"}}
    plan["outcomes"] = [wellbeing(**changes)]
    plan["estimand"]["outcome"] = "wellbeing"
    return plan


def instrument_of(study: Study) -> Instrument:
    held = study.instruments["wellbeing"]
    assert held is not None
    return held


def test_range_direction_step_and_decimals_come_from_the_catalogue(tmp_path):
    study = loaded(tmp_path, totals_plan(), scores=wide((21.54, 22.35)))
    held = study.plan.primary
    assert (held.range, held.direction) == ((7.0, 35.0), "higher_is_better")
    assert (held.score, held.step, held.decimals) == ("metric", 0.01, 2)
    assert instrument_of(study).name == "swemwbs"


def test_what_the_plan_states_of_printing_stands(tmp_path):
    plan = totals_plan(score="raw", decimals=3, step=0.5)
    held = loaded(tmp_path, plan, scores=wide((21, 22))).plan.primary
    assert (held.score, held.step, held.decimals) == ("raw", 0.5, 3)


def test_a_plan_that_was_only_read_does_not_know_the_range(tmp_path):
    read = read_plan(given_study(tmp_path, totals_plan(), scores=wide((21.54, 22.35)))).plan
    assert (read.primary.decimals, read.primary.step) == (1, 1)
    with pytest.raises(PlanError, match="range of the outcome wellbeing is not stated"):
        _ = read.primary.range
    with pytest.raises(PlanError, match="direction of the outcome wellbeing is not stated"):
        _ = read.primary.direction


def test_an_instrument_that_is_not_in_the_catalogue_is_none(tmp_path):
    study = loaded(tmp_path, pre_post_plan(), scores=wide((5, 6)))
    assert study.instruments == {"phq9": None}
    assert study.items == {} == study.supplied


@pytest.mark.parametrize("lacking", ["range", "direction"])
def test_an_unknown_instrument_needs_range_and_direction(tmp_path, lacking):
    plan = edited(pre_post_plan(), "outcomes.0.instrument", "phq")
    plan = edited(plan, f"outcomes.0.{lacking}")
    fault = only_fault(tmp_path, plan, scores=wide((5, 6)))
    assert fault.code == "SW112"
    assert fault.file == "study.toml"
    assert f"phq9 has no {lacking}" in fault.problem
    assert 'did you mean "phq9"?' in fault.problem
    assert "splw-eval instruments" in fault.remedy


def test_both_contradictions_of_the_catalogue_are_found_at_once(tmp_path):
    plan = totals_plan(range=[0, 35], direction="lower_is_better")
    found = faults(tmp_path, plan, scores=wide((21.54, 22.35)))
    assert [f.code for f in found] == ["SW113", "SW113"]
    assert "range is 0 to 35, and the catalogue says 7 to 35" in found[0].problem
    assert "direction is lower_is_better" in found[1].problem


def test_what_agrees_with_the_catalogue_may_be_stated(tmp_path):
    plan = totals_plan(range=[7, 35], direction="higher_is_better")
    assert loaded(tmp_path, plan, scores=wide((21.54, 22.35))).plan.primary.range == (7.0, 35.0)


def test_a_mid_larger_than_the_catalogues_range_is_a_fault(tmp_path):
    plan = totals_plan(mid={"value": 29, "source": "nobody"})
    fault = only_fault(tmp_path, plan, scores=wide((21.54, 22.35)))
    assert fault.code == "SW113"
    assert "larger than the whole range, 7 to 35" in fault.problem


def test_an_unknown_score_gets_the_nearest_and_the_list(tmp_path):
    fault = only_fault(tmp_path, totals_plan(score="metrik"), scores=wide((21.54, 22.35)))
    assert fault.code == "SW114"
    assert 'no score "metrik"; did you mean "metric"?' in fault.problem
    assert "metric, raw" in fault.remedy


def test_a_score_of_an_unknown_instrument_is_a_fault(tmp_path):
    plan = edited(pre_post_plan(), "outcomes.0.score", "total")
    fault = only_fault(tmp_path, plan, scores=wide((5, 6)))
    assert (fault.code, "has score, but" in fault.problem) == ("SW114", True)


HADS = {"name": "wellbeing", "label": "Anxiety", "instrument": "hads", "role": "primary"}
OPTIONS = [
    ({"codng": "scored"}, 'no option "codng"; did you mean "coding"?'),
    ({"coding": "Scored"}, 'not one of the choices of hads; did you mean "scored"?'),
    ({"coding": True}, "not one of the choices"),
    ({"coding": "scored", "3": 4}, "option 3 is an item"),
]


@pytest.mark.parametrize(("options", "words"), OPTIONS)
def test_options_that_a_scoring_does_not_know_are_said(tmp_path, options, words):
    plan = items_plan(HADS | {"options": options})
    found = faults(tmp_path, plan, measures=answers((0,) * 14))
    assert {f.code for f in found} <= {"SW114", "SW115"}
    assert any(words in f.problem for f in found)


def test_the_coding_of_hads_is_asked_with_its_choices(tmp_path):
    fault = only_fault(tmp_path, items_plan(HADS), measures=answers((0,) * 14))
    assert fault.code == "SW115"
    assert "must be told: coding" in fault.problem
    for choice in ("scored", "agreement", "printed"):
        assert f'coding = "{choice}"' in fault.remedy
    assert "never guessed" in fault.remedy


def test_ready_made_scores_need_no_coding(tmp_path):
    plan = totals_plan(instrument="hads", label="Anxiety")
    assert loaded(tmp_path, plan, scores=wide((8, 6))).plan.primary.score == "A"


def test_the_coding_that_was_stated_is_printed_as_the_outcomes(tmp_path):
    plan = items_plan(HADS | {"options": {"coding": "printed"}})
    assert loaded(tmp_path, plan, measures=answers((0,) * 14)).plan.primary.coding == "printed"


def test_a_warning_of_the_catalogue_is_passed_on(tmp_path):
    plan = totals_plan(instrument="eq5d_5l_england_2018")
    study = loaded(tmp_path, plan, scores=wide((0.5, 0.6)))
    assert instrument_of(study).warning.rstrip(".") in warned(study, "SW120").problem


# Items.


def test_a_pattern_becomes_the_columns_of_the_items(tmp_path):
    study = loaded(tmp_path, items_plan(), measures=ANSWERS)
    (file,) = study.plan.files
    assert file.items == {"swemwbs": {str(i): f"q{i}" for i in range(1, 8)}}


def test_only_items_of_the_scores_in_use_need_columns(tmp_path):
    plan = items_plan(HADS | {"score": "D", "options": {"coding": "scored"}})
    rows = [["person", "wave", *(f"q{i}" for i in range(2, 15, 2))], ["p1", "baseline", *[3] * 7]]
    assert loaded(tmp_path, plan, measures=rows).scores["wellbeing"][0, 0] == 21


FAULTY_ITEMS = [
    ({"1": "q1", "8": "q8"}, ['there is no item "8"', "no column for 2, 3, 4, 5, 6, 7"]),
    ({str(i): f"q{i}" for i in range(1, 7)}, ["no column for 7"]),
]


@pytest.mark.parametrize(("columns", "problems"), FAULTY_ITEMS)
def test_items_that_are_unknown_or_lacking_are_said(tmp_path, columns, problems):
    plan = items_plan(items={"swemwbs": columns})
    found = faults(tmp_path, plan, measures=ANSWERS)
    assert [f.code for f in found] == ["SW116"] * len(problems)
    assert all(words in f.problem for words, f in zip(problems, found, strict=True))


def test_items_of_a_questionnaire_that_is_not_in_the_catalogue_are_a_fault(tmp_path):
    plan = items_plan(outcome(name="wellbeing"))
    fault = only_fault(tmp_path, plan, measures=ANSWERS)
    assert (fault.code, "no instrument of the catalogue" in fault.problem) == ("SW116", True)
    assert "instruments/*.toml" in fault.remedy


@pytest.mark.parametrize("name", ["pam13", "sf12"])
def test_the_owners_items_are_not_scored(tmp_path, name):
    plan = items_plan(wellbeing(instrument=name))
    fault = only_fault(tmp_path, plan, measures=ANSWERS)
    assert (fault.code, "ready-made scores only" in fault.problem) == ("SW116", True)


def test_every_missing_column_of_items_is_found_at_once(tmp_path):
    rows = [["person", "wave", "q1", "q2"], ["p1", "baseline", 1, 2]]
    (found,) = faults(tmp_path, items_plan(), measures=rows)
    assert found.code == "SW02"
    assert "5 of them are not there: q3, q4, q5, q6, q7" in found.problem


def test_faults_of_every_outcome_and_file_are_found_at_once(tmp_path):
    second = outcome(name="second", label="Second", role="secondary")
    plan = items_plan(HADS, edited(second, "range") | {"instrument": "nothing like it"})
    found = faults(tmp_path, plan, measures=answers((0,) * 14))
    assert sorted(f.code for f in found) == ["SW112", "SW115", "SW116"]


# A study's own instrument.


def own_plan() -> PlanTable:
    return items_plan(wellbeing(instrument="mood3"))


def test_a_studys_own_instrument_is_scored_and_its_file_is_known_by_its_digest(tmp_path):
    (tmp_path / "instruments").mkdir()
    (tmp_path / "instruments" / "mood3.toml").write_text(OWN, encoding="utf-8")
    study = loaded(tmp_path, own_plan(), measures=answers((4, 4, 1), (0, 4, 0)))
    assert study.scores["wellbeing"][:, 0].tolist() == [5, 0]
    assert instrument_of(study).own
    assert len(study.file_digests["instruments/mood3.toml"]) == 64


def test_every_fault_of_an_instrument_of_ones_own_is_said(tmp_path):
    (tmp_path / "instruments").mkdir()
    wrong = OWN.replace("codes = [0, 4]", "codes = [4, 0]").replace('["2"]', '["9"]')
    (tmp_path / "instruments" / "mood3.toml").write_text(wrong, encoding="utf-8")
    found = faults(tmp_path, own_plan(), measures=answers((4, 4, 1)))
    assert len(found) == 2
    assert {f.file for f in found} == {"mood3.toml"}


def test_waves_of_a_wide_file_each_have_their_columns(tmp_path):
    plan = wide_plan(
        swemwbs={"baseline": "b{item}", "month_3": {str(i): f"later_{i}" for i in range(1, 8)}}
    )
    head = [f"b{i}" for i in range(1, 8)] + [f"later_{i}" for i in range(1, 8)]
    study = loaded(tmp_path, plan, scores=[["person", *head], ["p1", *[1] * 7, *[5] * 7]])
    assert study.scores["wellbeing"].tolist() == [[7.0, 35.0]]


# Names as people write them.


@pytest.mark.parametrize("written", ["PHQ-9", "phq 9", "PHQ_9", "PHQ\u20119", " Phq9"])
def test_a_name_is_found_whatever_its_capitals_spaces_and_hyphens(tmp_path, written):
    plan = edited(pre_post_plan(), "outcomes.0.instrument", written)
    study = loaded(tmp_path, plan, scores=wide((5, 6)))
    assert study.plan.primary.instrument == "phq9"
    held = study.instruments["phq9"]
    assert held is not None
    assert held.name == "phq9"
    assert study.written == {"phq9": written}


@pytest.mark.parametrize("written", ["Beck Depression Inventory", "PHQ-9 (Welsh)", "UCLA 3-item"])
def test_free_text_stays_free_text(tmp_path, written):
    plan = edited(pre_post_plan(), "outcomes.0.instrument", written)
    study = loaded(tmp_path, plan, scores=wide((5, 6)))
    assert study.plan.primary.instrument == written
    assert study.instruments == {"phq9": None}
    assert study.written == {}


def test_a_name_that_two_of_the_catalogue_fit_is_free_text():
    assert named("PHQ-9", ["phq9", "PHQ_9"]) == ""
    assert named("phq9", ["phq9", "PHQ_9"]) == "phq9"


def test_a_range_that_contradicts_the_name_is_told_how_to_name_another_questionnaire(tmp_path):
    plan = edited(pre_post_plan(), "outcomes.0.instrument", "PHQ-9")
    plan = edited(plan, "outcomes.0.range", [0, 24])
    fault = only_fault(tmp_path, plan, scores=wide((5, 6)))
    assert fault.code == "SW113"
    assert "range is 0 to 24, and the catalogue says 0 to 27" in fault.problem
    assert "give the instrument another name" in fault.remedy


def test_items_are_found_under_another_way_of_writing_the_name(tmp_path):
    plan = items_plan(wellbeing(instrument="SWEMWBS"))
    plan["files"][0]["items"] = {"swe-mwbs": "q{item}"}
    study = loaded(tmp_path, plan, measures=ANSWERS)
    assert list(study.plan.files[0].items) == ["swemwbs"]
    assert study.scores["wellbeing"][0, 0] == pytest.approx(21.54, abs=5)
    assert "wellbeing" in study.items


def test_items_that_stand_under_two_ways_of_writing_are_refused(tmp_path):
    plan = items_plan()
    plan["files"][0]["items"] = {"swemwbs": "q{item}", "SWEMWBS": "r{item}"}
    assert "written in two ways" in only_fault(tmp_path, plan, measures=ANSWERS).problem


STATED = {"range": [7, 35], "direction": "higher_is_better"}


@pytest.mark.parametrize("version", ["metric score", "Raw sum"])
def test_the_version_tells_which_score_is_meant(tmp_path, version):
    plan = totals_plan(instrument="SWEMWBS", version=version, **STATED)
    study = loaded(tmp_path, plan, scores=wide((23.21, 24.11) if "m" in version[:1] else (21, 22)))
    assert study.plan.primary.score == version.split()[0].casefold()


def test_the_range_tells_which_score_is_meant(tmp_path):
    plan = totals_plan(instrument="WHO-5", range=[0, 25], direction="higher_is_better")
    assert loaded(tmp_path, plan, scores=wide((12, 13))).plan.primary.score == "raw"


def test_where_several_scores_may_be_meant_none_is_guessed(tmp_path):
    plan = totals_plan(instrument="SWEMWBS", **STATED)
    study = loaded(tmp_path, plan, scores=wide((21, 22)))
    assert study.plan.primary.instrument == "SWEMWBS"
    told = warned(study, "SW138")
    assert "(metric, raw)" in told.problem
    assert told.remedy == 'Write score = "metric" or "raw".'
    named = loaded(tmp_path, totals_plan(instrument="SWEMWBS", score="raw", **STATED))
    assert named.plan.primary.instrument == "swemwbs"


# Outcomes that rest on the same answers.


def hads(name: str, score: str, **options: Any) -> PlanTable:
    role = "primary" if name == "wellbeing" else "secondary"
    return HADS | {"name": name, "label": name, "score": score, "role": role, "options": options}


def test_options_that_differ_though_the_answers_are_the_same_are_a_warning(tmp_path):
    plan = items_plan(hads("wellbeing", "A", coding="scored"), hads("low", "D", coding="printed"))
    study = loaded(tmp_path, plan, measures=answers((0,) * 14))
    told = warned(study, "SW136")
    assert "wellbeing and low" in told.problem
    assert "(coding)" in told.problem
    assert told.file == "measures.csv"


def test_options_that_agree_are_no_finding_though_one_is_left_at_its_default(tmp_path):
    first = hads("wellbeing", "A", coding="scored", rule="half")
    plan = items_plan(first, hads("low", "D", coding="scored"))
    study = loaded(tmp_path, plan, measures=answers((0,) * 14))
    assert "SW136" not in {f.code for f in study.findings}
