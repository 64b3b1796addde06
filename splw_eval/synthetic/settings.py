"""What a synthetic programme is made of: sizes, effects, ICCs and losses, checked together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from splw_eval.core.errors import SplwError
from splw_eval.synthetic.questionnaires import QUESTIONNAIRES

ARMS = ("programme", "comparison")
# In SDs of each score at baseline; positive is better. Modest for wellbeing, nothing for
# health-related quality of life, as in the one cluster trial of link workers.
EFFECTS: Mapping[str, float] = MappingProxyType(
    {
        "swemwbs": 0.2,
        "eq5d_5l": 0.0,
        "eq_vas": 0.0,
        "phq9": 0.1,
        "ons4_satisfaction": 0.15,
        "ons4_worthwhile": 0.15,
        "ons4_happy": 0.1,
        "ons4_anxiety": 0.05,
        "ucla3": 0.1,
    }
)
# Share without any questionnaire, by month, in the programme arm and in the comparison arm.
_USUAL_LOSS = ((0.0, 3.0, 12.0, 18.0), (0.10, 0.20, 0.30, 0.50), (0.06, 0.07, 0.13, 0.20))
_FEWEST_PEOPLE, _MOST_PEOPLE = 5, 2_000_000
_LONGEST = 120
_AT_LEAST_TWO = 2

Shares = tuple[float, ...]
Sizes = float | tuple[int, ...]  # a mean, or the size of each practice


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that decides a synthetic programme; `programme` says what each is.

    Attributes
    ----------
    seed : int
    practices : tuple of int
        Practices of the programme and of the comparison arm.
    people : tuple of float or of tuple of int
        For each arm the mean number of people a practice, or the number in each.
    size_cv, icc, worker_icc, cac, correlation : float
    effect : mapping of str to float
        By outcome, in SDs of its score at baseline.
    dropout : mapping of str to tuple of float
        By arm, share without a questionnaire at each follow-up wave.
    intermittent, never_start, item_missing : float
    waves : tuple of float
        Months after time zero.
    """

    seed: int
    practices: tuple[int, int]
    people: tuple[Sizes, Sizes]
    size_cv: float
    icc: float
    worker_icc: float
    cac: float
    correlation: float
    effect: Mapping[str, float]
    dropout: Mapping[str, Shares]
    intermittent: float
    never_start: float
    item_missing: float
    waves: tuple[float, ...]

    @property
    def follow_up(self) -> tuple[float, ...]:
        """Months of the waves after baseline."""
        return self.waves[1:]


def usual_dropout(waves: Sequence[float]) -> dict[str, Shares]:
    """Share without a questionnaire at each follow-up wave, by arm.

    Parameters
    ----------
    waves : sequence of float
        Months, baseline included.

    Returns
    -------
    dict of str to tuple of float
        On straight lines between 20, 30 and 50 per cent at months 3, 12 and 18 in the
        programme arm (a planning rule for research) and 7, 13 and 20 in the comparison arm.
    """
    months = _USUAL_LOSS[0]
    return {
        arm: tuple(round(_between(months, lost, month), 3) for month in waves[1:])
        for arm, lost in zip(ARMS, _USUAL_LOSS[1:], strict=True)
    }


def _between(months: Shares, lost: Shares, month: float) -> float:
    for i in range(1, len(months)):
        if month <= months[i]:
            part = (month - months[i - 1]) / (months[i] - months[i - 1])
            return lost[i - 1] + part * (lost[i] - lost[i - 1])
    return lost[-1]


def usual_effect(effect: Mapping[str, float] | float | None) -> dict[str, float]:
    """Effect on every outcome: those given, the same on all, or the usual ones."""
    if effect is None:
        return dict(EFFECTS)
    if isinstance(effect, Mapping):
        return {**dict.fromkeys(QUESTIONNAIRES, 0.0), **effect}
    return dict.fromkeys(QUESTIONNAIRES, float(effect))


def check(settings: Settings) -> None:
    """Stop where the settings describe no programme that could be.

    Raises
    ------
    SplwError
        With everything that is wrong.
    """
    wrong = [*_sizes(settings), *_shares(settings), *_times(settings), *_names(settings)]
    if wrong:
        raise refusal(wrong)


def refusal(wrong: Sequence[str]) -> SplwError:
    """Say everything that is wrong with what was asked of `programme`."""
    return SplwError(
        "No programme can be made of this: " + "; ".join(wrong) + ".",
        where="splw_eval.synthetic.programme.",
        remedy="Change what is named and call it again.",
    )


def _sizes(its: Settings) -> list[str]:
    wrong = []
    if its.seed < 0:
        wrong.append("seed must be 0 or more")
    if min(its.practices) < 1:
        wrong.append("practices must be at least 1 in each arm")
    for arm, size, practices in zip(ARMS, its.people, its.practices, strict=True):
        if isinstance(size, tuple):
            if len(size) != practices:
                wrong.append(f"people gives {len(size)} sizes for {practices} {arm} practices")
            if min(size, default=0) < 1:
                wrong.append(f"a {arm} practice must have at least 1 person")
        elif not _FEWEST_PEOPLE <= size <= _MOST_PEOPLE:
            wrong.append(
                f"people must be {_FEWEST_PEOPLE} to {_MOST_PEOPLE:,} a {arm} practice on average"
            )
    if not 0 <= its.size_cv <= 1:
        wrong.append("size_cv must be 0 to 1")
    return wrong


def _shares(its: Settings) -> list[str]:
    wrong = [
        f"{name} must be 0 or more and below {limit:g}"
        for name, limit in {
            "icc": 0.5,
            "worker_icc": 0.5,
            "intermittent": 0.5,
            "never_start": 0.5,
            "item_missing": 0.5,
        }.items()
        if not 0 <= getattr(its, name) < limit
    ]
    wrong += [f"{name} must be 0 to 1" for name in ("cac",) if not 0 <= getattr(its, name) <= 1]
    if not 0 <= its.correlation <= 0.65:  # noqa: PLR2004 - the least reliable score allows no more
        wrong.append("correlation must be 0 to 0.65: the items are not reliable enough for more")
    return wrong


def _times(its: Settings) -> list[str]:
    waves = its.waves
    rising = all(later >= earlier + 1 for earlier, later in pairwise(waves))
    if len(waves) < _AT_LEAST_TWO or waves[0] != 0 or not rising or waves[-1] > _LONGEST:
        return [f"waves must begin with 0 and rise by 1 month or more, to {_LONGEST} at most"]
    wrong, least = [], 1 - (1 - its.never_start) * (1 - its.intermittent)
    for arm in ARMS:
        lost = its.dropout.get(arm, ())
        if len(lost) != len(its.follow_up):
            wrong.append(f"dropout needs one share for each wave after baseline in the {arm} arm")
        elif min(lost) < least or max(lost) >= 1 or list(lost) != sorted(lost):
            wrong.append(
                f"dropout of the {arm} arm must rise, from at least {least:.3f} (who never start"
                " or miss a wave) to below 1"
            )
    return wrong


def _names(its: Settings) -> list[str]:
    unknown = [name for name in its.effect if name not in QUESTIONNAIRES]
    wrong = [
        f"effect knows {', '.join(QUESTIONNAIRES)}, not {', '.join(map(str, unknown))}"
    ] * bool(unknown)
    if any(abs(effect) > 1 for effect in its.effect.values()):
        wrong.append("an effect is in SDs and must lie between -1 and 1")
    return wrong
