"""`hearthbeat gateway`: run one home's hub until it is told to stop."""

import asyncio
import shlex
from typing import Final

import click
import structlog

from gateway.errors import GatewayError, SettingsRefused
from gateway.hub import Hub
from gateway.sd_notify import Notifier
from gateway.settings import GatewaySettings, KeepRules, RadioRules
from hearthbeat import settings as settings_module
from hearthbeat.errors import SettingsError
from hearthbeat.invocation import pass_settings
from hearthbeat.mqtt_settings import broker_address
from hearthbeat.settings import Settings
from hearthbeat.stopping import stop_on_signal
from hearthbeat.version import VERSION
from observe import logs

STOPPED: Final = 0
FAILED: Final = 1
"""systemd starts a new process (Restart=on-failure)."""
REFUSED: Final = 78
"""EX_CONFIG: starting again will not help (RestartPreventExitStatus=78)."""
NOT_ENROLLED: Final = (
    "This home is not enrolled: `hearthbeat gateway join --server URL --code CODE`, with the code "
    "that the clinic printed, writes the settings; `hearthbeat --config FILE gateway` reads them "
    "from where they were written"
)
log = structlog.get_logger()


@click.command()
@pass_settings
@click.pass_context
def command(ctx: click.Context, settings: Settings) -> None:
    """Run the home gateway."""
    logs.configure(
        level=settings.log.level, as_json=settings.log.format == "json", process="gateway"
    )
    ctx.exit(run(gateway_settings(settings), notify_socket=settings_module.notify_socket()))


def gateway_settings(settings: Settings) -> GatewaySettings:
    """The hub's settings from everybody's. Raises SettingsError."""
    if not settings.gateway.id:
        raise SettingsError(f"gateway.id is missing. {NOT_ENROLLED}")
    return GatewaySettings(
        gateway_id=settings.gateway.id,
        data_dir=settings.gateway.data_dir,
        mqtt=broker_address(
            settings.mqtt, missing=f"mqtt.url, the clinic's broker, is missing. {NOT_ENROLLED}"
        ),
        time_zone=settings.gateway.time_zone or "",
        adopt_unknown=settings.gateway.adopt_unknown,
        allow_plain_mqtt=settings.gateway.allow_plain_mqtt,
        pairing_agent=settings.gateway.pairing_agent,
        radio=RadioRules(
            adapter=settings.gateway.adapter, exit_when_silent=settings.gateway.exit_when_silent
        ),
        keep=KeepRules(
            receipted_days=settings.gateway.keep_days,
            receipted_bytes=settings.gateway.keep_mib * 1024 * 1024,
        ),
        prompt_command=_words(settings.gateway.prompt_command or ""),
        time_sync_grace_s=settings.gateway.time_sync_grace_s,
        version=VERSION,
    )


def _words(command: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(command))
    except ValueError as error:
        raise SettingsError(f"gateway.prompt_command cannot be read: {error}") from error


def run(settings: GatewaySettings, *, notify_socket: str | None = None) -> int:
    """The hub as a process: exit status. `notify_socket` is what systemd put in NOTIFY_SOCKET."""
    try:
        hub = Hub(settings, notifier=Notifier(notify_socket))
    except SettingsRefused as refusal:
        log.error("hub does not start", why=str(refusal))  # noqa: TRY400 - words, not a traceback
        return REFUSED
    status = STOPPED
    try:
        asyncio.run(_until_signalled(hub))
    except* GatewayError as group:
        for reason in _leaves(group):
            log.error("hub gives up", why=reason)  # noqa: TRY400 - as above
        status = FAILED
    return status


async def _until_signalled(hub: Hub) -> None:
    await hub.run(stop_on_signal())


def _leaves(group: BaseExceptionGroup[GatewayError]) -> list[str]:
    found: list[str] = []
    for error in group.exceptions:
        found += _leaves(error) if isinstance(error, BaseExceptionGroup) else [str(error)]
    return found
