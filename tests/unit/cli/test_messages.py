"""Findings on the terminal: one line for a questionnaire, no wider than the terminal."""

from __future__ import annotations

import pytest

from splw_eval.cli.messages import print_findings
from splw_eval.core.findings import Finding, Severity


def found(column, rows=(2, 3), code="SW110", remedy="Correct them."):
    return Finding(
        code=code,
        severity=Severity.ERROR,
        problem="outside 0 to 3",
        remedy=remedy,
        file="a.csv",
        column=column,
        rows=rows,
        of_rows=20,
    )


@pytest.fixture
def said(capsys, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)

    def called(*findings):
        print_findings(findings)
        return capsys.readouterr().err

    return called


def test_one_fault_of_many_columns_is_one_line_with_how_many_cells_and_rows(said):
    shown = said(
        *(
            found(f"{letter} (q)", rows=(2, row))
            for letter, row in zip("BCDEF", range(3, 8), strict=True)
        )
    )
    assert "To mend before anything can be reported (5):" in shown
    assert shown.count("SW110") == 1
    assert (
        "  SW110 a.csv, columns B (q), C (q), D (q) and 2 more: outside 0 to 3 in 10 cells, "
        "6 of 20 rows (rows 2, 3, 4, 5, 6, 7). Correct them.\n"
    ) in shown


def test_what_differs_or_stands_in_few_columns_is_told_one_by_one(said):
    assert said(found("B"), found("C")).count("SW110") == 2
    assert said(found("B"), found("C"), found("D", remedy="Look.")).count("SW110") == 3
    assert said(found(""), found(""), found("")).count("SW110") == 3
    assert said(*(found(letter, code="SW03") for letter in "BCD")).count("SW03") == 3


def test_at_most_twenty_lines_of_a_kind_are_shown_and_the_others_counted(said):
    many = [found(f"{place}", remedy=f"{place}.") for place in range(25)]
    assert "and 5 more:" in said(*many)
    alike = [found(f"{place}", code="SW04") for place in range(30)]
    assert "--findings" not in said(*alike, *many[:5])


def test_lines_are_as_wide_as_the_terminal_and_whole_where_nobody_reads(said, monkeypatch):
    long = found("B", remedy="Look at these rows first, and correct them in the file. " * 3)
    assert len(said(long).splitlines()) == 3
    monkeypatch.setenv("COLUMNS", "60")
    lines = said(long).splitlines()
    assert max(map(len, lines)) <= 60
    assert " ".join(" ".join(lines).split()).endswith(long.sentence().strip())
