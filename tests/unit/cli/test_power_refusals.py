"""What the power command refuses, all of it at once, and what it says of the infeasible."""

from __future__ import annotations

import json
from shlex import split

import pytest

from tests.unit.cli.test_power import PLAIN, run

__all__ = ["run"]


def test_faults_of_all_kinds_are_told_together(run):
    words = "--df foo --curve x=foo:1..3 --simulate 0 --clusters 24 --size 20 --icc 0.05"
    code, _, err = run("parallel", *split(words))
    assert code == 1
    for part in ("--df", "--curve: foo", "--simulate", "--diff or --d"):
        assert part in err
    assert "n_trials" not in err


def test_a_questionnaire_without_an_important_difference_is_one_fault(run):
    code, _, err = run("parallel", *split("--instrument ONS4 --clusters 24 --size 20 --icc 0.05"))
    assert code == 1
    assert "(1):" in err


@pytest.mark.parametrize(
    ("words", "told", "not_told"),
    [
        ("cohort --cac 1.3", "--cac: is out of its range", "per cent"),
        ("cohort --icc 20", "0.2 for 20 per cent", "out of its range"),
        ("tte --hr 0.6 --power 0.9 --df k-2", "There are: z,", "z, z"),
        ("parallel --foo 3", "--foo is no option", "Did you mean"),
        ("parallel --clutsers 3", "Did you mean --clusters?", "--or?"),
        ("parallel --d 0.3 --icc 0.05 --sizes 8,-3", "The actual sizes", "The the"),
    ],
)
def test_messages_fit_the_fault(run, words, told, not_told):
    code, _, err = run(*split(words))
    assert code == 1
    assert told in err
    assert not_told not in err


def test_what_is_infeasible_has_a_record_and_an_exit_code(run):
    words = "--diff 0.2 --sd 1 --icc 0.05 --clusters 6 --power 0.8 --test z --json"
    code, out, err = run("parallel", *split(words))
    record = json.loads(out)
    assert code == 1
    assert record["feasible"] is False
    assert record["power"] is None
    assert record["sought"] == "size"
    assert record["ceiling"] == pytest.approx(0.19365, abs=1e-5)
    assert record["patients_without_clusters_per_arm"] == pytest.approx(392.444, abs=1e-3)
    assert record["message"] in err.replace("\n", " ") or "cannot exceed" in err
    assert "cannot exceed" in record["message"]


def test_the_record_of_a_feasible_design_says_so(run):
    _, out, _ = run("parallel", *PLAIN, "--json")
    assert json.loads(out)["feasible"] is True


def test_people_of_each_arm_and_events_are_in_the_record_before_rounding(run):
    words = "--rate0 0.2 --rate1 0.1 --loss-rate 0.1 --duration 2 --accrual 0.5 --power 0.9 --json"
    _, out, _ = run("tte", *split(words))
    record = json.loads(out)
    assert record["events_unrounded"] == pytest.approx(90.0987, abs=1e-3)
    assert record["patients_per_arm"] == 215
    assert record["patients_per_arm_unrounded"] == pytest.approx(429.61886 / 2, abs=1e-3)
    assert record["conventions"]["hazards"].startswith("lachin-foulkes")


def test_people_in_no_cluster_are_in_the_record(run):
    words = "--clusters 10 --size 10 --icc 0.05 --d 0.4 --power 0.8 --solve controls --json"
    _, out, _ = run("partially-nested", *split(words))
    record = json.loads(out)
    assert record["controls"] == record["arms"]["comparison"] == 345
    assert record["clusters_per_arm"] == 10


def test_whole_numbers_of_a_curve_have_no_decimals(run):
    _, out, _ = run("parallel", *PLAIN, "--table", "--curve", "x=clusters:6..10")
    assert out.splitlines()[1].startswith("6,")
