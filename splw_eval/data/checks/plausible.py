"""Numbers outside what is plausible, by limits that stand in one file."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from splw_eval.core.findings import Severity
from splw_eval.data.checks.telling import tell
from splw_eval.data.keying import keying_hint
from splw_eval.data.loaded import Loaded

_NOT_COUNTED = frozenset({("people", "imd_decile")})  # there is no other tenth of a country


@dataclass(frozen=True, slots=True, kw_only=True)
class Plausible:
    """Limits of what is plausible.

    Attributes
    ----------
    status : str
        What the limits are: ``proposals``.
    earliest, latest, birth_like : date
        Before the first and from the second on a date cannot be right; before the third it
        looks like a birthday.
    ranges : mapping of str to mapping of str to tuple of float
        Lowest and highest plausible value by table and column (the codebook's units).
    """

    status: str
    earliest: dt.date
    latest: dt.date
    birth_like: dt.date
    ranges: Mapping[str, Mapping[str, tuple[float, float]]]


@cache
def plausible() -> Plausible:
    """Return the limits that ship with the package."""
    text = files("splw_eval.data.checks").joinpath("plausible.toml").read_text(encoding="utf-8")
    said = tomllib.loads(text)
    return Plausible(
        status=said["status"],
        earliest=said["dates"]["earliest"],
        latest=said["dates"]["latest"],
        birth_like=said["dates"]["birth_like"],
        ranges={
            table: {column: (limits[0], limits[1]) for column, limits in columns.items()}
            for table, columns in said["ranges"].items()
        },
    )


def check(loaded: Loaded) -> None:
    """Report numbers outside the plausible range of their column."""
    for name, columns in plausible().ranges.items():
        if name not in loaded.tables:
            continue
        table = loaded.tables[name]
        for column, (low, high) in columns.items():
            values = table.number(column)
            wrong = (values < low) | (values > high)
            problem = f"outside {low:g} to {high:g}, which is hardly plausible"
            remedy = "Check them; they are used as they stand."
            if (name, column) in _NOT_COUNTED:
                hint = keying_hint(values, (low, high))
                remedy = f"{hint} Correct them; these people count as not known.".strip()
            tell(loaded, table, column, wrong, (Severity.WARNING, "SW78", problem, remedy))
