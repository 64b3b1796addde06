"""The same study comes out of every kind of file, cell for cell."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from splw_eval.data import Study, load_study
from tests.unit.data.formats.given_formats import KEEPS_REASONS, TABLES, WRITERS, coded, plan
from tests.unit.given_study import edited, write_plan

LAYOUTS = ("long", "wide")


def written(folder: Path, name: str, layout: str) -> Study:
    """Study in one kind of file and layout."""
    ending, write, settings = WRITERS[name]
    made = plan(layout, ending, **settings)
    made = made if name in KEEPS_REASONS else coded(made)
    if name.startswith("semicolons"):
        made = edited(made, "files.0.columns.cluster", "praxisö")
    for file in made["files"]:
        write(folder / file["path"], TABLES[Path(file["path"]).stem])
    return load_study(write_plan(folder, made))


def held(study: Study) -> dict[str, object]:
    """Everything that an analysis takes from a study."""
    people, placed = study.people, study.placed
    assert people.time_zero is not None
    assert people.cluster is not None
    return {
        "ids": list(people.ids),
        "arm": people.arm.tolist(),
        "cluster": people.cluster.tolist(),
        "time_zero": people.time_zero.tolist(),
        "scores": np.nan_to_num(study.scores["phq9"], nan=-1).tolist(),
        "why": [[study.reason_names[c] for c in row] for row in study.reasons["phq9"]],
        "day": np.nan_to_num(placed.day, nan=-1).tolist(),
        "wave": placed.wave.tolist(),
        "counted": placed.counted.tolist(),
        "due": study.due.tolist(),
    }


EXPECTED = {
    "ids": ["17", "18", "19", "20"],
    "arm": [0, 0, 1, 1],
    "cluster": [0, 1, 0, 2],
    "time_zero": [*(dt.date(2026, 1, day) for day in (5, 6, 7)), None],
    "scores": [[10.0, 6.125], [-1, 27.0], [0.0, -1], [12.5, -1]],
}


@cache
def reference(layout: str) -> dict[str, object]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        return held(written(Path(folder), "CSV", layout))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_csv_study_is_what_was_written(layout):
    found = reference(layout)
    assert {key: found[key] for key in EXPECTED} == EXPECTED
    assert found["why"] == [
        ["", ""],
        ["Refused", ""],
        ["", "empty"],
        ["", "no questionnaire"],
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", WRITERS)
def test_every_kind_of_file_gives_the_same_study(tmp_path, name, layout):
    assert held(written(tmp_path, name, layout)) == reference(layout)
