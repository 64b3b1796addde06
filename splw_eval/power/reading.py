"""Reading a design: names, ranges, what is missing and what contradicts itself, all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding, refuse
from splw_eval.power.design import COMMON, DEFAULTS, Design, Kind, Values
from splw_eval.power.kinds import HOMES, kind_of
from splw_eval.power.options import OPTIONS, Option
from splw_eval.power.refused import WORDS, refusal

_FEWEST = 4  # clusters
_OF_CLUSTERS = ("clusters", "clusters_arm", "size", "sizes", "icc")
_ASKED_ONLY = ("power", "events")  # never guessed from what was left out
_SOUGHT = {  # what is sought, and the option that it stands for
    "power": ("power",),
    "clusters": ("clusters", "clusters_arm", "per_sequence"),
    "size": ("size",),
    "patients": ("patients", "patients_arm", "events"),
    "controls": ("controls",),
    "events": ("events",),
}


def design(kind: str, *, sources: Mapping[str, str] | None = None, **options: Any) -> Design:
    """Read a design.

    Parameters
    ----------
    kind : str
        ``parallel``, ``stepped-wedge``, ...; see `HOMES`.
    sources : mapping of str to str, optional
        Where inputs come from, by option: a paper, a data set. Those without one are listed in
        the answer.
    **options
        As on the command line, with underscores: ``clusters=30, size=20, icc=0.05``. Numbers may
        be arrays of one length, which makes a grid of designs.

    Returns
    -------
    Design

    Raises
    ------
    DesignError
        Options are not known, missing, out of range or contradict each other: all of it at once.
    """
    if kind not in HOMES:
        near = get_close_matches(str(kind), HOMES, 1)
        hint = f"Did you mean {near[0]}? " if near else ""
        refuse([finding("SZ01", "", f'there is no design "{kind}"', f"{hint}{_listed(HOMES)}")])
    found_kind = kind_of(kind)
    given = {name: value for name, value in options.items() if value is not None}
    found = list(_names(found_kind, given))
    found += [one for name in given if name in OPTIONS for one in _range(name, given[name])]
    refuse(found)
    given = {name: _plain(OPTIONS[name], value) for name, value in given.items()}
    given = {**_likeliest_icc(found_kind, given), **given}
    found += _missing(found_kind, given)
    refuse(found)
    values = Values({**DEFAULTS, **found_kind.defaults, **given})
    found += [*_aims(values), *found_kind.check(values)]
    refuse(found)
    return Design(kind=found_kind, given=given, sources=dict(sources or {}))


def sought(kind: Kind, given: Mapping[str, Any]) -> str:
    """What is to be solved: as asked, or what was left out.

    Parameters
    ----------
    kind : Kind
    given : mapping

    Returns
    -------
    str
    """
    if given.get("solve"):
        return str(given["solve"])
    for name in kind.solves:
        if name == "mde" and "power" in given and not any(o in given for o in kind.effect):
            return name
        free = () if _of_the_other_unit(name, kind, given) else _SOUGHT.get(name, ())
        if free and name not in _ASKED_ONLY and "power" in given and not set(free) & set(given):
            return name
    return "power"


def _of_the_other_unit(name: str, kind: Kind, given: Mapping[str, Any]) -> bool:
    """A number of people where clusters were told of, or the other way, in kinds of both."""
    if not {"patients", "clusters"} <= set(kind.solves):
        return False
    clustered = any(option in given for option in _OF_CLUSTERS)
    return clustered if name == "patients" else name in ("clusters", "size") and not clustered


def changed(old: Design, **other: Any) -> Design:
    """Read the same design with other options, None to leave one out.

    Parameters
    ----------
    old : Design
    **other

    Returns
    -------
    Design
    """
    given = {**old.given, **other}
    return design(old.kind.name, sources=old.sources, **given)


def _names(kind: Kind, given: Mapping[str, Any]) -> Iterator[Finding]:
    known = (*COMMON, *kind.takes)
    for name in given:
        if name in known:
            continue
        if name in WORDS:
            yield refusal(name)
            continue
        shown = OPTIONS[name].flag if name in OPTIONS else "--" + name.replace("_", "-")
        near = get_close_matches(name, known, 1)
        hint = f"Did you mean {OPTIONS[near[0]].flag}? " if near else ""
        yield finding(
            "SZ01",
            "",
            f"{shown} is no option of the design {kind.name}",
            f"{hint}It takes: {', '.join(OPTIONS[o].flag for o in kind.takes)}.",
        )


def _range(name: str, value: Any) -> Iterator[Finding]:
    option = OPTIONS[name]
    if option.form == "word":
        yield from _word(option, value)
    elif option.form == "flag":
        if not isinstance(value, bool):
            yield finding("SZ03", name, "is neither yes nor no", "Give True or False.")
    else:
        yield from _numbers(option, value)


def _word(option: Option, value: Any) -> Iterator[Finding]:
    number = option.name == "df" and isinstance(value, int | float)
    if not number and not isinstance(value, str):
        yield finding("SZ03", option.name, "is no word", _listed(option.words))
    elif option.words and value not in option.words:
        yield finding("SZ03", option.name, f'"{value}" is not known', _listed(option.words))


def _numbers(option: Option, value: Any) -> Iterator[Finding]:
    name, meaning = option.name, f"It is the {option.meaning}."
    try:
        numbers = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        yield finding("SZ03", name, "is no number", meaning)
        return
    if option.form == "matrix":
        numbers = numbers[np.isfinite(numbers)]
    if not numbers.size or not np.isfinite(numbers).all():
        yield finding("SZ03", name, "has a value that is no number", meaning)
        return
    low = numbers <= option.low if option.open_low else numbers < option.low
    high = numbers >= option.high if option.open_high else numbers > option.high
    if option.share and (numbers[high] > 1).any():
        remedy = f"Give a share: {numbers.max() / 100:g} for {numbers.max():g} per cent."
        yield finding("SZ04", name, "is above 1", remedy)
    elif low.any() or high.any():
        yield finding("SZ03", name, "is out of its range", _between(option))


def _between(option: Option) -> str:
    ends = []
    if np.isfinite(option.low):
        ends.append(f"{'above' if option.open_low else 'at least'} {option.low:g}")
    if np.isfinite(option.high):
        ends.append(f"{'below' if option.open_high else 'at most'} {option.high:g}")
    return f"The {option.meaning} is {' and '.join(ends)}."


def _likeliest_icc(kind: Kind, given: Mapping[str, Any]) -> Mapping[str, float]:
    """The mean of the prior, or the middle of the range, where no one ICC was given."""
    told = given.get("icc_prior", given.get("icc_range"))
    if told is None or "icc" not in kind.takes or {"icc", "sd_cluster"} & set(given):
        return {}
    return {"icc": float(told[0] if "icc_prior" in given else np.mean(told))}


def _plain(option: Option, value: Any) -> Any:
    """Numbers as arrays of floats, numbers of one value as a float."""
    if option.form in ("word", "flag"):
        return value
    if option.form == "number":
        numbers = np.asarray(value, dtype=np.float64)
        return float(numbers) if numbers.ndim == 0 else numbers
    return np.atleast_1d(np.asarray(value, dtype=np.float64))


def _missing(kind: Kind, given: Mapping[str, Any]) -> Iterator[Finding]:
    aim = sought(kind, given)
    if aim not in kind.solves:
        yield finding(
            "SZ10", "solve", f"{aim} cannot be sought of {kind.name}", _listed(kind.solves)
        )
        return
    if aim not in ("power", "mde") and "power" not in given:
        yield finding("SZ02", "power", "is missing", "Say which power is asked, such as 0.8.")
    free = kind.effect if aim == "mde" else _SOUGHT[aim]
    for group in kind.needs:
        if not any(option in given or option in kind.defaults for option in group) and not any(
            option in free for option in group
        ):
            flags = " or ".join(OPTIONS[option].flag for option in group)
            meaning = OPTIONS[group[0]].meaning
            yield finding("SZ02", "", f"{flags} is missing", f"Give the {meaning}.")


def _aims(values: Values) -> Iterator[Finding]:
    """What the test cannot be asked."""
    if "power" in values and (values.power <= values.alpha).any():
        problem = "is no more than --alpha, which any test reaches where there is no difference"
        yield finding("SZ11", "power", problem, "Give a power such as 0.8.")
    if values.sides not in (1, 2):
        yield finding("SZ03", "sides", "is neither 1 nor 2", "Give 1 or 2.")
    count = values.clusters if values.clusters_arm is None else np.sum(values.clusters_arm)
    few = count is not None and bool((np.asarray(count) < _FEWEST).any())
    if few and not values.force:
        yield finding(
            "SZ08",
            "clusters",
            f"fewer than {_FEWEST} clusters carry no test that can be relied on",
            "Plan more clusters; --force goes on all the same.",
        )


def _listed(words: Any) -> str:
    return f"There are: {', '.join(words)}."
