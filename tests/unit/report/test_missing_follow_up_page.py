"""The page of the answer and people who were lost: sentences, figures and tables that agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from splw_eval.appraisal import mask
from splw_eval.core.result import Result
from splw_eval.evaluate.lost_answers import LOST_ANSWERS
from splw_eval.report.blocks import Figure, Fold, Paragraph, ReportTable
from splw_eval.report.evidence import Evidence, gather
from splw_eval.report.figures.given_tipping import Border, Plane
from splw_eval.report.figures.tipping import draw_tipping
from splw_eval.report.pages.missing_follow_up import page
from tests.reports import given
from tests.unit.given_study import outcome
from tests.unit.missing.reported.given_lost import lost_plan, lost_study

OPEN, FAVOUR, AGAINST = "no difference possible", "programme better", "programme worse"


def evidence_of(study: Any, **changed: Result[Any]) -> Evidence:
    results = {q.key: mask(q.ask(study), study.plan) for q in LOST_ANSWERS}
    held = {**given.results(study.plan), **results, **changed}
    return gather(study.plan, held, given.PROVENANCE)


def blocks(evidence: Evidence) -> Iterator[Any]:
    for section in page(evidence).sections:
        for block in section.blocks:
            yield block
            yield from block.blocks if isinstance(block, Fold) else ()


def said(evidence: Evidence) -> str:
    return " ".join(block.text for block in blocks(evidence) if isinstance(block, Paragraph))


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return lost_study(tmp_path_factory.mktemp("lost"))


@pytest.fixture(scope="module")
def evidence(study):
    return evidence_of(study)


def tipped(evidence: Evidence, **values: Any) -> Evidence:
    """The same with the first row's conclusion and points changed."""
    result = evidence.of("tipping")
    rows = tuple(replace(row, **values) for row in result.rows)
    held = {**evidence.held, "tipping": replace(result, rows=rows)}
    return replace(evidence, held=held)


def test_the_answer_comes_first_and_what_it_does_not_say_before_the_tables(evidence):
    held: tuple[Any, ...] = page(evidence).sections[0].blocks
    assert [type(block) for block in held] == [Paragraph, Paragraph, Figure, Paragraph, Fold]
    assert held[0].lead
    assert "Nothing in the data can tell" in held[3].text


def test_the_lead_runs_between_the_figures_of_the_table(evidence):
    rows = [r for r in evidence.of("sensitivity").rows if r.strategy != "Main answer"]
    low, high = min(r.estimate for r in rows), max(r.estimate for r in rows)
    words = said(evidence)
    assert f"{len(rows)} other assumptions" in words
    assert high < 0
    assert f"from −{abs(low):.1f} to −{abs(high):.1f} points" in words
    assert "(lower is better)" in words


def test_every_figure_has_its_table_and_an_anchor_of_its_own(evidence):
    tables = {b.id for b in blocks(evidence) if isinstance(b, ReportTable)}
    figures = [b for b in blocks(evidence) if isinstance(b, Figure)]
    assert len(figures) == 2
    assert {figure.table_id for figure in figures} <= tables
    assert len({figure.id for figure in figures}) == 2
    assert all(figure.description for figure in figures)


def test_a_conclusion_for_the_programme_says_how_much_worse_people_lost_must_have_done(evidence):
    words = said(tipped(evidence, conclusion=FAVOUR, better_until=2.4))
    assert (
        "The conclusion would change if people lost from Link worker did 2.4 points worse" in words
    )
    assert "than those seen." in words


def test_a_conclusion_against_the_programme_says_how_much_better(evidence):
    words = said(tipped(evidence, conclusion=AGAINST, worse_from=-3.0))
    assert "would change if people lost from Link worker did 3.0 points better than" in words


def test_an_interval_that_holds_no_difference_has_nothing_to_tip(evidence):
    words = said(tipped(evidence, conclusion=OPEN, better_until=-2.0, worse_from=4.0))
    assert "the answer is open already" in words
    assert "2.0 points better" in words
    assert "wholly against it if 4.0 points worse" in words


