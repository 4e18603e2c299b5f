"""`hearthbeat ingest`: one worker, until it is told to stop."""

import asyncio
import datetime as dt
from typing import Final

import click

from hearthbeat.finding import database_meant
from hearthbeat.invocation import pass_settings
from hearthbeat.mqtt_settings import broker_address
from hearthbeat.ports import refuse_taken
from hearthbeat.settings import Ingest, Settings
from hearthbeat.stopping import stop_on_signal
from ingest import process
from ingest.letter_quota import LetterQuota
from ingest.settings import IngestSettings
from observe import logs

NO_BROKER: Final = "no broker is named: set HB_MQTT_URL, as in mqtt://broker:1883"


@click.command()
@pass_settings
def command(settings: Settings) -> None:
    """Run one ingest worker: from the broker to the table, with receipts back.

    Waits for the database and the broker where they are away; /readyz says so. Run several by
    giving each its own HB_INGEST_WORKER; a broker with MQTT 5 shares the work among them.
    """
    logs.configure(
        level=settings.log.level, as_json=settings.log.format == "json", process="ingest"
    )
    ingest = settings.ingest
    refuse_taken(ingest.health_port, host=ingest.health_host, setting="ingest.health_port")
    asyncio.run(_until_signalled(settings))


async def _until_signalled(settings: Settings) -> None:
    await process.run(
        worker_settings(settings.ingest),
        dsn=database_meant(settings),
        broker=broker_address(settings.mqtt, missing=NO_BROKER),
        stop=stop_on_signal(),
        pool_max=settings.database.pool_max,
    )


def worker_settings(ingest: Ingest) -> IngestSettings:
    """The part of the settings that a worker takes."""
    return IngestSettings(
        worker=ingest.worker,
        batch_readings=ingest.batch_readings,
        backlog_readings=max(ingest.batch_readings, ingest.backlog_readings),
        batch_wait_s=ingest.batch_wait_ms / 1000,
        letter_quota=letter_quota(ingest),
        handled_letters_kept=dt.timedelta(days=ingest.dead_letters_days),
        health_host=ingest.health_host,
        health_port=ingest.health_port,
    )


def letter_quota(ingest: Ingest) -> LetterQuota:
    """What is kept of one gateway's unreadable messages, whatever way they come in."""
    return LetterQuota(
        most_letters=ingest.dead_letters, most_bytes=ingest.dead_letters_mib * 1024 * 1024
    )
