"""A report on disk for each kind of study."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from splw_eval.core.plan import Plan
from splw_eval.core.result import Result
from splw_eval.report import write_report
from tests.reports import given

Written = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Write a report of a plan; results are made by hand unless given."""

    def write(plan: Plan, results: Mapping[str, Result[Any]] | None = None) -> Path:
        out = tmp_path / "report"
        found = given.results(plan) if results is None else results
        return write_report(out, plan=plan, results=found, provenance=given.PROVENANCE)

    return write
