"""Visits devices, one at a time, as they are heard."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import structlog

from gateway.device_book import DeviceBook, DeviceNotes
from gateway.errors import DiskFull, OutboxError, VisitError
from gateway.outbox_file import OutboxFile
from gateway.recognition import Recognition
from gateway.scanner import Scanner
from gateway.sightings import HoldOff, Sighting, after_visit, hurried, next_visit
from gateway.visit import Report, Tools, Visit

LOOK_S: Final = 0.25
NO_ROOM_S: Final = 5.0
MOST_HOLDOFFS: Final = 1000
log = structlog.get_logger()


class Visitor:
    """One connection at a time: home adapters have few slots, and devices have little patience."""

    def __init__(
        self,
        *,
        file: OutboxFile,
        book: DeviceBook,
        recognition: Recognition,
        scanner: Scanner,
        tools: Tools,
        bell: Callable[[], None],
    ) -> None:
        self._file = file
        self._book = book
        self._recognition = recognition
        self._scanner = scanner
        self._tools = tools
        self._bell = bell
        self._holdoffs: dict[str, HoldOff] = {}
        self._shy: set[str] = set()
        """They broke off when they were looked at: next time, the records first and only."""
        self._awaited: frozenset[str] = frozenset()
        self._loop = asyncio.get_running_loop()
        self.visits = 0

    def await_news(self, devices: frozenset[str]) -> None:
        """People are asked to use these now: they are not left alone for long."""
        for device in devices - self._awaited:
            self._holdoffs.pop(device, None)
        self._awaited = devices

    async def run(self) -> None:
        """For ever."""
        while True:
            if not self._file.has_room:
                # A device that is not asked keeps its readings; a hub that cannot write loses them.
                await asyncio.sleep(NO_ROOM_S)
                continue
            sightings = self._recognition.sightings
            chosen = next_visit(sightings, self._holdoffs, now=self._loop.time())
            if chosen is None:
                await asyncio.sleep(LOOK_S * self._tools.rules.pace)
                continue
            await self._visit(chosen)

    async def _visit(self, sighting: Sighting) -> None:
        address = sighting.device.address.upper()
        page = self._book.page(address)
        async with self._scanner.visit():
            report = await self._supervised(sighting, page)
        self.visits += 1
        # It has to be heard again: what was heard before the visit says nothing about after it.
        self._recognition.sightings.pop(address, None)
        self._note(address, report)
        (self._shy.add if report.looking else self._shy.discard)(address)
        self._hold_off(address, sighting, report)
        self._bell()

    async def _supervised(self, sighting: Sighting, page: DeviceNotes) -> Report:
        """One device, or one fault of the Bluetooth stack, must not end the visits to all others.

        Only the outbox may: without it there is nothing left to do.
        """
        try:
            visit = Visit(
                sighting.device,
                sighting.profile,
                page,
                tools=self._tools,
                look_around=page.address not in self._shy,
            )
            return await visit.run()
        except OutboxError:
            raise
        except Exception as error:
            log.exception("visit failed in a way that nobody foresaw")
            return Report(notes=page, failure=VisitError(type(error).__name__))

    def _note(self, address: str, report: Report) -> None:
        # The clinic may have changed the page meanwhile: its word stays.
        said = self._book.page(address)
        try:
            self._book.note(
                replace(report.notes, known=said.known, profile=said.profile, passkey=said.passkey)
            )
        except DiskFull:
            log.warning("what a visit found could not be noted")

    def _hold_off(self, address: str, sighting: Sighting, report: Report) -> None:
        before = self._holdoffs.get(address, HoldOff())
        after = after_visit(
            before,
            profile=sighting.profile,
            notes=report.notes,
            news=report.news,
            only_streamed=report.only_streamed,
            now=self._loop.time(),
            chance=random.random(),  # noqa: S311 - spreads attempts, guards nothing
            pace=self._tools.rules.pace,
        )
        if address in self._awaited:
            after = hurried(after, now=self._loop.time(), pace=self._tools.rules.pace)
        self._holdoffs[address] = after
        while len(self._holdoffs) > MOST_HOLDOFFS:
            oldest = next(iter(self._holdoffs))
            self._holdoffs.pop(oldest)
            self._shy.discard(oldest)
        log.info(
            "visit",
            profile=sighting.profile.name,
            frames=report.frames,
            failure=None if report.failure is None else type(report.failure).__name__,
            why=None if report.failure is None else str(report.failure),
            in_vain=after.in_vain,
            next_in_s=round(after.until - self._loop.time()),
        )
