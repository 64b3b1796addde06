"""The ICC of a study that was done, from the results of its report."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from splw_eval.core.model_rows import PRIMARY
from splw_eval.power.checks import finding, refuse
from splw_eval.power.planning_numbers import bare, is_of

_TABLE, _QUESTIONS = "ratios", "contrasts"  # what the next sample size needs; what was asked
_AT, _MEAN, _ALONE = "ICC at ", "ICC, mean of the waves", "ICC"  # all of one wave
_FIGURES = ("estimate", "conf_low", "conf_high")
_NAMED = "name one: --icc-from FILE:OUTCOME"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyIcc:
    """The ICC of one outcome of a study.

    Attributes
    ----------
    icc : float
        The estimate, none below 0.
    told : mapping of str to float
        Estimate and 95% interval, as `splw_eval.power.expected_power` takes them.
    source : str
        Where it comes from.
    """

    icc: float
    told: Mapping[str, float]
    source: str


def icc_of_report(given: str, instrument: str | None = None) -> StudyIcc:
    """Read the ICC of one outcome of a report, of people measured at the same time.

    Parameters
    ----------
    given : str
        ``results.json`` of a report, or the folder that holds it; after a colon the name of an
        outcome, which goes before the questionnaire.
    instrument : str, optional
        The questionnaire that is planned with; it says which outcome.

    Returns
    -------
    StudyIcc
        At the wave of the study's main question; where that is not one wave, the mean of the
        waves; where there is neither, the last wave. Never the correlation between waves.

    Raises
    ------
    DesignError
        The file cannot be read, has no ICC, or has several outcomes of which none is named.
    """
    path, wanted = _split(given)
    held = _tables(path)
    within = [row for row in held[_TABLE] if _is_within(str(row.get("measure", "")))]
    if not within:
        _refuse(f"{path} holds no ICC", "Give --icc with its source, or --icc-prior.")
    outcome = _outcome(within, wanted, instrument, path)
    of = [row for row in within if row.get("outcome") == outcome]
    row = _chosen(of, _when(held[_QUESTIONS], outcome))
    if row is None:
        problem = f"{path} hides the ICC of {outcome}, or gives it without an interval"
        _refuse(problem, "Give --icc with its source, or --icc-prior.")
    told = {key: float(row[key]) for key in _FIGURES}
    source = (
        f"{outcome}, {row['measure']}, of {path.name}: {told['estimate']:.3g} (95% interval "
        f"{told['conf_low']:.3g} to {told['conf_high']:.3g}), {row['clusters']} clusters, "
        f"{row['n']} people"
    )
    return StudyIcc(icc=max(told["estimate"], 0.0), told=told, source=source)


def _split(given: str) -> tuple[Path, str]:
    """A path, and the outcome after its last colon; a path may have colons of its own."""
    head, colon, tail = given.rpartition(":")
    whole = not colon or not head or Path(given).exists() or not Path(head).exists()
    return (Path(given), "") if whole else (Path(head), tail.strip())


def _tables(path: Path) -> dict[str, list[Row]]:
    file = path / "results.json" if path.is_dir() else path
    try:
        held = json.loads(file.read_text(encoding="utf-8"))["results"]
        return {name: list(held.get(name, {}).get("rows", [])) for name in (_TABLE, _QUESTIONS)}
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError):
        _refuse(f"{path} cannot be read", "Give results.json of a report that splw-eval made.")


def _is_within(measure: str) -> bool:
    return measure.startswith(_AT) or measure in {_MEAN, _ALONE}


def _outcome(rows: Sequence[Row], wanted: str, instrument: str | None, path: Path) -> str:
    """The outcome that is named, or is of the questionnaire, or is the only one."""
    there = list(dict.fromkeys(str(row.get("outcome")) for row in rows))
    listed = ", ".join(there)
    if wanted:
        found = [one for one in there if bare(one) == bare(wanted)]
        problem = f'{path} has no ICC of an outcome "{wanted}"'
        remedy = f"It has: {listed}."
    elif instrument:
        found = [one for one in there if is_of(one, instrument)]
        none = "none" if not found else "several"
        problem = f"{path} has ICCs of {listed}, {none} of {instrument}"
        remedy = f"{_NAMED[:1].upper()}{_NAMED[1:]}."
    else:
        found = there
        problem = f"{path} has ICCs of several outcomes: {listed}"
        remedy = f"Give --instrument, or {_NAMED}."
    if len(found) != 1:
        _refuse(problem, remedy)
    return found[0]


def _when(rows: Sequence[Row], outcome: str) -> str:
    """The wave of the main question; none where it is of several, or is not there."""
    asked = {
        str(row.get("when"))
        for row in rows
        if (row.get("outcome"), row.get("part")) == (outcome, PRIMARY)
    }
    return asked.pop() if len(asked) == 1 else ""


def _chosen(rows: Sequence[Row], when: str) -> Row | None:
    known = [row for row in rows if all(row.get(key) is not None for key in _FIGURES)]
    of = {str(row["measure"]): row for row in known}
    waves = [row for name, row in of.items() if name.startswith(_AT)]
    return of.get(_AT + when) or of.get(_MEAN) or of.get(_ALONE) or (waves[-1] if waves else None)


def _refuse(problem: str, remedy: str) -> NoReturn:
    refuse([finding("SZ13", "", f"--icc-from: {problem}", remedy)])
    raise AssertionError
