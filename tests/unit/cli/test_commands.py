"""The commands: what they print, where they write, how they end."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from splw_eval.cli.commands import app
from splw_eval.cli.main import main
from splw_eval.core.plan import read_plan
from splw_eval.core.plan.schema import schema_text
from tests.unit.data.given_tables import added
from tests.unit.given_study import (
    edited,
    given_study,
    pre_post_plan,
    wide,
    write_plan,
    write_xlsx,
)

ROOT = Path(__file__).parents[3]
PLAN = pre_post_plan()
HEAVY = "pandas scipy statsmodels lifelines pingouin seaborn matplotlib duckdb"
STUDY = ROOT / "analyses" / "beat_the_blues" / "study.toml"


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


def test_help_names_the_commands(run):
    code, out, _ = run("--help")
    assert code == 0
    for command in ("new", "check", "report"):
        assert command in out


def test_the_version_is_printed(run):
    code, out, _ = run("--version")
    assert code == 0
    assert out.startswith("splw-eval 0.")


def test_an_unknown_command_gets_the_nearest(run):
    code, _, err = run("chek", "x")
    assert code == 2
    assert "Did you mean 'check'?" in err


def test_a_good_study_ends_with_0_and_what_it_can_support(tmp_path, run):
    code, out, err = run("check", given_study(tmp_path, PLAN, scores=wide((10, 5))))
    assert code == 0
    assert "can be used" in out.splitlines()[0]
    assert "- SW20 No actual dates were kept: 1" in out
    assert "These data cannot answer:" in out
    assert "Lacking: the table contacts." in out
    assert "SW20" in err


def test_what_a_study_can_support_stays_readable_on_a_narrow_terminal(tmp_path, run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    _, out, _ = run("check", given_study(tmp_path, PLAN, scores=wide((10, 5))))
    assert max(map(len, out.splitlines()[1:])) <= 40


def test_precision_is_told_against_the_mid_and_small_numbers_are_hidden(tmp_path, run):
    plan = edited(PLAN, "outcomes.0.mid", {"value": 5, "source": "by hand"})
    many = wide(*[(20 - i % 7, 12 - i % 5) for i in range(24)])
    _, out, _ = run("check", given_study(tmp_path, plan, scores=many))
    words = " ".join(out.split())
    assert "3 months: 25 measured, 25 of them at the start too" in words
    assert "of the size of the MID (5): yes" in words
    _, out, _ = run("check", given_study(tmp_path, plan, scores=wide((10, 5), (9, 3))))
    words = " ".join(out.split())
    assert "3 months: * measured, * of them at the start too; no interval" in words


def test_a_faulty_study_ends_with_1_and_every_finding(tmp_path, run):
    path = given_study(tmp_path, PLAN, scores=wide((10, "x"), ("y", 5)))
    code, out, err = run("check", path)
    assert (code, out) == (1, "")
    assert err.count("SW04") == 2
    assert "Traceback" not in err


@pytest.mark.parametrize("command", ["check", "report"])
def test_a_faulty_plan_ends_with_1(tmp_path, run, command):
    (tmp_path / "study.toml").write_text("titel = 1")
    where = ("--out", tmp_path / "report") if command == "report" else ()
    code, out, err = run(command, tmp_path / "study.toml", *where)
    assert (code, out) == (1, "")
    assert 'did you mean "title"' in err
    assert not (tmp_path / "report").exists()


def test_a_report_of_faulty_files_ends_with_1_and_writes_nothing(tmp_path, run):
    path = given_study(tmp_path, PLAN, scores=wide((10, "x")))
    code, out, err = run("report", path, "--out", tmp_path / "report")
    assert (code, out) == (1, "")
    assert "SW04" in err
    assert not (tmp_path / "report").exists()


def test_a_report_that_is_stopped_leaves_every_finding_beside_its_folder(tmp_path, run):
    path = given_study(tmp_path, PLAN, scores=wide(*[("x", 5)] * 30))
    out = tmp_path / "reports" / "first"
    out.parent.mkdir()
    _, _, err = run("report", path, "--out", out)
    beside = tmp_path / "reports" / "first-findings.csv"
    assert f"Every finding: {beside}" in err
    (row, *_) = csv.DictReader(beside.read_text("utf-8-sig").splitlines())
    assert (row["code"], len(row["rows"].split())) == ("SW04", 30)
    assert [p.name for p in out.parent.iterdir()] == [beside.name]


def test_where_it_cannot_be_written_the_way_to_it_is_told(tmp_path, run):
    path = given_study(tmp_path, PLAN, scores=wide((10, "x")))
    (tmp_path / "out-findings.csv").write_text("something else", encoding="utf-8")
    code, _, err = run("report", path, "--out", tmp_path / "out")
    assert code == 1
    assert "SW04" in err
    assert "splw-eval check" in err
    assert (tmp_path / "out-findings.csv").read_text("utf-8") == "something else"


def test_a_good_report_ends_with_0_and_names_its_page(tmp_path, run):
    scores = wide(*[(20 - i % 7, 12 - i % 5) for i in range(24)])
    path = given_study(tmp_path, PLAN, scores=scores)
    code, out, _ = run("report", path, "--out", tmp_path / "report")
    assert code == 0
    assert out.startswith("Report: ")
    assert Path(out.removeprefix("Report: ").strip()).is_file()


def test_findings_are_written_with_all_their_rows(tmp_path, run):
    path = given_study(tmp_path, PLAN, scores=wide(*[(10, "x")] * 15))
    code, _, _ = run("check", path, "--findings", tmp_path / "found.csv")
    assert code == 1
    with (tmp_path / "found.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["code"] == "SW04"
    assert row["rows"] == " ".join(map(str, range(2, 17)))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["found.csv", "scores.csv", "study.toml"]


def test_findings_may_replace_older_findings_and_nothing_else(tmp_path, run):
    path = given_study(tmp_path, PLAN, scores=wide((10, 5)))
    target = tmp_path / "found.csv"
    assert run("check", path, "--findings", target)[0] == 0
    assert run("check", path, "--findings", target)[0] == 0
    before = (tmp_path / "scores.csv").read_bytes()
    code, _, err = run("check", path, "--findings", tmp_path / "scores.csv")
    assert code == 1
    assert "not overwritten" in err
    assert (tmp_path / "scores.csv").read_bytes() == before


def test_findings_that_cannot_be_moved_into_place_leave_the_old_ones(tmp_path, run, monkeypatch):
    path = given_study(tmp_path, PLAN, scores=wide((10, 5)))
    run("check", path, "--findings", tmp_path / "found.csv")
    before = (tmp_path / "found.csv").read_bytes()

    def fail(*_):
        raise PermissionError

    monkeypatch.setattr(Path, "replace", fail)
    code, _, err = run("check", path, "--findings", tmp_path / "found.csv")
    assert code == 1
    assert "could not be written" in err
    assert (tmp_path / "found.csv").read_bytes() == before
    assert not list(tmp_path.glob(".found.csv.partial*"))


@pytest.mark.parametrize("target", [".", "/", "study.toml/x.csv", "no/such/x.csv", "a" * 5000])
def test_findings_cannot_go_where_nothing_can_be_written(tmp_path, run, monkeypatch, target):
    monkeypatch.chdir(tmp_path)
    path = given_study(tmp_path, PLAN, scores=wide((10, 5)))
    code, _, err = run("check", path, "--findings", target)
    assert code == 1
    assert "could not be written" in err


def test_new_makes_a_plan_that_holds_and_names_its_files(tmp_path, run):
    folder = tmp_path / "deep" / "study"
    code, out, _ = run("new", folder)
    assert code == 0
    assert read_plan(folder / "study.toml").plan.design == "pre_post"
    assert (folder / "study.schema.json").read_text(encoding="utf-8") == schema_text()
    for path in folder.iterdir():
        assert path.name in out
    assert [p.name for p in folder.parent.iterdir()] == ["study"]


def test_the_starter_has_templates_for_every_column_of_its_plan(tmp_path, run):
    folder = tmp_path / "study"
    run("new", folder)
    code, _, err = run("check", folder / "study.toml")
    assert code == 1
    assert err.count("SW28") == 2  # the templates are empty, and nothing else is wrong
    assert "SW02" not in err


def test_new_fills_the_empty_folder_that_the_reader_stands_in(tmp_path, run, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("new", ".")[0] == 0
    assert (Path.cwd() / "study.toml").is_file()


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_new_overwrites_nothing(tmp_path, run, kind):
    target = tmp_path / "there"
    if kind == "folder":
        target.mkdir()
        (target / "notes.txt").write_text("mine")
    else:
        target.write_text("mine")
    code, _, err = run("new", target)
    assert code == 1
    assert "nothing is overwritten" in err
    assert (target / "notes.txt" if kind == "folder" else target).read_text() == "mine"


@pytest.mark.parametrize("name", ["a" * 5000, "file/study"])
def test_new_says_where_no_folder_can_be_made(tmp_path, run, name):
    (tmp_path / "file").write_text("")
    code, _, err = run("new", tmp_path / name)
    assert code == 1
    assert "could not be made" in err


def test_stopping_with_ctrl_c_says_what_became_of_the_output(tmp_path, run, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("splw_eval.cli.checking.load_study", stop)
    code, _, err = run("check", tmp_path / "study.toml")
    assert code == 130
    assert "What stood in the output before still stands." in err


@pytest.mark.parametrize("words", [["--help"], ["check", "--help"], ["report", "--help"]])
def test_a_narrow_terminal_gets_no_broken_table(run, monkeypatch, words):
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr("typer.rich_utils.MAX_WIDTH", 40)
    _, out, _ = run(*words)
    lines = out.splitlines()
    assert max(map(len, lines)) <= 40
    framed = [line for line in lines if line.startswith(("│", "╭", "╰"))]
    assert framed
    assert {len(line) for line in framed} == {40}
    assert all(line.endswith(("│", "╮", "╯")) for line in framed)


def test_tracebacks_show_no_locals():
    assert app.pretty_exceptions_show_locals is False
    assert app.pretty_exceptions_enable is False


@pytest.mark.parametrize(
    "code",
    [
        "import splw_eval; dir(splw_eval); splw_eval.__version__",
        "import sys; sys.argv = ['x', '--help']; from splw_eval.cli import main; main()",
        f"import sys; sys.argv = ['x', 'check', {str(STUDY)!r}]\n"
        "from splw_eval.cli import main; main()",
    ],
    ids=["import", "--help", "check"],
)
def test_what_must_start_at_once_loads_no_heavy_package(code):
    program = (
        "import atexit, os, sys\n"
        f"heavy = {HEAVY!r}.split()\n"
        "atexit.register(lambda: print('LOADED', [m for m in heavy if m in sys.modules]))\n" + code
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "LOADED []" in ran.stdout


def test_check_ends_with_how_many_people_practices_and_link_workers_there_are(tmp_path, run):
    plan = edited(PLAN, "files.0.columns", {"person": "person", "cluster": "practice"})
    rows = added(wide((1, 2), (3, 4)), "practice", "a", "b")
    _, out, _ = run("check", given_study(tmp_path, plan, scores=rows))
    assert out.splitlines()[-1] == "In the files: 2 people, 2 practices."


def test_a_sheet_stands_beside_its_file_while_it_is_read_and_in_the_findings(tmp_path, run):
    plan = edited(edited(PLAN, "files.0.path", "e.xlsx"), "files.0.sheet", "Scores")
    write_xlsx(tmp_path / "e.xlsx", {"Scores": wide((10, "x")), "Other": [["a"]]})
    _, _, err = run("check", write_plan(tmp_path, plan), "--findings", tmp_path / "found.csv")
    assert "Reading e.xlsx [Scores]" in err
    assert "SW04 e.xlsx [Scores], column C (phq_3)" in err
    assert ",e.xlsx [Scores],C (phq_3),2," in (tmp_path / "found.csv").read_text("utf-8-sig")


def ended(program: str, **streams) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        encoding="utf-8",
        check=False,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams,
    )


def test_ctrl_c_during_the_first_imports_ends_with_the_sentence():
    done = ended(
        "import sys, splw_eval.cli as cli\n"
        "class Stop:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'typer': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Stop())\n"
        "sys.argv = ['x', '--help']; cli.main()"
    )
    assert done.returncode == 130
    assert done.stderr.strip() == "Stopped. What stood in the output before still stands."


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_full_output_ends_without_a_traceback(stream):
    argv = ["x", "check", str(STUDY)]
    with Path("/dev/full").open("w") as full:
        program = f"import sys; sys.argv = {argv}; from splw_eval.cli import main; main()"
        done = ended(program, **{stream: full})
    assert done.returncode == 1
    assert "Traceback" not in (done.stderr or "")
    assert stream == "stderr" or "could not be written" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="a shell is asked to close the stream")
@pytest.mark.parametrize("closed", ["1>&-", "2>&-"])
def test_a_closed_output_ends_without_a_traceback(closed):
    command = f"'{sys.executable}' -m splw_eval check '{STUDY}' {closed}"
    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def test_a_report_in_several_forms_names_them_all_and_writes_its_tables_in_one_line(tmp_path, run):
    scores = wide(*[(20 - i % 7, 12 - i % 5) for i in range(24)])
    path = given_study(tmp_path, PLAN, scores=scores)
    words = ("--format", "XLSX,html", "--for", "Public")
    code, out, err = run("report", path, "--out", tmp_path / "report", *words)
    assert code == 0
    first, second = out.splitlines()
    assert first.endswith("report.html")
    assert second == "Beside it: report.xlsx."
    lines = [line for line in err.splitlines() if line.startswith("writing ")]
    assert sum("tables" in line for line in lines) == 1
    tables = len(list((tmp_path / "report" / "tables").iterdir()))
    assert f"writing {tables} tables ..." in lines


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--for", "pubic"), "Did you mean public?"),
        (("--for", "x"), "commissioner, evaluator, public"),
        (("--format", "Word"), "Did you mean docx?"),
        (("--format", "excel"), "Did you mean xlsx?"),
    ],
)
def test_what_a_report_cannot_be_is_refused_with_what_was_probably_meant(tmp_path, words, said):
    from splw_eval.cli import reporting

    typed = dict(zip(("option", "value"), words, strict=True))
    form = {"form": typed["value"]} if typed["option"] == "--format" else {"reader": typed["value"]}
    with pytest.raises(typer.BadParameter) as refused:
        reporting.run_report(tmp_path / "study.toml", tmp_path / "out", **form)
    assert said in refused.value.message
    assert "Value error" not in refused.value.message
