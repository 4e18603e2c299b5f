"""The practice as claims name it."""

import datetime as dt
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from billing.months.records import Address
from billing.parties import checks
from billing.parties.localities import locality
from billing.parties.record_changes import fields_changed, note_record_change
from care.fields import text
from care.phones import checked
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("billing", "parties.sql")


class Profile(Struct, frozen=True, kw_only=True):
    """None, or empty: nobody has entered it."""

    legal_name: str | None = None
    npi: str | None = None
    tax_id: str | None = None
    taxonomy: str | None = None
    address: Address | None = None
    contact_name: str = ""
    phone: str | None = None
    submitter_id: str | None = None
    receiver_id: str | None = None
    receiver_name: str = ""
    place_of_service: str = "11"
    fee_locality: str = ""
    """Where it works, as its payers' fee files name it: needed where a file has several."""
    second_person: bool = True
    """L-5: who exports a line is somebody else than who approved it."""


async def practice_of(conn: Connection, organisation_id: UUID) -> Profile:
    row = await conn.fetchrow(QUERIES["practice"], organisation_id)
    if row is None:
        return Profile()
    address = row["address"]
    kept = None if address is None else msgspec.json.decode(address, type=Address)
    return Profile(**{**dict(row), "address": kept})


async def set_practice(
    conn: Connection, organisation_id: UUID, profile: Profile, *, actor: UUID | None,
    now: dt.datetime,
) -> Profile:  # fmt: skip
    """Raises InvalidError with the field that is wrong."""
    kept = checked_profile(profile)
    before = await practice_of(conn, organisation_id)
    address = None if kept.address is None else msgspec.json.encode(kept.address).decode()
    await conn.execute(
        QUERIES["set practice"], organisation_id, kept.legal_name, kept.npi, kept.tax_id,
        kept.taxonomy, address, kept.contact_name, kept.phone, kept.submitter_id,
        kept.receiver_id, kept.receiver_name, kept.place_of_service, kept.second_person, actor,
        now, kept.fee_locality,
    )  # fmt: skip
    await note_record_change(
        conn, organisation_id, "practice", None, fields_changed(before, kept), actor=actor, now=now
    )
    return kept


def checked_profile(typed: Profile) -> Profile:
    return Profile(
        legal_name=checks.named("legal_name", typed.legal_name),
        npi=checks.npi(typed.npi),
        tax_id=checks.tax_id(typed.tax_id),
        taxonomy=checks.taxonomy(typed.taxonomy),
        address=checks.address(typed.address),
        contact_name=text("contact_name", typed.contact_name, needed=False),
        phone=checked("phone", typed.phone) if typed.phone else None,
        submitter_id=checks.named("submitter_id", typed.submitter_id),
        receiver_id=checks.named("receiver_id", typed.receiver_id),
        receiver_name=text("receiver_name", typed.receiver_name, needed=False),
        place_of_service=checks.place_of_service(typed.place_of_service),
        fee_locality=locality(typed.fee_locality, "fee_locality"),
        second_person=typed.second_person,
    )
