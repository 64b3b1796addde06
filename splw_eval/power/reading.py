"""Reading a design: names, ranges, what is missing and what contradicts itself, all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding, refuse
from splw_eval.power.design import COMMON, DEFAULTS, Design, Kind, Values
from splw_eval.power.df_rules import faults_beside_test, plain_rule
from splw_eval.power.event_checks import with_start
from splw_eval.power.fewest import faults_of_few_clusters
from splw_eval.power.kinds import HOMES, kind_of
from splw_eval.power.options import OPTIONS, Option
from splw_eval.power.ranges import faults_of_value, listed, the
from splw_eval.power.refused import WORDS, refusal

_PAIR, _ALIKE = 2, 1e-9
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
        refuse([finding("SZ01", "", f'there is no design "{kind}"', f"{hint}{listed(HOMES)}")])
    found_kind = kind_of(kind)
    given = {name: value for name, value in options.items() if value is not None}
    if "df" in given:
        given["df"] = plain_rule(kind, given["df"])
    found = list(_names(found_kind, given))
    faults = {k: list(faults_of_value(k, given[k])) for k in given if k in OPTIONS}
    found += [one for own in faults.values() for one in own]
    if found:
        sound = {k: _plain(OPTIONS[k], given[k]) for k, own in faults.items() if not own}
        beside = Values({**DEFAULTS, **found_kind.defaults, **sound})
        refuse([*found, *_missing_beside(found_kind, given), *_aims(found_kind, beside)])
    given = {name: _plain(OPTIONS[name], value) for name, value in given.items()}
    given = {**_likeliest_icc(found_kind, given), **given}
    given = with_start(given) if "retention" in found_kind.takes else given
    given |= {"solve": "events"} if _events_alone(found_kind, given) else {}
    found += _missing(found_kind, given)
    refuse(found)
    values = Values({**DEFAULTS, **found_kind.defaults, **given})
    found += [*_aims(found_kind, values), *found_kind.check(values)]
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


def _events_alone(kind: Kind, given: Mapping[str, Any]) -> bool:
    """Whether no number of people can follow, since nothing tells how many have the event."""
    if "events" not in kind.solves or "power" not in given or "solve" in given:
        return False
    shares = ("p0", "p_event", "rate0", "retention", "events", "patients", "clusters")
    return any(name in given for name in kind.effect) and not any(n in given for n in shares)


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


def _missing_beside(kind: Kind, given: Mapping[str, Any]) -> Iterator[Finding]:
    """What is missing where other faults stand already."""
    told = {name: value for name, value in given.items() if name in OPTIONS}
    if {"icc_prior", "icc_range"} & set(told):
        told.setdefault("icc", 0.0)
    if told.get("solve") in (None, *kind.solves):
        yield from _missing(kind, told)


def _missing(kind: Kind, given: Mapping[str, Any]) -> Iterator[Finding]:
    aim = sought(kind, given)
    if aim not in kind.solves:
        yield finding(
            "SZ10", "solve", f"{aim} cannot be sought of {kind.name}", listed(kind.solves)
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
            remedy = f"Give {the(OPTIONS[group[0]])}."
            yield finding("SZ02", "", f"{flags} is missing", remedy)


def _aims(kind: Kind, values: Values) -> Iterator[Finding]:
    """What the test cannot be asked."""
    if "power" in values and (values.power <= values.alpha).any():
        problem = "is no more than --alpha, which any test reaches where there is no difference"
        yield finding("SZ11", "power", problem, "Give a power such as 0.8.")
    if values.sides not in (1, 2):
        yield finding("SZ03", "sides", "is neither 1 nor 2", "Give 1 or 2.")
    yield from faults_beside_test(values)
    yield from faults_of_few_clusters(kind, values)
    yield from _of_what_the_icc_may_be(kind, values)


def _of_what_the_icc_may_be(kind: Kind, values: Values) -> Iterator[Finding]:
    """An ICC beside a range that it is not in, or beside a distribution of another mean."""
    told = [name for name in ("icc_range", "icc_prior") if name in values]
    if len(told) > 1:
        yield finding("SZ14", told[0], "and --icc-prior tell the same twice", "Give one of them.")
    elif told and "icc" not in kind.takes:
        yield finding("SZ05", told[0], f"is of no {kind.title}", "Leave it out.")
    elif told and values.icc is None:
        remedy = "Give --icc, or leave --sd-cluster out."
        yield finding("SZ05", told[0], "goes with no --sd-cluster", remedy)
    if len(told) != 1 or values.icc is None or np.size(values.__getattr__(told[0])) != _PAIR:
        return
    first, second = (float(one) for one in values.__getattr__(told[0]))
    icc = np.asarray(values.icc)
    if told[0] == "icc_range" and ((icc < first) | (icc > second)).any() and first <= second:
        remedy = f"Give an --icc from {first:g} to {second:g}, or leave it out."
        yield finding("SZ14", "icc", "is outside --icc-range", remedy)
    elif told[0] == "icc_prior" and (np.abs(icc - first) > _ALIKE).any():
        remedy = f"Leave --icc out: it is then the mean, {first:g}."
        yield finding("SZ14", "icc", "is not the mean of --icc-prior", remedy)
