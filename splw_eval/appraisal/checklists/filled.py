"""Whether what a check asks for stands in the plan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from splw_eval.core.plan import Plan
from splw_eval.core.plan.placeholders import is_template
from splw_eval.core.plan.section import Section


def is_filled(plan: Plan, path: str) -> bool:
    """Whether a key of the plan holds something.

    Parameters
    ----------
    plan : Plan
    path : str
        Such as ``governance.registration``. A list on the way is filled where it is not empty and
        each of its members is; ``primary`` stands for the primary outcome. A date, a number and a
        yes or no count as filled whatever they are; the words of a template do not. A key with a
        default counts where it was written down.

    Raises
    ------
    AttributeError
        The plan has no such key: a fault of the data file.
    """
    return _filled(plan, path.split("."))


def _filled(held: Any, rest: list[str]) -> bool:
    if isinstance(held, tuple):
        return bool(held) and all(_filled(part, rest) for part in held)
    if held is None or (not rest and held in ("", {}, ())):
        return False
    if not rest:
        return _own(held)
    name, *others = rest
    if isinstance(held, dict):
        return _filled(held.get(name), others)
    inside = getattr(held, name)
    if isinstance(held, Section) and _is_default(held, name):
        return False
    return _filled(inside, others)


def _own(held: Any) -> bool:
    """Whether a text, or each text that a section must hold, is not that of a template."""
    if isinstance(held, str):
        return not is_template(held)
    if isinstance(held, dict):
        return all(_own(part) for part in held.values())
    if not isinstance(held, Section):
        return True
    must = (name for name, field in type(held).model_fields.items() if field.is_required())
    texts = (getattr(held, name) for name in must)
    return all(_own(text) for text in texts if isinstance(text, str))


def own_words(text: str | None) -> str:
    """Return a text of the plan; empty where it is absent or still that of a template."""
    return "" if text is None or is_template(text) else text


def _is_default(held: Section, name: str) -> bool:
    """Whether a key was left out and holds what it holds without being written."""
    fields = type(held).model_fields
    return name in fields and name not in held.model_fields_set


def places(paths: Iterable[str]) -> str:
    """Return how the plan writes keys: ``[governance] registration``."""
    return "; ".join(_place(path) for path in paths)


_LISTS = frozenset({"arms", "files", "time_zero", "waves", "outcomes", "confounders", "subgroups"})


def _place(path: str) -> str:
    *sections, key = path.split(".")
    if path in _LISTS:
        return f"[[{path}]]"
    if not sections:
        return key
    if sections[0] == "primary":
        sections[0] = "outcomes"
        return f"[[{'.'.join(sections)}]] of the primary outcome, {key}"
    if sections[0] in _LISTS:
        return f"[[{sections[0]}]] {'.'.join([*sections[1:], key])}"
    return f"[{'.'.join(sections)}] {key}"
