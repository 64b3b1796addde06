"""The ICC of a study that was done, from the results of its report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from splw_eval.power.checks import finding, refuse

_TABLE = "ratios"  # what the next sample size needs
_MEASURE = "ICC"


def icc_of_report(path: Path) -> tuple[float, Mapping[str, float], str]:
    """Read the ICC of the last wave of a report's first outcome.

    Parameters
    ----------
    path : Path
        ``results.json`` of a report, or the folder that holds it.

    Returns
    -------
    tuple of (float, mapping, str)
        The estimate, none below 0; estimate and interval; and where it comes from.

    Raises
    ------
    DesignError
        The file cannot be read, or has no ICC.
    """
    row = _last_icc(_rows(path), path)
    told = {key: float(row[key]) for key in ("estimate", "conf_low", "conf_high")}
    source = (
        f"{row['outcome']}, {row['measure']}, of {path.name}: {told['estimate']:.3g} (95% interval "
        f"{told['conf_low']:.3g} to {told['conf_high']:.3g}), {row['clusters']} clusters, "
        f"{row['n']} people"
    )
    return max(told["estimate"], 0.0), told, source


def _rows(path: Path) -> list[dict[str, Any]]:
    file = path / "results.json" if path.is_dir() else path
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
        rows = held["results"].get(_TABLE, {}).get("rows", [])
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError):
        _refuse(f"{path} cannot be read", "Give results.json of a report that splw-eval made.")
    return list(rows)


def _last_icc(rows: list[dict[str, Any]], path: Path) -> dict[str, Any]:
    found = [row for row in rows if str(row.get("measure", "")).startswith(_MEASURE)]
    first = [row for row in found if row.get("outcome") == found[0].get("outcome")]
    known = [
        row
        for row in first
        if all(row.get(key) is not None for key in ("estimate", "conf_low", "conf_high"))
    ]
    if not known:
        why = "hides its ICC, or gives it without an interval" if first else "holds no ICC"
        _refuse(f"{path} {why}", "Give --icc with its source, or --icc-prior.")
    return known[-1]


def _refuse(problem: str, remedy: str) -> NoReturn:
    refuse([finding("SZ13", "", f"--icc-from: {problem}", remedy)])
    raise AssertionError
