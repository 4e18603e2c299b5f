"""Around the claims: interchange, group, transaction sets, and the counts at their ends. Pure."""

import datetime as dt
from pathlib import Path
from typing import Final

from msgspec import Struct

from billing.exports.x12.charset import carried
from billing.exports.x12.segments import ELEMENT, END, REPETITION, Segment, encode

GUIDE: Final = "005010X222A1"
CLAIMS_MOST: Final = 5_000
"""In one transaction set."""
CONTROL_MOST: Final = 999_999_999
TEST_PLACE: Final = 102


class Interchange(Struct, frozen=True, kw_only=True):
    sender: str
    receiver: str
    control_number: int
    at: dt.datetime
    """In the practice's zone."""
    test: bool


def opening(given: Interchange) -> list[str]:
    """ISA has a fixed width: readers learn the delimiters from it."""
    blank = " " * 10
    isa = (
        "ISA", "00", blank, "00", blank, "ZZ", _padded(given.sender), "ZZ", _padded(given.receiver),
        given.at.strftime("%y%m%d"), given.at.strftime("%H%M"), REPETITION, "00501",
        f"{given.control_number:09d}", "0", "T" if given.test else "P", ":",
    )  # fmt: skip
    gs: Segment = (
        "GS", "HC", carried(given.sender, most=15), carried(given.receiver, most=15),
        given.at.strftime("%Y%m%d"), given.at.strftime("%H%M"), str(given.control_number), "X",
        GUIDE,
    )  # fmt: skip
    return [ELEMENT.join(isa) + END, encode(gs)]


def closing(given: Interchange, *, sets: int) -> list[str]:
    return [
        encode(("GE", str(sets), str(given.control_number))),
        encode(("IEA", "1", f"{given.control_number:09d}")),
    ]


def set_opening(given: Interchange, number: int) -> list[Segment]:
    reference = f"{given.control_number:09d}{number:04d}"
    return [
        ("ST", "837", f"{number:04d}", GUIDE),
        ("BHT", "0019", "00", reference, given.at.strftime("%Y%m%d"), given.at.strftime("%H%M"),
         "CH"),
    ]  # fmt: skip


def set_closing(number: int, *, segments: int) -> Segment:
    """`segments` with this one."""
    return ("SE", str(segments), f"{number:04d}")


def control_number(now: dt.datetime) -> int:
    """For callers that keep none: another one each second, for 31 years."""
    return int(now.timestamp()) % CONTROL_MOST + 1


def mark_as_test(file: Path) -> None:
    """ISA15 of a file that is written: its place is fixed."""
    with file.open("r+b") as stream:
        stream.seek(TEST_PLACE)
        stream.write(b"T")


def _padded(text: str) -> str:
    return carried(text, most=15).ljust(15)
