"""Numbers and dates as they are written: commas, sizes, serial numbers among dates."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.findings import Severity
from splw_eval.data.ledger import Ledger
from splw_eval.data.parse import dates, numbers
from splw_eval.data.sheet import Sheet
from tests.unit.data.given_tables import MEASURES, PEOPLE, plan_with, sheet_of, tables_of, valid
from tests.unit.given_study import edited


def read(cells, reader=numbers, **spec):
    """Read one column of a file; gives the values and the findings."""
    plan = plan_with()
    for key, value in spec.items():
        plan = edited(plan, f"files.1.{key}", value)
    ledger = Ledger()
    sheet = sheet_of(valid(plan), 1, [["phq"], *([cell] for cell in cells)])
    return reader(sheet, "phq", ledger).tolist(), ledger.findings


@pytest.mark.parametrize("cells", [["1,250"], ["1,250", "12,000,000"], ["-1,250.5"]])
def test_commas_between_thousands_are_to_be_removed_and_not_declared(cells):
    _, (fault,) = read(cells)
    assert fault.code == "SW04"
    assert "remove those commas" in fault.remedy
    assert "decimal =" not in fault.remedy


@pytest.mark.parametrize("cells", [["1,25"], ["0,125"], ["1,250", "6,5"]])
def test_commas_that_cannot_all_part_thousands_are_a_decimal_sign(cells):
    _, (fault,) = read(cells)
    assert 'decimal = ","' in fault.remedy


def test_with_a_decimal_comma_commas_that_may_part_thousands_are_a_warning():
    values, (warning,) = read(["1,250", "7", "2,000"], decimal=",")
    assert values == [1.25, 7.0, 2.0]
    assert (warning.code, warning.severity) == ("SW131", Severity.WARNING)
    assert read(["1,250", "7,5"], decimal=",")[1] == []
    assert read(["0,125"], decimal=",")[1] == []


def test_in_whole_numbers_such_a_comma_is_a_fault_also_before_three_zeros():
    plan = edited(plan_with("clusters"), "files.2.decimal", ",")
    clusters = [["cluster", "list_size"], ["c1", "6,000"], ["c2", "700"]]
    tables, findings = tables_of(plan, PEOPLE, MEASURES, clusters)
    (fault,) = [f for f in findings if f.code == "SW04"]
    assert (fault.rows, fault.column) == ((2,), "B (list_size)")
    assert "thousands" in fault.remedy
    assert np.isnan(tables["clusters"].number("list_size")[0])


@pytest.mark.parametrize(
    "cell", ["1e400", "-1e400", "9" * 400, "9" * 300, "1e308", "9007199254740993", "inf", "nan"]
)
def test_numbers_without_end_or_of_hundreds_of_digits_are_faults(cell):
    values, (fault,) = read(["5", cell])
    assert values[0] == 5.0
    assert np.isnan(values[1])
    assert (fault.code, fault.rows) == ("SW04", (3,))


def test_so_are_they_where_the_file_keeps_numbers_itself():
    of = valid(plan_with()).files[1]
    cells = np.array([1.0, np.inf, -np.inf, 1e300, np.nan])
    sheet = Sheet(spec=of, header=("phq",), cells={"phq": cells}, rows=np.arange(2, 7))
    ledger = Ledger()
    assert np.isnan(numbers(sheet, "phq", ledger)[1:]).all()
    assert ledger.findings[0].rows == (3, 4, 5)


def test_serial_numbers_among_dates_keep_their_own_remedy():
    _, findings = read(["2025-01-05", "45800", "5 Jan"], dates)
    by_row = {f.rows: f.remedy for f in findings}
    assert "Excel serial" in by_row[3,]
    assert "date_format" in by_row[4,]
