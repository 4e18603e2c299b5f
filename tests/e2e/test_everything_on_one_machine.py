"""`hearthbeat up --demo` and `replay`, as a person would call them."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest

from hearthbeat.embedded import mosquitto

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket, pytest.mark.timeout(240)]

READY_WITHIN_S = 60
SHARED = Path(__file__).parents[3] / "shared" / "data"

BROKERS = [
    pytest.param(
        "mosquitto",
        marks=pytest.mark.skipif(mosquitto.find() is None, reason="mosquitto is not installed"),
    ),
    "amqtt",
]


def hearthbeat(*arguments: str, tmp_path: Path) -> subprocess.Popen[str]:
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("HB_")},  # noqa: TID251
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "hearthbeat", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    )


def said_by(*arguments: str, tmp_path: Path) -> tuple[int, str]:
    process = hearthbeat(*arguments, tmp_path=tmp_path)
    output, _ = process.communicate(timeout=200)
    return process.returncode, output


def until(found: Callable[[], Any], *, within_s: float) -> Any:
    give_up = time.monotonic() + within_s
    while not (result := found()):
        assert time.monotonic() < give_up, "it did not happen in time"
        time.sleep(0.1)
    return result


@contextmanager
def up(
    tmp_path: Path, broker: Literal["mosquitto", "amqtt"], *options: str
) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    ready = tmp_path / "ready.json"
    ready.unlink(missing_ok=True)  # One that was killed has left its own.
    process = hearthbeat(
        *("up", "--demo", "--data", str(tmp_path / "data"), "--port", "0", "--mqtt-port", "0"),
        *("--broker", broker, "--ready-file", str(ready), "--quiet", "--patients", "0", *options),
        tmp_path=tmp_path,
    )
    try:
        until(lambda: ready.exists() or process.poll() is not None, within_s=READY_WITHIN_S)
        assert process.poll() is None, process.communicate()[0]
        yield process, json.loads(ready.read_text())
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=60)
        process.kill()


def get(url: str, token: str = "") -> Any:
    request = urllib.request.Request(url)  # noqa: S310 - Our own.
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return json.loads(answer.read())


def sign_in(ready: dict[str, Any], role: str) -> str:
    request = urllib.request.Request(  # noqa: S310
        ready["api"] + "/login",
        data=json.dumps(ready["users"][role]).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return str(json.loads(answer.read())["token"])


def readings(ready: dict[str, Any], token: str) -> list[Any]:
    patients = get(f"{ready['api']}/patients", token)["items"]
    return [
        reading
        for patient in patients
        for reading in get(f"{ready['api']}/patients/{patient['id']}/readings", token)["items"]
    ]


def processes_of(pid: int) -> list[int]:
    """Our children, and theirs."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout.split()
    parents = dict(zip(map(int, listed[::2]), map(int, listed[1::2]), strict=True))
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def is_alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize("broker", BROKERS)
def test_readings_of_simulated_homes_arrive(
    broker: Literal["mosquitto", "amqtt"], tmp_path: Path
) -> None:
    with up(tmp_path, broker, "--homes", "1") as (process, ready):
        assert set(ready) >= {"console", "api", "fhir", "mqtt", "database", "users"}
        assert set(ready["users"]) >= {"admin", "nurse", "biller", "patient"}
        assert get(ready["console"] + "/readyz")["ready"]
        token = sign_in(ready, "nurse")
        assert until(lambda: readings(ready, token), within_s=60)
        started = processes_of(process.pid)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    assert output.endswith("Stopped.\n")
    assert not [pid for pid in started if is_alive(pid)]
    assert not (tmp_path / "ready.json").exists()


def test_a_second_start_finds_what_the_first_has_left(tmp_path: Path) -> None:
    with up(tmp_path, "amqtt", "--homes", "1") as (_, first):
        token = sign_in(first, "nurse")
        before = until(lambda: readings(first, token), within_s=60)
    with up(tmp_path, "amqtt", "--homes", "0") as (_, second):
        assert second["users"] == first["users"]
        after = readings(second, sign_in(second, "nurse"))
    assert {one["id"] for one in before} <= {one["id"] for one in after}


def test_a_second_start_is_as_lively_as_the_first(tmp_path: Path) -> None:
    with up(tmp_path, "amqtt", "--homes", "1") as (_, first):
        token = sign_in(first, "nurse")
        until(lambda: readings(first, token), within_s=60)
    with up(tmp_path, "amqtt", "--homes", "1") as (_, second):
        token = sign_in(second, "nurse")
        before = {one["id"] for one in readings(second, token)}
        until(lambda: {one["id"] for one in readings(second, token)} - before, within_s=60)
    assert "radio is silent" not in (tmp_path / "data" / "logs" / "homes.log").read_text()


def test_nothing_is_left_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    with up(tmp_path, "amqtt", "--homes", "1") as (process, _):
        started = processes_of(process.pid)
        assert len(started) >= 5
        process.kill()
        process.wait()
        until(lambda: not [pid for pid in started if is_alive(pid)], within_s=30)
    with up(tmp_path, "amqtt", "--homes", "0") as (_, ready):
        assert get(ready["console"] + "/readyz")["ready"]


def test_two_systems_on_one_directory_are_refused_in_words(tmp_path: Path) -> None:
    with up(tmp_path, "amqtt", "--homes", "0"):
        status, said = said_by("up", "--data", str(tmp_path / "data"), tmp_path=tmp_path)
        assert status == 1
        assert "is in use by another `hearthbeat up`" in said
        status, said = said_by("doctor", tmp_path=tmp_path)
        assert status == 0, said
        assert "what is committed survives a crash of the database" in said


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
