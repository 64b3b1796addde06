"""What rules may look at: the plan, the masked results, and what the loader found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from splw_eval.core.findings import Finding, Severity
from splw_eval.core.plan import CLUSTER_TRIALS, Plan
from splw_eval.core.plan.placeholders import is_template
from splw_eval.core.result import Result

NOTHING_YET = "Nothing collected yet."
NOT_LOOKED_AT = "The data were not looked at."
CANNOT_BE_READ = "The files cannot be read yet, so this cannot be told."


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One finding of a code: its place and words, without row numbers."""

    code: str
    place: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A study, as far as the checks may know it.

    Attributes
    ----------
    plan : Plan
    results : mapping of str to Result
        Masked; empty at the planning stage and where the files were refused.
    findings : tuple of Finding
        What the loader found.
    unread : bool
        Whether there are files, which were not looked at as nobody asked for it.
    """

    plan: Plan
    results: Mapping[str, Result[Any]]
    findings: tuple[Finding, ...] = ()
    unread: bool = False

    @property
    def read(self) -> bool:
        """Whether files were read and answered."""
        return bool(self.results)

    @property
    def refused(self) -> bool:
        """Whether there are files, and they cannot be used yet."""
        return not self.results and any(f.severity is Severity.ERROR for f in self.findings)

    @property
    def planned(self) -> bool:
        """Whether nothing was collected yet."""
        return not self.results and not self.refused and not self.unread

    @property
    def why_unread(self) -> str:
        """Why nothing is known of the files."""
        if self.refused:
            return CANNOT_BE_READ
        return NOT_LOOKED_AT if self.unread else NOTHING_YET

    def rows(self, key: str) -> tuple[Any, ...]:
        """Rows of a result; none where it is not there."""
        held = self.results.get(key)
        return held.rows if held is not None else ()

    def notes(self, *keys: str) -> str:
        """Words of the notes of results, as one text."""
        held = (self.results[key] for key in keys if key in self.results)
        return " ".join(note.text for result in held for note in result.notes)

    def told(self, *codes: str) -> tuple[Found, ...]:
        """Findings with these codes.

        Of files that could be used, in the words of the masked results: those of the loader may
        hold numbers of people.
        """
        listed = tuple(
            Found(code=row.code, place=row.place, problem=row.problem)
            for row in self.rows("findings")
        )
        named = {found.code for found in listed}
        given = tuple(
            Found(code=f.code, place=f.place(), problem="" if self.read else f.problem)
            for f in self.findings
            if not (self.read and f.code in named)
        )
        return tuple(dict.fromkeys(f for f in (*given, *listed) if f.code in codes))

    def found(self, *codes: str) -> tuple[str, ...]:
        """Those of the codes that the loader found, in the order asked."""
        held = {f.code for f in self.told(*codes)}
        return tuple(code for code in codes if code in held)

    def tables(self) -> frozenset[str]:
        """Names of the tables that the plan's files hold."""
        return frozenset(file.table for file in self.plan.files)

    @property
    def grouped(self) -> bool:
        """Whether people are known to come in practices or to link workers."""
        columns = {name for file in self.plan.files for name in file.columns}
        size = self.plan.sample_size
        setting = self.rows("setting")
        return (
            self.plan.design in CLUSTER_TRIALS
            or bool({"cluster", "link_worker"} & columns)
            or bool({"clusters", "link_workers"} & self.tables())
            or bool(size is not None and size.all_clusters)
            or any(row.practices or row.link_workers for row in setting)
        )

    def title_of(self, wave: str) -> str:
        """What the report calls a wave."""
        return next(w.title for w in self.plan.waves if w.name == wave)

    def primary_flow(self) -> Iterator[Any]:
        """Rows of the flow of the primary outcome, of waves after the start."""
        later = {wave.name for wave in self.plan.follow_up}
        for row in self.rows("flow"):
            if row.outcome == self.plan.primary.name and row.wave in later:
                yield row

    def plan_says(self, *words: str) -> bool:
        """Whether what the plan says of missing data or of deviations names one of these."""
        held: list[str] = list(self.plan.governance.deviations)
        if self.plan.missing is not None:
            missing = self.plan.missing
            held += [missing.assumption, missing.method, *missing.sensitivity]
        text = " ".join(part for part in held if not is_template(part))
        return any(re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) for word in words)


def plan_texts(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield every text of a plan with its key, such as ``estimand.summary``."""
    yield from _texts(plan.model_dump(by_alias=True, exclude_unset=True), "")


def _texts(held: Any, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(held, str):
        yield key, held
    elif isinstance(held, Mapping):
        for name, value in held.items():
            yield from _texts(value, f"{key}.{name}" if key else str(name))
    elif isinstance(held, list | tuple):
        for value in held:
            yield from _texts(value, key)
