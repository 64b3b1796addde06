"""What the appraise command found out, for those who print it or write it."""

from __future__ import annotations

from dataclasses import dataclass

from splw_eval.appraisal.checklists import Profile
from splw_eval.core.check_rows import CheckRow
from splw_eval.core.findings import Finding
from splw_eval.core.plan import Plan
from splw_eval.core.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """One study held against several checklists.

    Attributes
    ----------
    plan : Plan
    stage : str
        ``data``, ``planned`` where nothing was collected yet, ``refused`` where files cannot be
        used.
    held : tuple of (Profile, Result of CheckRow)
    findings : tuple of Finding
        What the loader found.
    exact : str
        Why counts are exact; empty where small ones are masked.
    unread : bool
        Whether there are files, and they were not looked at, as was asked.
    """

    plan: Plan
    stage: str
    held: tuple[tuple[Profile, Result[CheckRow]], ...]
    findings: tuple[Finding, ...] = ()
    exact: str = ""
    unread: bool = False
