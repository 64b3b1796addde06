"""What is wrong with a design: every fault a finding that names its option, told together."""

from __future__ import annotations

from splw_eval.core.errors import FindingsError, FitError, SplwError
from splw_eval.core.findings import Finding, Severity
from splw_eval.power.codes import POWER_CODES
from splw_eval.power.options import OPTIONS

HEADING = "The design cannot be worked out as it was asked."


class DesignError(FindingsError, FitError):
    """A design cannot be worked out: each reason with its option and its remedy."""


class InfeasibleError(SplwError):
    """No number of people, or of clusters, reaches what was asked.

    Parameters
    ----------
    message, where, remedy : str
    ceiling : float
        The highest power that any reaches.
    """

    def __init__(
        self, message: str, *, where: str = "", remedy: str = "", ceiling: float = float("nan")
    ) -> None:
        self.ceiling = ceiling
        super().__init__(message, where=where, remedy=remedy)


def finding(code: str, option: str, problem: str, remedy: str) -> Finding:
    """One fault of a design.

    Parameters
    ----------
    code : str
        One of the room's codes.
    option : str
        Name of the option, as in Python.
    problem, remedy : str

    Returns
    -------
    Finding
    """
    assert code in POWER_CODES
    flag = OPTIONS[option].flag if option in OPTIONS else option
    return Finding(
        code=code,
        severity=Severity.ERROR,
        problem=f"{flag}: {problem}" if flag else problem,
        remedy=remedy,
    )


def refuse(found: list[Finding]) -> None:
    """Stop where anything was found.

    Parameters
    ----------
    found : list of Finding

    Raises
    ------
    DesignError
    """
    if found:
        raise DesignError(HEADING, found)
