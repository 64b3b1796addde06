"""Where inputs come from, as a protocol says it and as its references list it."""

from __future__ import annotations

from collections.abc import Iterator

from splw_eval.power.answer import Answer
from splw_eval.power.paragraph.gaps import gap
from splw_eval.power.planning_numbers import PlanningNumbers, Published, numbers_for

_CHECK = "check this number at its source: it was written down from memory"


def planned_of(answer: Answer) -> PlanningNumbers | None:
    """Numbers of the questionnaire that was named."""
    return numbers_for(answer.asked.sources.get("instrument", ""))


def published(answer: Answer, name: str) -> Published | None:
    """The number of the questionnaire's that an option holds; None where it holds another."""
    planned = planned_of(answer)
    held = {} if planned is None else {"diff": planned.mid, "sd": planned.sd}
    held |= {} if planned is None else {"sd_change": planned.sd_change, "icc": planned.icc}
    one = held.get(name)
    same = one is not None and answer.asked.sources.get(name) == one.told
    return one if same else None


def source_of(answer: Answer, name: str, lacking: str = "") -> str:
    """Where an input comes from in brackets, or what is still to be said.

    Parameters
    ----------
    answer : Answer
    name : str
        Of the option.
    lacking : str
        What is asked of the writer where there is no source.

    Returns
    -------
    str
    """
    one = published(answer, name)
    if one is not None:
        return f" ({in_words(one)})"
    source = answer.asked.sources.get(name, "")
    if source:
        return f" ({source})"
    return f" {gap(lacking)}" if lacking else ""


def in_words(one: Published) -> str:
    """A published number's source with the range that was found."""
    ends = (one.low, one.high)
    wide = one.low is not None and one.low != one.high
    spread = "; published: {:g} to {:g}".format(*ends) if wide else ""
    check = f" {gap(_CHECK)}" if one.status == "recalled" else ""
    return f"{one.source}{spread}{check}"


def sources_listed(answer: Answer) -> Iterator[str]:
    """Sources of inputs, each once, for the list of references."""
    for name, source in answer.asked.sources.items():
        if name == "instrument":
            continue
        one = published(answer, name)
        yield source if one is None else one.source
    planned = planned_of(answer)
    if planned is not None and planned.mid is not None and mid_is_told(answer):
        yield planned.mid.source


def mid_is_told(answer: Answer) -> bool:
    """Whether the paragraph speaks of the questionnaire's important difference."""
    planned = planned_of(answer)
    other = {"d", "p0", "rate0", "levels", "hr", "discordant"} & set(answer.asked.given)
    return planned is not None and planned.mid is not None and not other
