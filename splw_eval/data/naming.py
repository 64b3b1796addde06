"""Instruments and scores of the catalogue that a plan means, by what it writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from splw_eval.core.findings import Severity
from splw_eval.core.plan import File, Outcome, Plan, bare_name
from splw_eval.data.ledger import Ledger
from splw_eval.instruments import Instrument, Score
from splw_eval.instruments.catalogue import named

Catalogue = Mapping[str, Instrument]


def meant_scores(outcome: Outcome, instrument: Instrument) -> list[Score]:
    """Scores of an instrument that an outcome may be: by its score, version, range or direction.

    Parameters
    ----------
    outcome : Outcome
    instrument : Instrument

    Returns
    -------
    list of Score
        Empty where it names a score that there is not; the first alone where its range or
        direction fits none.
    """
    scores = list(instrument.scores)
    if outcome.score is not None:
        return [score for score in scores if score.name == outcome.score]
    words = re.findall(r"[^\W_]{2,}", (outcome.version or "").casefold())
    told = [score for score in scores if score.name.casefold() in words]
    fitting = [
        score
        for score in told or scores
        if outcome.stated_range in {None, score.range}
        and outcome.stated_direction in {None, score.direction}
    ]
    return fitting or told or scores[:1]


def with_names_of(catalogue: Catalogue, plan: Plan, ledger: Ledger, name: str) -> Plan:
    """Give a plan whose instruments have the catalogue's names where exactly one fits.

    Parameters
    ----------
    catalogue : mapping of str to Instrument
    plan : Plan
        As it was written.
    ledger : Ledger
        Gets outcomes of which nobody can say which score of an instrument they are; these
        keep what was written.
    name : str
        Name of the plan's file.

    Returns
    -------
    Plan
    """
    with_items = {bare_name(key) for file in plan.files for key in file.items}
    outcomes = []
    for outcome in plan.outcomes:
        held = catalogue.get(named(outcome.instrument, catalogue))
        made_here = bare_name(outcome.instrument) in with_items
        if held is None or held.name == outcome.instrument:
            outcomes.append(outcome)
        elif _is_open(outcome, held) and not made_here:
            _report_open(outcome, held, ledger, name)
            outcomes.append(outcome)
        else:
            outcomes.append(outcome.model_copy(update={"instrument": held.name}))
    files = tuple(_with_names(catalogue, file, ledger) for file in plan.files)
    return plan.model_copy(update={"outcomes": tuple(outcomes), "files": files})


def _is_open(outcome: Outcome, instrument: Instrument) -> bool:
    """Whether an outcome that needs nothing of the catalogue may be one of several scores."""
    stated = outcome.stated_range is not None and outcome.stated_direction is not None
    return stated and not outcome.options and len(meant_scores(outcome, instrument)) > 1


def _report_open(outcome: Outcome, instrument: Instrument, ledger: Ledger, name: str) -> None:
    names = [score.name for score in meant_scores(outcome, instrument)]
    ledger.add(
        Severity.WARNING,
        "SW138",
        f"[[outcomes]] {outcome.name}: several scores of {instrument.name} may be meant "
        f"({', '.join(names)}), so the catalogue is not used for it",
        " or ".join(
            f'Write score = "{each}"' if each == names[0] else f'"{each}"' for each in names
        )
        + ".",
        file=name,
    )


def _with_names(catalogue: Catalogue, file: File, ledger: Ledger) -> File:
    items: dict[str, Any] = {}
    for written, columns in file.items.items():
        held = named(written, catalogue) or written
        if held in items:
            problem = f"[files.items] {held}: it stands twice, written in two ways"
            remedy = "Write its items once."
            ledger.add(Severity.ERROR, "SW116", problem, remedy, file=file.place)
        items[held] = columns
    return file.model_copy(update={"items": items}) if [*items] != [*file.items] else file
