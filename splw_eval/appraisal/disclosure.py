"""Primary suppression of small numbers, run on every result before any output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any, TypeVar

from splw_eval.appraisal.digits import (
    limit_places,
    mean_places,
    moved_places,
    spread_places,
    told_coarsely,
    told_outwards,
    until_seen,
)
from splw_eval.appraisal.few_sources import resting_on_few, telling_workers, told_total
from splw_eval.appraisal.guarded import following_counts, telling_counts, verdicts
from splw_eval.appraisal.joined import join_steps
from splw_eval.appraisal.parts import exhausting_shares, fitted_shares
from splw_eval.core.columns import Column, Role, columns_of
from splw_eval.core.plan import Outcome, Plan
from splw_eval.core.result import Disclosure, Note, Result

RowT = TypeVar("RowT")

_DF_NEAR = 0.5  # a df that rounds to n - 1 gives n back, and a larger one counts more people
_GIVES_N_AWAY = frozenset({Role.MEAN, Role.SPREAD, Role.QUANTILE, Role.DF})


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One rule for small numbers.

    Attributes
    ----------
    largest_suppressed : int
        Counts from 1 to this are suppressed, and means that rest on them.
    round_to : int
        Other counts are rounded to the nearest multiple.
    rule : str
        The rule in one sentence.
    """

    largest_suppressed: int
    round_to: int
    rule: str


PROFILES = {
    "nhs": Profile(
        largest_suppressed=7,
        round_to=5,
        rule="Counts from 1 to 7 are not shown (*); other counts are rounded to the nearest 5 "
        "and may not add up; a share is worked out from the rounded counts of its parts; "
        "no mean is shown for fewer than 8 people.",
    ),
    "n10": Profile(
        largest_suppressed=9,
        round_to=5,
        rule="Counts from 1 to 9 are not shown (*); other counts are rounded to the nearest 5 "
        "and may not add up; a share is worked out from the rounded counts of its parts; "
        "no mean is shown for fewer than 10 people.",
    ),
    "public_data": Profile(largest_suppressed=0, round_to=1, rule="Exact counts are shown."),
}


def mask(result: Result[RowT], plan: Plan) -> Result[RowT]:
    """Mask the small numbers of one result.

    Parameters
    ----------
    result : Result
        Not yet masked.
    plan : Plan
        Its [disclosure] names the profile.

    Returns
    -------
    Result
        With `disclosure` stated and every suppressed cell listed in `masked`.
        Masked rows are in the same order and number, but that steps of curves are joined.

    Notes
    -----
    The rule of the NHS hospital data sets (HES, ECDS) since 2018: counts of 1-7
    suppressed, others to the nearest 5, zeros kept; means of fewer than 8 people
    suppressed; model estimates exempt. Shares are given again from masked counts, those of
    one whole as parts of their sum, and means keep only the decimals that are printed.
    Where a part is hidden and the other parts would print as 100 per cent, the largest of
    them is hidden too. Where the total and the other parts of a row would tell a hidden part
    more exactly than from 1 to 7, the next smallest part is hidden as well, and so is what
    follows from them. Words on a share are judged from the counts that are shown. Totals over
    several tables are protected by `disclose`.
    """
    profile = PROFILES[plan.disclosure.profile]
    result = join_steps(result, profile.largest_suppressed + 1, profile.round_to)
    outcomes = {outcome.name: outcome for outcome in plan.outcomes}
    masked: set[tuple[int, str]] = set()
    decimals: dict[tuple[int, str], int] = {}
    rows = []
    for i, row in enumerate(result.rows):
        outcome = outcomes.get(getattr(row, "outcome", ""))
        columns = columns_of(result.row_type)
        values, hidden, places = _mask_row(row, columns, profile, outcome)
        rows.append(replace(row, **values))  # type: ignore[type-var]
        masked |= {(i, name) for name in hidden}
        decimals |= {(i, name): n for name, n in places.items()}
    masked |= _guard(result, rows, profile)
    for i, name, value in list(fitted_shares(result.rows, rows, result.row_type)):
        rows[i] = replace(rows[i], **{name: value})  # type: ignore[type-var]
    for i, name in exhausting_shares(rows, result.row_type, masked):
        rows[i] = replace(rows[i], **{name: None})  # type: ignore[type-var]
        masked.add((i, name))
    masked |= _judge(rows, result.row_type, profile)
    return replace(
        result,
        rows=tuple(rows),
        notes=tuple(_mask_note(note, profile) for note in result.notes),
        masked=frozenset(masked),
        decimals=decimals,
        disclosure=Disclosure(
            profile=plan.disclosure.profile,
            rule=profile.rule,
            reason=plan.disclosure.reason or "",
        ),
    )


