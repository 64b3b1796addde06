"""What a plan declares for the reader: delivery, words, governance."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, NonNegativeFloat, PositiveFloat, model_validator

from splw_eval.core.plan.measurement import Text
from splw_eval.core.plan.section import Section

Range = tuple[NonNegativeFloat, NonNegativeFloat]


class PlannedSupport(Section):
    """How much support one person was meant to get, so that it can be set beside what they got."""

    contacts: Range | None = None
    """Fewest and most attended contacts, such as `[6, 12]`."""
    minutes: Range | None = None
    """Fewest and most minutes of one contact, such as `[30, 60]`."""
    weeks: PositiveFloat | None = None
    """Most weeks from the first contact to the last."""

    @property
    def span(self) -> tuple[float, float] | None:
        """Fewest and most weeks."""
        return None if self.weeks is None else (0.0, self.weeks)

    @model_validator(mode="after")
    def _fewest_come_first(self) -> Self:
        for name in ("contacts", "minutes"):
            ends = getattr(self, name)
            if ends is not None and ends[0] > ends[1]:
                raise ValueError(f"planned {name}: write the fewest first, then the most")
        return self


class Tidier(Section):
    """What the link workers did, under the twelve headings of TIDieR."""

    name: Text | None = None
    """What the programme is called."""
    why: Text | None = None
    """Why it should help."""
    materials: Text | None = None
    """Leaflets, forms, software and other things used."""
    procedures: Text | None = None
    """What link workers do with a person, step by step."""
    who_provided: Text | None = None
    """Background and training of the link workers."""
    how: Text | None = None
    """Face to face, by telephone, alone or in groups."""
    where: Text | None = None
    """Where it happens."""
    when_and_how_much: Text | None = None
    """How many contacts, how long, over which time."""
    tailoring: Text | None = None
    """What is fitted to the person, and how."""
    modifications: Text | None = None
    """What changed during the study."""
    fidelity_planned: Text | None = None
    """How it was to be seen whether it was done as planned."""
    fidelity_actual: Text | None = None
    """How far it was done as planned."""
    planned: PlannedSupport | None = None
    """Numbers of the plan: they are set beside the contact log."""


class Vocabulary(Section):
    """Which words the files use for which standard terms."""

    version: Text | None = None
    """Version or date of the words given here; a file states its own."""
    file: Text | None = None
    """Vocabulary of the study, a TOML file in the plan's folder; `splw-eval new` writes one."""
    terms: Annotated[dict[str, dict[str, str]], Field(default_factory=dict)]
    """By list of the vocabulary, `[vocabulary.terms.mode]`: local word on the left, standard
    term on the right. It wins over the package's own words."""


class Governance(Section):
    """Registration, money, people involved, and what changed."""

    kind: Literal["research", "service_evaluation"] | None = None
    """What the work is in law: research or service evaluation."""
    registration: Text | None = None
    """Where the study or protocol is registered."""
    funding: Text | None = None
    """Who paid."""
    ppi: Text | None = None
    """How patients and the public were involved."""
    deviations: tuple[str, ...] = ()
    """What was done otherwise than planned, and why."""


class DisclosureRules(Section):
    """How small numbers are kept out of every output."""

    profile: Literal["nhs", "n10", "public_data"] = "nhs"
    """`nhs`: counts 1-7 suppressed, others rounded to 5. `n10`: below 10 suppressed."""
    reason: Text | None = None
    """Why exact counts may be shown; needed for `public_data`, stamped on every page."""

    @model_validator(mode="after")
    def _exact_counts_need_a_reason(self) -> Self:
        if self.profile == "public_data" and not self.reason:
            raise ValueError("profile public_data shows exact counts and needs a reason")
        return self
