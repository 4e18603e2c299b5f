"""Mosquitto as a child: where it is, and the strict configuration that it gets."""

import re
import shutil
import subprocess
from typing import Final

PLACES: Final = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/sbin"
"""Debian puts it where an ordinary user's PATH does not look."""
OLDEST: Final = (2, 0)

QUEUED_MAX: Final = 100_000
"""Per client. Never 0 ("unlimited"): that had bugs until 2.0.22. What overflows is sent again by
the gateways, whose readings stay until a receipt comes."""
INFLIGHT_MAX: Final = 20_000
"""What an ingest worker asks for (wire.intake): three batches of a backlog, and the next one."""
PACKET_BYTES_MAX: Final = 270_000
"""A message of version 1 may have 256 KiB; above it the client is disconnected (MQTT 5)."""


def find(path: str = "") -> str | None:
    """The program, or None; older than 2.0 counts as none."""
    program = shutil.which("mosquitto", path=f"{path}:{PLACES}" if path else PLACES)
    return program if program is not None and version(program) >= OLDEST else None


def version(program: str) -> tuple[int, int]:
    """(major, minor), or (0, 0) where it does not say."""
    try:
        said = subprocess.run(  # noqa: S603 - Found by us, asked for its version.
            [program, "-h"], check=False, capture_output=True, text=True, timeout=10
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return (0, 0)
    found = re.search(r"mosquitto version (\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def configuration(*, port: int, open_door: bool) -> str:
    """For 2.0 and 2.1 alike; file names are relative to where it is started.

    Nothing persists: with receipts a queue that is lost costs a resend, and the snapshots of 2.0
    lose acknowledged messages anyway.
    """
    lines = (
        f"listener {port} 127.0.0.1",
        f"allow_anonymous {'true' if open_door else 'false'}",
        "password_file passwords",
        "acl_file acl",
        "persistence false",
        f"max_queued_messages {QUEUED_MAX}",
        f"max_inflight_messages {INFLIGHT_MAX}",
        f"max_packet_size {PACKET_BYTES_MAX}",
        "persistent_client_expiration 1d",
        "max_connections -1",
        "set_tcp_nodelay true",
        "sys_interval 0",
        "connection_messages false",
        "log_dest stderr",
        "log_type error",
        "log_type warning",
        "log_timestamp false",
    )
    return "\n".join(lines) + "\n"