def _guard(result: Result[Any], rows: list[Any], profile: Profile) -> set[tuple[int, str]]:
    """Hide further parts of a whole where a hidden one could be told, and their shares."""
    columns, found = columns_of(result.row_type), set()
    possible = partial(possible_counts, profile=profile)
    few = profile.largest_suppressed
    for i, name in list(telling_counts(result.rows, rows, result.row_type, possible, few)):
        shares = {n for n, c in columns.items() if c.role is Role.SHARE and c.numerator == name}
        rows[i] = replace(rows[i], **dict.fromkeys({name, *shares}))
        found |= {(i, hidden) for hidden in {name, *shares}}
    also = [*following_counts(result.rows, rows, result.row_type)]
    for i, name in [*also, *telling_workers(result.rows, columns)] if few else ():
        if getattr(rows[i], name) is not None:
            rows[i] = replace(rows[i], **{name: None})
            found.add((i, name))
    return found


def _judge(rows: list[Any], row_type: type, profile: Profile) -> set[tuple[int, str]]:
    """Judge words on shares from the counts that are shown; give the places left empty."""
    found = set()
    for i, name, told in verdicts(rows, row_type, partial(possible_counts, profile=profile)):
        if told is None and getattr(rows[i], name) is not None:
            found.add((i, name))
        rows[i] = replace(rows[i], **{name: told})
    return found


def _mask_row(
    row: Any, columns: Mapping[str, Column], profile: Profile, outcome: Outcome | None
) -> tuple[dict[str, Any], set[str], dict[str, int]]:
    """Give the masked values of a row, the names of those suppressed, and decimals left."""
    exact = {f.name: getattr(row, f.name) for f in fields(row)}
    values = dict(exact)
    for name, column in columns.items():
        if column.role is Role.COUNT:
            values[name] = mask_count(exact[name], profile)
    places = _places(exact, values, columns, profile, outcome)
    staff = {name for name, c in columns.items() if c.role is Role.STAFF}  # `resting_on_few`
    of_people = [(name, c) for name, c in columns.items() if c.base not in staff]
    too_few = {name for name, c in of_people if _rests_on_too_few(name, c, exact, profile)}
    too_few |= {name for name, n in places.items() if n is None}
    too_few |= resting_on_few(exact, columns) if profile.largest_suppressed else set()
    for name, column in columns.items():
        if name in too_few:
            values[name] = None
        elif column.role is Role.SHARE and exact[name] is not None:
            values[name] = _share(column, values, exact)
        elif column.role in _GIVES_N_AWAY and exact[name] is not None and profile.round_to > 1:
            # All digits of a mean of whole scores are a fraction whose denominator is n.
            told = _told(exact[name], column, exact[column.base] or 0)
            values[name] = round(told, places[name]) + 0.0  # never a negative zero
        elif column.role is Role.TOTAL and exact[name] is not None:
            values[name] = told_total(exact[name], exact.get(column.base) or 1, profile.round_to)
        elif column.role is Role.GUARD:
            values[name] = None
        elif _tells(name, column, profile, staff) and exact[name] is not None:
            values[name] = round(exact[name], until_seen(exact[name], column.decimals or 0))
    hidden = {name for name in values if values[name] is None and exact[name] is not None}
    # Also what was never there: one person has no SD, and the gap would say so.
    hidden |= too_few
    hidden -= {name for name, c in columns.items() if c.role is Role.GUARD}
    return values, hidden, _unlike_planned(columns, places, outcome, hidden)


