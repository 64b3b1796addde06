"""The page of the results, written from the file alone: docs/methods/size-of-tests.md."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from counts import AT_ZERO, METHODS, RUN, Pooled, pooled, read

PAGE = Path(__file__).resolve().parents[2] / "docs" / "methods" / "size-of-tests.md"
RULES = {"kr_keep": "keep", "kr_conditional": "conditional"}
HIGHEST = 6.0  # per cent in the worst cell, for a rule that may be the default
TARGET = (4.0, 6.0)
FLAGGED = 6.5

NAMES = {
    "kr_keep": "Kenward-Roger, `keep`",
    "kr_conditional": "Kenward-Roger, `conditional`",
    "satterthwaite_keep": "Satterthwaite, `keep`",
    "satterthwaite_conditional": "Satterthwaite, `conditional`",
    "between_within": "between-within: 13 df, model-based error",
    "practice_means": "*t* test of practice means, 13 df",
    "z": "*z* test, model-based error",
    "intercept_kr": "no practice-by-wave effects, Kenward-Roger, `keep`",
    "cr2": "CR2 with Satterthwaite df",
}
SHORT = {
    "kr_keep": "KR keep",
    "kr_conditional": "KR cond.",
    "satterthwaite_keep": "Satt. keep",
    "satterthwaite_conditional": "Satt. cond.",
    "between_within": "K - 2",
    "practice_means": "Means",
    "z": "z",
    "intercept_kr": "No by-wave",
    "cr2": "CR2",
}
CONTRASTS = {
    "last": "Difference at the last wave",
    "change": "Difference in change from the first wave to the last",
    "mean": "Difference of the mean over the three later waves",
}
DROPOUT = {
    "same": "30 % lost by the last wave in both arms",
    "by arm": "35 % lost in the arm of 7 practices, 25 % in the other",
}

INTRO = """\
# Size and power with few practices

How often does the default analysis find a difference that is not there, when 7 practices are
compared with 8? Trials without any effect were drawn and analysed in nine ways. This page and its
tables are written by `analyses/size_of_tests/page.py` from `results.csv` beside it.

## What was drawn

* 15 practices, 7 in one arm and 8 in the other; four waves (0, 3, 12 and 18 months).
* People: normal, standard deviations 0.95, 1.00, 1.02 and 1.03 by wave, correlations between
  waves from 0.50 (first and last) to 0.70 (last two), as wellbeing scores have them.
* Practices: an effect for all waves and one for each wave. The ICC at one wave is 0.01, 0.03 or
  0.10; the cluster autocorrelation, the share of it that is the same at all waves, 0.6 or 1.
* Practices of 10, 20 or 40 people; the same on average but uneven, with a coefficient of
  variation of 0.65 and at least 2 people; and 31 people in each of the 7 practices against 70 in
  each of the 8.
* Loss to follow-up: monotone and independent of the outcome; everybody is seen at the first wave.
  Either about 10, 20 and 30 % are lost by the second, third and last wave in both arms, or 12.5,
  24 and 35 % in the arm of 7 practices and 7.5, 16 and 25 % in the other.
* Of each cell {designs} designs (sizes and losses drawn anew), {replicates} trials each. The
  standard error of a share of 5 % in {trials:,} trials is {error:.2f} percentage points; that of
  the largest of many cells is a matter of chance as well.

## What was tested

Default model: means of every arm at every wave, unstructured covariance of people, a practice
effect and a practice-by-wave effect; REML. Three contrasts of the arms, each tested two-sided at
5 %:

"""

METHODS_HEAD = """
Coverage of a 95 % interval is 100 % less the size: an estimate moves with an effect that is
added, and nothing else does. For the same reason the power comes from the same trials: to each
estimate the effect was added which a *t* test with 13 df and the true covariance would find in 80
%.

`keep` and `conditional` differ only where a variance of practices is estimated as zero: does it
stay in the information of the covariance parameters, as in pbkrtest, or does it leave, as if it
were known to be zero?

