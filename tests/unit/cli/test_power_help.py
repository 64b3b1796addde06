"""The power command: help by design, curves, and what was typed nearly right."""

from __future__ import annotations

import json
import sys
from shlex import split
from typing import Any

import pytest

from splw_eval import power
from splw_eval.cli.main import main
from splw_eval.cli.power_group import DESIGNS
from splw_eval.cli.power_options import RULES
from splw_eval.power.kinds import kind_of
from splw_eval.power.options import OPTIONS
from splw_eval.power.words.meanings import OF_DESIGN

PLAIN = split("--diff 0.3 --sd 1 --icc 0.05 --clusters 24")


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


@pytest.fixture
def plain_help(run, monkeypatch):
    """Help of one design as one line, without its frames."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("typer.rich_utils.MAX_WIDTH", 200)

    def called(name):
        return " ".join(run(name, "--help")[1].replace("\u2502", " ").split())

    return called


def test_help_of_a_design_speaks_of_that_design(plain_help):
    assert "Change of the mean from before to after" in plain_help("pre-post")
    assert "Clusters of each sequence, in their order" in plain_help("stepped-wedge")
    assert "programme first" not in plain_help("stepped-wedge")
    words = plain_help("matrix")
    assert "Needed: the file, as it is or by `--matrix`" in words
    assert "how far clusters differ in the same way" in words


def test_meanings_are_of_options_that_the_designs_take():
    for kind, name in OF_DESIGN:
        assert name in kind_of(kind).takes
        assert name in OPTIONS


@pytest.mark.parametrize("name", DESIGNS)
def test_help_lists_the_rules_of_degrees_of_freedom(plain_help, name):
    words = plain_help(name)
    for rule in RULES[name]:
        assert rule in words.split("--df")[1].split("--")[0] or f"{rule}," in words


def test_the_rules_listed_are_those_that_answers_have():
    plans: dict[str, dict[str, Any]] = {
        "parallel": {"d": 0.3, "icc": 0.05, "clusters": 24, "size": 20},
        "stepped-wedge": {"d": 0.3, "icc": 0.05, "steps": 4, "clusters": 12, "size": 20},
        "cohort": {
            **{"d": 0.3, "icc": 0.05, "iac": 0.5, "visits": [0, 6], "clusters": 24, "size": 20},
        },
        "partially-nested": {"d": 0.3, "icc": 0.05, "clusters": 12, "size": 20, "controls": 200},
        "individual": {"d": 0.3, "patients": 200},
        "multisite": {"d": 0.3, "icc": 0.05, "clusters": 12, "size": 20},
        "tte": {"hr": 0.7, "p0": 0.5, "icc": 0.05, "clusters": 12, "size": 20},
        "pre-post": {"d": 0.3, "iac": 0.5, "patients": 60},
    }
    for kind, options in plans.items():
        found = power.solve(power.design(kind, **options)).precision.df
        assert set(found) - {"z"} <= set(RULES[kind]), kind
        assert next(iter(found)) == RULES[kind][0], kind


def test_a_matrix_may_be_given_by_its_option(run, tmp_path):
    (tmp_path / "m.csv").write_text("0,1,1\n0,0,1\n", encoding="utf-8")
    words = split("--per-sequence 6 --size 20 --d 0.3 --icc 0.05 --json")
    _, placed, _ = run("matrix", tmp_path / "m.csv", *words)
    code, named, _ = run("matrix", "--matrix", tmp_path / "m.csv", *words)
    assert code == 0
    assert json.loads(named)["power"] == json.loads(placed)["power"]
    code, _, err = run("matrix", tmp_path / "m.csv", "--matrix", tmp_path / "m.csv", *words)
    assert (code, "SZ14 --matrix" in err) == (1, True)


@pytest.mark.parametrize("typed", ["30%", "0%,30%"])
def test_a_per_cent_gets_its_share_as_a_remedy(run, typed):
    code, _, err = run("parallel", *PLAIN, "--size", "20", "--dropout", typed)
    assert code == 1
    assert "Give a share: 0" in err


def test_a_curve_needs_no_value_of_what_it_runs_over(run):
    code, out, _ = run("parallel", *PLAIN, "--curve", "x=size:5..60")
    assert code == 0
    assert "--size was not given: the answer above is for 60, the end." in " ".join(out.split())
    _, alone, _ = run("parallel", *PLAIN, "--size", "60", "--json")
    _, drawn, _ = run("parallel", *PLAIN, "--curve", "x=size:5..60", "--json")
    assert json.loads(drawn)["power"] == json.loads(alone)["power"]
    _, out, _ = run("parallel", *PLAIN, "--size", "20", "--curve", "x=size:5..60")
    assert "was not given: the answer above" not in out


def test_two_curves_are_refused(run):
    words = ("--size", "20", "--curve", "x=size:5..60", "--curve", "x=icc:0..0.1")
    code, out, err = run("parallel", *PLAIN, *words)
    assert (code, out) == (1, "")
    assert "--curve was given more than once" in err


def test_the_title_of_a_figure_tells_the_whole_design(run, tmp_path):
    words = split("--d 0.3 --icc 0.05 --cac 0.8 --iac 0.6 --clusters 24 --dropout 0.3")
    run("baseline", *words, "--curve", "x=size:5..60", "--out", tmp_path / "c.svg")
    text = (tmp_path / "c.svg").read_text(encoding="utf-8")
    title = text.split("<title")[1].split("</title>")[0]
    for part in ("ICC 0.05", "CAC 0.8", "IAC 0.6", "share lost 0.3", "clusters: 24"):
        assert part in title


def test_what_cannot_be_reached_tells_what_would_do(run):
    code, _, err = run("parallel", *split("--diff 0.3 --sd 1 --icc 0.05 --clusters 10 --power 0.9"))
    assert code == 1
    words = " ".join(err.split())
    for part in ("Assumed: --diff 0.3", "At least 26 clusters", "splw-eval power baseline"):
        assert part in words


def test_a_simulation_that_differs_says_so_without_being_asked(run):
    few = split("--d 0.5 --icc 0.01 --clusters 8 --size 15 --cv 0.7 --cv-method breukelen")
    _, out, _ = run("parallel", *few, "--simulate", "500")
    told = " ".join(out.split()).split("Simulation:")[1]
    assert "Formula: " in told
    assert "points more than the trials" in told


def test_the_mean_of_a_prior_is_no_source(run):
    words = split("--diff 0.3 --sd 1 --clusters 24 --size 20 --icc-prior 0.05,0.02 --protocol")
    _, out, _ = run("parallel", *words)
    assert "--icc-prior" not in out
    assert "say where the ICC comes from" in " ".join(out.split())
