"""How far the model can be trusted, whom it has, and what the next sample size needs of it."""

from __future__ import annotations

from typing import Any

from splw_eval.core.model_rows import InfluenceRow, ResidualRow
from splw_eval.report import contrast_sentences as words
from splw_eval.report.blocks import Block, Figure, FigureGroup, Fold, Paragraph, Section
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.figures.given import Interval, Panel
from splw_eval.report.numbers import number
from splw_eval.report.pages.comparison_figures import numbers, yardstick
from splw_eval.report.pages.result_tables import group, listed, of_outcomes

PEOPLE = ("people", "n_both", "n_start", "n_later", "n_none")
METHODS = ("estimate", "std_error", "df", "conf_low", "conf_high")
RATIOS = ("estimate", "conf_low", "conf_high", "clusters", "method")
SIGNED = frozenset({"estimate", "conf_low", "conf_high", "observed", "expected"})


def checks(evidence: Evidence) -> tuple[Section, ...]:
    """Return the sections on people, rules, diagnostics and sample size that have anything."""
    parts = (_people, _methods, _shape, _ratios)
    return tuple(section for part in parts for section in part(evidence))


def _places(evidence: Evidence) -> Any:
    by_name = {outcome.name: outcome.decimals for outcome in evidence.outcomes}
    return lambda row: by_name[row.outcome]


def _people(evidence: Evidence) -> tuple[Section, ...]:
    result = evidence.of("model_people")
    if not result.rows:
        return ()
    first = evidence.plan.primary.name
    mine = tuple(e for e in entries(result) if e.row.outcome == first)
    others = tuple(e for e in entries(result) if e.row.outcome != first)
    blocks: list[Block] = []
    if mine:
        caption = f"{evidence.plan.primary.label}: people by what the model has of them"
        lead = group(evidence) or (("Group", lambda row: row.arm),)
        blocks.append(
            listed(result, mine, lead, PEOPLE, caption=caption, anchor="model-people-table")
        )
    if others:
        caption = "Every other outcome: people by what the model has of them"
        anchor = "model-people-others-table"
        inner = of_outcomes(evidence, result, others, PEOPLE, caption=caption, anchor=anchor)
        blocks.append(Fold(title="The other outcomes", file=inner.file, blocks=(inner,)))
    said = Paragraph(
        text="Measured at the start and later, at the start only, later only, or without any score "
        "that the model can use."
    )
    return (Section(id="comparison-people", title="Whom the model has", blocks=(said, *blocks)),)


def _methods(evidence: Evidence) -> tuple[Section, ...]:
    result = evidence.of("methods_compared")
    if not result.rows:
        return ()
    by_name = {outcome.name: outcome for outcome in evidence.outcomes}
    several, outcomes = (
        len({getattr(row, name) for row in result.rows}) > 1 for name in ("compared", "outcome")
    )
    lead = (
        *((("Outcome", lambda row: by_name[row.outcome].label),) if outcomes else ()),
        *((("Compared", lambda row: row.compared),) if several else ()),
        ("Method", lambda row: row.method),
    )
    table = listed(
        result,
        entries(result),
        lead,
        METHODS,
        caption="The main question by each method; the report uses Kenward-Roger",
        anchor="methods-compared-table",
        places=_places(evidence),
        signed=SIGNED,
    )
    return (Section(id="comparison-methods", title=result.title, blocks=(table,)),)


def _shape(evidence: Evidence) -> tuple[Section, ...]:
    figures = tuple(f for f in (_influence(evidence), _residuals(evidence)) if f is not None)
    tables = tuple(t for t in (_influence_table(evidence), _residual_table(evidence)) if t)
    if not tables:
        return ()
    blocks: tuple[Block, ...] = (FigureGroup(figures=figures),) if figures else ()
    fold = Fold(title="The same in numbers", file=", ".join(t.file for t in tables), blocks=tables)
    title = "How far the answer can be trusted"
    return (Section(id="comparison-trust", title=title, blocks=(*blocks, fold)),)


def _influence_table(evidence: Evidence) -> Any:
    result = evidence.of("influence")
    if not result.rows:
        return None
    return listed(
        result,
        entries(result),
        (("In order of the estimate", lambda row: str(row.place)),),
        ("n", "estimate", "conf_low", "conf_high"),
        caption="The main question without each practice or link worker in turn; none is named",
        anchor="influence-table",
        places=_places(evidence),
        signed=SIGNED,
    )


