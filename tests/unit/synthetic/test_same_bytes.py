"""The same seed gives the same bytes, and one part leaves the others alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from splw_eval import synthetic
from splw_eval.core.errors import OutputError
from splw_eval.data import load_study
from splw_eval.synthetic.writing import csv_text
from tests.unit.synthetic.given_programme import small


def test_the_same_seed_gives_the_same_tables():
    again = synthetic.programme(seed=11)
    for name, frame in small().tables.items():
        assert csv_text(again.tables[name]) == csv_text(frame), name
    assert again.plan == small().plan


def test_another_seed_gives_other_people():
    other = synthetic.programme(seed=12)
    for name, frame in small().tables.items():
        assert csv_text(other.tables[name]) != csv_text(frame), name


@pytest.mark.parametrize(
    ("changed", "alike"),
    [
        (
            {"dropout": {"programme": (0.1, 0.2, 0.2), "comparison": (0.1, 0.1, 0.1)}},
            {"people", "episodes", "contacts", "support", "link_workers", "clusters"}
            | {"service_use"},
        ),
        (
            {"effect": 0.5, "icc": 0.1},
            {"people", "episodes", "contacts", "support", "link_workers", "service_use"},
        ),
        ({"waves": (0, 12)}, {"people", "episodes", "contacts", "support", "clusters"}),
    ],
)
def test_what_a_setting_does_not_concern_stays_as_it_was(changed, alike):
    other = synthetic.programme(seed=11, **changed)
    for name in alike:
        assert csv_text(other.tables[name]) == csv_text(small().tables[name]), name
    assert csv_text(other.tables["measures"]) != csv_text(small().tables["measures"])


def test_files_end_lines_in_the_same_way_everywhere(tmp_path):
    small().write(tmp_path / "new")
    for path in (tmp_path / "new").iterdir():
        raw = path.read_bytes()
        assert b"\r" not in raw
        assert raw.endswith(b"\n")
        raw.decode("ascii")


def test_what_was_written_can_be_loaded_and_holds_everybody(tmp_path):
    study = load_study(small().write(tmp_path / "new"))
    assert len(study.people) == len(small().tables["people"])
    assert study.plan.synthetic
    assert set(study.tables) == set(small().tables)


@pytest.mark.parametrize("changed", [{"waves": (0, 1, 2, 24)}, {"practices": (2, 2)}])
def test_other_programmes_can_be_loaded_too(tmp_path, changed):
    study = load_study(synthetic.programme(seed=2, **changed).write(tmp_path / "new"))
    assert len(study.plan.waves) == len(changed.get("waves", (0, 3, 12, 18)))


def test_an_empty_folder_is_filled(tmp_path):
    assert small().write(tmp_path).is_file()
    assert len(list(tmp_path.iterdir())) == 9


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="nothing is overwritten"):
        small().write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_folder_that_cannot_be_finished_is_not_begun(tmp_path, monkeypatch):
    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OutputError, match="could not be made"):
        small().write(tmp_path / "new")
    assert list(tmp_path.iterdir()) == []
