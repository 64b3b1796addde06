"""Errors that say what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from splw_eval.core.findings import Finding


class SplwError(Exception):
    """What stopped the work.

    Parameters
    ----------
    message : str
        What is wrong, in one sentence; never a person's value or identifier.
    where : str
        The file, section, row or column it concerns.
    remedy : str
        What the reader can do.
    """

    def __init__(self, message: str, *, where: str = "", remedy: str = "") -> None:
        self.message = message
        self.where = where
        self.remedy = remedy
        super().__init__(" ".join(part for part in (message, where, remedy) if part))


class FindingsError(SplwError):
    """Everything found wrong at once, each with its place and its remedy."""

    def __init__(self, message: str, findings: Sequence[Finding], *, where: str = "") -> None:
        self.findings = tuple(findings)
        super().__init__(message, where=where, remedy=" ".join(f.sentence() for f in self.findings))


class PlanError(FindingsError):
    """The plan (study.toml) cannot be used as it stands."""


class DataError(FindingsError):
    """The files cannot be used as they stand."""


class FitError(SplwError):
    """An array function was given something that it cannot estimate."""


class OutputError(SplwError):
    """The output could not be written; what stood there before still stands."""
