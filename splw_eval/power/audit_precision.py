"""Lines of an audit: how exactly the main question was answered, against the plan and the MID."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from splw_eval.core.plan import Plan
from splw_eval.power.audit_contrasts import contrast_lines
from splw_eval.power.audit_design import (
    Exactness,
    Size,
    Spread,
    exactness_of,
    planned_exactness,
    planned_spread,
    power_and_level,
)
from splw_eval.power.audit_plan import coherence_lines
from splw_eval.power.audit_reached import Reached
from splw_eval.power.audit_sizes import NONE_PLANNED, icc_found, sd_found, start_found
from splw_eval.power.audit_verdicts import against_mid, rounded
from splw_eval.power.audit_words import TOO_FEW, UNSTATED, AuditLine, told

_ARMS = 2


def precision_lines(plan: Plan, reached: Reached) -> Iterator[AuditLine]:
    """Tell the precision that was reached, and the difference that the design detects.

    Parameters
    ----------
    plan : Plan
    reached : Reached

    Yields
    ------
    AuditLine
        For each comparison: standard error, half-width, detectable difference. Then what the
        design detects with the practices and people that it came to.
    """
    for line in _lines(plan, reached):
        yield replace(line, of_precision=True)


def _lines(plan: Plan, reached: Reached) -> Iterator[AuditLine]:
    planned = planned_exactness(plan)
    yield from coherence_lines(plan, planned)
    free = _free(plan, reached)
    for row in reached.contrasts:
        where = f", {row.compared}" if len(reached.contrasts) > 1 else ""
        yield from contrast_lines(plan, row, planned, free, where)
    if not reached.contrasts:
        yield AuditLine(
            quantity="standard error of the main question",
            planned=None if planned is None else planned.std_error,
            sentence="Not known, as no model could be fitted.",
        )
    yield from _of_design(plan, reached, planned)
    yield _important(plan)


def _free(plan: Plan, reached: Reached) -> float | None:
    """Degrees of freedom of what was reached, counted as those of the plan are."""
    arms, spread = _arms(reached), planned_spread(plan.sample_size or NONE_PLANNED)
    if arms is None or spread is None or len(arms) > _ARMS:
        return None
    power, alpha = power_and_level(plan)
    found = exactness_of(arms, spread, power=power, alpha=alpha)
    return None if found is None or not found.df > 0 else found.df


def _of_design(plan: Plan, reached: Reached, planned: Exactness | None) -> Iterator[AuditLine]:
    """What the design detects with the practices and people that it came to."""
    if plan.estimand.contrast.kind == "slope" or len(reached.arms) > _ARMS:
        return  # which of several arms are compared by design is not said
    size, arms = plan.sample_size or NONE_PLANNED, _arms(reached)
    wanted = size.target_difference
    name = "difference that the design detects"
    if arms is None:
        nobody = any(row.measured == 0 for row in reached.arms)
        why = "nobody was measured" if nobody else TOO_FEW
        yield AuditLine(
            quantity=name,
            planned=None if wanted is None else wanted.value,
            masked=not nobody,
            sentence=f"{why[:1].upper()}{why[1:]}.",
            source=wanted.source if wanted else "",
        )
        return
    variation = reached.ratio("variation of size")
    cv = None if variation is None else variation.estimate
    spread = planned_spread(size)
    if spread is not None:
        here = replace(spread, cv=spread.cv if cv is None else cv)
        taken = "the planned SD and ICC" if reached.units else "the planned SD"
        yield from _detected(plan, name, arms, here, taken, planned)
    found = _found(plan, reached, cv)
    if found is not None:
        taken = f"an SD of {told(found.sd)}"
        if reached.units:
            taken += f" and an ICC of {told(found.icc)}"
        taken += " as found"
        yield from _detected(plan, f"{name}, figures as found", arms, found, taken, planned)


def _found(plan: Plan, reached: Reached, cv: float | None) -> Spread | None:
    """How scores varied; None where too little of it is known or may be shown."""
    sd, icc = sd_found(reached), icc_found(plan, reached)
    if sd is None or (reached.units and icc is None):
        return None
    start, again = start_found(plan, reached), reached.ratio("cluster autocorrelation")
    return Spread(
        sd=sd,
        icc=icc or 0.0,
        cv=cv or 0.0,
        correlation=None if start is None else start.estimate,
        cac=None if again is None else again.estimate,
    )


def _detected(
    plan: Plan,
    quantity: str,
    arms: tuple[Size, ...],
    spread: Spread,
    taken: str,
    planned: Exactness | None,
) -> Iterator[AuditLine]:
    power, alpha = power_and_level(plan)
    found = exactness_of(arms, spread, power=power, alpha=alpha)
    wanted = (plan.sample_size or NONE_PLANNED).target_difference
    if found is None:
        said = "Not worked out: the change of one group takes the correlation with the start."
        yield AuditLine(quantity=quantity, sentence=said)
        return
    target = "" if wanted is None else f" The plan was to find {told(wanted.value)}."
    of_plan = None if planned is None else rounded(planned.detectable)
    first = "" if of_plan is None else f" As planned it would have been {told(of_plan)}."
    least = rounded(found.detectable)
    if least is None:
        yield AuditLine(
            quantity=quantity,
            planned=None if wanted is None else wanted.value,
            sentence="None: with so few clusters no difference can be told from chance.",
        )
        return
    yield AuditLine(
        quantity=quantity,
        planned=None if wanted is None else wanted.value,
        achieved=least,
        sentence=(
            f"With the clusters and people that were measured, and {taken}, the design detects "
            f"{told(least)} or more.{first}{target} "
            + against_mid(plan, found.detectable, "detects", slope=False)
        ).rstrip(),
        source=wanted.source if wanted else "",
    )


def _arms(reached: Reached) -> tuple[Size, ...] | None:
    """Clusters and people measured of each arm; None where one is hidden, or nobody was."""
    found = []
    for row, clustered in zip(reached.arms, reached.clustered, strict=True):
        if not row.measured or (clustered and row.clusters_measured is None):
            return None
        if row.clusters_measured is None:
            found.append(Size(clusters=float(row.measured), people=1.0, alone=True))
        else:
            k = float(row.clusters_measured)
            found.append(Size(clusters=k, people=row.measured / k))
    return tuple(found)


def _important(plan: Plan) -> AuditLine:
    mid = plan.primary.mid
    return AuditLine(
        quantity="minimal important difference (MID)",
        planned=None if mid is None else mid.value,
        sentence=f"{UNSTATED.capitalize()}." if mid is None else f"{told(mid.value)}.",
        source="" if mid is None else mid.source,
    )