"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """The page as the results give it."""
    cells = list(pooled(read()))
    held = json.loads(RUN.read_text(encoding="utf-8"))
    first = max(cells, key=lambda c: c.trials)
    parts = [
        INTRO.format(
            designs=first.designs,
            replicates=first.trials // first.designs,
            trials=first.trials,
            error=first.error,
        ),
        "".join(f"* {said}\n" for said in CONTRASTS.values()),
        "\nNine ways to test, on the same trials:\n\n",
        "".join(f"* {NAMES[method]}\n" for method in METHODS),
        METHODS_HEAD,
        _unlike(cells),
        _answer(cells),
        _summary(cells),
        _outside(cells),
        _low(cells),
        _zero(cells),
        *(_tables(cells, dropout) for dropout in DROPOUT),
        _again(held, cells),
    ]
    return "".join(parts)


def whole(cells: Sequence[Pooled]) -> list[Pooled]:
    """Cells with as many trials as any."""
    most = max(c.trials for c in cells)
    return [c for c in cells if c.trials == most]


def rule(cells: Sequence[Pooled]) -> str:
    """The default rule: the more powerful of those whose size is at most 6 % in every cell."""
    cells = whole(cells)
    safe = [m for m in RULES if max(c.size_of(m) for c in cells) <= HIGHEST]
    return max(safe, key=lambda m: _mean(c.power_of(m) for c in cells), default="")


def _mean(values: Iterable[float]) -> float:
    held = list(values)
    return sum(held) / len(held)


def _where(cell: Pooled) -> str:
    return (
        f"ICC {cell.icc}, autocorrelation {cell.autocorrelation}, {cell.size}, "
        f"{'equal loss' if cell.dropout == 'same' else 'loss by arm'}, {cell.contrast}"
    )


def _unlike(cells: Sequence[Pooled]) -> str:
    """Say where cells rest on fewer trials than the others."""
    fewer = [c for c in cells if c not in whole(cells)]
    if not fewer:
        return ""
    return (
        f"{len(fewer)} of the {len(cells)} cells and contrasts rest on fewer trials, "
        f"{min(c.trials for c in fewer):,} at least, and have no say in which rule is the "
        f"default: {', '.join(sorted({DROPOUT[c.dropout] for c in fewer}))}.\n\n"
    )


def _answer(cells: Sequence[Pooled]) -> str:
    lines, cells = ["## Which rule is the default\n\n"], whole(cells)
    for method, word in RULES.items():
        worst = max(cells, key=lambda c: c.size_of(method))
        power = _mean(c.power_of(method) for c in cells)
        lines.append(
            f"* `{word}`: size at most {worst.size_of(method):.2f} % ({_where(worst)}), "
            f"{_mean(c.size_of(method) for c in cells):.2f} % on average; power {power:.1f} % "
            "on average.\n"
        )
    chosen = rule(cells)
    last = (
        f"`{RULES[chosen]}` is the more powerful of those whose size is at most 6 % in every cell."
        if chosen
        else "Neither stays at or below 6 % in every cell."
    )
    return "".join([*lines, f"\n{last}\n\n"])


def _summary(cells: Sequence[Pooled]) -> str:
    lines = [
        "## All methods\n\n",
        "| Method | Size, lowest | mean | highest | Cells of 4 to 6 % | Power, lowest | mean |\n",
        "| --- | --- | --- | --- | --- | --- | --- |\n",
    ]
    for method in METHODS:
        sizes = [c.size_of(method) for c in cells]
        power = [c.power_of(method) for c in cells]
        inside = sum(TARGET[0] <= s <= TARGET[1] for s in sizes)
        lines.append(
            f"| {NAMES[method]} | {min(sizes):.2f} | {_mean(sizes):.2f} | {max(sizes):.2f} "
            f"| {inside} of {len(cells)} | {min(power):.1f} | {_mean(power):.1f} |\n"
        )
    worst = {m: max(cells, key=lambda c: c.size_of(m)) for m in ("intercept_kr", "z")}
    high = (
        "\nLeaving practice-by-wave effects out lets the size rise to "
        f"{worst['intercept_kr'].size_of('intercept_kr'):.1f} % ({_where(worst['intercept_kr'])}); "
        f"taking *z* for *t*, to {worst['z'].size_of('z'):.1f} % ({_where(worst['z'])}).\n"
    )
    failures = [int(sum(c.total[key] for c in cells)) for key in _FAILURES]
    said = (
        f"\nTests that could not be had, of {sum(c.trials for c in cells):,}: {failures[0]} of the "
        f"default model, {failures[1]} without practice-by-wave effects, {failures[2]} of "
        "practice means. They are left out of the shares of their own method only.\n\n"
    )
    return "".join([*lines, high, said])


_FAILURES = ("failures", "failures_intercept", "failures_means")


def _outside(cells: Sequence[Pooled]) -> str:
    """Cells of both rules above 6 %."""
    lines = ["## Cells above 6 %\n\n"]
    for method, word in RULES.items():
        high = [c for c in cells if c.size_of(method) > TARGET[1]]
        lines.append(f"`{word}`: {len(high)} of {len(cells)}.\n\n")
        lines += [
            f"* {c.size_of(method):.2f} % in {c.trials:,} trials: {_where(c)}"
            + (" (**above 6.5 %**)\n" if c.size_of(method) > FLAGGED else "\n")
            for c in high
        ]
        lines.append("\n" if high else "")
    return "".join(lines)


def _low(cells: Sequence[Pooled]) -> str:
    """Cells of the default rule below 4 %, beside the alternatives."""
    method = rule(cells) or "kr_keep"
    low = [c for c in cells if c.size_of(method) < TARGET[0]]
    shown = (*RULES, "between_within", "practice_means", "cr2", "z", "intercept_kr")
    lines = [
        f"## Cells below 4 %\n\n{len(low)} of {len(cells)} with `{RULES[method]}`. P0: per cent of "
        "trials with a variance of practices at zero. "
        "Each pair is size and power; coverage is 100 less the size.\n\n",
    ]
    if not low:
        return lines[0]
    lines.append("| Cell | P0 | " + " | ".join(SHORT[m] for m in shown) + " |\n")
    lines.append("| --- |" + " --- |" * (len(shown) + 1) + "\n")
    for c in low:
        pairs = " | ".join(f"{c.size_of(m):.2f}, {c.power_of(m):.0f}" for m in shown)
        lines.append(f"| {_where(c)} | {c.zero('any'):.0f} | {pairs} |\n")
    return "".join([*lines, "\n"])


def _zero(cells: Sequence[Pooled]) -> str:
    """What both rules and K - 2 do where a variance is zero."""
    lines = [
        "## Where a variance of practices is zero\n\n",
        "Over all cells and contrasts; size among those trials alone, mean df of all trials.\n\n",
        "| ICC | Autocorrelation | Practice at zero, % | By wave at zero, % | Either, % "
        "| Size, `keep` | `conditional` | K - 2 | df, `keep` | `conditional` |\n",
        "| --- |" + " --- |" * 9 + "\n",
    ]
    for icc, auto in dict.fromkeys((c.icc, c.autocorrelation) for c in cells):
        here = [c for c in cells if (c.icc, c.autocorrelation) == (icc, auto)]
        shares = [_mean(c.zero(which) for c in here) for which in ("practice", "wave", "any")]
        at_zero = sum(c.total["zero_any"] for c in here)
        sizes = [
            100 * sum(c.total[f"{method}_rejects_at_zero"] for c in here) / at_zero
            for method in AT_ZERO
        ]
        df = [_mean(c.total[key] for c in here) for key in ("df_keep", "df_conditional")]
        words = [
            *(f"{s:.0f}" for s in shares),
            *(f"{s:.2f}" for s in sizes),
            *(f"{d:.0f}" for d in df),
        ]
        lines.append(f"| {icc} | {auto} | " + " | ".join(words) + " |\n")
    return "".join([*lines, "\n"])


def _tables(cells: Sequence[Pooled], dropout: str) -> str:
    lines = []
    for contrast, title in CONTRASTS.items():
        here = [c for c in cells if (c.dropout, c.contrast) == (dropout, contrast)]
        if not here:
            continue
        lines.append(f"## {title}: {DROPOUT[dropout]}\n\n")
        lines.append(
            "Size in per cent, outside 4 to 6 in bold; power of both rules; P0 as above.\n\n"
        )
        head = ["ICC", "CAC", "People", *(SHORT[m] for m in METHODS)]
        head += ["Power keep", "cond.", "P0"]
        lines.append("| " + " | ".join(head) + " |\n|" + " --- |" * len(head) + "\n")
        lines += [_line(c) for c in here]
        lines.append("\n")
    return "".join(lines)


def _line(c: Pooled) -> str:
    sizes = [c.size_of(m) for m in METHODS]
    shown = [f"{s:.2f}" if TARGET[0] <= s <= TARGET[1] else f"**{s:.2f}**" for s in sizes]
    words = [c.icc, c.autocorrelation, c.size, *shown]
    words += [f"{c.power_of(m):.1f}" for m in RULES] + [f"{c.zero('any'):.0f}"]
    return "| " + " | ".join(words) + " |\n"


def _again(held: dict[str, float | str], cells: Sequence[Pooled]) -> str:
    trials = sum(c.trials for c in cells) // len(CONTRASTS)
    seconds = float(held["seconds"])
    return (
        "## Once more\n\n"
        "`analyses/size_of_tests/README.md` says how to run it. "
        f"Seed {held['seed']}; every cell and design has a stream of its own, so the counts do not "
        "depend on what ran when, or on how many at once. "
        f"{trials:,} trials took {seconds / 60:.0f} minutes of one processor "
        f"({1000 * seconds / float(held['trials']):.1f} ms a trial: drawing, two models and nine "
        f"tests of three contrasts), on a machine that did other work too, with Python "
        f"{held['python']}, numpy {held['numpy']} and scipy {held['scipy']}.\n\n"
        "## Limits\n\n"
        "Outcomes are normal, and the covariance of people is the same in both arms and practices. "
        "Loss does not depend on the outcome. There are always 7 and 8 practices. "
        "Practice-by-wave effects of different waves are independent, as the model has them.\n"
    )


if __name__ == "__main__":
    main()
