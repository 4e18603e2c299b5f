"""What the demonstration clinic does for its people: a plan each, a care team, consent."""

import datetime as dt
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from alerts.telling.contacts import add_contact, list_contacts
from care.consents import add_consent, list_consents
from care.plans import list_plans, set_plan
from care.teams import add_member, list_team
from simulator.people import Trouble
from store.pool import Connection

PROGRAMMES: Final[dict[Trouble, str]] = {
    Trouble.HYPERTENSION: "hypertension-us",
    Trouble.ARRHYTHMIA: "hypertension-us",
    Trouble.HEART_FAILURE: "heart-failure",
    Trouble.DIABETES: "diabetes-type-2",
    Trouble.COPD: "copd",
}
"""Those in good health who share a home have no plan: their readings are stored, and no limit
holds for them."""


async def make_reachable(
    conn: Connection, organisation_id: UUID, staff: Iterable[UUID], *, now: dt.datetime
) -> None:
    """Everybody is told in the console; a demonstration sends nothing out of the house."""
    for user in staff:
        if not await list_contacts(conn, organisation_id, user_id=user):
            await add_contact(
                conn, organisation_id, user_id=user, channel="console", actor=None, now=now
            )


async def give_care(
    conn: Connection,
    organisation_id: UUID,
    patients: dict[UUID, Trouble],
    *,
    nurse: UUID,
    consented_at: dt.datetime,
    now: dt.datetime,
) -> None:
    """Adds what is missing; what somebody has changed in the meantime stays as it is."""
    for patient, trouble in patients.items():
        programme = PROGRAMMES.get(trouble)
        if programme is None or await list_plans(conn, organisation_id, patient, most=1):
            continue
        await set_plan(
            conn,
            organisation_id,
            patient,
            programme=programme,
            overrides={},
            effective_from=now,
            reason="demonstration",
            actor=None,
            now=now,
        )
        if not await list_consents(conn, organisation_id, patient):
            await add_consent(
                conn,
                organisation_id,
                patient,
                kind="monitoring",
                method="written",
                given_at=consented_at,
                actor=None,
                now=now,
            )
        if not await list_team(conn, organisation_id, patient):
            await add_member(
                conn,
                organisation_id,
                patient,
                user_id=nurse,
                role="nurse",
                starts_at=now,
                actor=None,
                now=now,
            )
