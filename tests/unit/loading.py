"""Loading a study that was just written, for its scores or for its findings."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from pathlib import Path
from typing import Any

import pytest

from splw_eval.core.errors import DataError
from splw_eval.core.findings import Finding, Severity
from splw_eval.data import Study, load_study
from tests.unit.given_study import given_study


def loaded(folder: Path, plan: Mapping[str, Any], **files: Any) -> Study:
    """Study made of a plan and its files."""
    return load_study(given_study(folder, plan, **files))


def scores(study: Study, outcome: str = "phq9") -> dict[str, list[float | None]]:
    """Scores by pseudonym; None where there is none."""
    table = [[None if isnan(v) else v for v in row] for row in study.scores[outcome].tolist()]
    return dict(zip(study.people.ids, table, strict=True))


def faults(folder: Path, plan: Mapping[str, Any], **files: Any) -> list[Finding]:
    """Errors of a study that cannot be used."""
    with pytest.raises(DataError) as caught:
        loaded(folder, plan, **files)
    return [f for f in caught.value.findings if f.severity is Severity.ERROR]


def only_fault(folder: Path, plan: Mapping[str, Any], **files: Any) -> Finding:
    """The one error of a study that cannot be used."""
    (fault,) = faults(folder, plan, **files)
    assert fault.remedy
    return fault


def warned(study: Study, code: str) -> Finding:
    """The one warning or note of a code."""
    (finding,) = [f for f in study.findings if f.code == code]
    return finding
