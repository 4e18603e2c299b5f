"""One real hub without a radio, fed frames through the journal that a visit to a device uses.

Arguments: gateway id, data folder, ledger folder, broker port, frames per second, seconds until it
first repeats itself. A file named `hush` in the ledger folder stops the feeding, which is then
noted; SIGTERM stops the hub.
"""

import asyncio
import datetime as dt
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Final

from bleak.backends.scanner import AdvertisementDataCallback, BaseBleakScanner
from typing_extensions import override

from device_profiles import gatt
from gateway import hub
from gateway.errors import DiskFull
from gateway.hub import Hub
from gateway.pipeline import Pipeline
from gateway.settings import ForwardRules, GatewaySettings, RadioRules
from tests.chaos import ledger
from tests.chaos.made_frames import frame
from tests.chaos.workplace import Place
from wire.address import BrokerAddress

FRAMES_PER_VISIT: Final = 3
AFTER_REFUSAL_S: Final = 1.0


class SilentScanner(BaseBleakScanner):
    """A radio in a house where nothing is on the air."""

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        *_mode: Any,
        **_platform: Any,
    ) -> None:
        super().__init__(detection_callback, service_uuids)

    @override
    async def start(self) -> None:
        """Nothing to start."""

    @override
    async def stop(self) -> None:
        """Nothing to stop."""


class FedPipeline(Pipeline):
    """The production pipeline with one more task: a device that always has something to say."""

    place: Place
    per_s: float

    @override
    def tasks(self) -> list[Coroutine[Any, Any, None]]:
        return [*super().tasks(), self.feed()]

    async def feed(self) -> None:
        """Visit after visit until hushed."""
        story = ledger.read(self.place.ledger)
        book = ledger.Ledger(self.place.ledger)
        number = max(story.offered, default=0)
        while not self.place.hush.exists():
            refused = self._visit(book, range(number + 1, number + 1 + FRAMES_PER_VISIT))
            number += FRAMES_PER_VISIT
            await asyncio.sleep(AFTER_REFUSAL_S if refused else FRAMES_PER_VISIT / self.per_s)
        book.note(ledger.HUSHED, 0)

    def _visit(self, book: ledger.Ledger, numbers: range) -> bool:
        """Open a journal, hand in frames, close it; whether the disk refused one."""
        for number in numbers:
            book.note("I", number)
        done = numbers.start
        try:
            journal = self.open_journal(self.place.device, "generic")
            for number in numbers:
                moment = self._memory.clock.moment()
                journal.keep(
                    gatt.BLOOD_PRESSURE_MEASUREMENT, frame(number), at=moment, trusted=True
                )
                book.note("D", number)
                done = number + 1
            journal.end()
        except DiskFull:
            for number in range(done, numbers.stop):
                book.note("R", number)
            return True
        finally:
            self.making.poke()
        return False


async def main(place: Place, *, broker_port: int, per_s: float, again_s: float) -> None:
    FedPipeline.place, FedPipeline.per_s = place, per_s
    hub.Pipeline = FedPipeline  # type: ignore[attr-defined]  # The name it builds its parts by.
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    settings = GatewaySettings(
        gateway_id=place.gateway,
        data_dir=place.data,
        mqtt=BrokerAddress.from_url(f"mqtt://127.0.0.1:{broker_port}"),
        time_zone="UTC",
        scanner_backend=SilentScanner,
        pairing_agent=False,
        radio=RadioRules(exit_when_silent=False),
        forward=ForwardRules(status_every_s=5, resend_first_s=again_s),
        earliest_now=dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
    )
    await Hub(settings).run(stop)


if __name__ == "__main__":
    name, folder, notes, port, pace, patience = sys.argv[1:7]
    where = Place(gateway=name, data=Path(folder), notes=Path(notes))
    asyncio.run(main(where, broker_port=int(port), per_s=float(pace), again_s=float(patience)))
