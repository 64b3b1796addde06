"""How each outcome is scored, as short lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from splw_eval.cli.supported import print_list
from splw_eval.core.plan import Outcome
from splw_eval.data import Study
from splw_eval.data.options import near_name
from splw_eval.instruments import Instrument, read_catalogue
from splw_eval.instruments.variants import formula_with

_BETTER = {"higher_is_better": "higher is better", "lower_is_better": "lower is better"}


def print_measured(study: Study) -> None:
    """Print each outcome's instrument, how it is scored and what of it is recalled."""
    print_list("What was measured", (_line(study, outcome) for outcome in study.plan.outcomes))


def _line(study: Study, outcome: Outcome) -> str:
    instrument = study.instruments.get(outcome.name)
    low, high = outcome.range
    scale = f"{low:g} to {high:g}, {_BETTER[outcome.direction]}"
    if instrument is None:
        near = near_name(outcome.instrument, read_catalogue()) or "."
        return (
            f"{outcome.label}: {outcome.instrument}, not in the catalogue{near} Scores as the "
            f"files give them, {scale}, as the plan says."
        )
    written = study.written.get(outcome.name)
    name = f'{instrument.name} ("{written}" in the plan)' if written else instrument.name
    lead = f"{outcome.label}: {name}, score {outcome.score}, {scale}."
    return " ".join([lead, *_how(study, outcome, instrument), *_recalled(instrument)])


def _how(study: Study, outcome: Outcome, instrument: Instrument) -> Iterator[str]:
    if outcome.name not in study.items:
        yield "Ready-made scores as the files give them."
        return
    said = {name: option.default for name, option in instrument.options.items() if option.default}
    said |= {name: value for name, value in outcome.options.items() if isinstance(value, str)}
    score = next(score for score in instrument.scores if score.name == outcome.score)
    _, rule, status = formula_with(score, said)
    told = ", ".join(f"{name} = {value}" for name, value in said.items())
    yield f"Made from items{f' ({told})' if told else ''}. {rule}"
    if status == "recalled":
        yield "That rule is recalled, not checked at its source."


def _recalled(instrument: Instrument) -> Iterator[str]:
    if instrument.status == "recalled":
        yield "The scoring is recalled, not checked at its source."
    if instrument.recalled:
        yield f"Recalled: {' '.join(instrument.recalled)}"
