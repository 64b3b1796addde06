"""Columns of result rows: title, format and disclosure role, each said once."""

from __future__ import annotations

from collections.abc import Iterable
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
    STAFF = "staff"  # a number of link workers: 1 and 2 are hidden, and what rests on so few
    TOTAL = "total"  # a sum over people, such as costs or minutes: rounded, and see `dominated_by`
    GUARD = "guard"  # decides only whether something else may be shown; is itself never shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributors:
    """Of how many a total is made, and how much of it is of the largest ones.

    Attributes
    ----------
    n : int
        Practices (or link workers) that add anything to the total.
    largest, second : float
        Shares of the total, from 0 to 1, of the two that add most.
    """

    n: int
    largest: float
    second: float

    @classmethod
    def of(cls, amounts: Iterable[float]) -> Contributors:
        """Return those of a total from what each practice adds to it."""
        found = sorted((abs(x) for x in amounts if x), reverse=True)
        whole = sum(found)
        shares = [x / whole for x in found[:2]] + [0.0, 0.0]
        return cls(n=len(found), largest=shares[0], second=shares[1])


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
    words : tuple of str
        Of a word on a share: what it says where the share reaches the limit, where it does not
        and where the counts leave it open. Any other word of the column is no judgement and stays.
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
    whole_row : bool
        For numbers of link workers: every number of the row rests on them, so that none is shown
        where they are fewer than three.
    dominated_by : str
        For totals: the row's field of role `GUARD` with its `Contributors`. Not shown where one
        practice makes up more than half of it, two more than three quarters, or fewer than three
        add to it.
    per : int
        For shares: of how many people it is printed, 100 or 1,000.
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
    words: tuple[str, ...] = ()
    guarded: bool = False
    part_of: str = ""
    coarse: float = 0.0
    outwards: int = 0
    practices: str = ""
    moved_by: tuple[str, ...] = ()
    follows: bool = False
    whole_row: bool = False
    dominated_by: str = ""
    per: int = 100


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
    per: int = 100,
) -> Column:
    """Return a share between 0 and 1, printed per cent, or per 1,000 with one decimal."""
    return Column(
        title=title,
        role=Role.SHARE,
        base=of,
        numerator=numerator,
        complement=complement,
        parts_of=parts_of,
        decimals=0 if per == 100 else 1,  # noqa: PLR2004
        guarded=guarded,
        per=per,
    )


def curve(title: str, *, of: str) -> Column:
    """Return a share between 0 and 1 at one step of a curve of `of` people, printed per cent."""
    return Column(title=title, role=Role.CURVE, base=of, decimals=0)


def staff(title: str, *, of: str = "", part_of: str = "", whole_row: bool = True) -> Column:
    """Return a number of link workers, who are known by name to everybody around them.

    Parameters
    ----------
    title : str
    of : str
        The row's field that counts the people whom they saw, where there is one; the number is
        hidden with it.
    part_of : str
        The row's field, also one of `staff`, that counts all link workers of whom these are a
        part. A hidden part takes the next smallest part of the same row with it.
    whole_row : bool
        Whether every number of the row (counts, means, shares, totals) rests on these workers:
        then none is shown where there are 1 or 2. A `part_of` never hides its row. Shown unrounded
        from 3 on.
    """
    return Column(
        title=title,
        role=Role.STAFF,
        base=of,
        part_of=part_of,
        whole_row=whole_row and not part_of,
    )


def total(title: str, *, dominated_by: str, of: str = "", decimals: int = 0) -> Column:
    """Return a sum over people, such as what their contacts cost or how long they took.

    Parameters
    ----------
    title : str
    dominated_by : str
        The row's field declared by `contributors`, with what each practice adds to the sum.
    of : str
        The row's field that counts the people summed over. The sum is hidden where they are few,
        and rounded so that, divided by their mean, it tells their number no better than rounded.
    decimals : int
        Printed.
    """
    return Column(
        title=title, role=Role.TOTAL, base=of, decimals=decimals, dominated_by=dominated_by
    )


def contributors(title: str) -> Column:
    """Return what says whether one practice makes up most of a total: `Contributors`.

    The field is `Contributors` or None. It is None in every masked result and never printed; None
    before masking where practices are not known, and then hides nothing.
    """
    return Column(title=title, role=Role.GUARD)


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
            if needed and found[needed].role not in _counted(column):
                raise TypeError(f"{row_type.__name__}.{name} must rest on a count, not {needed}.")
        if column.dominated_by and found[column.dominated_by].role is not Role.GUARD:
            raise TypeError(f"{row_type.__name__}.{name} must name a field of contributors.")
    return found


def _counted(column: Column) -> frozenset[Role]:
    """Roles of what a column may rest on: link workers are a part of link workers."""
    of_staff = column.role in {Role.STAFF, Role.SHARE}
    return frozenset({Role.COUNT, Role.STAFF} if of_staff else {Role.COUNT})
