"""The rulers of a card: range, bands, sizes that were called important, and mean scores."""

from __future__ import annotations

from dataclasses import replace

from splw_eval.core.card_rows import BandRow, ImportantDifferenceRow, NormRow
from splw_eval.core.plan import EVERYONE, Outcome
from splw_eval.report import sentences as say
from splw_eval.report.blocks import Figure, FigureGroup
from splw_eval.report.evidence import Evidence
from splw_eval.report.figures.given import Length, Pointer, Ruler, Stretch, Strip
from splw_eval.report.numbers import as_planned, number
from splw_eval.report.pages.card_tables import SHORT, rows_of, size

ON_THE_SCALE = frozenset({"mean", "median"})
NBSP = "\N{NO-BREAK SPACE}"
MEMORY = {"recalled": ", from memory"}


def ruler_figures(evidence: Evidence, outcome: Outcome) -> FigureGroup:
    """Return the drawings of one card, each with the same content in words.

    Parameters
    ----------
    evidence : Evidence
    outcome : Outcome

    Returns
    -------
    FigureGroup
        The bands, where there are any; then the sizes that were called important with mean scores.
    """
    whole = Ruler(
        low=outcome.range[0],
        high=outcome.range[1],
        unit=outcome.unit,
        better=outcome.direction.partition("_")[0],
    )
    strips = _strips(evidence, outcome)
    beside = replace(
        whole,
        lengths=_lengths(evidence, outcome),
        pointers=(*_ours(evidence, outcome), *_others(evidence, outcome)),
    )
    figures = [_bands(outcome, replace(whole, strips=strips))] if strips else []
    if beside.lengths or beside.pointers or not strips:
        figures.append(_beside(outcome, beside))
    return FigureGroup(figures=tuple(figures))


def _bands(outcome: Outcome, ruler: Ruler) -> Figure:
    sets = (f"{strip.name}: {_bands_of(strip)}." for strip in ruler.strips)
    said = f"{say.scale(outcome)} {' '.join(sets)}"
    caption = f"{say.scale(outcome)} The bands are names that others gave to ranges of scores."
    return _figure(outcome, "bands", "bands of the score", said, ruler, caption)


def _bands_of(strip: Strip) -> str:
    return "; ".join(stretch.words for stretch in strip.stretches)


def _beside(outcome: Outcome, ruler: Ruler) -> Figure:
    parts = [say.scale(outcome)]
    if ruler.lengths:
        parts.append(f"Important differences: {'; '.join(x.words for x in ruler.lengths)}.")
    if ruler.pointers:
        parts.append(f"Mean or median scores: {'; '.join(x.words for x in ruler.pointers)}.")
    caption = say.scale(outcome)
    if not all(x.ours for x in ruler.pointers):
        signs = "A circle stands for this study, a diamond for others."
        parts.append(signs)
        caption = f"{caption} {signs}"
    title = "important differences and scores" if ruler.lengths else "scores on its range"
    return _figure(outcome, "beside", title, " ".join(parts), ruler, caption)


def _figure(
    outcome: Outcome, name: str, title: str, description: str, ruler: Ruler, caption: str
) -> Figure:
    from splw_eval.report.figures.ruler import draw_ruler

    key, title = f"card-{outcome.name}-{name}-figure", f"{outcome.label}: {title}"
    table = "bands" if ruler.strips else "important_differences" if ruler.lengths else "card"
    return Figure(
        id=key,
        svg=draw_ruler(key, title, description, ruler),
        title=title,
        description=description,
        caption=caption,
        table_id=f"{table}-{outcome.name}-table",
    )


def _strips(evidence: Evidence, outcome: Outcome) -> tuple[Strip, ...]:
    found: dict[str, list[BandRow]] = {}
    for row in rows_of(evidence, "bands", outcome):
        found.setdefault(row.bands, []).append(row)
    return tuple(
        Strip(
            name=f"Bands: {name}{MEMORY.get(rows[0].status, '')}",
            stretches=tuple(_stretch(row, outcome) for row in rows),
        )
        for name, rows in found.items()
    )


def _stretch(row: BandRow, outcome: Outcome) -> Stretch:
    high = outcome.range[1] if row.below is None else row.below
    return Stretch(low=row.low, high=high, words=f"{row.band}: {row.scores}")


def _lengths(evidence: Evidence, outcome: Outcome) -> tuple[Length, ...]:
    """Return the sizes in units of the score, each once; a per cent has no length of its own."""
    rows: tuple[ImportantDifferenceRow, ...] = rows_of(evidence, "important_differences", outcome)
    found: dict[float, list[ImportantDifferenceRow]] = {}
    for row in rows:
        if row.value is not None and row.unit != "percent":
            found.setdefault(row.value, []).append(row)
    return tuple(
        Length(size=value, words=f"{size(same[0], outcome)}: {_kinds(same)}")
        for value, same in found.items()
    )


def _kinds(rows: list[ImportantDifferenceRow]) -> str:
    kinds = (f"{SHORT.get(row.kind, row.kind)}{MEMORY.get(row.status, '')}" for row in rows)
    return "; ".join(dict.fromkeys(kinds))


def _ours(evidence: Evidence, outcome: Outcome) -> tuple[Pointer, ...]:
    """Return the mean of each group at the start, where it may be shown."""
    return tuple(
        Pointer(
            value=row.mean,
            words=f"{_whom(row.arm)} at the start: mean{NBSP}{number(row.mean, outcome.decimals)}",
            ours=True,
        )
        for row in rows_of(evidence, "baseline", outcome)
        if row.mean is not None
    )


def _whom(arm: str) -> str:
    return "This study" if arm == EVERYONE else f"This study, {arm},"


def _others(evidence: Evidence, outcome: Outcome) -> tuple[Pointer, ...]:
    rows: tuple[NormRow, ...] = rows_of(evidence, "norms", outcome)
    low, high = outcome.range
    return tuple(
        Pointer(
            value=row.value,
            words=f"{row.population}: {row.statistic}{NBSP}{as_planned(row.value)}"
            f"{MEMORY.get(row.status, '')}",
        )
        for row in rows
        if row.statistic in ON_THE_SCALE and low <= row.value <= high
    )
