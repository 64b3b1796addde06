"""A plan with what the catalogue of instruments knows filled in, or why it cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from splw_eval.core.findings import Severity
from splw_eval.core.plan import File, FromColumn, Outcome, Plan
from splw_eval.core.plan.measurement import ITEM, Columns
from splw_eval.data.ledger import Ledger
from splw_eval.data.naming import meant_scores, with_names_of
from splw_eval.data.options import near_name, option_faults, options_apart
from splw_eval.instruments import Instrument, Score

Catalogue = Mapping[str, Instrument]

_NO_RANGE = (
    "Give range and direction, or name an instrument of the catalogue; "
    "splw-eval instruments lists them."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """A plan whose outcomes all have a range, and where it comes from.

    Attributes
    ----------
    plan : Plan
        Ranges, directions, steps and decimals of the catalogue stand in it, and the
        columns of items one by one.
    instruments : mapping of str to Instrument or None
        By name of the outcome; None where the catalogue has none.
    written : mapping of str to str
        By name of the outcome: how the plan writes its instrument, where the catalogue's name
        now stands in its place.
    """

    plan: Plan
    instruments: Mapping[str, Instrument | None]
    written: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What a plan is completed with, and where faults go."""

    plan: Plan
    catalogue: Catalogue
    ledger: Ledger
    name: str

    def fault(self, code: str, problem: str, remedy: str, file: str = "") -> None:
        self.ledger.add(Severity.ERROR, code, problem, remedy, file=file or self.name)


def complete_plan(
    plan: Plan, catalogue: Catalogue, ledger: Ledger, name: str = "study.toml"
) -> Completed:
    """Fill in what the catalogue knows of each outcome.

    Parameters
    ----------
    plan : Plan
        As it was written.
    catalogue : mapping of str to Instrument
    ledger : Ledger
        Gets unknown scores, options and items, contradictions, and what is lacking.
    name : str
        Name of the plan's file.

    Returns
    -------
    Completed
        To be used only where the ledger holds no error.
    """
    named = with_names_of(catalogue, plan, ledger, name)
    desk = _Desk(plan=named, catalogue=catalogue, ledger=ledger, name=name)
    outcomes = tuple(_outcome(desk, outcome) for outcome in named.outcomes)
    for file in named.files:
        _report_options_apart(desk, outcomes, file)
    made = named.model_copy(update={"outcomes": outcomes})
    files = tuple(_file(desk, made, file) for file in named.files)
    return Completed(
        plan=made.model_copy(update={"files": files}),
        instruments={o.name: catalogue.get(o.instrument) for o in outcomes},
        written={
            was.name: was.instrument
            for was, now in zip(plan.outcomes, outcomes, strict=True)
            if was.instrument != now.instrument
        },
    )


def score_of(outcome: Outcome, instrument: Instrument) -> Score:
    """Return the catalogue's score that an outcome is; the first where none is named."""
    named = (score for score in instrument.scores if score.name == outcome.score)
    return next(named, instrument.scores[0])


# Outcomes.


def _outcome(desk: _Desk, outcome: Outcome) -> Outcome:
    instrument, where = desk.catalogue.get(outcome.instrument), f"[[outcomes]] {outcome.name}"
    if instrument is None:
        _report_lacking(desk, outcome, where)
        return outcome
    has_items = any(outcome.instrument in file.items for file in desk.plan.files)
    for code, problem, remedy in option_faults(outcome, instrument, has_items=has_items):
        desk.fault(code, f"{where}: {problem}", remedy)
    names = [score.name for score in instrument.scores]
    if outcome.score is not None and outcome.score not in names:
        near = near_name(outcome.score, names)
        problem = f'{where}: {instrument.name} has no score "{outcome.score}"{near}'
        desk.fault("SW114", problem, f"Its scores are: {', '.join(names)}.")
        return outcome
    if instrument.warning:
        remedy = "The report repeats it; name another instrument if it matters for this study."
        told = f"{where}: {instrument.warning}".rstrip(".")
        desk.ledger.add(Severity.WARNING, "SW120", told, remedy, file=desk.name)
    score = meant_scores(outcome, instrument)[0]
    for fault in _contradictions(outcome, score):
        remedy = (
            "Leave it out, or name the score that is meant. If it is another questionnaire, give "
            "the instrument another name, which says so."
        )
        desk.fault("SW113", f"{where}: {fault} for {instrument.name}, {score.name}", remedy)
    return _filled(outcome, score)


def _report_lacking(desk: _Desk, outcome: Outcome, where: str) -> None:
    """Report what an outcome needs whose instrument the catalogue does not have."""
    unknown = f'"{outcome.instrument}" is no instrument of the catalogue'
    near = near_name(outcome.instrument, desk.catalogue)
    needed = {"range": outcome.stated_range, "direction": outcome.stated_direction}
    lacking = [key for key, value in needed.items() if value is None]
    if lacking:
        problem = f"{where} has no {' and no '.join(lacking)}, and {unknown}{near}"
        desk.fault("SW112", problem, _NO_RANGE)
    of_catalogue = {"score": outcome.score, "options": outcome.options}
    told = [key for key, value in of_catalogue.items() if value]
    if told:
        problem = f"{where} has {' and '.join(told)}, but {unknown}{near}"
        desk.fault("SW114", problem, "Correct the name of the instrument, or leave them out.")


