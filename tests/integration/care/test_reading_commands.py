"""`hearthbeat reading`: what a reading is, and whose it becomes."""

import asyncio
import json
from uuid import UUID

import pytest

from care.registry import find_organisation, find_patient
from store.commit_batch import commit
from store.pool import connect
from tests.ids import without_ids
from tests.integration.care.test_commands import PASSWORD, Terminal
from tests.rows import MEASURED, RECEIVED, reading, row


@pytest.fixture
def terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, database: str
) -> Terminal:
    made = Terminal(capsys, monkeypatch, database)
    made.done("organisation", "add", "Oak Street", "--time-zone", "Europe/Berlin")
    made.done("patient", "add", "A-1", "--given-name", "Ann", "--family-name", "Archer")
    made.done("patient", "add", "B-2", "--given-name", "Bob", "--family-name", "Baker")
    made.done("user", "add", "joy", "--role", "nurse", "--password-stdin", typed=PASSWORD + "\n")
    return made


@pytest.fixture
def measured(database: str, terminal: Terminal) -> str:  # noqa: ARG001 - sets the clinic up
    """The id of a reading of patient A-1."""

    async def stored() -> UUID:
        conn = await connect(database, application_name="tests")
        try:
            clinic = (await find_organisation(conn, None)).id
            patient = (await find_patient(conn, clinic, "A-1")).id
            one = row(
                reading(measured_at=MEASURED, values={"systolic": 173.0, "diastolic": 81.0}),
                organisation_id=clinic,
                patient_id=patient,
            )
            await commit(conn, [one], received_at=RECEIVED)
            return one.reading.id
        finally:
            await conn.close()

    return str(asyncio.run(stored()))


def test_an_ordinary_reading_is_shown_without_its_values(terminal: Terminal, measured: str) -> None:
    said = terminal.done("reading", "show", measured)
    for part in (measured, "blood_pressure", "2026-11-20T13:15:05", "A-1", "assigned", "E4:F5"):
        assert part in said
    assert "173" not in without_ids(said)
    assert "Nobody has said since whose it is." in said
    told = json.loads(terminal.done("reading", "show", measured, "--json"))
    assert (told["reading"]["mrn"], told["changes"]) == ("A-1", [])
    assert "values" not in told["reading"]
    unknown = "00000000-0000-0000-0000-00000000000f"
    assert f"there is no reading {unknown}" in terminal.refused("reading", "show", unknown)


def test_a_reading_changes_hands_in_somebodys_name(terminal: Terminal, measured: str) -> None:
    move = ("reading", "reassign", measured, "--reason", "she told us", "--by", "joy")
    said = terminal.done(*move, "--patient", "B-2")
    assert said == f"Reading {measured} (blood_pressure) was patient A-1's, is patient B-2's now.\n"
    again = terminal.done(*move, "--patient", "B-2")
    assert again == f"Nothing to change: reading {measured} is patient B-2's already.\n"
    assert "is nobody's now." in terminal.done(*move, "--nobody")
    told = json.loads(terminal.done("reading", "show", measured, "--json"))
    assert [(each["username"], each["why"]) for each in told["changes"]] == [
        ("joy", "she told us"),
        ("joy", "she told us"),
    ]
    assert "she told us" in terminal.done("reading", "show", measured)
    wrong = (*move[:-1], "jay", "--nobody")
    assert "there is no user 'jay'" in terminal.refused(*wrong)
