"""What is held when its month is locked may have lost what it rests on before it is released; and
what an adjustment adds is approved by the same checks as anything else.
"""

import datetime as dt
from pathlib import Path
from uuid import UUID

import pytest

from billing.months.approving import approve
from billing.months.closing import close
from billing.months.holding import hold, release
from billing.months.records import Status
from billing.months.review import review_of
from billing.months.settling import decide
from billing.months.statuses import move
from care.errors import InvalidError, TakenError
from tests.integration.billing.clinic import NOW, OCTOBER, Clinic, local
from tests.integration.billing.correcting import (
    approved,
    good,
    member_corrected,
    patient_of,
    timed,
    waiting,
)
from tests.integration.billing.exporting import LATER, furnished, locked
from tests.integration.billing.sending import AFTER, answered, claims_in, taken


async def locked_with_all_held(clinic: Clinic) -> dict[UUID, None]:
    await furnished(clinic, patients=1)
    review = await review_of(clinic.conn, clinic.id, OCTOBER, now=LATER)
    await close(
        clinic.conn, clinic.id, OCTOBER, etag=review.etag, hold_rest="not yet",
        actor=clinic.people["biller"], now=LATER,
    )  # fmt: skip
    return dict.fromkeys(
        row["id"] for row in await clinic.conn.fetch("SELECT id FROM billing_lines")
    )


async def standing(clinic: Clinic) -> dict[str, str]:
    rows = await clinic.conn.fetch("SELECT code, status FROM billing_lines")
    return {row["code"]: row["status"] for row in rows}


async def forgotten(clinic: Clinic) -> None:
    """Twenty minutes more, written down late."""
    await clinic.worked(
        await patient_of(clinic), local(dt.date(2026, 10, 28)), 20, now=AFTER,
        late_for_locked_month=True, reason="forgotten",
    )  # fmt: skip


@pytest.mark.parametrize("minutes", [None, 15])
async def test_a_held_line_of_which_the_time_is_gone_is_not_billed(
    clinic: Clinic, tmp_path: Path, minutes: int | None
) -> None:
    lines = await locked_with_all_held(clinic)
    await timed(clinic, minutes)
    # Nobody has looked at the month since.
    with pytest.raises(TakenError, match="99457 is not what was locked any more"):
        await release(clinic.conn, clinic.id, lines, actor=clinic.people["biller"], now=AFTER)
    (found,) = await waiting(clinic)
    assert (found.direction, [each.code for each in found.removed]) == ("down", ["99457"])
    others = {
        row["id"]: None
        for row in await clinic.conn.fetch("SELECT id FROM billing_lines WHERE code <> '99457'")
    }
    await release(clinic.conn, clinic.id, others, actor=clinic.people["biller"], now=AFTER)
    await approved(clinic, "clinician")
    there = await standing(clinic)
    assert there["99457"] == "void"
    assert there.get("99470") == (None if minutes is None else "held")
    await approve(clinic.conn, clinic.id, others, actor=clinic.people["clinician"], now=AFTER)
    await taken(clinic, tmp_path / "sent")
    ((frequency, _, codes),) = claims_in(tmp_path / "sent")
    assert (frequency, sorted(codes.split())) == ("1", ["99453", "99454", "99454"])
    assert await good(clinic)


async def test_a_released_line_is_approved_only_as_it_is_worked_out_by_then(clinic: Clinic) -> None:
    lines = await locked_with_all_held(clinic)
    await release(clinic.conn, clinic.id, lines, actor=clinic.people["biller"], now=AFTER)
    await timed(clinic, None)
    with pytest.raises(TakenError, match="decide about the adjustment"):
        await approve(clinic.conn, clinic.id, lines, actor=clinic.people["clinician"], now=AFTER)
    (found,) = await waiting(clinic)
    await decide(
        clinic.conn, clinic.id, found.id, approve=False, reason="it was hers after all",
        actor=clinic.people["biller"], now=AFTER,
    )  # fmt: skip
    await approve(clinic.conn, clinic.id, lines, actor=clinic.people["clinician"], now=AFTER)
    assert set((await standing(clinic)).values()) == {"approved"}


