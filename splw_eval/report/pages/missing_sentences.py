"""Sentences about the answer under other assumptions about people who were lost."""

from __future__ import annotations

from splw_eval.core.missing_rows import LossPredictorRow, SensitivityRow, TippingRow
from splw_eval.core.plan import Outcome
from splw_eval.report import contrast_sentences as contrast
from splw_eval.report import sentences as say
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.numbers import number, percent

MAIN, COMPLETE, AT_RANDOM = "Main answer", "Complete cases", "MAR"
FAVOUR, AGAINST = "programme better", "programme worse"
HOLDS = "As the plan asks, assumptions and points hold only"  # how that note begins
Sensitivities = tuple[Entry[SensitivityRow], ...]
Tippings = tuple[Entry[TippingRow], ...]


def figure(value: float | None, outcome: Outcome) -> str:
    """Return an estimate with its sign."""
    return say.TOO_FEW if value is None else number(value, outcome.decimals, signed=True)


def span(evidence: Evidence, found: Sensitivities) -> str:
    """Say between which figures the answer moves, and by what the main one was.

    Parameters
    ----------
    evidence : Evidence
    found : tuple of Entry
        Rows of one comparison.

    Returns
    -------
    str
    """
    outcome, called = evidence.plan.primary, contrast.what(evidence)
    main = next((e.row for e in found if e.row.strategy == MAIN), None)
    others = [
        e.row.estimate for e in found if e.row.strategy != MAIN and e.row.estimate is not None
    ]
    who = f"{found[0].row.compared}, {say.small(found[0].row.when)}"
    if not others:
        return f"{who}: too few people were lost to show what the answer hangs on."
    low, high = figure(min(others), outcome), figure(max(others), outcome)
    runs = f"runs from {low} to {high} {outcome.unit}" if low != high else f"is {low}"
    runs += f" ({outcome.direction.partition('_')[0]} is better)"
    also = ""
    if main is not None and main.estimate is not None:
        also = f"; the main answer is {figure(main.estimate, outcome)}"
    tried = f"the {len(others)} other assumptions" if len(others) > 1 else "the other assumption"
    return f"{who}: under {tried} about people who were lost, the {called} {runs}{also}."


def certainty(found: Sensitivities) -> str:
    """Say how many of the intervals hold no difference, and how to read their widths."""
    told = [e.row for e in found if e.row.conf_low is not None and e.row.conf_high is not None]
    if not told:
        return contrast.NO_INTERVAL
    held = sum(1 for row in told if (row.conf_low or 0.0) <= 0 <= (row.conf_high or 0.0))
    if held == len(told):
        words = "Every 95% interval includes no difference."
    elif not held:
        words = "No 95% interval includes no difference."
    else:
        words = f"{held} of {len(told)} 95% intervals include no difference."
    if any(row.strategy != MAIN and row.clusters for row in told):
        words += (
            " All but the main one take practices as the units, which with few practices makes "
            "them wide: compare the figures, and not the widths with the main one's."
        )
    return words


def tip(evidence: Evidence, found: Tippings, main: SensitivityRow | None) -> tuple[str, ...]:
    """Say how much worse, or better, people lost must have done for another conclusion.

    Parameters
    ----------
    evidence : Evidence
    found : tuple of Entry
        Rows of one comparison.
    main : SensitivityRow or None

    Returns
    -------
    tuple of str
    """
    outcome = evidence.plan.primary
    first = next(e.row for e in found if not e.row.delta_programme and not e.row.delta_comparison)
    programme, _ = named(first.compared)
    if first.conclusion is None:
        return (f"{first.compared}: too few people were lost to show what would tip the answer.",)
    whom = f"people lost from {programme}{_after(evidence)} did"
    if first.conclusion == FAVOUR:
        return (_would(whom, first.better_until, outcome),)
    if first.conclusion == AGAINST:
        return (_would(whom, first.worse_from, outcome),)
    return (
        "The interval includes no difference before any point is added, so the answer is open "
        "already. " + _other_ways(whom, first, outcome),
        *_unlike_main(main),
    )


