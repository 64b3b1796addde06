"""What cannot be reached: what was assumed, and how many clusters would do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from splw_eval.core.errors import SplwError
from splw_eval.power.checks import InfeasibleError
from splw_eval.power.design import Design
from splw_eval.power.options import OPTIONS
from splw_eval.power.solving import rounded_up, solve_number
from splw_eval.power.words.shown import value

_ENDLESS = 1e9  # people of each cluster
_COUNTS = ("clusters", "clusters_arm", "per_sequence")


def explained(design: Design, aim: str, error: InfeasibleError) -> InfeasibleError:
    """The same fault with what was assumed and with what would do.

    Parameters
    ----------
    design : Design
    aim : str
        What was sought.
    error : InfeasibleError
        With the ceiling.

    Returns
    -------
    InfeasibleError
    """
    given = {n: one for n, one in design.given.items() if OPTIONS[n].input}
    told = [f"{OPTIONS[name].flag} {value(held)}" for name, held in given.items()]
    if "dropout" in design.kind.takes and "dropout" not in given:
        told.append("nobody lost")
    remedies = [_enough(design) if aim == "size" else "", _other_designs(design)]
    return InfeasibleError(
        error.message,
        where=f"Assumed: {', '.join(told)}.",
        remedy=" ".join(one for one in remedies if one),
        ceiling=error.ceiling,
    )


def _enough(design: Design) -> str:
    """How many clusters would do, were there people without end in each."""
    if not any(name in design.given for name in _COUNTS) or "clusters" not in design.kind.takes:
        return ""
    kept = {name: one for name, one in design.given.items() if name not in (*_COUNTS, "solve")}
    arms = design.values.clusters_arm
    if arms is not None and "allocation" in design.kind.takes and len(arms) == 2:  # noqa: PLR2004
        kept["allocation"] = float(arms[0] / arms[1])
    crowded = replace(design, given={**kept, "size": _ENDLESS})
    try:
        least = solve_number(crowded, "clusters")
    except SplwError:
        return "No number of clusters would do either."
    number = rounded_up(float(np.max(least)))
    return f"At least {number:,} clusters are needed, with very many people in each."


def _other_designs(design: Design) -> str:
    v = design.values
    if design.kind.name != "parallel" or v.p0 is not None or v.rate0 is not None:
        return ""
    return (
        "A score at the start asks for fewer clusters, and so do visits: "
        "splw-eval power baseline, or cohort."
    )
