"""What a report is made from: the plan and its masked results, looked up by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from splw_eval.core.columns import Role, columns_of
from splw_eval.core.errors import OutputError
from splw_eval.core.model_rows import ModelMeanRow
from splw_eval.core.plan import Outcome, Plan, Wave
from splw_eval.core.result import Provenance, Result
from splw_eval.core.rows import (
    ChangeRow,
    FindingRow,
    FunnelRow,
    PrecisionRow,
    ReasonRow,
    ResponderRow,
    SummaryRow,
)
from splw_eval.report.blocks import Cell, Format
from splw_eval.report.numbers import decimals_to_see

_CENT = 100
SYNTHETIC = "Synthetic data: these people do not exist"

RowT = TypeVar("RowT")
ByWave = TypeVar(
    "ByWave",
    FunnelRow,
    SummaryRow,
    ChangeRow,
    ResponderRow,
    ReasonRow,
    PrecisionRow,
    ModelMeanRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Generic[RowT]):
    """One row of a result: names of masked fields, and digits that are not those planned."""

    row: RowT
    masked: frozenset[str]
    decimals: Mapping[str, int] = field(default_factory=dict)

    def cell(self, name: str, decimals: int | None = None, *, signed: bool = False) -> Cell:
        """Return a field as a cell, in the format that its column declares."""
        column = columns_of(type(self.row))[name]
        value = getattr(self.row, name)
        if column.role is Role.LABEL and isinstance(value, str):
            return Cell(value=value)
        places = self.places(name, decimals if decimals is not None else column.decimals)
        if column.role is Role.SPREAD and column.decimals is None and places is not None and value:
            places = decimals_to_see(value, places)
        kind = _format(column.role, places, signed)
        if column.per != _CENT and value is not None:
            kind, value = Format.NUMBER, value * column.per
        return Cell(value=value, format=kind, decimals=places or 0, masked=name in self.masked)

    def places(self, name: str, planned: int | None) -> int | None:
        """Return the decimals of a field: those planned, unless it is told with others."""
        return self.decimals.get(name, planned)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The plan, its results and what they were made with; `held` has every result by key."""

    plan: Plan
    provenance: Provenance
    held: Mapping[str, Result[Any]]
    flow: Result[FunnelRow]
    scores: Result[SummaryRow]
    change: Result[ChangeRow]
    responders: Result[ResponderRow]
    findings: Result[FindingRow]

    def results(self) -> tuple[Result[Any], ...]:
        """All results, in reading order."""
        return tuple(self.held.values())

    def of(self, key: str) -> Result[Any]:
        """Return a result by its key."""
        return self.held[key]

    def wave(self, name: str) -> Wave:
        """Return a wave of the plan by its name."""
        return next(wave for wave in self.plan.waves if wave.name == name)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Outcomes, the primary one first."""
        return (self.plan.primary, *(o for o in self.plan.outcomes if o.role == "secondary"))

    @property
    def answer_wave(self) -> Wave:
        """The wave that page one speaks of: the primary contrast's, or else the last."""
        contrast = self.plan.estimand.contrast
        name = contrast.waves[0] if contrast.kind == "wave" else self.plan.waves[-1].name
        return self.wave(name)

    @property
    def stamp(self) -> str:
        """What every page must say of its people and counts; empty where nothing."""
        synthetic = SYNTHETIC if self.plan.synthetic else ""
        return ". ".join(words for words in (synthetic, self.exact) if words)

    @property
    def exact(self) -> str:
        """Why counts are exact; empty where they are not."""
        reason = next((r.disclosure.reason for r in self.results() if r.disclosure), "")
        return f"Exact counts shown: {reason}" if reason else ""


def gather(plan: Plan, results: Mapping[str, Result[Any]], provenance: Provenance) -> Evidence:
    """Return what a report is made from.

    Raises
    ------
    OutputError
        A result has not been through disclosure control.
    """
    for result in results.values():
        if result.disclosure is None:
            raise OutputError(
                f'The result "{result.key}" has not been through disclosure control.',
                where="report",
                remedy="Mask every result before it is printed; nothing was written.",
            )
    return Evidence(
        plan=plan,
        provenance=provenance,
        held=results,
        flow=results["flow"],
        scores=results["scores"],
        change=results["change"],
        responders=results["responders"],
        findings=results["findings"],
    )


def entries(result: Result[RowT]) -> Iterator[Entry[RowT]]:
    """Yield every row with its masked fields."""
    hidden: dict[int, set[str]] = {}
    for index, name in result.masked:
        hidden.setdefault(index, set()).add(name)
    digits: dict[int, dict[str, int]] = {}
    for (index, name), places in result.decimals.items():
        digits.setdefault(index, {})[name] = places
    for index, row in enumerate(result.rows):
        masked = frozenset(hidden.get(index, ()))
        yield Entry(row=row, masked=masked, decimals=digits.get(index, {}))


def select(
    result: Result[ByWave], outcome: str, *, arm: str | None = None, wave: str | None = None
) -> tuple[Entry[ByWave], ...]:
    """Return the rows of one outcome, of one arm or one wave where asked for."""
    return tuple(
        entry
        for entry in entries(result)
        if entry.row.outcome == outcome
        and (arm is None or entry.row.arm == arm)
        and (wave is None or entry.row.wave == wave)
    )


def at_answer(evidence: Evidence, result: Result[ByWave], arm: str) -> Entry[ByWave] | None:
    """Return the row that page one speaks of, for one arm; None where there is none."""
    wave, outcome = evidence.answer_wave.name, evidence.plan.primary.name
    return next(iter(select(result, outcome, arm=arm, wave=wave)), None)


def _format(role: Role, decimals: int | None, signed: bool) -> Format:
    if role in {Role.SHARE, Role.CURVE}:
        return Format.PERCENT
    if decimals is None:
        return Format.WHOLE
    return Format.SIGNED if signed else Format.NUMBER
