"""A month's life: approved, held, locked by one of two, and adjusted by a second person after."""

import asyncio
import datetime as dt
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from billing.corrections import Change, correct
from billing.errors import StaleError
from billing.months.adjustment_list import adjustments_of
from billing.months.approving import approve
from billing.months.closing import close
from billing.months.history import events_of
from billing.months.holding import hold, release
from billing.months.looking_after import look_after
from billing.months.reading import head_of, patient_of
from billing.months.records import Status
from billing.months.review import months_of, review_of
from billing.months.settling import decide
from billing.months.statuses import move
from billing.months.verifying import verify
from billing.months.views import Review
from care.errors import InvalidError, RefusedError, TakenError
from store.pool import Pool
from tests.integration.billing.clinic import DAY, NOW, OCTOBER, Clinic, local
from tests.integration.billing.exporting import furnished
from tests.integration.billing.sending import taken

MINUTE = dt.timedelta(minutes=1)
LATER = NOW + 2 * DAY


async def seen(clinic: Clinic, now: dt.datetime = NOW) -> Review:
    return await review_of(clinic.conn, clinic.id, OCTOBER, now=now)


def lines_of(review: Review) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for row in review.rows:
        found |= {cell.line_id: cell.version for cell in row.cells if cell.line_id is not None}
    return found


async def approved(clinic: Clinic, who: str = "clinician", now: dt.datetime = NOW) -> Review:
    await approve(
        clinic.conn, clinic.id, lines_of(await seen(clinic, now)), actor=clinic.people[who], now=now
    )
    return await seen(clinic, now)


async def locked(clinic: Clinic, **options: Any) -> Review:
    review = await approved(clinic)
    await close(
        clinic.conn, clinic.id, OCTOBER, etag=review.etag, actor=clinic.people["biller"], now=NOW,
        **options,
    )  # fmt: skip
    return await seen(clinic)


async def statuses(clinic: Clinic, now: dt.datetime = LATER) -> dict[str, int]:
    return (await seen(clinic, now)).statuses


async def test_nobody_approves_time_of_their_own(clinic: Clinic) -> None:
    await clinic.billable()
    lines = lines_of(await seen(clinic))
    with pytest.raises(RefusedError, match="time of your own"):
        await approve(clinic.conn, clinic.id, lines, actor=clinic.people["nurse"], now=NOW)
    assert await statuses(clinic, NOW) == {"ready": 4}
    review = await approved(clinic)
    assert review.statuses == {"approved": 4}


async def test_what_changes_after_its_approval_waits_for_another_one(clinic: Clinic) -> None:
    patient = await clinic.billable()
    await approved(clinic)
    await clinic.worked(patient, local(dt.date(2026, 10, 20)), 5, now=NOW)
    review = await seen(clinic)
    assert review.statuses == {"approved": 3, "ready": 1}
    (line,) = [c.line_id for c in review.rows[0].cells if c.status is Status.READY]
    assert line is not None
    told = [each.reason for each in await events_of(clinic.conn, clinic.id, line)]
    assert told[-1] == "what it says has changed since it was approved"


async def test_a_line_is_approved_as_it_was_looked_at(clinic: Clinic) -> None:
    patient = await clinic.billable()
    lines = lines_of(await seen(clinic))
    await clinic.worked(patient, local(dt.date(2026, 10, 20)), 5, now=NOW)
    await seen(clinic)
    with pytest.raises(StaleError, match="1 of 4 lines"):
        await approve(clinic.conn, clinic.id, lines, actor=clinic.people["clinician"], now=NOW)


async def test_without_who_is_billed_to_nothing_is_approved(clinic: Clinic) -> None:
    patient = await clinic.billable()
    await clinic.conn.execute("UPDATE coverages SET member_id = NULL")
    review = await seen(clinic)
    assert review.statuses == {"draft": 4}
    with pytest.raises(InvalidError, match="member number"):
        await approved(clinic)
    await clinic.conn.execute("UPDATE coverages SET member_id = 'X' WHERE patient_id = $1", patient)
    assert await statuses(clinic, NOW) == {"ready": 4}


