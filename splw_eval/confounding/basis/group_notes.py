"""What a reader must know of weights, and of groups made of practices."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from splw_eval.models.person_rows import PersonRows

_LARGE_WEIGHT = 0.05
_LOW_EFFECTIVE = 0.5
_MANY = 100  # people from whom on the normal distribution serves


def counted(count: int, thing: str) -> str:
    """A number of things, in the words that go with it.

    Parameters
    ----------
    count : int
    thing : str
        One of them.

    Returns
    -------
    str
    """
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def rough_note(n: int, of: str) -> Iterator[str]:
    """That the normal distribution is rough where people are few.

    Parameters
    ----------
    n : int
        People.
    of : str
        What is read by the normal distribution.

    Yields
    ------
    str
    """
    if n < _MANY:
        yield f"Limits of the normal distribution, of {of}, are rough with {n} people."


def by_practice_note(rows: PersonRows) -> Iterator[str]:
    """That weights mend the mix of people and not what belongs to the practices.

    Parameters
    ----------
    rows : PersonRows

    Yields
    ------
    str
    """
    if rows.cluster is None:
        return
    count = np.unique(rows.cluster.codes).size
    yield (
        f"The groups are made of {count} practices. Adjusting for what is known of people mends "
        "the mix of people; what differs between the practices themselves it leaves as it was."
    )


def spread_out_note(label: str, share: float, effective: float, n: int) -> Iterator[str]:
    """How far weights are from even, and whether one person has much of the weight.

    Parameters
    ----------
    label : str
        Of the group.
    share : float
        Largest weight over the sum of the group's.
    effective : float
        Effective number of people.
    n : int

    Yields
    ------
    str
    """
    yield (
        f"{label}: {n} people count as {effective:.1f}; the largest single weight is "
        f"{100 * share:.2g}% of all."
    )
    if share > _LARGE_WEIGHT or effective < _LOW_EFFECTIVE * n:
        yield (
            f"The weights of {label} are far from even: much rests on few people, and another "
            "target or fewer covariates may be wiser."
        )
