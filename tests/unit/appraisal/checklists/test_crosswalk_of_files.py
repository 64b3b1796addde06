"""The crosswalk of small studies that were loaded and evaluated from files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from splw_eval import CheckRow, appraise, evaluate_study, load_study, read_plan
from splw_eval.core.check_rows import Status
from splw_eval.core.errors import DataError
from tests.unit.appraisal.checklists.given_small_service import Tables, written

Spoil = Callable[[Tables], None]
Replan = Callable[[dict[str, Any]], None]


def audit(path: Path) -> dict[str, CheckRow]:
    """Evaluate a study, or take what the loader says of files that it refused."""
    try:
        held = evaluate_study(load_study(path)).results["audit"]
    except DataError as error:
        held = appraise(read_plan(path).plan, {}, findings=error.findings)
    return {row.check: row for row in held.rows}


def test_a_service_that_kept_everything_passes_all_that_a_program_can_check(
    tmp_path: Path,
) -> None:
    found = audit(written(tmp_path))
    left = {c: r.evidence for c, r in found.items() if r.status == Status.NOT_REPORTED}
    assert left == {}
    assert found["reflexivity"].status == Status.NEEDS_AUTHOR
    absent = {c for c, r in found.items() if r.status == Status.NOT_APPLICABLE}
    assert {"adjusted_beside_unadjusted", "loss_difference_has_sensitivity"} <= absent


def cell(table: str, row: int, column: str, value: Any) -> Spoil:
    def spoil(held: Tables) -> None:
        held[table][row][column] = value

    return spoil


def every(table: str, column: str, value: Any, part: float = 1.0) -> Spoil:
    def spoil(held: Tables) -> None:
        for row in held[table][: round(part * len(held[table]))]:
            row[column] = value

    return spoil


def drop(table: str, *columns: str) -> Spoil:
    def spoil(held: Tables) -> None:
        for row in held[table]:
            for column in columns:
                del row[column]

    return spoil


def key(section: str, value: Any) -> Replan:
    def replan(held: dict[str, Any]) -> None:
        held[section] = value

    return replan


def no_key(section: str) -> Replan:
    def replan(held: dict[str, Any]) -> None:
        del held[section]

    return replan


def no_table(name: str) -> Replan:
    def replan(held: dict[str, Any]) -> None:
        held["files"] = [file for file in held["files"] if file["table"] != name]

    return replan


def undated(held: dict[str, Any]) -> None:
    measures = held["files"][-1]
    del measures["columns"]["date"], held["pick"], held["time_zero"][0]["column"]
    for wave in held["waves"]:
        del wave["window_days"]


def home_made(held: dict[str, Any]) -> None:
    held["outcomes"][0] |= {
        "instrument": "Our own five questions",
        "range": [0, 27],
        "direction": "lower_is_better",
    }


EARLY = dt.date(2020, 1, 1)
CASES: tuple[tuple[str, Spoil | None, Replan | None], ...] = (
    ("actual_dates", drop("measures", "date"), undated),
    ("waves_have_windows", drop("measures", "date"), undated),
    ("missing_method_declared", None, no_key("missing")),
    ("confounders_listed", None, no_key("confounders")),
    ("confounders_known", every("people", "imd_decile", "", 0.3), None),
    (
        "confounders_known",
        None,
        key("confounders", [{"name": "Illness", "reason": "It may"}]),
    ),
    (
        "confounders_before_time_zero",
        None,
        key("confounders", [{"name": "Contacts", "reason": "It may", "column": "attended"}]),
    ),
    ("words_fit_the_design", None, key("title", "The impact of link workers")),
    ("scores_in_range", cell("measures", 1, "phq", 99), None),
    ("instrument_constant", cell("measures", 1, "version", "2020"), None),
    ("version_known", None, home_made),
    ("home_made_flagged", None, home_made),
    ("inputs_have_sources", None, no_key("sample_size")),
    ("required_fields_mapped", cell("contacts", 1, "mode", "carrier pigeon"), None),
    ("link_workers_table", None, no_table("link_workers")),
    ("link_workers_complete", every("link_workers", "training", "", 0.5), None),
    ("link_workers_complete", drop("link_workers", "prior_background"), None),
    ("contact_log", None, no_table("contacts")),
    ("contacts_in_order", cell("contacts", 1, "date", EARLY), None),
    ("conditions_counted", drop("people", "ltc_mental"), None),
    ("ethnicity_and_deprivation_known", every("people", "ethnicity", "", 0.25), None),
    ("ethnicity_and_deprivation_known", drop("people", "ethnicity"), None),
    ("deprivation_version", cell("people", 1, "imd_version", "IMD 2025"), None),
    ("deprivation_version", drop("people", "imd_version"), None),
    ("deprivation_version", every("people", "imd_version", "", 1.0), None),
    ("deprivation_version", every("people", "imd_version", "", 0.3), None),
    ("attended_missing_not_attended", drop("contacts", "attended"), None),
    ("conditions_counted", every("people", "ltc_mental", "", 1.0), None),
    ("close_reason_known", every("episodes", "close_reason", "", 0.25), None),
    ("close_reason_known", every("episodes", "close_reason", "not known", 0.5), None),
    ("ethnicity_and_deprivation_known", every("people", "ethnicity", "not stated", 0.3), None),
)


@pytest.mark.parametrize(
    ("check", "spoil", "replan"),
    [pytest.param(*case, id=f"{i} {case[0]}") for i, case in enumerate(CASES)],
)
def test_what_a_service_did_not_keep_is_found(
    tmp_path: Path, check: str, spoil: Spoil | None, replan: Replan | None
) -> None:
    row = audit(written(tmp_path, spoil, replan))[check]
    assert row.status == Status.NOT_REPORTED, row.evidence
    assert row.remedy


def test_minutes_that_are_seldom_kept_are_summarised_with_a_warning(tmp_path: Path) -> None:
    row = audit(written(tmp_path, every("contacts", "minutes", "", 0.5)))[
        "minutes_and_mode_complete"
    ]
    assert row.status == Status.REPORTED
    assert "fewer than 80 in 100" in row.evidence


def test_contacts_with_no_word_of_attendance_are_told_apart(tmp_path: Path) -> None:
    row = audit(written(tmp_path, every("contacts", "attended", "", 0.1)))[
        "attended_missing_not_attended"
    ]
    assert row.status == Status.REPORTED
    assert "SW67" in row.evidence


def test_scores_set_to_missing_as_the_plan_asks_are_no_fault(tmp_path: Path) -> None:
    def replan(held: dict[str, Any]) -> None:
        held["outcomes"][0]["out_of_range"] = "missing"

    row = audit(written(tmp_path, cell("measures", 1, "phq", 99), replan))["scores_in_range"]
    assert row.status == Status.REPORTED
    assert "SW18" in row.evidence
