"""`hearthbeat alerts`: alone it runs one alert process; with a word behind it, it looks."""

import click

from hearthbeat.command_table import ALERT_COMMANDS, Entry
from hearthbeat.lazy_group import LazyGroup, load

RUN = Entry("hearthbeat.commands.alerts_run", "Run one alert process.")


@click.group(cls=LazyGroup, entries=ALERT_COMMANDS, invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Run one alert process, or try limits out with a subcommand."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(load("alerts", RUN))
