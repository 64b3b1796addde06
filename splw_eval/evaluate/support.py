"""What a study can and cannot answer, told from what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from splw_eval.appraisal import mask
from splw_eval.core.result import Note, Result
from splw_eval.core.rows import FunnelRow, PrecisionRow, SupportRow
from splw_eval.data import Study
from splw_eval.describe import describe_flow, describe_precision
from splw_eval.evaluate.support_rules import FACTS, GAPS, RULES, Rule
from splw_eval.stats import FEWEST_CLUSTERS

ANSWERED = "Yes, in this report"
NOT_ANSWERED = "No"


def describe_support(study: Study) -> Result[SupportRow]:
    """Say of every question of the program whether a study can answer it.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of SupportRow
        One row for each of `RULES`. A column counts as there if one cell of it is filled.
    """
    return Result(
        key="support",
        title="What your data can and cannot answer",
        unit="questions",
        row_type=SupportRow,
        rows=tuple(_row(study, rule) for rule in RULES),
        notes=(
            *_few_practices(study),
            Note(
                text="A question counts as answered once its data are there, however few; how "
                "completely they were kept, and how exactly a change can be told, stands beside it."
            ),
        ),
    )


def _few_practices(study: Study) -> Iterator[Note]:
    """Say in which groups no interval can be given, as they hold too few practices."""
    codes, plan = study.people.cluster, study.plan
    if codes is None or not plan.arms:
        return
    seen = [len(np.unique(codes[study.people.arm == arm])) for arm in range(len(plan.groups))]
    few = [name for name, n in zip(plan.groups, seen, strict=True) if 0 < n < FEWEST_CLUSTERS]
    if few:
        text = (
            f"Fewer than {FEWEST_CLUSTERS} practices are in: {', '.join(few)}. No interval can be "
            "given for a change there, so nothing can be said of chance, nor of how it stands to "
            "the MID beyond the figure itself."
        )
        yield Note(text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supported:
    """What a study can support, masked: questions, who was measured, and precision."""

    questions: Result[SupportRow]
    flow: Result[FunnelRow]
    precision: Result[PrecisionRow]


def supported(study: Study) -> Supported:
    """Say what a study can support, before anything is estimated.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Supported
        Masked as every result; made without any package beyond NumPy.
    """
    plan = study.plan
    return Supported(
        questions=mask(describe_support(study), plan),
        flow=mask(describe_flow(study), plan),
        precision=mask(describe_precision(study), plan),
    )


def _row(study: Study, rule: Rule) -> SupportRow:
    lacking = [words for need in rule.needs if (words := _lacking(study, need))]
    return SupportRow(
        question=rule.question,
        answer=NOT_ANSWERED if lacking else ANSWERED,
        lacking="; ".join(dict.fromkeys(lacking)) or "Nothing",
        gap=GAPS[rule.gap] if lacking else "Nothing",
    )


def _lacking(study: Study, need: str) -> str:
    """What a study lacks of one need, in words; empty where it lacks nothing."""
    if need in FACTS:
        words, has = FACTS[need]
        return "" if has(study) else words
    ways = need.split("|")
    if any(_is_there(study, *way.partition(".")[::2]) for way in ways):
        return ""
    tables = dict.fromkeys(way.partition(".")[0] for way in ways)
    if not any(table in study.tables for table in tables):
        return " or ".join(f"the table {table}" for table in tables)
    return " or ".join(f"the column {way}" for way in ways)


def _is_there(study: Study, table: str, column: str) -> bool:
    held = study.tables.get(table)
    if held is None or not len(held):
        return False
    if not column:
        return True
    cells = held.columns.get(column)
    if cells is None:
        return False
    if cells.dtype.kind == "M":
        return bool((~np.isnat(cells)).any())
    return bool((~np.isnan(cells) if cells.dtype.kind == "f" else cells != "").any())
