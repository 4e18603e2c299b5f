"""What happens after a month was locked is found, and waits for a second person."""

import datetime as dt
from typing import Any

import pytest

from billing.corrections import Change, correct
from billing.months.adjustment_list import adjustments_of
from billing.months.looking_after import look_after
from billing.months.reading import head_of
from billing.months.records import Status
from billing.months.settling import decide
from billing.months.verifying import verify
from care.errors import InvalidError, RefusedError, TakenError
from tests.integration.billing.clinic import NOW, OCTOBER, Clinic, local
from tests.integration.billing.october import LATER, exported, locked, seen, statuses


async def test_an_entry_in_a_locked_month_is_refused_with_the_way_out(clinic: Clinic) -> None:
    patient = await clinic.billable()
    await locked(clinic)
    at = local(dt.date(2026, 10, 28))
    with pytest.raises(InvalidError, match="October 2026, which is locked"):
        await clinic.worked(patient, at, 15, now=LATER)
    with pytest.raises(InvalidError) as refused:
        await clinic.worked(patient, at, 15, now=LATER, late_for_locked_month=True)
    assert refused.value.field == "reason"
    # On both sides of the border there is no fault.
    await clinic.worked(patient, local(dt.date(2026, 11, 1), 0), 15, now=LATER)
    with pytest.raises(InvalidError):
        await clinic.worked(patient, local(dt.date(2026, 10, 31), 23, 59), 2, now=LATER)


async def test_a_late_entry_becomes_an_adjustment_that_another_person_approves(
    clinic: Clinic,
) -> None:
    patient = await clinic.billable()
    await exported(clinic)
    await clinic.worked(
        patient, local(dt.date(2026, 10, 28)), 15, now=LATER, late_for_locked_month=True,
        reason="forgotten",
    )  # fmt: skip
    review = await seen(clinic, LATER)
    assert review.open_adjustments == 1
    assert review.statuses == {"paid": 4}
    (found,) = await adjustments_of(clinic.conn, clinic.id, OCTOBER)
    assert (found.direction, found.removed) == ("up", ())
    assert [(each.code, each.units) for each in found.added] == [("99458", 1)]
    assert found.causes[0]["kind"] == "entry added"
    with pytest.raises(RefusedError, match="change of your own"):
        await decide(
            clinic.conn, clinic.id, found.id, approve=True, actor=clinic.people["nurse"], now=LATER
        )
    done = await decide(
        clinic.conn, clinic.id, found.id, approve=True, actor=clinic.people["clinician"], now=LATER
    )
    assert (done.decision, done.version) == ("approved", 2)
    head = await head_of(clinic.conn, clinic.id, OCTOBER, now=LATER)
    assert head.version == 2
    assert await statuses(clinic) == {"approved": 1, "paid": 4}
    assert [each.good async for each in verify(clinic.conn, clinic.id)] == [True, True]
    with pytest.raises(TakenError, match="approved already"):
        await decide(
            clinic.conn, clinic.id, found.id, approve=True, actor=clinic.people["admin"], now=LATER
        )


async def test_a_late_reading_is_an_adjustment_and_nothing_changes_by_itself(
    clinic: Clinic,
) -> None:
    patient = await clinic.patient()
    await clinic.measured(patient, dt.date(2026, 10, 2), 15)
    await exported(clinic, Status.EXPORTED)
    # Sent by the hub of a home without a line for some days.
    await clinic.measured(patient, dt.date(2026, 10, 30), 1, received=local(dt.date(2026, 11, 4)))
    assert await statuses(clinic) == {"exported": 2}
    (found,) = await adjustments_of(clinic.conn, clinic.id)
    assert (found.direction, [e.code for e in found.added]) == ("up", ["99454"])
    assert found.causes == ({"kind": "readings arrived", "of": "2026-10-30", "readings": 1},)


async def test_a_dismissed_adjustment_stays_so_until_the_facts_change_again(
    clinic: Clinic,
) -> None:
    patient = await clinic.billable()
    await exported(clinic)
    late: dict[str, Any] = {"now": LATER, "late_for_locked_month": True, "reason": "forgotten"}
    await clinic.worked(patient, local(dt.date(2026, 10, 28)), 15, **late)
    await seen(clinic, LATER)
    (found,) = await adjustments_of(clinic.conn, clinic.id)
    biller = clinic.people["biller"]
    with pytest.raises(InvalidError):
        await decide(clinic.conn, clinic.id, found.id, approve=False, actor=biller, now=LATER)
    await decide(
        clinic.conn, clinic.id, found.id, approve=False, reason="too late to bill", actor=biller,
        now=LATER,
    )  # fmt: skip
    assert (await seen(clinic, LATER)).open_adjustments == 0
    await clinic.worked(patient, local(dt.date(2026, 10, 29)), 25, **late)
    assert (await seen(clinic, LATER)).open_adjustments == 1


async def test_a_newer_finding_stands_in_place_of_one_that_waits(clinic: Clinic) -> None:
    patient = await clinic.billable()
    await exported(clinic)
    late: dict[str, Any] = {"now": LATER, "late_for_locked_month": True, "reason": "forgotten"}
    entry = await clinic.worked(patient, local(dt.date(2026, 10, 28)), 15, **late)
    await seen(clinic, LATER)
    await correct(
        clinic.conn, clinic.id, entry, Change(withdraw=True), reason="another patient's",
        actor=clinic.people["nurse"], of_anybody=False, now=LATER,
    )  # fmt: skip
    assert (await seen(clinic, LATER)).open_adjustments == 0
    assert [e.decision for e in await adjustments_of(clinic.conn, clinic.id)] == ["superseded"]


async def test_a_change_that_moves_no_line_is_on_record_and_waits_for_nobody(
    clinic: Clinic,
) -> None:
    patient = await clinic.billable()
    await exported(clinic)
    await clinic.measured(patient, dt.date(2026, 10, 30), 1, received=local(dt.date(2026, 11, 4)))
    assert (await seen(clinic, LATER)).open_adjustments == 0
    (found,) = await adjustments_of(clinic.conn, clinic.id)
    assert (found.direction, found.decision, found.removed) == ("none", "dismissed", ())
    assert found.causes[0]["kind"] == "readings arrived"


@pytest.mark.parametrize(("hours", "looked_at"), [(23, 0), (24, 0), (25, 1)])
async def test_locked_months_are_looked_at_once_a_day(
    clinic: Clinic, hours: int, looked_at: int
) -> None:
    patient = await clinic.billable()
    await exported(clinic)
    await clinic.worked(
        patient, local(dt.date(2026, 10, 28)), 15, now=LATER, late_for_locked_month=True,
        reason="forgotten",
    )  # fmt: skip
    now = NOW + dt.timedelta(hours=hours)
    assert await look_after(clinic.conn, now=now) == looked_at
    assert len(await adjustments_of(clinic.conn, clinic.id)) == looked_at
