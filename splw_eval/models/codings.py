"""Which columns a term of categories adds to the terms before it."""

from __future__ import annotations

from itertools import combinations

from splw_eval.models.formula import Factor, Term

Coding = dict[Factor, bool]


def reduced_codings(terms: list[Term], categorical: frozenset[Factor]) -> list[list[Coding]]:
    """Choose, for every term, which of its columns of categories leave a level out.

    Parameters
    ----------
    terms : list of tuple of Factor
        The first is empty where there is an intercept.
    categorical : frozenset of Factor
        Factors that are columns of categories.

    Returns
    -------
    list of list of dict
        For each term the parts that it adds to those before it; in each part its factors of
        categories, and whether they leave their first level out (treatment coding).

    Notes
    -----
    A term spans itself and everything below it; what terms before it span is taken away, and
    the rest is put together with the fewest columns (as patsy does).
    """
    used: dict[frozenset[Factor], set[frozenset[Factor]]] = {}
    found = []
    for term in terms:
        numbers = frozenset(factor for factor in term if factor not in categorical)
        parts = [factor for factor in term if factor in categorical]
        below = [frozenset(some) for n in range(len(parts) + 1) for some in combinations(parts, n)]
        before = used.setdefault(numbers, set())
        new = [{factor: True for factor in parts if factor in some} for some in below]
        new = [part for part in new if frozenset(part) not in before]
        before.update(below)
        found.append(_merged(new))
    return found


def _merged(parts: list[Coding]) -> list[Coding]:
    """Join parts that differ by one reduced factor: together they hold all its levels."""
    while True:
        pair = next(
            (
                (short, long, extra)
                for short in parts
                for long in parts
                if (extra := _extra(short, long)) is not None
            ),
            None,
        )
        if pair is None:
            return parts
        short, long, extra = pair
        parts = [part for part in parts if part is not short]
        long[extra] = False


def _extra(short: Coding, long: Coding) -> Factor | None:
    more = [factor for factor in long if factor not in short]
    same = all(factor in long and long[factor] == short[factor] for factor in short)
    return more[0] if len(more) == 1 and same and long[more[0]] else None