def _contradictions(outcome: Outcome, score: Score) -> Iterator[str]:
    (low, high), stated = score.range, outcome.stated_range
    if stated is not None and stated != (low, high):
        yield f"range is {_span(*stated)}, and the catalogue says {_span(low, high)}"
    if outcome.stated_direction not in {None, score.direction}:
        yield f"direction is {outcome.stated_direction}, and the catalogue says {score.direction}"
    if stated is None and outcome.mid and outcome.mid.value > high - low:
        yield f"the MID is larger than the whole range, {_span(low, high)}"


def _report_options_apart(desk: _Desk, outcomes: Iterable[Outcome], file: File) -> None:
    """Report outcomes that are made of the same answers of a file by different options."""
    first: dict[str, Outcome] = {}
    for outcome in outcomes:
        instrument = desk.catalogue.get(outcome.instrument)
        if instrument is None or outcome.instrument not in file.items:
            continue
        other = first.setdefault(outcome.instrument, outcome)
        apart = options_apart(instrument, other, outcome)
        if apart:
            problem = (
                f"[[outcomes]] {other.name} and {outcome.name} are made of the same answers to "
                f"{instrument.name}, with different options ({', '.join(apart)})"
            )
            remedy = "Say the same for both: answers can have been keyed in one way only."
            desk.ledger.add(Severity.WARNING, "SW136", problem, remedy, file=file.place)


def _span(low: float, high: float) -> str:
    return f"{low:g} to {high:g}"


def _filled(outcome: Outcome, score: Score) -> Outcome:
    """Give an outcome the score's range and direction, and what else it leaves open."""
    known: dict[str, Any] = {
        "score": score.name,
        "stated_range": score.range,
        "stated_direction": score.direction,
    }
    if outcome.stated_step is None:
        known["stated_step"] = score.step
    if outcome.stated_decimals is None:
        known["stated_decimals"] = score.decimals
    if outcome.coding is None and isinstance(outcome.options.get("coding"), str):
        known["coding"] = outcome.options["coding"]
    return outcome.model_copy(update=known)


# Items.


def _file(desk: _Desk, plan: Plan, file: File) -> File:
    """Write the column of each item out, in place of patterns."""
    items: dict[str, Any] = {}
    for name, wave, columns in file.item_columns():
        instrument = desk.catalogue.get(name)
        where = f"[files.items] {name}" + (f".{wave}" if wave else "")
        if instrument is None:
            near = near_name(name, desk.catalogue)
            problem = f"{where}: it is no instrument of the catalogue{near}"
            remedy = "Write an instruments/*.toml of your own, or give scores in [files.scores]."
            desk.fault("SW116", problem, remedy, file.place)
            continue
        if wave is None and isinstance(columns, dict) and _by_wave(desk, columns, where, file):
            continue
        mapped = _mapped(desk, instrument, columns, (where, file.place), _needed(plan, instrument))
        if wave is None:
            items[name] = mapped
        else:
            items.setdefault(name, {})[wave] = mapped
    return file.model_copy(update={"items": items})


def _by_wave(desk: _Desk, columns: Mapping[str, str], where: str, file: File) -> bool:
    """Report items of a long file that are given wave by wave, as those of a wide file are."""
    waves = [wave.name for wave in desk.plan.waves if wave.name in columns]
    if waves:
        problem = f"{where}.{waves[0]}: the file is long, with a row a wave, so no wave is named"
        name = where.rsplit(" ", 1)[-1]
        remedy = f'Write {name} = "...{ITEM}", or layout = "wide" if each row is a person.'
        desk.fault("SW116", problem, remedy, file.place)
    return bool(waves)


def _needed(plan: Plan, instrument: Instrument) -> list[str]:
    """Items of the scores that the plan uses, but for those that an option's column holds."""
    outcomes = [o for o in plan.outcomes if o.instrument == instrument.name]
    used = {item for outcome in outcomes for item in score_of(outcome, instrument).items}
    elsewhere = {
        name for o in outcomes for name, value in o.options.items() if isinstance(value, FromColumn)
    }
    return [item for item in instrument.items if item in used - elsewhere]


def _mapped(
    desk: _Desk,
    instrument: Instrument,
    columns: Columns,
    place: tuple[str, str],
    needed: Iterable[str],
) -> dict[str, str]:
    """Heading of each item of an instrument; faults are reported."""
    where, file = place
    if instrument.score_only and (isinstance(columns, str) or set(columns) - set(instrument.items)):
        problem = f"{where}: ready-made scores only, its answers are not scored here"
        remedy = "Give the score that its owner's scoring makes, in [files.scores]."
        desk.fault("SW116", problem, remedy, file)
        return {}
    if isinstance(columns, str):
        return {item: columns.replace(ITEM, item) for item in needed}
    known = f"Its items are: {', '.join(instrument.items)}."
    for item in columns:
        if item not in instrument.items:
            near = near_name(item, instrument.items)
            desk.fault("SW116", f'{where}: there is no item "{item}"{near}', known, file)
    absent = [item for item in needed if item not in columns]
    if absent:
        desk.fault("SW116", f"{where}: no column for {', '.join(absent)}", known, file)
    return {item: columns[item] for item in instrument.items if item in columns}
