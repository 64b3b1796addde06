"""The sample size paragraph of a protocol, with all that CONSORT asks of cluster trials."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from splw_eval.power.answer import Answer
from splw_eval.power.planning_numbers import numbers_for
from splw_eval.power.sensitivity import otherwise
from splw_eval.power.words.conventions import rule_of
from splw_eval.power.words.sentence import each_period, effect_words
from splw_eval.power.words.shown import decimals, number, per_cent

_CLUSTERS = (
    "Campbell, Piaggio, Elbourne & Altman 2012, CONSORT 2010 statement: extension to cluster "
    "randomised trials, BMJ 345:e5661 (item 7a)"
)
_WEDGE = (
    "Hemming and others 2018, Reporting of stepped wedge cluster randomised trials: extension of "
    "the CONSORT 2010 statement, BMJ 363:k1614"
)
_PEOPLE = "Hopewell and others 2025, CONSORT 2025 statement (sample size)"
_WEDGES = ("stepped-wedge", "matrix")
_BESIDE = (0.5, 2.0)  # times the ICC, where no range was given


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """What a protocol says of the size of a trial.

    Attributes
    ----------
    items : mapping of str to str
        Sentences by item of the checklist, in the order of the paragraph.
    model : str
        The analysis that the calculation is for.
    references : tuple of str
    lacking : tuple of str
        What the writer must still add; marked in the paragraph by square brackets.
    """

    items: Mapping[str, str]
    model: str
    references: tuple[str, ...]
    lacking: tuple[str, ...]

    @property
    def paragraph(self) -> str:
        """The sentences, one after another."""
        return " ".join(self.items.values())

    def __str__(self) -> str:
        references = "\n".join(f"{n}. {text}." for n, text in enumerate(self.references, 1))
        return f"{self.paragraph}\n\n{self.model}\n\nReferences\n{references}"


def protocol(answer: Answer) -> Protocol:
    """Write the paragraph on sample size.

    Parameters
    ----------
    answer : Answer
        Of one design; of a grid there is no paragraph.

    Returns
    -------
    Protocol

    Raises
    ------
    ValueError
        The answer is a grid.
    """
    if np.ndim(answer.power):
        raise ValueError("A paragraph tells of one design, not of a grid.")
    items = dict(_items(answer))
    lacking = tuple(part.split("]")[0] for text in items.values() for part in text.split("[")[1:])
    return Protocol(
        items=items, model=_model(answer), references=_references(answer), lacking=lacking
    )


def _items(answer: Answer) -> Iterator[tuple[str, str]]:
    v = answer.asked.values
    if answer.clusters is not None:
        yield "clusters", _clusters(answer)
        yield "size", _size(answer)
        yield "equal or unequal", _equal(answer)
    else:
        yield "people", _people(answer)
    yield "power", _power(answer)
    yield "effect", _reason(answer)
    if v.icc is not None:
        yield "ICC", _icc(answer)
    yield "attrition", _attrition(answer)
    yield "method", _method(answer)


def _clusters(answer: Answer) -> str:
    lead = f"This {_study(answer)} will have {number(answer.clusters)} clusters"
    return f"{lead}{_shared(answer.arms)}."


def _study(answer: Answer) -> str:
    """The design as a noun."""
    title = answer.asked.kind.title
    return title if "trial" in title else f"study ({title})"


def _shared(arms: Mapping[str, float]) -> str:
    """How a number is shared out between arms or sequences; nothing where it is not."""
    words = {"programme": "the programme arm", "comparison": "the comparison arm"}
    if len(arms) > len(words) and len(set(arms.values())) == 1:
        what = "arms" if "comparison" in arms else "sequences"
        return f": {number(next(iter(arms.values())))} in each of {len(arms)} {what}"
    if len(arms) <= 1:
        return ", all in the programme arm" if "programme" in arms else ""
    return f": {', '.join(f'{number(n)} in {words.get(a, a)}' for a, n in arms.items())}"


def _size(answer: Answer) -> str:
    v = answer.design.values
    if answer.size is None:
        return "Clusters have the sizes that were listed."
    people = f", {number(answer.patients)} people in all" if answer.patients is not None else ""
    other = v.size_control
    beside = f" ({number(other)} in the comparison arm)" if other is not None else ""
    each = " and period" if each_period(answer) else ""
    alone = f", and {number(v.controls)} in no cluster" if v.controls is not None else ""
    told = f"{number(answer.size)} people will be recruited in each cluster{each}"
    return f"{told}{beside}{alone}{people}."


def _equal(answer: Answer) -> str:
    v = answer.asked.values
    if v.sizes is not None:
        return "Clusters are of unequal size; their actual sizes were used."
    if v.cv is not None and float(v.cv) > 0:
        how = {"breukelen": "van Breukelen's relative efficiency"}.get(
            v.cv_method, "the design effect of Eldridge and others"
        )
        return (
            f"Clusters are taken to be of unequal size, with a coefficient of variation of "
            f"{number(v.cv)}{_source(answer, 'cv')}, by {how}."
        )
    return "Clusters are taken to be of equal size."


def _people(answer: Answer) -> str:
    events = answer.precision.parts.get("events")
    told = f" About {number(np.round(events))} events are expected." if events is not None else ""
    if answer.patients is None:
        return f"This {_study(answer)} goes on until {number(events)} events."
    people = f"{number(answer.patients)} people{_shared(answer.arms)}"
    return f"This {_study(answer)} will have {people}.{told}"


def _power(answer: Answer) -> str:
    v = answer.design.values
    sides = "two-sided" if int(v.sides) == 2 else "one-sided"  # noqa: PLR2004
    return (
        f"This gives a power of {per_cent(answer.power)} to detect {effect_words(answer)} with a "
        f"{sides} test at the {per_cent(v.alpha)} level."
    )


def _reason(answer: Answer) -> str:
    """Why this difference: the important one, or a source."""
    sources, given = answer.asked.sources, answer.asked.given
    planned = numbers_for(sources.get("instrument", ""))
    mid = None if planned is None or "d" in given else planned.mid
    named = [n for n in answer.asked.kind.effect if n in given and n in sources]
    if planned is not None and mid is not None and given.get("diff") == mid.value:
        text = f"This is the minimal important difference of {planned.title}: {mid.told}."
        mid = None
    elif named:
        text = f"The difference was chosen from: {sources[named[0]]}."
    elif answer.sought == "mde":
        text = "The difference is the smallest that this number can find."
    else:
        text = "The difference was chosen because [say why this difference matters, and to whom]."
    if planned is not None and mid is not None:
        size = f"The minimal important difference of {planned.title} is {number(mid.value)}"
        text += f" {size} ({mid.source})."
    if "sd" not in given:
        return text
    sd = _source(answer, "sd", "say where the SD comes from")
    return f"{text} The SD is taken to be {number(answer.asked.values.sd)}{sd}."


def _icc(answer: Answer) -> str:
    v = answer.asked.values
    source = _source(answer, "icc", "say where the ICC comes from")
    lead = f"The intra-cluster correlation is taken to be {number(v.icc)}{source}."
    told = v.icc_range if v.icc_range is not None else np.array(_BESIDE) * float(v.icc)
    iccs = [float(one) for one in np.ravel(told) if one != float(v.icc)]
    found = [otherwise(answer.asked, answer.sought, icc=icc) for icc in iccs]
    show = decimals if answer.sought == "power" else number
    what = {"power": "the power", "mde": "the detectable difference"}.get(
        answer.sought, f"the number of {_COUNTED.get(answer.sought, 'people')}"
    )
    ends = " and ".join(
        f"{show(n) if np.isfinite(n) else 'out of reach'} with an ICC of {number(i)}"
        for i, n in zip(iccs, found, strict=True)
    )
    prior = v.icc_prior
    spread = "" if prior is None else f" Its mean and SD are taken as {number(prior)}."
    return f"{lead}{spread} It is uncertain: {what} would be {ends}." if iccs else lead


_COUNTED = {"clusters": "clusters in all", "size": "people in each cluster"}


def _attrition(answer: Answer) -> str:
    v = answer.asked.values
    parts = []
    if v.dropout is not None and np.any(np.ravel(v.dropout) > 0):
        lost = ", ".join(per_cent(x) for x in np.ravel(v.dropout))
        by = f"by the visits at {number(v.visits)}" if v.visits is not None else "by the end"
        beside = ""
        if v.dropout_control is not None:
            beside = f" ({per_cent(np.ravel(v.dropout_control)[-1])} of the comparison arm)"
        parts.append(
            f"{lost} of people are expected to be lost {by}{beside}"
            f"{_source(answer, 'dropout', 'say where the loss comes from')}"
        )
    if v.cluster_loss is not None and float(v.cluster_loss) > 0:
        parts.append(f"{per_cent(v.cluster_loss)} of clusters are expected to be lost")
    if not parts:
        return "No allowance was made for loss to follow-up [say why none is expected]."
    if v.icc is None:
        return f"{' and '.join(parts)}."
    how = "; this was allowed for in the size of clusters before the design effect"
    return f"{' and '.join(parts)}{how}."


def _method(answer: Answer) -> str:
    from importlib.metadata import version

    v, rule = answer.asked.values, rule_of(answer)
    test = f"a t test with {number(answer.df)} degrees of freedom"
    test = "a normal test" if rule == "z" else test
    named = f" ({rule})" if rule not in ("z", "as given") else ""
    sd = "" if "sd" not in answer.asked.given else f"; the SD is the {v.sd_is or 'total'} one"
    return (
        f"The calculation is for {test}{named}{sd}, by the formulae of the references, with "
        f"splw-eval {version('splw-eval')}."
    )


def _source(answer: Answer, name: str, lacking: str = "") -> str:
    """Where an input comes from, or what is still to be said."""
    source = answer.asked.sources.get(name, "")
    if source:
        return f" ({source})"
    return f" [{lacking}]" if lacking else ""


def _model(answer: Answer) -> str:
    return f"The primary analysis will be {answer.asked.kind.model(answer.asked.values)}."


def _references(answer: Answer) -> tuple[str, ...]:
    kind = answer.asked.kind
    guide = _CLUSTERS if answer.clusters is not None else _PEOPLE
    wedge = (_WEDGE,) if kind.name in _WEDGES else ()
    return (*kind.sources_of(answer.asked.values), guide, *wedge)
