"""`hearthbeat doctor`: what is wrong, in words, and what to do."""

import asyncio
import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import Final

import click

from hearthbeat.checks import Check, Standing
from hearthbeat.examination import examine
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings

COLOURS: Final = {Standing.GOOD: "green", Standing.NOTE: "yellow", Standing.TROUBLE: "red"}


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="Data directory of a running `up`.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_context
@pass_settings
def command(settings: Settings, ctx: click.Context, *, data: Path | None, as_json: bool) -> None:
    """Say in words what is wrong and what to do; exit status 1 on trouble."""
    found = asyncio.run(examine(settings, data=data, now=dt.datetime.now(dt.UTC)))
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(check) for check in found], indent=2))
    else:
        for check in found:
            _say(check)
    ctx.exit(1 if any(check.standing is Standing.TROUBLE for check in found) else 0)


def _say(check: Check) -> None:
    mark = click.style(f"{check.standing:<8}", fg=COLOURS[check.standing])
    click.echo(f"{mark} {check.about}: {check.found}")
    if check.to_do:
        click.echo(f"{'':<9}-> {check.to_do}")
