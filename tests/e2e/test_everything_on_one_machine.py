"""`hearthbeat up --demo` and `replay`, as a person would call them."""

import json
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from hearthbeat.embedded import mosquitto
from tests.e2e.alerting import a_confirmed_value_is_in_the_nurses_queue
from tests.e2e.machine import (
    get,
    is_alive,
    processes_of,
    readings,
    said_by,
    sign_in,
    until,
    up,
)

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket, pytest.mark.timeout(900)]

SHARED = Path(__file__).parents[3] / "shared" / "data"


@pytest.mark.skipif(mosquitto.find() is None, reason="mosquitto is not installed")
def test_readings_of_simulated_homes_arrive_through_mosquitto(tmp_path: Path) -> None:
    with up(tmp_path, "mosquitto", "--homes", "1") as (_, ready):
        token = sign_in(ready, "nurse")
        assert until(lambda: readings(ready, token), within_s=90)


@pytest.mark.timeout(1200)
def test_a_system_is_stopped_and_started_and_killed_and_started_and_works_each_time(
    tmp_path: Path,
) -> None:
    with up(tmp_path, "amqtt", "--homes", "1") as (process, first):
        assert set(first) >= {"console", "api", "fhir", "mqtt", "database", "users"}
        assert set(first["users"]) >= {"admin", "nurse", "biller", "patient"}
        assert get(first["console"] + "/readyz")["ready"]
        token = sign_in(first, "nurse")
        before = ids(until(lambda: readings(first, token), within_s=90))
        it_ends_and_leaves_nothing(process, tmp_path)
    with up(tmp_path, "amqtt", "--homes", "1") as (process, second):
        assert second["users"] == first["users"]
        token = sign_in(second, "nurse")
        found = ids(readings(second, token))
        assert before <= found
        until(lambda: ids(readings(second, token)) - found, within_s=90)
        assert "radio is silent" not in (tmp_path / "data" / "logs" / "homes.log").read_text()
        another_on_its_directory_is_refused_in_words(tmp_path)
        nothing_is_left_when_it_is_killed(process)
    with up(tmp_path, "amqtt", "--homes", "0") as (_, third):
        assert get(third["console"] + "/readyz")["ready"]
        a_confirmed_value_is_in_the_nurses_queue(third)


def ids(found: Any) -> set[str]:
    return {one["id"] for one in found}


def it_ends_and_leaves_nothing(process: subprocess.Popen[str], tmp_path: Path) -> None:
    started = processes_of(process.pid)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output
    assert output.endswith("Stopped.\n")
    assert not [pid for pid in started if is_alive(pid)]
    assert not (tmp_path / "ready.json").exists()


def another_on_its_directory_is_refused_in_words(tmp_path: Path) -> None:
    status, said = said_by("up", "--data", str(tmp_path / "data"), tmp_path=tmp_path)
    assert status == 1
    assert "is in use by another `hearthbeat up`" in said
    status, said = said_by("doctor", tmp_path=tmp_path)
    assert status == 0, said
    assert "what is committed survives a crash of the database" in said


def nothing_is_left_when_it_is_killed(process: subprocess.Popen[str]) -> None:
    started = processes_of(process.pid)
    assert len(started) >= 5
    process.kill()
    process.wait()
    until(lambda: not [pid for pid in started if is_alive(pid)], within_s=90)


DIARY = (
    "04-21-1991\t9:09\t58\t100\n"
    "04-21-1991\t9:09\t33\t009\n"
    "04-22-1991\t7:35\t58\t0Hi\n"
    "\t138\t33\t3A\n"
    "05-01-1990\t00:10\t64\t0\n"
)
PRESSURES = (
    "DateTime,Month,Sys.mmHg.,Dias.mmHg.,Pulse.bpm.\n"
    "2019-08-01 09:15:54,8,132,80,79\n"
    "2019-08-01 09:15:54,8,132,80,79\n"
    "2019-07-30 13:47:46,7,130,81,\n"
)
WEIGHTS = "Id,Day,WeightKg,Fat,BMI\n1,2016-05-02,52.5999984741211,22.0,22.65\n2,2016-05-02,,,\n"


def replay(tmp_path: Path, *options: str) -> tuple[int, dict[str, Any]]:
    for name, text in (("diary", DIARY), ("pressures.csv", PRESSURES), ("weights.csv", WEIGHTS)):
        (tmp_path / name).write_text(text)
    files = [str(tmp_path / name) for name in ("diary", "pressures.csv", "weights.csv")]
    status, said = said_by("replay", *files, "--json", *options, tmp_path=tmp_path)
    return status, json.loads(said[said.index("\n{") :] if not said.startswith("{") else said)


def test_every_row_of_a_recording_is_accounted_for_and_a_second_time_nothing_is_new(
    tmp_path: Path,
) -> None:
    options = ("--data", str(tmp_path / "data"), "--zone", "America/Chicago")
    status, first = replay(tmp_path, *options)
    assert status == 0, first
    assert first["accounted_for"]
    assert (first["read"], first["refused"], first["stored"]) == (10, 3, 5)
    assert (first["repeated"], first["quarantined"], first["missing"]) == (1, 1, 0)
    assert first["reasons"]["quarantined"] == {"implausible:glucose": 1}
    assert first["reasons"]["refused"] == {
        "insulin dose, not a measurement": 1,
        "no date": 1,
        "no value": 1,
    }
    assert first["new"] == 7
    status, second = replay(tmp_path, *options)
    assert status == 0
    assert (second["new"], second["stored"], second["duplicate"]) == (0, 0, 5)


@pytest.mark.skipif(not SHARED.exists(), reason="the real recordings (../shared/data) are absent")
def test_the_real_recordings_go_through_the_whole_line(tmp_path: Path) -> None:
    files = [
        *sorted((SHARED / "smbg-aim94").glob("data-*")),
        SHARED / "home-bp" / "bp_jhs.csv",
        SHARED / "home-weight" / "weightLogInfo_merged.csv",
    ]
    status, said = said_by(
        *("replay", *map(str, files), "--json", "--ephemeral", "--zone", "America/Chicago"),
        tmp_path=tmp_path,
    )
    found = json.loads(said[said.index("\n{") :])
    assert status == 0, {key: found[key] for key in found if key != "files"}
    assert (found["read"], found["refused"], found["quarantined"]) == (16_787, 9_167, 2)
    assert (found["stored"], found["missing"], found["different"]) == (7_618, 0, 0)
