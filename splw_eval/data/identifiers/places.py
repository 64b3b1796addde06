"""Postcodes, small areas and street addresses."""

from __future__ import annotations

import re

from splw_eval.data.identifiers.column import LONGEST_IDENTIFIER, Column, Hit, refused, warned
from splw_eval.data.words import listed, words_of

_AREAS = listed("postcode_areas")
_FULL = re.compile(r"[Aa]{1,2}9[Aa9]? {0,2}9[Aa]{2}")
# The last two letters are never C, I, K, M, O or V.
POSTCODE = r"([A-Z]{1,2})\d[A-Z\d]? +\d[ABD-HJLNP-UW-Z]{2}"
_POSTCODE = re.compile(POSTCODE.replace(" +", " *"))
_PART = re.compile(r"[Aa]{1,2}9[Aa9]?( 9)?")
_DISTRICT = re.compile(r"([A-Z]{1,2})[1-9][A-Z\d]?( \d)?")
_AREA_CODE = re.compile(r"[Aa]9{8}")
_NAMED_AREA = frozenset({"lsoa", "msoa", "oa", "datazone", "lsoa11", "lsoa21"})
_HEADINGS = frozenset({"postcode", "postcodes", "pcode", "zip", "zipcode", "pcd", "outcode"})
_FEWEST, _SHARE = 3, 0.5
_FEWEST_DISTRICTS, _DISTRICT_AREAS = 20, 3

_ROAD = (
    r"Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Close|Drive|Dr|Crescent|Cres|Gardens|Gdns|Terrace|"
    r"Court|Ct|Place|Square|Grove|Way|Walk|Mews|Hill|Row|Green|Parade|Rise|View|Park"
)
_ADDRESS = re.compile(
    rf"(Flat|Apartment|Apt|Unit|Room)? ?\d{{0,4}}[A-Za-z]?,? ?\d{{1,4}}[A-Za-z]?,? "
    rf"(?!(Week|Month|Day|Hour|Minute|Mile|Year|Step)s?\b)"
    rf"([A-Z][\w'.-]*,? ){{1,4}}({_ROAD})\.?(,.*)?"
)
_LOUD_OR_QUIET = re.compile(_ADDRESS.pattern, re.IGNORECASE)
_ADDRESS_SHAPE = re.compile(r"(?=.*9)(?=.* )(?=.*[Aa]{2}).{6,}", re.DOTALL)
_ADDRESS_WORDS = frozenset({"address", "addr", "addressline", "housename", "housenumber"})
_OTHER_ADDRESSES = frozenset({"email", "mail", "ip", "web", "url", "mac"})
_HOUSE = frozenset({"house", "flat", "building"})


def find_postcodes(column: Column) -> Hit | None:
    """Find full postcodes: a house is one of about fifteen."""
    found = [v for v in column.of_shape(_FULL, longest=9) if _in_area(_POSTCODE, v)]
    spaced = [v for v in found if " " in v and v.isupper()]
    many = len(found) >= max(_FEWEST, _SHARE * len(column.times))
    if not found or not (many or spaced or _headed_postcode(column)):
        return None
    remedy = "Give the decile of deprivation (imd_decile) in its place where the file is made."
    return refused("SW95", "full postcodes", remedy, found)


def find_districts(column: Column) -> Hit | None:
    """Find the first half of postcodes; waves and study numbers (M3, W1) look much like it."""
    found = [v for v in column.of_shape(_PART, longest=6) if _in_area(_DISTRICT, v)]
    if not found:
        return None
    areas = {v.upper().rstrip("0123456789 ")[:2].rstrip("0123456789") for v in found}
    many = len(found) >= max(_FEWEST_DISTRICTS, 0.95 * len(column.times))
    headed = _headed_postcode(column) or {"postal", "district"} <= set(column.words)
    if not (headed or (many and len(areas) >= _DISTRICT_AREAS)):
        return None
    remedy = "Few people may live in one: give the decile of deprivation in its place."
    return warned("SW96", "postcode districts", remedy, found)


def find_small_areas(column: Column) -> Hit | None:
    """Find codes of census areas: LSOA, data zone, output area."""
    found = [v for v in column.of_shape(_AREA_CODE, longest=9) if _is_small_area(v.upper())]
    headed = bool(_NAMED_AREA & set(column.words))
    if not found or not (headed or len(found) >= max(_FEWEST, _SHARE * len(column.times))):
        return None
    remedy = "About 1,500 people live in an LSOA: prefer the decile of deprivation (imd_decile)."
    return warned("SW97", "codes of small areas", remedy, found)


def find_addresses(column: Column) -> Hit | None:
    """Find addresses by heading, and by house number and street."""
    headed = _headed_address(column)
    if column.about_practices:
        return None
    if headed:
        found = [v for v in column.times if len(words_of(v)) > 1]
        many = len(found) >= _SHARE * len(column.times)
    else:
        candidates = column.of_shape(_ADDRESS_SHAPE, longest=LONGEST_IDENTIFIER)
        found = [v for v in candidates if _ADDRESS.fullmatch(v)]
        quiet = [v for v in candidates if _LOUD_OR_QUIET.fullmatch(v)]
        many = len(quiet) >= max(_FEWEST, _SHARE * len(column.times))
        found = quiet if many else found
    if not found or (headed and not many):
        return None
    remedy = "Take the column out, or give the decile of deprivation, where the file is made."
    return refused("SW100", "addresses", remedy, found)


def in_area(fits: re.Match[str]) -> bool:
    """Whether a postcode begins with letters that are in use."""
    return fits[1] in _AREAS


def _in_area(pattern: re.Pattern[str], value: str) -> bool:
    fits = pattern.fullmatch(value.upper())
    return fits is not None and in_area(fits)


def _headed_postcode(column: Column) -> bool:
    words = set(column.words)
    return bool(words & _HEADINGS) or {"post", "code"} <= words


def _is_small_area(code: str) -> bool:
    """Whether a code lies where codes were given out; a study number seldom does."""
    kind, number = code[:3], int(code[3:])
    ranges = {
        "E01": (1, 36_000),
        "W01": (1, 2_100),
        "S01": (6_500, 22_000),
        "E02": (1, 7_300),
        "W02": (1, 500),
        "E00": (1, 200_000),
        "W00": (1, 12_000),
        "N20": (1, 4_000),
    }
    low, high = ranges.get(kind, (1, 0))
    return low <= number <= high


def _headed_address(column: Column) -> bool:
    words = set(column.words)
    if words & _OTHER_ADDRESSES:
        return False
    named = words & _ADDRESS_WORDS or "".join(column.words).startswith("addressline")
    return bool(
        named or (words & _HOUSE and words & {"no", "name", "number"}) or words == {"street"}
    )
