"""The score and instruments commands: what they print and write, and how they refuse."""

from __future__ import annotations

import sys

import duckdb
import pandas as pd
import pyreadstat
import pytest

from splw_eval.cli.main import main
from tests.unit.instruments.given_instrument import own_folder, toml

ROWS = ["P01,1,2,0,3,1,0,,1,0", "P02,0,0,0,0,0,0,0,0,0", "P03,,,,1,1,1,1,1,1"]
HEADING = "pid," + ",".join(f"q{i}" for i in range(1, 10))
ITEMS = [word for i in range(1, 10) for word in ("--items", f"{i}=q{i}")]


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command line; gives its exit code, standard output and standard error."""

    def called(*words):
        monkeypatch.setattr(sys, "argv", ["splw-eval", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        return ended.value.code or 0, shown.out, shown.err

    return called


@pytest.fixture
def answers(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("\n".join([HEADING, *ROWS]) + "\n")
    return path


def test_a_file_is_scored_and_what_was_done_is_said(answers, tmp_path, run):
    out = tmp_path / "scores.csv"
    words = ("--instrument", "phq9", "--out", out, "--id", "pid", *ITEMS)
    code, said, _ = run("score", answers, *words)
    assert code == 0
    said = " ".join(said.split())
    assert "2 scored, 1 of them prorated; 1 without a score." in said
    assert "from 0 to 27, lower is better" in said
    assert "Kounali 2022" in said
    assert "Recalled, not checked" in said
    made = pd.read_csv(out)
    assert made["pid"].tolist() == ["P01", "P02", "P03"]
    assert made["total"].tolist()[:2] == [9, 0]
    assert made["scoring"].tolist() == ["recalled", "checked", "checked"]
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")


def test_without_a_column_of_the_person_the_rows_of_the_file_are_given(answers, tmp_path, run):
    out = tmp_path / "scores.csv"
    assert run("score", answers, "--instrument", "phq9", "--out", out, *ITEMS)[0] == 0
    assert pd.read_csv(out)["row"].tolist() == [2, 3, 4]


def test_a_file_of_another_kind_is_scored_alike(answers, tmp_path, run):
    frame = pd.read_csv(answers)
    frame.to_excel(tmp_path / "a.xlsx", index=False)
    duckdb.from_df(frame).write_parquet(str(tmp_path / "a.parquet"))
    pyreadstat.write_sav(frame, tmp_path / "a.sav")
    pyreadstat.write_dta(frame, tmp_path / "a.dta")
    for name in ("a.xlsx", "a.parquet", "a.sav", "a.dta"):
        out = tmp_path / f"{name}.csv"
        code, _, said = run("score", tmp_path / name, "--instrument", "phq9", "--out", out, *ITEMS)
        assert code == 0, said
        assert pd.read_csv(out)["total"].tolist()[:2] == [9, 0]


def test_no_established_difference_is_said_plainly(tmp_path, run):
    file = tmp_path / "a.csv"
    file.write_text("ucla3_1,ucla3_2,ucla3_3\n1,2,3\n")
    _, said, _ = run("score", file, "--instrument", "ucla3", "--out", tmp_path / "s.csv")
    assert "none established" in said


def test_the_warning_of_a_value_set_is_printed(tmp_path, run):
    file = tmp_path / "a.csv"
    file.write_text("MO,SC,UA,PD,AD\n1,2,3,2,1\n")
    words = ("--instrument", "eq5d_5l_england_2018", "--out", tmp_path / "s.csv")
    _, said, _ = run("score", file, *words)
    assert "Warning:" in said
    assert "NICE" in said


def test_faults_are_said_with_the_rows_and_columns_of_the_file(answers, tmp_path, run):
    answers.write_text(answers.read_text().replace("P02,0", "P02,4"))
    out = tmp_path / "scores.csv"
    code, _, said = run("score", answers, "--instrument", "phq9", "--out", out, *ITEMS)
    assert code == 1
    assert "SI06 answers.csv, column B (q1): outside 0 to 3 in 1 of 3 rows (row 3)." in said
    assert not out.exists()


def test_identifiers_are_refused_as_in_a_study(answers, tmp_path, run):
    text = answers.read_text().replace("pid", "nhs_number")
    for i, number in enumerate(("9434765919", "9434765870", "4010232137"), start=1):
        text = text.replace(f"P0{i}", number)
    answers.write_text(text)
    out = tmp_path / "scores.csv"
    code, _, said = run("score", answers, "--instrument", "phq9", "--out", out, *ITEMS)
    assert code == 1
    assert "SW90" in said
    assert "9434765919" not in said
    assert not out.exists()


def test_an_option_that_must_be_said_is_asked_for_and_taken(tmp_path, run):
    file, out = tmp_path / "a.csv", tmp_path / "s.csv"
    names = ",".join(f"hads_{i}" for i in range(1, 15))
    file.write_text(f"{names}\n{','.join(['0'] * 14)}\n")
    code, _, said = run("score", file, "--instrument", "hads", "--out", out)
    assert code == 1
    assert "needs the option coding" in said
    words = ("--instrument", "hads", "--out", out, "--option", "coding=printed")
    code, said, _ = run("score", file, *words)
    assert code == 0
    assert "coding = printed" in said
    assert pd.read_csv(out)[["A", "D"]].to_numpy().tolist() == [[15, 9]]


def test_codes_for_missing_may_be_given(answers, tmp_path, run):
    answers.write_text(answers.read_text().replace("P02,0", "P02,99"))
    out = tmp_path / "s.csv"
    words = ("--instrument", "phq9", "--out", out, *ITEMS, "--missing", "99")
    assert run("score", answers, *words)[0] == 0
    assert pd.read_csv(out)["items_answered"].tolist() == [8, 8, 6]


def test_another_file_is_not_overwritten_but_older_scores_are(answers, tmp_path, run):
    words = ("--instrument", "phq9", *ITEMS, "--out")
    kept = answers.read_text()
    code, _, said = run("score", answers, *words, answers)
    assert code == 1
    assert "not overwritten" in said
    assert answers.read_text() == kept
    for _ in range(2):
        assert run("score", answers, *words, tmp_path / "s.csv")[0] == 0


def test_scores_that_cannot_be_written_leave_nothing_behind(answers, tmp_path, run):
    words = ("--instrument", "phq9", *ITEMS, "--out", tmp_path / "nowhere" / "s.csv")
    code, _, said = run("score", answers, *words)
    assert code == 1
    assert "could not be written" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.csv"]


def test_a_file_that_is_not_there_and_a_pair_without_its_sign_are_said(answers, tmp_path, run):
    out = tmp_path / "s.csv"
    code, _, said = run("score", tmp_path / "none.csv", "--instrument", "phq9", "--out", out)
    assert (code, "there is no file none.csv" in said) == (1, True)
    words = ("--instrument", "phq9", "--out", out, "--items", "q1")
    code, _, said = run("score", answers, *words)
    assert (code, "--items is written KEY=COLUMN" in said) == (1, True)


def test_rows_with_a_flag_are_counted_and_nobody_is_named(answers, tmp_path, run):
    words = ("--instrument", "phq9", "--out", tmp_path / "s.csv", "--id", "pid", *ITEMS)
    _, said, _ = run("score", answers, *words)
    said = " ".join(said.split())
    assert "Rows with a flag: - risk_item: 1 of 3. Item 9 answered above 0" in said
    assert "P03" not in said
    assert "Flag columns" in run("score", "--help")[1]


def test_a_pattern_may_name_the_columns(answers, tmp_path, run):
    out = tmp_path / "s.csv"
    words = ("--instrument", "PHQ-9", "--out", out, "--items")
    assert run("score", answers, *words, "q{item}")[0] == 0
    assert pd.read_csv(out)["total"].tolist()[:2] == [9, 0]
    code, _, said = run("score", answers, *words, "r{item}")
    assert (code, said.count("SI05")) == (1, 1)
    code, _, said = run("score", answers, *words, "1=q1", "--items", "2=q1")
    assert (code, 'the column "q1" is named for the items 1, 2' in said) == (1, True)


@pytest.mark.parametrize("name", ["s.xlsx", "s", "s.csv.txt"])
def test_scores_are_written_under_a_name_of_their_kind_only(answers, tmp_path, run, name):
    words = ("--instrument", "phq9", *ITEMS, "--out", tmp_path / name)
    code, _, said = run("score", answers, *words)
    assert (code, "ends in .csv" in said) == (1, True)
    assert not (tmp_path / name).exists()


def test_a_folder_that_is_not_there_is_said_for_scores_and_for_instruments(answers, tmp_path, run):
    nowhere = tmp_path / "nowhere"
    code, _, said = run("score", answers, "--instrument", "phq9", "--out", nowhere / "s.csv")
    assert (code, f"The folder {nowhere} does not exist" in said) == (1, True)
    code, _, said = run("instruments", "--folder", nowhere)
    assert (code, "there is no such folder" in said) == (1, True)


def test_decimal_commas_are_told_and_read_where_they_are_declared(tmp_path, run):
    file, out = tmp_path / "a.csv", tmp_path / "s.csv"
    file.write_text("ucla3_1;ucla3_2;ucla3_3\n1,0;2,0;3\n")
    words = ("score", file, "--instrument", "ucla3", "--out", out, "--delimiter", ";")
    code, _, said = run(*words)
    assert (code, "decimal commas" in said) == (1, True)
    assert run(*words, "--decimal", ",")[0] == 0
    assert pd.read_csv(out)["total"].tolist() == [6]


@pytest.mark.parametrize("option", ["--decimal", "--delimiter"])
def test_a_sign_that_cannot_be_is_refused_plainly(answers, tmp_path, run, option):
    words = ("--instrument", "phq9", "--out", tmp_path / "s.csv", *ITEMS, option, "xy")
    code, _, said = run("score", answers, *words)
    assert (code, f"with this {option}" in said) == (1, True)


def test_answers_without_one_at_the_lowest_code_are_warned_of(tmp_path, run):
    file = tmp_path / "a.csv"
    rows = [",".join(str(1 + (i + j) % 3) for j in range(9)) for i in range(6)]
    file.write_text("\n".join([",".join(f"phq9_{i}" for i in range(1, 10)), *rows]))
    _, said, _ = run("score", file, "--instrument", "phq9", "--out", tmp_path / "s.csv")
    assert "Warning: None of 54 answers to phq9 is 0" in " ".join(said.split())


def test_the_catalogue_shows_titles(run):
    assert "Patient Health Questionnaire (PHQ-9)" in run("instruments")[1]


def test_the_catalogue_is_a_table_of_60_columns(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    code, said, _ = run("instruments")
    assert code == 0
    assert max(map(len, said.splitlines())) <= 60
    assert "phq9                      9  checked   total" in said


def test_the_catalogue_and_a_card_stay_readable_on_a_narrow_terminal(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    for words in (("instruments",), ("instruments", "hads"), ("instruments", "eq5d_5l_uk_2026")):
        _, said, _ = run(*words)
        assert max(map(len, said.splitlines())) <= 40, words


def test_a_card_tells_all_there_is_of_an_instrument(run):
    _, said, _ = run("instruments", "hads")
    said = " ".join(said.split())
    for part in ("must be said", "printed", "half if not said", "Bell 2016", "Puhan 2008"):
        assert part in said
    assert "needs payment or a signed licence" in said
    assert "lower is better" in said


def test_an_instrument_that_is_not_there_gets_the_nearest(run):
    code, _, said = run("instruments", "hadz")
    assert code == 1
    assert 'did you mean "hads"?' in said


def test_the_users_own_instrument_is_listed_and_scored(tmp_path, run):
    folder = own_folder(tmp_path, toml())
    assert "own" in run("instruments", "--folder", folder)[1]
    assert "Your own instrument." in run("instruments", "own", "--folder", folder)[1]
    file = tmp_path / "a.csv"
    file.write_text("own_1,own_2,own_3\n1,2,3\n")
    words = ("--instrument", "own", "--folder", folder, "--out", tmp_path / "s.csv")
    assert run("score", file, *words)[0] == 0
    assert pd.read_csv(tmp_path / "s.csv")["total"].tolist() == [6]
