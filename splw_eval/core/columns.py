"""Columns of result rows: title, format and disclosure role, each said once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated, get_args, get_origin, get_type_hints


class Role(StrEnum):
    """What a number gives away about people, and so how it is masked."""

    LABEL = "label"  # a name, a wave, a method: nothing about a person
    UNITS = "units"  # a number of practices or link workers
    COUNT = "count"  # a number of people or of their records
    MODEL_N = "model_n"  # the n of a model; exempt, as in the HES and ECDS rules
    MEAN = "mean"  # rests on `base` people: means and their intervals
    SPREAD = "spread"  # SDs and what follows from them: beside an interval they give n back
    QUANTILE = "quantile"  # rests on `base` people
    SHARE = "share"  # `numerator` of `base`; given again from the masked counts
    DF = "df"  # equal to `base` - 1 it would give the count back
    ESTIMATE = "estimate"  # a model estimate; exempt
    CURVE = "curve"  # a share at one step of a curve: steps are joined and shares rounded


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: what it is called, how it is printed, how it is masked.

    Attributes
    ----------
    title : str
        Heading, in words that a commissioner can read.
    role : Role
        Disclosure role.
    base : str
        The row's field that counts the people whom the number tells of.
    numerator : str
        For shares: the row's field that counts those in question.
    complement : str
        For shares: the row's field that counts all others, where one does. Masked, it
        takes the share with it, which would otherwise claim that there is nobody.
    parts_of : tuple of str
        For shares whose parts stand in several rows: the fields that name the whole.
    decimals : int or None
        Decimals printed; None for text, whole numbers, and means printed with the
        decimals that the plan gives the outcome.
    derived : bool
        For what an SD went into: shown as exactly as the largest SD of its base, as its own size
        does not say how exactly it tells of that.
    limit : float or None
        For a word on a share, `numerator` of `base`: judged again, against this, from the counts
        that are shown.
    guarded : bool
        For shares with a complement: a complement that may not be told hides the numerator too,
        where the two would give it back. Shares of several parts always do so.
    part_of : str
        For counts: the row's field that this and the others which name it add up to.
    coarse : float
        For what follows from counts of people, such as a ratio of odds: the multiple that it is
        told to below 100 people.
    outwards : int
        For an end of the interval of a ratio below 100 people: -1 for the lower, which becomes a
        round number below it, 1 for the upper. 0 for all else.
    practices : str
        For df: the row's field that counts practices. Where it has none, df are those of people.
    moved_by : tuple of str
        For a difference that moves with points added: the fields that say how many. Its decimals
        are as few as leave open how many people they were added to.
    follows : bool
        For counts that follow from others: not shown where one of the parts of its row, or of the
        whole that `parts_of` names, is hidden, as it would give that back.
    """

    title: str
    role: Role
    base: str = ""
    numerator: str = ""
    complement: str = ""
    parts_of: tuple[str, ...] = ()
    decimals: int | None = None
    derived: bool = False
    limit: float | None = None
    guarded: bool = False
    part_of: str = ""
    coarse: float = 0.0
    outwards: int = 0
    practices: str = ""
    moved_by: tuple[str, ...] = ()
    follows: bool = False


def label(title: str, *, of: str = "") -> Column:
    """Return a name or a method; one that tells of `of` people is masked with them."""
    return Column(title=title, role=Role.LABEL, base=of)


def units(title: str, *, of: str) -> Column:
    """Return a number of practices or link workers among `of` people."""
    return Column(title=title, role=Role.UNITS, base=of)


def count(title: str, *, of: str = "", part_of: str = "", follows: bool = False) -> Column:
    """Return a number of people; one that would tell how many `of` are is masked with them."""
    return Column(title=title, role=Role.COUNT, base=of, part_of=part_of, follows=follows)


def mean(
    title: str,
    *,
    of: str,
    decimals: int | None = None,
    coarse: float = 0.0,
    outwards: int = 0,
    moved_by: tuple[str, ...] = (),
) -> Column:
    """Return a mean, SD or limit that rests on `of` people, in the outcome's own decimals."""
    return Column(
        title=title,
        role=Role.MEAN,
        base=of,
        decimals=decimals,
        coarse=coarse,
        outwards=outwards,
        moved_by=moved_by,
    )


def spread(title: str, *, of: str, decimals: int | None = None, derived: bool = False) -> Column:
    """Return an SD, a standard error or an effect size over `of` people, or what it leads to."""
    return Column(title=title, role=Role.SPREAD, base=of, decimals=decimals, derived=derived)


def verdict(title: str, *, numerator: str, of: str, limit: float) -> Column:
    """Return a word on whether a share reaches a limit, judged from the counts that are shown."""
    return Column(title=title, role=Role.LABEL, base=of, numerator=numerator, limit=limit)


def share(
    title: str,
    *,
    numerator: str,
    of: str,
    complement: str = "",
    parts_of: tuple[str, ...] = (),
    guarded: bool = False,
) -> Column:
    """Return a share between 0 and 1, printed per cent."""
    return Column(
        title=title,
        role=Role.SHARE,
        base=of,
        numerator=numerator,
        complement=complement,
        parts_of=parts_of,
        decimals=0,
        guarded=guarded,
    )


def curve(title: str, *, of: str) -> Column:
    """Return a share between 0 and 1 at one step of a curve of `of` people, printed per cent."""
    return Column(title=title, role=Role.CURVE, base=of, decimals=0)


def columns_of(row_type: type) -> dict[str, Column]:
    """Columns of a row type by field name, in reading order.

    Raises
    ------
    TypeError
        A field declares no column, and so no disclosure role.
    """
    return _columns(row_type)


@cache
def _columns(row_type: type) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for name, hint in get_type_hints(row_type, include_extras=True).items():
        declared = [a for a in get_args(hint)[1:] if isinstance(a, Column)]
        if get_origin(hint) is not Annotated or len(declared) != 1:
            raise TypeError(f"{row_type.__name__}.{name} must declare exactly one Column.")
        found[name] = declared[0]
    for name, column in found.items():
        for needed in (column.base, column.numerator, column.complement, column.part_of):
            if needed and found[needed].role is not Role.COUNT:
                raise TypeError(f"{row_type.__name__}.{name} must rest on a count, not {needed}.")
    return found
