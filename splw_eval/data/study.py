"""A study: its plan, its people and their scores by wave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding
from splw_eval.core.plan import Plan
from splw_eval.data.checks.workers import PracticeByWorker
from splw_eval.data.people import People
from splw_eval.data.tables import Table
from splw_eval.data.windows import Placed
from splw_eval.instruments import Instrument

NO_QUESTIONNAIRE = "no questionnaire"


@dataclass(frozen=True, slots=True, weakref_slot=True, kw_only=True)
class Study:
    """A plan with the data that it names.

    Attributes
    ----------
    plan : Plan
        Completed: range, direction, step and decimals of the catalogue stand in it.
    people : People
        Everybody in the study, whether measured or not.
    placed : Placed
        Every score that was given, with its wave; those outside every window too.
    scores : mapping of str to ndarray of float, shape (people, waves)
        The score that counts of each outcome; NaN where there is none.
    reasons : mapping of str to ndarray of int, shape (people, waves)
        Why there is no score, as a position in `reason_names`; 0 where there is one.
    reason_names : tuple of str
        ``("", "no questionnaire", "empty", ...)``, then what the plan and the files say, and
        ``"too few items answered"``.
    tables : mapping of str to Table
        The codebook's columns of each table that there is.
    worker_practices : PracticeByWorker or None
        Whom each link worker sees of each practice; None where no file says.
    due : ndarray of bool, shape (people, waves)
        Whether the wave was due by the data cut.
    dated : bool
        Whether actual dates of measurement are known.
    findings : tuple of Finding
        Warnings and notes.
    plan_sha256 : str
    file_digests : mapping of str to str
    instruments : mapping of str to Instrument or None
        By name of the outcome; None where the catalogue has no such instrument.
    written : mapping of str to str
        By name of the outcome: how the plan writes its instrument, where that is not the
        catalogue's name.
    items : mapping of str to ndarray of float, shape (people, waves, items of the score)
        By name of the outcome, where it is scored from items: answers of the record that
        counts, as they were keyed (nothing is reversed); NaN is missing.
    supplied : mapping of str to ndarray of float, shape (people, waves)
        By name of the outcome, where a total stands beside the items: that total, of the
        record that counts. It is compared, and not used.
    maximum : mapping of str to ndarray of float, shape (people, waves)
        By name of the outcome, where an item does not count for some people: the highest
        possible score of each; NaN where there is no score.
    planned : mapping of str to ndarray, shape (people,)
        By name, each column that the plan adjusts for, parts people by or stratifies by:
        float64 with NaN, or text with nothing where it is not known.
    """

    plan: Plan
    people: People
    placed: Placed
    scores: Mapping[str, NDArray[np.float64]]
    reasons: Mapping[str, NDArray[np.int16]]
    reason_names: tuple[str, ...]
    tables: Mapping[str, Table]
    worker_practices: PracticeByWorker | None
    due: NDArray[np.bool_]
    dated: bool
    findings: tuple[Finding, ...]
    plan_sha256: str
    file_digests: Mapping[str, str]
    instruments: Mapping[str, Instrument | None] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    supplied: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    maximum: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    planned: Mapping[str, NDArray[Any]] = field(default_factory=dict)
