"""The page of a fair comparison: its sentences, its figures, and what it says of nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from splw_eval.core.confounding_rows import (
    LIMIT,
    POINT,
    AdjustedRow,
    BalanceRow,
    DifferenceRow,
    EValueRow,
    PracticeTestRow,
)
from splw_eval.report import fair_changes
from splw_eval.report import fair_sentences as words
from splw_eval.report.blocks import Callout, FigureGroup, Fold, ListBlock, ReportTable
from splw_eval.report.evidence import gather
from splw_eval.report.figures.given_balance import Balanced, end_of
from splw_eval.report.figures.love_plot import draw_love_plot
from splw_eval.report.pages import fair, fair_figures
from tests.reports.given import PROVENANCE, plan, results

PAIR = "Link workers – Usual care"


def _adjusted(method: str, **changes: Any) -> AdjustedRow:
    given: dict[str, Any] = {
        "outcome": "phq9",
        "compared": PAIR,
        "when": "12 months",
        "method": method,
        "population": "people like those of Link workers",
        "default": "no",
        "n": 300,
        "n_smaller": 120,
        "estimate": -2.0,
        "std_error": 0.5,
        "conf_low": -3.1,
        "conf_high": -0.9,
        "p_value": 0.004,
        "df": 9.0,
        "clusters": 14,
        "interval": "CR2 by practice",
    }
    return AdjustedRow(**given | changes)


def _test(method: str, **changes: Any) -> PracticeTestRow:
    given: dict[str, Any] = {
        "outcome": "phq9",
        "compared": PAIR,
        "when": "12 months",
        "method": method,
        "within": "none",
        "allocations": 3432,
        "smallest_p": 0.0003,
        "n": 300,
        "n_smaller": 120,
        "estimate": -1.5,
        "conf_low": -3.0,
        "conf_high": 0.2,
        "p_value": 0.08,
        "df": None,
        "clusters": 14,
    }
    return PracticeTestRow(**given | changes)


def _balance(name: str, **changes: Any) -> BalanceRow:
    given: dict[str, Any] = {
        "compared": PAIR,
        "characteristic": name,
        "level": "",
        "n": 300,
        "n_fewest": 120,
        "before": 0.4,
        "after": 0.01,
        "chance_limit": 0.3,
        "ratio_before": 1.1,
        "ratio_after": 1.0,
        "between_practices": 0.9,
        "clusters": 14,
    }
    return BalanceRow(**given | changes)


ROWS = (
    _adjusted("Unadjusted", estimate=-4.0, conf_low=-6.0, conf_high=-2.0),
    _adjusted("Weighting", default="yes"),
    _adjusted("Regression", estimate=-2.2),
)
TESTS = (_test("Randomisation test: practices permuted"), _test("Wild bootstrap of practices"))


def _outcome():
    return plan("controlled_cohort").primary


def test_the_answer_says_unadjusted_and_adjusted_and_what_permuting_shows():
    said = words.answer(ROWS, TESTS, _outcome())
    first, second = said.index("unadjusted"), said.index("Adjusted, by weighting and for people")
    assert first < second
    assert "4" in said[first:second]
    assert "lower" in said[first:second]
    assert "Adjusting moves it from −4.0 to −2.0." in said
    assert "8 in 100 show a difference as large" in said
    assert "There may be no difference" not in said


def test_an_interval_with_none_says_that_there_may_be_no_difference():
    rows = (ROWS[0], _adjusted("Regression", default="yes", conf_high=0.3))
    said = words.answer(rows, (), _outcome())
    assert "There may be no difference at all." in said
    assert "for people" not in said  # a regression has no say in whom it is about


def test_without_an_adjusted_difference_the_unadjusted_is_not_left_alone_in_silence():
    said = words.answer(ROWS[:1], (), _outcome())
    assert "there is no adjusted difference" in said


def test_too_few_people_give_no_figure():
    rows = tuple(replace(row, estimate=None, conf_low=None, conf_high=None) for row in ROWS)
    said = words.answer(rows, TESTS, _outcome())
    assert said.endswith("too few people to show.")
    assert not any(sign.isdigit() for sign in said)


def test_a_test_that_could_tell_nothing_is_no_evidence_but_a_warning():
    tests = (_test("Randomisation test: practices permuted", p_value=1.0, smallest_p=0.33),)
    assert list(words.by_practices(tests)) == []
    (said,) = words.few(ROWS, tests)
    assert "0.33" in said
    assert "how far chance alone could move it" in said


def test_few_degrees_of_freedom_are_warned_of():
    rows = (ROWS[0], _adjusted("Weighting", default="yes", df=2.3))
    assert words.FEW_DF in list(words.few(rows, ()))
    assert list(words.few(ROWS, TESTS)) == []


def test_balance_counts_those_beyond_chance_and_leaves_out_what_is_masked():
    rows = (_balance("Age"), _balance("Deprivation", before=-0.1), _balance("Sex", before=None))
    said = words.balance(rows)
    assert said.startswith(
        "1 of 2 differences at the start lies beyond what chance makes in 19 of 20;"
    )
    assert "0.40 SD (Age)" in said
    assert words.balance([_balance("Sex", before=None)]).endswith("too few people to show.")


def _changes(**estimates: float) -> list[DifferenceRow]:
    names = {
        "start": "At the start",
        "alike": "At the start, the characteristics alike",
        "plain": "Difference in changes, unadjusted",
        "regressed": "Difference in changes, by regression",
        "robust": "Difference in changes, doubly robust",
        "ancova": "Difference given (ANCOVA)",
    }
    return [
        DifferenceRow(
            outcome="phq9", compared=PAIR, when="12 months", method=names[key], n=300,
            n_smaller=120, estimate=value, std_error=None, conf_low=None, conf_high=None,
            p_value=None, df=None, clusters=14, interval=None,
        )
        for key, value in estimates.items()
    ]  # fmt: skip


def test_lords_paradox_is_told_of_two_regressions_and_the_rest_as_weighting():
    rows = _changes(start=3.0, alike=2.0, plain=-9.0, regressed=-2.0, robust=-6.0, ancova=-1.0)
    said = fair_changes.changes(rows, _outcome())
    assert "Link workers began 2.0 points higher, the characteristics alike" in said
    assert "part by 1.0 points (Lord's paradox)" in said
    assert "changes give 6.0 points lower: that step is the weighting" in said


def test_without_characteristics_the_plain_change_is_like_ancova():
    rows = _changes(start=3.0, plain=-4.0, robust=-4.0, ancova=-1.0)
    said = fair_changes.changes(rows, _outcome())
    assert "began 3.0 points higher" in said
    assert "part by 3.0 points (Lord's paradox)" in said
    assert fair_changes.changes(rows[:2], _outcome()).endswith("too few people to show.")


def test_methods_that_part_by_more_than_half_the_mid_are_said_to_disagree():
    outcome = _outcome()
    assert words.apart(ROWS, outcome) == ""
    rows = (*ROWS, _adjusted("Doubly robust", estimate=-2.0 + 0.6 * outcome.mid.value))
    said = words.apart(rows, outcome)
    assert "by regression" in said
    assert "by doubly robust" in said
    assert "the answer hangs on the method" in words.answer(rows, (), outcome)
    without = outcome.model_copy(update={"mid": None})  # then half the interval, which is 1.1
    assert words.apart((*ROWS, _adjusted("Doubly robust", estimate=-1.2)), without) == ""
    assert words.apart((*ROWS, _adjusted("Doubly robust", estimate=-0.9)), without) != ""


def test_whether_the_rules_for_few_practices_disagree_is_said():
    one, other = _test("A", p_value=0.03), _test("B", p_value=0.08)
    said = words.rules([one, other])
    assert "rules disagree: 1 of 2 give p below 0.05" in said
    assert "the 2 rules agree: none gives" in words.rules([other, other])
    assert "the 2 rules agree: each gives" in words.rules([one, one])
    blunt = _test("C", p_value=1.0, smallest_p=0.33)  # could never have gone below
    assert "disagree" not in words.rules([one, one, blunt])


def test_p_stands_after_the_estimate_and_is_never_0():
    rows = tuple(replace(row, outcome=_outcome().name, p_value=1e-7) for row in ROWS)
    found = _page(adjusted=rows, balance=(_balance("Age"),))
    (table,) = (b for b in found.sections[0].blocks if isinstance(b, ReportTable))
    titles = [head.title for head in table.columns]
    assert titles.index("p") > titles.index("Estimate")
    assert {row[titles.index("p")].value for row in table.rows} == {"below 0.001"}


def test_a_grid_of_0_05_is_told_where_few_people_are_behind_a_difference():
    rows = tuple(replace(row, outcome=_outcome().name) for row in ROWS)
    few, many = (
        next(
            figure
            for block in _page(adjusted=rows, balance=(_balance("Age", n_fewest=n),))
            .sections[0]
            .blocks
            if isinstance(block, FigureGroup)
            for figure in block.figures
            if figure.table_id == "balance-table"
        )
        for n in (40, 120)
    )
    assert few.caption.endswith(fair_figures.GRID)
    assert "nearest" not in many.caption


def test_the_e_value_is_told_for_the_point_and_for_the_limit():
    point = EValueRow(
        outcome="phq9", compared=PAIR, of=POINT, n_smaller=120, difference=-0.4, risk_ratio=0.7,
        e_value=2.21,
    )  # fmt: skip
    limit = replace(point, of=LIMIT, e_value=1.4)
    said = words.e_values([point, limit])
    assert "2.21" in said
    assert "1.40 would do" in said
    assert "holds no difference already" in words.e_values([point, replace(limit, e_value=1.0)])


def test_a_love_plot_tells_before_from_after_without_colour():
    rows = (
        Balanced(label="Age", before=0.4, after=0.02, limit=0.3),
        Balanced(label="Sex", before=None, after=None, limit=None),
    )
    svg = draw_love_plot("love", "Title", "Age: 0.40 before", rows)
    assert "love-title" in svg
    assert "Age: 0.40 before" in svg
    assert svg.count("#ffffff") >= 2  # hollow circles: one of the legend, one of the row
    assert draw_love_plot("love", "Title", "Age: 0.40 before", rows) == svg


def test_the_scale_of_a_love_plot_holds_every_circle_and_is_never_very_short():
    assert end_of((Balanced(label="a", before=-0.9, after=0.0, limit=0.2),)) > 0.9
    assert end_of((Balanced(label="a", before=0.01, after=0.0, limit=0.02),)) >= 0.25


def _page(**rows: tuple[Any, ...]):
    study = plan("controlled_cohort")
    held = results(study)
    for key, found in rows.items():
        held[key] = replace(held[key], rows=found)
    return fair.page(gather(study, held, PROVENANCE))


def test_a_study_without_anything_to_compare_says_why_once():
    found = _page()
    (section,) = found.sections
    assert section.title == "Why there is nothing to show"
    (items,) = section.blocks
    assert isinstance(items, ListBlock)
    assert len({item.text for item in items.items}) == len(items.items) == len(fair.PARTS)


def test_the_page_leads_with_the_answer_and_folds_the_rest():
    rows = tuple(replace(row, outcome=_outcome().name) for row in ROWS)
    found = _page(adjusted=rows, balance=(_balance("Age"),), practice_tests=TESTS)
    ids = [section.id for section in found.sections]
    assert ids == ["fair-answer", "fair-balance", "fair-practices", "fair-notes"]
    blocks = found.sections[0].blocks
    assert blocks[0].lead
    assert any(isinstance(b, Callout) and "Age" in b.paragraphs[0] for b in blocks)
    (group,) = (b for b in blocks if isinstance(b, FigureGroup))
    assert [f.table_id for f in group.figures] == ["adjusted-table", "balance-table"]
    folded = [t for s in found.sections for b in s.blocks if isinstance(b, Fold) for t in b.blocks]
    anchors = {t.id for t in folded if isinstance(t, ReportTable)}
    assert {"balance-table", "practice_tests-table"} <= anchors
