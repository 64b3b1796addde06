"""Whether a masked result shows what a check asks for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.verdict import Rule, Verdict, not_reported, reported
from splw_eval.core.columns import Role, columns_of

HIDDEN_REMEDY = (
    "Put waves, groups or categories together, so that more people stand behind each figure."
)
_CENT = 100
_SOME_HIDDEN = " Some of its figures are hidden, as few people are behind them."
FEWEST_CLUSTERS = 4  # fewer practices give no interval; a test holds it against `stats`
MORE_PRACTICES = (
    f"Take in more practices: from fewer than {FEWEST_CLUSTERS} no interval can be worked out. Say "
    "in the report that how sure the estimate is cannot be told."
)
WHY_NO_INTERVAL = "Say in the report why there is no interval, as the table or its notes have it."
_ENDS = frozenset({"conf_low", "conf_high", "interaction_low", "interaction_high"})
ALL_HIDDEN = "is there, and all its figures are hidden, as too few people are behind them"


def called(facts: Facts, key: str) -> str:
    """Return how the report calls a result."""
    held = facts.results.get(key)
    return f"\u201c{held.title}\u201d" if held is not None else f"\u201c{key}\u201d"


def why_none(facts: Facts, key: str) -> str:
    """Return why a result has no rows, in the words of its own note."""
    held = facts.results.get(key)
    notes = held.notes if held is not None else ()
    return notes[0].sentence() if notes else f"Nothing is told under {called(facts, key)}."


def told(rows: Iterable[Any], *fields: str) -> list[Any]:
    """Return the rows of which every one of some fields is shown."""
    return [row for row in rows if all(getattr(row, name) is not None for name in fields)]


def of_primary(facts: Facts, key: str) -> list[Any]:
    """Return the rows of a result that are about the primary outcome."""
    return [row for row in facts.rows(key) if row.outcome == facts.plan.primary.name]


def verdict_on(
    facts: Facts, key: str, rows: Iterable[Any], fields: tuple[str, ...], remedy: str
) -> Verdict:
    """Judge some rows of a result by whether their fields are shown.

    Parameters
    ----------
    facts : Facts
    key : str
        Of the result.
    rows : iterable
        Those of its rows that the check is about.
    fields : tuple of str
        What must be shown of a row.
    remedy : str
        What to do where nothing is there.
    """
    held = list(rows)
    if not held:
        return not_reported(why_none(facts, key), remedy, key)
    shown, few = told(held, *fields), hidden(facts, key, held, fields)
    if shown:
        return reported(f"In the report: {called(facts, key)}.{_SOME_HIDDEN if few else ''}", key)
    return _without(facts, key, held, fields, remedy)


def _without(
    facts: Facts, key: str, rows: list[Any], fields: tuple[str, ...], remedy: str
) -> Verdict:
    """Say what of some fields no row shows, and whether it is hidden or was never there."""
    there = [name for name in fields if told(rows, name)]
    gone = [name for name in fields if hidden(facts, key, rows, (name,))]
    if gone and not there:
        return not_reported(f"{called(facts, key)} {ALL_HIDDEN}.", HIDDEN_REMEDY, key)
    if not there:
        return not_reported(f"{called(facts, key)} does not have it.", remedy, key)
    shows_some = f"{called(facts, key)} shows: {headings(rows, there)}"
    if gone:
        said = f"{shows_some}. Hidden, as too few people are behind it: {headings(rows, gone)}."
        return not_reported(said, HIDDEN_REMEDY, key)
    lacking = [name for name in fields if name not in there]
    if not set(lacking) & _ENDS or not lacking:
        lacking = lacking or list(fields)
        said = f"{shows_some}. Not shown beside it: {headings(rows, lacking)}."
        return not_reported(said, remedy, key)
    return without_interval(facts, key, rows)


def without_interval(facts: Facts, key: str, rows: Iterable[Any]) -> Verdict:
    """Say that an estimate is there and its interval is not, and why, where it is known."""
    clusters = [n for row in rows if (n := getattr(row, "clusters", None)) is not None]
    few = bool(clusters) and max(clusters) < FEWEST_CLUSTERS
    why = f", as there are fewer than {FEWEST_CLUSTERS} practices" if few else ""
    remedy = MORE_PRACTICES if few else WHY_NO_INTERVAL
    said = f"{called(facts, key)} shows the estimate; its 95% interval is not given{why}."
    return not_reported(said, remedy, key)


def headings(rows: list[Any], names: Iterable[str]) -> str:
    """Return what the table calls some fields; the two ends of an interval once."""
    columns = columns_of(type(rows[0]))
    return listed("95% interval" if name in _ENDS else columns[name].title for name in names)


def hidden(facts: Facts, key: str, rows: Iterable[Any], fields: tuple[str, ...]) -> bool:
    """Whether small numbers took one of some fields away, rather than that it is not known."""
    held = facts.results.get(key)
    masked = held.masked if held is not None else frozenset()
    wanted = {id(row) for row in rows}
    at = [i for i, row in enumerate(held.rows if held else ()) if id(row) in wanted]
    return any((i, name) in masked for i in at for name in fields)


def shows(key: str, *fields: str, collects: str, remedy: str = "") -> Rule:
    """Make the rule that a result is there and shows some fields.

    Parameters
    ----------
    key : str
        Of the result.
    *fields : str
        What must be shown of a row.
    collects : str
        Tables and columns that it needs.
    remedy : str
        Where nothing is there; without it, to collect them.
    """

    def judge(facts: Facts) -> Verdict:
        rows = facts.rows(key)
        return verdict_on(facts, key, rows, fields, remedy or f"Collect {collects}.")

    return Rule(judge=judge, collects=collects)


def figure(facts: Facts, key: str, row: Any, name: str) -> str:
    """Return one number of a result as its table prints it.

    Parameters
    ----------
    facts : Facts
    key : str
        Of the result.
    row : object
        One of its rows, in which the number is shown.
    name : str
        Its field.
    """
    result, column = facts.results[key], columns_of(type(row))[name]
    at = next(i for i, held in enumerate(result.rows) if held is row)
    planned = column.decimals
    if planned is None:
        outcome = getattr(row, "outcome", facts.plan.primary.name)
        planned = next((o.decimals for o in facts.plan.outcomes if o.name == outcome), 1)
    places = result.decimals.get((at, name), planned)
    if column.role is not Role.SHARE:
        return f"{getattr(row, name):,.{places}f}"
    sign = "%" if column.per == _CENT else f" in {column.per:,}"
    return f"{getattr(row, name) * column.per:,.{places}f}{sign}"


def listed(words: Iterable[str]) -> str:
    """Return words as ``a, b and c``, each once."""
    held = list(dict.fromkeys(words))
    return " and ".join(filter(None, [", ".join(held[:-1]), *held[-1:]]))
