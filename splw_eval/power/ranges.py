"""What the value of one option may be: a word, a number, a share, within its range."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding
from splw_eval.power.df_rules import faults_of_df
from splw_eval.power.options import OPTIONS, Option

_PER_CENT = 2  # from which a share was likely meant as a per cent


def faults_of_value(name: str, value: Any) -> Iterator[Finding]:
    """What is wrong with the value of one option, by itself.

    Parameters
    ----------
    name : str
        Of the option.
    value : object
        As given.

    Yields
    ------
    Finding
    """
    option = OPTIONS[name]
    if option.form == "word":
        yield from _word(option, value)
    elif option.form == "flag":
        if not isinstance(value, bool):
            yield finding("SZ03", name, "is neither yes nor no", "Give True or False.")
    else:
        yield from _numbers(option, value)


def _word(option: Option, value: Any) -> Iterator[Finding]:
    if option.name == "df":
        yield from faults_of_df(value)
    elif not isinstance(value, str):
        yield finding("SZ03", option.name, "is no word", listed(option.words))
    elif option.words and value not in option.words:
        yield finding("SZ03", option.name, f'"{value}" is not known', listed(option.words))


def _numbers(option: Option, value: Any) -> Iterator[Finding]:
    name, meaning = option.name, f"It is {the(option)}."
    try:
        numbers = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        yield finding("SZ03", name, "is no number", _of_per_cent(value) or meaning)
        return
    if option.form == "matrix":
        numbers = numbers[np.isfinite(numbers)]
    if not numbers.size or not np.isfinite(numbers).all():
        yield finding("SZ03", name, "has a value that is no number", meaning)
        return
    low = numbers <= option.low if option.open_low else numbers < option.low
    high = numbers >= option.high if option.open_high else numbers > option.high
    if option.share and (numbers[high] >= _PER_CENT).any():
        remedy = f"Give a share: {numbers.max() / 100:g} for {numbers.max():g} per cent."
        yield finding("SZ04", name, "is above 1", remedy)
    elif low.any() or high.any():
        yield finding("SZ03", name, "is out of its range", _between(option))


def _of_per_cent(value: Any) -> str:
    """A remedy for 30%, which is typed where a share is asked."""
    for one in value if isinstance(value, list | tuple) else [value]:
        with suppress(ValueError):
            if isinstance(one, str) and one.strip().endswith("%"):
                return f"Give a share: {float(one.strip()[:-1]) / 100:g} for {one.strip()}."
    return ""


def _between(option: Option) -> str:
    ends = []
    if np.isfinite(option.low):
        ends.append(f"{'above' if option.open_low else 'at least'} {option.low:g}")
    if np.isfinite(option.high):
        ends.append(f"{'below' if option.open_high else 'at most'} {option.high:g}")
    named = the(option)
    return f"{named[0].upper()}{named[1:]} is {' and '.join(ends)}."


def the(option: Option) -> str:
    """The meaning of an option, with an article."""
    meaning = option.meaning.partition(":")[0]
    return meaning if meaning.startswith("the ") else f"the {meaning}"


def listed(words: Iterable[str]) -> str:
    """Words that there are."""
    return f"There are: {', '.join(words)}."
