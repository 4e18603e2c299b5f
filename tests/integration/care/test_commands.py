"""The administration commands, from a clinic's first hour to its first departure."""

import asyncio
import io
import json
import re
from pathlib import Path

import pytest

from hearthbeat import cli
from store.pool import connect

PASSWORD = "correct horse battery"


class Terminal:
    """Calls `hearthbeat` on one database and keeps what it prints."""

    def __init__(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, dsn: str
    ) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch
        monkeypatch.setenv("HB_DATABASE_URL", dsn)

    def done(self, *words: str, typed: str = "") -> str:
        status, out, err = self.said(*words, typed=typed)
        assert status == 0, err
        return out

    def refused(self, *words: str, typed: str = "") -> str:
        status, _, err = self.said(*words, typed=typed)
        assert status != 0
        return err

    def said(self, *words: str, typed: str = "") -> tuple[int, str, str]:
        self._monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        self._capsys.readouterr()
        status = cli.run(list(words))
        captured = self._capsys.readouterr()
        return status, captured.out, captured.err


@pytest.fixture
def terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, database: str
) -> Terminal:
    return Terminal(capsys, monkeypatch, database)


def test_a_clinic_is_set_up_and_a_device_changes_hands(terminal: Terminal) -> None:
    terminal.done("organisation", "add", "Oak Street", "--time-zone", "Europe/Berlin")
    terminal.done("patient", "add", "A-1", "--given-name", "Ann", "--family-name", "Archer")
    terminal.done("patient", "add", "B-2", "--given-name", "Bob", "--family-name", "Baker")
    code = terminal.done("gateway", "add", "gw-1", "--label", "Kit 1")
    assert re.search(r"([A-Z2-7]{4}-){7}[A-Z2-7]{4}", code)
    terminal.done("device", "add", "a0:b1:c2:d3:e4:f5", "--gateway", "gw-1")
    terminal.done(
        "device", "assign", "A0:B1:C2:D3:E4:F5", "A-1", "--from", "2026-11-01T09:00+01:00"
    )
    taken = terminal.refused("device", "assign", "A0:B1:C2:D3:E4:F5", "B-2")
    assert "device: is assigned from 2026-11-01T08:00:00+00:00" in taken
    terminal.done("device", "unassign", "A0:B1:C2:D3:E4:F5", "--at", "2026-11-20T09:00+01:00")
    terminal.done(
        "device", "assign", "A0:B1:C2:D3:E4:F5", "B-2", "--from", "2026-11-20T09:00+01:00"
    )
    patients = json.loads(terminal.done("patient", "list", "--json"))
    assert [(each["mrn"], each["time_zone"]) for each in patients] == [
        ("A-1", "Europe/Berlin"),
        ("B-2", "Europe/Berlin"),
    ]
    assert "A0:B1:C2:D3:E4:F5" in terminal.done("device", "list")


def test_the_udi_of_a_device_is_said_shown_corrected_and_taken_away(terminal: Terminal) -> None:
    terminal.done("organisation", "add", "Oak Street")
    terminal.done("device", "add", "A0:B1:C2:D3:E4:F5")
    udi = ("device", "udi", "a0b1c2d3e4f5")
    assert terminal.done(*udi) == "Nobody has said one.\n"
    assert "(01)09506000134351" not in terminal.refused(*udi, "(01)09506000134351")
    first, second = "(01)09506000134352(21)S-1", "(01)09506000134352(21)S-2"
    assert terminal.done(*udi, first).endswith(f"It is {first}.\n")
    assert f"say why it is no longer {first}" in terminal.refused(*udi, second)
    terminal.done(*udi, second, "--reason", "misread")
    assert "either a UDI or --remove" in terminal.refused(*udi, first, "--remove")
    terminal.done(*udi, "--remove", "--reason", "another label")
    said = json.loads(terminal.done(*udi, "--json"))
    assert [(each["udi"], each["reason"]) for each in said] == [
        (None, "another label"), (second, "misread"), (first, ""),
    ]  # fmt: skip
    assert terminal.done(*udi).endswith("Nobody has said one.\n")
    terminal.done("device", "add", "A0:B1:C2:D3:E4:F6", "--udi", first)
    assert first in terminal.done("device", "udi", "A0:B1:C2:D3:E4:F6")
    assert "there is no device" in terminal.refused("device", "udi", "A0:B1:C2:D3:E4:F7")


def test_a_device_is_known_however_its_address_is_spelt(terminal: Terminal) -> None:
    terminal.done("organisation", "add", "Oak Street")
    terminal.done("patient", "add", "A-1", "--given-name", "Ann", "--family-name", "Archer")
    assert "A0:B1:C2:D3:E4:F5" in terminal.done("device", "add", "a0-b1-c2-d3-e4-f5")
    terminal.done("device", "assign", "a0b1c2d3e4f5", "A-1")
    assert "there is a device" in terminal.refused("device", "add", "A0B1C2D3E4F5")
    for wrong, why in (
        ("A0:B1:C2:D3:E4", "5 parts instead of 6 pairs"),
        ("A0:B1:C2:D3:E4:FO", "no hexadecimal digit: is it 0?"),
        ("imei-1", "needs --not-bluetooth"),
    ):
        assert why in terminal.refused("device", "add", wrong)
    assert "there is no device A0:B1" in terminal.refused("device", "assign", "A0:B1", "A-1")
    # What is nearly an address is a typing error, whatever is said of it.
    foreign = ("device", "add", "A0:B1:C2:D3:E4", "--not-bluetooth")
    assert "address: 'A0:B1:C2:D3:E4' is no Bluetooth address" in terminal.refused(*foreign)


