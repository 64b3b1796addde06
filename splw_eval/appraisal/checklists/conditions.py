"""Named conditions under which an item is asked of a study."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.core.plan.design import CLUSTER_TRIALS, TRIALS

Condition = tuple[Callable[[Facts], bool], str]
"""Whether it holds, and the words for where it does not."""


def _designs(*designs: str) -> Callable[[Facts], bool]:
    return lambda facts: facts.plan.design in designs


def _table(name: str) -> Callable[[Facts], bool]:
    return lambda facts: name in facts.tables()


_TABLES = (
    "people", "episodes", "contacts", "support", "measures", "link_workers", "clusters",
    "service_use",
)  # fmt: skip

CONDITIONS: Mapping[str, Condition] = {
    "trial": (_designs(*TRIALS), "The groups were not allocated by the study."),
    "cluster_trial": (_designs(*CLUSTER_TRIALS), "Practices were not allocated to groups."),
    "individual_trial": (_designs("individual_trial"), "People were not allocated one by one."),
    "controlled_cohort": (_designs("controlled_cohort"), "The design is not a controlled cohort."),
    "pre_post": (_designs("pre_post"), "There is a comparison group."),
    "comparison": (lambda f: f.plan.design != "pre_post", "There is no comparison group."),
    "randomised": (
        lambda f: f.plan.allocation is not None and f.plan.allocation.randomised,
        "Chance did not decide who was in which group.",
    ),
    **{name: (_table(name), f"The study holds no table {name}.") for name in _TABLES},
}


def not_asked(applies: str, facts: Facts) -> str:
    """Return why a check is not asked of a study; empty where it is.

    Raises
    ------
    KeyError
        A condition is not known: a fault of the data file.
    """
    for word in filter(None, applies.split(", ")):
        turned = word.startswith("not ")
        holds, otherwise = CONDITIONS[word.removeprefix("not ")]
        if holds(facts) is turned:
            return _turned(word) if turned else otherwise
    return ""


def _turned(word: str) -> str:
    return f"Asked only of studies that are {word.replace('_', ' ')}."
