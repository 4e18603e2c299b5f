"""What the hub knows of each device: what the clinic said, and what visits found."""

import datetime as dt
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import msgspec
from msgspec import UNSET
from typing_extensions import override

from gateway.outbox_file import OutboxFile
from gateway.queries import SQL
from wire.messages import MOST_DEVICES, DeviceStatus, KnownDevice

MOST_STRANGERS: Final = 200
MOST_UDIS: Final = 200
"""In one status, which has to fit into a message; the home's own devices come first."""
BOND_LOST: Final = "bond_lost"
"""The word in the status; what to do about it is said by gateway.bonding and docs/gateway.md."""


class Bond(StrEnum):
    """Where the hub stands with a device's keys."""

    UNKNOWN = "unknown"  # Never needed one, or never met.
    GOOD = "good"
    REMOVED = "removed"  # It did not work any more: forgotten, once; the next visit pairs, once.
    LOST = "lost"  # That did not help either: a person must hold the pairing button.


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceNotes:
    """One page of the book. `address` in capitals."""

    address: str
    known: bool = False
    """Named by the clinic."""
    profile: str = ""
    passkey: str | None = None
    last_sequence: int | None = None
    """The highest record number that a complete report brought."""
    last_record: str | None = None
    """That record's frame, hex: another one under this number means that the meter was reset."""
    last_seen: dt.datetime | None = None
    battery: int | None = None
    drift_s: float | None = None
    information: str | None = None
    bond: Bond = Bond.UNKNOWN
    trouble: str | None = None
    """In words for the person who can help; None when all is well."""

    @override
    def __repr__(self) -> str:
        """Without the passkey: a repr ends in logs."""
        return (
            f"DeviceNotes(address={self.address!r}, profile={self.profile!r}, bond={self.bond!r})"
        )


class DeviceBook:
    """All pages in memory; changes also on disk, without fsync: visits find them again."""

    def __init__(self, file: OutboxFile) -> None:
        self._file = file
        self._pages = {page.address: page for page in map(_page, file.rows("all_devices"))}

    def page(self, address: str) -> DeviceNotes:
        address = address.upper()
        return self._pages.get(address) or DeviceNotes(address=address)

    def note(self, page: DeviceNotes) -> None:
        """What a visit found."""
        self._pages[page.address] = page
        row = (
            page.address,
            page.last_sequence,
            page.last_record,
            None if page.last_seen is None else page.last_seen.isoformat(),
            page.battery,
            page.drift_s,
            page.information,
            str(page.bond),
            page.trouble,
        )
        self._file.write(lambda c: c.execute(SQL["note_device"], row), durable=False)
        if len(self._pages) > MOST_DEVICES + MOST_STRANGERS:
            self._forget_strangers()

    def know(self, devices: Sequence[KnownDevice]) -> None:
        """The clinic's list, which replaces the one before; what visits found stays."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(SQL["forget_known"])
            for one in devices:
                row = (one.device.upper(), one.profile, one.passkey)
                connection.execute(SQL["know_device"], row)

        self._file.write(work)
        for address, page in self._pages.items():
            self._pages[address] = replace(page, known=False, profile="", passkey=None)
        for one in devices:
            page = self.page(one.device)
            self._pages[page.address] = replace(
                page, known=True, profile=one.profile, passkey=one.passkey
            )

    def statuses(self) -> list[DeviceStatus]:
        """For the heartbeat: the home's devices, and strangers that were read."""
        pages = [page for page in self._pages.values() if page.known or page.last_seen]
        pages.sort(key=lambda page: (page.known, page.last_seen is not None), reverse=True)
        return [
            DeviceStatus(
                device=page.address,
                battery=page.battery,
                last_seen=page.last_seen,
                clock_drift_s=page.drift_s,
                trouble=BOND_LOST if page.bond is Bond.LOST else UNSET,
                udi=(_udi(page) if number < MOST_UDIS else "") or UNSET,
            )
            for number, page in enumerate(pages[:MOST_DEVICES])
        ]

    def _forget_strangers(self) -> None:
        self._file.write(lambda c: c.execute(SQL["trim_devices"], (MOST_STRANGERS,)), durable=False)
        self._pages = {page.address: page for page in map(_page, self._file.rows("all_devices"))}


def _udi(page: DeviceNotes) -> str:
    """As `device_info` has noted it."""
    if page.information is None:
        return ""
    return msgspec.json.decode(page.information, type=dict[str, str]).get("udi", "")


def _page(row: tuple[object, ...]) -> DeviceNotes:
    (address, known, profile, passkey, sequence, record, seen, battery, drift, *rest) = row
    information, bond, trouble = rest
    return DeviceNotes(
        address=str(address),
        known=bool(known),
        profile=str(profile),
        passkey=None if passkey is None else str(passkey),
        last_sequence=None if sequence is None else int(str(sequence)),
        last_record=None if record is None else str(record),
        last_seen=None if seen is None else dt.datetime.fromisoformat(str(seen)),
        battery=None if battery is None else int(str(battery)),
        drift_s=None if drift is None else float(str(drift)),
        information=None if information is None else str(information),
        bond=Bond(str(bond)),
        trouble=None if trouble is None else str(trouble),
    )
