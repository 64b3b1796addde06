"""A score's formula and rules as the options choose them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from splw_eval.instruments.formula import Formula
from splw_eval.instruments.meanings import Bands
from splw_eval.instruments.records import Instrument, Score


def formula_with(score: Score, words: Mapping[str, str]) -> tuple[Formula, str, str]:
    """Formula, rule for missing items and its status, as the options choose them."""
    formula, rule, status = score.formula, score.missing_rule, score.missing_status
    for variant in score.variants:
        if words.get(variant.option) == variant.choice:
            if variant.formula is not None:
                changed = {key: getattr(variant.formula, key) for key in variant.changes}
                formula = replace(formula, **changed)
            rule = variant.missing_rule or rule
            status = variant.missing_status or status
    return formula, rule, status


def bands_with(score: Score, words: Mapping[str, str]) -> Bands | None:
    """The first set of bands that holds."""
    for bands in score.bands:
        if not bands.option or words.get(bands.option) == bands.choice:
            return bands
    return None


def limits_of(instrument: Instrument, words: Mapping[str, str]) -> dict[str, tuple[float, float]]:
    """Lowest and highest answer by item; the score's range for ready-made scores."""
    codes = instrument.codes
    for variant in instrument.variants:
        if words.get(variant.option) == variant.choice and variant.codes:
            codes = variant.codes
    ready = {s.items[0]: s.range for s in instrument.scores if s.formula.how == "given"}
    found = {}
    for item in instrument.items:
        pair = ready.get(item) or instrument.item_codes.get(item) or codes
        assert pair is not None  # reading has made sure
        found[item] = (float(pair[0]), float(pair[1]))
    return found


def ready_items(instrument: Instrument) -> frozenset[str]:
    """Items that are ready-made scores."""
    return frozenset(s.items[0] for s in instrument.scores if s.formula.how == "given")


def status_with(instrument: Instrument, words: Mapping[str, str]) -> str:
    """Whether the scoring is checked or recalled, as the options choose it."""
    of_scores = (variant for score in instrument.scores for variant in score.variants)
    for variant in (*instrument.variants, *of_scores):
        if words.get(variant.option) == variant.choice and variant.status == "recalled":
            return "recalled"
    return instrument.status
