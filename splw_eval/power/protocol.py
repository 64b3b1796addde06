"""The sample size paragraph of a protocol, with all that CONSORT asks of cluster trials."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from splw_eval.power.answer import Answer
from splw_eval.power.paragraph import assumed, clustered, who
from splw_eval.power.paragraph.gaps import gaps_of, shown
from splw_eval.power.paragraph.losses import attrition
from splw_eval.power.paragraph.method import method, model, references


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
    DesignError
        Its clusters do not share out in whole numbers, and the design cannot have unlike arms.
    """
    if np.ndim(answer.power):
        raise ValueError("A paragraph tells of one design, not of a grid.")
    whole = who.of_whole_arms(answer)
    items = {name: text for name, text in _items(whole) if text}
    lacking = tuple(one for text in items.values() for one in gaps_of(text))
    return Protocol(
        items={name: shown(text) for name, text in items.items()},
        model=model(whole),
        references=references(whole),
        lacking=tuple(dict.fromkeys(lacking)),
    )


def _items(answer: Answer) -> Iterator[tuple[str, str]]:
    yield "outcome", who.outcome(answer)
    if answer.clusters is not None:
        yield "clusters", who.clusters(answer)
        yield "size", who.size(answer)
        yield "equal or unequal", who.equal(answer)
    else:
        yield "people", who.people(answer)
    yield "power", assumed.power(answer)
    yield "effect", assumed.reason(answer)
    if answer.asked.values.icc is not None:
        yield "ICC", clustered.icc(answer)
    elif answer.asked.values.sd_cluster is not None:
        yield "SD between clusters", clustered.spread(answer)
    yield "other inputs", assumed.others(answer)
    yield "attrition", attrition(answer)
    yield "method", method(answer)
