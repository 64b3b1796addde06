"""Names of people, told by heading or by a column full of them."""

from __future__ import annotations

import re

from splw_eval.data.headings import TITLED
from splw_eval.data.identifiers.column import Column, Hit, refused
from splw_eval.data.words import is_thing, listed, words_of

_CAPITALISED = re.compile(r"([A-Z][^\W\d_]*[a-z][\w'’-]*)([ ,]+[A-Z][\w.'’-]*){1,3}")
_FIRST_NAMES = listed("first_names")
_WHOLE = listed("name_headings")
_OF_PEOPLE = listed("name_of_people")
_OF_THINGS = listed("name_of_things")
_STAFF = listed("staff_headings")
_BY = listed("by_staff")
_PLACEHOLDERS = listed("placeholders")
_MOST_WORDS = 4
_SHARE = 0.5
_FEWEST_KNOWN, _SHARE_KNOWN = 3, 0.3
_FEWEST_FIRST = 5
_FEWEST_UNKNOWN, _SHARE_UNKNOWN, _UNIQUE = 20, 0.8, 0.9
_REPEATED = 0.3


def find_staff_names(column: Column) -> Hit | None:
    """Find names in columns about link workers and other staff; one name is enough."""
    words = set(column.words)
    by = "by" in words and words & _BY
    if not (column.role == "link_worker" or by or words & _STAFF) or _about_a_practice(column):
        return None
    values = _wordy(column)
    found = [v for v in values if TITLED.fullmatch(v) or is_known_name(v)]
    likely = [v for v in values if _CAPITALISED.fullmatch(v) and not is_thing(v)]
    if len(likely) >= max(_FEWEST_KNOWN, _SHARE * len(column.times)):
        found = [*found, *likely]
    if not found:
        return None
    remedy = "Staff are people too: give each a pseudonym, such as LW01, where the file is made."
    return refused("SW101", "names of staff", remedy, found)


def find_names(column: Column) -> Hit | None:
    """Find people's names by heading or by value."""
    values = _wordy(column)
    if not values or column.about_practices:
        return None
    found = _by_heading(column, values) or _by_value(column, values)
    if not found:
        return None
    remedy = "Take the column out, or put a pseudonym in its place, where the file is made."
    return refused("SW93", "names of people", remedy, found)


def is_known_name(value: str) -> bool:
    """Whether a value is a common first name, alone or with others, and no thing's name."""
    words = words_of(value)
    if not words or len(words) > _MOST_WORDS or is_thing(value):
        return False
    # "Smith, Joan" as well as "Joan Smith"
    first = words[1] if "," in value and len(words) > 1 else words[0]
    return first.casefold() in _FIRST_NAMES


def _wordy(column: Column) -> list[str]:
    """Values of a few words, without numbers."""
    return [
        value
        for shape, values in column.shapes.items()
        if "9" not in shape and shape.count(" ") <= _MOST_WORDS
        for value in values
        if words_of(value) and value.casefold().strip("*.-/ ") not in _PLACEHOLDERS
    ]


def _about_a_practice(column: Column) -> bool:
    return column.role != "link_worker" and column.about_practices


def _by_heading(column: Column, values: list[str]) -> list[str]:
    words = set(column.words)
    if words & _WHOLE:
        return values if len(values) >= _SHARE * len(column.times) else []
    if not words & {"name", "names"} or words & _OF_THINGS:
        return []
    people = [v for v in values if not is_thing(v)]
    if len(people) < _SHARE * len(column.times):
        return []
    if words & _OF_PEOPLE:
        return people
    # A bare "name" may head instruments or activities, which come again and again.
    several = len(column.times) >= _REPEATED * column.filled
    return people if several or any(is_known_name(v) for v in people) else []


def _by_value(column: Column, values: list[str]) -> list[str]:
    titled = [v for v in values if TITLED.fullmatch(v) and not is_thing(v)]
    if titled:
        return titled
    known = [v for v in values if is_known_name(v)]
    full = [v for v in known if len(words_of(v)) > 1]
    fewest = 1 if column.role == "person" else _FEWEST_KNOWN
    if len(full) >= max(fewest, _SHARE_KNOWN * len(values)):
        return full
    if len(known) >= max(_FEWEST_FIRST, _SHARE * len(column.times)):
        return known
    likely = [v for v in values if _CAPITALISED.fullmatch(v) and not is_thing(v)]
    many = len(likely) >= max(_FEWEST_UNKNOWN, _SHARE_UNKNOWN * len(column.times))
    one_each = len(column.times) >= _UNIQUE * column.filled
    return likely if many and one_each and column.sheet.spec.table != "clusters" else []
