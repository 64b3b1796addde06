"""Primary suppression of small numbers, run on every result before any output."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from splw_eval.appraisal.parts import exhausting_shares, fitted_shares
from splw_eval.core.columns import Column, Role, columns_of
from splw_eval.core.plan import Outcome, Plan
from splw_eval.core.result import Disclosure, Note, Result

RowT = TypeVar("RowT")

_ROUNDING = 1e-9  # log10 of an exact power of ten may fall just short of it
_FINEST = 15  # decimals; what is smaller is zero but for the rounding of the machine
_DF_NEAR = 0.5  # a df that rounds to n - 1 gives n back
_GIVES_N_AWAY = frozenset({Role.MEAN, Role.SPREAD, Role.QUANTILE, Role.DF})
# Beside an interval an SD gives n as (t SD / half-width)^2. It is shown only where rounding
# leaves about this many whole numbers that n could be: twice what rounding counts to 5 leaves.
_POSSIBLE_N = 10.0


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
        Masked rows are in the same order and number.

    Notes
    -----
    The rule of the NHS hospital data sets (HES, ECDS) since 2018: counts of 1-7
    suppressed, others to the nearest 5, zeros kept; means of fewer than 8 people
    suppressed; model estimates exempt. Shares are given again from masked counts, those of
    one whole as parts of their sum, and means keep only the decimals that are printed.
    Where a part is hidden and the other parts would print as 100 per cent, the largest of
    them is hidden too.
    Complements and totals over several tables are not yet protected.
    """
    profile = PROFILES[plan.disclosure.profile]
    outcomes = {outcome.name: outcome for outcome in plan.outcomes}
    masked: set[tuple[int, str]] = set()
    rows = []
    for i, row in enumerate(result.rows):
        outcome = outcomes.get(getattr(row, "outcome", ""))
        values, hidden = _mask_row(row, columns_of(result.row_type), profile, outcome)
        rows.append(replace(row, **values))  # type: ignore[type-var]
        masked |= {(i, name) for name in hidden}
    for i, name, value in list(fitted_shares(result.rows, rows, result.row_type)):
        rows[i] = replace(rows[i], **{name: value})  # type: ignore[type-var]
    for i, name in exhausting_shares(rows, result.row_type, masked):
        rows[i] = replace(rows[i], **{name: None})  # type: ignore[type-var]
        masked.add((i, name))
    return replace(
        result,
        rows=tuple(rows),
        notes=tuple(_mask_note(note, profile) for note in result.notes),
        masked=frozenset(masked),
        disclosure=Disclosure(
            profile=plan.disclosure.profile,
            rule=profile.rule,
            reason=plan.disclosure.reason or "",
        ),
    )


def _mask_row(
    row: Any, columns: Mapping[str, Column], profile: Profile, outcome: Outcome | None
) -> tuple[dict[str, Any], set[str]]:
    """Give the masked values of a row, and the names of those suppressed."""
    exact = {f.name: getattr(row, f.name) for f in fields(row)}
    values = dict(exact)
    for name, column in columns.items():
        if column.role is Role.COUNT:
            values[name] = mask_count(exact[name], profile)
    too_few = {name for name, c in columns.items() if _rests_on_too_few(name, c, exact, profile)}
    spreads = _spread_places(exact, columns, profile, outcome)
    too_few |= {name for name, places in spreads.items() if places is None}
    for name, column in columns.items():
        if name in too_few:
            values[name] = None
        elif column.role is Role.SHARE and exact[name] is not None:
            values[name] = _share(column, values, exact)
        elif column.role in _GIVES_N_AWAY and exact[name] is not None and profile.round_to > 1:
            # All digits of a mean of whole scores are a fraction whose denominator is n.
            places = spreads.get(name, column.decimals)
            if places is None:
                places = _places(outcome, values[column.base])
            values[name] = round(exact[name], places)
    hidden = {name for name in values if values[name] is None and exact[name] is not None}
    # Also what was never there: one person has no SD, and the gap would say so.
    return values, hidden | too_few


def mask_count(n: int | None, profile: Profile) -> int | None:
    """Count as it may be shown: None if suppressed, zero kept, others rounded."""
    if n is None or 1 <= n <= profile.largest_suppressed:
        return None
    return (2 * n + profile.round_to) // (2 * profile.round_to) * profile.round_to


def _rests_on_too_few(
    name: str, column: Column, exact: Mapping[str, Any], profile: Profile
) -> bool:
    if not column.base:
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
    n_less_one = column.role is Role.DF and abs(exact[name] - (base - 1)) < _DF_NEAR
    return as_many_units_as_people or n_less_one


def _places(outcome: Outcome | None, n: int | None) -> int:
    """Decimals of a mean over about n people that leave n open.

    A mean of n scores on a grid of `step` lies on a grid of step / n: printed finer than
    that it says which n can be.
    """
    if outcome is None or not n:
        return 0
    return max(0, min(outcome.decimals, math.floor(math.log10(n / outcome.step) + _ROUNDING)))


def _spread_places(
    exact: Mapping[str, Any],
    columns: Mapping[str, Column],
    profile: Profile,
    outcome: Outcome | None,
) -> dict[str, int | None]:
    """Decimals of a row's SDs, standard errors and effect sizes; None where they give n back.

    Printed to d decimals, a standard error SE leaves n uncertain by about n 10^-d / SE. One
    that would print as 0 gets the decimals that show it, where those still leave n open.
    """
    found: dict[str, int | None] = {}
    for base in {column.base for column in columns.values() if column.role is Role.SPREAD}:
        names = [n for n, c in columns.items() if c.role is Role.SPREAD and c.base == base]
        largest = max((abs(exact[name]) for name in names if exact[name] is not None), default=None)
        if largest is None or profile.round_to == 1:
            continue
        places = _places(outcome, mask_count(exact[base], profile))
        for name in names:
            own = columns[name].decimals
            needed = places if own is not None else _until_seen(exact[name], places)
            units = largest * 10.0**needed  # the finest that are told apart
            is_open = largest > 0 and exact[base] ** 1.5 >= _POSSIBLE_N * units
            found[name] = None if not is_open else needed if own is None else own
    return found


def _until_seen(value: float | None, places: int) -> int:
    """Decimals with which a number is not printed as zero, unless it is."""
    while value and round(value, places) == 0 and places < _FINEST:
        places += 1
    return places


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
