"""What is known to add up, within tables and over them: read from data, not written as code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Sign = Literal["=", ">=", "<=", "each"]


@dataclass(frozen=True, slots=True)
class Same:
    """Counts of the same people: `of` in every place that agrees in `by`, where they are equal.

    A count is written ``result.field``, of some rows only ``result[column=word].field``, with
    ``^=`` for a word that begins so, ``$=`` for one that ends so and ``!=`` for any other.
    ``result@view.field`` is of its rows as `Tables` views them: patterns at each wave
    ``measured``, ``missing``, or ``both`` with the first; steps of curves ``by_day``. Beside its
    own columns a row has ``arm``, ``wave``, and ``role``, ``primary`` and ``start``, which say of
    arm, outcome and wave what they are in the plan.
    """

    of: tuple[str, ...]
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """Counts that are each one `among` others which agree in `by`, such as the smaller group."""

    of: tuple[str, ...]
    among: tuple[str, ...]
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Adds:
    """A count and the sum of others over all rows that agree in `by`.

    Attributes
    ----------
    whole : str
        Every such row by itself.
    parts : tuple of str
        Summed.
    by : tuple of str
        A column that a table lacks is left out there.
    sign : str
        ``=``, or ``>=`` where the whole may hold people of no part, or ``<=`` where parts may
        hold people who are not in the whole; ``each`` where each part alone is at most the whole.
    rest : str
        For ``=``: a column; so many times, for each of its words, up to the largest suppressed
        number may be in no part.
    """

    whole: str
    parts: tuple[str, ...]
    by: tuple[str, ...] = ()
    sign: Sign = "="
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Falls:
    """Counts that never become more along a column, row by row; of one value in the order given."""

    of: tuple[str, ...]
    along: str
    by: tuple[str, ...]
    rises: bool = False


Relation = Same | OneOf | Adds | Falls


@cache
def relations() -> tuple[Relation, ...]:
    """Return every relation that is declared in relations.toml."""
    text = files(__package__).joinpath("relations.toml").read_text(encoding="utf-8")
    held = tomllib.loads(text)
    return (
        *(Same(**_tuples(one)) for one in held["same"]),
        *(OneOf(**_tuples(one)) for one in held["one_of"]),
        *(Adds(**_tuples(one)) for one in held["adds"]),
        *(Falls(**_tuples(one)) for one in held["falls"]),
    )


def _tuples(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(v) if isinstance(v, list) else v for name, v in one.items()}
