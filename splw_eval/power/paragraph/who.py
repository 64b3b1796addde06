"""Who takes part: the outcome, clusters, periods, and people of each arm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from splw_eval.power.answer import Answer, solve
from splw_eval.power.cells.matrices import is_cohort
from splw_eval.power.checks import finding, refuse
from splw_eval.power.paragraph.gaps import gap
from splw_eval.power.paragraph.sources import planned_of, source_of
from splw_eval.power.reading import changed
from splw_eval.power.words.conventions import sizes_rule
from splw_eval.power.words.sentence import controls_of, each_period
from splw_eval.power.words.shown import number

_WHOLE = 1e-6
_PERIODS = ("stepped-wedge", "crossover", "matrix")
_TWO_TIMES = ("baseline", "did")
_BY_RULE = {
    "breukelen": "van Breukelen's relative efficiency",
    "eldridge": "the design effect of Eldridge and others",
}
_UNIT = "unit of time, such as months"


def of_whole_arms(answer: Answer) -> Answer:
    """The same with whole clusters, or people, in each arm: nobody can be given half.

    Parameters
    ----------
    answer : Answer

    Returns
    -------
    Answer
        The total is kept; arms or sequences named first have no more than later ones.

    Raises
    ------
    DesignError
        The design cannot have arms of unlike numbers.
    """
    if all(abs(n - round(n)) < _WHOLE for n in answer.arms.values()):
        return answer
    what = "patients" if answer.clusters is None else "clusters"
    total = round(sum(answer.arms.values()))
    if f"{what}_arm" not in answer.asked.kind.takes:
        problem = f"{total:,} do not share out in whole numbers between {len(answer.arms)} arms"
        refuse([finding("SZ05", what, problem, "Give a number that does.")])
    told = {f"{what}_arm": _whole_parts(np.array([*answer.arms.values()]), total), what: None}
    if answer.sought in ("power", "mde"):
        return solve(changed(answer.asked, **told))
    found = solve(changed(answer.design, **told, solve=None, power=None, rounding=None))
    return replace(found, sought=answer.sought, asked=answer.asked, unrounded=answer.unrounded)


def _whole_parts(parts: np.ndarray, total: int) -> np.ndarray:
    low = np.floor(parts + _WHOLE)
    order = np.lexsort((-np.arange(len(parts)), low - parts))  # largest rest, the last of equals
    low[order[: total - int(low.sum())]] += 1
    return low


def outcome(answer: Answer) -> str:
    """The primary outcome, and when it is measured."""
    planned, v = planned_of(answer), answer.asked.values
    if answer.asked.kind.name == "tte":
        return f"The primary outcome is the time to {gap('name the event')}."
    what = gap("name the primary outcome") if planned is None else planned.title
    if v.p0 is not None or v.discordant is not None:
        what = f"a yes or no of {what} {gap('say what counts as yes')}"
    contrasts = {"mean": "the mean of the visits after the start", "slope": "slopes over time"}
    contrasts |= {"auc": "the area under the visits' means", "last": "the last visit"}
    if v.visits is not None and answer.asked.kind.name not in _PERIODS:
        at = "measured at " + ", ".join(number(one) for one in v.visits)
        slopes = answer.asked.kind.name == "slopes"
        which = contrasts["slope" if slopes else v.contrast or "last"]
        return f"The primary outcome is {what}, {at} {gap(_UNIT)}; the contrast is {which}."
    return f"The primary outcome is {what}, measured {gap('say when')}."


def study(answer: Answer) -> str:
    """The design as a noun."""
    title = answer.asked.kind.title
    return title if "trial" in title else f"study ({title})"


def clusters(answer: Answer) -> str:
    """How many clusters, how shared out, and over which periods."""
    lead = f"This {study(answer)} will have {number(answer.clusters)} clusters"
    other = answer.design.values.clusters_control
    if other is not None:
        return f"{lead} in the programme arm and {number(other)} in the comparison arm."
    return f"{lead}{shared(answer.arms)}.{_periods(answer)}"


def shared(arms: Mapping[str, float]) -> str:
    """How a number is shared out between arms or sequences; nothing where it is not."""
    words = {"programme": "the programme arm", "comparison": "the comparison arm"}
    if len(arms) > len(words) and len(set(arms.values())) == 1:
        what = "arms" if "comparison" in arms else "sequences"
        return f": {number(next(iter(arms.values())))} in each of {len(arms)} {what}"
    if len(arms) <= 1:
        return ", all in the programme arm" if "programme" in arms else ""
    return f": {', '.join(f'{number(n)} in {words.get(a, a)}' for a, n in arms.items())}"


def _periods(answer: Answer) -> str:
    v, name = answer.asked.values, answer.asked.kind.name
    if name == "stepped-wedge":
        steps = int(v.steps)
        periods = steps + 1 if v.periods is None else int(v.periods)
        return (
            f" There are {periods} periods; in the first no cluster has the programme, and one "
            f"sequence after another begins with it, in {steps} steps."
        )
    if name == "crossover":
        return f" There are {2 if v.periods is None else int(v.periods)} periods."
    if name == "matrix":
        rows = np.atleast_2d(np.asarray(v.matrix, dtype=np.float64))
        told = "; ".join(" ".join("-" if np.isnan(x) else f"{x:g}" for x in row) for row in rows)
        return (
            f" There are {rows.shape[1]} periods. Sequence by sequence the programme is there (1), "
            f"not there (0) or nothing is measured (-): {told}."
        )
    return ""


def size(answer: Answer) -> str:
    """People of each cluster, and in all."""
    v = answer.design.values
    if answer.size is None:
        return "Clusters have the sizes that were listed."
    people = f", {number(answer.patients)} people in all" if answer.patients is not None else ""
    beside = ""
    if v.clusters_control is not None:
        other = v.size if v.size_control is None else v.size_control
        beside = f" of the programme arm, and {number(other)} in each of the comparison arm"
    elif v.size_control is not None:
        beside = f" ({number(v.size_control)} in the comparison arm)"
    alone = controls_of(answer)
    single = ""
    if alone is not None:
        single = f", and {number(np.ceil(alone - _WHOLE))} in the comparison arm, in no cluster"
    told = f"{number(answer.size)} people will be recruited in each cluster{_each_time(answer)}"
    return f"{told}{beside}{single}{people}.{_events(answer)}"


def _each_time(answer: Answer) -> str:
    """Whether the same people are seen at each time, in designs that leave it open."""
    v, name = answer.asked.values, answer.asked.kind.name
    if name not in (*_PERIODS, *_TWO_TIMES):
        return ""
    if is_cohort(v):
        return " and are the same at each time"
    between = " and period" if name in _PERIODS or each_period(answer) else " each time"
    return f"{between}, other people each time" if name in _PERIODS else f"{between}, other people"


def equal(answer: Answer) -> str:
    """Whether clusters are of one size."""
    v = answer.asked.values
    rule = sizes_rule(answer.asked).partition(":")[0]
    how = _BY_RULE.get(rule, "the precision of each size in a gamma distribution of sizes")
    if v.sizes is not None:
        sizes = np.ravel(np.asarray(v.sizes, dtype=np.float64))
        ends = f"{number(sizes.min())} to {number(sizes.max())} people"
        used = "their actual sizes were used"
        if rule != "exact":
            cv = number(sizes.std() / sizes.mean(), 3)
            used = f"they enter by their coefficient of variation, {cv}, and {how}"
        return f"Clusters are of unequal size, {ends}; {used}."
    if v.cv is not None and float(v.cv) > 0:
        return (
            f"Clusters are taken to be of unequal size, with a coefficient of variation of "
            f"{number(v.cv)}{source_of(answer, 'cv')}, by {how}."
        )
    return "Clusters are taken to be of equal size."


def people(answer: Answer) -> str:
    """People, or events, of a design without clusters."""
    if answer.patients is None:
        events = answer.precision.parts.get("events")
        return f"This {study(answer)} goes on until {number(events)} events."
    many = f"{number(answer.patients)} people{shared(answer.arms)}"
    return f"This {study(answer)} will have {many}.{_events(answer)}"


def _events(answer: Answer) -> str:
    events = answer.precision.parts.get("events")
    return "" if events is None else f" About {number(np.round(events))} events are expected."
