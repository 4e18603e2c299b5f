"""The hub of one home, as a process runs it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import structlog

from device_profiles.profile import BondPolicy, Profile
from gateway import journal
from gateway.bluez_adapter import power_cycle
from gateway.bluez_agent import PairingAgent
from gateway.device_book import DeviceNotes
from gateway.errors import DiskFull
from gateway.heartbeat import last_will
from gateway.home_zone import home_zone
from gateway.memory import Memory, open_memory
from gateway.pipeline import Pipeline
from gateway.prompt import HomePrompt, Prompt
from gateway.sd_notify import READY, STOPPING, Notifier
from gateway.settings import GatewaySettings
from gateway.shut_out import ShutOut
from gateway.waiting_for_room import WaitingForRoom
from wire import topics
from wire.consumer import Consumer
from wire.link import Link
from wire.secret_mark import secret_mark

log = structlog.get_logger()

ID_IN_NAME_MAX: Final = 50
"""So much of a gateway's id is in its name at the broker: with the mark, 65 characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What a hub has in hand."""

    frames_waiting: int = 0
    """Kept, and not yet understood."""
    frames_undecodable: int = 0
    readings_made: int = 0
    readings_held: int = 0
    """Without a receipt."""


class Hub:
    """`await Hub(settings).run(stop)` until `stop` is set.

    Raises SettingsRefused when made; OutboxError when run; and when only a fresh process can help,
    ScannerStuck or LineDead in an ExceptionGroup.
    """

    def __init__(
        self,
        settings: GatewaySettings,
        *,
        link: Consumer | None = None,
        notifier: Notifier | None = None,
        reset_adapter: Callable[[], Awaitable[None]] | None = None,
        prompt: Prompt | None = None,
    ) -> None:
        settings.check()
        self.settings = settings
        self._zone = home_zone(settings.time_zone)
        self._link = link
        self._notifier = notifier or Notifier(None)
        self._prompt = prompt or HomePrompt(settings.data_dir, program=settings.prompt_command)
        self._reset_adapter = reset_adapter or self._power_cycle
        uses_bluez = settings.pairing_agent and settings.client_backend is None
        self._agent = PairingAgent() if uses_bluez else None
        self._memory: Memory | None = None

    @property
    def progress(self) -> Progress:
        """How far it is: for those who wait until everything has left. Zeros when not running."""
        if self._memory is None:
            return Progress()
        waiting, undecodable = journal.counts(self._memory.file)
        return Progress(
            frames_waiting=waiting,
            frames_undecodable=undecodable,
            readings_made=self._memory.outbox.last_seq,
            readings_held=self._memory.outbox.queue_depth,
        )

    async def run(self, stop: asyncio.Event) -> None:
        self._memory = self._opened()
        try:
            async with self._link or self._new_link() as link:
                if self._memory is None:
                    waiting = WaitingForRoom(self.settings, link, notifier=self._notifier)
                    self._memory = await waiting.until_opened(self._open, stop)
                if self._memory is not None:
                    await self._run(self._memory, link, stop)
        finally:
            if self._agent is not None:
                await self._agent.close()
            if self._memory is not None:
                self._memory.file.close()
                self._memory = None

    def _open(self) -> Memory:
        return open_memory(self.settings, self._zone)

    def _opened(self) -> Memory | None:
        """None on a disk without any room."""
        try:
            return self._open()
        except DiskFull:
            return None

    async def _run(self, memory: Memory, link: Consumer, stop: asyncio.Event) -> None:
        pipeline = Pipeline(
            self.settings,
            memory,
            link,
            notifier=self._notifier,
            reset_adapter=self._reset_adapter,
            pairing=self._pairing,
            prompt=self._prompt,
        )
        _say_hello(self.settings, memory)
        self._notifier.say(READY)
        await _until(stop, pipeline.tasks())
        self._notifier.say(STOPPING)
        await pipeline.heartbeat.say_goodbye()

    def _new_link(self) -> Consumer:
        gateway = self.settings.gateway_id
        return Link(
            self.settings.mqtt,
            client_id=name_at_broker(self.settings),
            filters=(topics.receipts(gateway), topics.commands(gateway)),
            will=last_will(gateway, version=self.settings.version),
            on_state=ShutOut(gateway=gateway),
        )

    @asynccontextmanager
    async def _pairing(self, notes: DeviceNotes, profile: Profile) -> AsyncIterator[None]:
        """Answer BlueZ for this device while it is visited, and for none at other times."""
        agent = self._agent if profile.bond is not BondPolicy.NEVER else None
        if agent is not None:
            await agent.expect(notes, shows_passkey=profile.passkey)
        try:
            yield
        finally:
            if agent is not None:
                agent.expect_nobody()

    async def _power_cycle(self) -> None:
        if self.settings.scanner_backend is None:
            await power_cycle(self.settings.radio.adapter)


def name_at_broker(settings: GatewaySettings) -> str:
    """The client id: not the id alone, which others know. Who asks for a client id gets its place.

    Without a password it is the id: certificates, and the demonstration.
    """
    gateway = settings.gateway_id
    mark = secret_mark(settings.mqtt, gateway)
    return gateway[:ID_IN_NAME_MAX] + mark if mark else gateway


def _say_hello(settings: GatewaySettings, memory: Memory) -> None:
    waiting, undecodable = journal.counts(memory.file)
    log.info(
        "hub starts",
        gateway=settings.gateway_id,
        zone=memory.policy().zone.key,
        queue_depth=memory.outbox.queue_depth,
        last_seq=memory.outbox.last_seq,
        frames_left_by_a_crash=waiting,
        frames_undecodable=undecodable,
    )


async def _until(stop: asyncio.Event, parts: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Run the parts until `stop`, or until one of them fails."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(part) for part in parts]
        await stop.wait()
        for task in tasks:
            task.cancel()
