"""What a payer answers to what was sent is said at a line that is held by now, which goes on being
held; and a line that is billed no more is not kept back any more.
"""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from billing.months.approving import approve
from billing.months.history import events_of
from billing.months.holding import hold, release
from billing.months.records import Status
from billing.months.review import review_of
from billing.months.statuses import move
from care.errors import TakenError
from tests.integration.billing.clinic import DAY, NOW, OCTOBER, Clinic
from tests.integration.billing.correcting import (
    approved,
    good,
    member_corrected,
    statuses,
    timed,
    waiting,
)
from tests.integration.billing.exporting import furnished, locked
from tests.integration.billing.sending import AFTER, claims_in, sent, taken

LATER = AFTER + DAY


async def corrected_and_held(clinic: Clinic, tmp_path: Path, **options: Any) -> list[UUID]:
    """Sent, corrected since, and held before it went again."""
    await sent(clinic, tmp_path, **options)
    await member_corrected(clinic)
    await approved(clinic)
    lines = [row["id"] for row in await clinic.conn.fetch("SELECT id FROM billing_lines")]
    await hold(
        clinic.conn, clinic.id, dict.fromkeys(lines), reason="ask the patient first",
        actor=clinic.people["biller"], now=AFTER,
    )  # fmt: skip
    return lines


async def said(clinic: Clinic, to: Status, lines: list[UUID], claim: str | None) -> None:
    done = await move(
        clinic.conn, clinic.id, lines, to, reason="as the payer said",
        actor=clinic.people["biller"], now=LATER, claim_number=claim,
    )  # fmt: skip
    assert {each.line_id for each in done} == set(lines)


async def goes_on(clinic: Clinic, lines: list[UUID]) -> None:
    those = dict.fromkeys(lines)
    await release(clinic.conn, clinic.id, those, actor=clinic.people["biller"], now=LATER)
    await approve(clinic.conn, clinic.id, those, actor=clinic.people["clinician"], now=LATER)


@pytest.mark.parametrize(
    ("to", "claim", "goes"),
    [
        (Status.ACCEPTED, "C-1", ("7", "C-1")),
        (Status.PAID, "C-1", ("7", "C-1")),
        (Status.DENIED, "C-1", ("7", "C-1")),
        (Status.DENIED, None, ("1", "")),
    ],
)
async def test_what_the_payer_answers_to_a_held_line_is_kept_and_it_goes_on_being_held(
    clinic: Clinic, tmp_path: Path, to: Status, claim: str | None, goes: tuple[str, str]
) -> None:
    lines = await corrected_and_held(clinic, tmp_path)
    await said(clinic, to, lines, claim)
    assert await statuses(clinic) == {"held"}
    review = await review_of(clinic.conn, clinic.id, OCTOBER, now=LATER)
    assert {cell.held for cell in review.rows[0].cells} == {"ask the patient first"}
    told = [
        (each.was, each.status, each.reason)
        for each in await events_of(clinic.conn, clinic.id, lines[0])
    ]
    assert told[-2:] == [
        (Status.HELD, to, "as the payer said"),
        (to, Status.HELD, f"what was {to} is what was sent: as corrected since, it is held"),
    ]
    assert await good(clinic)
    await goes_on(clinic, lines)
    await taken(clinic, tmp_path / "again", now=LATER)
    assert claims_in(tmp_path / "again")[0][:2] == goes


async def test_what_was_paid_while_it_was_held_starts_the_clock_as_any_other(
    clinic: Clinic, tmp_path: Path
) -> None:
    lines = await corrected_and_held(clinic, tmp_path)
    await said(clinic, Status.PAID, lines, "C-1")
    await timed(clinic, None)
    (found,) = await waiting(clinic, LATER)
    assert (found.direction, found.overpayment_identified_on) == ("down", LATER.date())


async def test_of_what_never_went_out_a_payer_has_nothing_to_say(clinic: Clinic) -> None:
    await furnished(clinic, patients=1)
    await locked(clinic)
    lines = [row["id"] for row in await clinic.conn.fetch("SELECT id FROM billing_lines")]
    await hold(
        clinic.conn, clinic.id, dict.fromkeys(lines), reason="x", actor=clinic.people["biller"],
        now=NOW,
    )  # fmt: skip
    with pytest.raises(TakenError, match="held does not become paid"):
        await said(clinic, Status.PAID, lines, None)


async def test_what_is_billed_no_more_is_not_kept_back_any_more(
    clinic: Clinic, tmp_path: Path
) -> None:
    lines = await corrected_and_held(clinic, tmp_path)
    await move(
        clinic.conn, clinic.id, lines[:1], Status.VOID, reason="a test of the scale",
        actor=clinic.people["biller"], now=LATER,
    )  # fmt: skip
    rows = await clinic.conn.fetch(
        "SELECT h.release_reason, h.released_by FROM billing_holds h WHERE h.line_id = $1", lines[0]
    )
    assert [tuple(row) for row in rows] == [("a test of the scale", clinic.people["biller"])]
    review = await review_of(clinic.conn, clinic.id, OCTOBER, now=LATER)
    held = {cell.line_id: cell.held for cell in review.rows[0].cells if cell.line_id}
    assert (held[lines[0]], held[lines[1]]) == ("", "ask the patient first")
    assert await good(clinic)


async def test_what_stands_in_the_place_of_a_held_line_is_held_for_the_same_reason(
    clinic: Clinic,
) -> None:
    await furnished(clinic, patients=1)
    await locked(clinic)
    line = await clinic.conn.fetchval("SELECT id FROM billing_lines WHERE code = '99457'")
    await hold(
        clinic.conn, clinic.id, {line: None}, reason="ask Ana", actor=clinic.people["biller"],
        now=NOW,
    )  # fmt: skip
    await timed(clinic, 15)
    await approved(clinic, "clinician")
    rows = await clinic.conn.fetch(
        "SELECT l.code, h.reason, h.released_at IS NULL AS holds FROM billing_holds h"
        " JOIN billing_lines l ON l.id = h.line_id ORDER BY l.code"
    )
    assert [tuple(row) for row in rows] == [("99457", "ask Ana", False), ("99470", "ask Ana", True)]
