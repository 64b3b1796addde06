"""What a scoring asks, and whether the plan answers it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from splw_eval.core.plan import FromColumn, Outcome, suggestion
from splw_eval.instruments import Instrument, Option

Fault = tuple[str, str, str]  # code, what is wrong, what to do


def near_name(word: str, known: Iterable[str]) -> str:
    """Offer the name that a word means; capitals, spaces and signs do not count."""
    names = list(known)
    plain = {_plainly(name): name for name in names}
    same = plain.get(_plainly(word))
    return f'; did you mean "{same}"?' if same else suggestion(word.casefold(), names)


def _plainly(word: str) -> str:
    return "".join(c for c in word.casefold() if c.isalnum())


def option_faults(outcome: Outcome, instrument: Instrument, *, has_items: bool) -> Iterator[Fault]:
    """Find options that a scoring does not know, or needs and is not told.

    Parameters
    ----------
    outcome : Outcome
        Its `options`.
    instrument : Instrument
    has_items : bool
        Whether anything is scored; ready-made scores need no options.

    Yields
    ------
    tuple of (str, str, str)
        Code, problem and remedy of each fault.
    """
    for name, value in outcome.options.items():
        if name in instrument.options:
            yield from _value_faults(instrument, name, value)
        elif name not in instrument.items:
            near = near_name(name, instrument.options)
            asks = ", ".join(instrument.options) or "nothing"
            problem = f'the scoring of {instrument.name} has no option "{name}"{near}'
            yield "SW114", problem, f"It asks: {asks}."
        elif not isinstance(value, FromColumn):
            problem = f"option {name} is an item, so it needs the column that holds it"
            yield "SW114", problem, f'Write {name} = {{ column = "..." }}.'
    for name, option in instrument.options.items():
        if has_items and option.required and name not in outcome.options:
            problem = f"the scoring of {instrument.name} must be told: {name}. {option.meaning}"
            yield "SW115", problem.rstrip("."), _ways(name, option)


def options_apart(instrument: Instrument, one: Outcome, other: Outcome) -> list[str]:
    """Names of options that two outcomes of an instrument answer differently."""
    names = dict.fromkeys([*instrument.options, *one.options, *other.options])

    def said(outcome: Outcome, name: str) -> Any:
        option = instrument.options.get(name)
        return outcome.options.get(name, option.default or None if option else None)

    return [name for name in names if said(one, name) != said(other, name)]


def _ways(name: str, option: Option) -> str:
    """Every choice of an option with what it means, as it is written in the plan."""
    ways = [f'{name} = "{word}" ({meaning})' for word, meaning in option.choices.items()]
    said = "; ".join(ways) or f'{name} = "..."'
    return f"Find out, and write under [outcomes.options] {said}. It is never guessed."


def _value_faults(instrument: Instrument, name: str, value: Any) -> Iterator[Fault]:
    option = instrument.options[name]
    if option.kind == "choice":
        if isinstance(value, str) and value in option.choices:
            return
        near = near_name(value, option.choices) if isinstance(value, str) else ""
        problem = f"option {name} is not one of the choices of {instrument.name}{near}"
        yield "SW114", problem, _ways(name, option)
    elif not isinstance(value, _FORMS[option.kind]):
        problem = f"option {name} of {instrument.name} is not of its form. {option.meaning}"
        yield "SW114", problem.rstrip("."), f"Write {name} = {_EXAMPLES[option.kind]}."


_FORMS: dict[str, tuple[type, ...]] = {
    "flag": (bool, FromColumn),
    "codes": (float, tuple),
    "file": (str,),
}
_EXAMPLES = {
    "flag": 'true, false or { column = "..." }',
    "codes": "[8, 9], the codes in the file",
    "file": '"values.csv", a file in the folder of the plan',
}
