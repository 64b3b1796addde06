"""One version of the deprivation index for everybody."""

from __future__ import annotations

import pytest

from splw_eval.core.findings import Severity
from splw_eval.data.checks.deprivation import check
from tests.unit.data.given_tables import MEASURES, PEOPLE, added, found, only, plan_with

MANY = [*PEOPLE, ["p3", "2025-01-10"]]


@pytest.mark.parametrize("other", ["IMD 2025", "WIMD 2019", "SIMD 2019"])
def test_two_versions_in_one_study_are_a_fault(other):
    people = added(MANY, "imd_version", "IMD 2019", other, "IMD 2019")
    fault = only(check, plan_with(), people, MEASURES)
    assert (fault.code, fault.severity, fault.rows) == ("SW75", Severity.ERROR, (3,))


@pytest.mark.parametrize("other", ["2019", "imd2019", "English Indices of Deprivation 2019", ""])
def test_one_version_written_in_two_ways_is_no_finding(other):
    people = added(MANY, "imd_version", "IMD 2019", other, "IMD 2019")
    assert found(check, plan_with(), people, MEASURES) == {}
