"""Checklists as frozen records, read from data files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from splw_eval.core.check_rows import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that an item asks.

    Attributes
    ----------
    name : str
        Stable, and unique in its checklist.
    kind : Kind
    topic : str
        What it asks, in our own words; that of its item where the file gives none.
    rule : str
        Name of the rule in `rules.RULES`. Computed checks always have one; a declared check may
        have one, which then also says whether what is declared is consistent.
    plan : tuple of str
        Declared checks: paths into study.toml, such as ``governance.registration``. A path through
        a list, such as ``outcomes.mid``, is filled where it is filled for each of the list;
        ``primary`` stands for the primary outcome.
    any_of : bool
        Whether one filled path is enough; else all are needed.
    prompt : str
        Human checks: what the author is asked. Declared checks: what to write; may be empty.
    applies : str
        Name of a condition of `conditions.CONDITIONS`, with the word ``not`` before it to turn it
        round; several, parted by commas, must all hold. Empty: always.
    """

    name: str
    kind: Kind
    topic: str
    rule: str = ""
    plan: tuple[str, ...] = ()
    any_of: bool = False
    prompt: str = ""
    applies: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of a checklist.

    Attributes
    ----------
    number : str
        Its number there, such as ``13a``.
    topic : str
        What it is about, in our own words.
    checks : tuple of Check
    applies : str
        As in `Check`; holds for each of its checks.
    status : str
        ``verified`` where its number was read in the source, ``recalled`` where it was not.
    """

    number: str
    topic: str
    checks: tuple[Check, ...]
    applies: str = ""
    status: str = "recalled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A checklist, as its data file has it.

    Attributes
    ----------
    name : str
        Name of its file, and what ``--profile`` takes.
    title, version : str
    licence : str
        Licence of the original; its words are not shipped.
    source : str
        Where the original stands.
    status : str
        ``verified`` or ``recalled``: where its numbering comes from.
    note : str
        What a reader must know of it; may be empty.
    items : tuple of Item
    """

    name: str
    title: str
    version: str
    licence: str
    source: str
    status: str
    items: tuple[Item, ...]
    note: str = ""

    def checks(self) -> tuple[tuple[Item, Check], ...]:
        """Every check with its item, in the order of the file."""
        return tuple((item, check) for item in self.items for check in item.checks)


@cache
def profiles() -> Mapping[str, Profile]:
    """Every checklist that is shipped, by name.

    Returns
    -------
    mapping of str to Profile
        `crosswalk` first, then by name.
    """
    folder = files("splw_eval.appraisal.checklists") / "profiles"
    names = sorted(
        (f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")),
        key=lambda name: (name != "crosswalk", name),
    )
    return MappingProxyType(
        {n: read_profile(n, (folder / f"{n}.toml").read_text("utf-8")) for n in names}
    )


def read_profile(name: str, text: str) -> Profile:
    """Read one checklist.

    Parameters
    ----------
    name : str
        Name of its file without the ending.
    text : str
        TOML: ``title``, ``version``, ``licence``, ``source``, ``status``, ``note`` and
        ``[[items]]``, each with ``number``, ``topic`` and ``[[items.checks]]``.

    Raises
    ------
    TypeError
        A key is not known, or one is missing: a fault of the file that is shipped.
    """
    held = tomllib.loads(text)
    status = held["status"]
    items = tuple(_item(i, status) for i in held.pop("items"))
    return Profile(name=name, items=items, **held)


def _item(held: dict[str, Any], status: str) -> Item:
    checks = tuple(_check(c, held["topic"]) for c in held["checks"])
    return Item(**{"status": status, **held, "checks": checks})


def _check(held: dict[str, Any], topic: str) -> Check:
    plan = held.get("plan", ())
    paths = (plan,) if isinstance(plan, str) else tuple(plan)
    return Check(**{"topic": topic, **held, "kind": Kind(held["kind"]), "plan": paths})
