"""Answers to items that ask about risk: counts only, never people."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.card_rows import RiskRow
from splw_eval.core.plan import Outcome
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.instrument_card import score_of
from splw_eval.instruments import Flag

RISK = "risk"  # how the catalogue's flags of such items begin


def describe_risk(study: Study) -> Result[RiskRow]:
    """Count who gave an answer about risk that somebody should have looked at.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of RiskRow
        One row for each outcome with such an item among its answers, arm and wave.
    """
    rows = tuple(
        _row(study, outcome, flag, arm, wave)
        for outcome, flag in risk_items(study)
        for arm in range(len(study.plan.groups))
        for wave in range(len(study.plan.waves))
    )
    words = (
        "These counts name nobody, and they come too late for anybody who needs help now: such an "
        "answer calls for somebody to look on the day that it is given."
    )
    return Result(
        key="risk",
        title="Answers about risk",
        unit="people",
        row_type=RiskRow,
        rows=rows,
        notes=(Note(text=words),),
        sources=tuple(
            dict.fromkeys(f"{f.title}: {f.source}" for _, f in risk_items(study) if f.source)
        ),
    )


def risk_items(study: Study) -> Iterator[tuple[Outcome, Flag]]:
    """Yield the items about risk whose answers a study holds, each with an outcome once."""
    seen: set[tuple[str, str]] = set()
    for outcome in study.plan.outcomes:
        instrument = study.instruments.get(outcome.name)
        if instrument is None or outcome.name not in study.items:
            continue
        for flag in instrument.flags:
            found = flag.name.startswith(RISK) and flag.item in score_of(instrument, outcome).items
            if found and (instrument.name, flag.item) not in seen:
                seen.add((instrument.name, flag.item))
                yield outcome, flag


def _row(study: Study, outcome: Outcome, flag: Flag, arm: int, wave: int) -> RiskRow:
    answers = _answers(study, outcome, flag)[study.people.arm == arm, wave]
    given = answers[~np.isnan(answers)]
    above = int((given >= flag.at_least).sum()) if flag.at_least is not None else 0
    return RiskRow(
        outcome=outcome.name,
        item=flag.item,
        arm=study.plan.groups[arm],
        wave=study.plan.waves[wave].name,
        answered=len(given),
        above=above,
        lowest=len(given) - above,
    )


def _answers(study: Study, outcome: Outcome, flag: Flag) -> NDArray[np.float64]:
    """Return the answers to one item, people by waves."""
    instrument = study.instruments[outcome.name]
    assert instrument is not None
    at = score_of(instrument, outcome).items.index(flag.item)
    return study.items[outcome.name][:, :, at]
