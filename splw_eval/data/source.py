"""What every part of the questionnaires is read with, and why a cell of them is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import Outcome, Plan
from splw_eval.data.ledger import Ledger
from splw_eval.data.parse import missing_cells, missing_reasons
from splw_eval.data.sheet import Cells, Sheet
from splw_eval.data.vocabulary import Vocabulary, standard_vocabulary
from splw_eval.instruments import Instrument

EMPTY, OUTSIDE = "empty", "out of range"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The plan, everybody's position, and where faults and reasons are kept.

    Attributes
    ----------
    plan : Plan
        Completed.
    index : mapping of str to int
        Position of each pseudonym.
    ledger : Ledger
    instruments : mapping of str to Instrument or None
        By name of the outcome.
    sheets : sequence of Sheet
        Every file, for what a scoring asks of each person.
    vocabulary : Vocabulary
        Words for yes and no.
    options : mapping of str to mapping
        By name of the outcome: what its scoring was told, ready for it but for columns.
    reasons : dict of str to int
        Code of each reason why a score is missing; it grows.
    """

    plan: Plan
    index: Mapping[str, int]
    ledger: Ledger
    instruments: Mapping[str, Instrument | None] = field(default_factory=dict)
    sheets: Sequence[Sheet] = ()
    vocabulary: Vocabulary = field(default_factory=standard_vocabulary)
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=lambda: {"": 0, EMPTY: 1})

    def instrument(self, outcome: Outcome) -> Instrument:
        """Return the catalogue's instrument of an outcome that has items."""
        held = self.instruments[outcome.name]
        if held is None:  # the plan was refused, then
            raise KeyError(f"{outcome.instrument} is not in the catalogue.")
        return held

    def codes(self, said: Cells) -> NDArray[np.int16]:
        """Code of each reason; new reasons are added."""
        for reason in dict.fromkeys(said):
            self.reasons.setdefault(reason, len(self.reasons))
        return np.array([self.reasons[reason] for reason in said], dtype=np.int16)

    def why(self, sheet: Sheet, heading: str, values: NDArray[np.float64]) -> NDArray[np.int16]:
        """Code of the reason for each missing value of a column; 0 where there is one."""
        why = np.zeros(len(sheet), dtype=np.int16)
        absent = np.isnan(values)
        if not absent.any():
            return why
        if not says_why(sheet, heading):
            why[absent & missing_cells(sheet, heading)] = self.reasons[EMPTY]
            absent &= why == 0
        if absent.any():
            said = missing_reasons(sheet, heading)[absent]
            said[said == ""] = OUTSIDE
            why[absent] = self.codes(said)
        return why


def says_why(sheet: Sheet, heading: str) -> bool:
    """Whether the plan or the file gives reasons for missing cells of a column."""
    codes = sheet.spec.missing_codes
    return heading in sheet.reasons or bool(codes.get("*") or codes.get(heading))
