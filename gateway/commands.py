"""What the clinic asks of this hub: known devices, repeats, the home's zone. Kept over a restart."""

import hashlib
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from gateway.clock import ClockRules
from gateway.device_book import DeviceBook
from gateway.outbox import Outbox
from gateway.outbox_file import OutboxFile
from gateway.queries import SQL
from wire.codec import decode_commands
from wire.errors import Unreadable
from wire.messages import Commands, TimePolicy

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePolicy:
    """Zone and clocks: from the settings until the clinic says otherwise."""

    zone: ZoneInfo
    rules: ClockRules
    set_clocks: bool = True


class CommandBook:
    """Carries out commands, and remembers the last ones."""

    def __init__(
        self, file: OutboxFile, outbox: Outbox, devices: DeviceBook, *, policy: HomePolicy
    ) -> None:
        self._file = file
        self._outbox = outbox
        self._devices = devices
        self.policy = policy
        remembered = _note(file, "commands")
        if remembered is not None:
            self._take_over(decode_commands(remembered.encode()))

    def obey(self, payload: bytes, *, retained: bool) -> int:
        """Carry out a commands message; how many readings were marked to be sent again.

        A retained message comes again at each connection: its repeats are carried out once.
        Raises Unreadable.
        """
        commands = decode_commands(payload)
        digest = hashlib.sha256(payload).hexdigest()
        known = retained and _note(self._file, "commands_digest") == digest
        if commands.devices is not None:
            self._devices.know(commands.devices)
        self._take_over(commands)
        again = 0 if known else self._repeat(commands)
        if not known:
            self._remember(payload, digest)
        return again

    def _repeat(self, commands: Commands) -> int:
        if commands.resend_from is None and not commands.repeat:
            return 0
        again = self._outbox.ask_again(from_seq=commands.resend_from, ids=commands.repeat)
        log.info("clinic asked for readings again", from_seq=commands.resend_from, count=again)
        return again

    def _take_over(self, commands: Commands) -> None:
        if commands.time_zone:
            try:
                self.policy = replace(self.policy, zone=ZoneInfo(commands.time_zone))
            except (ZoneInfoNotFoundError, ValueError, OSError):
                log.error("clinic named an unknown time zone", zone=commands.time_zone)
        if commands.time_policy is not None:
            self.policy = _with_policy(self.policy, commands.time_policy)

    def _remember(self, payload: bytes, digest: str) -> None:
        rows = (("commands", payload.decode()), ("commands_digest", digest))
        self._file.write(lambda c: c.executemany(SQL["note"], rows))


def _with_policy(policy: HomePolicy, said: TimePolicy) -> HomePolicy:
    rules = replace(policy.rules, agrees_s=said.agree_within_s)
    return replace(policy, rules=rules, set_clocks=said.set_clocks)


def _note(file: OutboxFile, name: str) -> str | None:
    rows = file.rows("read_note", name)
    return None if not rows else str(rows[0][0])


def unreadable(error: Unreadable) -> None:
    """Commands that cannot be read change nothing."""
    log.error("commands cannot be read", error=error.error, pointer=error.pointer)
