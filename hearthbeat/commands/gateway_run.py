"""`hearthbeat gateway`: run one home's hub until it is told to stop."""

import asyncio
import contextlib
import signal
from typing import Final

import structlog

from gateway.errors import GatewayError, SettingsRefused
from gateway.hub import Hub
from gateway.sd_notify import Notifier
from gateway.settings import GatewaySettings

STOPPED: Final = 0
FAILED: Final = 1
"""systemd starts a new process (Restart=on-failure)."""
REFUSED: Final = 78
"""EX_CONFIG: starting again will not help (RestartPreventExitStatus=78)."""
log = structlog.get_logger()


def run(settings: GatewaySettings, *, notify_socket: str | None = None) -> int:
    """The hub as a process: exit status. `notify_socket` is what systemd put in NOTIFY_SOCKET."""
    try:
        hub = Hub(settings, notifier=Notifier(notify_socket))
    except SettingsRefused as error:
        log.error("hub does not start", why=str(error))  # noqa: TRY400 - words, not a traceback
        return REFUSED
    try:
        asyncio.run(_until_signalled(hub))
    except* GatewayError as group:
        for error in _leaves(group):
            log.error("hub gives up", why=str(error))  # noqa: TRY400 - as above
        return_code = FAILED
    else:
        return_code = STOPPED
    return return_code


def _leaves(group: ExceptionGroup[GatewayError]) -> list[Exception]:
    found: list[Exception] = []
    for error in group.exceptions:
        found += _leaves(error) if isinstance(error, ExceptionGroup) else [error]
    return found


async def _until_signalled(hub: Hub) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    await hub.run(stop)
