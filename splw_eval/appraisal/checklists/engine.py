"""The checklist engine: every check of a profile, judged for one study."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from splw_eval.appraisal.checklists.conditions import not_asked
from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.filled import is_filled, places
from splw_eval.appraisal.checklists.profile import Check, Item, Profile, profiles
from splw_eval.appraisal.checklists.rules import RULES
from splw_eval.appraisal.checklists.verdict import (
    Verdict,
    needs_author,
    not_applicable,
    not_reported,
    reported,
)
from splw_eval.core.check_rows import CheckRow, Kind, Status
from splw_eval.core.errors import SplwError
from splw_eval.core.findings import Finding
from splw_eval.core.plan import Plan
from splw_eval.core.result import Note, Result

AUTHOR_REMEDY = "Write it in the report yourself; no program can tell this for you."
NOTES = (
    "Each check is reported, not reported, not applicable, or needs author. They are not added up "
    "to a score: a study can meet many checks and fail the one that matters.",
    "Checks look only at masked results and at the plan, so they give away nothing that the tables "
    "do not.",
    "That something is reported does not say that it was done well.",
)


def appraise(
    plan: Plan,
    results: Mapping[str, Result[Any]],
    *,
    findings: Iterable[Finding] = (),
    profile: str = "crosswalk",
    unread: bool = False,
) -> Result[CheckRow]:
    """Judge a study by a checklist, item by item; never a score.

    Parameters
    ----------
    plan : Plan
    results : mapping of str to Result
        Masked, by key. Empty at the planning stage, which tells what must be collected to pass,
        and where the files were refused.
    findings : iterable of Finding
        What the loader found; needed where it refused the files.
    profile : str
        Name of a checklist, one of `profiles`.
    unread : bool
        Whether there are files which were not looked at, so that nothing is said to be uncollected.

    Returns
    -------
    Result of CheckRow
        Key ``audit``; one row a check, in the order of the checklist.

    Raises
    ------
    SplwError
        There is no such checklist.
    """
    held = _profile(profile)
    facts = Facts(plan=plan, results=results, findings=tuple(findings), unread=unread)
    rows = tuple(_row(held, item, check, facts) for item, check in held.checks())
    return Result(
        key="audit",
        title=held.title,
        unit="",
        row_type=CheckRow,
        rows=rows,
        notes=tuple(Note(text=text) for text in (*NOTES, *filter(None, [held.note]))),
        sources=(f"{held.title}, {held.version}. {held.source} Licence: {held.licence}.",),
    )


def _profile(name: str) -> Profile:
    held = profiles()
    if name not in held:
        raise SplwError(
            f'There is no checklist "{name}".', remedy=f"Take one of: {', '.join(held)}."
        )
    return held[name]


def _row(profile: Profile, item: Item, check: Check, facts: Facts) -> CheckRow:
    verdict = judge(item, check, facts)
    return CheckRow(
        profile=profile.name,
        item=item.number,
        check=check.name,
        topic=check.topic,
        kind=check.kind.value,
        status=verdict.status.value,
        evidence=verdict.evidence,
        results=", ".join(key for key in dict.fromkeys(verdict.results) if key in facts.results),
        remedy=verdict.remedy,
    )


def judge(item: Item, check: Check, facts: Facts) -> Verdict:
    """Judge one check of one item."""
    why_not = not_asked(item.applies, facts) or not_asked(check.applies, facts)
    if why_not:
        return not_applicable(why_not)
    if check.kind is Kind.HUMAN:
        return needs_author("Only a person can tell.", check.prompt or AUTHOR_REMEDY)
    if check.kind is Kind.DECLARED:
        return _declared(check, facts)
    return _computed(check.rule, facts)


def _declared(check: Check, facts: Facts) -> Verdict:
    """Judge by whether the plan says it, and then by the check's rule, where it has one."""
    held = [path for path in check.plan if is_filled(facts.plan, path)]
    lacking = [path for path in check.plan if path not in held]
    if lacking and not (check.any_of and held):
        joined = places(lacking)
        return not_reported(
            f"Not in study.toml: {joined}.", check.prompt or f"Fill in study.toml: {joined}."
        )
    if check.rule:
        verdict = _computed(check.rule, facts)
        if verdict.status is not Status.REPORTED or not held:
            return verdict
    return reported(f"Stated in study.toml: {places(held)}.")


def _computed(name: str, facts: Facts) -> Verdict:
    """Ask a rule, or say why it cannot be asked yet."""
    rule = RULES[name]
    if not rule.collects or facts.read or facts.found(*rule.codes):
        return rule.judge(facts)
    if facts.refused:
        return not_reported(
            facts.why_unread,
            "Correct what splw-eval check lists; then run it again.",
        )
    return not_reported(facts.why_unread, f"Collect {rule.collects}.")
