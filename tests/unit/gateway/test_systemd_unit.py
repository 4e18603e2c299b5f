import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[3] / "deploy" / "hearthbeat-gateway.service"
PROMISED = (
    "Type=notify",
    "WatchdogSec=",
    "DynamicUser=yes",
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "StateDirectory=hearthbeat-gateway",
    "LoadCredential=",
    "MemoryMax=",
    "AF_BLUETOOTH",
    "RestartPreventExitStatus=78",
)


@pytest.mark.parametrize("setting", PROMISED)
def test_the_unit_is_hardened_as_documented(setting: str) -> None:
    assert setting in UNIT.read_text(encoding="utf-8")


def test_systemd_understands_the_unit() -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed")
    found = subprocess.run(
        [program, "verify", str(UNIT)], capture_output=True, text=True, check=False
    )
    complaints = [
        line for line in found.stderr.splitlines() if "is not executable" not in line and line
    ]
    assert complaints == [], "only the program itself may be missing here"
