"""Pages of reach, of who gave the support, and of TIDieR: words that agree with their tables."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from splw_eval.appraisal import disclose
from splw_eval.core.plan.declared import PlannedSupport, Tidier
from splw_eval.evaluate.reached import REACHED
from splw_eval.evaluate.retained import RETAINED
from splw_eval.report.blocks import Callout, FigureGroup, Fold, ListBlock, Page, Paragraph
from splw_eval.report.blocks import ReportTable as Table
from splw_eval.report.evidence import gather
from splw_eval.report.figures.given_reach import Reaching
from splw_eval.report.figures.reach import draw_reach
from splw_eval.report.numbers import percent, shown
from splw_eval.report.pages import providers, reach, tidier
from splw_eval.report.pages.plan_declared import TIDIER
from tests.reports import given
from tests.unit.describe.given_tables import days, table
from tests.unit.retention.given_reported import measured, served
from tests.unit.retention.test_reached import with_people

SECRET = "Quillcanary"


def evidence(study):
    """Results by hand, but those of these pages, which are of the study."""
    asked = [q for q in (*RETAINED, *REACHED) if q.key in NEEDED]
    held = disclose({q.key: q.ask(study) for q in asked}, study.plan)
    return gather(study.plan, given.results(given.plan()) | held, given.PROVENANCE)


NEEDED = {q.key for q in REACHED} | {"dose", "modes", "caseload", "continuity"}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    base = with_people(served(measured(tmp_path_factory.mktemp("made"), 240, 60), 240, seed=3))
    workers = table(
        "link_workers",
        link_worker=[f"w{i}" for i in range(8)],
        role_title=[f"{SECRET} {i}" for i in range(8)],
        fte=[0.5] * 8,
        training=[SECRET if i % 2 else "" for i in range(8)],
        sex=["female"] * 5 + ["male"] * 3,
        start_date=days(*["2010-01-01"] * 8),
    )
    contacts = base.tables["contacts"]
    words = np.array([("home", "practice", "")[i % 3] for i in range(len(contacts))], dtype=object)
    placed = replace(contacts, columns={**contacts.columns, "place": words})
    numbers = PlannedSupport(contacts=(2.0, 4.0), weeks=10.0)
    plan = base.plan.model_copy(
        update={"tidier": Tidier(name="Help at hand", where="At home", planned=numbers)}
    )
    tables = {**base.tables, "link_workers": workers, "contacts": placed}
    return replace(base, plan=plan, tables=tables)


@pytest.fixture(scope="module")
def held(study):
    return evidence(study)


def inside(page: Page, kind: type) -> list[Any]:
    found = [b for section in page.sections for b in section.blocks]
    found += [b for fold in found if isinstance(fold, Fold) for b in fold.blocks]
    return [b for b in found if isinstance(b, kind)]


def text(page: Page) -> str:
    said = [b.text for b in inside(page, Paragraph)]
    said += [f"{i.term}{i.text}" for b in inside(page, ListBlock) for i in b.items]
    said += [words for b in inside(page, Callout) for words in b.paragraphs]
    return " ".join(said)


def the_table(page: Page, anchor: str) -> Table:
    return next(t for t in inside(page, Table) if t.id == anchor)


def rows(found: Table) -> list[list[str]]:
    return [[shown(cell) for cell in row] for row in found.rows]


# Reach.


def test_the_range_is_of_the_shares_that_the_table_shows(held):
    page = reach.page(held)
    (said,) = re.findall(r"Sex: from (\d+)% \(\d+ in 100\) of “\w+” to (\d+)%", text(page))[:1]
    column = [row[-1] for row in rows(the_table(page, "reach-1-table")) if row[0].startswith("Sex")]
    known = [cell for cell in column if cell != "*"]
    assert {f"{end}%" for end in said} == {known[0], known[1]}


def test_who_was_referred_is_said_by_part_of_all(held):
    row = next(
        r
        for r in held.of("reach").rows
        if (r.group, r.category, r.stage) == ("Link worker", "Female", "referred")
    )
    in_100 = percent(row.share_of_all).removesuffix("%")
    assert f"{in_100} in 100 were women" in text(reach.page(held))


def test_the_page_says_what_it_cannot_and_where_interactions_are(held):
    said = text(reach.page(held))
    assert "p-values of parts are not compared" in said
    assert "“Who benefits”" in said
    assert "Who was never referred is in no figure" in said
    assert "For planning, and not a test" in said
    assert "significant" not in said


def test_a_group_without_referrals_has_a_table_and_no_drawing(held):
    page = reach.page(held)
    assert the_table(page, "reach-2-table").caption.startswith("Usual care")
    titles = [f.title for group in inside(page, FigureGroup) for f in group.figures]
    assert titles
    assert all(title.startswith("Link worker") for title in titles)


def test_every_drawing_tells_its_shares_in_words_and_names_its_table(held):
    page = reach.page(held)
    anchors = {t.id for t in inside(page, Table)}
    for figure in (f for group in inside(page, FigureGroup) for f in group.figures):
        assert figure.table_id in anchors
        assert re.search(r"measured \d+%", figure.description)
        assert figure.svg.startswith("<svg")


def test_referrals_are_printed_for_every_1000_registered(held):
    (first, *_) = rows(the_table(reach.page(held), "referral-rates-table"))
    assert first[-1] == "40.0"  # 240 of 6,000


def test_much_that_is_not_known_comes_first(tmp_path):
    made = with_people(served(measured(tmp_path, 200), 200), unknown=60)
    page = reach.page(evidence(made))
    said = [b.text for b in inside(page, Paragraph) if b.lead]
    assert any("sex is not known of 30 in 100 people (30%)" in words for words in said)


def test_a_study_without_people_says_why_there_is_nothing(tmp_path):
    page = reach.page(evidence(measured(tmp_path, 60)))
    assert "There is no people file" in text(page)
    assert inside(page, Table) == []


def test_signs_of_stages_differ_in_more_than_colour():
    rows_ = (Reaching(label="A", words="measured 50%", shares=(1.0, 0.8, None, 0.5)),)
    names = ("one", "two", "three", "four")
    svg = draw_reach("key", "Title", "Words", names, rows_)
    assert svg == draw_reach("key", "Title", "Words", names, rows_)
    from splw_eval.report.figures.reach import SIGNS

    assert len({sign.marker for sign in SIGNS}) == len(SIGNS)


# Who gave the support.


def test_what_is_too_little_known_is_said_first(held):
    said = text(providers.page(held))
    assert "Too little is known to say who gave the support" in said
    assert "training for the post, work before the post" in said


def test_no_plain_text_of_the_files_is_on_the_page(held):
    page = providers.page(held)
    assert SECRET not in repr(page)
    assert ["Title of the post", "8", "8", "100%", "8", "Filled for 80% or more"] in rows(
        the_table(page, "provider-fields-table")
    )


def test_caseload_stands_beside_the_guide_number(held):
    (row,) = held.of("people_a_year").rows
    said = text(providers.page(held))
    assert f"about {row.per_year} for each year of a full-time post" in said
    assert "200 to 250" in said
    assert "Only people of this study are counted" in said


def test_link_workers_are_not_compared(held):
    assert "None is named, ranked or compared with another" in text(providers.page(held))


def test_a_study_without_link_workers_says_so(tmp_path):
    page = providers.page(evidence(measured(tmp_path, 60)))
    assert "There is no file of link workers" in text(page)


# TIDieR.


def test_all_twelve_headings_stand_with_what_is_not_stated(held):
    found = rows(the_table(tidier.page(held), "tidier-table"))
    assert [row[0] for row in found] == list(TIDIER.values())
    said = {row[0]: row[1:] for row in found}
    assert said["Name"] == ["Help at hand", "Declared only"]
    assert said["Why"][0] == "Not stated"
    assert said["Where"][0] == "At home"
    assert re.search(r"Home \d+%", said["Where"][1])
    assert said["How well: planned"][1] == "2 to 4 contacts, up to 10 weeks."


def test_the_share_as_planned_is_that_of_the_table(held):
    page = tidier.page(held)
    contacts = next(r for r in held.of("planned").rows if r.unit == "contacts")
    assert f"({percent(contacts.share_within)}) had the number of contacts" in text(page)
    (first, *_) = rows(the_table(page, "planned-shares-table"))
    assert first[2] == percent(contacts.share_within)
    assert "does not say what contacts do" in text(page)


def test_numbers_that_the_plan_does_not_give_are_named(held):
    assert "The plan gives no numbers ([tidier.planned]) for: minutes of a contact." in text(
        tidier.page(held)
    )


def test_without_a_plan_or_a_log_every_heading_says_so(tmp_path):
    page = tidier.page(evidence(measured(tmp_path, 60)))
    found = rows(the_table(page, "tidier-table"))
    assert {row[1] for row in found} == {"Not stated"}
    assert {row[2] for row in found} == {
        "Declared only",
        "No records",
        "No deviation is declared.",
    }
    assert "nobody can repeat it" in text(page)
