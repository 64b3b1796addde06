"""Page one says what the design allows, and never more."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from splw_eval.core.plan import language_of
from splw_eval.core.quality_rows import ReliableChangeRow
from splw_eval.core.rows import FindingRow, SettingRow
from splw_eval.report.contents import describe_report
from splw_eval.report.evidence import gather
from splw_eval.report.pages.answer import ABOUT_INTERVALS
from splw_eval.report.running_text import running_text
from tests.reports import given
from tests.reports.reading import page_one, words

# What must never be said of a change within a group.
FORBIDDEN = (
    "significan",
    "improved",
    "improvement",
    "reduced",
    "reduction",
    "effect",
    "impact",
    "caused",
    "because of the programme",
    "thanks to",
    "led to",
    "no difference",
    "works",
)


def said(plan, html: str) -> str:
    """Return page one without the cautions, which may name what they warn of."""
    language, text = language_of(plan), page_one(html)
    for caution in (language.caution, language.recruitment):
        text = text.replace(caution, "")
    return text


@pytest.mark.parametrize("direction", ["higher_is_better", "lower_is_better"])
@pytest.mark.parametrize("design", given.DESIGNS)
def test_no_causal_word_is_said_of_a_change_within_a_group(design, direction, written):
    plan = given.plan(design, outcomes=[given.outcome(direction=direction)])
    text = said(plan, written(plan).read_text("utf-8"))
    assert [word for word in FORBIDDEN if re.search(word, text, re.IGNORECASE)] == []


@pytest.mark.parametrize("design", given.DESIGNS)
def test_every_design_states_its_caution_and_its_recruitment(design, written):
    plan = given.plan(design)
    text, language = page_one(written(plan).read_text("utf-8")), language_of(plan)
    assert language.caution in text
    assert language.recruitment in text


def test_a_before_and_after_study_reads_like_this(written):
    text = page_one(written(given.plan()).read_text("utf-8"))
    assert text.splitlines() == [
        "On one page",
        "The answer",
        "Mental wellbeing (SWEMWBS), at 6 months compared with the start. Scores can run from 7 "
        "to 35; a higher score is better.",
        "About: Adults referred to a link worker.",
        "People measured both times",
        "2.5 points higher (better)",
        "on average at 6 months than at the start: from 19.6 to 22.1",
        "Among 345 people measured both times, of 400 expected.",
        "40 in 100 (40%) better by at least the MID",
        "45 in 100 (45%) in between",
        "15 in 100 (15%) worse by at least the MID",
        "What this does not show",
        "There was nobody to compare with, so we cannot say the service caused this: scores "
        "of people referred at a bad time often move back by themselves.",
        "How sure",
        "The 95% interval, from 12 practices, runs from 1.7 to 3.3 points higher. A change for "
        "the better as large as the MID is possible, but so is a smaller one.",
        "Chance alone can move a figure. The 95% interval is the range in which the true mean "
        "change may well lie: of 100 such studies, about 95 would give an interval that holds it.",
        "The MID, the change taken as important, is 2 points. Its source: Invented for this test, "
        "anchor method.",
        "No dates show otherwise, so read this analysis as one that was chosen after the data "
        "were seen.",
        "Who is missing",
        "Of 400 people expected at 6 months, 350 were measured and 50 were not (12 in 100).",
        "People who were not measured may differ from those who were. The figures above speak "
        "only of those who were measured, and nothing has been done to allow for it.",
        "The contact log: minutes recorded for 62 in 100 contacts.",
        "Numbers of people: Counts from 1 to 7 are not shown; others are rounded.",
    ]


def test_each_arm_has_its_own_figure_interval_and_missing(written):
    plan = given.plan("individual_trial")
    lines = page_one(written(plan).read_text("utf-8")).splitlines()
    for arm in plan.groups:
        assert sum(line == arm for line in lines) == 1
        assert sum(line.startswith(f"{arm}: The 95% interval") for line in lines) == 1
        assert sum(line.startswith(f"{arm}: Of ") for line in lines) == 1


@pytest.mark.parametrize(
    ("contrast", "words"),
    [
        ({"kind": "slope"}, "a trend over all waves, which is not estimated"),
        ({"kind": "mean", "waves": ["w1", "w2"]}, "an average over several waves, which is not"),
    ],
)
def test_another_contrast_than_a_wave_speaks_of_the_last_wave_and_says_so(contrast, words, written):
    estimand = given.plan().estimand.model_dump(mode="json") | {"contrast": contrast}
    text = page_one(written(given.plan(estimand=estimand)).read_text("utf-8"))
    assert "at the last wave (6 months)" in text
    assert words in text


def test_a_null_result_says_what_the_interval_includes(written):
    plan = given.plan()
    found = given.changed(
        given.results(plan),
        "change",
        where={"wave": "w2"},
        estimate=0.3,
        conf_low=-0.6,
        conf_high=1.2,
        includes_no_change="yes",
        interval_and_mid="short",
    )
    text = page_one(written(plan, found).read_text("utf-8"))
    assert "from 0.6 points lower to 1.2 points higher, so there may be no change at all" in text
    assert "All of it is smaller than the MID, either way" in text


def test_a_missing_interval_is_said_with_its_reason(written):
    plan = given.plan("cluster_trial")
    found = given.changed(
        given.results(plan),
        "change",
        where={"arm": "Usual care", "wave": "w2"},
        conf_low=None,
        conf_high=None,
        method="none: fewer than 4 clusters",
    )
    text = page_one(written(plan, found).read_text("utf-8"))
    reason = "fewer than 4 practices or link workers"
    assert f"No 95% interval can be given for this group ({reason})" in text
    line = next(x for x in text.splitlines() if reason in x)
    assert line.endswith("could move the figure, nor how the true change stands to the MID.")


def test_without_a_mid_nobody_is_better_or_worse_by_it(written):
    plan = given.plan(outcomes=[given.outcome(mid=None)])
    text = page_one(written(plan).read_text("utf-8"))
    assert "No MID was given, so nobody is counted as better or worse." in text
    assert "by at least the MID" not in text


def test_the_setting_is_one_line_with_months_and_no_day(written):
    plan = given.plan("cluster_trial")
    row = SettingRow(
        people=400,
        practices=12,
        link_workers=None,
        first_month="January 2025",
        last_month="March 2026",
    )
    found = given.results(plan)
    found = {**found, "setting": replace(found["setting"], rows=(row,))}
    text = page_one(written(plan, found).read_text("utf-8"))
    assert (
        "About: Adults referred to a link worker. 12 practices. Measured from January 2025 to "
        "March 2026."
    ) in text.splitlines()


@pytest.mark.parametrize(("df", "careful"), [(3.2, True), (4.0, True), (4.1, False), (None, False)])
def test_an_interval_from_few_practices_says_from_how_many_and_warns(df, careful, written):
    plan = given.plan("cluster_trial")
    where = {"arm": "Usual care", "wave": "w2"}
    found = given.changed(given.results(plan), "change", where=where, df=df, clusters=4)
    text = page_one(written(plan, found).read_text("utf-8"))
    assert "Usual care: The 95% interval, from 4 practices, runs from" in text
    assert ("Be careful with it: so few practices" in text) is careful


def test_a_masked_number_of_practices_is_left_out(written):
    plan = given.plan("cluster_trial")
    found = given.masked(given.results(plan), "change", "clusters", "df", where={"wave": "w2"})
    text = page_one(written(plan, found).read_text("utf-8"))
    assert "The 95% interval, from practices, runs from" in text


def test_nothing_to_show_is_said_and_the_notes_say_why(written):
    plan = given.plan()
    found = given.results(plan)
    empty = {key: replace(result, rows=()) for key, result in found.items()}
    html = written(plan, empty).read_text("utf-8")
    assert "Not available" in page_one(html)
    assert html.count("Why there is nothing to show") == 5  # in pages that show more
    told = words(html[html.index('<h2 id="not-shown">') :])
    assert "What could not be shown, and why" in told
    titles = re.findall(r'<h3 id="[a-z-]+">(.*?)</h3>', html[html.index('"not-shown-about"') :])
    assert {"Who was measured", "What was delivered", "Reach and fairness"} <= set(titles)
    for key in ("reach", "dose", "provider_fields", "service_use", "subgroups", "days"):
        assert f"No {key} here." in told


def reliable(plan, **values):
    """Return results with a row of reliable change at page one's wave."""
    row = ReliableChangeRow(
        **{
            "outcome": "swemwbs",
            "arm": plan.groups[0],
            "wave": "w2",
            "month": 6.0,
            "reliability_from": "by hand",
            "cutoff_from": "none",
            "n_start": 400,
            "reliability": 0.8,
            "threshold": 4.0,
            "cutoff": None,
            "n": 345,
            "n_recovered": None,
            "n_improved": 70,
            "n_unchanged": 240,
            "n_deteriorated": 35,
            "share_recovered": None,
            "share_improved": 0.2,
            "share_unchanged": 0.7,
            "share_deteriorated": 0.1,
        }
        | values
    )
    found = given.results(plan)
    return {**found, "reliable_change": replace(found["reliable_change"], rows=(row,))}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "by that measure 20 in 100 improved."),
        ({"n_recovered": 30, "share_recovered": 0.1}, "by that measure 30 in 100 improved."),
        ({"threshold": 1.9}, None),
        ({"threshold": None}, None),
    ],
)
def test_a_mid_within_the_error_of_one_score_stands_beside_reliable_change(values, words, written):
    plan = given.plan()
    text = page_one(written(plan, reliable(plan, **values)).read_text("utf-8"))
    told = [x for x in text.splitlines() if "in one person may be chance alone" in x]
    if words is None:
        assert told == []
    else:
        assert told == [f"Changes below 4.0 points in one person may be chance alone; {words}"]


