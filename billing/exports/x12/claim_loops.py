"""One subscriber and their claims: loops 2000B, 2010BA, 2010BB, 2300 and 2400. Pure."""

from decimal import Decimal
from typing import Final
from uuid import UUID

from billing.exports.claim_checks import SEXES
from billing.exports.claims import Claim
from billing.exports.x12.billing_loops import address
from billing.exports.x12.charset import carried
from billing.exports.x12.segments import Segment
from billing.months.records import Cover, LineOf, Provider, Who

REFERENCE_MOST: Final = 30
"""Of REF*6R: more than this payers need not give back."""
POINTERS_MOST: Final = 4


def subscriber(who: Who, cover: Cover, *, number: int) -> list[Segment]:
    """The patient is who is insured: Medicare and Medicaid know nobody else."""
    assert who.birth_date is not None  # noqa: S101 - checked before: `claim_checks`
    return [
        ("HL", str(number), "1", "22", "0"),
        ("SBR", "P", "18", "", "", "", "", "", "", cover.filing_code),
        ("NM1", "IL", "1", *_person(who.family_name, who.given_name), "", "", "", "MI",
         carried(cover.member_id or "", most=80)),
        *address(who.address),
        ("DMG", "D8", f"{who.birth_date:%Y%m%d}", SEXES.get(who.sex.lower(), "U")),
        ("NM1", "PR", "2", carried(cover.payer_name, most=60), "", "", "", "", "PI",
         carried(cover.payer_id or "", most=80)),
    ]  # fmt: skip


def claim_segments(claim: Claim, cover: Cover, *, billing_npi: str) -> list[Segment]:
    first = claim.lines[0]
    rendering, supervising = first.rendering, first.supervising
    found: list[Segment] = [
        ("CLM", claim.claim_id, money(claim.charge), "", "",
         (first.place_of_service, "B", first.frequency), "Y", "A", "Y", "Y"),
    ]  # fmt: skip
    if cover.prior_auth:
        found.append(("REF", "G1", carried(cover.prior_auth, most=50)))
    if first.original_claim and first.frequency != "1":
        found.append(("REF", "F8", carried(first.original_claim, most=50)))
    found.append(("HI", *_diagnoses(claim.diagnoses)))
    if rendering is not None and rendering.npi != billing_npi:
        found.append(_provider("82", rendering))
    if supervising is not None and (rendering is None or supervising.npi != rendering.npi):
        found.append(_provider("DQ", supervising))
    for number, line in enumerate(claim.lines, start=1):
        found += _line(claim, line, number=number, ranged=cover.date_range)
    return found


def _line(claim: Claim, line: LineOf, *, number: int, ranged: bool) -> list[Segment]:
    pointers = tuple(str(claim.diagnoses.index(each) + 1) for each in dict.fromkeys(line.diagnoses))
    found: list[Segment] = [
        ("LX", str(number)),
        ("SV1", ("HC", line.code, *line.modifiers), money(line.charge or Decimal(0)), "UN",
         str(line.units), "", "", pointers[:POINTERS_MOST]),
        _date(line, ranged=ranged),
        ("REF", "6R", reference(line.line_id)),
    ]  # fmt: skip
    ordering = line.ordering
    if ordering is not None and (line.rendering is None or ordering.npi != line.rendering.npi):
        found.append(_provider("DK", ordering))
    return found


def reference(line_id: UUID) -> str:
    """The line's id as the payer gives it back: its first 30 digits, without hyphens."""
    return line_id.hex[:REFERENCE_MOST].upper()


def money(amount: Decimal) -> str:
    """Without zeros at its end, as implementation guides want it."""
    text = f"{amount:.2f}"
    return text.rstrip("0").rstrip(".")


def _date(line: LineOf, *, ranged: bool) -> Segment:
    if ranged and line.window_from != line.window_to:
        return ("DTP", "472", "RD8", f"{line.window_from:%Y%m%d}-{line.window_to:%Y%m%d}")
    if line.dos_from != line.dos_to:
        return ("DTP", "472", "RD8", f"{line.dos_from:%Y%m%d}-{line.dos_to:%Y%m%d}")
    return ("DTP", "472", "D8", f"{line.dos_to:%Y%m%d}")


def _diagnoses(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    return [("ABF" if n else "ABK", code.replace(".", "").upper()) for n, code in enumerate(codes)]


def _provider(role: str, provider: Provider) -> Segment:
    names = _person(provider.family_name, provider.given_name)
    return ("NM1", role, "1", *names, "", "", "", "XX", provider.npi or "")


def _person(family: str, given: str) -> tuple[str, str]:
    return carried(family, most=60), carried(given, most=35)
