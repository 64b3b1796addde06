"""The catalogue of a study, and what its scorings are told before anything is read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from splw_eval.core.errors import DataError
from splw_eval.core.findings import Severity
from splw_eval.core.plan import FromColumn, Plan
from splw_eval.data.headings import nearest
from splw_eval.data.ledger import Ledger
from splw_eval.data.sheet import Sheet
from splw_eval.instruments import Instrument, read_catalogue
from splw_eval.instruments.catalogue import OWN_FOLDER


def catalogue_of(folder: Path, ledger: Ledger) -> Mapping[str, Instrument] | None:
    """Read the instruments that are shipped and the study's own; None where these are faulty."""
    try:
        return read_catalogue(folder)
    except DataError as error:
        ledger.take(error.findings)
        return None


def own_digests(
    folder: Path,
    instruments: Mapping[str, Instrument | None],
    options: Mapping[str, Mapping[str, Any]],
) -> dict[str, str]:
    """SHA-256 of each file of the study's own that scores rest on: instruments and tables."""
    own = {held.name for held in instruments.values() if held is not None and held.own}
    paths = [folder / OWN_FOLDER / f"{name}.toml" for name in sorted(own)]
    paths += [v for said in options.values() for v in said.values() if isinstance(v, Path)]
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
        if path.is_file()  # one that is not there is reported where it is read
    }


def asked_of(
    plan: Plan, instruments: Mapping[str, Instrument | None], folder: Path, ledger: Ledger
) -> dict[str, dict[str, Any]]:
    """Give the options of each outcome in the form that its scoring takes, but for columns.

    Parameters
    ----------
    plan : Plan
    instruments : mapping of str to Instrument or None
        By name of the outcome.
    folder : Path
        The plan's folder; tables of values may not lie outside it.
    ledger : Ledger
        Gets tables of values that lie outside it.

    Returns
    -------
    dict of str to dict
        By name of the outcome; codes are whole numbers, tables are paths.
    """
    asked: dict[str, dict[str, Any]] = {}
    for outcome in plan.outcomes:
        instrument = instruments[outcome.name]
        options = asked.setdefault(outcome.name, {})
        if instrument is None:
            continue
        for name, value in outcome.options.items():
            kind = instrument.options[name].kind if name in instrument.options else ""
            if isinstance(value, FromColumn) or not kind:
                continue
            if kind == "codes":
                options[name] = as_codes(value)
            elif kind == "file":
                options[name] = _inside(folder, str(value), ledger)
            else:
                options[name] = value
    return asked


def as_codes(value: Any) -> tuple[int, ...]:
    """Codes of an option as whole numbers: the plan reads a single one as a decimal number."""
    codes = value if isinstance(value, tuple) else (value,)
    return tuple(int(code) for code in codes)


def _inside(folder: Path, name: str, ledger: Ledger) -> Path:
    path = folder / name
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # a ring of links, or no possible name
        inside = False
    if not inside:
        problem = "lies outside the plan's folder"
        ledger.add(Severity.ERROR, "SW21", problem, "Copy the file into it.", file=name)
    return path


def report_absent(plan: Plan, sheets: list[Sheet], ledger: Ledger) -> None:
    """Report columns of [outcomes.options] that no file of people or measures has."""
    known = {h for s in sheets if s.spec.table in {"people", "measures"} for h in s.cells}
    for outcome in plan.outcomes:
        for value in outcome.options.values():
            if isinstance(value, FromColumn) and value.column not in known:
                ledger.add(
                    Severity.ERROR,
                    "SW02",
                    f'no file has the column "{value.column}" that [outcomes.options] names'
                    f"{nearest(value.column, known)}",
                    "Correct the name in study.toml, or the heading in the file.",
                )
