"""Everything that may be chosen about one hub, with the reasons for the defaults.

Built by the front door (the only reader of files and environment); the hub's parts get the group of
fields that concerns them.
"""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import BaseBleakScanner
from msgspec import Struct

from gateway.clock import ClockRules
from gateway.errors import SettingsRefused
from wire.address import BrokerAddress
from wire.topics import GATEWAY_ID

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class RadioRules(Struct, frozen=True, kw_only=True):
    """How the hub listens and visits."""

    adapter: str | None = None
    """BlueZ name of the adapter, `hci0`; None takes the first that is powered."""
    connect_timeout_s: float = 30
    first_frame_s: float = 10
    """People connect by stepping on the scale: the result may be some seconds away."""
    session_deadline_s: float = 180
    """A whole visit. A meter with 1,000 records at 10 a second needs 100 s."""
    clock_answer_s: float = 2
    """A clock that is asked for its time (CareSens) answers at once, or does not know how."""
    racp_silence_s: float = 30
    """The Glucose Service's guard time: that long without data, and the procedure has failed."""
    pace: float = 1.0
    """Multiplies the waits that real devices need (idle, first frame, hold-off): a virtual radio,
    whose devices are quicker, sets it below 1."""
    pause_scan_while_connected: bool = False
    """For weak adapters that cannot scan and connect at once."""
    silence_restart_s: float = 90
    """No advertisement at all for so long: restart the scan. Any home hears a neighbour's."""
    silence_reset_s: float = 180
    """Still nothing: reset the adapter."""
    silence_exit_s: float = 900
    """Still nothing: leave, so that systemd starts a fresh process."""
    exit_when_silent: bool = True
    """False where silence is normal: a virtual radio, a house in the middle of nowhere."""
    retry_no_adapter_s: float = 15


class ForwardRules(Struct, frozen=True, kw_only=True):
    """How readings leave."""

    window: int = 200
    """Unreceipted readings on their way at once. A message may overshoot it, once."""
    window_for_new: int = 50
    """Part of the window that a backlog may not use."""
    most_per_message: int = 500
    most_bytes: int = 256 * 1024
    new_for_s: float = 120
    """A reading counts as "measured now" for so long."""
    resend_first_s: float = 5
    resend_most_s: float = 300
    status_every_s: float = 60


class KeepRules(Struct, frozen=True, kw_only=True):
    """How much the hub keeps."""

    receipted_days: float = 30
    receipted_bytes: int = 64 * 1024 * 1024
    """About 115,000 readings, 15 years at 20 a day: whichever limit is met first."""
    undecodable_frames: int = 10_000
    ballast_bytes: int = 256 * 1024


class GatewaySettings(Struct, frozen=True, kw_only=True):
    """One hub."""

    gateway_id: str
    data_dir: Path
    mqtt: BrokerAddress
    time_zone: str = ""
    """IANA name of the home's zone; empty takes the system's. A command may change it."""
    adopt_unknown: bool = True
    """Read devices that match a profile though the clinic never named them. Their readings are
    quarantined there, not lost."""
    allow_plain_mqtt: bool = False
    """Without TLS the line is refused off loopback, unless this says otherwise."""
    scanner_backend: type[BaseBleakScanner] | None = None
    client_backend: type[BaseBleakClient] | None = None
    """None is bleak's own for this platform; the virtual radio hands in its two."""
    pairing_agent: bool = True
    """Register a BlueZ agent where BlueZ is what bleak uses."""
    clock: Callable[[], dt.datetime] = utc_now
    """The hub's own clock, aware. A replay hands in another."""
    earliest_now: dt.datetime = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    """A hub whose own clock is before this has not heard the time yet: it holds its readings."""
    time_sync_grace_s: float = 0
    """After boot, wait so long for the kernel to say that its clock is synchronised. The command
    line sets 300: a Raspberry Pi has no battery clock and wakes up hours behind."""
    clock_rules: ClockRules = ClockRules()
    radio: RadioRules = RadioRules()
    forward: ForwardRules = ForwardRules()
    keep: KeepRules = KeepRules()
    prompt_command: tuple[str, ...] = ()
    """A program to run when the home is asked to measure again, or no longer: it reads the requests
    as JSON from its standard input. Beside the file prompt.json, which a display may watch."""
    stuck_loop_exit_s: float = 60
    """The event loop did not turn for so long: the process leaves, systemd starts another."""
    dead_line_exit_s: float = 300
    """Not connected, and nothing even tried to for so long. Back-off ends at 60 s, a try at 15."""
    version: str = "0.1.0"

    def check(self) -> None:
        """Refuse what must not start. Raises SettingsRefused with words for a person."""
        if not GATEWAY_ID.match(self.gateway_id):
            raise SettingsRefused(
                f"{self.gateway_id!r} cannot be a gateway id: it is in the topic."
            )
        plain = self.mqtt.tls is None and self.mqtt.host not in LOOPBACK
        if plain and not self.allow_plain_mqtt:
            raise SettingsRefused(
                f"The line to {self.mqtt.host} has no TLS: readings would cross the network in the"
                " clear. Configure a CA, or allow it on purpose (allow_plain_mqtt)."
            )
