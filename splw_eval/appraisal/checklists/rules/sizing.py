"""Rules about the planned size of a study (G4)."""

from __future__ import annotations

import re

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.filled import own_words
from splw_eval.appraisal.checklists.verdict import (
    Rule,
    Verdict,
    not_applicable,
    not_reported,
    reported,
)
from splw_eval.core.plan.sample_size import PlannedDropout, SampleSize, Sourced

MANY_CLUSTERS = 40
NEEDED = ("target_difference", "sd", "power")
_NONE = "No planned size is stated: [sample_size] is not in study.toml."
_STATE = "State [sample_size] in study.toml, each figure with its source (splw-eval power)."
# A source must be more than that somebody assumed it.
_EMPTY_SOURCE = re.compile(
    r"^\W*(?:assum(?:ed|ption)|guess(?:ed)?|estimated?|unknown|not known|none|tbc|n/?a|own)?\W*$",
    re.IGNORECASE,
)
_EQUAL = re.compile(r"\b(?:equal|fixed|same (?:number|size)|quota)\b", re.IGNORECASE)
_UNGROUPED = "No file and no plan names practices or link workers, so nothing is grouped."
# Tables whose intervals are the answer; others show the normal distribution for comparison.
_ANSWERS = (
    "contrasts", "change", "adjusted", "differences", "sensitivity", "subgroups", "change_by",
    "service_use",
)  # fmt: skip


def inputs_have_sources(facts: Facts) -> Verdict:
    """Each figure that the planned size was worked out from says where it comes from."""
    size = facts.plan.sample_size
    if size is None:
        return not_reported(_NONE, _STATE)
    lacking = [name for name in NEEDED if getattr(size, name) is None]
    without = [name for name in type(size).model_fields if _sourceless(getattr(size, name))]
    faults = [f"not stated: {', '.join(lacking)}"] if lacking else []
    faults += [f"no source beyond an assumption: {', '.join(without)}"] if without else []
    if faults:
        return not_reported(
            f"study.toml, [sample_size]: {'; '.join(faults)}.",
            "Give the paper or the data that each figure comes from, or why it is assumed.",
        )
    return reported("Stated in study.toml: [sample_size], each figure with its source.")


def _sourceless(held: object) -> bool:
    """Whether a figure is given with nothing but an assumption, or a template, for its source."""
    if not isinstance(held, Sourced | PlannedDropout):
        return False
    return not own_words(held.source) or bool(_EMPTY_SOURCE.match(held.source))


def icc_given(facts: Facts) -> Verdict:
    """A plan for people who come in groups has an intraclass correlation above 0."""
    if not facts.grouped:
        return not_applicable(_UNGROUPED)
    size = facts.plan.sample_size
    if size is None:
        return not_reported(_NONE, _STATE)
    if size.icc is None or size.icc.value == 0:
        said = "not stated" if size.icc is None else "0"
        return not_reported(
            f"People come in groups, and [sample_size] icc is {said}.",
            "State icc with its source: people of one practice are alike, and fewer of them "
            "count than were asked.",
            *_held(facts, "ratios"),
        )
    return reported("Stated in study.toml: [sample_size] icc, above 0.", *_held(facts, "ratios"))


def attrition_given(facts: Facts) -> Verdict:
    """The planned size allows for people who will be lost."""
    size = facts.plan.sample_size
    if size is None:
        return not_reported(_NONE, _STATE)
    if not _loses(size):
        return not_reported(
            "[sample_size] allows for nobody being lost.",
            "State attrition, or dropout by wave, with its source.",
        )
    return reported(
        f"Stated in study.toml: [sample_size] {'dropout' if size.dropout else 'attrition'}.",
        *_held(facts, "sizing"),
    )


def _loses(size: SampleSize) -> bool:
    if size.dropout is not None:
        return any(share > 0 for share in size.dropout.shares.values())
    return size.attrition is not None and size.attrition.value > 0


def unequal_sizes_allowed_for(facts: Facts) -> Verdict:
    """The planned size allows for practices of unequal size."""
    if not facts.grouped:
        return not_applicable(_UNGROUPED)
    size = facts.plan.sample_size
    if size is None:
        return not_reported(_NONE, _STATE)
    cv = size.cluster_size_cv
    if cv is None or (cv.value == 0 and not _EQUAL.search(cv.source)):
        said = "not stated" if cv is None else "0, and its source does not say why all are alike"
        return not_reported(
            f"[sample_size] cluster_size_cv is {said}.",
            "State how much practices differ in size (SD divided by mean), with its source.",
        )
    return reported("Stated in study.toml: [sample_size] cluster_size_cv.", *_held(facts, "sizing"))


def small_sample_df(facts: Facts) -> Verdict:
    """With fewer than 40 practices, intervals are by t and not by the normal distribution."""
    if not facts.grouped:
        return not_applicable(_UNGROUPED)
    few, normal = False, []
    for key in _ANSWERS:
        for i, row in enumerate(facts.rows(key)):
            if row.clusters is None or row.clusters >= MANY_CLUSTERS or row.conf_low is None:
                continue
            few = True
            if row.df is None and (i, "df") not in facts.results[key].masked:
                normal.append(key)
    if normal:
        return not_reported(
            f"Fewer than {MANY_CLUSTERS} practices, and intervals without degrees of freedom in: "
            f"{', '.join(dict.fromkeys(normal))}.",
            "Use t with degrees of freedom that count practices (Kenward-Roger, Satterthwaite, "
            "practices less 2).",
            *dict.fromkeys(normal),
        )
    if not few:
        return not_applicable(f"No interval rests on fewer than {MANY_CLUSTERS} practices.")
    return reported(
        f"Intervals over fewer than {MANY_CLUSTERS} practices are by t; the degrees of freedom "
        "stand beside them.",
        *_held(facts, *_ANSWERS[:2]),
    )


def _held(facts: Facts, *keys: str) -> tuple[str, ...]:
    return tuple(key for key in keys if facts.rows(key))


RULES = {
    "inputs_have_sources": Rule(judge=inputs_have_sources),
    "icc_given": Rule(judge=icc_given),
    "attrition_given": Rule(judge=attrition_given),
    "unequal_sizes_allowed_for": Rule(judge=unequal_sizes_allowed_for),
    "small_sample_df": Rule(
        judge=small_sample_df,
        collects="people: cluster (the practice of each person), and scores at each wave",
    ),
}