async def test_what_was_approved_and_is_no_more_is_not_sent_before_it_is_decided_about(
    clinic: Clinic, tmp_path: Path
) -> None:
    await furnished(clinic, patients=1)
    await locked(clinic)
    await timed(clinic, None)
    done = await taken(clinic, tmp_path / "first")
    ((_, _, codes),) = claims_in(tmp_path / "first")
    assert sorted(codes.split()) == ["99453", "99454", "99454"]
    assert [each.reason for each in done.left_out] == [
        "adjustment: it is not what was locked any more"
    ]
    (found,) = await waiting(clinic)
    await decide(
        clinic.conn, clinic.id, found.id, approve=False, reason="it was hers after all",
        actor=clinic.people["biller"], now=AFTER,
    )  # fmt: skip
    await taken(clinic, tmp_path / "second")
    assert claims_in(tmp_path / "second") == [("1", "", "99457")]


async def test_an_add_on_that_comes_after_the_lock_waits_with_its_base(clinic: Clinic) -> None:
    await locked_with_all_held(clinic)
    await forgotten(clinic)
    await approved(clinic, "clinician")
    there = await standing(clinic)
    assert (there["99457"], there["99458"]) == ("held", "held")
    base = await clinic.conn.fetchval("SELECT id FROM billing_lines WHERE code = '99457'")
    await release(clinic.conn, clinic.id, {base: None}, actor=clinic.people["biller"], now=AFTER)
    there = await standing(clinic)
    assert (there["99457"], there["99458"]) == ("ready", "ready")


async def test_an_adjustment_approves_nothing_that_could_not_be_approved(
    clinic: Clinic, tmp_path: Path
) -> None:
    await furnished(clinic, patients=1)
    await locked(clinic)
    await taken(clinic, tmp_path / "first", now=LATER)
    await answered(clinic, "C-1", to=Status.DENIED)
    await forgotten(clinic)
    with pytest.raises(InvalidError, match="billed only with 99457, which does not stand"):
        await approved(clinic, "clinician")


async def test_what_is_new_of_a_patient_without_a_number_is_not_approved(clinic: Clinic) -> None:
    await furnished(clinic, patients=1)
    await clinic.conn.execute("UPDATE coverages SET member_id = NULL")
    await timed(clinic, None)
    review = await review_of(clinic.conn, clinic.id, OCTOBER, now=LATER)
    await close(
        clinic.conn, clinic.id, OCTOBER, etag=review.etag, hold_rest="not yet",
        actor=clinic.people["biller"], now=LATER,
    )  # fmt: skip
    await forgotten(clinic)
    with pytest.raises(InvalidError, match="member number with the payer is missing"):
        await approved(clinic, "clinician")
    await member_corrected(clinic)
    by = {each.direction: each for each in await waiting(clinic)}
    for way in ("details", "up"):
        await decide(
            clinic.conn, clinic.id, by[way].id, approve=True, actor=clinic.people["clinician"],
            now=AFTER,
        )  # fmt: skip
    assert (await standing(clinic))["99457"] == "approved"


async def test_an_add_on_is_held_where_its_base_is_void_and_not_approved_with_a_denied_one(
    clinic: Clinic, tmp_path: Path
) -> None:
    await furnished(clinic, patients=1)
    await clinic.worked(await patient_of(clinic), local(dt.date(2026, 10, 28)), 20, now=NOW)
    await locked(clinic)
    rows = await clinic.conn.fetch("SELECT id, code FROM billing_lines")
    base, more = (
        next(row["id"] for row in rows if row["code"] == code) for code in ("99457", "99458")
    )
    await hold(
        clinic.conn, clinic.id, {more: None}, reason="x", actor=clinic.people["biller"], now=LATER
    )
    await taken(clinic, tmp_path / "first", now=LATER)
    await move(
        clinic.conn, clinic.id, [base], Status.DENIED, reason="x", actor=clinic.people["biller"],
        now=LATER,
    )  # fmt: skip
    await release(clinic.conn, clinic.id, {more: None}, actor=clinic.people["biller"], now=LATER)
    with pytest.raises(InvalidError, match="billed only with 99457"):
        await approve(
            clinic.conn, clinic.id, {more: None}, actor=clinic.people["clinician"], now=LATER
        )
    await move(
        clinic.conn, clinic.id, [base], Status.VOID, reason="x", actor=clinic.people["biller"],
        now=LATER,
    )  # fmt: skip
    assert (await standing(clinic))["99458"] == "held"
