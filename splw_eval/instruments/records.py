"""An instrument and its scores, as frozen records: what was asked, how it counts, what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from splw_eval.instruments.formula import STRICT, Formula
from splw_eval.instruments.meanings import Bands, Difference, Flag, Name, Norm, Status, Text

Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]*$", max_length=40)]
Direction = Literal["higher_is_better", "lower_is_better"]
Access = Literal["open", "register", "licence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something that the scoring asks.

    Attributes
    ----------
    meaning : str
        The question, in words.
    kind : str
        ``choice`` (one of `choices`); ``flag`` (true or false, for all rows or row by row);
        ``codes`` (answers outside the codes that have a meaning of their own); ``file`` (path
        of the user's own table).
    choices : mapping of str to str
        Of ``choice``: each word with what it means.
    default : str
        Choice where nothing is said; empty where there is none.
    required : bool
        Nothing is scored until it is said.
    leaves_out : tuple of str
        Of ``flag``: items that do not count where it is true.
    counts_as : int or None
        Of ``codes``: the answer that such codes count as; None where they count as unanswered.
    items : tuple of str
        Of ``codes``: items that may hold them; empty for all.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    meaning: Text
    kind: Literal["choice", "flag", "codes", "file"] = "choice"
    choices: Mapping[Name, Text] = field(default_factory=dict)
    default: str = ""
    required: bool = False
    leaves_out: tuple[str, ...] = ()
    counts_as: int | None = None
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What is otherwise where an option has one of its choices.

    Attributes
    ----------
    option, choice : str
    formula : Formula or None
        The formula with the changes.
    changes : tuple of str
        Keys of the formula that differ.
    missing_rule, missing_status : str
        In place of the score's, where given.
    codes : (int, int) or None
        Of a whole instrument: lowest and highest answer.
    status : str or None
        ``recalled`` where that choice was not checked though the instrument was.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    option: Text
    choice: Text
    formula: Formula | None = None
    changes: tuple[str, ...] = ()
    missing_rule: str = ""
    missing_status: Status | None = None
    codes: tuple[int, int] | None = None
    status: Status | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One score of an instrument.

    Attributes
    ----------
    name, title : str
    items : tuple of str
        Items that it is made of.
    range : (float, float)
        Lowest and highest possible score.
    direction : str
        Which end of the range is the better one.
    step : float
        Smallest difference between two scores.
    decimals : int
        Decimals printed.
    missing_rule, missing_status : str
        What happens where items are missing, and whether that was checked at its source.
    formula : Formula
    variants : tuple of Variant
        Formulas that an option chooses.
    may_be_given : bool
        A ready-made score, in a column of the score's name, may stand in place of items.
    categories : mapping of str to str
        Name of each score, where the numbers are only names.
    bands : tuple of Bands
        The first set that holds is the one that `score` adds.
    differences : tuple of Difference
        Empty where none is established.
    norms : tuple of Norm
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: Name
    title: Text
    items: Annotated[tuple[str, ...], Field(min_length=1)]
    range: tuple[float, float]
    direction: Direction
    step: Annotated[float, Field(gt=0)] = 1.0
    decimals: Annotated[int, Field(ge=0, le=4)] = 1
    missing_rule: Text
    missing_status: Status
    formula: Formula
    variants: tuple[Variant, ...] = ()
    may_be_given: bool = False
    categories: Mapping[str, Text] = field(default_factory=dict)
    bands: tuple[Bands, ...] = ()
    differences: tuple[Difference, ...] = ()
    norms: tuple[Norm, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A questionnaire: its items are keys without any wording.

    Attributes
    ----------
    name, title : str
    items : tuple of str
        Keys of the items, in order.
    codes : (int, int) or None
        Lowest and highest answer; None where scores only are accepted.
    item_codes : mapping of str to (int, int)
        Of items that differ from `codes`.
    words : mapping of str to mapping of str to int
        Text that an item may hold in place of a code.
    optional : tuple of str
        Items whose column may be absent; scores of such items alone are then left out.
    scores : tuple of Score
    options : mapping of str to Option
    variants : tuple of Variant
        Codes that an option chooses.
    flags : tuple of Flag
    status : str
        ``checked``: the scoring was run against outside code or data, or read in a named
        source. ``recalled``: written from general knowledge.
    recalled : tuple of str
        What exactly is recalled, also where the scoring itself is checked.
    licence : str
    access : str
        ``open``, ``register`` (register or ask first) or ``licence`` (payment or a signed licence).
    warning : str
        What must be said beside every result; empty for most.
    sources : tuple of str
    score_only : bool
        Ready-made scores only: nobody may score the items, or they are not known.
    own : bool
        Read from the user's folder.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: Name
    title: Text
    items: Annotated[tuple[Key, ...], Field(min_length=1)]
    codes: tuple[int, int] | None = None
    item_codes: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    optional: tuple[str, ...] = ()
    scores: Annotated[tuple[Score, ...], Field(min_length=1)]
    options: Mapping[Name, Option] = field(default_factory=dict)
    variants: tuple[Variant, ...] = ()
    flags: tuple[Flag, ...] = ()
    status: Status
    recalled: tuple[Text, ...] = ()
    licence: Text
    access: Access
    warning: str = ""
    sources: Annotated[tuple[Text, ...], Field(min_length=1)]
    score_only: bool = False
    own: bool = False

    def score(self, name: str) -> Score:
        """Return a score by its name."""
        return next(score for score in self.scores if score.name == name)
