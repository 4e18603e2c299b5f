"""The hub as a process: what it weighs, how it ends, and what kill -9 costs."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from gateway.clock import ClockRules
from gateway.reading_maker import ReadingMaker
from tests.integration.gateway import writer_process
from tests.integration.gateway.clinic import Clinic, until
from tests.integration.wire.mosquitto import Mosquitto
from tests.unit.gateway.builders import outbox_in
from vitals.reading import Reading
from wire.messages import Presence

MOST_RESIDENT_KB = 60 * 1024
KILLS = 15


@contextmanager
def hub_process(broker: Mosquitto, directory: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "hearthbeat", "gateway"],
        env={
            "PATH": os.defpath,
            "HB_GATEWAY_ID": "gw-1",
            "HB_GATEWAY_DATA_DIR": str(directory),
            "HB_MQTT_URL": f"mqtt://127.0.0.1:{broker.port}",
        },
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def says(process: subprocess.Popen[str], words: str, *, lines: int = 20) -> str:
    """The first log line with these words in it."""
    assert process.stderr is not None
    for _ in range(lines):
        line = process.stderr.readline()
        if words in line:
            return line
    pytest.fail(f"the hub never said {words!r}")


def resident_kb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1])


def test_a_hub_with_bleak_weighs_less_than_60_mb_and_lives_without_an_adapter(
    broker: Mosquitto, tmp_path: Path
) -> None:
    with hub_process(broker, tmp_path / "hub") as process:
        says(process, '"connected": true')
        time.sleep(1)
        weight = resident_kb(process.pid)
        assert process.poll() is None
    print(f"resident: {weight / 1024:.1f} MB")  # noqa: T201 - a number for the report
    assert weight < MOST_RESIDENT_KB


def test_a_hub_that_is_asked_to_stop_leaves_in_good_order(
    broker: Mosquitto, tmp_path: Path
) -> None:
    with hub_process(broker, tmp_path / "hub") as process:
        says(process, '"connected": true')
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0


async def test_a_hub_that_is_killed_is_told_of_by_its_last_will(
    broker: Mosquitto, clinic: Clinic, tmp_path: Path
) -> None:
    with hub_process(broker, tmp_path / "hub") as process:
        await until(lambda: clinic.statuses)
        assert clinic.statuses[-1][1].state is Presence.ONLINE
        process.kill()
        await until(lambda: clinic.statuses[-1][1].state is Presence.OFFLINE)


def test_a_hub_without_an_id_says_what_is_missing(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "hearthbeat", "gateway"],
        env={"PATH": os.defpath, "HB_GATEWAY_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode != 0
    assert "gateway.id" in found.stderr
    assert "Traceback" not in found.stderr


@pytest.mark.timeout(600)
def test_kill_9_loses_no_frame_and_makes_no_reading_twice(tmp_path: Path) -> None:
    seed = int(time.time())
    print(f"seed {seed}")  # noqa: T201 - to repeat a failure
    dice = random.Random(seed)
    confirmed = 0
    for _ in range(KILLS):
        confirmed = _write_and_kill(tmp_path, confirmed, after_s=dice.uniform(0.0, 0.3))

    file, outbox = outbox_in(tmp_path)
    maker = ReadingMaker(file, outbox)
    maker.run(moment=writer_process.moment(), zone=ZoneInfo("UTC"), rules=ClockRules())
    rows = [(seq, body) for seq, body in _all(tmp_path)]
    readings = [msgspec.json.decode(body, type=Reading) for _, body in rows]

    assert [seq for seq, _ in rows] == list(range(1, len(rows) + 1)), "numbers have no gaps"
    frames = [reading.frame for reading in readings]
    assert len(frames) == len(set(frames)), "nothing twice"
    expected = {writer_process.frame(number).hex() for number in range(confirmed)}
    assert expected <= set(frames), "nothing lost that was said to be kept"
    assert confirmed > KILLS
    file.close()


def _write_and_kill(directory: Path, first: int, *, after_s: float) -> int:
    """The next number to write: all below it were confirmed."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.integration.gateway.writer_process",
            str(directory),
            str(first),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = process.stdout.readline()  # It has started, and has something to lose.
    time.sleep(after_s)
    process.kill()
    rest, _ = process.communicate()
    whole = [line for line in (said + rest).splitlines(keepends=True) if line.endswith("\n")]
    return int(whole[-1]) + 1 if whole else first


def _all(directory: Path) -> list[tuple[int, bytes]]:
    file, _ = outbox_in(directory)
    rows = file.write(lambda c: c.execute("SELECT seq, body FROM readings ORDER BY seq").fetchall())
    file.close()
    return rows
