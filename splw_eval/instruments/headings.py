"""Which column holds which item, as the user says or as the names tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set, Sized
from dataclasses import dataclass, replace
from typing import Any

from splw_eval.core.errors import DataError
from splw_eval.core.findings import Finding, Severity
from splw_eval.core.plan import suggestion
from splw_eval.core.plan.measurement import ITEM
from splw_eval.instruments.formula import Formula
from splw_eval.instruments.records import Instrument

Items = Mapping[str, Any] | Sequence[Any] | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Columns of an instrument.

    Attributes
    ----------
    instrument : Instrument
        As it can be scored from these columns: without scores whose items were not asked, or
        with ready-made scores in place of items.
    columns : mapping of str to column label
        By item; an item that may be left out and was has none.
    given : bool
        Whether ready-made scores stand in place of items.
    """

    instrument: Instrument
    columns: Mapping[str, Any]
    given: bool = False


def find_columns(
    instrument: Instrument,
    labels: Iterable[Any],
    items: Items | None,
    *,
    left_out: Set[str] = frozenset(),
) -> Found:
    """Find the column of every item.

    Parameters
    ----------
    instrument : Instrument
    labels : iterable
        Columns that there are.
    items : mapping, sequence, str or None
        Item keys (or scores that may be given) to columns; the columns in the order of the
        keys; or a pattern with ``{item}``. What it does not name is found under the key,
        ``{instrument}_{key}`` or ``item_{key}``, in any case; that of a single item also under
        the instrument's name.
    left_out : set of str
        Items that count for nobody: they may have no column, and a sequence may leave them out.

    Returns
    -------
    Found

    Raises
    ------
    DataError
        Items have no column, one column is named for several, or an item or column is not
        known; all are listed.
    """
    held = list(labels)
    ready = given_form(instrument)
    may_lack = (*instrument.optional, *left_out)
    lenient = replace(instrument, optional=may_lack)
    said, wrong = _said(lenient, ready, held, _keyed(instrument, items, left_out))
    found = {**_by_name(instrument, held), **said}
    wrong.extend(_twice(instrument, found))
    if ready is not None and (
        set(said) & set(ready.items) or not set(found) & set(instrument.items)
    ):
        columns = {**_by_name(ready, held), **{k: c for k, c in said.items() if k in ready.items}}
        if columns:
            _stop(instrument, wrong)
            kept = tuple(score for score in ready.scores if score.name in columns)
            names = tuple(score.name for score in kept)
            flags = tuple(flag for flag in ready.flags if flag.score in names)
            cut = replace(ready, items=names, scores=kept, flags=flags)
            return Found(instrument=cut, columns=columns, given=True)
    absent = [i for i in instrument.items if i not in found and i not in may_lack]
    asked = [i for i in instrument.items if i in found]
    if (absent or not asked) and not (isinstance(items, str) and wrong):
        wrong.append(_lacking(instrument, absent or list(instrument.items), ready))
    _stop(instrument, wrong)
    return Found(instrument=_with_asked(instrument, asked), columns={i: found[i] for i in asked})


def given_form(instrument: Instrument) -> Instrument | None:
    """Return the instrument as one of ready-made scores; None where no score may be given."""
    scores = tuple(
        replace(score, items=(score.name,), formula=Formula(how="given"), variants=())
        for score in instrument.scores
        if score.may_be_given
    )
    if not scores:
        return None
    names = tuple(score.name for score in scores)
    return replace(
        instrument,
        items=names,
        codes=None,
        item_codes={},
        words={},
        optional=(),
        scores=scores,
        variants=(),
        flags=tuple(flag for flag in instrument.flags if flag.score in names),
        options={n: replace(o, required=False) for n, o in instrument.options.items()},
    )


def _keyed(instrument: Instrument, items: Items | None, left_out: Set[str]) -> Items | None:
    """Put keys to a sequence that names the columns of those items only that count."""
    if items is None or isinstance(items, str | Mapping):
        return items
    given: Any = items
    if isinstance(given, Set) or not isinstance(given, Iterable) or not isinstance(given, Sized):
        remedy = "Map the keys of the items to columns, or give the columns in order, as a list."
        _stop(instrument, [_finding("items is neither a mapping, a list nor a pattern", remedy)])
    counted = [item for item in instrument.items if item not in left_out]
    return dict(zip(counted, items, strict=True)) if len(items) == len(counted) else items


