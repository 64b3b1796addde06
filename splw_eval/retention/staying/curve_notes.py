"""Sentences about curves that a reader must know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from splw_eval.retention.columns import TimeRows
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
        parts.append(f"{rows.cluster.count} practices")
    return ", ".join(parts) + "."


def of_group(group: Group) -> str:
    """The group as words after a noun; nothing where there is only one."""
    return "" if group.name == EVERYBODY and group.level is None else f' of "{group.name}"'


def nobody(rows: TimeRows) -> Iterator[str]:
    """Groups that are named and that nobody belongs to."""
    for level in rows.group.nobody if rows.group else ():
        yield f'The group "{level}" has nobody in it, so it has no curve.'


def pooled(rows: TimeRows) -> Iterator[str]:
    """That several causes are one leaving here."""
    if len(rows.causes) > 1:
        yield (
            f"All {len(rows.causes)} causes count as leaving here; cumulative_incidence keeps them "
            "apart."
        )


def practices(groups: Sequence[Group]) -> Iterator[str]:
    """Groups of few practices, or of one."""
    for group in groups:
        if not group.counts.clustered:
            continue
        if group.counts.clusters == 1:
            yield (
                f"All people{of_group(group)} are of one practice: there is no robust error, and "
                "the plain one is of this practice alone."
            )
        elif group.counts.clusters < _FEW:
            yield (
                f"Robust errors{of_group(group)} rest on {group.counts.clusters} practices; with "
                "so few they tend to be too small, and t makes up for part of that only."
            )


def weighted(rows: TimeRows) -> Iterator[str]:
    """What weights do to the errors."""
    if rows.weights is None:
        return
    if rows.cluster is None:
        yield (
            "The standard errors take the weights for numbers of people. Give cluster= for errors "
            "that allow for weights."
        )
    else:
        yield "With weights only the robust errors and limits are to be used."
