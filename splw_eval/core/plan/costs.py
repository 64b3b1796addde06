"""What use of services and the programme cost, in the user's own prices; nothing is shipped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import InitErrorDetails

from splw_eval.core.plan.measurement import Text
from splw_eval.core.plan.section import Section

Year = Annotated[int, Field(ge=1950, le=2100)]
MOST_MONTHS = 36
SALARIES = ("salary", "on_costs")  # of which an hour's price is made too


class ServiceUseRules(Section):
    """How use of services is read off the table of months."""

    absent_rows: Literal["not_known", "zero"] = "not_known"
    """What a month without a row means. `zero`: the table holds rows only for months with some
    use, so a month without one had none. `not_known`: the month is left out."""
    months_before: Annotated[int, Field(ge=1, le=MOST_MONTHS)] = 12
    """Months before that of time zero that are looked at."""
    months_after: Annotated[int, Field(ge=1, le=MOST_MONTHS)] = 12
    """Months after that of time zero that are looked at."""
    found_by_use: bool | None = None
    """Whether people were found because they used services much. What is high when people are
    found falls back by itself. Left out, it counts as not known."""


class Priced(Section):
    """One price, and where it comes from."""

    value: Annotated[float, Field(ge=0)]
    """The price, in the currency of the section."""
    source: Text
    """Where the price comes from: the record, list or account, and its date."""
    price_year: Year | None = None
    """Year of the price. One of another year than the section's is refused: bring it to that year
    first, and say how in the source."""
    pays: Text | None = None
    """Who pays."""


class UnitCosts(Section):
    """Prices of one contact, one stay or one hour."""

    gp_contact: Priced | None = None
    """One contact with the practice."""
    emergency: Priced | None = None
    """One attendance at an emergency department."""
    admission: Priced | None = None
    """One emergency admission."""
    prescription: Priced | None = None
    """One item prescribed."""
    link_worker_hour: Priced | None = None
    """One paid hour of a link worker."""


class ProgrammeCosts(Section):
    """What running the programme cost in all, part by part."""

    salary: Priced | None = None
    """Salaries of link workers."""
    on_costs: Priced | None = None
    """Pensions, insurance and other costs of employment."""
    supervision: Priced | None = None
    """Supervision of link workers."""
    training: Priced | None = None
    """Training of link workers."""
    management: Priced | None = None
    """Management and administration."""
    platform: Priced | None = None
    """Software and its licences."""
    premises: Priced | None = None
    """Rooms, telephones and equipment."""
    travel: Priced | None = None
    """Travel of link workers."""
    onward: Priced | None = None
    """What community groups and charities spent on people sent to them."""
    set_up: Priced | None = None
    """What was spent once, at the start."""
    other: Priced | None = None
    """Anything else."""


class Costs(Section):
    """Prices that the user gives, and from whose side costs are counted."""

    currency: Text
    """Currency of every price, as it is to be printed: `GBP`."""
    price_year: Year
    """Year of every price."""
    perspective: Text
    """From whose side costs are counted: for example, the health service."""
    discount_rate: Annotated[float, Field(ge=0, lt=1)] | None = None
    """Part by which what comes a year later counts less: 0.05 is 5 per cent. Needed where the
    horizon is longer than 12 months."""
    horizon: Text | None = None
    """Wave up to which costs and quality of life are counted. Left out, the last wave within 12
    months."""
    qaly_outcome: Text | None = None
    """Name of the outcome that values health from 1, full health, to 0, as bad as death. Left out,
    the first index of an EQ-5D."""
    value_per_qaly: Annotated[
        tuple[Annotated[float, Field(gt=0, strict=True)], ...], Field(strict=False)
    ] = ()
    """What whoever decides would pay for one year in full health (QALY), rising. Left out, no
    chance of being worth it is worked out."""
    overhead_ratio: Annotated[float, Field(ge=0)] | None = None
    """Hours of other work that a link worker needs for each hour of contact; with
    `link_worker_hour`."""
    programme_people: Annotated[int, Field(ge=1)] | None = None
    """How many referred people the sums of `[costs.programme]` were spent on. Left out, those
    referred in this study."""
    unit: UnitCosts = UnitCosts()
    programme: ProgrammeCosts = ProgrammeCosts()

    @model_validator(mode="wrap")
    @classmethod
    def _every_fault_at_once(cls, given: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Tell what does not agree together with what is missing or malformed."""
        faults = list(_faults(given)) if isinstance(given, Mapping) else []
        try:
            made = handler(given)
        except ValidationError as error:
            if not faults:
                raise
            raise ValidationError.from_exception_data(
                error.title, [*map(_again, error.errors()), _told(faults, given)]
            ) from None
        if faults:
            raise ValueError("\n".join(faults))
        return made

    def unit_prices(self) -> Iterator[tuple[str, Priced]]:
        """Prices of one contact, stay or hour that were given, by name."""
        yield from _given(self.unit)

    def programme_parts(self) -> Iterator[tuple[str, Priced]]:
        """Sums spent on the programme that were given, by name."""
        yield from _given(self.programme)