async def test_a_held_line_is_released_with_a_word(clinic: Clinic) -> None:
    await clinic.billable()
    actor = clinic.people["biller"]
    line, version = next(iter(lines_of(await seen(clinic)).items()))
    with pytest.raises(InvalidError) as refused:
        await hold(clinic.conn, clinic.id, {line: version}, reason=" ", actor=actor, now=NOW)
    assert refused.value.field == "reason"
    await hold(clinic.conn, clinic.id, {line: version}, reason="ask Ana", actor=actor, now=NOW)
    review = await seen(clinic)
    assert {c.held for c in review.rows[0].cells} == {"", "ask Ana"}
    await release(clinic.conn, clinic.id, {line: None}, reason="she knows", actor=actor, now=NOW)
    assert await statuses(clinic, NOW) == {"ready": 4}


async def test_an_add_on_goes_with_its_base_and_never_alone(clinic: Clinic, tmp_path: Path) -> None:
    """T-7: approved with or after it, held with it, in no claim without it."""
    await furnished(clinic, patients=1)
    patient = await clinic.conn.fetchval("SELECT id FROM patients")
    await clinic.worked(patient, local(dt.date(2026, 10, 20)), 20, now=NOW)
    await seen(clinic)
    rows = await clinic.conn.fetch("SELECT id, code FROM billing_lines")
    line = {row["code"]: row["id"] for row in rows}
    who: dict[str, Any] = {"actor": clinic.people["clinician"], "now": NOW}
    with pytest.raises(InvalidError, match="99458 is billed only with 99457: approve that"):
        await approve(clinic.conn, clinic.id, {line["99458"]: None}, **who)
    await approve(clinic.conn, clinic.id, dict.fromkeys(row["id"] for row in rows), **who)
    held = await hold(clinic.conn, clinic.id, {line["99457"]: None}, reason="ask Ana", **who)
    assert {each.line_id for each in held} == {line["99457"], line["99458"]}
    review = await seen(clinic)
    assert {c.code: c.held for c in review.rows[0].cells if c.held} == {
        "99457": "ask Ana", "99458": "with 99457: ask Ana",
    }  # fmt: skip
    await release(clinic.conn, clinic.id, {line["99457"]: None}, reason="she knows", **who)
    assert await statuses(clinic, NOW) == {"approved": 3, "ready": 2}
    await approve(clinic.conn, clinic.id, {line["99457"]: None}, **who)
    await approve(clinic.conn, clinic.id, {line["99458"]: None}, **who)
    # Where its base cannot be sent, it is not sent either.
    await hold(clinic.conn, clinic.id, {line["99457"]: None}, reason="once more", **who)
    await release(clinic.conn, clinic.id, {line["99458"]: None}, reason="by hand", **who)
    await clinic.conn.execute("UPDATE billing_lines SET status = 'approved' WHERE code = '99458'")
    await close(
        clinic.conn, clinic.id, OCTOBER, etag=(await seen(clinic)).etag, hold_rest="rest",
        actor=clinic.people["biller"], now=NOW,
    )  # fmt: skip
    claims = await taken(clinic, tmp_path / "sent")
    reasons = {each.line_id: each.reason for each in claims.left_out}
    assert "99458 goes only with 99457, which is not sent" in reasons[line["99458"]]


async def test_a_month_that_is_not_over_is_not_locked(clinic: Clinic) -> None:
    now = local(dt.date(2026, 10, 31), 23, 59)
    with pytest.raises(InvalidError, match="is not over yet"):
        await close(clinic.conn, clinic.id, OCTOBER, etag="", actor=None, now=now)


async def test_what_nobody_has_decided_is_held_with_a_reason_or_stops_the_lock(
    clinic: Clinic,
) -> None:
    await clinic.billable()
    etag = (await seen(clinic)).etag
    actor = clinic.people["biller"]
    with pytest.raises(InvalidError, match="4 lines are neither approved nor held"):
        await close(clinic.conn, clinic.id, OCTOBER, etag=etag, actor=actor, now=NOW)
    head = await close(
        clinic.conn, clinic.id, OCTOBER, etag=etag, hold_rest="asked about", actor=actor, now=NOW
    )
    assert (head.version, head.locked_by) == (1, "The biller")
    assert await statuses(clinic) == {"held": 4}


async def test_nobody_locks_what_they_have_not_seen(clinic: Clinic) -> None:
    patient = await clinic.billable()
    review = await approved(clinic)
    await clinic.measured(patient, dt.date(2026, 10, 25), 1)
    with pytest.raises(StaleError, match="has changed since you looked"):
        await close(
            clinic.conn,
            clinic.id,
            OCTOBER,
            etag=review.etag,
            actor=clinic.people["biller"],
            now=NOW,
        )


