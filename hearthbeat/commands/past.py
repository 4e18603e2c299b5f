"""`hearthbeat past`: the process of the demonstration's patients that `up --demo` starts."""

import asyncio
import datetime as dt
import os
from pathlib import Path
from typing import Final

import click

from hearthbeat.demo import past, past_plan
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from hearthbeat.stopping import stop_on_signal
from observe import logs

GIVES_WAY: Final = 5
"""Whoever signs in meanwhile, and the homes that send live, come first."""


@click.command()
@click.argument("plan", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@pass_settings
def command(settings: Settings, *, plan: Path) -> None:
    """Make the past of the demonstration's patients, and go on with their days.

    PLAN is a file that `hearthbeat up --demo` writes.
    """
    os.nice(GIVES_WAY)
    logs.configure(level=settings.log.level, as_json=settings.log.format == "json", process="past")
    asyncio.run(_until_signalled(settings, past_plan.read(plan)))


async def _until_signalled(settings: Settings, plan: past_plan.PastPlan) -> None:
    now = dt.datetime.now(dt.UTC)
    await past.run(plan, settings.database.url or "", now=now, stop=stop_on_signal())
