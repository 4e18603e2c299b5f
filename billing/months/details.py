"""What a locked line says about its claim besides days and minutes, and where the practice's
records say something else by now. Pure.

What is not known any more corrects nothing: a claim needs it, and it was known when it was locked.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from billing.months.records import Address, Cover, LineOf, PatientMonth, Practice, Provider, Who
from billing.months.seal import digest

WORDS: Final[dict[str, str]] = {
    "patient_name": "Patient's name",
    "birth_date": "Date of birth",
    "sex": "Sex",
    "address": "Patient's address",
    "payer": "Payer",
    "payer_id": "Payer id",
    "member_id": "Member number",
    "prior_auth": "Prior authorisation",
    "filing_code": "Filing code",
    "claim_form": "Claim form",
    "date_range": "Dates on lines",
    "billing_name": "Billing practice",
    "billing_npi": "Billing NPI",
    "tax_id": "Tax id",
    "taxonomy": "Taxonomy",
    "billing_address": "Practice's address",
    "rendering": "Rendering practitioner",
    "ordering": "Ordering practitioner",
    "supervising": "Supervising practitioner",
    "diagnoses": "Diagnoses",
    "place_of_service": "Place of service",
    "modifiers": "Modifiers",
    "charge": "Charge",
}
"""Every detail, in the order in which they are told."""
MAY_GO: Final = frozenset({"prior_auth", "modifiers", "supervising"})
"""What may rightly be none: that it is gone is a correction too."""
OF_PAYER: Final = frozenset({"payer_id", "member_id"})
"""What goes with who pays: with another payer also where nobody has entered it yet."""
OF_COVER: Final = OF_PAYER | {"payer", "prior_auth", "filing_code", "claim_form", "date_range"}
"""With another payer these are one thing: no number of one goes to the other."""

Left = tuple[str, str, str]
"""A detail that somebody has left as it was locked: its name, as it was, as it would be."""


class Difference(Struct, frozen=True, kw_only=True):
    """One detail, as it was locked and as the practice's records say it."""

    name: str
    was: str
    """As people read it; empty: none was known."""
    now: str
    lines: tuple[UUID, ...]
    """On which it stands."""

    @property
    def key(self) -> Left:
        return self.name, self.was, self.now


def differing(
    locked: PatientMonth,
    now: PatientMonth,
    practice: tuple[Practice, Practice],
    alive: Iterable[UUID],
) -> tuple[Difference, ...]:
    """Of one patient's locked lines that are still billed, or may be. `practice`: as it was when
    they were locked, and as it is.
    """
    wanted = frozenset(alive)
    lines = [each for each in locked.lines if each.line_id in wanted]
    if not lines:
        return ()
    found: dict[tuple[str, str, str], list[UUID]] = {}
    common = _pairs(_of_all(locked, practice[0]), _of_all(now, practice[1]))
    other_payer = another_payer(locked, now)
    for line in lines:
        today = counterpart(line, now)
        own = {} if today is None else _pairs(_of_line(line, line), _of_line(today, line))
        for name, (was, said) in {**common, **own}.items():
            if was != said and (
                said or name in MAY_GO or (other_payer and now.cover and name in OF_PAYER)
            ):
                found.setdefault((name, was, said), []).append(line.line_id)
    order = list(WORDS)
    return tuple(
        Difference(name=name, was=was, now=said, lines=tuple(sorted(those)))
        for (name, was, said), those in sorted(
            found.items(), key=lambda each: (order.index(each[0][0]), each[0])
        )
    )


def asked_of(
    differences: Iterable[Difference], left: Collection[Left], *, other_payer: bool
) -> tuple[Difference, ...]:
    """Those that somebody is to decide about: not what was left as it was locked, whatever else
    differs by now. That of another payer is left whole, or asked about whole.
    """
    those = tuple(differences)
    asked = {each.key for each in those if each.key not in left}
    whole = other_payer and any(name in OF_COVER for name, _, _ in asked)
    return tuple(each for each in those if each.key in asked or (whole and each.name in OF_COVER))


