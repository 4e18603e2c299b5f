"""`hearthbeat console`: the JSON API and the pages, until it is told to stop."""

import asyncio
import datetime as dt

import click

from console import process
from console.settings import ConsoleSettings, OidcSettings, SmsDoor
from hearthbeat.commands.ingest_run import letter_quota
from hearthbeat.finding import database_meant
from hearthbeat.invocation import pass_settings
from hearthbeat.mqtt_settings import told_to_homes
from hearthbeat.ports import refuse_taken
from hearthbeat.settings import Settings
from hearthbeat.settings_check import networks_named, public_url
from hearthbeat.stopping import stop_on_signal
from hearthbeat.version import VERSION
from observe import logs


@click.command()
@click.option("--demo", is_flag=True, hidden=True, help="Every page says: invented people.")
@pass_settings
def command(settings: Settings, *, demo: bool) -> None:
    """Run the JSON API and the pages. Put TLS in front wherever another machine reaches them."""
    logs.configure(
        level=settings.log.level, as_json=settings.log.format == "json", process="console"
    )
    console = settings.console
    refuse_taken(console.port, host=console.host, setting="console.port")
    asyncio.run(_until_signalled(settings, demo=demo))


async def _until_signalled(settings: Settings, *, demo: bool) -> None:
    await process.run(
        ConsoleSettings(
            version=VERSION,
            clinic_name=settings.clinic.name,
            clinic_phone=settings.clinic.phone,
            emergency_number=settings.clinic.emergency_number,
            time_zone=settings.clinic.time_zone,
            public_url=public_url(settings),
            demo=demo,
            secret_key=settings.console.secret_key,
            oidc=oidc(settings),
            gateway_broker=told_to_homes(settings.mqtt),
            trusted_proxies=networks_named(
                "console.trusted_proxies", settings.console.trusted_proxies
            ),
            letter_quota=letter_quota(settings.ingest),
            sms=sms_door(settings),
            audit_checkpoints=settings.audit.checkpoint_file,
        ),
        dsn=database_meant(settings),
        host=settings.console.host,
        port=settings.console.port,
        stop=stop_on_signal(),
        clock=lambda: dt.datetime.now(dt.UTC),
        pool_max=settings.database.pool_max,
        requests_dsn=settings.console.database_url,
    )


def oidc(settings: Settings) -> OidcSettings | None:
    """The provider that people may sign in at; None where there is none."""
    given = settings.oidc
    if given.issuer is None or given.client_id is None:
        return None
    return OidcSettings(
        issuer=given.issuer,
        client_id=given.client_id,
        client_secret=given.client_secret,
        claim=given.claim,
        name=given.name,
    )


def sms_door(settings: Settings) -> SmsDoor | None:
    """Where the provider of short messages comes in; None where it could not prove itself."""
    notify, url = settings.notify, settings.alerts.base_url
    if notify.sms_token is None or url is None or not notify.sms_report:
        return None
    return SmsDoor(
        token=notify.sms_token,
        url=url,
        clinic_phone=settings.clinic.phone,
        emergency_number=settings.clinic.emergency_number,
    )
