"""The hub's parts and what joins them.

advertisement -> Recognition -> Visitor -> Visit -> Journal (frame on disk)
              -> Making (decode, time, number) -> Outbox -> Forwarder -> line
receipts and commands <- Listener <- line; Prompting, Heartbeat, Upkeep and the watches beside them
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any

from device_profiles.profile import Profile
from gateway.device_book import DeviceNotes
from gateway.forwarder import Forwarder
from gateway.heartbeat import Heartbeat, status_of
from gateway.journal import Journal
from gateway.listener import Listener
from gateway.making import Making
from gateway.memory import Memory
from gateway.prompt import Prompt
from gateway.prompting import Prompting
from gateway.reading_maker import ReadingMaker
from gateway.recognition import Recognition
from gateway.scanner import Scanner
from gateway.sd_notify import Notifier
from gateway.settings import GatewaySettings
from gateway.upkeep import Upkeep
from gateway.visit import Tools
from gateway.visitor import Visitor
from gateway.watchdogs import LineWatch, LoopWatch
from wire.consumer import Consumer
from wire.messages import Presence, Status

Pairing = Callable[[DeviceNotes, Profile], AbstractAsyncContextManager[None]]


class Pipeline:
    """Built from the line upwards: each part knows only what comes after it."""

    def __init__(
        self,
        settings: GatewaySettings,
        memory: Memory,
        link: Consumer,
        *,
        notifier: Notifier,
        reset_adapter: Callable[[], Awaitable[None]],
        pairing: Pairing,
        prompt: Prompt,
    ) -> None:
        self._settings = settings
        self._memory = memory
        self._link = link
        self.line_watch = LineWatch(link, patience_s=settings.dead_line_exit_s)
        self.loop_watch = LoopWatch(limit_s=settings.stuck_loop_exit_s, notifier=notifier)
        self.upkeep = Upkeep(memory.file, rules=settings.keep, clock=memory.clock)
        self.heartbeat = self._heartbeat()
        self.forwarder = self._forwarder()
        self.listener = self._listener()
        self.making = self._making()
        self.recognition = self._recognition()
        self.scanner = Scanner(
            self.recognition.heard,
            rules=settings.radio,
            backend=settings.scanner_backend,
            reset_adapter=reset_adapter,
        )
        self.visitor = self._visitor(pairing)
        self.prompting = Prompting(
            prompt,
            asked=lambda: memory.commands.measure_again,
            now=memory.clock.now,
            await_news=self.visitor.await_news,
        )

    def tasks(self) -> list[Coroutine[Any, Any, None]]:
        """Each runs for ever."""
        return [
            self.scanner.run(),
            self.visitor.run(),
            self.making.run(),
            self.forwarder.run(),
            self.listener.run(),
            self.heartbeat.run(),
            self.prompting.run(),
            self.upkeep.run(),
            self.line_watch.run(),
            self.loop_watch.run(),
        ]

    def open_journal(self, device: str, profile: str) -> Journal:
        return Journal(self._memory.file, device=device, profile=profile, kept=self.making.poke)

    def _obstacle(self) -> str | None:
        """What keeps the hub from its work, in plain words."""
        if not self._memory.file.has_room:
            return "the disk is full"
        if not self._memory.clock.trusted:
            return "the hub does not know the time yet"
        return self.scanner.obstacle

    def status(self, state: Presence) -> Status:
        return status_of(
            self._memory, state=state, version=self._settings.version, obstacle=self._obstacle()
        )

    def _heartbeat(self) -> Heartbeat:
        return Heartbeat(
            self._link,
            gateway_id=self._settings.gateway_id,
            every_s=self._settings.forward.status_every_s,
            status=self.status,
            unanswered=self.line_watch.unanswered,
        )

    def _forwarder(self) -> Forwarder:
        return Forwarder(
            self._memory.outbox,
            self._link,
            gateway_id=self._settings.gateway_id,
            rules=self._settings.forward,
            clock=self._memory.clock,
        )

    def _listener(self) -> Listener:
        return Listener(
            self._link,
            outbox=self._memory.outbox,
            commands=self._memory.commands,
            clock=self._memory.clock,
            answered=self.forwarder.answered,
        )

    def _making(self) -> Making:
        return Making(
            ReadingMaker(self._memory.file, self._memory.outbox),
            clock=self._memory.clock,
            policy=self._memory.policy,
            made=self.forwarder.poke,
        )

    def _recognition(self) -> Recognition:
        return Recognition(
            self._memory.book,
            adopt_unknown=self._settings.adopt_unknown,
            journal=self.open_journal,
            clock=self._memory.clock,
            now=asyncio.get_running_loop().time,
            bell=self.heartbeat.soon,
        )

    def _visitor(self, pairing: Pairing) -> Visitor:
        return Visitor(
            file=self._memory.file,
            book=self._memory.book,
            recognition=self.recognition,
            scanner=self.scanner,
            tools=Tools(
                client_backend=self._settings.client_backend,
                rules=self._settings.radio,
                clock=self._memory.clock,
                policy=self._memory.policy,
                journal=self.open_journal,
                pairing=pairing,
            ),
            bell=self._after_visit,
        )

    def _after_visit(self) -> None:
        self.making.poke()
        self.heartbeat.soon()
