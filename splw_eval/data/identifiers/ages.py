"""Dates of birth, and ages exact enough to tell people apart."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import Plan
from splw_eval.data.identifiers.column import Column, Hit, refused, warned
from splw_eval.data.sheet import Sheet
from splw_eval.data.words import listed

_ISO = re.compile(r"(\d{4})[-/.]\d{1,2}[-/.]\d{1,2}([T ].*)?")
_DAY_FIRST = re.compile(r"\d{1,2}[-/. ](?:\d{1,2}|[A-Za-z]{3,9})[-/., ]{1,2}(\d{4})( .*)?")
_DATE_SHAPE = re.compile(r"(9{4}[-/.]9{1,2}[-/.]9{1,2}|9{1,2}[-/. ].{1,9}[-/., ]{1,2}9{4}).*")
_SHORT_YEAR = re.compile(r"9{1,2}[-/. ](9{1,2}|[Aa]{3,9})[-/. ]9{2}")
_PACKED = re.compile(r"9{8}|9{5}(\.9)?")  # 19600131, or the day as Excel counts it
_NUMBER = re.compile(r"9{1,3}(\.9+)?")
_YEAR = re.compile(r"9{4}(\.9)?")
_BIRTH = listed("birth_headings")
_NOT_A_DAY = listed("birth_not_a_day")
_BANDS = listed("age_in_bands")
_SHARE = 0.8
_FEWEST = 5
_YOUNGEST, _OLDEST = 16, 105  # years between birth and the study, for adults
_BIRTHS_SPREAD = 20  # years: referrals lie closer together, births of adults do not
_LONGEST_LIFE = 120
_CODES = 20  # a column "age" that never passes 20 holds codes of bands
_RARE = 90
_REMEDY = "Give an age band (age_band, such as 45-54) in its place where the file is made."


def find_birth_dates(column: Column) -> Hit | None:
    """Find full dates under a heading that speaks of birth."""
    words = set(column.words)
    joined = "".join(column.words)
    if not (words & _BIRTH or "dateofbirth" in joined) or words & _NOT_A_DAY:
        return None
    shapes = (_DATE_SHAPE, _SHORT_YEAR, _PACKED)
    found = [value for shape in shapes for value in column.of_shape(shape)]
    return refused("SW94", "full dates of birth", _REMEDY, found) if found else None


def find_exact_ages(column: Column) -> Hit | None:
    """Find ages in single years, and years of birth."""
    words = set(column.words)
    if words & {"birth", "yob", "born"} and words & {"year", "yob"}:
        years = [v for v in column.of_shape(_YEAR) if 1900 <= float(v) <= 2100]  # noqa: PLR2004
        remedy = "An age band (age_band, such as 45-54) tells less of each person."
        return warned("SW105", "years of birth", remedy, years) if years else None
    ages = _ages(column)
    if not ages or all(age % 5 == 0 for age in ages.values()):
        return None
    remedy = "An age band (age_band, such as 45-54) tells less of each person."
    return warned("SW105", "ages in single years", remedy, ages)


def find_great_ages(column: Column) -> Hit | None:
    """Find ages of 90 and more, of which there are few in any place."""
    old = [value for value, age in _ages(column).items() if age >= _RARE]
    if not old:
        return None
    remedy = "Few people are so old: give one highest band, such as 85 and over."
    return warned("SW106", "ages of 90 or more", remedy, old)


def _ages(column: Column) -> Mapping[str, float]:
    """Ages by value, where a column holds them; empty otherwise."""
    words = set(column.words)
    if column.role != "age_band" and ("age" not in words or words & _BANDS):
        return {}
    ages = {v: float(v) for v in column.of_shape(_NUMBER)}
    ages = {v: age for v, age in ages.items() if age <= _LONGEST_LIFE}
    several = len(ages) >= _SHARE * len(column.times)
    return ages if several and ages and max(ages.values()) > _CODES else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A column of dates, with what is needed to tell births from events.

    Attributes
    ----------
    sheet : Sheet
    heading : str
    planned : bool
        Whether the plan or the codebook says what the dates are.
    years : ndarray of float, shape (n,)
        Year of each filled row.
    """

    sheet: Sheet
    heading: str
    planned: bool
    years: NDArray[np.float64]


def dated(column: Column) -> Dated | None:
    """Return the years of a column of dates written as text; None for any other column."""
    years: list[float] = []
    for value in column.of_shape(_DATE_SHAPE):
        fits = _ISO.fullmatch(value) or _DAY_FIRST.fullmatch(value)
        if fits:
            years.extend([float(fits[1])] * column.times[value])
    if not years or len(years) < _SHARE * column.filled:
        return None
    return Dated(
        sheet=column.sheet, heading=column.heading, planned=column.needed, years=np.array(years)
    )


def births_among(plan: Plan, columns: Sequence[Dated]) -> list[Dated]:
    """Tell which columns of dates lie a life before the study.

    Without any date to compare with, dates of birth are told by how far they spread.
    """
    known = [c for c in columns if c.planned] or list(columns)
    study = max((float(np.median(c.years)) for c in known), default=np.nan)
    if plan.data_cut is not None:
        study = float(plan.data_cut.year)
    return [c for c in columns if not c.planned and len(c.years) >= _FEWEST and _births(c, study)]


def _births(column: Dated, study: float) -> bool:
    before = study - column.years
    if np.mean((before >= _YOUNGEST) & (before <= _OLDEST)) >= _SHARE:
        return True
    low, high = np.quantile(column.years, [0.1, 0.9])
    return bool(float(np.median(column.years)) == study and high - low >= _BIRTHS_SPREAD)
