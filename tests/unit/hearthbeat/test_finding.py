"""Which of several systems a command means."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from hearthbeat import cli, finding, running
from hearthbeat.data_directory import opened
from hearthbeat.errors import NotRunning, SeveralRunning
from hearthbeat.running import SYSTEMS, Broker, Ready
from hearthbeat.settings import Database, Settings, Up
from observe import logs

WRONG_CALL = 2


class Machine:
    """Systems that look as if `up` ran them."""

    def __init__(self, place: Path, held: ExitStack) -> None:
        self._place = place
        self._held = held
        self.state = place / "state" / "hearthbeat"

    def start(self, name: str) -> Path:
        """One more, started after the others."""
        directory = self._held.enter_context(opened(self._place / name))
        running.publish(
            Ready(
                console=f"http://{name}.test",
                api="",
                fhir="",
                mqtt=Broker(host="127.0.0.1", port=1),
                database=f"postgresql:///{name}",
                users={},
                data=str(directory.path),
                version="0",
            ),
            [directory.ready_file],
        )
        count = len(list((self.state / SYSTEMS).glob("*")))
        os.utime(running.enlist(self.state, directory.path), (count, count))
        return directory.path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with ExitStack() as held:
        yield Machine(tmp_path, held)


def test_the_only_system_needs_no_name(machine: Machine) -> None:
    machine.start("north")
    assert finding.database_meant(Settings()) == "postgresql:///north"


def test_of_several_none_is_guessed_for_those_who_write(machine: Machine) -> None:
    north, south = machine.start("north"), machine.start("south")
    with pytest.raises(SeveralRunning) as refusal:
        finding.database_meant(Settings())
    assert f"--data {north}" in str(refusal.value)
    assert f"--data {south}" in str(refusal.value)
    assert finding.database_meant(Settings(), data=north) == "postgresql:///north"


def test_of_several_those_who_look_get_the_latest_and_are_told(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.start("north")
    south = machine.start("south")
    assert finding.database_url(Settings()) == "postgresql:///south"
    said = capsys.readouterr()
    assert said.err == f"Of several, the latest is shown: --data {south}\n"
    assert said.out == ""


def test_the_settings_name_the_system_and_an_option_stands_above_them(machine: Machine) -> None:
    north, south = machine.start("north"), machine.start("south")
    settings = Settings(up=Up(data=north))
    assert finding.database_meant(settings) == "postgresql:///north"
    assert finding.database_meant(settings, data=south) == "postgresql:///south"


def test_a_system_that_is_named_and_does_not_run_is_not_replaced_by_another(
    machine: Machine, tmp_path: Path
) -> None:
    machine.start("north")
    for settings, data in (
        (Settings(up=Up(data=tmp_path / "gone")), None),
        (Settings(), tmp_path / "gone"),
    ):
        with pytest.raises(NotRunning, match=r"no `hearthbeat up` runs here on .*gone"):
            finding.database_meant(settings, data=data)


def test_a_database_of_the_settings_is_meant_unless_a_system_is_named(machine: Machine) -> None:
    north = machine.start("north")
    machine.start("south")
    settings = Settings(database=Database(url="postgresql://real/x"))
    assert finding.database_meant(settings) == "postgresql://real/x"
    assert finding.database_meant(settings, data=north) == "postgresql:///north"


def test_a_system_that_left_without_a_word_does_not_count(machine: Machine, tmp_path: Path) -> None:
    machine.start("north")
    running.enlist(machine.state, tmp_path / "killed")
    (machine.state / SYSTEMS / "torn.json").write_text("{")
    assert [ready.database for ready in running.all_running(machine.state)] == [
        "postgresql:///north"
    ]


@pytest.mark.parametrize(
    "call",
    [
        ["organisation", "add", "North"],
        ["patient", "list"],
        ["gateway", "accounts"],
        ["dead-letters", "replay", "--all"],
        ["quarantine", "recheck"],
        ["migrate"],
        ["restore", "file"],
        ["replay", "table.csv"],
        ["ingest"],
    ],
)
def test_no_command_guesses_whose_data_it_touches(
    call: list[str],
    machine: Machine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    # What a process does for itself would outlive this test.
    monkeypatch.setattr(logs, "configure", lambda **_: None)
    (tmp_path / "table.csv").write_text("time,weight\n2026-01-02 08:00,80\n")
    machine.start("north")
    south = machine.start("south")
    assert cli.run(call) == WRONG_CALL
    said = capsys.readouterr().err
    assert "say which is meant, with --data or HB_UP_DATA" in said
    assert f"  --data {south}   (a clinic at http://south.test)" in said


@pytest.mark.parametrize(
    "call",
    [
        *(["organisation", word] for word in ("add", "list")),
        *(["user", word] for word in ("add", "list", "disable", "password")),
        *(["patient", word] for word in ("add", "list")),
        *(["device", word] for word in ("add", "list", "assign", "unassign")),
        *(["gateway", word] for word in ("add", "list", "enrol", "revoke", "accounts", "gaps")),
        *(["dead-letters", word] for word in ("list", "show", "replay")),
        *(["quarantine", word] for word in ("list", "recheck")),
        *([word] for word in ("migrate", "backup", "restore", "doctor", "watch", "replay")),
    ],
)
def test_every_command_that_means_a_system_can_be_told_which(
    call: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run([*call, "--help"]) == 0
    assert "--data " in capsys.readouterr().out
