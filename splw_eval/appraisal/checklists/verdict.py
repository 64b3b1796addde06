"""What a rule says, and the rule itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from splw_eval.core.check_rows import Status

if TYPE_CHECKING:
    from splw_eval.appraisal.checklists.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one check comes to.

    Attributes
    ----------
    status : Status
    evidence : str
        What is there, or what is not.
    remedy : str
        What to do or to collect; empty where nothing is left to do.
    results : tuple of str
        Keys of the results that it rests on.
    """

    status: Status
    evidence: str
    remedy: str = ""
    results: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A pure function of the facts, and what it needs to say anything.

    Attributes
    ----------
    judge : callable
        From `Facts` to `Verdict`.
    collects : str
        Tables and columns that must be collected to pass. Empty: the plan alone decides, so the
        rule is asked before any data too.
    codes : tuple of str
        Findings that decide it though the files were refused.
    """

    judge: Callable[[Facts], Verdict]
    collects: str = ""
    codes: tuple[str, ...] = ()


def reported(evidence: str, *results: str) -> Verdict:
    """Return that it is there."""
    return Verdict(status=Status.REPORTED, evidence=evidence, results=results)


def not_reported(evidence: str, remedy: str, *results: str) -> Verdict:
    """Return that it is not there, and what to do."""
    return Verdict(status=Status.NOT_REPORTED, evidence=evidence, remedy=remedy, results=results)


def not_applicable(evidence: str) -> Verdict:
    """Return that it is not asked of this study, and why."""
    return Verdict(status=Status.NOT_APPLICABLE, evidence=evidence)


def needs_author(evidence: str, remedy: str, *results: str) -> Verdict:
    """Return that only a person can tell, and what they are asked."""
    return Verdict(status=Status.NEEDS_AUTHOR, evidence=evidence, remedy=remedy, results=results)
