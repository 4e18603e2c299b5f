"""Blood pressure frames per second on one core, beside another decoder and beside bare struct."""

import datetime as dt
import json
import random
import struct
import subprocess
import time
from collections.abc import Callable
from typing import Final

from benchmarks.peers.contenders import HERE
from benchmarks.peers.venv import PeersUnavailableError, ensure, versions
from benchmarks.report import Row, interleaved, median, spread
from benchmarks.rig import workload
from benchmarks.rig.stage import Stage
from device_profiles import gatt
from device_profiles.decoding import decode

WORK: Final = "decoding blood pressure frames"
UNIT: Final = "frames/s"
FRAMES: Final = 200
TIMES: Final = 500
ROUNDS: Final = 5
REQUIRED_PER_S: Final = 100_000

OURS: Final = "device_profiles"
FLOOR: Final = "struct.unpack alone"
PEER: Final = "bluetooth-sig"

UUID: Final = gatt.BLOOD_PRESSURE_MEASUREMENT
LAYOUT: Final = struct.Struct("<BHHHHBBBBBHBH")


def measure(stage: Stage) -> list[Row]:
    """Every field present; one process, one thread."""
    frames, times = _frames(), stage.count(TIMES)
    runs: dict[str, Callable[[], float]] = {
        FLOOR: lambda: _timed(LAYOUT.unpack, frames, times),
        OURS: lambda: _timed(lambda frame: decode(UUID, frame), frames, times),
    }
    notes = {FLOOR: "numbers cut out of bytes: no SFLOAT, flags, dates or checks"}
    try:
        python = ensure(stage.say)
        version = versions(python, PEER)[PEER]
        runs[PEER] = lambda: _peer(str(python), frames, times)[0]
        systolic = _peer(str(python), frames[:1], 1)[1]
        notes[PEER] = f"{version}; reads {_systolic(frames[0])} mmHg as {systolic:g}"
    except (PeersUnavailableError, subprocess.CalledProcessError) as error:
        notes[PEER] = f"not measured: {error}"
    samples = interleaved(runs, rounds=stage.rounds(ROUNDS), say=stage.say)
    return [_row(name, samples, notes) for name in (FLOOR, OURS, PEER)]


def _row(name: str, samples: dict[str, list[float]], notes: dict[str, str]) -> Row:
    if name not in samples:
        return Row(work=WORK, contender=name, value=0, unit=UNIT, note=notes[name])
    rate = median(samples[name])
    against = PEER if name == OURS and PEER in samples else FLOOR
    return Row(
        work=WORK,
        contender=name,
        value=rate,
        unit=UNIT,
        spread=spread(samples[name]),
        against="" if name == FLOOR else against,
        ratio=None if name == FLOOR else rate / median(samples[against]),
        required=f">= {REQUIRED_PER_S:,}/s" if name == OURS else "",
        met=rate >= REQUIRED_PER_S if name == OURS else None,
        note=notes.get(name, "one thread"),
    )


def _timed(work: Callable[[bytes], object], frames: list[bytes], times: int) -> float:
    start = time.perf_counter()
    for _ in range(times):
        for frame in frames:
            work(frame)
    return times * len(frames) / (time.perf_counter() - start)


def _peer(python: str, frames: list[bytes], times: int) -> tuple[float, float]:
    command = [python, str(HERE / "gatt_decoder.py"), str(times), *(f.hex() for f in frames)]
    said = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return said["count"] / said["seconds"], said["systolic"]


def _frames() -> list[bytes]:
    dice, at = random.Random(2), dt.datetime(2026, 11, 1, 7, 30, tzinfo=dt.UTC)
    return [
        workload.frame(dice.randint(100, 170), dice.randint(60, 99), dice.randint(50, 99), at)
        for _ in range(FRAMES)
    ]


def _systolic(frame: bytes) -> int:
    return int.from_bytes(frame[1:3], "little")
