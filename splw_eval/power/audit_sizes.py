"""Lines of an audit: practices, people, how scores vary, and who was lost."""

from __future__ import annotations

import math
from collections.abc import Iterator

from splw_eval.core.model_rows import RatioRow
from splw_eval.core.plan import Plan
from splw_eval.core.plan.sample_size import SampleSize, Sourced
from splw_eval.core.rows import FunnelRow
from splw_eval.power.audit_design import planned_lost
from splw_eval.power.audit_reached import Reached, contrast_waves
from splw_eval.power.audit_words import TOO_FEW, AuditLine, beside, share, told

NONE_PLANNED = SampleSize()


def size_lines(plan: Plan, reached: Reached) -> Iterator[AuditLine]:
    """Set numbers, spreads and losses beside what was planned of them.

    Parameters
    ----------
    plan : Plan
    reached : Reached

    Yields
    ------
    AuditLine
    """
    size = plan.sample_size or NONE_PLANNED
    if reached.units:
        yield from _clusters(plan, size, reached)
    yield from _people(size, reached)
    if reached.units:
        yield from _people_of_each(size, reached)
    yield from _spreads(plan, size, reached)
    for row in reached.flow:
        if row.wave != plan.waves[0].name:
            yield _lost(plan, size, row)


def _clusters(plan: Plan, size: SampleSize, reached: Reached) -> Iterator[AuditLine]:
    units = reached.units or ""
    planned = size.clusters_arm or (None,) * len(reached.arms)
    held = list(zip(reached.arms, planned, reached.clustered, strict=True))
    inside = [(row, wanted) for row, wanted, clustered in held if clustered]
    if plan.arms:
        for row, wanted in inside:
            yield _number(f"{units}, {row.arm}", wanted, row.clusters, hidden=True)
    counts = [row.clusters for row, _ in inside]
    known = [n for n in counts if n is not None]
    whole = sum(known) if len(known) == len(counts) else None
    label = f"{units}, all groups" if plan.arms else units
    yield _number(label, size.all_clusters, whole, hidden=True)


def _people(size: SampleSize, reached: Reached) -> Iterator[AuditLine]:
    for name, field in (
        ("people", "people"),
        ("people measured for the main question", "measured"),
    ):
        counts = [getattr(row, field) for row in reached.arms]
        if len(counts) > 1:
            for row, n in zip(reached.arms, counts, strict=True):
                yield _number(f"{name}, {row.arm}", None, n, hidden=True, stated=False)
        whole = None if None in counts else sum(counts)
        planned = size.people if field == "people" else None
        label = f"{name}, all groups" if len(counts) > 1 else name
        yield _number(label, planned, whole, hidden=True, stated=field == "people")


def _people_of_each(size: SampleSize, reached: Reached) -> Iterator[AuditLine]:
    unit = (reached.units or "").removesuffix("s")
    each = size.size
    if each is None and size.people and size.all_clusters:
        each = size.people / size.all_clusters
    for row in reached.arms:
        if row.clusters is not None and row.people is not None:
            mean = row.people / row.clusters
            where = f", {row.arm}" if len(reached.arms) > 1 else ""
            yield _number(f"people of each {unit}{where}", each, float(f"{mean:.2g}"))


def _number(
    quantity: str,
    planned: float | None,
    achieved: float | None,
    *,
    hidden: bool = False,
    stated: bool = True,
) -> AuditLine:
    """A line on a number of people or of practices."""
    masked = hidden and achieved is None
    words = TOO_FEW if masked else told(achieved)
    sentence = beside(None if planned is None else told(planned), words)
    if not stated:
        sentence = f"{words}."
    elif planned and achieved is not None:
        sentence = f"{told(achieved)} of {told(planned)} planned ({share(achieved / planned)})."
    return AuditLine(
        quantity=quantity,
        planned=planned,
        achieved=achieved,
        masked=masked,
        sentence=sentence[:1].upper() + sentence[1:],
    )


def _spreads(plan: Plan, size: SampleSize, reached: Reached) -> Iterator[AuditLine]:
    if reached.units:
        variation = reached.ratio("variation of size")
        yield _ratio("variation of sizes (CV)", size.cluster_size_cv, variation)
    yield _sd(size, reached)
    if reached.units:
        yield _ratio("intra-cluster correlation (ICC)", size.icc, _icc(plan, reached))
        if size.cac is not None:
            found = reached.ratio("cluster autocorrelation")
            yield _ratio("cluster autocorrelation (CAC)", size.cac, found)
    last = plan.waves[contrast_waves(plan)[-1]].title
    start = start_found(plan, reached)
    yield _ratio(f"correlation of the start with {last}", size.correlation or size.iac, start)


