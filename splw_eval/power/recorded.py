"""An answer from its record: the design is read and worked out again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from splw_eval.power.answer import Answer, solve
from splw_eval.power.options import OPTIONS
from splw_eval.power.reading import design


def from_record(record: Mapping[str, Any]) -> Answer:
    """Work out again what a record tells of.

    Parameters
    ----------
    record : mapping
        As `Answer.to_dict` gives, or as read from the JSON that ``--json`` prints.

    Returns
    -------
    Answer
        Equal to the one that was recorded, number for number.

    Raises
    ------
    DesignError
        The record holds no design that can be read.
    """
    given = {name: _read(name, value) for name, value in record.get("given", {}).items()}
    return solve(design(str(record.get("design")), sources=record.get("sources"), **given))


def _read(name: str, value: Any) -> Any:
    """A matrix may have blanks, which JSON writes as null."""
    if name in OPTIONS and OPTIONS[name].form == "matrix":
        return np.array(value, dtype=np.float64)
    return value
