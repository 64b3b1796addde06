"""Codes as they may be handed over: one or several, in any plain form."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from splw_eval.core.errors import DataError
from splw_eval.core.findings import Finding, Severity

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")


def several(given: Any) -> list[Any] | None:
    """Members of what was given: itself where it is one; None where it holds no codes."""
    if isinstance(given, str):
        return [part.strip() for part in given.split(",") if part.strip()]
    if isinstance(given, np.ndarray) or hasattr(given, "to_numpy"):
        return np.asarray(given, dtype=object).ravel().tolist()
    if isinstance(given, Mapping):
        return None
    if isinstance(given, Sequence | AbstractSet):
        return list(given)
    return [given]


def number_of(given: Any) -> float | None:
    """Return the number that a value is, also as text; None where it is none."""
    if isinstance(given, bool | np.bool_):
        return None
    if isinstance(given, int | float | np.number | Decimal | Fraction):
        value = float(given)
        return value if math.isfinite(value) else None
    if isinstance(given, str) and NUMBER.fullmatch(given.strip()):
        return float(given)
    return None


def missing_codes(given: Any) -> tuple[float | str, ...]:
    """Codes and words that mean missing, in a plain form.

    Parameters
    ----------
    given : scalar, or sequence, set, array or Series of them
        Numbers, or text; text may hold several with commas between. Empty cells count as
        missing anyway.

    Returns
    -------
    tuple of (float or str)

    Raises
    ------
    DataError
        Something else was given.
    """
    import pandas as pd

    found: list[float | str] = []
    members = [] if given is None else several(given)
    for member in [given] if members is None else members:
        number = number_of(member)
        if number is not None:
            found.append(number)
        elif isinstance(member, str):
            found.append(member)
        elif not (pd.api.types.is_scalar(member) and pd.isna(member)):
            remedy = 'Write them like missing=[9, 99], or missing=["n/a"].'
            raise refused("missing holds what is neither a code nor a word", remedy)
    return tuple(found)


def refused(problem: str, remedy: str) -> DataError:
    """Return the error about what was handed over."""
    found = Finding(code="SI08", severity=Severity.ERROR, problem=problem, remedy=remedy)
    return DataError("What was given to the scoring cannot be read.", [found])