def test_a_conclusion_that_nothing_changes_is_told_so(evidence):
    words = said(tipped(evidence, conclusion=FAVOUR, better_until=None))
    assert "would not change whatever people lost from Link worker did" in words


def test_a_masked_conclusion_gives_no_points_away(evidence):
    none = dict.fromkeys(("conclusion", "estimate", "better_until", "worse_from"))
    hidden = tipped(evidence, **none)
    assert "too few people were lost to show what would tip the answer" in said(hidden)
    assert not [b for b in blocks(hidden) if isinstance(b, Figure) and "tipping" in b.id]


def test_a_main_answer_that_excludes_no_difference_is_told_apart_from_a_wider_one(evidence):
    result = evidence.of("sensitivity")
    rows = (replace(result.rows[0], conf_low=-4.0, conf_high=-0.5), *result.rows[1:])
    held = {**evidence.held, "sensitivity": replace(result, rows=rows)}
    other = tipped(replace(evidence, held=held), conclusion=OPEN)
    assert "so it is the more cautious of the two" in said(other)


def test_people_and_not_staff_are_said_to_have_been_lost(evidence):
    result = evidence.of("loss_predictors")
    first = replace(result.rows[0], odds_ratio=2.0, conf_low=1.2, conf_high=3.0)
    assert first.level == "Link worker, against Usual care"
    held = {**evidence.held, "loss_predictors": replace(result, rows=(first,))}
    words = said(replace(evidence, held=held))
    assert "people in the group Link worker (against Usual care) were lost more often" in words


def test_the_mid_is_the_measure_of_the_points(tmp_path):
    mid = {"value": 2.0, "source": "A paper"}
    plan = lost_plan(outcomes=[outcome(mid=mid)])
    evidence = evidence_of(lost_study(tmp_path, plan=plan))
    assert "3.0 points worse (1.5 times the MID)" in said(
        tipped(evidence, conclusion=FAVOUR, better_until=3.0)
    )


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ({"design": "pre_post", "practices": 0}, "There is one group"),
        ({"practices": 3}, "of one practice"),
        ({"lost": (0.0, 0.0)}, "nobody was lost"),
        ({"lost": (1.0, 0.1)}, "Nobody of some group was measured"),
    ],
    ids=["no arms", "one practice", "nobody lost", "a wave nobody has"],
)
def test_a_page_without_an_answer_says_once_why(tmp_path, kind, sentence):
    found = page(evidence_of(lost_study(tmp_path, **kind)))
    held: tuple[Any, ...] = found.sections[-1].blocks
    assert found.sections[-1].title == "Why there is nothing more to show"
    texts = [item.text for block in held for item in block.items]
    assert any(sentence in text for text in texts)
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize(
    "kind",
    [{"waves": 2}, {"practices": 4}, {"design": "controlled_cohort"}, {"lost": (0.0, 0.3)}],
    ids=["one follow-up", "two practices each", "cohort", "comparison only"],
)
def test_other_studies_have_a_page_too(tmp_path, kind):
    words = said(evidence_of(lost_study(tmp_path, **kind)))
    assert "about people who were lost" in words


def plane(**changes: Any) -> Plane:
    border: dict[str, Any] = {"better_until": -2.0, "none_at": 1.0, "worse_from": 4.0}
    borders = tuple(Border(theirs=step, **border | changes) for step in (0.0, 2.0, 5.0))
    return Plane(
        programme="A", comparison="B", steps=(0.0, 2.0, 5.0), borders=borders, unit="points"
    )


def test_the_axis_holds_every_border_within_reach_and_no_far_one():
    low, high = plane().ends()
    assert low < -2.0
    assert high > 5.0
    assert plane(worse_from=400.0).ends()[1] < 10.0


@pytest.mark.parametrize("nowhere", [float("inf"), float("-inf")])
def test_borders_that_are_nowhere_are_drawn_off_the_canvas(nowhere):
    svg = draw_tipping("k", "t", "d", plane(better_until=nowhere, worse_from=float("inf")))
    assert svg.startswith("<svg")
    assert "nan" not in svg.lower().split("<desc")[0]
