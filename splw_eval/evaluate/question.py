"""One question of the table: what it needs of a study, and who answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from splw_eval.core.result import Note, Result
from splw_eval.data import Study

AnyResult = Result[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question that the report answers.

    Attributes
    ----------
    key, title : str
        Those of the result, also where it cannot be had.
    row_type : type
        Its rows.
    answer : callable
        Answers it for a study that meets the need.
    needs : callable
        Gives the reason why a study cannot have it answered, or None.
    """

    key: str
    title: str
    row_type: type
    answer: Callable[[Study], AnyResult]
    needs: Callable[[Study], str | None] = lambda _study: None

    def ask(self, study: Study) -> AnyResult:
        """Return the answer, or a result without rows whose note says why there is none."""
        reason = self.needs(study)
        if reason is None:
            return self.answer(study)
        return Result(
            key=self.key,
            title=self.title,
            unit="",
            row_type=self.row_type,
            notes=(Note(text=reason),),
        )
