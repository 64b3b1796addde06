"""Lines of an audit on one comparison: its precision, against the plan on equal terms."""

from __future__ import annotations

import math
from collections.abc import Iterator

from splw_eval.core.model_rows import ContrastRow
from splw_eval.core.plan import Plan
from splw_eval.power.audit_design import Exactness, exactness, power_and_level
from splw_eval.power.audit_verdicts import against_mid, is_known, rounded, with_words
from splw_eval.power.audit_words import TOO_FEW, AuditLine, told

_ALIKE, _TWICE = 2.0, 100.0  # per cent


def contrast_lines(
    plan: Plan, row: ContrastRow, planned: Exactness | None, free: float | None, where: str
) -> Iterator[AuditLine]:
    """Tell the precision that one comparison reached.

    Parameters
    ----------
    plan : Plan
    row : ContrastRow
    planned : Exactness or None
    free : float or None
        Degrees of freedom of what was reached, counted as those of the plan are: without them
        like is not compared with like, as a model may have many more.
    where : str
        Which comparison, where there are several.

    Yields
    ------
    AuditLine
        Standard error, half-width of the interval, difference detected.
    """
    error, low, high = row.std_error, row.conf_low, row.conf_high
    slope = plan.estimand.contrast.kind == "slope"
    planned = None if slope else planned
    free = None if slope or planned is None else free
    first = None if planned is None else planned.std_error
    yield _line(f"standard error of the main question{where}", first, error, row)
    half = None if low is None or high is None else (high - low) / 2
    alike = None if error is None or free is None else _exactness(plan, error, free)
    found = _line(
        f"half-width of its 95% interval{where}",
        None if planned is None else planned.half_width,
        half,
        row,
        alike=None if alike is None else alike.half_width,
        df=free,
    )
    yield with_words(found, against_mid(plan, half, "reaches", slope=slope))
    if error is None:
        return
    own = _exactness(plan, error, math.inf if row.df is None else row.df).detectable
    least = own if alike is None else alike.detectable
    words = f"difference detected by the precision reached{where}"
    line = _line(words, None if planned is None else planned.detectable, rounded(least), row)
    if alike is not None and free is not None:
        said = f"Both by t with {told(free)} df, as planned; {_by_own(row)} it is {told(own)}."
        line = with_words(line, said)
    yield with_words(line, against_mid(plan, least, "detects", slope=slope))


def _exactness(plan: Plan, error: float, df: float) -> Exactness:
    power, alpha = power_and_level(plan)
    return exactness(error, df, power=power, alpha=alpha)


def _by_own(row: ContrastRow) -> str:
    """The degrees of freedom of the analysis, in words."""
    if row.df is None:
        return "by the normal, as the analysis tells no df,"
    return f"with the analysis's own {told(row.df)} df"


def _line(
    quantity: str,
    planned: float | None,
    achieved: float | None,
    row: ContrastRow,
    *,
    alike: float | None = None,
    df: float | None = None,
) -> AuditLine:
    """A line; `alike` is what was reached with the planned rule of degrees of freedom."""
    few = achieved is None and (row.method or "").startswith("none")
    words = "none, as there are fewer than 4 clusters" if few else TOO_FEW
    said = words if achieved is None else told(achieved)
    beside = (
        f"planned figures come to {told(planned)}" if is_known(planned) else "no planned figure"
    )
    sentence = f"{said[:1].upper()}{said[1:]}; {beside}."
    if achieved is not None and planned is not None and is_known(planned):
        if alike is not None and df is not None:
            sentence += f" With {told(df)} df, as planned, it would be {told(alike)}."
        sentence += f" {_wider(achieved if alike is None else alike, planned)}"
    return AuditLine(
        quantity=quantity,
        planned=rounded(planned),
        achieved=rounded(achieved),
        masked=achieved is None and not few,
        sentence=sentence,
    )


def _wider(achieved: float, planned: float) -> str:
    more = 100 * (achieved / planned - 1)
    if abs(more) < _ALIKE:
        return "That is as planned."
    if more < _TWICE:
        than = "more" if more > 0 else "less"
        return f"That is {abs(more):.0f}% {than} than was planned."
    return f"That is {told(achieved / planned, 2)} times what was planned."
