"""`hearthbeat audit`, and what other commands leave in the log."""

import asyncio
import json
from pathlib import Path

import asyncpg
import pytest

from tests.integration.care.test_commands import Terminal


@pytest.fixture
def terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, database: str
) -> Terminal:
    made = Terminal(capsys, monkeypatch, database)
    made.done("organisation", "add", "Oak Street")
    made.done("patient", "add", "A-1", "--given-name", "Ann", "--family-name", "Archer")
    made.done("patient", "list")
    return made


def asked(database: str, statement: str) -> list[asyncpg.Record]:
    async def work() -> list[asyncpg.Record]:
        conn = await asyncpg.connect(database)
        try:
            await conn.execute("ALTER TABLE audit DISABLE TRIGGER audit_append_only")
            return list(await conn.fetch(statement))
        finally:
            await conn.close()

    return asyncio.run(work())


def test_a_command_is_in_the_log_without_what_was_typed(terminal: Terminal, database: str) -> None:
    del terminal
    rows = asked(database, "SELECT * FROM audit ORDER BY position")
    patient = asked(database, "SELECT id FROM patients")[0]["id"]
    assert [(row["via"], row["action"]) for row in rows] == [
        ("command", "ran “patient add” about"),
        ("command", "ran “patient list” about"),
    ]
    assert [row["patients"] for row in rows] == [[patient], [patient]]
    assert "Archer" not in str(rows)
    assert "A-1" not in str(rows)


def test_a_sound_log_is_called_so(terminal: Terminal) -> None:
    assert "Oak Street: 2 rows, as they were written." in terminal.done("audit", "verify")
    (row,) = json.loads(terminal.done("audit", "verify", "--json"))
    assert (row["name"], row["size"], row["sound"], row["fault"]) == ("Oak Street", 2, True, None)
    assert "no audit log" in terminal.refused("audit", "verify", "--organisation", "Elm Street")


def test_a_changed_row_is_named_and_the_command_fails(terminal: Terminal, database: str) -> None:
    asked(database, "UPDATE audit SET actor_name = 'x' WHERE position = 2 RETURNING 1")
    status, said, _ = terminal.said("audit", "verify")
    assert status == 1
    assert "Oak Street: NOT as it was written. Row 2: this row was changed" in said


def test_a_cut_tail_is_found_with_a_checkpoint(
    terminal: Terminal, database: str, tmp_path: Path
) -> None:
    file = tmp_path / "checkpoints"
    terminal.done("audit", "checkpoint", str(file))
    assert json.loads(terminal.done("audit", "checkpoint"))["size"] == 2
    assert "as they were written" in terminal.done("audit", "verify", "--checkpoint", str(file))
    asked(database, "DELETE FROM audit WHERE position = 2 RETURNING 1")
    assert "only a checkpoint kept elsewhere can show" in terminal.done("audit", "verify")
    status, said, _ = terminal.said("audit", "verify", "--checkpoint", str(file))
    assert status == 1
    assert "Row 2: the end was cut off: there were 2 rows at" in said
    file.write_text("nonsense\n")
    assert "line 1" in terminal.refused("audit", "verify", "--checkpoint", str(file))
