"""Who sends, who receives, who bills: loops 1000A, 1000B, 2000A and 2010AA. Pure."""

from typing import Final

from billing.exports.x12.charset import carried
from billing.exports.x12.segments import Segment
from billing.months.records import Address, Practice

WITH_COUNTRY: Final = 11


def submitter(practice: Practice) -> list[Segment]:
    return [
        ("NM1", "41", "2", _name(practice.name), "", "", "", "", "46",
         carried(practice.submitter_id or "", most=15)),
        ("PER", "IC", _name(practice.contact_name), "TE", phone_digits(practice.phone)),
    ]  # fmt: skip


def receiver(practice: Practice) -> Segment:
    return (
        "NM1", "40", "2", _name(practice.receiver_name), "", "", "", "", "46",
        carried(practice.receiver_id or "", most=15),
    )  # fmt: skip


def billing_provider(practice: Practice) -> list[Segment]:
    return [
        ("HL", "1", "", "20", "1"),
        ("PRV", "BI", "PXC", carried(practice.taxonomy or "", most=10)),
        ("NM1", "85", "2", _name(practice.name), "", "", "", "", "XX", practice.npi or ""),
        *address(practice.address),
        ("REF", "EI", digits(practice.tax_id)),
    ]


def address(given: Address | None) -> list[Segment]:
    if given is None:
        return []
    return [
        ("N3", carried(given.line_1, most=55), carried(given.line_2, most=55)),
        ("N4", carried(given.city, most=30), given.state.upper(), digits(given.zip_code)),
    ]


def digits(text: str | None) -> str:
    return "".join(each for each in text or "" if each in "0123456789")


def phone_digits(text: str | None) -> str:
    """Without the 1 of the country."""
    found = digits(text)
    return found[1:] if len(found) == WITH_COUNTRY and found[0] == "1" else found


def _name(text: str) -> str:
    return carried(text, most=60)
