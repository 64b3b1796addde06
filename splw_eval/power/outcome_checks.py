"""What of an outcome contradicts itself: scales, differences and what goes with them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding
from splw_eval.power.design import Values
from splw_eval.power.outcomes import EFFECTS, second_proportion, second_rate

_SUM = 1e-3  # by which rounded proportions may miss 1
_LINKS = {"p0": ("identity", "logit"), "rate0": ("identity", "log")}


def check_outcome(v: Values) -> Iterator[Finding]:
    """What of the outcome contradicts itself.

    Parameters
    ----------
    v : Values

    Yields
    ------
    Finding
    """
    starts = [name for name in ("p0", "rate0", "levels", "sd") if v.__contains__(name)]
    if len(starts) > 1:
        told = " and ".join(f"--{name}" for name in starts)
        yield finding("SZ05", "", f"{told} tell of different outcomes", "Give one of them.")
        return
    told_in = [name for name in EFFECTS if name in v]
    if len(told_in) > 1:
        problem = f"the difference is told {len(told_in)} times: {', '.join(told_in)}"
        yield finding("SZ14", "", problem.replace("or_", "or"), "Give one of them.")
        return
    wanted = {"": ("diff", "d"), "sd": ("diff", "d"), "levels": ("or_",)}
    wanted |= {"p0": ("p1", "rr", "or_", "diff"), "rate0": ("rate1", "rr", "diff")}
    start = starts[0] if starts else ""
    if told_in and told_in[0] not in wanted[start]:
        yield _misfit(told_in[0], wanted[start], start)
        return
    if told_in == ["diff"] and not start:
        yield finding("SZ02", "sd", "is missing", "Give it, or the difference in SD: --d.")
    if told_in:
        yield from _impossible(v)
    yield from _misplaced(v, start)


def _misfit(option: str, wanted: tuple[str, ...], start: str) -> Finding:
    homes = {"p1": "p0", "rr": "p0", "rate1": "rate0", "or_": "p0"}
    if not start:
        home = homes[option]
        words = "proportion" if home == "p0" else "rate"
        return finding("SZ02", home, "is missing", f"Give the comparison arm's {words}.")
    flags = ", ".join("--" + one.rstrip("_") for one in wanted)
    return finding("SZ05", option, f"does not go with --{start}", f"Give one of: {flags}.")


def _impossible(v: Values) -> Iterator[Finding]:
    option = next(name for name in EFFECTS if name in v)
    if v.p0 is not None:
        p1 = second_proportion(v)
        if ((p1 <= 0) | (p1 >= 1)).any():
            remedy = "It must come to a proportion between 0 and 1 in the programme's arm."
            yield finding("SZ03", option, "goes beyond what a proportion can be", remedy)
    if v.rate0 is not None and (second_rate(v) <= 0).any():
        remedy = "It must come to a rate above 0 in the programme's arm."
        yield finding("SZ03", option, "goes below a rate of 0", remedy)
    if v.levels is not None and abs(float(np.sum(v.levels)) - 1) > _SUM:
        remedy = f"They sum to {float(np.sum(v.levels)):g}."
        yield finding("SZ03", "levels", "do not sum to 1", remedy)


def _misplaced(v: Values, start: str) -> Iterator[Finding]:
    """Options of another outcome than this one."""
    for name in ("overdispersion", "person_time"):
        if name in v and start != "rate0":
            yield finding("SZ05", name, "goes with rates only", "Leave it out, or give --rate0.")
    links = _LINKS.get(start, ("identity",))
    if v.link is not None and v.link not in links:
        remedy = f"There are here: {', '.join(links)}."
        yield finding("SZ05", "link", f"{v.link} is not of this outcome", remedy)
    if "variance_factor" in v and v.link != "logit":
        remedy = "Leave it out, or give --link logit."
        yield finding("SZ05", "variance_factor", "goes with log odds only", remedy)
