"""Codes that a claim may hold: their form, and which of them anybody has heard of. Pure."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Final

PROCEDURE: Final = re.compile(r"\d{5}|[A-Z]\d{4}")
DIAGNOSIS: Final = re.compile(r"[A-Z]\d[0-9A-Z](\.?[0-9A-Z]{1,4})?")
MODIFIER: Final = re.compile(r"[A-Z0-9]{2}")
STATE: Final = re.compile(r"[A-Z]{2}")
ZIP: Final = re.compile(r"\d{5}(-?\d{4})?")
TAXONOMY: Final = re.compile(r"[0-9A-Z]{10}")
MBI: Final = re.compile(
    r"[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d"
    r"[AC-HJKMNP-RT-Y]{2}\d{2}"
)
"""Medicare's number of a person since 2020: 11 places, no S, L, O, I, B, Z."""

_PLACES: Final = (
    *range(1, 28), *range(31, 35), 41, 42, *range(49, 59), 60, 61, 62, 65, 66, 71, 72, 81, 99,
)  # fmt: skip
PLACES: Final = frozenset(f"{number:02d}" for number in _PLACES)
"""Of service, by the list of CMS."""
FILING: Final = frozenset(
    {"11", "12", "13", "14", "15", "16", "17", "AM", "BL", "CH", "CI", "DS", "FI", "HM", "LM",
     "MA", "MB", "MC", "OF", "TV", "VA", "WC", "ZZ"}
)  # fmt: skip
"""SBR09: what sort of insurance."""


@cache
def shipped_codes() -> frozenset[str]:
    """Every procedure code that a shipped file of rules names."""
    folder = files("billing") / "rule_sets"
    texts = (
        file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".toml")
    )
    return frozenset(code for text in texts for code in _codes(tomllib.loads(text)))


def _codes(value: Any) -> Iterator[str]:
    if isinstance(value, str) and PROCEDURE.fullmatch(value):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _codes(name)
            yield from _codes(each)
    elif isinstance(value, list):
        for each in value:
            yield from _codes(each)
