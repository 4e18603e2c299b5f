"""Plans in memory, for who evaluates: each version decoded once, equal parts kept once.

Ten thousand patients mostly have the rules of a few programmes. A rule that says the same is the
same object here, so that who evaluates can also group patients by it.
"""

import datetime as dt
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from typing import Final, TypeVar
from uuid import UUID

from msgspec.structs import replace

from care.plans import QUERIES, plan_of
from care.programme import Plan
from store.pool import Connection

MOST: Final = 50_000
"""Versions kept; those that nobody asked for the longest are read again when needed."""

T = TypeVar("T", bound=Hashable)


class PlanShelf:
    """Versions by id. What a version says never changes; only its end does, and is asked anew."""

    def __init__(self, *, most: int = MOST) -> None:
        self._most = most
        self._plans: OrderedDict[UUID, Plan] = OrderedDict()
        self._parts: dict[Hashable, Hashable] = {}

    def __len__(self) -> int:
        return len(self._plans)

    def get(self, plan_id: UUID, *, effective_to: dt.datetime | None) -> Plan | None:
        plan = self._plans.get(plan_id)
        if plan is None:
            return None
        self._plans.move_to_end(plan_id)
        if plan.effective_to != effective_to:
            plan = self._plans[plan_id] = replace(plan, effective_to=effective_to)
        return plan

    def put(self, plan: Plan) -> Plan:
        """The plan with its parts shared; forgets the one that was not asked for the longest."""
        kept = replace(
            plan,
            programme=self._shared(plan.programme),
            measures=self._shared(plan.measures),
            rules=self._shared(tuple(self._shared(rule) for rule in plan.rules)),
            ladders=self._shared(plan.ladders),
            hours=self._shared(plan.hours),
            silence=self._shared(plan.silence),
        )
        self._plans[kept.id] = kept
        if len(self._plans) > self._most:
            self._plans.popitem(last=False)
        return kept

    def _shared(self, part: T) -> T:
        if len(self._parts) > self._most:
            # Parts of plans long gone: what is still in use comes back as it is read.
            self._parts.clear()
        found = self._parts.setdefault(part, part)
        assert isinstance(found, type(part))  # noqa: S101 - equal parts are of one type
        return found


async def plans_between(
    conn: Connection,
    patients: Iterable[UUID],
    since: dt.datetime,
    *,
    shelf: PlanShelf,
) -> dict[UUID, tuple[Plan, ...]]:
    """Each patient's versions that hold at `since` or later, in order; patients without, none.

    No organisation is asked for: patients' ids are unique, and evaluation is for all of them.
    """
    standing = await conn.fetch(QUERIES["standing"], list(patients), since)
    ends: dict[UUID, dt.datetime | None] = {row["id"]: row["effective_to"] for row in standing}
    found = {id_: shelf.get(id_, effective_to=end) for id_, end in ends.items()}
    missing = [id_ for id_, plan in found.items() if plan is None]
    if missing:
        for row in await conn.fetch(QUERIES["bodies"], missing):
            found[row["id"]] = shelf.put(plan_of(Plan, dict(row)))
    plans: dict[UUID, list[Plan]] = {}
    for plan in found.values():
        if plan is not None:
            plans.setdefault(plan.patient_id, []).append(plan)
    return {patient: tuple(versions) for patient, versions in plans.items()}
