"""Questionnaires: what each asks, how it is scored, and what its scores mean."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from splw_eval.instruments.catalogue import instrument, instruments, read_catalogue
from splw_eval.instruments.frames import score
from splw_eval.instruments.meanings import Bands, Difference, Flag, Norm
from splw_eval.instruments.records import Instrument, Option, Score
from splw_eval.instruments.responses import keying_hint
from splw_eval.instruments.scoring import Scored, faulty_responses, score_responses

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Bands",
    "Difference",
    "Flag",
    "Instrument",
    "Norm",
    "Option",
    "Score",
    "Scored",
    "faulty_responses",
    "instrument",
    "instruments",
    "keying_hint",
    "read_catalogue",
    "score",
    "score_responses",
]


class _Room(ModuleType):
    """The room itself, which lists its catalogue when it is called.

    ``splw_eval.instruments`` is a room and, for the reader, a question: Python gives both
    the same name, so the one must answer the other.
    """

    def __call__(self, folder: str | Path | None = None) -> pd.DataFrame:
        return instruments(folder)


sys.modules[__name__].__class__ = _Room
