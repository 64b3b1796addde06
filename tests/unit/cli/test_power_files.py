"""Files of sizes and designs: arms, marks between cells, blanks, and what is refused."""

from __future__ import annotations

import json
from shlex import split

import pytest

from tests.unit.cli.test_power import run

__all__ = ["run"]
BARE = split("--d 0.5 --icc 0.05")
BY_ARM = {
    "arm,size": "arm,size\n1,12\n0,25\n1,10\n0,20\n0,22\n",
    "size;arm": "size;arm\n12;programme\n25;control\n10;intervention\n20;comparison\n22;control\n",
    "two columns, words": "programme,12\ncomparison,25\nProgramme,10\nComparison,20\ncontrol,22\n",
    "two columns, 1 and 0": "1\t12\n0\t25\n1\t10\n0\t20\n0\t22\n",
}


def _written(tmp_path, content):
    path = tmp_path / "sizes.csv"
    path.write_text(content, encoding="utf-8")
    return path


def _record(run, *words):
    code, out, err = run(*words, "--json")
    assert code == 0, err
    return json.loads(out)


@pytest.mark.parametrize("form", BY_ARM)
def test_a_column_of_arms_is_no_size_and_parts_the_clusters(run, tmp_path, form):
    path = _written(tmp_path, BY_ARM[form])
    by_file = _record(run, "parallel", *BARE, "--sizes", path)
    typed = _record(run, "parallel", *BARE, "--sizes", "12,10,25,20,22", "--clusters-arm", "2,3")
    assert by_file["power"] == typed["power"]
    assert by_file["clusters"] == 5
    assert by_file["clusters_per_arm"] == [2, 3]
    assert by_file["patients"] == 89


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("12,14\n13,15\n10,9\n", "none of which is named arm"),
        ("arm,size\n1,12\n7,14\n0,13\n3,9\n", "rows 3, 5: the arm is not known"),
        ("size\n12\nx\n14\ny\n", "rows 3, 5: not all is a number"),
        ("arm,size\n1,12\n1,14\n", "one arm alone"),
        ("12\n0\n14\n15\n", "0 or blank for 1 of 4"),
    ],
)
def test_a_file_of_sizes_that_may_be_misread_is_refused(run, tmp_path, content, words):
    code, _, err = run("parallel", *BARE, "--sizes", _written(tmp_path, content))
    assert code == 1
    assert words in err
    assert "--sizes" in err


def test_sizes_of_other_clusters_than_those_given_are_refused(run):
    code, _, err = run("parallel", *BARE, "--clusters", "12", "--sizes", "8,10,12,14,16,18")
    assert code == 1
    assert "lists 6 clusters; the design has 12" in err


def test_sizes_stand_for_all_clusters_where_their_number_is_sought(run):
    found = _record(run, "parallel", *BARE, "--sizes", "8,10,12,14,16,18", "--power", "0.8")
    assert found["clusters"] > 6
    assert any("stand for all clusters" in note for note in found["notes"])


@pytest.mark.parametrize("design", ["parallel", "slopes"])
def test_the_clusters_of_a_list_are_counted(run, design):
    more = split("--sd 1 --iac 0.5 --visits 0,6,12 --sd-cluster 0.2") if design == "slopes" else ()
    given = split("--d 0.5") if design == "slopes" else BARE
    found = _record(run, design, *given, *more, "--sizes", "8 10 12 14 16 18")
    assert found["clusters"] == 6
    assert found["clusters_per_arm"] == 3
    assert found["arms"] == {"programme": 3, "comparison": 3}
    assert any("sizes" in note for note in found["notes"])


@pytest.mark.parametrize("mark", [" ", "\t", ";", ","])
def test_a_matrix_may_have_any_mark_between_its_cells_and_na(run, tmp_path, mark):
    rows = [["0", "0", "1"], ["0", "1", "1"], ["0", "NA", "1"]]
    path = _written(tmp_path, "\n".join(mark.join(row) for row in rows))
    given = (*BARE, *split("--clusters 12 --size 10"))
    found = _record(run, "matrix", "--matrix", path, *given)
    assert found["power"] == _record(run, "matrix", path, *given)["power"]
    assert found["patients"] == 12 * 30 - 4 * 10


def test_fractions_of_clusters_are_refused_and_means_of_sizes_are_not(run):
    given = (*BARE, "--size", "20.5")
    code, _, err = run("parallel", *given, "--clusters", "20.5")
    assert code == 1
    assert "SZ03 --clusters: is no whole number" in err
    code, _, _ = run("parallel", *given, "--clusters", "20")
    assert code == 0
