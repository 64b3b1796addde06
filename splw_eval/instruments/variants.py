"""A score's formula and rules as the options choose them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from splw_eval.instruments.formula import Formula
from splw_eval.instruments.meanings import Bands
from splw_eval.instruments.records import Score


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