def _influence(evidence: Evidence) -> Figure | None:
    from splw_eval.report.figures.contrasts import draw_contrasts

    outcome, found = evidence.plan.primary, words.primary(evidence)
    left: list[Entry[InfluenceRow]] = [
        e
        for e in entries(evidence.of("influence"))
        if e.row.estimate is not None and found and e.row.compared == found[0].row.compared
    ]
    if not left or found[0].row.estimate is None:
        return None
    rows = tuple(
        Interval(value=e.row.estimate, low=e.row.conf_low, high=e.row.conf_high) for e in left
    )
    low, high = (number(r.value or 0.0, outcome.decimals, signed=True) for r in (rows[0], rows[-1]))
    gone = len(evidence.of("influence").rows) - len(rows)
    also = f" {gone} with too few people are left out." if gone else ""
    title = "The answer without each practice or link worker in turn"
    caption = (
        f"{len(rows)} bars, one for each that was left out; none is named. Estimates run from "
        f"{low} to {high}. Dotted: with all of them, {numbers(found[0].row, outcome)}.{also}"
    )
    key = "influence-figure"
    against = yardstick(outcome, found, found[0].row.estimate)
    return Figure(
        id=key,
        svg=draw_contrasts(key, title, caption, against, rows),
        title=title,
        description=caption,
        caption=caption,
        table_id="influence-table",
    )


def _residual_table(evidence: Evidence) -> Any:
    result = evidence.of("residuals")
    if not result.rows:
        return None
    return listed(
        result,
        entries(result),
        (
            ("Wave", lambda row: evidence.wave(row.wave).title),
            ("Share of people below", lambda row: row.below),
            ("Expected, in SD", lambda row: number(row.expected, 2, signed=True)),
        ),
        ("n_beyond", "observed"),
        caption="Residuals: where shares of people lie, and where a bell curve would have them",
        anchor="residuals-table",
        signed=SIGNED,
    )


def _residuals(evidence: Evidence) -> Figure | None:
    from splw_eval.report.figures.residuals import draw_residuals

    held: dict[str, list[ResidualRow]] = {}
    for entry in entries(evidence.of("residuals")):
        if entry.row.observed is not None:
            held.setdefault(evidence.wave(entry.row.wave).title, []).append(entry.row)
    if not held:
        return None
    panels = tuple(
        Panel(label=name, points=tuple((r.expected, r.observed or 0.0) for r in rows))
        for name, rows in held.items()
    )
    far = max(abs((r.observed or 0.0) - r.expected) for rows in held.values() for r in rows)
    key, title = "residuals-figure", "How the scores lie about the model"
    caption = (
        "Points on the dashed line: scores lie about the model as a bell curve. Here the farthest "
        f"point is {number(far, 1)} SD off it."
    )
    return Figure(
        id=key,
        svg=draw_residuals(key, title, caption, panels),
        title=title,
        description=caption,
        caption=caption,
        table_id="residuals-table",
    )


def _ratios(evidence: Evidence) -> tuple[Section, ...]:
    result = evidence.of("ratios")
    if not result.rows:
        return ()
    by_name = {outcome.name: outcome.label for outcome in evidence.outcomes}
    first = evidence.plan.primary.name
    names = tuple(n for n in RATIOS if n != "clusters" or any(r.clusters for r in result.rows))

    def table(found: Any, caption: str, anchor: str, *, named: bool) -> Any:
        lead = (
            *((("Outcome", lambda row: by_name[row.outcome]),) if named else ()),
            ("Figure", lambda row: row.measure[:1].upper() + row.measure[1:]),
        )
        return listed(result, found, lead, names, caption=caption, anchor=anchor)

    mine = [e for e in entries(result) if e.row.outcome == first]
    others = [e for e in entries(result) if e.row.outcome != first]
    blocks: list[Block] = []
    if mine:
        caption = f"{by_name[first]}: figures that a sample size needs"
        blocks.append(table(mine, caption, "ratios-table", named=False))
    if others:
        caption = "Every other outcome: figures that a sample size needs"
        inner = table(others, caption, "ratios-others-table", named=True)
        blocks.append(Fold(title="The other outcomes", file=inner.file, blocks=(inner,)))
    return (Section(id="comparison-ratios", title=result.title, blocks=tuple(blocks)),)
