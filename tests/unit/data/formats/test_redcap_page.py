"""The worked example of the page on REDCap gives what the page says of it."""

from __future__ import annotations

import numpy as np

from splw_eval.data import load_study
from tests.house.test_docs import DOCS, follow


def test_the_worked_example_of_redcap_gives_the_study_that_it_speaks_of(tmp_path):
    follow(DOCS / "how-to" / "redcap.md", tmp_path)
    study = load_study(tmp_path / "redcap.toml")
    assert np.nan_to_num(study.scores["swemwbs"], nan=-1).tolist() == [
        [19.25, 21.54],
        [17.43, -1],
        [-1, -1],
    ]
    why = [[study.reason_names[code] for code in row] for row in study.reasons["swemwbs"]]
    assert why == [["", ""], ["", "not asked"], ["no questionnaire", "no questionnaire"]]
    assert len(study.placed.measures) == 3 + 1  # with the one that was not asked
    assert study.tables["contacts"].number("minutes").tolist() == [45, 30, 60]
    people = study.tables["people"]
    assert people.number("interpreter").tolist() == [1, 0, 1]
    assert people.number("carer").tolist() == [0, 1, 1]
    assert [word.lower() for word in people.text("sex")] == ["female", "male", "female"]
