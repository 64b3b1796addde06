"""People in the study, due, expected, measured and missing, by wave and arm."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import Wave
from splw_eval.core.result import Note, Result
from splw_eval.core.rows import FunnelRow
from splw_eval.data import Study
from splw_eval.describe.cells import Cell, cells


def describe_flow(study: Study) -> Result[FunnelRow]:
    """Count who was expected, measured and missing.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of FunnelRow
        One row for each outcome, arm and wave. Before masking,
        enrolled = not_yet_due + expected and expected = measured + missing.
    """
    rows = tuple(
        _row(cell, wave, code)
        for cell in cells(study)
        for code, wave in enumerate(study.plan.waves)
    )
    outside = study.placed.measures.given[study.placed.wave < 0]
    notes = [
        Note(
            text="Everybody in the study is counted, whether or not they answered. Missing means "
            "that the wave was due and no usable score was found.",
        ),
        _enrolled_note(study),
        *_totals(study, rows),
    ]
    early = int((~study.due & ~np.isnan(study.scores[study.plan.primary.name])).sum())
    if early:
        notes.append(
            Note(
                text="{early} scores came before their wave was due. They count in the means, and "
                "not here: those who answer early would make the share measured look too good.",
                counts={"early": early},
            )
        )
    if study.plan.data_cut is None:
        notes.append(Note(text="No data cut is stated, so every wave counts as due for everybody."))
    if outside.any():
        notes.append(_outside_note(outside))
    return Result(
        key="flow",
        title="Who was measured, and who is missing",
        unit="people",
        row_type=FunnelRow,
        rows=rows,
        notes=tuple(notes),
    )


def _outside_note(given: NDArray[np.bool_]) -> Note:
    """Count what belongs to no wave, in measurements as the checks do, and in scores."""
    text = "{measurements} measurements fell outside every window or could not be dated"
    counts = {"measurements": int(given.any(axis=1).sum())}
    if given.shape[1] > 1:  # each outcome of a measurement is a score
        text += ". They hold {scores} scores, counted over all outcomes. They count for no wave."
        counts["scores"] = int(given.sum())
    else:
        text += ", and count for no wave."
    return Note(text=text, counts=counts)


def _totals(study: Study, rows: tuple[FunnelRow, ...]) -> list[Note]:
    """Give those measured in all groups together, where counts are exact.

    Under any other profile a total would narrow the groups that are hidden or rounded.
    """
    if len(study.plan.groups) == 1 or study.plan.disclosure.profile != "public_data":
        return []
    notes = []
    for outcome in study.plan.outcomes:
        counts = {
            wave.name: sum(
                r.measured or 0 for r in rows if (r.outcome, r.wave) == (outcome.name, wave.name)
            )
            for wave in study.plan.waves
        }
        waves = ", ".join(f"{_braced(wave.title)} {{{wave.name}}}" for wave in study.plan.waves)
        text = f"{_braced(outcome.label)}: measured in all groups together: {waves}."
        notes.append(Note(text=text, counts=counts))
    return notes


def _braced(text: str) -> str:
    """Text that stands in a note's template as itself."""
    return text.replace("{", "{{").replace("}", "}}")


def _enrolled_note(study: Study) -> Note:
    if any(file.table == "people" for file in study.plan.files):
        return Note(text="The people file decides who is in the study.")
    return Note(
        text="There is no people file: those in the study are those in the questionnaire files, "
        "so anyone who was referred but never put into these files is not counted."
    )


def _row(cell: Cell, wave: Wave, code: int) -> FunnelRow:
    measured = ~np.isnan(cell.scores[:, code])
    expected = cell.due[:, code]
    n = {
        "enrolled": len(measured),
        "not_yet_due": int((~expected).sum()),
        "expected": int(expected.sum()),
        "measured": int((expected & measured).sum()),
        "missing": int((expected & ~measured).sum()),
    }
    _reconcile(n)
    return FunnelRow(
        outcome=cell.outcome.name,
        arm=cell.arm,
        wave=wave.name,
        month=wave.month,
        share_measured=n["measured"] / n["expected"] if n["expected"] else None,
        **n,
    )


def _reconcile(n: dict[str, int]) -> None:
    if n["enrolled"] != n["not_yet_due"] + n["expected"]:
        raise AssertionError("People due and not yet due do not add up to those in the study.")
    if n["expected"] != n["measured"] + n["missing"]:
        raise AssertionError("People measured and missing do not add up to those expected.")
