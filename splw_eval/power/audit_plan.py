"""Whether a plan adds up: the power of its own figures, before anything is known of the study."""

from __future__ import annotations

from collections.abc import Iterator

from splw_eval.core.plan import Plan
from splw_eval.power.audit_design import Exactness, power_and_level
from splw_eval.power.audit_words import AuditLine, told
from splw_eval.stats.power.noncentral import power_of_test

_AS_ASKED = 0.01  # of power: plans round


def coherence_lines(plan: Plan, planned: Exactness | None) -> Iterator[AuditLine]:
    """Tell whether the planned figures find the planned difference with the power that was asked.

    Parameters
    ----------
    plan : Plan
    planned : Exactness or None
        What the planned figures come to.

    Yields
    ------
    AuditLine
        One, where the plan names its difference and figures enough. It holds no result.
    """
    size = plan.sample_size
    wanted = None if size is None else size.target_difference
    if wanted is None or planned is None or not planned.df > 0:
        return
    power, alpha = power_and_level(plan)
    own = float(power_of_test(abs(wanted.value) / planned.std_error, planned.df, alpha))
    found = f"a power of {_power(own)} to find {told(wanted.value)}"
    if own >= power - _AS_ASKED:
        said = f"The plan adds up: its own figures give {found}; {_power(power)} was asked."
    else:
        said = (
            f"The plan did not add up: its own figures give {found}, and not {_power(power)}. "
            f"With {_power(power)} they detect {told(planned.detectable)}."
        )
    yield AuditLine(
        quantity="planned difference, by the planned figures",
        planned=wanted.value,
        sentence=said,
        source=wanted.source,
    )


def _power(value: float) -> str:
    return f"{float(f'{value:.2f}'):g}"
