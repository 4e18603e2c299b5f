"""What was sent and is billed no more is taken back with the payer once, or it is said by whom."""

import datetime as dt
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from billing.corrections import Change, correct
from billing.exports.claims import Which
from billing.exports.ledger import Wanted
from billing.exports.manifest import FileKind
from billing.exports.run import run_export
from billing.months.adjustment_list import adjustments_of
from billing.months.records import Status
from billing.months.review import review_of
from billing.months.settling import decide
from billing.months.statuses import move, number
from billing.months.verifying import verify
from care.errors import TakenError
from tests.integration.billing.clinic import OCTOBER, Clinic
from tests.integration.billing.exporting import furnished, locked
from tests.integration.billing.sending import AFTER, answered, claims_in, sent, taken
from tests.unit.billing.exports.readers import csv_rows


async def withdrawn(clinic: Clinic) -> None:
    """All time of the month was another patient's; somebody else approves what comes of it."""
    for row in await clinic.conn.fetch("SELECT id FROM time_entries WHERE corrects IS NULL"):
        await correct(
            clinic.conn, clinic.id, row["id"], Change(withdraw=True), reason="another patient's",
            actor=clinic.people["nurse"], of_anybody=False, now=AFTER,
        )  # fmt: skip
    await settled(clinic)


async def settled(clinic: Clinic) -> None:
    await review_of(clinic.conn, clinic.id, OCTOBER, now=AFTER)
    for each in await adjustments_of(clinic.conn, clinic.id, OCTOBER):
        if each.decision is None:
            await decide(
                clinic.conn, clinic.id, each.id, approve=True, actor=clinic.people["clinician"],
                now=AFTER,
            )  # fmt: skip


async def status_of(clinic: Clinic, line: UUID) -> str:
    return str(await clinic.conn.fetchval("SELECT status FROM billing_lines WHERE id = $1", line))


async def test_a_claim_of_which_nothing_stands_is_void_and_said_once(
    clinic: Clinic, tmp_path: Path
) -> None:
    lines = await sent(clinic, tmp_path)
    await answered(clinic, "C-1", without=(lines["99457"],))
    await answered(clinic, "C-2")
    await withdrawn(clinic)
    assert await status_of(clinic, lines["99457"]) == "corrected"
    done = await taken(clinic, tmp_path / "second")
    assert claims_in(tmp_path / "second") == [("8", "C-2", "99457")]
    assert (done.taken_back.lines, done.to_take_back, done.totals.lines) == (1, (), 0)
    assert await status_of(clinic, lines["99457"]) == "void"
    again = await taken(clinic, tmp_path / "third")
    assert (again.claims, again.taken_back.lines) == (0, 0)
    # A file that was lost is asked for by name, and only then it goes again.
    lost = await taken(clinic, tmp_path / "lost", Which.AGAIN)
    assert (lost.claims, lost.taken_back.lines) == (1, 1)
    assert await status_of(clinic, lines["99457"]) == "void"
    assert all([each.good async for each in verify(clinic.conn, clinic.id)])
    # In the tables it stands apart: sums of the month can be followed.
    wanted = Wanted(month=OCTOBER, kind=FileKind.CSV, purpose="books", who="The biller")
    books = await run_export(clinic.conn, clinic.id, wanted, tmp_path / "books", now=AFTER)
    (row,) = csv_rows(tmp_path / "books" / "taken_back.csv")
    assert (row["line_id"], row["code"], row["status"], row["payer_told"]) == (
        str(lines["99457"]), "99457", "void", "yes",
    )  # fmt: skip
    assert books.manifest.rows["taken_back"] == 1
    claimed = csv_rows(tmp_path / "books" / "claim_lines.csv")
    assert "99457" not in {each["code"] for each in claimed}


async def test_a_claim_of_which_something_stands_is_replaced_with_all_of_that(
    clinic: Clinic, tmp_path: Path
) -> None:
    """Void, it would take back what is owed."""
    lines = await sent(clinic, tmp_path)
    await answered(clinic, "C-1")
    await withdrawn(clinic)
    done = await taken(clinic, tmp_path / "second")
    ((frequency, original, codes),) = claims_in(tmp_path / "second")
    assert (frequency, original) == ("7", "C-1")
    assert sorted(codes.split()) == ["99453", "99454", "99454"]
    assert (done.taken_back.lines, done.totals.lines) == (1, 3)
    assert await status_of(clinic, lines["99457"]) == "void"
    assert await status_of(clinic, lines["99454"]) == "paid"
    assert (await taken(clinic, tmp_path / "third")).claims == 0


