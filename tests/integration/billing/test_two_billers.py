"""Of each line that is sent somebody else than the sender has approved what it says (L-5); and two
billers are enough for that, whoever has approved what.
"""

import datetime as dt
from pathlib import Path
from uuid import UUID

import pytest
from msgspec.structs import replace

from billing.exports.ledger import Wanted
from billing.exports.manifest import FileKind
from billing.exports.run import run_export
from billing.months.approving import approve, approve_too, approvers_of
from billing.months.history import events_of
from billing.months.holding import hold, release
from billing.months.records import Status
from care.errors import RefusedError, TakenError
from tests.integration.billing.clinic import DAY, OCTOBER, Clinic
from tests.integration.billing.correcting import approved, good, member_corrected, statuses
from tests.integration.billing.sending import AFTER, answered, claims_in, sent
from tests.unit.billing.exports.readers import csv_rows

LATER = AFTER + DAY


async def approved_by_two(clinic: Clinic, tmp_path: Path) -> tuple[UUID, list[UUID]]:
    """A claim that was paid, and of which each line was corrected since: one of them was approved
    anew by one biller, the others by the other.
    """
    await sent(clinic, tmp_path)
    rows = await clinic.conn.fetch("SELECT id, code FROM billing_lines")
    one = next(row["id"] for row in rows if row["code"] == "99457")
    await answered(clinic, "C-1")
    await member_corrected(clinic, who="admin")
    await approved(clinic, "biller2")
    await hold(
        clinic.conn, clinic.id, {one: None}, reason="to look again",
        actor=clinic.people["biller2"], now=LATER,
    )  # fmt: skip
    await release(clinic.conn, clinic.id, {one: None}, actor=clinic.people["biller2"], now=LATER)
    await approve(clinic.conn, clinic.id, {one: None}, actor=clinic.people["biller"], now=LATER)
    return one, [row["id"] for row in rows if row["id"] != one]


def asked(clinic: Clinic, who: str) -> Wanted:
    return Wanted(
        month=OCTOBER, kind=FileKind.X12, purpose="claims", who=who,
        requested_by=clinic.people[who],
    )  # fmt: skip


async def test_a_replacement_that_two_have_approved_goes_when_one_approves_the_others_line_too(
    clinic: Clinic, tmp_path: Path
) -> None:
    one, others = await approved_by_two(clinic, tmp_path)
    # Neither can send it as it is: each would send what nobody else has approved.
    for who in ("biller", "biller2"):
        with pytest.raises(RefusedError, match="or approve them too"):
            await run_export(clinic.conn, clinic.id, asked(clinic, who), tmp_path / who, now=LATER)
    done = await approve_too(
        clinic.conn, clinic.id, {one: None}, actor=clinic.people["biller2"],
        now=LATER + dt.timedelta(hours=1),
    )  # fmt: skip
    assert [(each.line_id, each.status) for each in done] == [(one, Status.APPROVED)]
    by = await approvers_of(clinic.conn, clinic.id, [one, *others])
    assert list(by[one].values()) == ["The biller", "The biller2"]
    assert {tuple(by[each].values()) for each in others} == {("The biller2",)}
    with pytest.raises(RefusedError, match="you have approved 3 lines"):
        await run_export(
            clinic.conn, clinic.id, asked(clinic, "biller2"), tmp_path / "b2", now=LATER
        )
    await run_export(clinic.conn, clinic.id, asked(clinic, "biller"), tmp_path / "out", now=LATER)
    ((frequency, original, codes),) = claims_in(tmp_path / "out")
    assert (frequency, original, len(codes.split())) == ("7", "C-1", 4)
    assert await statuses(clinic) == {"exported"}
    told = [
        (each.actor_name, each.was, each.status, each.reason)
        for each in await events_of(clinic.conn, clinic.id, one)
    ]
    assert told[-2:] == [
        ("The biller2", Status.APPROVED, Status.APPROVED, "approved by a second person"),
        ("The biller", Status.APPROVED, Status.EXPORTED, ""),
    ]
    assert await good(clinic)


async def test_what_is_changed_back_rests_on_no_approval_of_before_it_was_changed(
    clinic: Clinic, tmp_path: Path
) -> None:
    await sent(clinic, tmp_path)
    was = await clinic.conn.fetchval("SELECT member_id FROM coverages")
    await answered(clinic, "C-1")
    await member_corrected(clinic, who="admin")
    await approved(clinic, "biller2")
    await run_export(clinic.conn, clinic.id, asked(clinic, "biller"), tmp_path / "one", now=LATER)
    back = LATER + DAY
    await member_corrected(clinic, was, who="admin", now=back)
    await approved(clinic, "biller2", now=back)
    # It says again what the clinician approved before it was first sent.
    rows = await clinic.conn.fetch("SELECT id FROM billing_lines")
    by = await approvers_of(clinic.conn, clinic.id, [row["id"] for row in rows])
    assert [list(those.values()) for those in by.values()] == [["The biller2"]] * len(rows)
    with pytest.raises(RefusedError, match="you have approved 4 lines"):
        await run_export(
            clinic.conn, clinic.id, asked(clinic, "biller2"), tmp_path / "two", now=back
        )
    done = await run_export(
        clinic.conn, clinic.id, asked(clinic, "biller"), tmp_path / "three", now=back
    )
    assert done.marked == len(rows)


