"""`hearthbeat billing`: a month from the command line, and a file of fees."""

import asyncio
import datetime as dt
import json
from pathlib import Path

import asyncpg
import pytest

from tests.integration.billing.clinic import founded
from tests.integration.care.test_commands import Terminal

MONTH = "2026-10"


@pytest.fixture
def terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, database: str
) -> Terminal:
    async def work() -> None:
        conn = await asyncpg.connect(database)
        try:
            clinic = await founded(conn)
            await clinic.billable()
        finally:
            await conn.close()

    asyncio.run(work())
    return Terminal(capsys, monkeypatch, database)


def changed(database: str, *statements: str) -> None:
    async def work() -> None:
        conn = await asyncpg.connect(database)
        try:
            for statement in statements:
                await conn.execute(statement)
        finally:
            await conn.close()

    asyncio.run(work())


def test_a_month_is_reviewed_locked_and_proved(terminal: Terminal, database: str) -> None:
    said = terminal.done("billing", "review", "--month", MONTH)
    assert "99457" in said
    assert "4 ready" in said
    review = json.loads(terminal.done("billing", "review", "--month", MONTH, "--json"))
    lock = ("billing", "close", "--month", MONTH, "--by", "biller.north")
    assert "has changed since you looked" in terminal.refused(*lock, "--etag", "x")
    assert "4 lines are neither" in terminal.refused(*lock, "--etag", review["etag"])
    said = terminal.done(*lock, "--etag", review["etag"], "--hold-rest", "asked about")
    assert said.startswith("Locked 2026-10, version 1, SHA-256 ")
    assert "has been locked by The biller" in terminal.refused(*lock, "--etag", review["etag"])
    (checked,) = json.loads(terminal.done("billing", "verify", "--json"))
    assert checked["good"]
    changed(
        database,
        "ALTER TABLE billing_month_patients DISABLE TRIGGER billing_month_patients_sealed",
        "UPDATE billing_month_patients SET body = jsonb_set(body, '{lines,0,units}', '2')"
        " WHERE version = 1",
    )
    assert terminal.said("billing", "verify")[0] == 1


def test_what_happened_after_the_lock_is_found(terminal: Terminal, database: str) -> None:
    review = json.loads(terminal.done("billing", "review", "--month", MONTH, "--json"))
    terminal.done(
        *("billing", "close", "--month", MONTH, "--etag", review["etag"], "--hold-rest", "late")
    )
    assert json.loads(terminal.done("billing", "adjustments", "--month", MONTH, "--json")) == []
    changed(
        database,
        "UPDATE readings SET attribution = 'quarantined', patient_id = NULL, reason = 'moved'"
        " WHERE local_day = '2026-10-10'",
    )
    (found,) = json.loads(terminal.done("billing", "adjustments", "--month", MONTH, "--json"))
    assert found["direction"] == "none"
    assert found["causes"][0]["kind"] == "readings taken away"


def test_a_fee_file_is_taken_whole_or_not_at_all(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "fees.csv"
    file.write_text("code,amount\n99454,60.00\n99457,many\n99458,-1\n")
    options = ("--payer", "medicare_ffs", "--effective", "2026-01-01")
    said = terminal.refused("billing", "fees", "import", str(file), *options)
    assert "'many' is no amount" in said
    assert "3" in said
    assert "there is no payer 'blue'" in terminal.refused(
        *("billing", "fees", "import", str(file), "--payer", "blue", "--effective", "2026-01-01")
    )
    file.write_text("code,amount\n99454,60.00\n")
    assert "Imported 1 fees" in terminal.done("billing", "fees", "import", str(file), *options)
    assert "fees.csv" in terminal.done("billing", "fees", "list")
    review = json.loads(terminal.done("billing", "review", "--month", MONTH, "--json"))
    charges = {cell["charge"] for cell in review["rows"][0]["cells"] if cell["code"] == "99454"}
    assert charges == {"60.00"}
    assert dt.date(2026, 1, 1).isoformat() in terminal.done("billing", "fees", "list")