def _given(section: Section) -> Iterator[tuple[str, Priced]]:
    for name in type(section).model_fields:
        priced = getattr(section, name)
        if priced is not None:
            yield name, priced


def _again(error: Any) -> InitErrorDetails:
    return InitErrorDetails(
        type=error["type"], loc=error["loc"], input=error["input"], ctx=error.get("ctx", {})
    )


def _told(faults: list[str], given: Any) -> InitErrorDetails:
    problem = ValueError("\n".join(faults))
    return InitErrorDetails(type="value_error", loc=(), input=given, ctx={"error": problem})


def _faults(given: Mapping[str, Any]) -> Iterator[str]:
    """What does not agree, read before anything else may be found wrong."""
    parts = {name: given.get(name) for name in ("unit", "programme")}
    held = {
        (section, key): price
        for section, prices in parts.items()
        if isinstance(prices, Mapping)
        for key, price in prices.items()
    }
    if not held:
        yield "[costs]: no price is given; add [costs.unit] or [costs.programme], or leave it out"
    yield from _other_years(given.get("price_year"), held)
    yield from _twice(given, held)
    asked = given.get("value_per_qaly")
    values = [x for x in asked if isinstance(x, int | float)] if isinstance(asked, list) else []
    if sorted(set(values)) != values:
        yield "[costs] value_per_qaly: must rise from one to the next"


def _other_years(year: Any, held: Mapping[tuple[str, str], Any]) -> Iterator[str]:
    for (section, key), price in held.items():
        own = price.get("price_year") if isinstance(price, Mapping) else None
        if own is not None and year is not None and own != year:
            yield (
                f"[costs.{section}.{key}] price_year: {own}, and [costs] has {year}; prices of "
                "several years cannot be added up, so bring them to one"
            )


def _twice(given: Mapping[str, Any], held: Mapping[tuple[str, str], Any]) -> Iterator[str]:
    hour = ("unit", "link_worker_hour") in held
    both = [name for name in SALARIES if ("programme", name) in held]
    if hour and both:
        yield (
            f"[costs.programme] {', '.join(both)}: an hour of a link worker has a price in "
            "[costs.unit] already, so salaries would count twice; leave one of them out"
        )
    if hour and given.get("overhead_ratio") is None:
        yield (
            "[costs] overhead_ratio: is missing; link_worker_hour needs the hours of other work "
            "for each hour of contact, 0 if the hours hold all work"
        )
    if not hour and given.get("overhead_ratio") is not None:
        yield "[costs] overhead_ratio: goes with link_worker_hour in [costs.unit]; give both"
    sums = any(section == "programme" for section, _ in held)
    if given.get("programme_people") is not None and not sums:
        yield "[costs] programme_people: goes with the sums of [costs.programme]; none is given"
