"""What is assumed of people who were lost, in words, and what a reader must know of all of it."""

from __future__ import annotations

from collections.abc import Iterator

from splw_eval.core.result import Note
from splw_eval.missing.reported.filled import Filled

SOURCES = (
    "Carpenter, Roger & Kenward 2013, J Biopharm Stat 23:1352",
    "Barnard & Rubin 1999, Biometrika 86:948",
    "Cro, Morris, Kenward & Carpenter 2020, Stat Med 39:2815",
)
HELD = (
    "Each line is an assumption, not a finding: the scores that are missing cannot choose. Look "
    "how far the figure moves, not whether one interval holds no difference."
)
CHOSEN_HERE = (
    "The plan has no [missing], so these assumptions were not chosen beforehand: they are the "
    "ones that the package tries."
)
LITTLE_KNOWN = (
    "Some intervals have fewer than 4 degrees of freedom, as practices are few or unlike in size: "
    "these are hardly to be trusted."
)
NOBODY_LOST = "nobody was lost at this wave, so there is nothing to assume."
_ASSUMED = {
    "Main answer": "as people alike in group and scores at other waves, by one model of all waves",
    "Complete cases": "only those with a score at the start and then",
    "MAR": "as people alike in {alike}",
    "J2R": "{programme}: from then on as people of {comparison} (jump to reference)",
    "CIR": "{programme}: keep the gain so far, then go on as {comparison} (copy increments)",
    "CR": "{programme}: as though of {comparison} from the start (copy reference)",
    "LMCF": "{programme}: stay at the mean of when they were last seen (last mean carried)",
}
_CHANGES = (
    "Chance did not form the groups, so changes from the start are compared, as in the main "
    "answer. The start is not held equal, which would ask another question."
)
_ADJUSTED = "Groups are compared by least squares, allowing for the score at the start{strata}."
_ERRORS = (
    "Practices are the units: CR2 errors, and Satterthwaite's degrees of freedom as those of "
    "complete data. Filled-in sets are pooled by Rubin's rules with the degrees of freedom of "
    "Barnard and Rubin. Under assumptions that refer to the other group these errors are wide "
    "rather than narrow."
)
_PEOPLE = (
    "No practices are known, so people count as independent of each other. Filled-in sets are "
    "pooled by Rubin's rules with the degrees of freedom of Barnard and Rubin."
)
_RANGE = (
    "Filled-in scores outside the range of the questionnaire are kept: they serve a mean and are "
    "nobody's score, and moving them to the ends would draw the groups together and make errors "
    "too small."
)
_DIED = (
    "Somebody who died is filled in like anybody else who was lost, unless the plan's files leave "
    "them out."
)


def assumed(strategy: str, groups: tuple[str, str], *, practices: bool, helps: bool) -> str:
    """Say what a strategy takes people lost to be.

    Parameters
    ----------
    strategy : str
    groups : tuple of str
        The comparison and the programme.
    practices : bool
        Whether practices are known.
    helps : bool
        Whether other columns of the plan help to fill scores in.

    Returns
    -------
    str
    """
    known = ["group", *(["practice"] if practices else []), "scores at other waves"]
    *most, last = [*known, *(["what else helps"] if helps else [])]
    alike = f"{', '.join(most)} and {last}"
    words = _ASSUMED[strategy].replace("{alike}", alike)
    return words.replace("{programme}", groups[1]).replace("{comparison}", groups[0])


def shared_notes(filled: Filled) -> Iterator[Note]:
    """Give how scores were filled in and compared.

    Parameters
    ----------
    filled : Filled

    Yields
    ------
    Note
        Counts of people stand apart from the words.
    """
    if filled.left is not None:
        yield filled.left.note
    draws = filled.draws
    yield Note(
        text=f"Missing scores were drawn {draws.imputations} times from a normal model of all "
        f"waves within each group, practices as random effects where they are known (Gibbs "
        f"sampling, seed {draws.seed}). Every assumption uses the same draws."
    )
    strata = " and the strata of the allocation" if filled.strata is not None else ""
    adjusted = _CHANGES if filled.change else _ADJUSTED.replace("{strata}", strata)
    yield Note(text=adjusted)
    yield Note(text=_ERRORS if draws.data.practice is not None else _PEOPLE)
    yield Note(text=_RANGE)
    yield Note(text=_DIED)
    yield from filled.notes
