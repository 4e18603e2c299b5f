"""Resident memory of a hub as it runs in a home: production command, real bleak, no simulator."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.report import Row, median, spread
from benchmarks.rig.processes import resident_mb
from benchmarks.rig.stage import Stage

WORK: Final = "resident memory of a gateway"
UNIT: Final = "MiB"
LIMIT_MB: Final = 60.0
SETTLE_S: Final = 6.0
ROUNDS: Final = 3

FLOOR: Final = "python with bleak, paho-mqtt and sqlite3 imported"
OURS: Final = "hearthbeat gateway"

IMPORTS: Final = "import time, sqlite3, bleak, paho.mqtt.client; time.sleep(600)"


def measure(stage: Stage) -> list[Row]:
    """After a few seconds, connected to the broker, scanning as far as the machine has a radio."""
    said = stage.broker.log_size()
    runs = [_run(stage, number) for number in range(stage.rounds(ROUNDS))]
    connected = " as bench-memory-0 " in stage.broker.log_since(said)
    floor, ours = [run[0] for run in runs], [run[1] for run in runs]
    how = "connected to the broker" if connected else "NOT connected to the broker"
    return [
        Row(work=WORK, contender=FLOOR, value=median(floor), unit=UNIT, spread=spread(floor)),
        Row(
            work=WORK,
            contender=OURS,
            value=median(ours),
            unit=UNIT,
            spread=spread(ours),
            against=FLOOR,
            ratio=median(ours) / median(floor),
            required=f"<= {LIMIT_MB:.0f} MB",
            met=connected and median(ours) * 2**20 / 1e6 <= LIMIT_MB,
            note=f"{how}; no adapter here, so bleak only asks for one",
        ),
    ]


def _run(stage: Stage, number: int) -> tuple[float, float]:
    name = f"bench-memory-{number}"
    settings = {
        "HB_GATEWAY_ID": name,
        "HB_GATEWAY_DATA_DIR": str(stage.folder / name),
        "HB_GATEWAY_EXIT_WHEN_SILENT": "false",
        "HB_MQTT_URL": f"mqtt://127.0.0.1:{stage.broker.port}",
        "PATH": "/usr/bin:/bin",
    }
    command = str(Path(sys.executable).parent / "hearthbeat")
    log = stage.folder / "memory.log"
    return (
        _resident([sys.executable, "-c", IMPORTS], {"PATH": "/usr/bin:/bin"}, log),
        _resident([command, "gateway"], settings, log),
    )


def _resident(command: Sequence[str], environment: Mapping[str, str], log: Path) -> float:
    with log.open("ab") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
    try:
        time.sleep(SETTLE_S)
        if process.poll() is not None:
            raise RuntimeError(f"{command[-1]} ended: {log.read_text()[-500:]}")
        return resident_mb(process.pid)
    finally:
        process.kill()
        process.wait()
