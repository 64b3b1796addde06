"""The vocabulary: words of the files and the standard terms that they stand for."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError

from splw_eval.core.findings import Severity
from splw_eval.core.plan import Plan, suggestion
from splw_eval.core.plan.measurement import Text
from splw_eval.core.plan.section import Section
from splw_eval.data.ledger import Ledger
from splw_eval.data.parse import each
from splw_eval.data.sheet import Cells

VOCABULARY_LIMIT_BYTES = 2_000_000  # a list of words; more is a data file named by mistake
UNMAPPED = "not in the vocabulary"  # stands for a word that may be free text about somebody
_PARTS = re.compile(r"[\s_\-\u2013\u2014/.,:;]+")
_NUMBER = re.compile(r"[+-]?[\d.]+")  # of a number, every mark counts: -1 is not 1
_Words = dict[str, dict[str, str]]  # list, word as compared, standard term


class Code(Section):
    """One clinical code."""

    code: Text
    """The code itself."""
    meaning: Text
    """What it stands for."""
    event: Literal["offered", "declined", "referred"]
    """Step of an episode that it marks."""
    status: Literal["verified", "unverified"]
    """Whether it was read in the source."""
    source: Text
    """Where it comes from."""


class _File(Section):
    version: Text
    terms: Annotated[dict[str, dict[str, tuple[str, ...]]], Field(default_factory=dict)]
    cusp: Annotated[dict[str, str], Field(default_factory=dict)]
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Standard terms by list, with every word known for each.

    Attributes
    ----------
    version : str
        Of the package's list, then of the study's own, where it has one.
    terms : mapping of str to tuple of str
        Standard terms of each list, in reading order.
    words : mapping of str to mapping of str to str
        Of each list: standard term by word, the word as `plainly` writes it.
    cusp : mapping of str to str
        Word of the Common Understanding of Social Prescribing by our own.
    codes : tuple of Code
    sha256 : str
        Digest of the study's own file; empty where it has none.
    """

    version: str
    terms: Mapping[str, tuple[str, ...]]
    words: Mapping[str, Mapping[str, str]]
    cusp: Mapping[str, str]
    codes: tuple[Code, ...]
    sha256: str = ""

    def standard(self, name: str, cells: Cells) -> Cells:
        """Return the standard term of each word of a list, shape (n,).

        Empty text stays empty; a word that the list does not know becomes `UNMAPPED`.
        """
        known = self.words[name]

        def term(cell: str) -> str:
            return known.get(plainly(cell), UNMAPPED) if cell else ""

        return each(cells, term, object)

    def yes_no(self, cells: Cells) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return 1, 0 or NaN for each cell, and whether it is a word that is neither."""
        terms = self.standard("yes_no", cells)
        value = np.full(len(cells), np.nan)
        value[terms == "yes"], value[terms == "no"] = 1.0, 0.0
        return value, terms == UNMAPPED


def plainly(word: str) -> str:
    """Return a word as it is compared: no capitals, one space for each run of marks."""
    if _NUMBER.fullmatch(word.strip()):
        return word.strip()
    return _PARTS.sub(" ", word.casefold().replace("&", " and ")).strip()


def vocabulary_text() -> str:
    """Return the vocabulary as the TOML file that ships with the package."""
    return files("splw_eval.data").joinpath("vocabulary.toml").read_text(encoding="utf-8")


@cache
def standard_vocabulary() -> Vocabulary:
    """Return the vocabulary that ships with the package."""
    said = _File.model_validate(_lists_as_tuples(tomllib.loads(vocabulary_text())))
    words, doubles = _words_of(said)
    if doubles:
        raise ValueError(f"These words of vocabulary.toml map two ways: {doubles}.")
    return Vocabulary(
        version=said.version,
        terms={name: tuple(terms) for name, terms in said.terms.items()},
        words=words,
        cusp=said.cusp,
        codes=said.codes,
    )


def read_vocabulary(plan: Plan, folder: Path, ledger: Ledger) -> Vocabulary:
    """Read the words of a study over those of the package.

    Parameters
    ----------
    plan : Plan
        Its ``[vocabulary]``: a file, words, or neither.
    folder : Path
        The plan's folder; the file may not lie outside it.
    ledger : Ledger
        Gets a file that cannot be used, unknown lists and terms, and words that map two ways.

    Returns
    -------
    Vocabulary
        The package's, with the study's words in front where they are sound.
    """
    ours, own = standard_vocabulary(), plan.vocabulary
    if own is None:
        return ours
    said, digest = (None, "") if own.file is None else _read(folder, own.file, ledger)
    from_file: _Words = {}
    if said is not None:
        from_file, doubles = _words_of(said)
        _check_terms(said.terms, ours, f"{own.file}", ledger)
        _report_doubles(doubles, f"{own.file}", ledger)
    from_plan = _words_of_plan(own.terms, ours, from_file, ledger)
    words = {
        name: {**known, **from_file.get(name, {}), **from_plan.get(name, {})}
        for name, known in ours.words.items()
    }
    versions = (ours.version, said.version if said else None, own.version)
    codes = {code.code: code for code in (*ours.codes, *(said.codes if said else ()))}
    return Vocabulary(
        version=", ".join(dict.fromkeys(v for v in versions if v)),
        terms=ours.terms,
        words=words,
        cusp=dict(ours.cusp) | (said.cusp if said else {}),
        codes=tuple(codes.values()),
        sha256=digest,
    )


def _words_of(said: _File) -> tuple[_Words, list[tuple[str, str]]]:
    """Give every word of a file with its term, and the list and word of those with two."""
    words: _Words = {}
    doubles: list[tuple[str, str]] = []
    for name, terms in said.terms.items():
        known = words.setdefault(name, {})
        every = [(term, word) for term, synonyms in terms.items() for word in (term, *synonyms)]
        doubles += [(name, w) for term, w in every if known.setdefault(plainly(w), term) != term]
    return words, doubles


def _words_of_plan(
    terms: Mapping[str, Mapping[str, str]], ours: Vocabulary, from_file: _Words, ledger: Ledger
) -> _Words:
    where = "[vocabulary.terms] of the plan"
    asked = {name: dict.fromkeys(pairs.values(), ()) for name, pairs in terms.items()}
    _check_terms(asked, ours, where, ledger)
    words: _Words = {}
    doubles: list[tuple[str, str]] = []
    for name, pairs in terms.items():
        known = words.setdefault(name, {})
        standard = {plainly(term): term for term in ours.terms.get(name, ())}
        for word, said in pairs.items():
            term = standard.get(plainly(said), said)
            before = from_file.get(name, {}).get(plainly(word), term)
            if known.setdefault(plainly(word), term) != term or before != term:
                doubles.append((name, word))
    _report_doubles(doubles, where, ledger)
    return words


def _check_terms(
    terms: Mapping[str, Mapping[str, object]], ours: Vocabulary, where: str, ledger: Ledger
) -> None:
    for name, held in terms.items():
        if name not in ours.terms:
            problem = f'no list of words is called "{name}"{suggestion(name, ours.terms)}'
            _report(ledger, "SW57", problem, "Correct the name of the list.", where)
            continue
        standard = {plainly(term): term for term in ours.terms[name]}
        for term in held:
            if plainly(term) not in standard:
                near = suggestion(term, ours.terms[name])
                problem = f'the list {name} has no standard term "{term}"{near}'
                _report(ledger, "SW57", problem, "Use a term of the list.", where)


def _report_doubles(doubles: list[tuple[str, str]], where: str, ledger: Ledger) -> None:
    for name, word in dict.fromkeys(doubles):
        problem = f'in the list {name}, the word "{word}" stands for two terms'
        _report(ledger, "SW58", problem, "Leave it with one of them.", where)


def _report(ledger: Ledger, code: str, problem: str, remedy: str, where: str) -> None:
    ledger.add(Severity.ERROR, code, problem, remedy, file=where)


def _read(folder: Path, name: str, ledger: Ledger) -> tuple[_File | None, str]:
    """Read the study's own file; None where it cannot be used."""
    try:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            _report(ledger, "SW21", "lies outside the plan's folder", "Copy it into it.", name)
            return None, ""
        if path.exists() and not path.is_file():
            _report(ledger, "SW56", "is no file", "Name the TOML file.", name)
            return None, ""
        if path.stat().st_size > VOCABULARY_LIMIT_BYTES:
            _report(ledger, "SW56", "is too large for a list of words", "Name the TOML file.", name)
            return None, ""
        raw = path.read_bytes()
    except (OSError, RuntimeError, ValueError):
        remedy = "Correct [vocabulary] file in study.toml."
        _report(ledger, "SW56", "is not there, or cannot be opened", remedy, name)
        return None, ""
    try:
        held = _lists_as_tuples(tomllib.loads(raw.decode("utf-8-sig")))
        return _File.model_validate(held), hashlib.sha256(raw).hexdigest()
    except ValidationError as error:  # itself a ValueError, so it comes first
        parts = [".".join(str(part) for part in fault["loc"]) for fault in error.errors()]
        problem = f"these parts are not of the form of a vocabulary: {', '.join(parts)}"
        _report(ledger, "SW56", problem, "Compare it with the file of splw-eval new.", name)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError):
        problem = "is not valid TOML in UTF-8"
        _report(ledger, "SW56", problem, "Put every word in quotation marks.", name)
    return None, ""


def _lists_as_tuples(held: object) -> object:
    """Give TOML's lists the type that the strict sections of a file have."""
    if isinstance(held, dict):
        return {key: _lists_as_tuples(value) for key, value in held.items()}
    if isinstance(held, list):
        return tuple(_lists_as_tuples(value) for value in held)
    return held
