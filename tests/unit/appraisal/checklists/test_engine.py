"""The engine: plans before any data, files that were refused, and what a profile may hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from splw_eval import CheckRow, appraise, evaluate_study, load_study, profiles, read_plan
from splw_eval.appraisal.checklists.columns_later import LATER_COLUMNS
from splw_eval.appraisal.checklists.conditions import CONDITIONS
from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.filled import is_filled, places
from splw_eval.appraisal.checklists.profile import Check, Item, read_profile
from splw_eval.appraisal.checklists.rules import ROOMS, RULES
from splw_eval.appraisal.checklists.rules.terms import REQUIRED_LISTS
from splw_eval.appraisal.checklists.shown_counts import (
    ALWAYS,
    MAYBE,
    NEVER,
    UNKNOWN,
    bounds,
    falls_short,
    lost_share,
)
from splw_eval.core.check_rows import Kind, Status
from splw_eval.core.errors import DataError, SplwError
from splw_eval.core.findings import Finding, Severity
from splw_eval.data.codebook import codebook
from splw_eval.data.planned_columns import check_planned_columns
from tests.unit.appraisal.checklists import given_audit as given
from tests.unit.given_study import given_study, pre_post_plan

ANALYSES = Path(__file__).parents[4] / "analyses"


def by_check(found) -> dict[str, CheckRow]:
    return {row.check: row for row in found.rows}


def test_a_name_of_a_rule_stands_once() -> None:
    assert sum(len(room.RULES) for room in ROOMS) == len(RULES)


@pytest.mark.parametrize("name", sorted(profiles()))
def test_every_check_of_a_profile_can_be_judged(name: str) -> None:
    profile = profiles()[name]
    names = [check.name for _, check in profile.checks()]
    assert len(names) == len(set(names)), "a check's name stands once"
    for item, check in profile.checks():
        assert check.rule in RULES or (not check.rule and check.kind is not Kind.COMPUTED)
        assert check.plan if check.kind is Kind.DECLARED else not check.plan
        for word in filter(None, f"{item.applies}, {check.applies}".split(", ")):
            assert word.removeprefix("not ") in CONDITIONS
        for path in check.plan:
            is_filled(given.plan(), path)
        assert item.status in {"verified", "recalled"}


@pytest.mark.parametrize("name", sorted(profiles()))
@pytest.mark.parametrize("results", [{}, given.results()], ids=["planned", "read"])
def test_every_row_has_words_and_whatever_is_open_says_what_to_do(name: str, results) -> None:
    found = appraise(given.plan(), results, profile=name)
    assert found.key == "audit"
    for row in found.rows:
        assert row.evidence
        assert row.topic
        assert row.status in set(Status)
        assert set(filter(None, row.results.split(", "))) <= set(results)
        if row.status in {Status.NOT_REPORTED, Status.NEEDS_AUTHOR}:
            assert row.remedy, row.check


def test_nothing_is_added_up_to_a_score() -> None:
    found = appraise(given.plan(), given.results())
    assert "score" not in set(CheckRow.__dataclass_fields__)
    words = " ".join(f"{row.evidence} {row.remedy}" for row in found.rows)
    assert "%" not in words
    assert any("not added up to a score" in note.text for note in found.notes)


def test_an_unknown_checklist_is_refused_with_those_there_are() -> None:
    with pytest.raises(SplwError, match="crosswalk"):
        appraise(given.plan(), {}, profile="stroob")


def test_before_any_data_it_says_which_tables_and_columns_to_collect() -> None:
    row = by_check(appraise(given.plan(), {}))["close_reason_known"]
    assert row.status == Status.NOT_REPORTED
    assert row.evidence == "Nothing collected yet."
    assert "episodes" in row.remedy
    assert "close_reason" in row.remedy


def test_before_any_data_what_the_plan_declares_is_judged_in_full() -> None:
    found = by_check(appraise(given.with_key("sample_size.icc", None), {}))
    assert found["icc_given"].status == Status.NOT_REPORTED
    assert found["attrition_given"].status == Status.REPORTED
    assert found["confounders_listed"].status == Status.REPORTED


def test_evidence_names_the_key_and_not_its_text() -> None:
    plan = given.with_key("missing.method", "Method XYZZY")
    rows = appraise(plan, given.results()).rows
    assert not any("XYZZY" in row.evidence for row in rows)


@pytest.fixture
def refused(tmp_path: Path) -> DataError:
    """What the loader says of a score beyond the range."""
    path = given_study(
        tmp_path,
        pre_post_plan(),
        scores=[["person", "phq_0", "phq_3"], *(["p1", 12, 99], ["p2", 3, 4])],
    )
    with pytest.raises(DataError) as caught:
        load_study(path)
    return caught.value


def test_files_that_were_refused_fail_where_it_shows_and_cannot_be_told_elsewhere(
    refused: DataError, tmp_path: Path
) -> None:
    plan = read_plan(tmp_path / "study.toml").plan
    found = by_check(appraise(plan, {}, findings=refused.findings))
    assert "SW03" in found["scores_in_range"].evidence
    for check in ("actual_dates", "forms_not_mixed", "conditions_counted", "deprivation_version"):
        assert "cannot be read yet" in found[check].evidence, check
        assert found[check].status == Status.NOT_REPORTED


@pytest.mark.parametrize(
    ("code", "check"),
    [
        ("SW03", "scores_in_range"),
        ("SW72", "forms_not_mixed"),
        ("SW73", "forms_not_mixed"),
        ("SW71", "instrument_constant"),
        ("SW75", "deprivation_version"),
        ("SW57", "required_fields_mapped"),
        ("SW58", "one_term_one_way"),
        ("SW66", "contacts_in_order"),
        ("SW20", "actual_dates"),
    ],
)
def test_findings_are_judged_though_there_are_no_results(code: str, check: str) -> None:
    found = (
        Finding(code=code, severity=Severity.WARNING, problem="something", remedy="Look."),
        Finding(code="SW01", severity=Severity.ERROR, problem="no file", remedy="Look."),
    )
    row = by_check(appraise(given.plan(), {}, findings=found))[check]
    assert row.status == Status.NOT_REPORTED
    assert code in row.evidence


def test_words_of_the_loader_stay_out_once_there_are_masked_results() -> None:
    told = Finding(
        code="SW66", severity=Severity.WARNING, problem="3 contacts of one person", remedy="Look."
    )
    row = by_check(appraise(given.plan(), given.results(), findings=(told,)))["contacts_in_order"]
    assert row.status == Status.NOT_REPORTED
    assert "one person" not in row.evidence


def test_columns_of_after_time_zero_are_those_of_the_codebook() -> None:
    held = codebook()
    early = set(held["people"]) | set(held["clusters"])
    later = {name for table in held if table not in {"people", "clusters"} for name in held[table]}
    assert later - early == LATER_COLUMNS


@pytest.mark.parametrize("column", sorted(LATER_COLUMNS))
def test_what_the_loader_refuses_as_a_confounder_fails_before_any_file_is_read(column: str) -> None:
    plan = given.plan(confounders=[{"name": "It", "reason": "It may", "column": column}])
    assert check_planned_columns(plan)
    row = by_check(appraise(plan, {}))["confounders_before_time_zero"]
    assert row.status == Status.NOT_REPORTED


@pytest.mark.parametrize("column", ["age_band", "imd_decile", "phq9", "list_size", "own_column"])
def test_what_the_loader_takes_as_a_confounder_passes(column: str) -> None:
    plan = given.plan(confounders=[{"name": "It", "reason": "It may", "column": column}])
    assert not check_planned_columns(plan)
    row = by_check(appraise(plan, {}))["confounders_before_time_zero"]
    assert row.status == Status.REPORTED


def test_lists_that_must_be_mapped_are_those_of_columns_that_must_be_kept() -> None:
    must = {
        column.vocabulary
        for table in codebook().values()
        for column in table.values()
        if column.level == "must" and column.vocabulary
    }
    assert must == REQUIRED_LISTS


def nhs() -> Facts:
    plan = given.plan(disclosure={"profile": "nhs"})
    return Facts(plan=plan, results={})


def test_a_rounded_count_is_taken_for_all_that_it_can_be() -> None:
    facts = nhs()
    assert bounds(facts, 20) == (18, 22)
    assert bounds(facts, 0) == (0, 0)
    assert bounds(facts, None) == UNKNOWN


@pytest.mark.parametrize(
    ("held", "of", "said"), [(70, 100, ALWAYS), (95, 100, NEVER), (80, 100, MAYBE)]
)
def test_a_share_near_its_limit_is_left_open_where_counts_are_rounded(
    held: int, of: int, said: str
) -> None:
    facts = nhs()
    assert falls_short(bounds(facts, held), bounds(facts, of), 0.8) == said


def test_a_loss_that_is_masked_is_told_from_those_measured() -> None:
    row = replace(given.results()["flow"].rows[0], expected=100, measured=95, missing=None)
    low, high = lost_share(nhs(), row)
    assert 0 <= low <= 0.02
    assert 0.04 <= high <= 0.1


def test_a_loss_near_the_limit_fails_and_says_that_it_is_left_open() -> None:
    held = given.changed("flow", enrolled=200, expected=200, measured=190, missing=10)
    plan = given.plan(disclosure={"profile": "nhs"}, missing=None)
    row = by_check(appraise(plan, held))["missing_method_declared"]
    assert row.status == Status.NOT_REPORTED
    assert "leave open" in row.evidence


@pytest.mark.parametrize(
    ("path", "filled"),
    [
        ("confounders", True),
        ("outcomes.mid.source", True),
        ("primary.version", True),
        ("primary.validation", False),
        ("governance.registration", False),
        ("governance.deviations", False),
        ("tidier.name", False),
        ("retention.horizon_days", False),
    ],
)
def test_a_key_counts_as_filled_where_it_was_written_down(path: str, filled: bool) -> None:
    assert is_filled(given.plan(), path) is filled


def test_a_key_of_a_list_is_named_as_the_plan_writes_it() -> None:
    assert places(["governance.registration"]) == "[governance] registration"
    assert places(["outcomes.mid"]) == "[[outcomes]] mid"
    assert places(["confounders"]) == "[[confounders]]"


def test_a_profile_with_a_key_that_is_not_known_is_refused() -> None:
    text = (
        'title = "T"\nversion = "1"\nlicence = "L"\nsource = "S"\nstatus = "recalled"\n'
        'colour = "red"\nitems = []\n'
    )
    with pytest.raises(TypeError, match="colour"):
        read_profile("t", text)


def test_an_item_takes_the_status_of_its_profile_unless_it_has_its_own() -> None:
    text = (
        'title = "T"\nversion = "1"\nlicence = "L"\nsource = "S"\nstatus = "verified"\n'
        '[[items]]\nnumber = "1"\ntopic = "One"\n'
        '[[items.checks]]\nname = "a"\nkind = "human"\n'
        '[[items]]\nnumber = "2"\ntopic = "Two"\nstatus = "recalled"\n'
        '[[items.checks]]\nname = "b"\nkind = "declared"\nplan = "governance.ppi"\n'
    )
    first, second = read_profile("t", text).items
    assert isinstance(first, Item)
    assert (first.status, second.status) == ("verified", "recalled")
    assert second.checks == (
        Check(name="b", kind=Kind.DECLARED, topic="Two", plan=("governance.ppi",)),
    )


@pytest.fixture(scope="module")
def published() -> dict[str, CheckRow]:
    """Checks of Beat the Blues, of whose service nothing is known."""
    held = evaluate_study(ANALYSES / "beat_the_blues" / "study.toml")
    return by_check(held.results["audit"])


@pytest.mark.parametrize(
    ("check", "status"),
    [
        ("actual_dates", Status.NOT_REPORTED),
        ("waves_have_windows", Status.NOT_REPORTED),
        ("estimates_have_n", Status.REPORTED),
        ("loss_difference_has_sensitivity", Status.REPORTED),
        ("adjusted_beside_unadjusted", Status.REPORTED),
        ("inputs_have_sources", Status.NOT_REPORTED),
        ("icc_given", Status.NOT_APPLICABLE),
        ("link_workers_table", Status.NOT_REPORTED),
        ("contact_log", Status.NOT_REPORTED),
        ("contacts_in_order", Status.NOT_APPLICABLE),
        ("ethnicity_and_deprivation_known", Status.NOT_REPORTED),
        ("curves_have_numbers", Status.REPORTED),
        ("reflexivity", Status.NEEDS_AUTHOR),
    ],
)
def test_a_published_trial_is_judged_by_what_it_kept(
    published: dict[str, CheckRow], check: str, status: Status
) -> None:
    assert published[check].status == status, published[check].evidence
