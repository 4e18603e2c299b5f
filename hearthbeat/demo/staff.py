"""Who works at the demonstration clinic, and who of its patients may sign in."""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

from care.registry import add_user, list_users, set_password
from hearthbeat.demo.keepsakes import Keepsakes
from hearthbeat.demo.roster import QUERIES
from hearthbeat.running import SignIn
from store.pool import Connection


class Colleague(Struct, frozen=True, kw_only=True):
    """Somebody with a sign-in."""

    username: str
    role: str
    name: str = ""
    credential: str = ""


STAFF: Final = (
    Colleague(username="admin", role="admin", name="Mirela Kostandova"),
    Colleague(username="nurse", role="nurse", name="Ana Ruizenda", credential="RN"),
    Colleague(username="nurse2", role="nurse", name="Tobias Wennekamp", credential="RN"),
    Colleague(username="clinician", role="clinician", name="Renske Osterwald", credential="MD"),
    Colleague(username="biller", role="biller", name="Priscilla Dunmore-Hale", credential="CPC"),
    Colleague(username="auditor", role="auditor", name="Yusuf Bellandri"),
    Colleague(username="patient", role="patient"),
    Colleague(username="caregiver", role="caregiver", name="Noor Halvorsrud"),
)
OF_PATIENTS: Final = frozenset({"patient", "caregiver"})
REACHED: Final = frozenset({"nurse", "clinician", "admin"})
"""Roles of those who are told of alerts."""


async def signed_up(
    conn: Connection,
    organisation_id: UUID,
    kept: Keepsakes,
    *,
    patient: UUID | None,
    now: dt.datetime,
) -> dict[str, SignIn]:
    """Everybody's sign-in, by user name. A password unknown to this directory is set anew."""
    there = {user.username for user in await list_users(conn, organisation_id)}
    found = {}
    for each in STAFF:
        if each.role in OF_PATIENTS and patient is None:
            continue
        known = each.username in kept.passwords
        password = kept.password(each.username)
        if each.username not in there:
            await add_user(
                conn, organisation_id, username=each.username, password=password, role=each.role,
                patient_id=patient if each.role in OF_PATIENTS else None,
            )  # fmt: skip
        elif not known:
            await set_password(conn, organisation_id, each.username, password, now=now)
        await _called(conn, organisation_id, each)
        found[each.username] = SignIn(username=each.username, password=password)
    return found


async def _called(conn: Connection, organisation_id: UUID, who: Colleague) -> None:
    """A name that somebody has given themselves stays."""
    if who.name:
        await conn.execute(QUERIES["call"], organisation_id, who.username, who.name, who.credential)
