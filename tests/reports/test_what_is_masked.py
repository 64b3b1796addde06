"""Masked cells stay masked in every form of the report."""

from __future__ import annotations

import csv
import re
from html import escape

import pytest

from splw_eval.core.errors import OutputError
from splw_eval.core.result import Disclosure
from splw_eval.report import write_report
from tests.reports import given
from tests.reports.reading import page_one, words

LAST = {"arm": "Usual care", "wave": "w2"}


@pytest.fixture
def hidden():
    """Return a trial in which nothing of usual care at the last wave may be shown."""
    plan = given.plan("individual_trial")
    found = given.results(plan)
    for key, names in {
        "flow": ("measured", "missing", "share_measured"),
        "scores": ("n", "mean", "sd", "conf_low", "conf_high"),
        "change": ("n", "mean_wave", "estimate", "conf_low", "conf_high", "df"),
        "responders": (
            "n",
            "n_better",
            "n_same",
            "n_worse",
            "share_better",
            "share_same",
            "share_worse",
        ),
    }.items():
        found = given.masked(found, key, *names, where=LAST)
    return plan, found


def test_page_one_says_that_too_few_people_are_behind_a_figure(hidden, written):
    text = page_one(written(*hidden).read_text("utf-8"))
    assert "Too few people to show" in text
    assert "Measured both times: too few people to show, of 360 expected." in text
    assert "Better or worse by at least the MID: too few people to show" in text
    assert (
        "Usual care: Of 360 people expected at 6 months, too few to show were measured and too "
        "few to show were not."
    ) in text
    assert "*" not in text


def test_a_share_hidden_for_the_sake_of_another_is_not_said_to_be_of_too_few(written):
    plan = given.plan("individual_trial")
    found = given.masked(given.results(plan), "responders", "n_worse", "share_worse", where=LAST)
    found = given.masked(found, "responders", "share_same", where=LAST)
    text = page_one(written(plan, found).read_text("utf-8"))
    assert "Worse by at least the MID: too few people to show" in text
    assert "In between: not shown, as it would tell a small number" in text
    assert "30 in 100 (30%) better by at least the MID" in text


def test_every_table_prints_a_star_and_explains_it(hidden, written):
    html = written(*hidden).read_text("utf-8")
    stars = html.count('*<span class="unseen"> not shown</span>')
    assert stars == sum(len(result.masked) for result in hidden[1].values())
    pages = re.findall(r'<section class="page.*?</section>', html, re.DOTALL)
    starred = [page for page in pages if '*<span class="unseen">' in page]
    assert len(starred) == 4
    assert all(page.count("* stands for a figure that is left out") == 1 for page in starred)


def test_the_rule_for_small_numbers_stands_once_on_a_page(hidden, written):
    html = written(*hidden).read_text("utf-8")
    pages = re.findall(r'<section class="page.*?</section>', html, re.DOTALL)
    assert {page.count(escape(given.NHS.rule)) for page in pages} == {0, 1}
    tables = [page for page in pages if "The same figures, for other programs: " in page]
    assert len(tables) >= 5
    assert all(page.count(escape(given.NHS.rule)) == 1 for page in tables)


def test_figures_say_too_few_to_show_in_words_and_draw_no_point(hidden, written):
    html = written(*hidden).read_text("utf-8")
    text = words(html)
    said = " ".join(re.findall(r"<desc[^>]*>(.*?)</desc>", html, re.DOTALL))
    assert "6 months: * (too few to show) measured of 360 expected" in said
    assert re.search(r"Usual care: [^<]* too few people to show at 6 months", said)
    assert "6 months: better: too few people to show" in said
    assert "measured of 360 expected" not in text  # the table says it; the caption need not


def test_a_figure_of_which_nothing_may_be_shown_is_a_sentence(written):
    plan = given.plan("individual_trial")
    found = given.masked(
        given.results(plan), "responders", "n_better", "share_better", where={"arm": "Usual care"}
    )
    found = given.masked(found, "flow", "measured", "share_measured", where={"arm": "Usual care"})
    everywhere = {"table": "contacts"}
    found = given.masked(found, "records", "filled", "share_filled", where=everywhere)
    html = written(plan, found).read_text("utf-8")
    for key in ("responders-swemwbs-figure-2", "flow-swemwbs-figure-2", "records-contacts-figure"):
        assert f'<figure id="{key}">' not in html
    assert '<figure id="responders-swemwbs-figure-1">' in html
    text = words(html)
    assert "Usual care: by at least the MID: no figure is drawn" in text
    assert "Usual care: no figure is drawn" in text
    assert "No figure is drawn: the table is so short" in text


def test_a_masked_cell_is_a_star_in_the_csv_and_null_in_the_json(hidden, written):
    folder = written(*hidden).parent
    with (folder / "tables" / "change.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["arm"] == "Usual care"]
    assert [row["estimate"] == "*" for row in rows] == [False, True]
    assert '"estimate": null' in (folder / "results.json").read_text("utf-8")


def test_a_figure_that_is_not_masked_but_absent_is_a_dash_with_words(written):
    plan = given.plan()
    found = given.changed(given.results(plan), "scores", where={"wave": "w2"}, sd=None)
    html = written(plan, found).read_text("utf-8")
    assert '<span aria-hidden="true">–</span><span class="unseen">not available</span>' in html
    assert html.count("– stands for what is not available or not stated.") == 1


def test_a_result_that_was_never_masked_is_refused_and_nothing_is_written(tmp_path):
    plan = given.plan()
    with pytest.raises(OutputError, match="disclosure control"):
        write_report(
            tmp_path / "report",
            plan=plan,
            results=given.results(plan, disclosure=None),
            provenance=given.PROVENANCE,
        )
    assert list(tmp_path.iterdir()) == []


def test_exact_counts_are_stamped_with_their_reason_on_every_page(written):
    reason = 'Published "trial" data'
    plan = given.plan(disclosure={"profile": "public_data", "reason": reason})
    exact = Disclosure(profile="public_data", rule="Exact counts are shown.", reason=reason)
    html = written(plan, given.results(plan, exact)).read_text("utf-8")
    stamp = "Exact counts shown: Published &#34;trial&#34; data"
    assert html.count(f'<p class="stamp">{stamp}</p>') == html.count('<section class="page')
    assert "@bottom-left" in html  # the margin of every printed sheet
    assert "@bottom-left" not in written(given.plan()).read_text("utf-8")
