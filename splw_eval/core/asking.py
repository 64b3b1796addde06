"""Faults of what a function was asked, made into findings and told all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from splw_eval.core.errors import FindingsError
from splw_eval.core.findings import Finding, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """How one room tells what is wrong with a data frame or an option.

    Attributes
    ----------
    codes : mapping of str to str
        Every code that the room gives, with its meaning.
    error : type
        The room's own error, a `FindingsError`.
    heading : str
        What cannot be done, in one sentence.
    option : str
        Code of an option that cannot be used.
    """

    codes: Mapping[str, str]
    error: type[FindingsError]
    heading: str
    option: str

    def finding(
        self,
        code: str,
        problem: str,
        remedy: str,
        *,
        column: str = "",
        rows: Any = (),
        of_rows: int = 0,
    ) -> Finding:
        """One fault of a frame; rows are counted from 1.

        Parameters
        ----------
        code : str
            One of the room's codes.
        problem, remedy : str
        column : str
        rows : sequence of int
            Positions, counted from 0.
        of_rows : int
            How many rows were looked at.

        Returns
        -------
        Finding
        """
        assert code in self.codes
        return Finding(
            code=code,
            severity=Severity.ERROR,
            problem=problem,
            remedy=remedy,
            column=column,
            rows=tuple(int(row) + 1 for row in rows),
            of_rows=of_rows or None,
        )

    def where(
        self, code: str, wrong: Any, problem: str, remedy: str, *, column: str
    ) -> Iterator[Finding]:
        """A finding about the rows that are wrong; none where no row is.

        Parameters
        ----------
        code : str
        wrong : ndarray of bool, shape (rows,)
        problem, remedy, column : str

        Yields
        ------
        Finding
        """
        rows = np.flatnonzero(wrong)
        if rows.size:
            told = self.finding(code, problem, remedy, column=column, rows=rows, of_rows=len(wrong))
            yield told

    def refuse(self, found: Iterable[Finding]) -> None:
        """Stop where anything was found.

        Parameters
        ----------
        found : iterable of Finding

        Raises
        ------
        FindingsError
            The room's own error, with every finding.
        """
        told = list(found)
        if told:
            raise self.error(self.heading, told)

    def check_level(self, conf_level: Any) -> Iterator[Finding]:
        """A level of confidence that is none.

        Parameters
        ----------
        conf_level : object

        Yields
        ------
        Finding
        """
        number = isinstance(conf_level, int | float) and not isinstance(conf_level, bool)
        if not number or not 0 < conf_level < 1:
            problem = "conf_level is no number between 0 and 1"
            yield self.finding(self.option, problem, "Give a number such as 0.95.")

    def check_whole(
        self, name: str, value: Any, *, least: int, for_example: int
    ) -> Iterator[Finding]:
        """An option that is no whole number, or too small.

        Parameters
        ----------
        name : str
            Of the option.
        value : object
        least, for_example : int

        Yields
        ------
        Finding
        """
        whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
        if not whole or value < least:
            problem = f"{name}= is no whole number from {least}"
            yield self.finding(self.option, problem, f"Give for example {name}={for_example}.")

    def check_word(self, name: str, word: Any, known: Iterable[str]) -> Iterator[Finding]:
        """An option that is none of the words there are.

        Parameters
        ----------
        name : str
            Of the option.
        word : object
        known : iterable of str

        Yields
        ------
        Finding
        """
        words = tuple(known)
        if word not in words:
            remedy = f"There are: {', '.join(words)}."
            yield self.finding(self.option, f'{name}="{word}" is not known', remedy)
