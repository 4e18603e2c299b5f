"""What stands on record of a patient's care: consent, order, episode, team, plans."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from care.consent_texts import current_text
from care.consents import add_consent
from care.episodes import start_episode
from care.orders import add_order
from care.plans import set_plan
from care.teams import add_member
from hearthbeat.demo.past_nurses import Staff
from simulator.people_cast import Character
from simulator.people_stories import Tale
from store.pool import Connection

NPI: Final = "1234567893"
"""The number that the rules for NPIs give as their example; nobody has it."""
ORDERED_BY: Final = "Dr. Renske Osterwald"


class PlanChange(Struct, frozen=True, kw_only=True):
    """A new version of somebody's plan."""

    at: dt.datetime
    overrides: Mapping[str, Any]
    reason: str


async def enrol_patient(
    conn: Connection,
    organisation_id: UUID,
    patient: UUID,
    character: Character,
    staff: Staff,
    *,
    at: dt.datetime,
) -> None:
    """All of the first day, as it was put down then."""
    actor = staff.nurse
    read = await current_text(conn, organisation_id, character.language, now=at)
    for kind, method in (("monitoring", "written"), ("billing", "verbal"), ("messages", "verbal")):
        await add_consent(
            conn, organisation_id, patient, kind=kind, method=method, given_at=at, actor=actor,
            text_id=None if kind == "messages" else read.id, now=at,
        )  # fmt: skip
    await add_order(
        conn, organisation_id, patient, ordered_by=ORDERED_BY, npi=NPI, ordered_at=at,
        kinds=[str(kind) for kind in character.kinds], starts_at=at,
        diagnoses=character.diagnoses, actor=staff.clinician, now=at,
    )  # fmt: skip
    await start_episode(
        conn, organisation_id, patient, programme=character.programme, starts_at=at,
        reason="Referred by primary care", actor=actor, now=at,
    )  # fmt: skip
    await set_plan(
        conn, organisation_id, patient, programme=character.programme, overrides={},
        effective_from=at, reason="First plan, as the programme suggests", actor=staff.clinician,
        now=at,
    )  # fmt: skip
    nurse = staff.second if character.number % 3 == 0 else staff.nurse
    for user, role in ((nurse, "nurse"), (staff.clinician, "clinician")):
        await add_member(
            conn, organisation_id, patient, user_id=user, role=role, starts_at=at, actor=actor,
            now=at,
        )  # fmt: skip


def plan_changes(character: Character, *, anchor: dt.datetime) -> list[PlanChange]:
    """What the stories have changed, in order of time."""
    found = []
    for story in character.stories:
        # Half past two in the afternoon, about.
        at = anchor + dt.timedelta(days=story.day, hours=1.5)
        if story.tale is Tale.MEDICATION and character.programme == "hypertension-us":
            found.append(PlanChange(at=at, overrides=_GOAL, reason=_GOAL_REASON))
        elif story.tale is Tale.WATER and story.day < -story.length:
            after = at + dt.timedelta(days=story.length + 1)
            found.append(PlanChange(at=after, overrides=_WATER, reason=_WATER_REASON))
        elif story.tale is Tale.FAINT and character.programme == "hypertension-us":
            found.append(PlanChange(at=at, overrides=_LOW, reason=_LOW_REASON))
    first = [change for change in found if change.at < anchor]
    return sorted(first, key=lambda change: change.at)


async def change_plan(
    conn: Connection,
    organisation_id: UUID,
    patient: UUID,
    character: Character,
    change: PlanChange,
    *,
    actor: UUID,
) -> None:
    await set_plan(
        conn, organisation_id, patient, programme=character.programme, overrides=change.overrides,
        effective_from=change.at, reason=change.reason, actor=actor, now=change.at,
    )  # fmt: skip


_GOAL: Final = {
    "rules": [
        {
            "rule": "bp-above-goal",
            "set": {
                "bounds": [
                    {"metric": "systolic", "op": ">=", "value": 135, "clear": 133},
                    {"metric": "diastolic", "op": ">=", "value": 85, "clear": 84},
                ]
            },
        }
    ]
}
_GOAL_REASON: Final = (
    "Amlodipine raised to 10 mg. Agreed with the patient: 135/85 until the next visit."
)
_WATER: Final = {
    "rules": [
        {
            "rule": "weight-gain-3-days",
            "set": {"bounds": [{"metric": "weight", "op": ">", "value": 1.5, "clear": 0.8}]},
        }
    ]
}
_WATER_REASON: Final = "After the decompensation: tell us from 1.5 kg in three days on."
_LOW: Final = {
    "rules": [
        {
            "rule": "bp-low-on-treatment",
            "set": {"bounds": [{"metric": "systolic", "op": "<=", "value": 105, "clear": 110}]},
        }
    ]
}
_LOW_REASON: Final = "Dizzy at 86 systolic: lisinopril halved, earlier warning wanted."
