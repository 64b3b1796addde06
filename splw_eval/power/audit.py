"""What a study was planned to be, beside what it came to: never its observed power."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from splw_eval.core.result import Disclosure
from splw_eval.power.audit_words import AuditLine

if TYPE_CHECKING:
    import pandas as pd

    from splw_eval.core.plan import Plan
    from splw_eval.data import Study
    from splw_eval.power.audit_reached import Reached

NEVER = (
    "Observed power is not given, and never is: power worked out from the estimate that was found "
    "is the p-value told in another way, and says nothing of how large the study was. What a study "
    "can say is told by the precision it reached, and by the difference that its design detects."
)
ADJUSTED = (
    "What the design detects takes the score at the start as a covariate, where the plan gives its "
    "correlation: 1 less its square is taken off the variance of people and of practices alike."
)
UNPLANNED = "The plan has no [sample_size], so there is nothing to set beside what was reached."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DesignAudit:
    """The planned size of a study beside what was reached, with small numbers masked.

    Attributes
    ----------
    title : str
        Of the study.
    synthetic : bool
    lines : tuple of AuditLine
    notes : tuple of str
    disclosure : Disclosure
        The rule that counts were masked by.
    """

    title: str
    synthetic: bool
    lines: tuple[AuditLine, ...]
    notes: tuple[str, ...]
    disclosure: Disclosure

    @property
    def table(self) -> pd.DataFrame:
        """``quantity planned achieved conf_low conf_high masked sentence source`` of each line."""
        import pandas as pd

        names = [field.name for field in fields(AuditLine)]
        rows = [[getattr(line, name) for name in names] for line in self.lines]
        return pd.DataFrame(rows, columns=names)

    def line(self, quantity: str) -> AuditLine:
        """The line of one quantity.

        Raises
        ------
        KeyError
            There is none of that name.
        """
        for line in self.lines:
            if line.quantity == quantity:
                return line
        raise KeyError(quantity)

    def to_dict(self) -> dict[str, Any]:
        """In types that JSON knows, as printed by ``splw-eval power audit --json``."""
        return {
            "study": self.title,
            "synthetic": self.synthetic,
            "rows": [asdict(line) for line in self.lines],
            "notes": list(self.notes),
            "observed_power": None,
            "disclosure": {
                "profile": self.disclosure.profile,
                "rule": self.disclosure.rule,
                "reason": self.disclosure.reason,
            },
        }

    def __repr__(self) -> str:
        said = "\n".join(f"- {line.quantity}: {line.sentence}" for line in self.lines)
        return f"Design audit of {self.title}\n{said}"


def audit(study: Study) -> DesignAudit:
    """Set what was planned beside what was reached.

    Parameters
    ----------
    study : Study
        As `splw_eval.load_study` gives it.

    Returns
    -------
    DesignAudit
        Practices, people, variation of sizes, standard deviation, ICC with its interval, losses
        by wave and arm, the precision of the main question against the planned one and the MID,
        and the difference that the design detects. Every figure is made of masked results; a
        report masks more tables together and may hide more. Never observed power.
    """
    # What reads studies takes longer to load than a design to be worked out.
    from splw_eval.power.audit_reached import reached_of

    return audit_of(study.plan, reached_of(study))


def audit_of(plan: Plan, reached: Reached) -> DesignAudit:
    """Set what was planned beside what masked results say was reached.

    Parameters
    ----------
    plan : Plan
    reached : Reached
        As `reached_from` makes it of masked results.

    Returns
    -------
    DesignAudit
    """
    from splw_eval.power.audit_precision import precision_lines
    from splw_eval.power.audit_sizes import size_lines

    return DesignAudit(
        title=plan.title,
        synthetic=plan.synthetic,
        lines=(*size_lines(plan, reached), *precision_lines(plan, reached)),
        notes=tuple(_notes(plan, reached)),
        disclosure=reached.disclosure,
    )


def _notes(plan: Plan, reached: Reached) -> Iterator[str]:
    if plan.sample_size is None:
        yield UNPLANNED
    from splw_eval.power.audit_design import power_and_level

    power, alpha = power_and_level(plan)
    stated = plan.sample_size is not None and plan.sample_size.power is not None
    said = "as planned" if stated else "as is usual, since the plan names none"
    yield (
        f"Differences are detected with a power of {power:g} ({said}) by a two-sided test at level "
        f"{alpha:g}: noncentral t, rejections in the direction of the difference."
    )
    if plan.sample_size is not None and plan.sample_size.correlation is not None and plan.arms:
        yield ADJUSTED
    yield from reached.notes
    yield NEVER
