"""`hearthbeat homes`: the process of simulated homes that `up --demo` starts."""

import asyncio
from pathlib import Path

import click

from hearthbeat.demo import homes_plan
from hearthbeat.demo.homes import live
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from hearthbeat.speed import Speed
from hearthbeat.stopping import stop_on_signal
from observe import logs


@click.command()
@click.argument("plan", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--speed", type=Speed(0.01), default=1.0, show_default=True)
@pass_settings
def command(settings: Settings, *, plan: Path, speed: float) -> None:
    """Run the simulated homes of PLAN, a file that `hearthbeat up --demo` writes."""
    logs.configure(level=settings.log.level, as_json=settings.log.format == "json", process="homes")
    asyncio.run(_until_signalled(plan, speed))


async def _until_signalled(plan: Path, speed: float) -> None:
    await live(homes_plan.read(plan), speed=speed, stop=stop_on_signal())
