"""All that the hub remembers, opened together: one file on the disk."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from gateway.commands import CommandBook, HomePolicy
from gateway.device_book import DeviceBook
from gateway.hub_clock import HubClock
from gateway.opening import open_outbox
from gateway.outbox import Outbox
from gateway.outbox_file import OutboxFile
from gateway.settings import GatewaySettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What every part of the hub shares."""

    file: OutboxFile
    outbox: Outbox
    clock: HubClock
    book: DeviceBook
    commands: CommandBook

    def policy(self) -> HomePolicy:
        """Zone and clocks, as they are now: a command may change them."""
        return self.commands.policy


def open_memory(settings: GatewaySettings, zone: ZoneInfo) -> Memory:
    """Raises OutboxError."""
    file = open_outbox(
        settings.data_dir, ballast_bytes=settings.keep.ballast_bytes, now=settings.clock()
    )
    outbox = Outbox(file, settings.data_dir)
    book = DeviceBook(file)
    policy = HomePolicy(zone=zone, rules=settings.clock_rules)
    return Memory(
        file=file,
        outbox=outbox,
        clock=HubClock(
            settings.clock,
            earliest=settings.earliest_now,
            grace_s=settings.time_sync_grace_s,
            newest_known=_newest(file),
        ),
        book=book,
        commands=CommandBook(file, outbox, book, policy=policy),
    )


def _newest(file: OutboxFile) -> datetime | None:
    """When the last reading was made: it cannot be earlier now."""
    ((made_at,),) = file.rows("newest_made_at")
    return None if made_at is None else datetime.fromtimestamp(made_at, tz=UTC)
