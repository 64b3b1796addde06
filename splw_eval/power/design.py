"""Designs: a kind, what was given for it, and where each figure comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.precision import Precision

COMMON = (
    *("solve", "power", "alpha", "sides", "tails", "test", "df", "mde_rule", "force"),
    *("icc_range", "icc_prior"),
)
DEFAULTS: Mapping[str, Any] = {
    "alpha": 0.05,
    "sides": 2,
    "tails": "upper",
    "test": "t",
    "mde_rule": "exact",
}


class Values:
    """Options of a design as attributes: numbers as arrays, None where nothing was given."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = self._given.get(name)
        number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
        return np.asarray(value, dtype=np.float64) if number else value

    def __contains__(self, name: str) -> bool:
        return self._given.get(name) is not None

    def changed(self, **other: Any) -> Values:
        """The same with other values."""
        return Values({**self._given, **other})


def _of_sd(values: Values) -> tuple[Any, Any]:
    sd = np.asarray(1.0 if values.sd is None else values.sd)
    return 0.0 * sd, 1e3 * sd


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of design.

    Attributes
    ----------
    name : str
        As typed: ``stepped-wedge``.
    title : str
        In words.
    takes : tuple of str
        Options beside the common ones.
    needs : tuple of tuple of str
        Groups of options, one of each group to be given unless it is what is sought.
    solves : tuple of str
        What it can be solved for.
    effect : tuple of str
        Options that the detectable difference can be asked in, such as ``diff``, ``p1``.
    precision : callable
        ``(values) -> Precision``.
    defaults : mapping
        Beside the common ones.
    check : callable
        ``(values) -> findings``: what contradicts itself, beyond single ranges.
    model : callable
        ``(values) -> str``: the analysis, in one sentence for a protocol.
    arms : callable
        ``(clusters, values) -> {arm or sequence: clusters}``: how a total is shared out; each
        is rounded up by itself. Empty where there are no clusters.
    sources : tuple of str
        Of the formulae.
    cites : callable or None
        ``(values) -> sources``: those of the formulae that were used; None: all of `sources`.
    notes : callable
        ``(values) -> sentences`` that every answer of the kind carries.
    span : callable
        ``(values) -> (option, none, most)``: where the detectable difference is looked for, from
        no difference to the largest; both arrays.
    """

    name: str
    title: str
    takes: tuple[str, ...]
    needs: tuple[tuple[str, ...], ...]
    solves: tuple[str, ...]
    effect: tuple[str, ...]
    precision: Callable[[Values], Precision]
    model: Callable[[Values], str]
    sources: tuple[str, ...]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    check: Callable[[Values], Iterator[Finding]] = lambda _: iter(())
    arms: Callable[[float, Values], Mapping[str, float]] = lambda _, __: {}
    notes: Callable[[Values], tuple[str, ...]] = lambda _: ()
    span: Callable[[Values], tuple[str, Any, Any]] = lambda v: ("diff", *_of_sd(v))
    cites: Callable[[Values], tuple[str, ...]] | None = None

    def sources_of(self, values: Values) -> tuple[str, ...]:
        """Sources of the formulae that these values ask for."""
        return self.sources if self.cites is None else self.cites(values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """A design that was read and checked.

    Attributes
    ----------
    kind : Kind
    given : mapping of str to object
        Options as given.
    sources : mapping of str to str
        Where an input comes from, by option.
    """

    kind: Kind
    given: Mapping[str, Any]
    sources: Mapping[str, str]

    @property
    def values(self) -> Values:
        """Options with the defaults of the kind."""
        return Values({**DEFAULTS, **self.kind.defaults, **self.given})