def test_a_person_is_let_in_and_put_out(terminal: Terminal, tmp_path: Path) -> None:
    terminal.done("organisation", "add", "Oak Street")
    add = ("user", "add", "joy", "--role", "nurse", "--password-stdin")
    assert "at least 12 characters" in terminal.refused(*add, typed="short\n")
    terminal.done(*add, typed=PASSWORD + "\n")
    assert "is in use" in terminal.refused(*add, typed=PASSWORD + "\n")
    terminal.done("user", "password", "joy", "--password-stdin", typed="another " + PASSWORD)
    file = tmp_path / "password"
    file.write_text(f"yet {PASSWORD}\nnot this\n")
    terminal.done("user", "password", "joy", "--password-file", str(file))
    file.write_bytes(b"yet \xff another one\n")
    said = terminal.refused("user", "password", "joy", "--password-file", str(file))
    assert "the password is not in UTF-8" in said
    terminal.done("user", "disable", "joy")
    (joy,) = json.loads(terminal.done("user", "list", "--json"))
    assert joy["disabled_at"] is not None
    assert "password" not in json.dumps(joy)


def test_the_only_administrator_is_not_disabled_by_a_command_either(terminal: Terminal) -> None:
    terminal.done("organisation", "add", "Oak Street")
    for name in ("ann", "ben"):
        add = ("user", "add", name, "--role", "admin", "--password-stdin")
        terminal.done(*add, typed=PASSWORD + "\n")
    terminal.done("user", "disable", "ann")
    assert "the only administrator's" in terminal.refused("user", "disable", "ben")
    assert "there is no user 'nobody'" in terminal.refused("user", "disable", "nobody")


def test_a_person_is_named_changed_and_sets_their_own_password(terminal: Terminal) -> None:
    terminal.done("organisation", "add", "Oak Street")
    add = ("user", "add", "joy", "--role", "nurse", "--name", "Joy Okafor", "--credential", "RN")
    terminal.done(*add, "--password-stdin", typed=PASSWORD + "\n")
    assert "Joy Okafor, clinician" in terminal.done("user", "change", "joy", "--role", "clinician")
    (joy,) = json.loads(terminal.done("user", "list", "--json"))
    assert (joy["display_name"], joy["credential"], joy["role"]) == (
        "Joy Okafor",
        "RN",
        "clinician",
    )
    assert "patients and caregivers" in terminal.refused(
        "user", "change", "joy", "--role", "patient"
    )
    link = terminal.done("user", "invite", "joy").strip()
    assert link.startswith("http://127.0.0.1:8080/sign-in/new-password?code=")
    terminal.done("user", "disable", "joy")
    assert "no such user, or the account is disabled" in terminal.refused("user", "invite", "joy")
    terminal.done("user", "enable", "joy")
    terminal.done("user", "forget-factor", "joy")
    assert "there is no user" in terminal.refused("user", "forget-factor", "nobody")


def test_a_gateway_is_enrolled_here_and_revoked(terminal: Terminal) -> None:
    terminal.done("organisation", "add", "Oak Street")
    terminal.done("gateway", "add", "gw-1")
    assert "MQTT password" in terminal.done("gateway", "enrol", "gw-1", "--here")
    terminal.done("gateway", "revoke", "gw-1")
    assert "not revoked" in terminal.refused("gateway", "enrol", "gw-1")
    assert "gw-1" in terminal.done("gateway", "list")


def test_a_code_says_what_it_is_for(terminal: Terminal) -> None:
    terminal.done("organisation", "add", "Oak Street")
    for made in (
        terminal.done("gateway", "add", "webhook", "--transport", "http"),
        terminal.done("gateway", "enrol", "webhook"),
    ):
        assert re.search(r"Enrolment code +HTTP-([A-Z2-7]{4}-){7}[A-Z2-7]{4}\n", made)
        assert "curl -X POST" in made
        assert "gateway join" not in made
    for made in (terminal.done("gateway", "add", "hub"), terminal.done("gateway", "enrol", "hub")):
        assert re.search(r"Enrolment code +([A-Z2-7]{4}-){7}[A-Z2-7]{4}\n", made)
        assert "hearthbeat gateway join" in made


def test_times_need_their_offset(terminal: Terminal) -> None:
    terminal.done("organisation", "add", "Oak Street")
    terminal.done("patient", "add", "A-1", "--given-name", "Ann", "--family-name", "Archer")
    terminal.done("device", "add", "imei-1", "--not-bluetooth")
    refused = terminal.refused("device", "assign", "imei-1", "A-1", "--from", "2026-11-01T09:00")
    assert "needs its offset from UTC" in refused


def test_migrating_again_and_checking_find_nothing_to_do(terminal: Terminal) -> None:
    assert "up to date" in terminal.done("migrate")
    assert "as described" in terminal.done("migrate", "--check")


def test_an_empty_database_is_explained(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, empty_database: str
) -> None:
    refused = Terminal(capsys, monkeypatch, empty_database).refused("patient", "list")
    assert "run `hearthbeat migrate`" in refused


def test_a_database_of_an_older_program_is_said_in_words(terminal: Terminal, database: str) -> None:
    terminal.done("organisation", "add", "Oak Street")

    async def age() -> None:
        conn = await connect(database, application_name="test")
        try:
            await conn.execute("ALTER TABLE users DROP COLUMN credential")
        finally:
            await conn.close()

    asyncio.run(age())
    assert "run `hearthbeat migrate`" in terminal.refused("user", "list")
