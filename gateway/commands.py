"""What the clinic asks of this hub: known devices, repeats, the zone. Kept over a restart."""

import hashlib
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from msgspec import structs

from gateway.clock import ClockRules
from gateway.device_book import DeviceBook
from gateway.outbox import Outbox
from gateway.outbox_file import OutboxFile
from gateway.queries import SQL
from wire.codec import decode_commands, encode
from wire.messages import Commands, MeasureAgain, TimePolicy

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePolicy:
    """Zone and clocks: from the settings until the clinic says otherwise."""

    zone: ZoneInfo
    rules: ClockRules
    set_clocks: bool = True


class CommandBook:
    """Carries out commands, and remembers what the clinic said."""

    def __init__(
        self, file: OutboxFile, outbox: Outbox, devices: DeviceBook, *, policy: HomePolicy
    ) -> None:
        self._file = file
        self._outbox = outbox
        self._devices = devices
        self.policy = policy
        self._said = Commands()
        self.measure_again: tuple[MeasureAgain, ...] = ()
        """What the home is asked to measure again. Retained: it is said anew after a restart."""
        remembered = _note(file, "home_policy")
        if remembered is not None:
            self._take_over(decode_commands(remembered.encode()))

    def obey(self, payload: bytes, *, retained: bool) -> int:
        """Carry out a commands message; how many readings were marked to be sent again.

        A retained message comes again at each connection, and with whatever else has changed: what
        it asks to be sent again is carried out once.
        Raises wire.errors.Unreadable.
        """
        commands = decode_commands(payload)
        digest = _digest(commands)
        known = retained or commands.at is not None
        known = known and _note(self._file, "commands_digest") == digest
        self.measure_again = tuple(commands.measure_again or ())
        if commands.devices is not None:
            self._devices.know(commands.devices)
        self._take_over(commands)
        again = 0 if known else self._repeat(commands)
        if not known:
            self._remember(digest)
        return again

    def _repeat(self, commands: Commands) -> int:
        if commands.resend_from is None and not commands.repeat:
            return 0
        again = self._outbox.ask_again(from_seq=commands.resend_from, ids=commands.repeat)
        log.info("clinic asked for readings again", from_seq=commands.resend_from, count=again)
        return again

    def _take_over(self, commands: Commands) -> None:
        """A message that is silent about the zone leaves what an earlier one said."""
        zone = _zone(commands.time_zone) if commands.time_zone else None
        if zone is not None:
            self.policy = replace(self.policy, zone=zone)
            self._said = structs.replace(self._said, time_zone=commands.time_zone)
        if commands.time_policy is not None:
            self.policy = _with_policy(self.policy, commands.time_policy)
            self._said = structs.replace(self._said, time_policy=commands.time_policy)

    def _remember(self, digest: str) -> None:
        """Not the devices: they have their own table."""
        rows = (("home_policy", encode(self._said).decode()), ("commands_digest", digest))
        self._file.write(lambda c: c.executemany(SQL["note"], rows))


def _digest(commands: Commands) -> str:
    """Of what is to be sent again, and nothing else."""
    asked = Commands(resend_from=commands.resend_from, repeat=commands.repeat, at=commands.at)
    return hashlib.sha256(encode(asked)).hexdigest()


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        log.warning("clinic named an unknown time zone", zone=name, error=type(error).__name__)
        return None


def _with_policy(policy: HomePolicy, said: TimePolicy) -> HomePolicy:
    rules = replace(policy.rules, agrees_s=said.agree_within_s)
    return replace(policy, rules=rules, set_clocks=said.set_clocks)


def _note(file: OutboxFile, name: str) -> str | None:
    rows = file.rows("read_note", name)
    return None if not rows else str(rows[0][0])