async def test_a_line_that_stands_in_the_place_of_another_takes_its_neighbours_with_it(
    clinic: Clinic, tmp_path: Path
) -> None:
    await sent(clinic, tmp_path)
    await answered(clinic, "C-1")
    entry = await clinic.conn.fetchval("SELECT id FROM time_entries")
    await correct(
        clinic.conn, clinic.id, entry, Change(minutes=15), reason="read the wrong clock",
        actor=clinic.people["nurse"], of_anybody=False, now=AFTER,
    )  # fmt: skip
    await settled(clinic)
    done = await taken(clinic, tmp_path / "second")
    ((frequency, original, codes),) = claims_in(tmp_path / "second")
    assert (frequency, original) == ("7", "C-1")
    assert sorted(codes.split()) == ["99453", "99454", "99454", "99470"]
    assert (done.taken_back.lines, done.to_take_back) == (0, ())
    assert (await taken(clinic, tmp_path / "third")).claims == 0


async def test_without_the_payers_number_it_is_refused_by_name_until_it_is_entered(
    clinic: Clinic, tmp_path: Path
) -> None:
    lines = await sent(clinic, tmp_path)
    await withdrawn(clinic)
    done = await taken(clinic, tmp_path / "second")
    assert done.claims == 0
    assert [each.line_id for each in done.to_take_back] == [lines["99457"]]
    (problem,) = named(tmp_path / "second", lines["99457"])
    assert (problem["weight"], problem["field"], problem["mrn"]) == (
        "left out", "original claim", "M1",
    )  # fmt: skip
    assert "99457 was sent and is billed no more" in problem["problem"]
    await numbered(clinic, lines["99457"], "C-9")
    assert (await taken(clinic, tmp_path / "third")).taken_back.lines == 1
    assert claims_in(tmp_path / "third") == [("8", "C-9", "99457")]


async def test_where_a_payer_reopens_it_is_listed_until_somebody_says_that_it_is_void(
    clinic: Clinic, tmp_path: Path
) -> None:
    lines = await sent(clinic, tmp_path, corrects_by="reopening")
    await answered(clinic, "C-1")
    await withdrawn(clinic)
    for folder in ("second", "third"):
        done = await taken(clinic, tmp_path / folder)
        assert done.claims == 0
        (left,) = done.to_take_back
        assert left.reason.startswith("reopening: to be asked for: 99457 was sent")
        (problem,) = named(tmp_path / folder, lines["99457"])
        assert problem["what_to_do"].startswith("Ask Medicare to reopen the claim")
        assert await status_of(clinic, lines["99457"]) == "corrected"
    await move(
        clinic.conn, clinic.id, [lines["99457"]], Status.VOID, reason="reopened",
        actor=clinic.people["biller"], now=AFTER,
    )  # fmt: skip
    assert (await taken(clinic, tmp_path / "fourth")).to_take_back == ()


@pytest.mark.parametrize("corrects_by", ["replacement", "reopening"])
async def test_what_stands_in_the_place_of_a_sent_line_is_never_a_claim_of_its_own(
    clinic: Clinic, tmp_path: Path, corrects_by: str
) -> None:
    """Whether or not somebody has entered the payer's number: it would be paid twice."""
    await sent(clinic, tmp_path, corrects_by=corrects_by)
    entry = await clinic.conn.fetchval("SELECT id FROM time_entries")
    await correct(
        clinic.conn, clinic.id, entry, Change(minutes=15), reason="read the wrong clock",
        actor=clinic.people["nurse"], of_anybody=False, now=AFTER,
    )  # fmt: skip
    await settled(clinic)
    done = await taken(clinic, tmp_path / "second")
    assert done.claims == 0
    field = {"replacement": "original claim", "reopening": "correction"}[corrects_by]
    fields = {row["field"] for row in csv_rows(tmp_path / "second" / "problems.csv")}
    assert field in fields


async def test_what_was_void_and_is_eligible_again_is_a_new_claim(
    clinic: Clinic, tmp_path: Path
) -> None:
    lines = await sent(clinic, tmp_path)
    await numbered(clinic, lines["99457"], "C-2")
    await withdrawn(clinic)
    await taken(clinic, tmp_path / "second")
    patient = await clinic.conn.fetchval("SELECT id FROM patients")
    await clinic.worked(
        patient, dt.datetime(2026, 10, 6, 14, tzinfo=dt.UTC), 25, now=AFTER,
        late_for_locked_month=True, reason="it was hers after all",
    )  # fmt: skip
    await settled(clinic)
    await taken(clinic, tmp_path / "third")
    assert claims_in(tmp_path / "third") == [("1", "", "99457")]


async def test_a_number_is_of_what_has_gone_out(clinic: Clinic) -> None:
    await furnished(clinic, patients=1)
    await locked(clinic)
    line = await clinic.conn.fetchval("SELECT id FROM billing_lines LIMIT 1")
    with pytest.raises(TakenError, match="never gone out"):
        await numbered(clinic, line, "C-1")


async def numbered(clinic: Clinic, line: UUID, claim: str) -> None:
    await number(
        clinic.conn, clinic.id, {line: None}, claim, actor=clinic.people["biller"], now=AFTER
    )


def named(folder: Path, line: UUID) -> list[dict[str, Any]]:
    return [row for row in csv_rows(folder / "problems.csv") if row["line_id"] == str(line)]
