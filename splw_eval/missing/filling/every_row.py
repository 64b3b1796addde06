"""Every person at every wave, as rows with the columns of the frame that was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.missing.filling.draw_inputs import DrawInputs
from splw_eval.missing.loss.wave_order import waves_in_order
from splw_eval.models.variables import level_codes

if TYPE_CHECKING:
    import pandas as pd


def every_row(inputs: DrawInputs) -> pd.DataFrame:
    """Rows of people and waves in order, each once.

    Parameters
    ----------
    inputs : DrawInputs

    Returns
    -------
    DataFrame
        Person, wave, arm, practice, covariates and a baseline that is a column are filled in
        every row; further columns where the frame had the row.
    """
    frame, persons = inputs.frame, inputs.persons
    levels = inputs.levels[1:] if inputs.baseline else inputs.levels
    waves = len(levels)
    found = frame.reset_index(drop=True).reindex(_places(inputs, waves)).reset_index(drop=True)
    for name in inputs.people.columns:
        found[name] = inputs.people[name].repeat(waves).to_numpy()
        found[name] = found[name].astype(frame[name].dtype)
    found[inputs.person] = _labels(persons, frame[inputs.person]).repeat(waves).array
    found[inputs.wave] = _labels(levels * len(persons), frame[inputs.wave]).array
    return found


def _labels(labels: tuple[Any, ...], like: pd.Series) -> pd.Series:
    import pandas as pd

    values = pd.Series(list(labels))
    kept = isinstance(like.dtype, pd.CategoricalDtype | pd.StringDtype)
    return values.astype(like.dtype) if kept else values


def _places(inputs: DrawInputs, waves: int) -> np.ndarray:
    """Position in the frame of each person's row at each wave; -1 where there is none."""
    frame = inputs.frame
    who, when = level_codes(frame[inputs.person])[0], waves_in_order(frame[inputs.wave])[0]
    there = np.flatnonzero((who >= 0) & (when >= 0))
    # Of several rows at a wave the one with a score is kept: it is written last.
    scored = frame[inputs.outcome].notna().to_numpy()[there]
    there = there[np.argsort(scored, kind="stable")]
    found = np.full(len(inputs.persons) * waves, -1, dtype=np.int64)
    found[who[there] * waves + when[there]] = there
    return found
