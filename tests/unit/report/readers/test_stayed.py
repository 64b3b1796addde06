"""Who stays is told with an interval where practices allow one, and as page one tells it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from splw_eval.core.power_rows import ReachedRow
from splw_eval.core.retention_rows import CurveRow, StandingRow
from splw_eval.report.blocks import Page
from splw_eval.report.evidence import gather
from splw_eval.report.pages.staying import COMPLETED, DROPPED_OUT, ENGAGEMENT
from splw_eval.report.readers import stayed
from splw_eval.report.running_text import running_text
from tests.reports import given

GROUP = "Everyone"


def evidence(practices, reached=None):
    plan = given.plan()
    held = given.results(plan)
    size = ReachedRow(
        arm=GROUP,
        people=200,
        measured=150,
        clusters=reached,
        clusters_measured=reached,
        grouped_by=None if reached is None else "practices",
    )
    held |= {"reached": replace(held["reached"], rows=(size,))}
    stood = StandingRow(
        what=ENGAGEMENT,
        group=GROUP,
        day=180.0,
        n=200,
        there=60,
        completed=100,
        dropped_out=40,
        ended_otherwise=0,
        not_seen=0,
    )
    curves = tuple(
        CurveRow(
            what=ENGAGEMENT,
            group=GROUP,
            cause=cause,
            day=90.0,
            round_day=90.0,
            n=200,
            events=40,
            estimate=share,
            conf_low=0.0,
            conf_high=0.91,
            clusters=practices,
            method="Aalen-Johansen",
        )
        for cause, share in ((COMPLETED, 0.5), (DROPPED_OUT, 0.2))
    )
    rows = {"standing": (stood,), "staying": curves, "stay": (), "endings": (), "watched": ()}
    held |= {key: replace(held[key], rows=found, notes=()) for key, found in rows.items()}
    return gather(plan, held, given.PROVENANCE)


def text(practices, reached=None) -> str:
    section = stayed.section(evidence(practices, reached))
    return "\n".join(running_text((Page(id="p", title="", sections=(section,)),)))


def bands(practices) -> int:
    (figure,) = stayed.drawn(evidence(practices))
    return figure.svg.count("fill-opacity: 0.16") + figure.svg.count("opacity: 0.16")


@pytest.mark.parametrize("practices", [2, 3])
def test_fewer_than_four_practices_give_no_interval_and_no_band_as_on_page_one(practices):
    said = text(practices)
    assert "100 had completed as planned (about 50 in 100) and 40 had dropped out" in said
    assert "95% interval 0%" not in said
    assert "No 95% interval can be given: there are fewer than 4 practices." in said
    assert bands(practices) == 0


def test_people_of_one_practice_give_no_interval_though_their_curve_names_no_practices():
    said = text(None, reached=1)
    assert "95% interval 0%" not in said
    assert "No 95% interval can be given: there are fewer than 4 practices." in said


def test_an_interval_from_few_practices_stands_with_its_caution():
    said = text(9)
    assert "(about 50 in 100; 95% interval 0% to 91%)" in said
    assert "From so few practices (9), these intervals tend to be too narrow." in said
    assert bands(9) > 0


@pytest.mark.parametrize("practices", [20, None])
def test_an_interval_from_many_practices_or_none_known_needs_no_caution(practices):
    said = text(practices)
    assert "95% interval 0% to 91%" in said
    assert "too narrow" not in said
