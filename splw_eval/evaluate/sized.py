"""What was planned of a study's size beside what it came to, from its masked results."""

from __future__ import annotations

from collections.abc import Mapping

from splw_eval.core.plan import Plan
from splw_eval.core.power_rows import ReachedRow, SizingRow
from splw_eval.core.result import Note, Result
from splw_eval.evaluate.question import AnyResult, Question
from splw_eval.power.audit import audit_of
from splw_eval.power.audit_reached import describe_reached, reached_from

SIZING = "sizing"
TITLE = "Planned and reached"
SIZE, PRECISION = "size", "precision"
SOURCES = (
    "Donner and Klar 2000, Design and Analysis of Cluster Randomization Trials: design effect",
    "van Breukelen and others 2007, Statistics in Medicine 26:2589: clusters of unequal size",
    "Hoenig and Heisey 2001, American Statistician 55:19: why observed power is not given",
)

SIZED: tuple[Question, ...] = (
    Question(
        key="reached",
        title="Size reached",
        row_type=ReachedRow,
        answer=describe_reached,
    ),
)


def describe_sizing(plan: Plan, results: Mapping[str, AnyResult]) -> Result[SizingRow]:
    """Set the planned size of a study beside what was reached.

    Parameters
    ----------
    plan : Plan
    results : mapping of str to Result
        Masked, all together.

    Returns
    -------
    Result of SizingRow
        Masked as those that it is made of; never observed power.
    """
    found = audit_of(plan, reached_from(plan, results))
    rows = tuple(
        SizingRow(
            about=PRECISION if line.of_precision else SIZE,
            quantity=line.quantity,
            planned=line.planned,
            achieved=line.achieved,
            conf_low=line.conf_low,
            conf_high=line.conf_high,
            sentence=line.sentence,
            source=line.source,
        )
        for line in found.lines
    )
    return Result(
        key=SIZING,
        title=TITLE,
        unit="as each line says",
        row_type=SizingRow,
        rows=rows,
        notes=tuple(Note(text=words) for words in found.notes),
        sources=SOURCES,
        provenance=results["reached"].provenance,
        disclosure=found.disclosure,
        masked=frozenset((i, "achieved") for i, line in enumerate(found.lines) if line.masked),
    )
