"""`hearthbeat gateway`: alone it runs the home gateway; with a word behind it, it administers."""

import click

from hearthbeat.command_table import GATEWAY_COMMANDS, Entry
from hearthbeat.lazy_group import LazyGroup, load

RUN = Entry("hearthbeat.commands.gateway_run", "Run the home gateway.")


@click.group(cls=LazyGroup, entries=GATEWAY_COMMANDS, invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Run the home gateway, or administer gateways from the clinic with a subcommand."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(load("gateway", RUN))
