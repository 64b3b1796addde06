"""Who is lost, how that enters, and how many are left to be analysed."""

from __future__ import annotations

import numpy as np

from splw_eval.power.answer import Answer
from splw_eval.power.paragraph.gaps import gap
from splw_eval.power.paragraph.sources import source_of
from splw_eval.power.precision import Array
from splw_eval.power.words.conventions import loss_is
from splw_eval.power.words.shown import number, per_cent

_HOW = {
    "by visit": "in the calculation each person counts for as long as they are seen",
    "by period": "the calculation is for those who are left in each period",
    "both times": "the calculation is for those who are seen both times",
    "events": "in the calculation people count until they are lost",
    "sizes": "this was taken off the size of clusters before the design effect",
    "at the end": "the calculation is for those who are left",
}
_ANALYSED = ("patients_analysed", "patients_at_the_end", "seen_at_last_visit")


def attrition(answer: Answer) -> str:
    """People and clusters lost, and those who are left."""
    v = answer.asked.values
    parts = []
    for name, words in (("dropout", "people"), ("dropout_control", "the comparison arm's people")):
        lost = getattr(v, name)
        if lost is not None and np.any(np.ravel(lost) > 0):
            source = source_of(answer, name, "say where the loss comes from")
            parts.append(f"{_shares(answer, lost)} of {words} are expected to be lost"
                         f"{_when(answer, lost)}{source}")  # fmt: skip
    if v.cluster_loss is not None and float(v.cluster_loss) > 0:
        source = source_of(answer, "cluster_loss", "say where the loss comes from")
        parts.append(f"{per_cent(v.cluster_loss)} of clusters are expected to be lost{source}")
    if not parts:
        why = gap("say why none is expected")
        return f"No allowance was made for loss to follow-up {why}.{_left(answer)}"
    return f"{' and '.join(parts)}; {_HOW[loss_is(answer.asked)]}.{_left(answer)}"


def _shares(_: Answer, lost: Array) -> str:
    return ", ".join(per_cent(x) for x in np.ravel(lost))


def _when(answer: Answer, lost: Array) -> str:
    v, several = answer.asked.values, len(np.ravel(lost)) > 1
    how = loss_is(answer.asked)
    if how == "by period":
        return " by each period in turn" if several else " in every period"
    if how == "by visit" and several:
        visits = "" if v.visits is None else f" at {number(v.visits)}"
        return f" by the visits{visits}"
    return " by the last visit, evenly from the first" if how == "by visit" else " by the end"


def _left(answer: Answer) -> str:
    parts, people = answer.precision.parts, answer.patients
    held = [parts[name] for name in _ANALYSED if name in parts]
    if not held and people is not None:
        lost = answer.asked.values.dropout
        other = answer.asked.values.dropout_control
        if other is not None or (lost is not None and answer.asked.kind.name == "tte"):
            return ""
        held = [people * (1 - (0.0 if lost is None else np.ravel(lost)[-1]))]
    if not held or np.ndim(held[0]):
        return ""
    by = "seen at the last visit" if "seen_at_last_visit" in parts else "analysed"
    return f" About {number(np.round(held[0]))} people are expected to be {by}."
