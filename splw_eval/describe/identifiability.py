"""How easily people could be told in the files: advice on keeping them, no release decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.masking_rows import IdentifiabilityRow
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.data.checks.quasi import FEWEST, group_sizes, quasi_columns
from splw_eval.data.tables import Table

Codes = NDArray[np.int64]

ALL_TOGETHER = "All of them together"
_RARE = 10  # people, so that it tells no more of a category than a star or a rounded count
_OLD = 90  # years: an age that HIPAA and others put into one open class
_TITLES = {"cluster": "practice", "imd_decile": "deprivation", "age_band": "age"}
_SOURCES = (
    "Sweeney (2002), k-anonymity: a model for protecting privacy. International Journal of "
    "Uncertainty, Fuzziness and Knowledge-Based Systems 10:557-570.",
)
_ADVICE = (
    "This is advice for whoever keeps or passes on the files, from the columns by which a "
    "neighbour could know a person. It decides nothing about what may be released: that is for "
    "those who answer for the data.",
    f"A person in a group of fewer than {FEWEST} shares what these columns say with too few others "
    "to be lost among them. Nothing is said here of what the people of a group have in common: if "
    "all of them got worse, the group tells it of each.",
    "A number that a table may show can still point to somebody. Eight people of a practice that "
    "is named, or that everybody knows, may be told by those who work there.",
)


def describe_identifiability(study: Study) -> Result[IdentifiabilityRow]:
    """Count people who share what could identify them with few others.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of IdentifiabilityRow
        One row for all columns of the people table that the codebook calls quasi-identifiers,
        and one for each pair of them. Columns that are the same for everybody
        tell nothing and are left out.
    """
    table = study.tables.get("people")
    found = {} if table is None else quasi_columns(table)
    # Counts by group stand in other tables; here they would tell those that are hidden there.
    group = found.pop("arm", None)
    columns = dict(found)
    if table is None or len(columns) <= 1:
        words = "There are not two columns of the people table by which people could be told."
        return _result((), (Note(text=words),))
    codes = list(columns.values())
    rows = [_row(ALL_TOGETHER, codes)]
    rows += [
        _row(f"{_title(a)} and {_title(b)}", [columns[a], columns[b]])
        for a, b in combinations(columns, 2)
    ]
    listed = ", ".join(_title(name) for name in columns)
    rare = _rare(columns, group)
    said = (f"The columns are: {listed}.", *_helping(columns), *rare, *_old(table))
    notes = tuple(Note(text=words) for words in (*said, *_ADVICE))
    return _result(tuple(rows), notes)


def _result(
    rows: tuple[IdentifiabilityRow, ...], notes: tuple[Note, ...]
) -> Result[IdentifiabilityRow]:
    return Result(
        key="identifiability",
        title="How easily people could be told in the files",
        unit="people",
        row_type=IdentifiabilityRow,
        rows=rows,
        notes=notes,
        sources=_SOURCES if rows else (),
    )


def _row(words: str, codes: Sequence[Codes]) -> IdentifiabilityRow:
    sizes = group_sizes(codes)
    few = int((sizes < FEWEST).sum())
    return IdentifiabilityRow(
        columns=words,
        people=len(sizes),
        in_small=few,
        in_large=len(sizes) - few,
        share_small=few / len(sizes) if len(sizes) else None,
        smallest=_smallest(int(sizes.min(initial=FEWEST))),
    )


def _smallest(k: int) -> str:
    if k == 1:
        return "one person alone"
    return f"fewer than {FEWEST}" if k < FEWEST else f"{FEWEST} or more"


def _helping(columns: Mapping[str, Codes]) -> Iterator[str]:
    """Name the column without which the fewest people stand out."""
    if len(columns) <= 2 or not _few(columns.values()):  # noqa: PLR2004
        return
    left = {
        name: _few([codes for other, codes in columns.items() if other != name]) for name in columns
    }
    best = min(left, key=lambda name: left[name])
    yield f"Coarser groups of {_title(best)} would help most."


def _few(codes: Iterable[Codes]) -> int:
    return int((group_sizes(list(codes)) < FEWEST).sum())


def _rare(columns: Mapping[str, Codes], group: Codes | None) -> Iterator[str]:
    """Name the columns with a category that the tables by group hide, or nearly; not which."""
    both = {name: [codes] if group is None else [codes, group] for name, codes in columns.items()}
    rare = [_title(name) for name, codes in both.items() if group_sizes(codes).min() < _RARE]
    if rare:
        yield (
            f"In some group, a category is of fewer than {_RARE} people, for: {', '.join(rare)}. "
            "Put such categories together where the question allows it."
        )


def _old(table: Table) -> Iterator[str]:
    """Say that there are ages of 90 or more, not how many."""
    ages = table.columns.get("age")
    if ages is not None and ages.dtype.kind == "f" and (ages >= _OLD).any():
        yield (
            f"There are people of {_OLD} years or more. Such ages are rare enough to be known: put "
            "them into one open class."
        )


def _title(name: str) -> str:
    return _TITLES.get(name, name.replace("_", " "))
