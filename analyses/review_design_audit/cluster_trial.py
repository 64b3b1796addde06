"""The page's part on the cluster trial: by its interval, and by its layout."""

from __future__ import annotations

from collections.abc import Sequence

from detected import Row, mid_of, published, study
from drawn import bar, figure_of
from tables import design_table, ends_of, errors_table, interval_table, pick, span

from splw_eval.report.blocks import Figure, Fold, Page, Paragraph, Section
from splw_eval.report.numbers import number


def glasgow(rows: Sequence[Row]) -> Page:
    """What the cluster trial could have detected."""
    return Page(
        id="glasgow",
        title="The cluster trial in Glasgow [76]",
        sections=(_by_interval(rows), _by_layout(rows)),
    )


def _by_interval(rows: Sequence[Row]) -> Section:
    z, t = (pick(rows, "interval", outcome="EQ-5D-5L", test=test)[0] for test in "zt")
    one = published()["intervals"][0]
    return Section(
        id="glasgow-interval",
        title="By the interval that was published",
        blocks=(
            Paragraph(
                text="The trial was quasi-experimental: chance decided which practices had link "
                "workers, and not who was compared. The wider its interval, the larger a "
                f"difference must be to be detected. That of EQ-5D-5L, "
                f"{span(one['low'], one['high'], 3)}, is {number(2 * z['half_width'], 3)} wide. It "
                "was made by the normal or by t; which, was not found, so both are worked out: "
                f"{span(*ends_of([z, t]), 3)}."
            ),
            interval_table(rows),
            Fold(
                title="How this was worked out: standard errors",
                file="results.csv",
                blocks=(errors_table(rows),),
            ),
        ),
    )


def _by_layout(rows: Sequence[Row]) -> Section:
    of = study(76)
    found = pick(rows, "design", icc=0.01)
    usual = found[0]
    return Section(
        id="glasgow-design",
        title="By its layout alone",
        blocks=(
            Paragraph(
                text="What 7 practices against 8 could detect, before any result is seen, depends "
                "on how alike people of one practice are, which was not found. The published "
                "interval is as narrow as a layout whose practices hardly differ, with the score "
                f"at the start in the analysis. With an ICC of {usual['icc']:g}, the median of UK "
                f"trials, the layout detects {span(*ends_of(found), 3)}: not as little as the "
                f"smallest important difference, {usual['mid']:g}."
            ),
            _figure(rows),
            design_table(rows),
            Paragraph(text=of["note"]),
        ),
    )


def _figure(rows: Sequence[Row]) -> Figure:
    mid = mid_of("EQ-5D-5L")
    assert mid is not None
    drawn = [bar("By its published interval", pick(rows, "interval", outcome="EQ-5D-5L"), True)]
    drawn += [
        bar(f"By its layout, ICC {icc:g}", pick(rows, "design", icc=icc))
        for icc in published()["glasgow"]["icc"]
    ]
    return figure_of(
        "designs",
        "What 7 practices against 8 could detect in EQ-5D-5L",
        drawn,
        mid,
        "Difference in EQ-5D-5L detected",
        "Left of the dashed line a difference as small as the smallest important one, or a "
        "smaller one, could be detected. ICC is likeness within practices. A range runs from the "
        "score at the start in the analysis to without it; of the interval, from t to the normal.",
        "design-table",
    )
