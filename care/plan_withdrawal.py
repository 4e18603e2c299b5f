"""A version of a plan that has not begun is withdrawn: kept in the history, never in force."""

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from care import fields
from care.changes import lock_patient, note_change
from care.errors import InvalidError, NotFoundError
from care.plans import QUERIES, PlanSet, PlanVersion, list_plans, neighbours, standing
from store.pool import Connection


async def withdraw_plan(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    version: int | None = None,
    reason: str,
    actor: UUID | None,
    now: dt.datetime,
) -> PlanSet:
    """The version before it holds on, for as long as this one would have held.

    Without `version`, the only one that has not begun. Withdrawing one again changes nothing.
    Raises InvalidError for one that has begun, or where several have not; NotFoundError.
    """
    why = fields.text("reason", reason)
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        versions = await list_plans(conn, organisation_id, patient_id)
        chosen = to_withdraw(versions, version, now=now)
        if chosen.withdrawn_at is not None:
            return PlanSet(plan=chosen, changed=False)
        before, _ = neighbours(versions, chosen.effective_from)
        # First this one: at no instant between the statements do two hold.
        await conn.execute(QUERIES["withdraw"], chosen.id, now, actor, why)
        if before is not None and before.end_reason is None:
            await conn.execute(
                QUERIES["hold_on"],
                before.id,
                chosen.effective_to,
                chosen.ended_by,
                chosen.end_reason,
            )
        await note_change(
            conn, organisation_id, patient_id, "plan withdrawn", actor=actor, now=now, reason=why,
            version=chosen.version, effective_from=chosen.effective_from,
        )  # fmt: skip
        found = await list_plans(conn, organisation_id, patient_id)
        return PlanSet(plan=next(each for each in found if each.id == chosen.id), changed=True)


def to_withdraw(
    versions: Sequence[PlanVersion], version: int | None, *, now: dt.datetime
) -> PlanVersion:
    """Which one is meant: never one that has begun."""
    if version is None:
        return _only(each for each in standing(versions) if each.effective_from > now)
    found = next((each for each in versions if each.version == version), None)
    if found is None:
        raise NotFoundError("version", f"there is no version {version}")
    if found.withdrawn_at is None and found.effective_from <= now:
        said = found.effective_from.isoformat(timespec="seconds")
        raise InvalidError("version", f"version {version} began at {said}: set another instead")
    return found


def _only(waiting: Iterable[PlanVersion]) -> PlanVersion:
    found = list(waiting)
    if not found:
        raise NotFoundError("plan", "there is none that has not begun")
    if len(found) > 1:
        said = ", ".join(
            f"{each.version} from {each.effective_from.isoformat(timespec='seconds')}"
            for each in found
        )
        raise InvalidError("version", f"say which of those that have not begun: {said}")
    return found[0]
