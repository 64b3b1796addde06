"""Answers outside the range that another first number would explain."""

from __future__ import annotations

from splw_eval.core.findings import Severity
from splw_eval.core.plan import Outcome
from splw_eval.data.keying import keying_hint
from splw_eval.data.ledger import Ledger
from splw_eval.data.loaded import Loaded
from splw_eval.data.parse import numbers
from splw_eval.data.sheet import Sheet


def check(loaded: Loaded) -> None:
    """Report columns of scores set to missing that were perhaps only coded otherwise.

    Where such scores stop the run, the same hint stands with the finding that stops it.
    """
    for outcome in loaded.plan.outcomes:
        if outcome.out_of_range != "missing":
            continue
        for sheet in loaded.sheets:
            where = sheet.spec.scores.get(outcome.name, {})
            of_items = {(name, wave) for name, wave, _ in sheet.spec.item_columns()}
            for wave, heading in [(None, where)] if isinstance(where, str) else where.items():
                if (outcome.instrument, wave) in of_items:
                    continue  # a total that is compared and not used
                _column(loaded, outcome, sheet, heading)


def _column(loaded: Loaded, outcome: Outcome, sheet: Sheet, heading: str) -> None:
    # Faulty cells were reported when the scores were read: a ledger of its own is enough.
    values = numbers(sheet, heading, Ledger())
    hint = keying_hint(values, outcome.range, outcome.instrument)
    if hint:
        loaded.ledger.add(
            Severity.WARNING,
            "SW74",
            hint.rstrip("."),
            "Scores outside the range were set to missing, and the others may be one too low "
            "or too high: ask how answers were keyed.",
            file=sheet.spec.place,
            column=sheet.place(heading),
        )
