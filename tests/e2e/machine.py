"""`hearthbeat` as a person calls it, and what it says and leaves."""

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

READY_WITHIN_S = 300

Kind = Literal["mosquitto", "amqtt"]
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
    output, _ = process.communicate(timeout=300)
    return process.returncode, output


def until(found: Callable[[], Any], *, within_s: float) -> Any:
    give_up = time.monotonic() + within_s
    while not (result := found()):
        assert time.monotonic() < give_up, "it did not happen in time"
        time.sleep(0.1)
    return result


@contextmanager
def up(
    tmp_path: Path, broker: Kind, *options: str
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
            process.communicate(timeout=120)
        process.kill()


def get(url: str, token: str = "") -> Any:
    request = urllib.request.Request(url)  # noqa: S310 - Our own.
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        return json.loads(answer.read())


def sign_in(ready: dict[str, Any], role: str) -> str:
    request = urllib.request.Request(  # noqa: S310
        ready["api"] + "/login",
        data=json.dumps(ready["users"][role]).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
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
