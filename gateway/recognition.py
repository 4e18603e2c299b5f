"""From an advertisement to a device that we can read, before any connection is made."""

from collections.abc import Callable
from dataclasses import replace

import structlog
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from device_profiles import gatt
from device_profiles.catalog import by_name, match
from device_profiles.decoding import decode
from device_profiles.errors import DecodeError, UnknownProfile
from device_profiles.profile import Profile
from gateway.device_book import DeviceBook, DeviceNotes
from gateway.errors import DiskFull
from gateway.hub_clock import HubClock
from gateway.journal import Journal
from gateway.sightings import Sighting

SERVICE_DATA = "-service-data"
MOST_REMEMBERED = 500
log = structlog.get_logger()


def profile_of(
    device: BLEDevice, advertisement: AdvertisementData, page: DeviceNotes, *, adopt_unknown: bool
) -> Profile | None:
    """The clinic's word first, then what the device says of itself; None to leave it alone."""
    if page.known and page.profile:
        try:
            return by_name(page.profile)
        except UnknownProfile:
            log.warning("clinic named an unknown profile", profile=page.profile)
    if not page.known and not adopt_unknown:
        return None
    services = (*advertisement.service_uuids, *advertisement.service_data)
    name = advertisement.local_name or device.name
    return match(name, services, advertisement.manufacturer_data)


class Recognition:
    """Keeps what was heard: sightings for visits, and results that are in advertisements."""

    def __init__(
        self,
        book: DeviceBook,
        *,
        adopt_unknown: bool,
        journal: Callable[[str, str], Journal],
        clock: HubClock,
        now: Callable[[], float],
        bell: Callable[[], None],
    ) -> None:
        self._book = book
        self._adopt_unknown = adopt_unknown
        self._journal = journal
        self._clock = clock
        self._now = now
        self._bell = bell
        self._journals: dict[str, Journal] = {}
        self._results: dict[tuple[str, bytes], None] = {}
        self.sightings: dict[str, Sighting] = {}

    def heard(self, device: BLEDevice, advertisement: AdvertisementData) -> None:
        """For every advertisement: must be quick."""
        address = device.address.upper()
        page = self._book.page(address)
        profile = profile_of(device, advertisement, page, adopt_unknown=self._adopt_unknown)
        if profile is None:
            return
        if profile.advertised:
            self._take_result(address, profile, advertisement)
            return
        now = self._now()
        before = self.sightings.get(address)
        self.sightings[address] = Sighting(
            device=device,
            profile=profile,
            known=page.known,
            first_heard=now if before is None else before.first_heard,
            last_heard=now,
        )
        self._forget_old()

    def _take_result(
        self, address: str, profile: Profile, advertisement: AdvertisementData
    ) -> None:
        """The same frame repeats for minutes, ten times a second: it is written once."""
        for full, data in advertisement.service_data.items():
            uuid = gatt.short(full) + SERVICE_DATA
            if uuid not in profile.measurements or (address, data) in self._results:
                continue
            self._remember(address, data)
            if not _is_result(uuid, data, profile):
                continue
            try:
                self._keep(address, profile, uuid, data)
            except DiskFull:
                # Advertised for minutes: there may be room when it is heard again.
                self._results.pop((address, data), None)

    def _keep(self, address: str, profile: Profile, uuid: str, data: bytes) -> None:
        journal = self._journals.get(address)
        if journal is None:
            journal = self._journals[address] = self._journal(address, profile.name)
        journal.keep(uuid, data, at=self._clock.moment(), trusted=self._clock.trusted)
        page = self._book.page(address)
        self._book.note(replace(page, last_seen=self._clock.now()))
        self._bell()

    def _remember(self, address: str, data: bytes) -> None:
        self._results[address, data] = None
        while len(self._results) > MOST_REMEMBERED:
            self._results.pop(next(iter(self._results)))

    def _forget_old(self) -> None:
        while len(self.sightings) > MOST_REMEMBERED:
            oldest = min(self.sightings.values(), key=lambda one: one.last_heard)
            self.sightings.pop(oldest.device.address.upper(), None)


def _is_result(uuid: str, data: bytes, profile: Profile) -> bool:
    """A weight that is still, not one on the way there. What cannot be read is encrypted."""
    try:
        return decode(uuid, data, profile=profile).result
    except DecodeError as error:
        log.info("advertised data cannot be read", profile=profile.name, error=error.code)
        return False
