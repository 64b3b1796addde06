"""How old somebody must be to read a text with ease, by two published measures."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# A pupil of grade g of an American school is about g + 5 years old.
YEARS_BEFORE_SCHOOL = 5
MANY = 3  # syllables, from which a word counts as a hard one
SAMPLE = 30  # sentences to which SMOG counts
_NAME = "name"
_SENTENCE = re.compile(r"[.!?]+(?=\s|$)")
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?|\d[\d.,]*")
_VOWELS = re.compile(r"[aeiouy]+")
# Vowels that stand together and are said apart.
_APART = re.compile(
    r"(?<!l)ia(?!l)|ial(?=i)|iet|io(?!u|n)|iu|eo(?!u)|(?<!g)ua(?!r)|ue(?=n)|uou|creat(?!u)|eyo|"
    r"(?<=[^aeiouct])ien(?!d)|[bdgs]e?eing|[iy]ing|[hlprtv]ie(?:r|st)$|fier|oing"
)
_SILENT = re.compile(
    r"(?<=[^aeiouy])e$|(?<=[gq]u)es?$|(?<=[^aeioucsxzgh])es$|(?<=[^cgs]h)es$|(?<=[^aeioutd])ed$"
)
_LE = re.compile(r"[^aeiouy]les?$")
# A silent e in the middle of a word that is put together; "implement" is not such a word.
_COMPOUND = re.compile(
    r"(?<=[^aeiou])(?<!pl)(?<!cr)e(?=(?:ment|less|ness|ful|ly|where|thing|body|line|load|wise|ways|"
    r"time|what|day|pad)(?:s|ly)?$)"
)
_KNOWN = {
    "area": 3, "areas": 3, "business": 2, "create": 2, "evening": 2, "every": 2, "everybody": 4,
    "everyone": 3, "everything": 3, "idea": 3, "ideas": 3, "real": 1, "really": 2, "science": 2,
    "quiet": 2, "diet": 2, "people": 2, "sometimes": 2, "someone": 2, "something": 2,
    "somebody": 3, "therefore": 2, "anxiety": 4, "wednesday": 2, "usually": 4, "usual": 3,
    "unusual": 4, "actual": 3, "gradual": 3, "equal": 2, "being": 2, "social": 2, "special": 2,
    "reliable": 4, "trial": 2, "trials": 2, "client": 2, "clients": 2, "society": 4,
    "variety": 4, "experience": 4, "question": 2, "questions": 2, "questionnaire": 3,
    "questionnaires": 3, "wellbeing": 3, "one": 1, "ones": 1, "once": 1, "lone": 1, "lonely": 2,
    "loneliness": 3, "their": 1, "sure": 1, "able": 2, "used": 1, "caused": 1, "changed": 1,
    "closed": 1, "area's": 3, "minute": 2, "minutes": 2, "answered": 2, "recipe": 3,
    "measured": 2, "interval": 3, "hundred": 2, "hundreds": 2, "linear": 3, "anyone": 3,
    "beforehand": 3, "february": 4, "language": 2, "whoever": 3,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingAge:
    """How hard a text is.

    Attributes
    ----------
    sentences, words, syllables, hard_words : int
        Counts; hard words have three syllables or more.
    ease : float
        Flesch reading ease: the higher, the easier.
    grade : float
        Flesch-Kincaid grade of an American school.
    smog : float
        SMOG grade, of somebody who understands all of it.
    """

    sentences: int
    words: int
    syllables: int
    hard_words: int
    ease: float
    grade: float
    smog: float

    @property
    def years(self) -> float:
        """Reading age in years: that of the grade."""
        return self.grade + YEARS_BEFORE_SCHOOL


def measure(text: str | Iterable[str], *, names: Sequence[str] = ()) -> ReadingAge:
    """Return how hard a text is to read.

    Parameters
    ----------
    text : str or iterable of str
        Blocks of text; a sentence never runs from one into the next.
    names : sequence of str
        Names that the writer cannot choose, such as those of questionnaires. Each counts as one
        word of one syllable.

    Returns
    -------
    ReadingAge

    Raises
    ------
    ValueError
        There is not one word.

    Notes
    -----
    A number in digits counts as one word of one syllable, however it is said: digits are the
    plain way to write a number. As McLaughlin has it, a sentence ends with a full stop, a question
    mark or an exclamation mark; and here with its block.

    References
    ----------
    Kincaid, Fishburne, Rogers and Chissom 1975, Derivation of new readability formulas for Navy
    enlisted personnel, Research Branch Report 8-75 (grade). Flesch 1948, Journal of Applied
    Psychology 32:221 (ease). McLaughlin 1969, Journal of Reading 12:639 (SMOG).
    """
    blocks = (text,) if isinstance(text, str) else tuple(text)
    found = [s for block in blocks for s in _sentences(_without(block, names))]
    words = [word for sentence in found for word in sentence]
    if not words:
        raise ValueError("There is not one word to measure.")
    counts = [syllables(word) for word in words]
    hard = sum(n >= MANY for n in counts)
    long, heavy = len(words) / len(found), sum(counts) / len(words)
    return ReadingAge(
        sentences=len(found),
        words=len(words),
        syllables=sum(counts),
        hard_words=hard,
        ease=206.835 - 1.015 * long - 84.6 * heavy,
        grade=0.39 * long + 11.8 * heavy - 15.59,
        smog=1.0430 * math.sqrt(hard * SAMPLE / len(found)) + 3.1291,
    )


def syllables(word: str) -> int:
    """Return about how many syllables a word of English has; 1 for a number in digits."""
    plain = word.lower().replace("’", "'").removesuffix("'s")
    plain = plain.replace("'", "")
    if plain in _KNOWN:
        return _KNOWN[plain]
    if not plain.isalpha():
        return 1
    bare = _COMPOUND.sub("", plain.replace("qu", "q"))
    if not _LE.search(bare):
        bare = _SILENT.sub("", bare)
    groups = len(_VOWELS.findall(bare)) + len(_APART.findall(bare))
    return max(groups, 1)


def _without(text: str, names: Sequence[str]) -> str:
    """Put one short word in the place of every name, the longest first."""
    for name in sorted({n for n in names if n.strip()}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", _NAME, text, flags=re.IGNORECASE)
    return text


def _sentences(text: str) -> list[list[str]]:
    found = (_WORD.findall(part) for part in _SENTENCE.split(text))
    return [words for words in found if words]
