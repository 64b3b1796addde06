"""Sentences about curves that a reader must know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from splw_eval.retention.checks import may_name
from splw_eval.retention.columns import TimeRows, nobody_engaged
from splw_eval.retention.staying.groups import EVERYBODY, Group

_FEW = 15  # practices below which robust errors are known to be too small


def size(rows: TimeRows, groups: Sequence[Group]) -> str:
    """How many people, leavings, groups and practices."""
    left = int((rows.event > 0).sum())
    parts = [f"{rows.n:,} {'person' if rows.n == 1 else 'people or episodes'}"]
    parts.append(f"{left:,} of whom left")
    if rows.group is not None:
        parts.append(f"{len(groups)} {'group' if len(groups) == 1 else 'groups'}")
    if rows.cluster is not None:
        count = rows.cluster.count
        parts.append(f"{count} {'practice' if count == 1 else 'practices'}")
    return ", ".join(parts) + "."


def of_rows(rows: TimeRows, groups: Sequence[Group]) -> Iterator[str]:
    """What opens the notes: how many, endings that look wrong, groups without people."""
    yield size(rows, groups)
    yield from nobody_engaged(rows.event)
    yield from nobody(rows)


def of_group(group: Group) -> str:
    """The group as words after a noun; nothing where there is only one."""
    return "" if group.name == EVERYBODY and group.level is None else f' of "{group.name}"'


def nobody(rows: TimeRows) -> Iterator[str]:
    """Groups that are named and that nobody belongs to."""
    levels = rows.group.nobody if rows.group else ()
    if rows.group is None or not levels:
        return
    if not may_name(np.bincount(rows.group.codes).tolist()):
        yield f"Groups with nobody in them have no curve: {len(levels)}."
        return
    for level in levels:
        yield f'The group "{level}" has nobody in it, so it has no curve.'


def pooled(rows: TimeRows) -> Iterator[str]:
    """That several causes are one leaving here."""
    if len(rows.causes) > 1:
        yield (
            f"All {len(rows.causes)} causes count as leaving here; cumulative_incidence keeps them "
            "apart."
        )


def each_of(groups: Sequence[Group], among: Sequence[Group]) -> Iterator[tuple[Group, str]]:
    """Groups with the words that follow a noun: by name, or by number where names may be people.

    Parameters
    ----------
    groups : sequence of Group
        Those that something is said of.
    among : sequence of Group
        All groups.

    Yields
    ------
    tuple of (Group, str)
        Where names are hidden, the first group stands for all that are alike.
    """
    if may_name([group.counts.n for group in among]) or len(among) == 1:
        yield from ((group, of_group(group)) for group in groups)
    elif groups:
        count = len(groups)
        yield groups[0], f" of {count} {'group' if count == 1 else 'groups'}"


def practices(groups: Sequence[Group]) -> Iterator[str]:
    """Groups of few practices, or of one."""
    alone = [g for g in groups if g.counts.clustered and g.counts.clusters == 1]
    for _, whose in each_of(alone, groups):
        yield (
            f"All people{whose} are of one practice: there is no robust error, and the plain one, "
            "with its limits also of the median, is of people of this practice alone."
        )
    few = [g for g in groups if g.counts.clustered and 1 < g.counts.clusters < _FEW]
    for count in sorted({g.counts.clusters for g in few}):
        same = [g for g in few if g.counts.clusters == count]
        for _, whose in each_of(same, groups):
            yield (
                f"Robust errors{whose} rest on {count} practices; with so few they tend to be "
                "too small, and t makes up for part of that only."
            )


def weighted(rows: TimeRows) -> Iterator[str]:
    """What weights do to the errors."""
    if rows.weights is None:
        return
    yield "Events, those at risk and those censored are sums of weights, not numbers of people."
    if rows.cluster is None:
        yield (
            "The standard errors take the weights for numbers of people. Give cluster= for errors "
            "that allow for weights."
        )
    else:
        yield "With weights only the robust errors and limits are to be used."
