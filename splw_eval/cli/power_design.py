"""A design from what was typed: read, filled in from elsewhere, checked, all faults at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from splw_eval.cli.power_icc import icc_of_report
from splw_eval.cli.power_read import Typed, read_typed
from splw_eval.core.findings import Finding
from splw_eval.power.checks import HEADING, DesignError, finding, refuse
from splw_eval.power.curve import end_of, faults_of_curve, is_told
from splw_eval.power.design import Design, Kind
from splw_eval.power.icc_evidence import of_study
from splw_eval.power.options import OPTIONS
from splw_eval.power.planning_numbers import filled
from splw_eval.power.reading import design

FORMS = (".png", ".svg")
END = "the end of --curve"
_PAIR = 2


def typed_design(kind: Kind, said: Mapping[str, Any], rest: Sequence[str]) -> Design:
    """Read the design that was typed.

    Parameters
    ----------
    kind : Kind
    said : mapping
        Options as typed, by name.
    rest : sequence of str
        What is no option.

    Returns
    -------
    Design

    Raises
    ------
    DesignError
        Everything that is wrong with it.
    """
    typed = read_typed(kind, said, rest)
    found = [*typed.found, *_faults_beside(kind, said)]
    for step in _steps(kind, said, typed):
        try:
            step()
        except DesignError as error:
            found += error.findings
    try:
        read = design(kind.name, sources=typed.sources, **typed.given)
    except DesignError as error:
        found += [one for one in error.findings if one not in found]
    if found:
        raise DesignError(HEADING, _without_echoes(found))
    return read


def _steps(kind: Kind, said: Mapping[str, Any], typed: Typed) -> Iterator[Callable[[], None]]:
    if said.get("icc_from"):
        yield partial(_icc_of_study, said, typed)
    yield partial(_middle_icc, kind, typed)
    for words in said.get("curve") or ():
        yield partial(_end_of_curve, kind, str(words), typed)
    if said.get("instrument"):
        yield partial(_of_questionnaire, kind, str(said["instrument"]), typed)


def _end_of_curve(kind: Kind, words: str, typed: Typed) -> None:
    """What a curve runs over need not be given as well: the answer is that at its end."""
    end = end_of(words)
    if end is None or "power" in typed.given or is_told(end[0], typed.given):
        return
    if end[0] == "clusters" and "sizes" in typed.given:  # the list tells their number
        return
    if end[0] in kind.takes and OPTIONS[end[0]].form == "number":
        typed.given[end[0]] = end[1]
        typed.sources[end[0]] = END


def _icc_of_study(said: Mapping[str, Any], typed: Typed) -> None:
    found = icc_of_report(str(said["icc_from"]), said.get("instrument"))
    if "icc" in typed.given:
        refuse([finding("SZ14", "icc", "stands beside --icc-from", "Leave out one of the two.")])
    typed.given["icc"] = found.icc
    typed.sources.setdefault("icc", found.source)
    if not {"icc_range", "icc_prior"} & set(typed.given):
        evidence = of_study(found.told)
        typed.given["icc_prior"] = [evidence.mean, evidence.sd]


def _middle_icc(kind: Kind, typed: Typed) -> None:
    """The ICC itself, where only what it may be was given."""
    given, sources = typed.given, typed.sources
    by = "icc_prior" if "icc_prior" in given else "icc_range"
    ends = given.get(by)
    if "icc" in given or "icc" not in kind.takes or not isinstance(ends, list):
        return
    if len(ends) != _PAIR or any(isinstance(one, str) for one in ends):
        return
    given["icc"] = ends[0] if by == "icc_prior" else sum(ends) / _PAIR
    if by in sources:
        sources.setdefault("icc", sources[by])


def _of_questionnaire(kind: Kind, name: str, typed: Typed) -> None:
    options, sources = filled(kind, name, typed.given, typed.sources)
    typed.given.update(options)
    typed.sources.update(sources)


def _without_echoes(found: list[Finding]) -> list[Finding]:
    """Leave out that an option is missing, where the file that was to give it has a fault."""
    told = {one.problem.split(":")[0] for one in found if one.code == "SZ13"}
    told |= {"--icc"} if "--icc-from" in told else set()
    found = [f for f in found if not (f.code == "SZ02" and any(t in f.problem for t in told))]
    if not any(one.problem.startswith("--diff: is missing, and") for one in found):
        return found
    return [f for f in found if not (f.code == "SZ02" and f.problem.startswith("--diff or"))]


def _faults_beside(kind: Kind, said: Mapping[str, Any]) -> Iterator[Finding]:
    """Options of the command itself."""
    for name in ("simulate", "seed"):
        text = said.get(name)
        if text is not None and not str(text).isdigit():
            yield finding("SZ03", "", f"--{name} is no whole number", "Such as 1000.")
    trials = str(said.get("simulate") or "")
    if trials.isdigit() and not int(trials):
        yield finding("SZ03", "", "--simulate: no trials were asked for", "Such as 1000.")
    for words in said.get("curve") or ():
        yield from faults_of_curve(kind, str(words))
    if len(said.get("curve") or ()) > 1:
        yield finding("SZ14", "", "--curve was given more than once", "Give one at a time.")
    out = said.get("out")
    if out is not None and Path(out).suffix.lower() not in FORMS:
        problem = f"--out: {Path(out).name} is neither .png nor .svg"
        yield finding("SZ03", "", problem, "End the name with .png or .svg.")