async def test_of_two_who_lock_at_once_exactly_one_does(clinic: Clinic, pool: Pool) -> None:
    await clinic.billable()
    etag = (await approved(clinic)).etag

    async def locks(who: str) -> Any:
        async with pool.acquire() as conn:
            return await close(
                conn, clinic.id, OCTOBER, etag=etag, actor=clinic.people[who], now=NOW
            )

    for_each = [locks("biller"), locks("biller2")]
    first, second = await asyncio.gather(*for_each, return_exceptions=True)
    failed = [each for each in (first, second) if isinstance(each, BaseException)]
    assert [type(each) for each in failed] == [TakenError]
    assert "lock" in str(failed[0])
    assert await clinic.conn.fetchval("SELECT count(*) FROM billing_seals") == 1
    with pytest.raises(TakenError, match="has been locked by The biller"):
        await locks("biller")


async def test_a_locked_month_is_proved_by_its_hashes(clinic: Clinic) -> None:
    await clinic.billable("Able")
    await clinic.billable("Baker")
    review = await locked(clinic)
    assert review.state == "locked"
    (checked,) = [each async for each in verify(clinic.conn, clinic.id, OCTOBER)]
    assert (checked.good, checked.patients, checked.sha256) == (True, 2, review.head.sha256)
    with pytest.raises(asyncpg.RestrictViolationError):
        await clinic.conn.execute(
            "UPDATE billing_month_patients SET sorts_by = '' WHERE version = 1"
        )
    await clinic.conn.execute(
        "ALTER TABLE billing_month_patients DISABLE TRIGGER billing_month_patients_sealed"
    )
    await clinic.conn.execute(
        "UPDATE billing_month_patients SET body = jsonb_set(body, '{who,mrn}', '\"other\"')"
        " WHERE version = 1 AND body->'who'->>'family_name' = 'Baker'"
    )
    (checked,) = [each async for each in verify(clinic.conn, clinic.id)]
    assert (checked.good, len(checked.faults)) == (False, 2)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("UPDATE billing_months SET version = 0, locked_at = NULL", "at version 0"),
        ("UPDATE billing_lines SET status = 'exported' WHERE code = '99457'", "1 lines stand"),
        ("DELETE FROM billing_holds", ""),
    ],
)
async def test_a_month_that_is_opened_behind_its_back_is_seen(
    clinic: Clinic, change: str, why: str
) -> None:
    await clinic.billable()
    await locked(clinic)
    if "billing_months" in change:
        with pytest.raises(asyncpg.RestrictViolationError, match="is not opened again"):
            await clinic.conn.execute(change)
        await clinic.conn.execute("ALTER TABLE billing_months DISABLE TRIGGER USER")
    await clinic.conn.execute(change)
    (checked,) = [each async for each in verify(clinic.conn, clinic.id)]
    assert checked.good == (not why)
    assert why in " ".join(checked.faults)


async def test_what_was_locked_stays_as_it_was_whatever_happens_to_names_and_fees(
    clinic: Clinic,
) -> None:
    patient = await clinic.billable()
    await locked(clinic)
    before = await patient_of(clinic.conn, clinic.id, OCTOBER, patient, now=NOW)
    await clinic.conn.execute("UPDATE patients SET family_name = 'Changed'")
    await clinic.conn.execute("UPDATE payers SET name = 'Changed'")
    await clinic.conn.execute(
        "WITH made AS (INSERT INTO fee_schedules (organisation_id, name, effective_from, version,"
        " sha256, imported_at) VALUES ($1, 'dear', '2026-01-01', 2, '', now()) RETURNING id)"
        " INSERT INTO fees (schedule_id, organisation_id, code, amount, charge)"
        " SELECT id, $1, '99454', 99, 99 FROM made",
        clinic.id,
    )
    after = await patient_of(clinic.conn, clinic.id, OCTOBER, patient, now=LATER)
    assert after == before
    # Names are told, and wait for somebody; a fee of what is locked is none.
    (found,) = await adjustments_of(clinic.conn, clinic.id, OCTOBER)
    assert [each.name for each in found.details] == ["patient_name", "payer"]


async def exported(clinic: Clinic, to: Status = Status.PAID) -> None:
    lines = list(lines_of(await locked(clinic)))
    biller = clinic.people["biller"]
    await move(clinic.conn, clinic.id, lines, Status.EXPORTED, actor=biller, now=NOW)
    if to is not Status.EXPORTED:
        await move(clinic.conn, clinic.id, lines, to, actor=biller, claim_number="C-1", now=NOW)


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