async def test_what_nobodys_approval_stands_of_is_sent_by_nobody_until_somebody_approves_it_too(
    clinic: Clinic, tmp_path: Path
) -> None:
    await sent(clinic, tmp_path)
    await answered(clinic, None, to=Status.DENIED)
    await member_corrected(clinic, who="admin")
    await approved(clinic, "biller")
    rows = await clinic.conn.fetch("SELECT id FROM billing_lines")
    lines, who = {row["id"]: None for row in rows}, clinic.people["biller2"]
    # Another machine's clock is a second ahead of the one by which it is approved anew.
    ahead = LATER + dt.timedelta(seconds=1)
    await hold(clinic.conn, clinic.id, lines, reason="to look again", actor=who, now=ahead)
    await release(clinic.conn, clinic.id, lines, actor=who, now=ahead)
    await approve(clinic.conn, clinic.id, lines, actor=who, now=LATER)
    assert await approvers_of(clinic.conn, clinic.id, lines) == {}
    with pytest.raises(RefusedError, match="or approve them too"):
        await run_export(
            clinic.conn, clinic.id, asked(clinic, "biller2"), tmp_path / "one", now=ahead
        )
    await approve_too(clinic.conn, clinic.id, lines, actor=clinic.people["admin"], now=ahead)
    done = await run_export(
        clinic.conn, clinic.id, asked(clinic, "biller2"), tmp_path / "two", now=ahead
    )
    assert done.marked == len(rows)


async def test_a_second_person_is_another_one_and_answers_for_no_time_of_their_own(
    clinic: Clinic, tmp_path: Path
) -> None:
    one, others = await approved_by_two(clinic, tmp_path)
    with pytest.raises(TakenError, match="a second person is another"):
        await approve_too(
            clinic.conn, clinic.id, {one: None}, actor=clinic.people["biller"], now=LATER
        )
    with pytest.raises(RefusedError, match="time of your own"):
        await approve_too(
            clinic.conn, clinic.id, {one: None}, actor=clinic.people["nurse"], now=LATER
        )
    # All or none; and what was held has to be approved anew by both.
    await approve_too(
        clinic.conn, clinic.id, {one: None}, actor=clinic.people["biller2"], now=LATER
    )
    held = LATER + DAY
    await hold(
        clinic.conn, clinic.id, {one: None}, reason="once more", actor=clinic.people["biller"],
        now=held,
    )  # fmt: skip
    with pytest.raises(TakenError, match="99457 is held: only what is approved"):
        await approve_too(
            clinic.conn, clinic.id, dict.fromkeys([*others, one]), actor=clinic.people["biller"],
            now=held,
        )  # fmt: skip
    assert one not in await approvers_of(clinic.conn, clinic.id, [one])
    await release(clinic.conn, clinic.id, {one: None}, actor=clinic.people["biller"], now=held)
    await approve(clinic.conn, clinic.id, {one: None}, actor=clinic.people["biller2"], now=held)
    assert list((await approvers_of(clinic.conn, clinic.id, [one]))[one].values()) == [
        "The biller2"
    ]


async def test_a_file_without_a_line_says_that_somebody_else_may_approve_it_too(
    clinic: Clinic, tmp_path: Path
) -> None:
    await sent(clinic, tmp_path, patients=2)
    await answered(clinic, None, to=Status.DENIED)
    await member_corrected(clinic, who="admin")
    await approved(clinic, "biller2")
    rows = await clinic.conn.fetch("SELECT id FROM billing_lines WHERE status = 'approved'")
    line = rows[0]["id"]
    await approve_too(
        clinic.conn, clinic.id, {line: None}, actor=clinic.people["clinician"], now=LATER
    )
    done = await run_export(
        clinic.conn, clinic.id, replace(asked(clinic, "biller2"), purpose="again"),
        tmp_path / "some", now=LATER,
    )  # fmt: skip
    assert done.marked == 1
    problems = [
        row for row in csv_rows(tmp_path / "some" / "problems.csv") if row["field"] == "approval"
    ]
    assert len(problems) == len(rows) - 1
    assert "approve the line too" in problems[0]["what_to_do"]
