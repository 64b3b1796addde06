"""What is wrong with the options of a hazard model, and with its rows taken together."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, get_args

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.retention.asked_columns import Asked
from splw_eval.retention.checks import check_word, finding, refuse, where
from splw_eval.retention.columns import TimeRows
from splw_eval.retention.hazards.hazard_fit import VCOV
from splw_eval.retention.hazards.hazard_rows import SUBDISTRIBUTION
from splw_eval.stats.cox.efron import Ties

KINDS = ("cause-specific", SUBDISTRIBUTION)
ANY = "any"


def check_asked(covariates: Any, strata: Any, cause: Any) -> None:
    """Refuse options of a kind that nothing can be read from.

    Raises
    ------
    RetentionError
        With every one of them.
    """
    found = []
    if not (isinstance(covariates, str) or _is_list(covariates)):
        remedy = 'Write for example covariates=["arm", "age"].'
        found.append(finding("SR12", "covariates= is no list of names and no formula", remedy))
    if strata is not None and not (isinstance(strata, str) or _is_list(strata)):
        remedy = 'Write for example strata="site" or strata=["site", "year"].'
        found.append(
            finding("SR12", "strata= is no name of a column, and no list of names", remedy)
        )
    elif _is_list(strata) and any(name is None for name in strata):
        remedy = "Leave None out of the list; without strata leave strata= out."
        found.append(finding("SR12", "strata= has None in place of a name", remedy))
    if not (_is_one(cause) or (_is_list(cause) and all(_is_one(one) for one in cause))):
        remedy = 'Write for example cause=1, cause="dropped out" or cause=[1, 2].'
        found.append(finding("SR12", "cause= is no code, no name and no list of these", remedy))
    refuse(found)


def in_small_letters(ties: Any, kind: Any, vcov: Any) -> tuple[Any, Any, Any]:
    """Words of options as they are known here; what is no text stays as it is."""
    small = [one.lower() if isinstance(one, str) else one for one in (ties, kind, vcov)]
    return small[0], small[1], small[2]


def check_options(asked: Asked, *, ties: str, kind: str, vcov: str | None) -> Iterator[Finding]:
    """Options that are not known, or that do not go together.

    Yields
    ------
    Finding
    """
    yield from check_word("ties", ties, get_args(Ties))
    yield from check_word("kind", kind, KINDS)
    if vcov is not None:
        yield from check_word("vcov", vcov, VCOV)
    if vcov in ("jackknife", "kc", "md") and asked.cluster is None:
        problem = f'vcov="{vcov}" needs practices'
        yield finding("SR12", problem, "Name their column: cluster=.")
    if vcov == "sandwich" and asked.start and asked.cluster is None and asked.person is None:
        problem = 'vcov="sandwich" needs to know which rows are of one person'
        yield finding("SR12", problem, "Name the column of people: id=; or practices: cluster=.")
    if kind == SUBDISTRIBUTION:
        yield from _of_shares(asked, ties, vcov)


def _of_shares(asked: Asked, ties: str, vcov: str | None) -> Iterator[Finding]:
    named = {"start": asked.start, "weights": asked.weights, "strata": asked.strata}
    named["ties"] = None if ties == "efron" else ties
    for name in [name for name, given in named.items() if given]:
        remedy = f'Leave {name}= out, or choose kind="cause-specific".'
        yield finding("SR12", f'kind="subdistribution" takes no {name}=', remedy)
    if vcov in ("kc", "md"):
        remedy = 'Choose "jackknife".'
        yield finding("SR12", f'kind="subdistribution" has no vcov="{vcov}"', remedy)


def wanted_causes(rows: TimeRows, cause: Any, event: str) -> list[int]:
    """Codes of the endings looked at.

    Parameters
    ----------
    rows : TimeRows
    cause : int, str, or sequence of these
        Found usable by `check_asked`.
    event : str

    Returns
    -------
    list of int

    Raises
    ------
    RetentionError
        Nobody left for one of them.
    """
    if isinstance(cause, str) and cause == ANY:
        return list(rows.causes)
    asked = list(cause) if _is_list(cause) else [cause]
    by_name = {name: code for code, name in rows.causes.items()}
    found = [by_name.get(one, one) for one in asked]
    wrong = [one for one in found if isinstance(one, bool | str) or one not in rows.causes]
    if wrong or not found:
        there = ", ".join(f"{code} ({name})" for code, name in rows.causes.items()) or "none"
        problem = "nobody left for the cause that is looked at"
        remedy = f'Name one that there is, or cause="any". There are: {there}.'
        refuse([finding("SR14", problem, remedy, column=event)])
    return [int(one) for one in found]


def check_people(
    rows: TimeRows, asked: Asked, happened: Any, vcov: str | None
) -> Iterator[Finding]:
    """Rows of one person that overlap; rows of which nobody knows whose they are.

    Parameters
    ----------
    rows : TimeRows
    asked : Asked
    happened : ndarray of bool, shape (rows,)
    vcov : str or None
        As asked for.

    Yields
    ------
    Finding
    """
    if rows.person is not None:
        yield from _overlaps(rows, asked)
        return
    if rows.start is None or rows.cluster is not None:
        return
    remedy = "Name the column of people: id=; with one row each, give every row its own."
    if rows.weights is not None and (rows.weights != np.floor(rows.weights)).any():
        problem = "weights that are no whole numbers need errors by person, and rows are no people"
        yield finding("SR17", problem, remedy, column=asked.weights or "")
    elif vcov is None and happened.any():
        again = happened & (rows.start >= rows.time[happened].min())
        problem = "rows with an ending that begin after another row has ended with one: both may be"
        problem += " of one person"
        more = f'{remedy} If nobody has two endings, vcov="model" needs no id=.'
        yield from where("SR17", again, problem, more, column=f"{asked.start} and {asked.time}")


def _overlaps(rows: TimeRows, asked: Asked) -> Iterator[Finding]:
    assert rows.person is not None
    person = rows.person.codes
    if rows.start is None:
        several = np.bincount(person)[person] > 1
        remedy = "Name the column of starts: start=; or keep one row of each."
        problem = "people with several rows, and no starts"
        yield from where("SR17", several, problem, remedy, column=asked.person or "")
        return
    order = _in_turn(person, rows.start, rows.time)
    early = (person[order][1:] == person[order][:-1]) & (
        rows.start[order][1:] < rows.time[order][:-1]
    )
    wrong = np.zeros(rows.n, dtype=bool)
    wrong[order[1:][early]] = True
    yield from where(
        "SR17",
        wrong,
        "rows that begin before the person's row before them has ended",
        "Cut them so that one begins where the other ends.",
        column=f"{asked.start} and {asked.time}",
    )


def _in_turn(person: Any, start: Any, time: Any) -> Any:
    """Order of the rows by person, start and stop; no search where they stand so already."""
    same = person[1:] == person[:-1]
    later = (start[1:] > start[:-1]) | ((start[1:] == start[:-1]) & (time[1:] >= time[:-1]))
    if ((person[1:] > person[:-1]) | (same & later)).all():
        return np.arange(len(person))
    return np.lexsort((time, start, person))


def check_events(happened: Any, used: Any, event: str) -> Iterator[Finding]:
    """Nobody who left, among the rows that are used.

    Parameters
    ----------
    happened, used : ndarray of bool, shape (rows,)
    event : str

    Yields
    ------
    Finding
    """
    if not (happened & used).any():
        where_ = "among rows with all covariates, " if happened.any() else ""
        problem = f"{where_}nobody left for the cause that is looked at"
        remedy = "Say how many were followed, and for how long."
        yield finding("SR14", problem, remedy, column=event)


def _is_list(given: Any) -> bool:
    """Whether it has an order and is no text and no mapping, such as a list or an array."""
    if isinstance(given, str | bytes | Mapping | set | frozenset):
        return False
    if isinstance(given, Sequence):
        return all(isinstance(one, Hashable) for one in given)
    if np.ndim(given) != 1:
        return False
    return hasattr(given, "__len__") and hasattr(given, "__iter__")


def _is_one(given: Any) -> bool:
    """Whether it may be one code, or the name of one cause."""
    return isinstance(given, int | str | np.integer) and not isinstance(given, bool)
