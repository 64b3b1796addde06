"""The power command: what it prints for people and machines, and what it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from shlex import split
from xml.etree import ElementTree as ET

import pytest

from splw_eval import power
from splw_eval.cli.main import main
from splw_eval.cli.power_group import DESIGNS
from splw_eval.power.kinds import HOMES, kind_of
from splw_eval.power.options import OPTIONS

ROOT = Path(__file__).parents[3]
PLAIN = split("--diff 0.3 --sd 1 --icc 0.05 --clusters 24 --size 20")
SOUGHT = split("--diff 0.3 --sd 1 --icc 0.05 --power 0.8 --size 20")
KEYS = {
    *("power", "clusters", "size", "mde", "std_error", "df", "conventions", "assumptions"),
    *("clusters_per_arm", "arms", "unrounded", "patients", "by_rule", "notes", "design", "version"),
}


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command line; gives its exit code, standard output and standard error."""

    def called(*words):
        monkeypatch.setattr(sys, "argv", ["splw-eval", "power", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        return ended.value.code or 0, shown.out, shown.err

    return called


# What there is.


def test_every_design_is_listed_with_one_line(run):
    assert set(DESIGNS) == set(HOMES)
    code, out, _ = run("--help")
    assert code == 0
    for name in DESIGNS:
        assert name in out


def test_the_list_of_designs_loads_no_numerics():
    program = (
        "import atexit, sys; sys.argv = ['x', 'power', '--help']\n"
        "heavy = 'numpy scipy pandas matplotlib'.split()\n"
        "atexit.register(lambda: print('LOADED', [m for m in heavy if m in sys.modules]))\n"
        "from splw_eval.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
    )
    assert "LOADED []" in done.stdout, done.stderr


@pytest.mark.parametrize("name", DESIGNS)
def test_each_design_explains_each_of_its_options(run, monkeypatch, name):
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr("typer.rich_utils.MAX_WIDTH", 120)
    code, out, _ = run(name, "--help")
    assert code == 0
    for option in kind_of(name).takes:
        if option != name:  # a matrix is the argument of its design
            assert f"{OPTIONS[option].flag} " in out
    for flag in ("--json", "--table", "--curve", "--protocol", "--simulate", "--out", "--source"):
        assert flag in out
    assert "The difference" in out


# What is printed.


def test_the_answer_comes_with_all_that_belongs_to_it(run):
    code, out, _ = run("parallel", *PLAIN)
    assert code == 0
    assert "0.614" in out.split("\n\n")[0]
    for heading in ("Figures:", "What was assumed:", "How it was worked out:", "To know:"):
        assert heading in out
    assert "If it were otherwise" in out
    assert "0.614*" in out


def test_the_record_has_its_keys_and_the_number_of_python(run):
    _, out, err = run("parallel", *SOUGHT, "--json")
    record = json.loads(out)
    assert set(record) >= KEYS
    assert err == ""
    found = power.solve(power.design("parallel", diff=0.3, sd=1, icc=0.05, power=0.8, size=20))
    assert record["clusters"] == found.clusters == 38
    assert record["clusters_per_arm"] == 19
    assert record["power"] == float(found.power)
    assert float(power.from_record(record).power) == float(found.power)


@pytest.mark.parametrize("columns", [60, 100, 120])
def test_no_line_is_longer_than_the_terminal(run, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    for words in (
        ("parallel", *PLAIN, "--cv", "0.65", "--dropout", "0.2", "--curve", "x=clusters:6..30"),
        ("parallel", *SOUGHT, "--protocol"),
        ("parallel", *SOUGHT, "--icc-range", "0.01,0.1", "--instrument", "SWEMWBS"),
    ):
        code, out, _ = run(*words)
        assert code == 0
        assert max(map(len, out.splitlines())) <= columns
    if columns < 80:
        code, _, err = run("parallel", "--icc", "20", "--observed", "0.3")
        assert code == 1
        assert max(map(len, err.splitlines())) <= columns


def test_a_table_for_other_programs_is_csv(run):
    code, out, _ = run("parallel", *PLAIN, "--table")
    assert code == 0
    assert out.splitlines()[0] == "icc,dropout,power"
    assert len(out.splitlines()) == 1 + 4 * 5
    _, out, _ = run("parallel", *PLAIN, "--table", "--curve", "x=clusters:6..30")
    assert out.startswith("clusters,power by k-2,")
    assert len(out.splitlines()) == 14


def test_the_paragraph_of_a_protocol_is_printed_with_its_gaps(run):
    code, out, _ = run("parallel", *SOUGHT, "--protocol", "--source", "icc=17 UK trials")
    assert code == 0
    words = " ".join(out.split())
    assert "38 clusters: 19 in the programme arm, 19 in the comparison arm" in words
    assert "(17 UK trials)" in words
    assert "Still to be said" in words


def test_a_source_stands_beside_its_input(run):
    _, out, _ = run("parallel", *PLAIN, "--source", "icc=17 UK trials", "--json")
    record = json.loads(out)
    (row,) = [row for row in record["assumptions"] if row["input"] == "--icc"]
    assert row["source"] == "17 UK trials"


def test_a_questionnaire_fills_in_what_was_not_given(run):
    _, out, _ = run("parallel", *split("--instrument EQ5D --icc 0.03 --size 30 --power 0.8 --json"))
    record = json.loads(out)
    assert record["given"]["sd"] == 0.27
    assert record["given"]["diff"] == 0.063
    assert record["sources"]["instrument"] == "eq5d"


# Files.


def test_a_matrix_is_read_from_its_file(run, tmp_path):
    (tmp_path / "m.csv").write_text("a,b,c\n0,1,\n0,0,1\n", encoding="utf-8")
    words = split("--per-sequence 6 --size 20 --diff 0.3 --sd 1 --icc 0.05 --json")
    code, out, _ = run("matrix", tmp_path / "m.csv", *words)
    assert code == 0
    assert json.loads(out)["given"]["matrix"] == [[0, 1, None], [0, 0, 1]]


def test_sizes_are_read_from_a_file_or_a_list(run, tmp_path):
    (tmp_path / "s.csv").write_text("size\n10\n20\n30\n15\n", encoding="utf-8")
    words = ("parallel", *split("--cv-method exact --clusters 4 --diff 0.9 --sd 1 --icc 0.05"))
    _, file, _ = run(*words, "--sizes", tmp_path / "s.csv", "--json")
    _, typed, _ = run(*words, "--sizes", "10,20,30,15", "--json")
    assert json.loads(file)["power"] == json.loads(typed)["power"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        ("", "no numbers"),
        ("1,2\n3\n", "1 to 2 cells"),
        ("1\nx\n", "row 2"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_with_its_remedy(run, tmp_path, content, words):
    if content is not None:
        (tmp_path / "s.csv").write_text(content, encoding="utf-8")
    code, _, err = run("parallel", *PLAIN, "--sizes", tmp_path / "s.csv")
    assert code == 1
    assert "SZ13 --sizes" in err
    assert words in err


def test_the_icc_is_taken_from_the_report_of_a_study(run, tmp_path):
    row = {"outcome": "swemwbs", "n": 300, "clusters": 15, "estimate": 0.04}
    rows = [
        {**row, "measure": "ICC at Baseline", "conf_low": 0.0, "conf_high": 0.1},
        {**row, "measure": "ICC at Month 12", "conf_low": 0.01, "conf_high": 0.12},
        {**row, "measure": "correlation of the start", "conf_low": None, "conf_high": None},
    ]
    held = {"results": {"ratios": {"rows": rows}}}
    (tmp_path / "results.json").write_text(json.dumps(held), encoding="utf-8")
    words = split("--diff 0.3 --sd 1 --clusters 24 --size 20")
    code, out, _ = run("parallel", *words, "--icc-from", tmp_path / "results.json", "--json")
    assert code == 0
    record = json.loads(out)
    assert record["given"]["icc"] == 0.04
    assert "Month 12" in record["sources"]["icc"]
    assert record["expected"]["expected_power"] < 1
    code, _, err = run("parallel", *PLAIN, "--icc-from", tmp_path / "results.json")
    assert code == 1
    assert "SZ14 --icc" in err
    code, _, err = run("parallel", *words, "--icc-from", tmp_path / "nothing.json")
    assert code == 1
    assert "SZ13 --icc-from" in err
    assert "--icc is missing" not in err


def test_the_icc_of_a_study_is_uncertain_by_the_studys_own_interval(run, tmp_path):
    row = {"outcome": "swemwbs", "n": 760, "clusters": 15, "measure": "ICC at 12 months"}
    rows = [{**row, "estimate": 0.0128, "conf_low": 0.0, "conf_high": 0.0476}]
    held = {"results": {"ratios": {"rows": rows}}}
    (tmp_path / "results.json").write_text(json.dumps(held), encoding="utf-8")
    words = split("--diff 0.3 --sd 1 --clusters 24 --size 20")
    given = ("parallel", *words, "--icc-from", tmp_path)
    record = json.loads(run(*given, "--json")[1])["expected"]
    assert record["icc_limits"] == [0.0, 0.0476]
    assert record["icc_limits"][0] < record["icc_upper"] < record["icc_limits"][1]
    assert min(record["power_at_limits"]) < record["power_at_upper_icc"]
    told = " ".join(run(*given)[1].split())
    assert "from 0 to 0.0476, the study's 95% interval" in told
    assert "its 80% one-sided upper limit" in told


def test_an_uncertain_icc_gives_the_power_expected(run):
    words = split("--diff 0.3 --sd 1 --clusters 24 --size 20 --icc-prior 0.05,0.02")
    _, out, _ = run("parallel", *words, "--json")
    record = json.loads(out)
    assert record["given"]["icc"] == 0.05
    assert 0 < record["expected"]["power_at_upper_icc"] < record["expected"]["expected_power"] < 1
    _, out, _ = run("parallel", *words)
    assert "Expected power" in out


@pytest.mark.parametrize("form", ["png", "svg"])
def test_a_figure_is_written_and_told(run, tmp_path, form):
    path = tmp_path / f"curve.{form}"
    code, out, _ = run("parallel", *SOUGHT, "--curve", "x=clusters:10..60", "--out", path)
    assert code == 0
    assert f"Figure: {path}" in out
    held = path.read_bytes()
    if form == "png":
        assert held.startswith(b"\x89PNG")
    else:
        root = ET.fromstring(held)
        (title,) = [one.text for one in root if one.tag.endswith("title")]
        assert "power to detect a difference of 0.3" in str(title)
    assert sorted(p.name for p in tmp_path.iterdir()) == [path.name]


def test_a_figure_that_cannot_be_written_is_told(run, tmp_path):
    code, _, err = run("parallel", *SOUGHT, "--out", tmp_path / "no" / "curve.png")
    assert code == 1
    assert "could not be written" in err
    code, _, err = run("parallel", *SOUGHT, "--out", tmp_path / "curve.pdf")
    assert code == 1
    assert ".png or .svg" in err


# What is refused.


def with_words(words: str) -> list[str]:
    """The plain design with some options otherwise."""
    held = dict(zip(PLAIN[::2], PLAIN[1::2], strict=True))
    parts = split(words)
    held.update(zip(parts[::2], parts[1::2], strict=True))
    return [word for pair in held.items() for word in pair]


@pytest.mark.parametrize(
    ("words", "code", "flag", "remedy"),
    [
        ("--icc 20", "SZ04", "--icc", "0.2 for 20 per cent"),
        ("--dropout 20", "SZ04", "--dropout", "0.2 for 20 per cent"),
        ("--icc -0.5", "SZ06", "--icc", ""),
        ("--clusters 3", "SZ08", "--clusters", "--force"),
        ("--dropout 0,0.3,0.2", "SZ07", "--dropout", ""),
        ("--power 0.05", "SZ11", "--power", "--alpha"),
        ("--size 0.5", "SZ03", "--size", "at least 1"),
        ("--icx 0.05", "SZ01", "--icx", "Did you mean --icc?"),
        ("--sd none", "SZ03", "--sd", "no number"),
        ("--tails left", "SZ03", "--tails", "upper, both"),
        ("--curve clusters", "SZ03", "--curve", "x=clusters:6..30"),
        ("--simulate many", "SZ03", "--simulate", "whole number"),
        ("--source icc", "SZ01", "--source", "NAME=TEXT"),
        ("--instrument none", "SZ03", "--instrument", "swemwbs"),
    ],
)
def test_a_fault_names_its_option_and_the_remedy(run, words, code, flag, remedy):
    kind = "cohort" if "0,0.3" in words else "parallel"
    beside = ["--visits", "0,3,12", "--iac", "0.5"] if kind == "cohort" else []
    ended, out, err = run(kind, *with_words(words), *beside)
    assert ended == 1
    assert out == ""
    assert code in err
    assert flag in err
    assert remedy in err


def test_all_faults_are_told_at_once(run):
    code, _, err = run("parallel", "--icc", "20", "--sd", "0", "--icx", "1", "--observed", "0.3")
    assert code == 1
    for one in ("SZ04 --icc", "SZ03 --sd", "SZ01 --icx", "SZ12 --observed"):
        assert one in err


@pytest.mark.parametrize("flag", ["--observed", "--post-hoc", "--estimate", "--p-value"])
def test_the_power_of_a_study_that_is_over_is_refused_with_what_to_report(run, flag):
    code, out, err = run("parallel", *PLAIN, flag, "0.12")
    assert code == 1
    assert out == ""
    assert "SZ12" in err
    assert "95% interval" in err
    assert "SZ01" not in err


def test_python_refuses_it_as_well():
    with pytest.raises(power.DesignError, match="SZ12"):
        power.design("parallel", observed=0.12, icc=0.05)


def test_what_cannot_be_reached_is_told_with_its_ceiling(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    words = split("--diff 0.3 --sd 1 --icc 0.05 --clusters 10 --power 0.9")
    code, out, err = run("parallel", *words)
    assert (code, out) == (1, "")
    assert "Infeasible" in err
    assert "cannot exceed power" in " ".join(err.split())
    assert max(map(len, err.splitlines())) <= 60


def test_a_check_that_finds_another_power_says_so_in_words(run):
    few = split("--d 0.5 --icc 0.01 --clusters 8 --size 15 --cv 0.7 --cv-method breukelen")
    _, out, _ = run("parallel", *few, "--check", "--simulate", "500")
    told = " ".join(out.split())
    assert "points more than the trials" in told
    assert "would find less than planned" in told
    _, out, _ = run("parallel", *few, "--simulate", "500", "--json")
    assert "points more than the trials" in json.loads(out)["simulation"]["gap"]
    _, out, _ = run("parallel", *PLAIN, "--check", "--simulate", "2000")
    assert "than the trials" not in " ".join(out.split())


def test_a_negative_difference_is_a_value_and_no_option(run):
    code, out, _ = run("parallel", *with_words("--diff -0.3"), "--json")
    assert code == 0
    assert json.loads(out)["given"]["diff"] == -0.3


def test_an_unknown_design_gets_the_nearest(run):
    code, _, err = run("paralel")
    assert code == 2
    assert "Did you mean 'parallel'?" in err
