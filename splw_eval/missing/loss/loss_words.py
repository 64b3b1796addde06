"""What a reader must know about models of who was lost."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from splw_eval.missing.loss.people_before import PeopleBefore

FEW_IN_ARM, LARGE = 4, 0.30


def loss_notes(before: PeopleBefore, by_practice: bool, scale: str) -> Iterator[str]:
    """Notes of the predictors of loss.

    Parameters
    ----------
    before : PeopleBefore
    by_practice : bool
    scale : str

    Yields
    ------
    str
    """
    n, arms = len(before.lost), before.groups
    shares = [float(before.lost[before.second == one].mean()) for one in (False, True)]
    yield (
        f"{int(before.lost.sum())} of {n} people were lost: {shares[0]:.0%} of {arms[0]}, "
        f"{shares[1]:.0%} of {arms[1]}."
    )
    yield from left_out_notes(before)
    if before.last:
        yield (
            f'"{before.last}" is counted from the mean of those seen at its wave in its arm: a '
            "person lost has a last score from an earlier wave, and scores may move over time."
        )
    yield (
        "These are associations among those seen before: they tell who was lost, not why. What "
        "was never asked may matter more, and no column here can show that."
    )
    yield (
        "A covariate that foretells loss and goes with the outcome belongs in the imputation or "
        "the weights. Terms by arm show differential loss, which makes complete cases of the "
        "arms unlike; that none is found is no proof that there is none."
    )
    if scale == "odds":
        yield "Odds ratios are farther from 1 than ratios of shares where many are lost."
    yield "The tests of all terms together are made on the scale of shares."
    if by_practice:
        yield from practice_notes(before)
    else:
        yield (
            "People count as independent: name the practices with cluster= where there are some."
        )


def left_out_notes(before: PeopleBefore) -> Iterator[str]:
    """That people were left out.

    Parameters
    ----------
    before : PeopleBefore

    Yields
    ------
    str
    """
    for reason, count in before.left_out.items():
        if count:
            yield f"{count} people were left out, {reason}."


def practice_notes(before: PeopleBefore) -> Iterator[str]:
    """That practices are few, or one is large.

    Parameters
    ----------
    before : PeopleBefore

    Yields
    ------
    str
    """
    counts = [len(np.unique(before.unit[before.second == one])) for one in (False, True)]
    yield (
        f"Practices are the units: {counts[0]} of {before.groups[0]}, {counts[1]} of "
        f"{before.groups[1]}."
    )
    if min(counts) < FEW_IN_ARM:
        yield f"An arm has fewer than {FEW_IN_ARM} practices: its errors rest on very little."
    largest = float(np.bincount(before.unit).max() / len(before.unit))
    if largest > LARGE:
        yield f"One practice holds {largest:.0%} of the people, so much hangs on it."