def _said(
    instrument: Instrument, ready: Instrument | None, held: Sequence[Any], items: Items | None
) -> tuple[dict[str, Any], list[Finding]]:
    """Columns that the user names, and what is wrong with them."""
    if items is None:
        return {}, []
    if isinstance(items, str) and ITEM in items:
        return _of_pattern(instrument, held, items)
    if isinstance(items, str) or (not isinstance(items, Mapping) and len(items) != _k(instrument)):
        n, k = 1 if isinstance(items, str) else len(items), _k(instrument)
        has = f"{instrument.name} has {_counted(k, 'item')}"
        problem = f"items names {_counted(n, 'column')}, but {has}"
        remedy = f"Give one for each of {', '.join(instrument.items)}, or a pattern with {ITEM}."
        return {}, [_finding(problem, remedy)]
    pairs = items if isinstance(items, Mapping) else dict(zip(instrument.items, items, strict=True))
    said = {str(key): column for key, column in pairs.items() if column is not None}
    known = [*instrument.items, *(ready.items if ready else ())]
    wrong = [
        _finding(
            f'{instrument.name} has no item "{key}"{suggestion(key, known)}',
            f"Its items are {', '.join(instrument.items)}.",
        )
        for key in said
        if key not in known
    ]
    names = [str(label) for label in held]
    wrong += [
        _finding(
            f'there is no column "{column}" for item {key}{suggestion(str(column), names)}',
            "Correct the name of the column.",
        )
        for key, column in said.items()
        if column not in held
    ]
    return {k: c for k, c in said.items() if k in known and c in held}, wrong


def _of_pattern(
    instrument: Instrument, held: Sequence[Any], pattern: str
) -> tuple[dict[str, Any], list[Finding]]:
    """Columns that follow a pattern; items that may be left out need none."""
    wanted = {item: pattern.replace(ITEM, item) for item in instrument.items}
    said = {item: column for item, column in wanted.items() if column in held}
    absent = [wanted[i] for i in wanted if i not in said and i not in instrument.optional]
    if not absent and said:
        return said, []
    absent = absent or list(wanted.values())
    problem = f'of the {_counted(len(wanted), "column")} of "{pattern}", there is no {absent[0]}'
    more = f", nor {len(absent) - 1} others" if len(absent) > 1 else ""
    near = suggestion(absent[0], [str(label) for label in held])
    return said, [_finding(f"{problem}{more}{near}", "Correct the pattern.")]


def _twice(instrument: Instrument, found: Mapping[str, Any]) -> list[Finding]:
    """Columns that are named for several items."""
    of_column: dict[Any, list[str]] = {}
    for item, column in found.items():
        of_column.setdefault(column, []).append(item)
    return [
        _finding(
            f'the column "{column}" is named for the items {", ".join(items)}',
            f"Each item of {instrument.name} has a column of its own: name it.",
        )
        for column, items in of_column.items()
        if len(items) > 1
    ]


def _counted(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _k(instrument: Instrument) -> int:
    return len(instrument.items)


def _by_name(instrument: Instrument, held: Sequence[Any]) -> dict[str, Any]:
    """Columns whose name tells the item; the same letters win over another case."""
    exact = {str(label): label for label in reversed(held)}
    any_case = {str(label).casefold(): label for label in reversed(held)}
    found = {}
    alone = (instrument.name,) if _k(instrument) == 1 else ()
    for item in instrument.items:
        for name in (item, f"{instrument.name}_{item}", f"item_{item}", *alone):
            if name in exact or name.casefold() in any_case:
                found[item] = exact.get(name, any_case.get(name.casefold()))
                break
    return found


def _with_asked(instrument: Instrument, asked: Sequence[str]) -> Instrument:
    """Leave out scores of which no item was asked."""
    if len(asked) == _k(instrument):
        return instrument
    scores = tuple(s for s in instrument.scores if set(s.items) & set(asked))
    names = {score.name for score in scores}
    flags = tuple(f for f in instrument.flags if f.score in names or f.item in asked)
    used = {*asked, *(item for score in scores for item in score.items)}
    kept = tuple(item for item in instrument.items if item in used)
    return replace(instrument, items=kept, scores=scores, flags=flags)


def _lacking(instrument: Instrument, absent: Sequence[str], ready: Instrument | None) -> Finding:
    example = f"{instrument.name}_{absent[0]}"
    also = f", or a ready-made score in a column {' or '.join(ready.items)}" if ready else ""
    return _finding(
        f"these items of {instrument.name} have no column: {', '.join(absent)}",
        f"Say which columns hold them (items; --items {absent[0]}=COLUMN), or name the columns "
        f'like "{example}"{also}.',
    )


def _stop(instrument: Instrument, wrong: Sequence[Finding]) -> None:
    if wrong:
        raise DataError(f"The items of {instrument.name} cannot all be found.", wrong)


def _finding(problem: str, remedy: str) -> Finding:
    return Finding(code="SI05", severity=Severity.ERROR, problem=problem, remedy=remedy)
