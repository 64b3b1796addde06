"""Pages of use of services and of costs: sentences that agree with the tables."""

from __future__ import annotations

from typing import Any

import pytest

from splw_eval.appraisal import mask
from splw_eval.core.result import Result
from splw_eval.evaluate.costed import COSTED
from splw_eval.report.blocks import Callout, Fold, Paragraph
from splw_eval.report.evidence import gather
from splw_eval.report.figures.costs import ellipse
from splw_eval.report.figures.given_costs import Cloud
from splw_eval.report.numbers import shown
from splw_eval.report.pages import costs, service_use
from tests.reports import given
from tests.unit.costs import given_use
from tests.unit.given_study import edited


def evidence(study):
    made: dict[str, Result[Any]] = {
        question.key: mask(question.ask(study), study.plan) for question in COSTED
    }
    return gather(study.plan, given.results(study.plan) | made, given.PROVENANCE)


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    made = given_use.rows(practices=10, each=14)
    return evidence(given_use.study(tmp_path_factory.mktemp("compared"), **made))


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone")
    return evidence(given_use.study(folder, given_use.plan("pre_post")))


def blocks(page, kind):
    found = [b for section in page.sections for b in section.blocks]
    inner = [b for fold in found if isinstance(fold, Fold) for b in fold.blocks]
    return [b for b in found + inner if isinstance(b, kind)]


def said(page):
    return " ".join(b.text for b in blocks(page, Paragraph))


def test_a_change_is_said_with_its_interval_as_the_table_has_it(compared):
    row = compared.of("service_use").rows[0]
    text = said(service_use.page(compared))
    assert f"changed from {row.before:.1f} to {row.after:.1f} per 100 people a month" in text


def test_one_group_is_warned_of_regression_to_the_mean_and_nothing_is_called_an_effect(alone):
    page = service_use.page(alone)
    (banner,) = blocks(page, Callout)
    assert "regression to the mean" in " ".join(banner.paragraphs)
    assert "Nobody is there to compare with" in " ".join(banner.paragraphs)
    assert "effect" not in said(page)
    assert "changed" in said(page)
    assert any(section.id == "service-run-in" for section in page.sections)


def test_people_found_by_their_use_are_warned_of_even_beside_a_comparison(tmp_path):
    plan = edited(given_use.plan(), "service_use.found_by_use", True)
    page = service_use.page(evidence(given_use.study(tmp_path, plan)))
    (banner,) = blocks(page, Callout)
    assert service_use.FOUND_SO in banner.paragraphs
    other = edited(plan, "service_use.found_by_use", False)
    assert not blocks(service_use.page(evidence(given_use.study(tmp_path, other))), Callout)


def test_a_difference_around_nothing_says_what_it_rules_out(compared):
    row = compared.of("service_use_contrast").rows[0]
    assert row.conf_low < 0 < row.conf_high
    text = said(service_use.page(compared))
    assert f"rule out a fall by more than {abs(row.conf_low):.1f}" in text


def test_without_prices_the_page_is_short_and_says_how_to_give_them():
    plan = given.plan()
    held = gather(plan, given.results(plan), given.PROVENANCE)
    page = costs.page(held)
    (section,) = page.sections
    assert section.title == "No unit costs were given"
    assert "[costs]" in said(page)


def test_costs_are_said_in_the_users_currency_as_the_table_has_them(compared):
    page, row = costs.page(compared), compared.of("cost_per").rows[0]
    assert f"For each person referred, the programme cost {row.cost:,.0f} crowns" in said(page)
    (left_out, *_) = blocks(page, Callout)
    assert left_out.title == "What is left out"


def test_a_cost_for_each_qaly_whose_health_may_be_none_is_not_left_alone(compared):
    row, text = compared.of("cost_per_qaly").rows[0], said(costs.page(compared))
    assert row.verdict in text
    assert ("for each QALY" in text) == (row.per_qaly is not None)
    if row.per_qaly is not None and row.qaly_low <= 0 <= row.qaly_high:
        assert "do not quote it" in text
    assert "was associated with it" in text


def test_one_group_has_its_costs_and_the_reason_why_there_is_no_cost_per_qaly(alone):
    page = costs.page(alone)
    assert any(section.title == "No cost per QALY" for section in page.sections)
    assert "A comparison group would tell" in said(page)


def test_every_figure_names_a_table_of_its_page(compared):
    for page in (service_use.page(compared), costs.page(compared)):
        tables = {b.id for b in blocks(page, object) if hasattr(b, "row_heads")}
        figures = [f for b in blocks(page, object) for f in getattr(b, "figures", ())]
        assert figures
        assert {f.table_id for f in figures} <= tables


def test_the_ellipse_has_the_estimate_in_its_middle_and_the_spread_of_the_draws():
    cloud = Cloud(health=0.01, cost=300, sd_health=0.02, sd_cost=100, correlation=-0.5)
    points = ellipse(cloud)
    assert sum(x for x, _ in points[:-1]) / 96 == pytest.approx(0.01)
    assert max(y for _, y in points) == pytest.approx(300 + 2.4477 * 100, rel=1e-3)


def test_a_masked_cost_is_said_to_be_hidden(tmp_path):
    made = given_use.rows()
    for row in made["contacts"][1:]:
        if int(row[1].removeprefix("e")) < 12:
            row[3] = 6_000
    held = evidence(given_use.study(tmp_path, **made))
    text = said(costs.page(held))
    assert "the cost cannot be shown" in text
    cells = [c for t in blocks(costs.page(held), object) for r in getattr(t, "rows", ()) for c in r]
    assert "*" in {shown(cell) for cell in cells}