def _told(value: float, column: Column, n: int) -> float:
    return told_outwards(told_coarsely(value, column.coarse, n), column.outwards, n)


def _tells(name: str, column: Column, profile: Profile, staff: set[str]) -> bool:
    """All digits of a p-value tell a guess at scores right; of a median post, one link worker."""
    digits = column.role is Role.ESTIMATE and column.decimals is not None
    return digits and profile.round_to > 1 and (name == "p_value" or bool(staff))


def _places(
    exact: Mapping[str, Any],
    masked: Mapping[str, Any],
    columns: Mapping[str, Column],
    profile: Profile,
    outcome: Outcome | None,
) -> dict[str, int | None]:
    """Decimals of every mean, limit and SD of a row; None where it may not be shown."""
    exactly = profile.round_to == 1
    bases = {c.base for c in columns.values() if c.role in _GIVES_N_AWAY}
    planned = outcome.decimals if outcome else 0
    of_means = {b: planned if exactly else mean_places(outcome, masked[b]) for b in bases}
    found: dict[str, int | None] = {
        name: limit_places(name, exact, of_means[c.base] if c.decimals is None else c.decimals)
        for name, c in columns.items()
        if c.role in _GIVES_N_AWAY and exact[name] is not None
    }
    if exactly:
        return found
    for name, column in columns.items():
        if column.moved_by and (places := found.get(name)):
            points = max(abs(exact[field]) for field in column.moved_by)
            found[name] = moved_places(places, points, exact[column.base])
    return found | spread_places(exact, columns, of_means)


def _unlike_planned(
    columns: Mapping[str, Column],
    places: Mapping[str, int | None],
    outcome: Outcome | None,
    hidden: set[str],
) -> dict[str, int]:
    """Decimals that are not those of the plan or the column, and must be printed as they are."""
    if outcome is None:
        return {}
    own = {name: columns[name].decimals for name in places}
    planned = {name: outcome.decimals if n is None else n for name, n in own.items()}
    return {
        name: n
        for name, n in places.items()
        if n is not None and n != planned[name] and name not in hidden
    }


def mask_count(n: int | None, profile: Profile) -> int | None:
    """Count as it may be shown: None if suppressed, zero kept, others rounded."""
    if n is None or 1 <= n <= profile.largest_suppressed:
        return None
    return (2 * n + profile.round_to) // (2 * profile.round_to) * profile.round_to


def possible_counts(shown: int, profile: Profile) -> tuple[int, int]:
    """Fewest and most people that a shown count can be."""
    if not shown:
        return 0, 0
    apart = profile.round_to // 2
    return max(shown - apart, profile.largest_suppressed + 1), shown + apart


def _rests_on_too_few(
    name: str, column: Column, exact: Mapping[str, Any], profile: Profile
) -> bool:
    if not column.base or (column.words and exact[name] not in column.words):
        return False
    base = exact[column.base]
    if base is None:
        return False
    if 1 <= base <= profile.largest_suppressed:
        return True
    if profile.round_to == 1 or exact[name] is None:
        return False
    # Exact counts in disguise; a Satterthwaite df meets n - 1 only to rounding.
    as_many_units_as_people = column.role is Role.UNITS and exact[name] == base
    of_people = column.role is Role.DF and (
        exact[name] > base - 1 - _DF_NEAR
        or bool(column.practices and exact[column.practices] is None)
    )
    return as_many_units_as_people or of_people


def _share(column: Column, masked: Mapping[str, Any], exact: Mapping[str, Any]) -> float | None:
    """Give a share again from masked counts, unless it would then claim everybody or hide some."""
    numerator, base = masked[column.numerator], masked[column.base]
    if numerator is None or not base:
        return None
    if column.complement and masked[column.complement] is None:
        return None
    share = float(numerator / base)
    not_all = exact[column.numerator] < exact[column.base]
    return None if share >= 1 and not_all else min(share, 1.0)


def _mask_note(note: Note, profile: Profile) -> Note:
    return replace(note, counts={k: mask_count(n, profile) for k, n in note.counts.items()})