def another_payer(locked: PatientMonth, now: PatientMonth) -> bool:
    return _payer(locked.cover) != _payer(now.cover)


def still_named(was: Provider | None, now: Provider | None) -> Provider | None:
    """Whoever it is now; with the number that was known of the same person."""
    if was is None or now is None or now.npi or not was.npi:
        return now
    same = (was.family_name, was.given_name) == (now.family_name, now.given_name)
    return replace(now, npi=was.npi) if same else now


def said_of(month: PatientMonth, line: LineOf, practice: Practice) -> dict[str, str]:
    """What the claim says of a line, by the words for it; what it says nothing of is not there."""
    found = {**_of_all(month, practice), **_of_line(line, line)}
    return {WORDS[name]: found[name] for name in WORDS if found.get(name)}


def key_of(differences: Iterable[Difference]) -> str:
    """What somebody decides about: the same details, on whichever lines. Empty for none."""
    said = [each.key for each in differences]
    return digest(said) if said else ""


def counterpart(line: LineOf, month: PatientMonth) -> LineOf | None:
    """The same line; else one of the same service, the same scope first: they are billed by the
    same people.
    """
    those = [each for each in month.lines if each.service == line.service]
    return min(
        those,
        key=lambda each: (each.line_id != line.line_id, each.scope != line.scope, each.line_id),
        default=None,
    )


def _of_all(month: PatientMonth, practice: Practice) -> dict[str, str]:
    return {**_of_person(month.who), **_of_cover(month.cover), **_of_practice(practice)}


def _of_person(who: Who) -> dict[str, str]:
    return {
        "patient_name": f"{who.family_name}, {who.given_name}",
        "birth_date": "" if who.birth_date is None else who.birth_date.isoformat(),
        "sex": who.sex,
        "address": _postal(who.address),
    }


def _of_cover(cover: Cover | None) -> dict[str, str]:
    if cover is None:
        return {}
    return {
        "payer": f"{cover.payer_name} ({cover.payer})",
        "payer_id": cover.payer_id or "",
        "member_id": cover.member_id or "",
        "prior_auth": cover.prior_auth or "",
        "filing_code": cover.filing_code,
        "claim_form": str(cover.claim_form),
        "date_range": "from and to" if cover.date_range else "one date",
    }


def _of_practice(practice: Practice) -> dict[str, str]:
    return {
        "billing_name": practice.name,
        "billing_npi": practice.npi or "",
        "tax_id": practice.tax_id or "",
        "taxonomy": practice.taxonomy or "",
        "billing_address": _postal(practice.address),
    }


def _of_line(line: LineOf, locked: LineOf) -> dict[str, str]:
    """Modifiers and charges belong to a code: of another line they say nothing. A fee that has
    changed is none of a locked line's; one that was missing keeps it out of every claim.
    """
    said = {
        "rendering": _person(still_named(locked.rendering, line.rendering)),
        "ordering": _person(still_named(locked.ordering, line.ordering)),
        "supervising": _person(still_named(locked.supervising, line.supervising)),
        "diagnoses": ", ".join(line.diagnoses),
        "place_of_service": line.place_of_service,
    }
    if line.line_id == locked.line_id:
        said["modifiers"] = " ".join(line.modifiers)
        if locked.charge is None and line.units == locked.units:
            said["charge"] = "" if line.charge is None else f"${line.charge}"
    return said


def _pairs(was: Mapping[str, str], now: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Of what both have to say; of what was not known at all, what is known now."""
    return {name: (was.get(name, ""), now[name]) for name in now}


def _payer(cover: Cover | None) -> str:
    return "" if cover is None else cover.payer


def _person(provider: Provider | None) -> str:
    if provider is None:
        return ""
    name = f"{provider.given_name} {provider.family_name}".strip()
    return f"{name}, NPI {provider.npi}" if provider.npi else f"{name}, no NPI"


def _postal(address: Address | None) -> str:
    if address is None:
        return ""
    street = ", ".join(each for each in (address.line_1, address.line_2) if each)
    return f"{street}, {address.city}, {address.state} {address.zip_code}"
