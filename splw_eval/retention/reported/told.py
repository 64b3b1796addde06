"""Data frames of what was delivered turned into rows, and the words that go with them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.core.result import Note
from splw_eval.data import Study

if TYPE_CHECKING:
    import pandas as pd

_COUNT_NOBODY = frozenset({"SR42", "SR44", "SR46", "SR47"})


def by_arm(study: Study) -> str | None:
    """Tell groups apart where the plan has any."""
    return "arm" if study.plan.arms else None


def named(study: Study, group: Any) -> str:
    """Name a group as the plan does; of one group there is one name."""
    return str(group) if study.plan.arms else study.plan.groups[0]


def records_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values: None where there is none, whole numbers as int."""
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def notes_of(words: Iterable[str], findings: Iterable[Finding] = ()) -> tuple[Note, ...]:
    """Sentences and findings as notes, each once.

    Findings that may count people are left out: their counts stand in rows, where they are
    masked, and the checks of the files tell them to whoever holds these.
    """
    told = (
        f"{_sentence(f.problem)} {f.remedy}".strip() for f in findings if f.code in _COUNT_NOBODY
    )
    return tuple(Note(text=text) for text in dict.fromkeys((*words, *told)))


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}" + ("" if words.endswith(".") else ".")


def _plain(value: Any) -> Any:
    import pandas as pd

    if isinstance(value, str):
        return value
    if value is None or pd.isna(value):
        return None
    if isinstance(value, (int, np.integer)):
        return int(value)
    return float(value) if isinstance(value, (float, np.floating)) else value