async def test_a_correction_after_the_lock_starts_the_clock_of_what_was_paid(
    clinic: Clinic,
) -> None:
    await clinic.billable()
    await exported(clinic)
    entry = await clinic.conn.fetchval("SELECT id FROM time_entries")
    await correct(
        clinic.conn, clinic.id, entry, Change(minutes=15), reason="read the wrong clock",
        actor=clinic.people["nurse"], of_anybody=False, now=LATER,
    )  # fmt: skip
    await seen(clinic, LATER)
    (found,) = await adjustments_of(clinic.conn, clinic.id)
    assert found.direction == "down"
    assert ([e.code for e in found.removed], [e.code for e in found.added]) == (
        ["99457"],
        ["99470"],
    )
    assert found.overpayment_identified_on == LATER.date()
    assert found.report_and_return_by == LATER.date() + 60 * DAY
    await decide(
        clinic.conn, clinic.id, found.id, approve=True, actor=clinic.people["clinician"], now=LATER
    )
    assert await statuses(clinic) == {"approved": 1, "paid": 3}
    told = await clinic.conn.fetch("SELECT code, status, original_claim FROM billing_lines")
    assert {row["code"]: row["status"] for row in told}["99457"] == "corrected"
    assert {row["code"]: row["original_claim"] for row in told}["99470"] == "C-1"


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


async def test_nothing_is_billed_twice(clinic: Clinic) -> None:
    """Neither by another month, whose periods would lie elsewhere, nor by the table."""
    patient = await clinic.billable()
    await locked(clinic)
    await clinic.conn.execute("UPDATE consents SET given_at = '2026-10-16T04:00Z'")
    await clinic.measured(patient, dt.date(2026, 10, 22), 30)
    now = local(dt.date(2026, 12, 2))
    november = await patient_of(clinic.conn, clinic.id, "2026-11", patient, now=now)
    assert "ALREADY_BILLED" in {each.reason for each in november.not_eligible}
    assert "supply" not in {each.scope for each in november.lines}
    line = await clinic.conn.fetchrow("SELECT * FROM billing_lines WHERE scope = 'supply' LIMIT 1")
    assert line is not None
    with pytest.raises(asyncpg.ExclusionViolationError, match="is billed already"):
        await clinic.conn.execute(
            "INSERT INTO billing_lines (id, organisation_id, patient_id, month_id, stretch_id,"
            " service, scope, code, units, dos, window_from, window_to, content, status,"
            " changed_at) VALUES (gen_random_uuid(), $1, $2, $3, $4, 'rtm', 'supply', '98976', 1,"
            " $5, $5, $5, $6, 'approved', now())",
            clinic.id, patient, line["month_id"], line["stretch_id"], line["window_to"],
            line["content"],
        )  # fmt: skip


@pytest.mark.parametrize(
    ("to", "why"), [(Status.PAID, "does not become paid"), (Status.APPROVED, "by itself")]
)
async def test_a_line_goes_one_step_after_the_other(clinic: Clinic, to: Status, why: str) -> None:
    await clinic.billable()
    lines = list(lines_of(await locked(clinic)))
    with pytest.raises((TakenError, InvalidError), match=why):
        await move(clinic.conn, clinic.id, lines, to, actor=None, now=NOW)


async def test_nothing_of_an_open_month_is_sent(clinic: Clinic) -> None:
    await clinic.billable()
    lines = list(lines_of(await approved(clinic)))
    with pytest.raises(TakenError, match="is not locked"):
        await move(clinic.conn, clinic.id, lines, Status.EXPORTED, actor=None, now=NOW)


async def test_months_are_listed_with_how_far_they_are(clinic: Clinic) -> None:
    await clinic.billable()
    await locked(clinic)
    (row,) = await months_of(clinic.conn, clinic.id, now=NOW)
    assert (row.month, row.state, row.version, row.patients) == (OCTOBER, "locked", 1, 1)
    assert row.statuses == {"approved": 4}
    assert str(row.charge) == "355.40"


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


async def test_a_month_without_anybody_is_not_listed(clinic: Clinic) -> None:
    await clinic.billable()
    await seen(clinic)
    assert (await review_of(clinic.conn, clinic.id, "2026-03", now=NOW)).rows == ()
    assert [each.month for each in await months_of(clinic.conn, clinic.id, now=NOW)] == [OCTOBER]
