"""The rendered page in a real browser: no request, no barrier, no sideways scrolling."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest

from splw_eval.report import write_report
from tests.reports import given

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Without a list of all that passed, which takes longer to write than the look itself.
BARRIERS = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
LONG = "A very long name of a programme of social prescribing with link workers in many places"
A4_HEIGHT = (297 - 13 - 17) / 25.4 * 96  # of the type area, in CSS pixels
A4_WIDTH = (210 - 15 - 15) / 25.4 * 96


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Write the hardest case: four groups, six waves, masked cells, a hostile name, a stamp."""
    arms = given.arms(4)
    arms[0]["label"], arms[2]["label"] = LONG, "<script>document.title='!'</script>"
    outcomes = [
        given.outcome(),
        given.outcome(
            "phq9",
            label="Depression (PHQ-9)",
            role="secondary",
            mid=None,
            direction="lower_is_better",
        ),
    ]
    plan = given.plan(
        "cluster_trial_unlike_recruitment",
        waves=5,
        arms=arms,
        outcomes=outcomes,
        disclosure={"profile": "public_data", "reason": "these are not people"},
    )
    exact = replace(given.NHS, profile="public_data", reason="these are not people")
    found = given.results(plan, exact)
    last = {"arm": "Usual care", "wave": "w5"}
    found = given.masked(found, "scores", "mean", "sd", "conf_low", "conf_high", where=last)
    found = given.masked(found, "responders", "n_worse", "share_worse", where=last)
    found = given.masked(found, "flow", "measured", "missing", "share_measured", where=last)
    out = tmp_path_factory.mktemp("browser") / "report"
    return write_report(out, plan=plan, results=found, provenance=given.PROVENANCE)


def test_the_page_asks_for_nothing_but_itself_and_runs_nothing(page, report, requests_made):
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(report.as_uri())
    page.emulate_media(media="print")
    page.pdf()
    assert requests_made == [report.as_uri()]
    assert said == []
    assert page.title() == "Wellbeing of people seen by link workers in Anytown"


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_no_barrier(page, report, width):
    from axe_playwright_python.sync_playwright import Axe

    page.set_viewport_size({"width": width, "height": 900})
    page.goto(report.as_uri())
    found = Axe().run(page, options=BARRIERS)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_page_never_scrolls_sideways(page, report, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(report.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", [320, 1280])
def test_a_table_that_hides_columns_says_so_in_words(page, report, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(report.as_uri())
    wide = page.locator(".table").evaluate_all(
        "all => all.filter(t => t.checkVisibility())"
        ".filter(t => { const s = t.querySelector('.scroll');"
        " return s.scrollWidth > s.clientWidth; })"
        ".map(t => t.querySelector('.more').getBoundingClientRect().height)"
    )
    assert all(height > 10 for height in wide)
    assert wide or width > 320


@pytest.mark.parametrize(("width", "folded"), [(320, True), (1280, False)])
def test_the_contents_are_folded_on_a_narrow_screen_only(page, report, width, folded):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(report.as_uri())
    assert page.locator("nav.folded summary").is_visible() is folded
    assert page.locator("nav.beside a").first.is_visible() is not folded
    if folded:
        links = page.locator("nav.folded a")
        assert not links.first.is_visible()
        page.locator("nav.folded summary").click()
        assert links.first.is_visible()


def test_parts_follow_each_other_on_paper_and_figures_and_short_tables_stay_whole(page, report):
    page.emulate_media(media="print")
    page.goto(report.as_uri())
    breaks = page.locator(".page:not(:first-child)").evaluate_all(
        "all => all.map(p => getComputedStyle(p).breakBefore)"
    )
    assert set(breaks) == {"auto"}
    assert page.locator(".page").first.evaluate("p => getComputedStyle(p).breakAfter") == "page"
    whole = page.locator("figure, .table").evaluate_all(
        "all => all.filter(t => t.querySelectorAll('tbody tr').length <= 8)"
        ".map(t => getComputedStyle(t).breakInside)"
    )
    assert set(whole) == {"avoid"}


def test_what_is_folded_opens_by_keyboard_and_names_its_file_on_paper(page, report):
    page.goto(report.as_uri())
    folds = page.locator("details.fold")
    assert folds.count() > 3
    for index in range(folds.count()):
        said = folds.nth(index).locator("summary").inner_text()
        assert "tables/" in said or "in the tables above" in said
    page.locator("details.fold summary").first.press("Enter")
    assert page.locator("details.fold table").first.is_visible()


def test_drawings_side_by_side_begin_on_one_line(page, report):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(report.as_uri())
    rows = page.locator(".figures").evaluate_all(
        "all => all.map(g => [...g.querySelectorAll('.drawing')].slice(0, 2)"
        ".map(d => Math.round(d.getBoundingClientRect().top)))"
    )
    pairs = [tops for tops in rows if len(tops) > 1]
    assert pairs
    assert all(first == second for first, second in pairs)


def test_headings_go_down_one_level_at_a_time(page, report):
    page.goto(report.as_uri())
    levels = page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))


def test_type_in_figures_is_readable_on_a_narrow_screen(page, report):
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto(report.as_uri())
    scales = page.locator(".drawing svg").evaluate_all(
        "all => all.map(s => s.getBoundingClientRect().width / s.viewBox.baseVal.width)"
    )
    assert min(scales) * 10.5 >= 10  # CSS pixels of the smallest type


def test_the_skip_link_and_every_wide_table_can_be_reached_by_keyboard(page, report):
    page.goto(report.as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    regions = page.locator(".scroll")
    assert regions.count() == page.locator(".scroll[tabindex='0'][role=region]").count() > 0


@pytest.mark.parametrize("groups", [1, 2, 3, 4])
def test_page_one_fits_on_one_sheet_of_a4(page, written, groups):
    plan = given.plan() if groups == 1 else given.plan("cluster_trial", arms=given.arms(groups))
    page.set_viewport_size({"width": round(A4_WIDTH), "height": 900})
    page.emulate_media(media="print")
    page.goto(written(plan).as_uri())
    bottom = page.locator(".page").first.evaluate("e => e.getBoundingClientRect().bottom")
    assert bottom <= A4_HEIGHT


def test_the_stamp_stands_in_the_margin_of_every_printed_sheet(page, report):
    page.goto(report.as_uri())
    content = page.locator("style").first.text_content()
    match = re.search(r'@bottom-left \{ content: "([^"]*)"', content)
    assert match
    said = re.sub(r"\\([0-9a-f]{6})", lambda m: chr(int(m[1], 16)), match[1])
    assert said == "Exact counts shown: these are not people"