def _after(evidence: Evidence) -> str:
    """Whose scores the points are added to, where the plan asks for people who had left."""
    told = any(note.text.startswith(HOLDS) for note in evidence.of("tipping").notes)
    return " who had dropped out of the service" if told else ""


def named(compared: str) -> tuple[str, str]:
    """Return the programme and the comparison of ``A compared with B``."""
    programme, _, comparison = compared.partition(" compared with ")
    return programme, comparison


def _would(whom: str, points: float | None, outcome: Outcome) -> str:
    if points is None:
        return (
            f"The conclusion would not change whatever {whom}, up to the whole range of the score."
        )
    return f"The conclusion would change if {whom} {_points(points, outcome)} than those seen."


def _points(points: float, outcome: Outcome) -> str:
    """Points worse or better, with how often the MID that is."""
    size = abs(points)
    word = "worse" if points > 0 else "better"
    of_mid = ""
    if outcome.mid is not None:
        of_mid = f" ({number(size / outcome.mid.value, 1)} times the MID)"
    return f"{number(size, outcome.decimals)} {outcome.unit} {word}{of_mid}"


def _other_ways(whom: str, row: TippingRow, outcome: Outcome) -> str:
    """What would bring the interval wholly to one side, where anything within reach would."""
    better, worse = row.better_until, row.worse_from
    if better is not None and worse is not None:
        return (
            f"It would lie wholly on the programme's side if {whom} {_points(better, outcome)} "
            f"than those seen, and wholly against it if {_points(worse, outcome)}."
        )
    if better is not None:
        ways = f"wholly on the programme's side if {whom} {_points(better, outcome)}"
        return f"It would lie {ways} than those seen; nothing would turn it wholly against."
    if worse is not None:
        ways = f"wholly against the programme if {whom} {_points(worse, outcome)}"
        return f"It would lie {ways} than those seen; nothing would turn it wholly for."
    return f"It would do so whatever {whom}, up to the whole range of the score."


def _unlike_main(main: SensitivityRow | None) -> tuple[str, ...]:
    if main is None or main.conf_low is None or main.conf_high is None:
        return ()
    if main.conf_low <= 0 <= main.conf_high:
        return ()
    return (
        "The interval of the main answer excludes no difference. This one, of filled-in scores "
        "with practices as the units, includes it before any point is added, so it is the more "
        "cautious of the two.",
    )


def shares(evidence: Evidence) -> str:
    """Say how many per cent of each group are missing at the wave of the main question."""
    wave = evidence.answer_wave
    rows = [e.row for e in entries(evidence.of("loss_practices")) if e.row.wave == wave.name]
    parts = [
        f"{row.arm}: {say.TOO_FEW if row.share_missing is None else percent(row.share_missing)}"
        for row in rows
    ]
    return f"Missing at {say.small(wave.title)}: {'; '.join(parts)}." if parts else ""


def stood_out(found: tuple[Entry[LossPredictorRow], ...]) -> str:
    """Name what went with being lost, where an interval excludes a ratio of 1."""
    told = [e.row for e in found if e.row.conf_low is not None and e.row.conf_high is not None]
    if not told:
        return "No ratio can be shown of anything that may have gone with being lost."
    more = [_named(row) for row in told if (row.conf_low or 0.0) > 1]
    less = [_named(row) for row in told if (row.conf_high or 0.0) < 1]
    if not more and not less:
        return (
            f"Of {len(told)} characteristics and levels looked at, none stood out: every interval "
            "includes a ratio of 1."
        )
    parts = [
        *([f"{_joined(more)} were lost more often"] if more else []),
        *([f"{_joined(less)} were lost less often"] if less else []),
    ]
    joined = ", and ".join(parts)
    return (
        f"Of {len(told)} characteristics and levels looked at, {joined}. The intervals of the "
        "others include a ratio of 1."
    )


def _joined(kinds: list[str]) -> str:
    return "; ".join(f"people {kind}" for kind in kinds)


def _named(row: LossPredictorRow) -> str:
    level = row.level
    if level.startswith("One standard deviation"):
        return f"with higher figures in {row.characteristic}"
    if row.characteristic == "Group":
        mine, against, other = level.partition(", against ")
        return f"in the group {mine}" + (f" (against {other})" if against else "")
    return f"with {row.characteristic}: {level}"
