"""Who gave the support: link workers together, never one of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.provider_rows import ProviderFieldRow, ProviderNumberRow, ProviderRow
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.data.tables import Table
from splw_eval.data.vocabulary import UNMAPPED
from splw_eval.describe.posts import posts_of
from splw_eval.describe.settings import ENOUGH_FILLED, FEWEST_WORKERS, PROPOSAL

ALL_OTHERS = "Any other, or not known"
NOT_KNOWN = "Not known"
OTHER_WORDS = "Other words"
# Columns of a closed list of terms, or of bands; a column of plain text is never told.
_TERMS = (
    ("employer_type", "Employer"),
    ("sex", "Sex"),
    ("age_band", "Age"),
    ("ethnicity", "Ethnic group"),
)
_FIELDS = {
    "role_title": "Title of the post",
    "fte": "Share of a full-time post",
    "training": "Training for the post",
    "prior_background": "Work before the post",
    "qualification": "Qualification",
    "start_date": "First day in post",
    "employer_type": "Employer",
    "supervision_hours": "Hours of supervision",
    "age_band": "Age",
    "sex": "Sex",
    "ethnicity": "Ethnic group",
    "band": "Pay band",
}
ASKED_FOR = ("role_title", "fte", "training", "prior_background")
"""What a report of who gave the support should not be without, filled for 80 in 100."""

_WORDS_KEPT = ("role_title", "training", "prior_background", "qualification", "band")
NOT_KEPT = "Not kept"
_UNKNOWN = frozenset({"", "not known"})
FEW = f"There are fewer than {FEWEST_WORKERS} link workers: they could be recognised."
_TOGETHER = (
    f"No row is about fewer than {FEWEST_WORKERS} link workers, who could be recognised: smaller "
    "categories stand together with the next smallest."
)
_TEXT = (
    "Titles, training, earlier work, qualifications and pay bands are plain text, which may say "
    "who somebody is. They are in no table: it is said only how many have an entry, and how many "
    "different entries there are."
)
_HALVES = (
    f"Quarters are given from {2 * FEWEST_WORKERS} link workers on, so that each half of them has "
    f"{FEWEST_WORKERS} or more."
)
Values = NDArray[np.float64]


def describe_providers(study: Study) -> Result[ProviderRow]:
    """Count link workers by employer, sex, age and ethnic group.

    Parameters
    ----------
    study : Study
        With a table of link workers.

    Returns
    -------
    Result of ProviderRow
        The rows of a characteristic add up to all link workers. None where there are too few.
    """
    table = study.tables["link_workers"]
    enough = len(table) >= FEWEST_WORKERS
    rows = tuple(
        row
        for column, title in (_TERMS if enough else ())
        if column in table.columns
        for row in _categories(title, table.text(column))
    )
    words = (_TOGETHER, _TEXT) if rows else (FEW,) if not enough else (_TEXT,)
    return Result(
        key="providers",
        title="Who the link workers were",
        unit="link workers",
        row_type=ProviderRow,
        rows=rows,
        notes=tuple(Note(text=text) for text in words),
    )


def _categories(title: str, cells: NDArray[Any]) -> Iterator[ProviderRow]:
    """Rows of one characteristic, small categories together."""
    words, times = np.unique(cells.astype(str), return_counts=True)
    counts: dict[str, int] = {}
    for word, n in zip(words.tolist(), times.tolist(), strict=True):
        name = NOT_KNOWN if word in _UNKNOWN else OTHER_WORDS if word == UNMAPPED else _spoken(word)
        counts[name] = counts.get(name, 0) + n
    whole = sum(counts.values())
    for name, n in pooled(counts).items():
        yield ProviderRow(
            characteristic=title,
            category=name,
            workers=n,
            others=whole - n,
            known=whole,
            share=n / whole,
        )


def pooled(counts: dict[str, int]) -> dict[str, int]:
    """Put categories together until none is of fewer than three.

    Parameters
    ----------
    counts : dict of str to int
        Link workers of each category.

    Returns
    -------
    dict of str to int
        The larger ones by size, then all others as one. Empty where all would be one row that
        hides which of them there are.
    """
    order = sorted((name for name in counts if counts[name]), key=lambda name: -counts[name])
    small = [name for name in order if counts[name] < FEWEST_WORKERS]
    kept = [name for name in order if name not in small]
    while small and kept and sum(counts[name] for name in small) < FEWEST_WORKERS:
        small.append(kept.pop())
    if not kept:
        return {}
    found = {name: counts[name] for name in kept}
    return found | ({ALL_OTHERS: sum(counts[name] for name in small)} if small else {})


def _spoken(word: str) -> str:
    words = word.replace("_", " ")
    return words[:1].upper() + words[1:]


def describe_provider_numbers(study: Study) -> Result[ProviderNumberRow]:
    """Summarise posts, supervision and time in post over link workers.

    Parameters
    ----------
    study : Study
        With a table of link workers.

    Returns
    -------
    Result of ProviderNumberRow
        Only of three link workers or more; quarters from six on.
    """
    table, posts = study.tables["link_workers"], posts_of(study)
    who, called = posts.told()
    told = (
        (f"Shares of a full-time post, {called}", "posts", table.number("fte")[who], True),
        (f"Supervision, {called}", "hours a month", table.number("supervision_hours")[who], False),
        (f"Time in post, {called}", "months", posts.months()[who], False),
    )
    rows = tuple(
        row
        for measure, unit, values, added in told
        for row in _summary(measure, unit, values, added=added)
    )
    return Result(
        key="provider_numbers",
        title="Posts, supervision and time in post",
        unit="as each row says",
        row_type=ProviderNumberRow,
        rows=rows,
        notes=tuple(Note(text=text) for text in ((_HALVES,) if rows else (FEW,))),
    )


def _summary(
    measure: str, unit: str, values: Values, *, added: bool
) -> Iterator[ProviderNumberRow]:
    known = values[~np.isnan(values)]
    if len(known) < FEWEST_WORKERS:
        return
    quarters = len(known) >= 2 * FEWEST_WORKERS
    lower, median, upper = np.quantile(known, (0.25, 0.5, 0.75)).tolist()
    yield ProviderNumberRow(
        measure=measure,
        unit=unit,
        of=len(values),
        known=len(known),
        in_all=float(known.sum()) if added else None,
        lower=lower if quarters else None,
        median=median,
        upper=upper if quarters else None,
    )


def describe_provider_fields(study: Study) -> Result[ProviderFieldRow]:
    """Count of how many link workers each thing is kept, against 80 in 100.

    Parameters
    ----------
    study : Study
        With a table of link workers.

    Returns
    -------
    Result of ProviderFieldRow
    """
    table = study.tables["link_workers"]
    enough = len(table) >= FEWEST_WORKERS
    rows = tuple(_field(table, name, title) for name, title in _FIELDS.items()) if enough else ()
    cut = (
        f"The line at {ENOUGH_FILLED:.0%} is {PROPOSAL}. Title of the post, share of a full-time "
        "post, training and earlier work are what a reader needs to know who gave the support."
    )
    return Result(
        key="provider_fields",
        title="What is known of the link workers",
        unit="link workers",
        row_type=ProviderFieldRow,
        rows=rows,
        notes=tuple(Note(text=text) for text in ((cut, _TEXT) if rows else (FEW,))),
    )


def _field(table: Table, name: str, title: str) -> ProviderFieldRow:
    kept, n = name in table.columns, len(table)
    cells = table.columns.get(name, np.full(n, "", dtype=object))
    if cells.dtype.kind == "M":
        there = ~np.isnat(cells)
    else:
        there = ~np.isnan(cells) if cells.dtype.kind == "f" else np.array([c != "" for c in cells])
    filled = int(there.sum())
    enough = filled >= ENOUGH_FILLED * n
    judged = f"Filled for {ENOUGH_FILLED:.0%} or more"
    return ProviderFieldRow(
        column=title,
        workers=n,
        filled=filled,
        empty=n - filled,
        share_filled=filled / n,
        entries=len(set(cells[there].tolist())) if kept and name in _WORDS_KEPT else None,
        judged=NOT_KEPT if not kept else judged if enough else f"Filled below {ENOUGH_FILLED:.0%}",
    )
