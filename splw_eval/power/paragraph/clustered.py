"""How alike people of one cluster are taken to be, and what hangs on it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from splw_eval.core.errors import SplwError
from splw_eval.power.answer import Answer
from splw_eval.power.otherwise import otherwise
from splw_eval.power.paragraph.sources import source_of
from splw_eval.power.uncertainty import expected_power
from splw_eval.power.words.meanings import clustering, meaning_of
from splw_eval.power.words.shown import decimals, number, per_cent

_BESIDE_NONE = (0.01, 0.05)  # where none is assumed
_COUNTED = {"clusters": "clusters in all", "size": "people in each cluster"}


def icc(answer: Answer) -> str:
    """The ICC, where it may lie, and what hangs on it."""
    v = answer.asked.values
    lead = f"{_taken(answer)} It is uncertain"
    if v.icc_range is None and v.icc_prior is None:
        return f"{lead}: {_at(answer, 'icc', _beside(float(v.icc), v.icc_scale != 'k'))}."
    try:
        expected = expected_power(answer.design)
    except SplwError:
        return f"{lead}."
    low, high = expected.icc_limits
    ends = f"{number(low, 3)} to {number(high, 3)}"
    spread = f"anywhere from {ends}"
    if v.icc_prior is not None:
        mean, sd = np.ravel(v.icc_prior)
        spread = f"with mean {number(mean, 3)} and SD {number(sd, 3)}"
        spread += f", and 8 times in 10 from {ends}"
    return (
        f"{lead}, {spread}: {_at(answer, 'icc', (low, high))}. The expected power, the mean over "
        f"what the {clustering(answer.asked)} may be, is {per_cent(expected.power)}."
    )


def spread(answer: Answer) -> str:
    """The SD between clusters, and what hangs on it."""
    own = float(answer.asked.values.sd_cluster)
    what = meaning_of(answer.asked, "sd_cluster")
    source = source_of(answer, "sd_cluster", "say where the SD between clusters comes from")
    lead = f"The {what} is taken to be {number(own)}{source}."
    if answer.asked.kind.name == "slopes":  # of levels, on which a slope does not hang
        return lead
    return f"{lead} It is uncertain: {_at(answer, 'sd_cluster', (own / 2, 2 * own))}."


def _taken(answer: Answer) -> str:
    """What is taken to hold, of each arm where they differ."""
    v, which = answer.asked.values, clustering(answer.asked)
    source = source_of(answer, "icc", f"say where the {which} comes from")
    what = meaning_of(answer.asked, "icc")
    if v.icc_control is None:
        return f"The {what} is taken to be {number(v.icc)}{source}."
    lacking = f"say where the {which} of the comparison arm comes from"
    other = f"{number(v.icc_control)}{source_of(answer, 'icc_control', lacking)}"
    return (
        f"The {what} is taken to be {number(v.icc)}{source} in the programme arm, and {other} in "
        "the comparison arm, which is left as it is in what follows."
    )


def _beside(own: float, is_share: bool) -> tuple[float, ...]:
    """Half and twice, where nothing was said of what it may be; no correlation comes to 1."""
    if own <= 0:
        return _BESIDE_NONE
    return own / 2, min(2 * own, (1 + own) / 2) if is_share else 2 * own


def _at(answer: Answer, name: str, values: Iterable[float]) -> str:
    """What is sought with other values, of which any that is the answer's own is left out."""
    own = float(getattr(answer.asked.values, name))
    which = "SD" if name == "sd_cluster" else clustering(answer.asked)
    tried = [float(one) for one in values if float(one) != own]
    if not tried:
        return "it may be another"
    base = answer.design if answer.sought == "power" else answer.asked
    found = [otherwise(base, answer.sought, **{name: one}) for one in tried]
    show = decimals if answer.sought == "power" else number
    what = {"power": "the power", "mde": "the detectable difference"}.get(
        answer.sought, f"the number of {_COUNTED.get(answer.sought, 'people')}"
    )
    ends = " and ".join(
        f"{show(n) if np.isfinite(n) else 'out of reach'} with "
        f"{'a' if which == 'k' else 'an'} {which} of {number(i, 3)}"
        for i, n in zip(tried, found, strict=True)
    )
    return f"{what} would be {ends}"
