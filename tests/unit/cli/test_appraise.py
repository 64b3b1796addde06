"""The appraise command: before data, with data, with files that are refused; and its files."""

from __future__ import annotations

import csv
import json
import re
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from splw_eval.cli.main import main
from splw_eval.core.check_rows import CheckRow, Kind, Status
from tests.unit.given_study import edited, given_study, plan_of, pre_post_plan, wide, write_plan

ROOT = Path(__file__).parents[3]
STUDY = ROOT / "analyses" / "beat_the_blues" / "study.toml"
CANARY, NOTE = "zq7canary", "Her sister phoned about the letter"
COLUMNS = [field.name for field in fields(CheckRow)]
WORDS = {status.value for status in Status}


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command line; gives its exit code, standard output and standard error."""

    def called(*words, columns=100):
        monkeypatch.setattr(sys, "argv", ["splw-eval", *map(str, words)])
        monkeypatch.setenv("COLUMNS", str(columns))
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        return ended.value.code or 0, shown.out, shown.err

    return called


@pytest.fixture
def starter(tmp_path, run):
    """Give the plan that `splw-eval new` writes."""
    folder = tmp_path / "new"
    assert run("new", folder)[0] == 0
    return folder / "study.toml"


@pytest.fixture
def study(tmp_path):
    """Give a small study with a canary for a pseudonym and a column of plain text."""
    plan = pre_post_plan(
        files=[
            *pre_post_plan()["files"],
            {"table": "people", "path": "people.csv", "columns": {"person": "person"}},
        ]
    )
    scores = wide(*((20 - i % 7, 15 - i % 5) for i in range(40)))
    scores[1][0] = CANARY
    people = [["person", "age_band", "sex", "note"]]
    people += [[row[0], "45-54", "Female", f"{NOTE} {i}"] for i, row in enumerate(scores[1:])]
    return given_study(tmp_path, plan, scores=scores, people=people)


def rows_of(out):
    return json.loads(out)["rows"]


def test_before_data_it_says_what_to_collect_and_opens_no_file(run, tmp_path):
    code, out, err = run("appraise", write_plan(tmp_path, pre_post_plan()))
    assert code == 0
    assert "Nothing is collected yet" in out
    assert "To do: Collect" in out
    assert "What to state or to collect, and for which items" in out
    assert "Reading" not in err


def test_the_starter_is_a_study_before_its_data(run, starter):
    code, out, _ = run("appraise", starter, "--profile", "strobe")
    assert code == 0
    assert "Nothing is collected yet" in out
    assert "Collect episodes: a row for each referral" in out
    assert "[ ] not reported" in out


@pytest.mark.parametrize("words", [(), ("--planned",)])
def test_the_words_of_the_starter_are_not_taken_for_the_study_s_own(run, starter, words):
    _, out, _ = run("appraise", starter, "--profile", "strobe", "--json", *words)
    rows = {row["check"]: row for row in rows_of(out)}
    assert rows["missing_method"]["status"] == "not reported"


def test_planned_reads_no_file_though_there_are_some(run, study):
    code, out, err = run("appraise", study, "--planned", "--json")
    assert code == 0
    assert json.loads(out)["stage"] == "planned"
    assert "Reading" not in err


def test_with_data_each_item_has_its_sign_and_its_word(run, study):
    code, out, _ = run("appraise", study, "--profile", "strobe")
    assert code == 0
    assert "13a  How many there were at each stage" in out
    assert "[x] At each wave: reported" in out
    assert "[ ] From referral to the end of support: not reported" in out
    assert "[?] needs author" in out
    assert re.search(r"\[-\] .*not applicable", out)
    assert "There is no score" in out
    assert not re.search(r"\d+ (of|/) \d+ (checks|items)|\d+%.*(met|passed)", out)


def test_nothing_of_a_person_reaches_any_output(run, study, tmp_path):
    for words in ((), ("--json",), ("--planned",)):
        for profile in ("crosswalk", "strobe", "record", "robins_i"):
            code, out, err = run("appraise", study, "--profile", profile, *words)
            assert code == 0
            assert CANARY not in out + err
            assert NOTE not in out + err
    for form in ("csv", "json", "html"):
        out = tmp_path / f"list.{form}"
        run("appraise", study, "--profile", "strobe", "--out", out)
        text = out.read_text(encoding="utf-8")
        assert CANARY not in text
        assert NOTE not in text


def test_json_has_the_rows_with_their_fields(run, study):
    code, out, _ = run("appraise", study, "--profile", "tidier", "--json")
    assert code == 0
    held = json.loads(out)
    assert held["stage"] == "data"
    assert held["profiles"][0]["name"] == "tidier"
    for row in held["rows"]:
        assert list(row) == COLUMNS
        assert row["status"] in WORDS
        assert row["kind"] in {kind.value for kind in Kind}


def test_the_crosswalk_is_asked_where_nothing_is_named(run, study):
    _, out, _ = run("appraise", study, "--json")
    assert {row["profile"] for row in rows_of(out)} == {"crosswalk"}


@pytest.mark.parametrize("words", [("--profile", "strobe", "--profile", "tidier"),
                                   ("--profile", "strobe,tidier")])  # fmt: skip
def test_several_checklists_stand_one_after_the_other(run, study, words):
    _, out, _ = run("appraise", study, "--json", *words)
    assert list(dict.fromkeys(row["profile"] for row in rows_of(out))) == ["strobe", "tidier"]
    _, out, _ = run("appraise", study, *words)
    assert out.index("STROBE (strobe)") < out.index("TIDieR (tidier)")


@pytest.mark.parametrize("words", [("--list",), ("--profile", "list")])
def test_the_list_says_for_whom_and_under_which_licence(run, words):
    code, out, _ = run("appraise", *words)
    assert code == 0
    for name in ("crosswalk", "consort_2025", "strobe", "trend", "robins_i", "casp_qualitative"):
        assert f"\n{name}: " in out
    assert "For: before-and-after studies and cohorts." in out
    assert "NC-SA" in out


def test_the_list_beside_a_plan_says_which_are_meant_for_it(run, tmp_path):
    plan = write_plan(tmp_path, plan_of("cluster_trial_unlike_recruitment"))
    _, out, _ = run("appraise", plan, "--list")
    meant = " ".join(out[out.index("Meant for this study") :].split())
    assert "consort_2010_cluster" in meant
    assert "trend" in meant
    assert "apply together" in meant


def test_a_checklist_for_another_design_says_so_and_is_asked_all_the_same(run, tmp_path):
    plan = write_plan(tmp_path, plan_of("individual_trial"))
    code, out, _ = run("appraise", plan, "--profile", "strobe")
    assert code == 0
    assert "not meant for the design of this study (individual_trial)" in " ".join(out.split())
    assert "consort_2025" in out


def test_a_number_from_memory_is_marked(run, tmp_path):
    plan = write_plan(tmp_path, plan_of("controlled_cohort"))
    _, out, _ = run("appraise", plan, "--profile", "trend")
    assert "10 (number not checked)  The smallest unit" in out
    assert "\n8  What was put into groups" in out
    held = json.loads(run("appraise", plan, "--profile", "trend", "--json")[1])
    assert "10" in held["profiles"][0]["numbers_not_checked"]


@pytest.mark.parametrize(
    ("typed", "meant"), [("strob", "strobe"), ("Consort2025", "consort_2025"), ("casp", "casp_rct")]
)
def test_an_unknown_checklist_gets_the_nearest(run, study, typed, meant):
    code, out, err = run("appraise", study, "--profile", typed)
    assert code == 2
    assert out == ""
    said = re.sub(r"[\s│]+", " ", err)
    assert f'no checklist "{typed.lower()}"' in said
    assert meant in said


def test_capitals_and_hyphens_of_a_name_do_not_count(run, study):
    _, out, _ = run("appraise", study, "--profile", "ROBINS-I", "--json")
    assert {row["profile"] for row in rows_of(out)} == {"robins_i"}


def test_without_a_plan_it_asks_for_one(run):
    code, _, err = run("appraise")
    assert code == 2
    assert "study.toml" in err


def test_a_plan_that_is_not_there_ends_with_1(run, tmp_path):
    code, out, err = run("appraise", tmp_path / "nowhere.toml")
    assert code == 1
    assert out == ""
    assert "is not there" in err


def test_refused_files_are_told_with_what_the_plan_alone_decides(run, tmp_path):
    scores = wide((20, 15), (99, 10))  # 99 lies outside the range
    plan = edited(pre_post_plan(), "governance.funding", "A trust")
    code, out, err = run(
        "appraise", given_study(tmp_path, plan, scores=scores), "--profile", "strobe"
    )
    assert code == 1
    assert "SW03" in err
    assert "The files cannot be used yet" in out
    assert "22  Who paid" in out
    assert "Stated in study.toml: [governance] funding" in out
    assert "At each wave" not in out
    waits = " ".join(out[out.index("Waits for the files") :].split())
    assert "13a" in waits


def test_findings_decide_what_they_can_though_files_are_refused(run, tmp_path):
    study = given_study(tmp_path, pre_post_plan(), scores=wide((20, 15), (99, 10)))
    code, out, _ = run("appraise", study, "--json")
    assert code == 1
    decided = [row for row in rows_of(out) if "SW03" in row["evidence"]]
    assert decided
    assert {row["status"] for row in decided} == {"not reported"}


def test_the_csv_has_a_row_for_each_check(run, study, tmp_path):
    out = tmp_path / "strobe.csv"
    code, shown, err = run("appraise", study, "--profile", "strobe", "--out", out)
    assert code == 0
    assert shown == ""
    assert str(out) in err
    with out.open(encoding="utf-8-sig", newline="") as held:
        table = list(csv.DictReader(held))
    assert list(table[0]) == COLUMNS
    _, printed, _ = run("appraise", study, "--profile", "strobe", "--json")
    assert table == rows_of(printed)
    assert [path.name for path in tmp_path.iterdir() if "partial" in path.name] == []


def test_the_page_asks_for_nothing_and_carries_its_stamp(run, tmp_path):
    out = tmp_path / "list.html"
    assert run("appraise", STUDY, "--profile", "consort_2025", "--out", out)[0] == 0
    page = out.read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert 'class="stamp">Exact counts shown' in page
    assert "<script" not in page
    assert "not reported" in page
    assert "There is no score" in page


@pytest.mark.parametrize("form", ["csv", "json", "html"])
def test_an_older_checklist_is_written_over_and_another_file_is_not(run, study, tmp_path, form):
    out = tmp_path / f"list.{form}"
    assert run("appraise", study, "--profile", "tidier", "--out", out)[0] == 0
    assert run("appraise", study, "--profile", "tidier", "--out", out)[0] == 0
    out.write_text("something else", encoding="utf-8")
    code, _, err = run("appraise", study, "--profile", "tidier", "--out", out)
    assert code == 1
    assert "not overwritten" in err
    assert out.read_text(encoding="utf-8") == "something else"


def test_a_file_of_another_form_is_refused_before_anything_is_read(run, study, tmp_path):
    code, _, err = run("appraise", study, "--out", tmp_path / "list.pdf")
    assert code == 2
    assert "Reading" not in err
    assert ".html" in err


def test_a_folder_that_is_not_there_is_said_plainly(run, study, tmp_path):
    code, _, err = run("appraise", study, "--out", tmp_path / "no" / "list.csv")
    assert code == 1
    assert "could not be written" in err


@pytest.mark.parametrize("columns", [60, 80, 100])
def test_lines_fit_the_terminal(run, study, columns):
    _, out, _ = run("appraise", study, "--profile", "strobe,robins_i,trend", columns=columns)
    assert max(map(len, out.splitlines())) <= columns


def test_a_study_with_some_files_and_some_templates_is_refused(run, starter):
    people = starter.parent / "people.csv"
    first = people.read_text(encoding="utf-8").splitlines()[0]
    cells = ",".join("" for _ in first.split(","))
    people.write_text(f"{first}\nP1{cells}\n", encoding="utf-8")
    code, out, _ = run("appraise", starter)
    assert code == 1
    assert "The files cannot be used yet" in out


def test_synthetic_people_are_said_to_be(run, tmp_path):
    plan = write_plan(tmp_path, pre_post_plan(synthetic=True))
    _, out, _ = run("appraise", plan)
    assert out.startswith("Synthetic data: these people do not exist.")
    page = tmp_path / "list.html"
    run("appraise", plan, "--out", page)
    assert "Synthetic data: these people do not exist" in page.read_text(encoding="utf-8")


def test_help_says_that_there_is_no_score(run):
    code, out, _ = run("appraise", "--help", columns=100)
    assert code == 0
    assert "never a score" in " ".join(out.split())


def test_the_page_is_accessible_and_fits_a_small_screen(run, tmp_path, page):
    from axe_playwright_python.sync_playwright import Axe

    out = tmp_path / "list.html"
    run("appraise", STUDY, "--profile", "trend,robins_i", "--out", out)
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(out.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert Axe().run(page).violations_count == 0


def test_a_file_is_written_in_place_of_printing(run, study, tmp_path):
    out = tmp_path / "list.json"
    code, printed, _ = run("appraise", study, "--planned", "--json", "--out", out)
    assert code == 0
    assert printed == ""
    assert rows_of(out.read_text("utf-8"))


def test_the_list_can_be_had_as_json(run, tmp_path):
    plan = write_plan(tmp_path, plan_of("pre_post"))
    code, out, _ = run("appraise", plan, "--list", "--json")
    held = json.loads(out)
    assert code == 0
    assert {"crosswalk", "strobe"} <= {profile["name"] for profile in held["profiles"]}
    assert all(p["meant_for"] and p["licence"] for p in held["profiles"])
    assert "strobe" in held["meant_for_this_study"]
    assert "meant_for_this_study" not in json.loads(run("appraise", "--list", "--json")[1])


def test_the_list_is_not_written_to_a_file(run, tmp_path):
    out = tmp_path / "list.csv"
    assert run("appraise", "--list", "--out", out)[0] == 2
    assert not out.exists()


def test_planned_does_not_say_that_nothing_was_collected_where_files_are(run, study, tmp_path):
    for profile in ("crosswalk", "strobe", "robins_i"):
        words = ("appraise", study, "--planned", "--profile", profile)
        _, out, _ = run(*words)
        assert "The data were not looked at, as asked" in out
        for said in (out, run(*words, "--json")[1]):
            assert "othing is collected yet" not in said
            assert "othing collected yet" not in said
    page = tmp_path / "list.html"
    run("appraise", study, "--planned", "--out", page)
    assert "The data were not looked at" in page.read_text("utf-8")
    held = json.loads(run("appraise", study, "--planned", "--json")[1])
    assert held["data_looked_at"] is False
    rows = {row["check"]: row for row in held["rows"]}
    assert rows["mid_has_source"]["evidence"]


def test_the_starter_s_words_are_not_a_method_nor_a_source(run, starter):
    rows = {row["check"]: row for row in rows_of(run("appraise", starter, "--json")[1])}
    for check in ("missing_method_declared", "mid_has_source"):
        assert rows[check]["status"] == "not reported"
        assert rows[check]["remedy"]
