"""What must agree inside an instrument's file."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from splw_eval.core.plan import suggestion
from splw_eval.instruments.formula import MOST_PROFILES, Formula
from splw_eval.instruments.records import Instrument, Option, Score

RESERVED = frozenset({"frame", "instrument", "items", "id", "folder", "missing", "responses"})
_NEEDS = {
    "percentage": ("factor",),
    "count": ("counted",),
    "table": ("of", ("table", "numbers_of")),
    "level": ("of", "above"),
    "tariff": (("add", "subtract", "file_option", "numbers_of"),),
    "crosswalk": ("shares", ("add", "subtract", "numbers_of")),
    "lookup": ("file_option",),
}
_UNSAID = (None, "", "none", False, ())
_USES = {
    "reversed": {"sum", "mean", "percentage"},
    "from_zero": {"sum", "mean", "percentage"},
    "fewest": {"sum", "mean", "percentage", "count"},
    "fill": {"sum", "mean", "percentage", "count"},
    "factor": {"percentage"},
    "counted": {"count"},
    "of": {"table", "level"},
    "above": {"level"},
    "anchors": {"tariff"},
    "shares": {"crosswalk"},
}


def faults(instrument: Instrument, file: str) -> Iterator[str]:
    """Every disagreement, as a sentence that names its section."""
    if instrument.name != file:
        yield f'name is "{instrument.name}", but the file is {file}.toml'
    yield from _twice("items", instrument.items)
    for name in sorted(RESERVED & set(instrument.options)):
        yield f"option {name}: this word has another meaning; choose another"
    yield from _twice("scores", (score.name for score in instrument.scores))
    yield from _codes(instrument)
    for name, option in instrument.options.items():
        yield from _option(instrument, name, option)
    for score in instrument.scores:
        yield from _score(instrument, score)
    for flag in instrument.flags:
        yield from _known(f"flag {flag.name}, item", [flag.item], instrument.items)
        names = [score.name for score in instrument.scores]
        yield from _known(f"flag {flag.name}, score", [flag.score], names)
        if bool(flag.item) == bool(flag.score):
            yield f"flag {flag.name}: name either an item or a score"
        if (flag.at_least is None) == (flag.below is None):
            yield f"flag {flag.name}: give either at_least or below"


def _twice(what: str, names: Iterable[str]) -> Iterator[str]:
    for name, times in Counter(names).items():
        if times > 1:
            yield f'{what}: "{name}" stands {times} times; each may stand once'


def _known(where: str, names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    held = list(known)
    for name in names:
        if name and name not in held:
            yield f'{where}: there is no "{name}"{suggestion(name, held)}'


def _codes(instrument: Instrument) -> Iterator[str]:
    given = {i for s in instrument.scores if s.formula.how == "given" for i in s.items}
    uncoded = [i for i in instrument.items if i not in instrument.item_codes and i not in given]
    if instrument.codes is None and uncoded:
        yield f"codes are missing for the items {', '.join(uncoded)}"
    pairs = {"codes": instrument.codes, **instrument.item_codes}
    for name, pair in pairs.items():
        if pair is not None and pair[0] >= pair[1]:
            yield f"{name}: the lowest code must lie under the highest"
    yield from _known("item_codes", instrument.item_codes, instrument.items)
    yield from _known("words", instrument.words, instrument.items)
    yield from _known("optional", instrument.optional, instrument.items)
    for variant in instrument.variants:
        yield from _variant(instrument, "variants", variant.option, variant.choice)
        if variant.codes is None:
            yield "variants: codes are missing"


def _option(instrument: Instrument, name: str, option: Option) -> Iterator[str]:
    if (option.kind == "choice") != bool(option.choices):
        yield f"option {name}: choices belong to kind = choice, which needs them"
    if option.default and option.default not in option.choices:
        yield f'option {name}: the default "{option.default}" is not a choice'
    if option.kind == "choice" and bool(option.default) == option.required:
        yield f"option {name}: give a default, or required = true"
    yield from _known(f"option {name}, leaves_out", option.leaves_out, instrument.items)
    yield from _known(f"option {name}, items", option.items, instrument.items)


def _variant(instrument: Instrument, where: str, option: str, choice: str) -> Iterator[str]:
    yield from _known(f"{where}, option", [option], instrument.options)
    if option in instrument.options:
        choices = instrument.options[option].choices
        yield from _known(f"{where}, choice of {option}", [choice], choices)


def _score(instrument: Instrument, score: Score) -> Iterator[str]:
    where = f"score {score.name}"
    yield from _known(f"{where}, items", score.items, instrument.items)
    yield from _twice(f"{where}, items", score.items)
    if score.range[0] >= score.range[1]:
        yield f"{where}: the lowest score must lie under the highest"
    formulas = [score.formula, *(v.formula for v in score.variants if v.formula is not None)]
    for formula in formulas:
        yield from _formula(instrument, score, formula)
    for variant in score.variants:
        yield from _variant(instrument, f"{where}, variants", variant.option, variant.choice)
    for bands in score.bands:
        if bands.option:
            yield from _variant(instrument, f"{where}, bands", bands.option, bands.choice)
        lows = [low for low, _ in bands.limits]
        if any(b <= a and not (b == a and b in bands.above) for a, b in pairwise(lows)):
            yield f'{where}, bands "{bands.set}": the limits must rise'
        for limit in sorted(set(bands.above) - set(lows)):
            yield f'{where}, bands "{bands.set}", above: {limit:g} is not one of the limits'


def _formula(instrument: Instrument, score: Score, formula: Formula) -> Iterator[str]:
    where = f"score {score.name}, formula"
    for need in _NEEDS.get(formula.how, ()):
        names = (need,) if isinstance(need, str) else need
        if not any(getattr(formula, name) for name in names):
            yield f'{where}: how = "{formula.how}" needs {" or ".join(names)}'
    for key, hows in _USES.items():
        if getattr(formula, key) not in (*_UNSAID, {}) and formula.how not in hows:
            yield f'{where}: how = "{formula.how}" does not use {key}'
    yield from _known(f"{where}, reversed", formula.reversed, score.items)
    yield from _known(f"{where}, file_option", [formula.file_option], instrument.options)
    direct = [s.name for s in instrument.scores if not s.formula.of]
    yield from _known(f"{where}, of", [formula.of], direct)
    if formula.how == "table":
        yield from _table(where, instrument, formula)
    if formula.how in {"tariff", "crosswalk", "lookup"}:
        yield from _profiles(where, instrument, score)
    if formula.how in {"item", "given"} and len(score.items) != 1:
        yield f'{where}: how = "{formula.how}" is for one item'
    yield from _missing(where, score, formula)
    yield from _by_item(instrument, score, formula)


def _table(where: str, instrument: Instrument, formula: Formula) -> Iterator[str]:
    """A table goes by the sum of whole answers, and has a value for each."""
    for source in (s for s in instrument.scores if s.name == formula.of):
        if source.formula.how not in {"sum", "count", "item"} or source.formula.fill == "mean":
            yield f"{where}: a table goes by a sum of which all items are answered"
        size = source.range[1] - source.range[0] + 1
        if not formula.numbers_of and (
            formula.lowest != source.range[0] or len(formula.table) != size
        ):
            yield f"{where}, table: give {size:g} numbers, from a sum of {source.range[0]:g}"


def _profiles(where: str, instrument: Instrument, score: Score) -> Iterator[str]:
    pairs = [instrument.item_codes.get(i) or instrument.codes or (0, 0) for i in score.items]
    persons = {"age", "sex"}
    sizes = [b - a + 1 for i, (a, b) in zip(score.items, pairs, strict=True) if i not in persons]
    if math.prod(sizes) > MOST_PROFILES:
        yield f"{where}: {math.prod(sizes):,} profiles are more than {MOST_PROFILES:,}"


def _missing(where: str, score: Score, formula: Formula) -> Iterator[str]:
    if formula.fewest is not None and not 1 <= formula.fewest <= len(score.items):
        yield f"{where}: fewest must lie between 1 and {len(score.items)}"
    partial = formula.fewest is not None and formula.fewest < len(score.items)
    if partial and formula.fill == "none":
        yield f'{where}: where items may be missing, say fill = "mean" or "zero"'
    if formula.how == "count" and formula.fill == "mean":
        yield f'{where}: a count is filled with "zero" only'


def _by_item(instrument: Instrument, score: Score, formula: Formula) -> Iterator[str]:
    """Tables by item name every item of the score, once for each code."""
    where = f"score {score.name}, formula"
    for key in ("counted", "add", "subtract", "shares"):
        table = getattr(formula, key)
        if not table:
            continue
        yield from _known(f"{where}, {key}", table, score.items)
        absent = [item for item in score.items if item not in table]
        if absent:
            yield f"{where}, {key}: the items {', '.join(absent)} are missing"
        for item in () if key == "counted" or formula.how == "crosswalk" else table:
            low, high = instrument.item_codes.get(item) or instrument.codes or (0, 0)
            if len(table[item]) != high - low + 1:
                yield f"{where}, {key}.{item}: give {high - low + 1} numbers, one for each code"
