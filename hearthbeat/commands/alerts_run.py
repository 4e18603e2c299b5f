"""`hearthbeat alerts`: one process that evaluates, escalates and tells, until it is stopped."""

import asyncio

import click

from alerts import process
from alerts.settings import AlertSettings, ChannelSettings
from alerts.telling.notify.email import EmailSettings
from alerts.telling.notify.over_http import SmsSettings
from hearthbeat.errors import SettingsError
from hearthbeat.finding import database_meant
from hearthbeat.invocation import pass_settings
from hearthbeat.ports import refuse_taken
from hearthbeat.settings import Notify, Settings
from hearthbeat.stopping import stop_on_signal
from observe import logs


@click.command()
@pass_settings
def command(settings: Settings) -> None:
    """Run one alert process: readings to alerts, alerts to people. Run as many as you like."""
    logs.configure(
        level=settings.log.level, as_json=settings.log.format == "json", process="alerts"
    )
    alerts = settings.alerts
    refuse_taken(alerts.health_port, host=alerts.health_host, setting="alerts.health_port")
    asyncio.run(_until_signalled(settings))


async def _until_signalled(settings: Settings) -> None:
    await process.run(
        process_settings(settings),
        dsn=database_meant(settings),
        stop=stop_on_signal(),
        pool_max=settings.database.pool_max,
    )


def process_settings(settings: Settings) -> AlertSettings:
    """The part of the settings that an alert process takes."""
    alerts, console = settings.alerts, settings.console
    return AlertSettings(
        base_url=alerts.base_url or f"http://{console.host}:{console.port}",
        channels=channels(settings.notify, reached_at=alerts.base_url),
        heartbeat_url=alerts.heartbeat_url,
        health_host=alerts.health_host,
        health_port=alerts.health_port,
    )


def channels(notify: Notify, *, reached_at: str | None = None) -> ChannelSettings:
    """`reached_at`: the console, from outside. Raises SettingsError for half a channel."""
    email = sms = None
    if notify.smtp_host is not None:
        email = EmailSettings(
            host=notify.smtp_host,
            port=notify.smtp_port,
            sender=notify.smtp_sender,
            username=notify.smtp_username,
            password=notify.smtp_password,
            tls=notify.smtp_tls,
        )
    if notify.sms_url is not None:
        sms = SmsSettings(
            url=notify.sms_url,
            account=_needed("sms_account", notify.sms_account),
            token=_needed("sms_token", notify.sms_token),
            sender=_needed("sms_sender", notify.sms_sender),
            report_url=_report_url(notify, reached_at),
        )
    return ChannelSettings(
        email=email,
        webhook_secret=notify.webhook_secret,
        ntfy_server=notify.ntfy_server,
        ntfy_token=notify.ntfy_token,
        sms=sms,
    )


def _report_url(notify: Notify, reached_at: str | None) -> str | None:
    if reached_at is None or not notify.sms_report:
        return None
    return f"{reached_at.rstrip('/')}/api/v1/sms/status"


def _needed(name: str, value: str | None) -> str:
    if value is None:
        raise SettingsError(f"notify.{name} is needed where notify.sms_url is set")
    return value