def test_how_many_improved_reliably_is_not_told_where_it_is_hidden(written):
    plan = given.plan()
    found = given.masked(
        reliable(plan), "reliable_change", "n_improved", "share_improved", where={"wave": "w2"}
    )
    assert "how many improved is not shown" in page_one(written(plan, found).read_text("utf-8"))


def test_a_group_of_one_practice_is_said_on_page_one(written):
    plan = given.plan("cluster_trial")
    row = FindingRow(
        code="SW86",
        place="The study",
        problem="all people of a group are of one practice",
        rows=None,
        remedy="Practice and programme cannot be told apart.",
    )
    found = given.results(plan)
    found = {**found, "findings": replace(found["findings"], rows=(row,))}
    text = page_one(written(plan, found).read_text("utf-8"))
    assert (
        "All people of a group are of one practice. Practice and programme cannot be told apart."
    ) in text.splitlines()


def findings(held, *found):
    rows = tuple(
        FindingRow(code=code, place="measures.csv", problem=problem, rows=70, remedy="Look.")
        for code, problem in found
    )
    return held | {"findings": replace(held["findings"], rows=rows)}


@pytest.mark.parametrize("reader", ["commissioner", "evaluator"])
def test_a_finding_that_changes_what_the_score_means_is_told_on_page_one(reader):
    second = given.outcome("phq9", role="secondary", label="Depression")
    plan = given.plan(outcomes=[given.outcome(), second])
    own, held = plan.primary.label, given.results(plan)
    doubt = f"A check of the files casts doubt on what {own} means here: some scores look raw"

    def told(*found):
        evidence = gather(plan, findings(held, *found), given.PROVENANCE)
        return "\n".join(running_text(describe_report(evidence, reader).pages[:1]))

    assert doubt in told(("SW72", f"{own}: raw and metric scores mixed"))
    assert "the version of a questionnaire changes" in told(("SW71", "another version"))
    assert "casts doubt" not in told(("SW14", "outside every window"))
    assert "casts doubt" not in told(("SW72", "Depression: raw and metric scores mixed"))


@pytest.mark.parametrize("reader", ["commissioner", "evaluator"])
def test_an_interval_is_explained_only_where_there_is_one(reader):
    plan = given.plan()
    held = given.modelled(plan)
    bare = given.modelled(plan, conf_low=None, conf_high=None, includes_none=None)
    none = {"conf_low": None, "conf_high": None, "df": None, "method": "none: too few clusters"}
    rows = tuple(replace(row, **none) for row in bare["change"].rows)
    bare["change"] = replace(bare["change"], rows=rows)

    def told(found):
        pages = describe_report(gather(plan, found, given.PROVENANCE), reader).pages[:1]
        return "\n".join(running_text(pages))

    assert ABOUT_INTERVALS in told(held)
    assert ABOUT_INTERVALS not in told(bare)