def start_found(plan: Plan, reached: Reached) -> RatioRow | None:
    """Correlation of the start with the last wave of the main question."""
    last = plan.waves[contrast_waves(plan)[-1]].title
    return reached.ratio(f"correlation of the start with {last}")


def icc_found(plan: Plan, reached: Reached) -> float | None:
    """ICC that was estimated at the wave of the main question."""
    row = _icc(plan, reached)
    return None if row is None else row.estimate


def _icc(plan: Plan, reached: Reached) -> RatioRow | None:
    places = contrast_waves(plan)
    title = plan.waves[places[0]].title
    at_wave = reached.ratio(f"ICC at {title}") if len(places) == 1 else None
    return at_wave or reached.ratio("ICC, mean of the waves") or reached.ratio("ICC")


def _ratio(quantity: str, planned: Sourced | None, found: RatioRow | None) -> AuditLine:
    value = None if planned is None else planned.value
    if found is None or found.estimate is None:
        words = "not estimated" if found is None else TOO_FEW
        return AuditLine(
            quantity=quantity,
            planned=value,
            masked=found is not None,
            sentence=_capital(beside(None if value is None else told(value), words)),
            source=planned.source if planned else "",
        )
    low, high = (
        None if x is None or math.isnan(x) else x for x in (found.conf_low, found.conf_high)
    )
    words = f"{found.estimate:.3f}"
    if low is not None and high is not None:
        words += f" (95% interval {low:.3f} to {high:.3f})"
    sentence = beside(None if value is None else told(value), words)
    if value is not None and low is not None and high is not None:
        inside = "lies within" if low <= value <= high else "lies outside"
        sentence += f" The planned figure {inside} the interval."
    return AuditLine(
        quantity=quantity,
        planned=value,
        achieved=round(found.estimate, 4),
        conf_low=low,
        conf_high=high,
        sentence=sentence,
        source=planned.source if planned else "",
    )


def _sd(size: SampleSize, reached: Reached) -> AuditLine:
    found = sd_found(reached)
    planned = None if size.sd is None else size.sd.value
    masked = found is None and any(row.sd is None for row in reached.start)
    words = TOO_FEW if masked else told(found)
    return AuditLine(
        quantity="standard deviation at the start",
        planned=planned,
        achieved=found,
        masked=masked,
        sentence=_capital(beside(None if planned is None else told(planned), words)),
        source=size.sd.source if size.sd else "",
    )


def sd_found(reached: Reached) -> float | None:
    """SD at the start within the groups; None where that of one may not be shown."""
    parts = [(row.n, row.sd) for row in reached.start]
    known = [(n, sd) for n, sd in parts if n and sd is not None]
    if not known or len(known) < len(parts):
        return None
    free = sum(n - 1 for n, _ in known)
    return float(f"{math.sqrt(sum((n - 1) * sd**2 for n, sd in known) / free):.3g}")


def _lost(plan: Plan, size: SampleSize, row: FunnelRow) -> AuditLine:
    at = {wave.name: place for place, wave in enumerate(plan.waves)}[row.wave]
    planned = size.lost_by(row.wave)
    if planned is None and at == contrast_waves(plan)[-1]:
        planned = planned_lost(plan)
    title = plan.waves[at].title
    where = f", {row.arm}" if plan.arms else ""
    lost = None if row.share_measured is None else 1 - row.share_measured
    masked = lost is None and row.expected != 0
    words = TOO_FEW if masked else "nobody was due yet" if lost is None else share(lost)
    if lost is not None and row.missing is not None and row.expected is not None:
        words += f" ({row.missing:,} of {row.expected:,} who were due)"
    sentence = beside(None if planned is None else share(planned), words)
    if lost is not None and planned is not None:
        sentence += f" {_compared(lost, planned)}"
    source = size.dropout or size.attrition
    return AuditLine(
        quantity=f"lost by {title}{where}",
        planned=planned,
        achieved=None if lost is None else round(lost, 4),
        masked=masked,
        sentence=_capital(sentence),
        source=source.source if source is not None and planned is not None else "",
    )


def _compared(lost: float, planned: float) -> str:
    if share(lost) == share(planned):
        return "As many were lost as planned."
    return f"{'More' if lost > planned else 'Fewer'} were lost than planned."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
