"""Lines of an open month: approved by somebody else than who did the work, held and released."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from billing.errors import StaleError
from billing.months.approving import approve
from billing.months.closing import close
from billing.months.history import events_of
from billing.months.holding import hold, release
from billing.months.records import Status
from billing.months.statuses import move
from care.errors import InvalidError, RefusedError, TakenError
from tests.integration.billing.clinic import NOW, OCTOBER, Clinic, local
from tests.integration.billing.exporting import furnished
from tests.integration.billing.october import approved, lines_of, locked, seen, statuses
from tests.integration.billing.sending import taken


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
