"""SDs and standard errors as they print, and bars that stay in their frame."""

from __future__ import annotations

import csv
import io

import pytest

from splw_eval.core.columns import Role, columns_of
from splw_eval.core.rows import ChangeRow
from splw_eval.report import numbers, tables
from splw_eval.report.blocks import Fold, ReportTable
from splw_eval.report.evidence import gather
from splw_eval.report.figures import responders
from splw_eval.report.figures.given import Bar
from splw_eval.report.pages import change
from tests.reports import given

SPREADS = {n for n, c in columns_of(ChangeRow).items() if c.role is Role.SPREAD}


def printed(decimals: int, **values: float) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Return the further figures of the changes, on the page and in the CSV file."""
    plan = given.plan(outcomes=[given.outcome(decimals=decimals)])
    found = given.changed(given.results(plan), "change", where={}, **values)
    page = change.page(gather(plan, found, given.PROVENANCE))
    folds = [b for s in page.sections for b in s.blocks if isinstance(b, Fold)]
    (shown,) = (b for fold in folds for b in fold.blocks if isinstance(b, ReportTable))
    heads = [column.title for column in shown.columns]
    html = [dict(zip(heads, map(numbers.shown, row), strict=True)) for row in shown.rows]
    text = tables.results_csv(found["change"]).decode("utf-8-sig")
    return html, list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_the_page_prints_every_sd_and_standard_error_that_the_file_holds(decimals):
    html, file = printed(decimals, sd_change=3.46, std_error=0.31)
    titles = {name: column.title for name, column in columns_of(ChangeRow).items()}
    for on_page, in_file in zip(html, file, strict=True):
        for name in SPREADS:
            text = on_page[titles[name]].replace("−", "-")
            assert float(text) != 0, name
            places = len(text.partition(".")[2])
            assert float(text) == pytest.approx(float(in_file[name]), abs=0.5 * 10.0**-places), name
    assert {row["Standard error"] for row in html} == {"0.31" if decimals == 2 else "0.3"}


def test_a_standard_error_of_nothing_is_still_zero():
    html, _ = printed(1, std_error=0.0)
    assert float(html[0]["Standard error"]) == 0


@pytest.mark.parametrize(
    "shares", [(0.4, 0.5, 0.2), (0.45, 0.27, 0.18), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)]
)
def test_a_bar_never_runs_out_of_its_frame(shares, monkeypatch):
    ends: list[float] = []
    monkeypatch.setattr(
        responders, "_part", lambda _, left, top, wide, *rest: ends.append(left + wide)
    )
    better, same, worse = shares
    bar = Bar(label="3 months", better=better, same=same, worse=worse, missing="")
    responders.draw_responders("k", "t", "d", [bar])
    of_the_key = len(responders.FILLS)
    assert len(ends) == 2 * of_the_key
    assert max(ends[of_the_key:]) <= responders.LEFT + responders.WIDE + 1e-9
    assert ends[-1] == pytest.approx(responders.LEFT + responders.WIDE * min(1, sum(shares)))
