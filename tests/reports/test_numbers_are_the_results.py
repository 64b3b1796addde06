"""Every number of every table of every reader is that of a masked result, and nothing else is."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from splw_eval.core.columns import Role, columns_of
from splw_eval.core.result import Result
from splw_eval.evaluate import Evaluation, evaluate_study
from splw_eval.report.blocks import Block, Cell, Fold, Format, Report, ReportTable
from splw_eval.report.contents import READERS, describe_report
from splw_eval.report.evidence import gather
from splw_eval.report.html import render_html
from splw_eval.report.numbers import MASKED, shown
from tests.reports.reading import words

ROOT = Path(__file__).parents[2] / "analyses"
STUDIES = ("example_programme", "beat_the_blues")
PER_THOUSAND = 1000
NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?(?!\w)")
# Numbers of sentences that are of no study, each with its reason.
CONSTANTS = {
    "100": "of every 100 people, which is how a share is said",
    "1,000": "of every 1,000 patients registered, which is how referrals are said",
    "95": "the level of every interval",
    "20": "one interval of 20 misses what is true",
    "0": "no difference",
    "1": "a ratio of no difference, or the number of a sheet",
}


@pytest.fixture(scope="module", params=STUDIES)
def evaluation(request) -> Evaluation:
    return evaluate_study(ROOT / request.param / "study.toml")


def described(evaluation: Evaluation, reader: str) -> Report:
    evidence = gather(evaluation.plan, evaluation.results, evaluation.provenance)
    return describe_report(evidence, reader)


def tables(blocks: tuple[Block, ...]) -> Iterator[ReportTable]:
    for block in blocks:
        if isinstance(block, ReportTable):
            yield block
        elif isinstance(block, Fold):
            yield from tables(block.blocks)


def all_tables(report: Report) -> list[ReportTable]:
    return [t for page in report.pages for s in page.sections for t in tables(s.blocks)]


def numbers_of(result: Result[Any]) -> set[float]:
    """Every number of a result's rows; a share per 1,000 people as it is printed too."""
    columns = columns_of(result.row_type)
    held = [(getattr(row, name), c.per) for row in result.rows for name, c in columns.items()]
    numbers = [
        (v, per) for v, per in held if isinstance(v, int | float) and not isinstance(v, bool)
    ]
    of_thousand = {v * per for v, per in numbers if per == PER_THOUSAND}
    return {float(v) for v, _ in numbers} | of_thousand


def belongs(cell: Cell, held: set[float]) -> bool:
    value = cell.value
    assert isinstance(value, int | float)
    # A share may be given as its complement, as in those lost of those expected.
    return any(
        math.isclose(value, one, rel_tol=1e-12, abs_tol=1e-12)
        for number in held
        for one in ((number, 1 - number) if cell.format is Format.PERCENT else (number,))
    )


@pytest.mark.parametrize("reader", READERS)
def test_every_number_of_a_table_is_one_of_the_result_in_its_file(evaluation, reader):
    astray = []
    seen = 0
    for table in all_tables(described(evaluation, reader)):
        keys = [
            f.strip().removeprefix("tables/").removesuffix(".csv") for f in table.file.split(",")
        ]
        held: set[float] = set()
        for key in keys:
            if key in evaluation.results:
                held |= numbers_of(evaluation.results[key])
        for row in table.rows:
            for cell in row:
                if isinstance(cell.value, int | float) and table.file:
                    seen += 1
                    if not belongs(cell, held):
                        astray.append((table.id, shown(cell)))
    assert astray == []
    assert seen > 0 or reader == "public"


@pytest.mark.parametrize("reader", READERS)
def test_no_masked_cell_holds_a_number(evaluation, reader):
    cells = [c for t in all_tables(described(evaluation, reader)) for row in t.rows for c in row]
    masked = [cell for cell in cells if cell.masked]
    assert all(cell.value is None and shown(cell) == MASKED for cell in masked)
    hides = evaluation.plan.disclosure.profile != "public_data"
    assert bool(masked) is hides or reader != "evaluator"


def test_every_count_that_is_told_is_rounded(evaluation):
    exact = evaluation.plan.disclosure.profile == "public_data"
    apart = 1 if exact else 5
    assert exact is not any(result.masked for result in evaluation.results.values())
    for result in evaluation.results.values():
        counts = [n for n, c in columns_of(result.row_type).items() if c.role is Role.COUNT]
        told = {getattr(row, name) for row in result.rows for name in counts} - {None}
        assert {n for n in told if n % apart} == set(), result.key


def said(evaluation: Evaluation) -> set[str]:
    """Every number of the results at any rounding, of their words, and of the plan."""
    found = set(CONSTANTS)
    for result in evaluation.results.values():
        held = numbers_of(result)
        held |= {float(n) for note in result.notes for n in note.counts.values() if n is not None}
        for value in map(abs, held):
            for one in (value, 100 * value, 100 - 100 * value):
                found |= {f"{one:,.{places}f}" for places in range(5)}
        columns = columns_of(result.row_type)
        texts = [
            getattr(r, n) for r in result.rows for n in columns if columns[n].role is Role.LABEL
        ]
        texts += [note.text for note in result.notes] + [result.title, result.unit]
        found |= {number for text in texts for number in NUMBER.findall(str(text))}
    plan = repr(evaluation.plan.model_dump(mode="json"))
    return found | set(NUMBER.findall(plan))


@pytest.mark.parametrize("reader", ["commissioner", "public"])
def test_every_number_of_a_sentence_is_a_results_or_the_plans(evaluation, reader):
    report = described(evaluation, reader)
    told = said(evaluation)
    lines = words(render_html(report)).replace(report.software, "").splitlines()
    astray = [
        (number, line[:100])
        for line in lines
        for number in NUMBER.findall(line)
        if number not in told and number.replace(",", "") not in told
    ]
    assert astray == []
    assert sum(bool(NUMBER.search(line)) for line in lines) > 3


def test_a_number_of_no_result_would_be_found(evaluation):
    assert NUMBER.findall("of 2,347 people, 3.25 and T4") == ["2,347", "3.25"]
    assert "2,347" not in said(evaluation)
