"""Words of the template that nobody has replaced by those of the study."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from splw_eval.core.findings import Finding, Severity
from splw_eval.core.plan.plan import Plan

# What `splw-eval new` and the examples of the documentation write where something is to be said.
_UNTOUCHED = re.compile(
    r"state (the (paper|analysis)|what is done)\b.*|our link-worker programme"
    r"|[.\u2026 ]+|\?+|(todo|tbc|tbd|xxx+|fill (this )?in|to be (confirmed|decided))\b.*",
    re.IGNORECASE | re.DOTALL,
)
_NOT_PROSE = frozenset({"files", "waves", "vocabulary"})  # names, headings and codes of files


def untouched(plan: Plan, file: str = "study.toml") -> list[Finding]:
    """Report texts of a plan that are still those of the template.

    Parameters
    ----------
    plan : Plan
    file : str
        Name of the plan's file.

    Returns
    -------
    list of Finding
        A warning for each, with its section and key.
    """
    return [
        Finding(
            code="SP05",
            severity=Severity.WARNING,
            problem=f"{place} still holds the words of a template",
            remedy="Write what holds for this study; the report prints it as it stands.",
            file=file,
        )
        for place in _places(plan)
    ]


def is_template(text: str) -> bool:
    """Whether a text is that of a template, which nobody has replaced."""
    return _UNTOUCHED.fullmatch(text.strip()) is not None


def _places(plan: Plan) -> Iterator[str]:
    for name in type(plan).model_fields:
        part = getattr(plan, name)
        if name in _NOT_PROSE:
            continue
        if isinstance(part, tuple):
            for number, member in enumerate(part, start=1):
                yield from _inside(member, f"[[{name}]] {number}")
        elif isinstance(part, BaseModel):
            yield from _inside(part, f"[{name}]")
        else:
            yield from _inside(part, name)


def _inside(part: Any, section: str, key: str = "") -> Iterator[str]:
    """Places of template words in a section, a list or a text."""
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _inside(getattr(part, name), section, f"{key}.{name}" if key else name)
    elif isinstance(part, tuple):
        for member in part:
            yield from _inside(member, section, key)
    elif isinstance(part, str) and is_template(part):
        yield f"{section} {key}".strip()
