"""`hearthbeat billing`: what may be billed, by the configured rules."""

import click

from hearthbeat.command_table import BILLING_COMMANDS
from hearthbeat.lazy_group import LazyGroup


@click.group(cls=LazyGroup, entries=BILLING_COMMANDS)
def command() -> None:
    """What may be billed, by the configured rules; a person approves each line."""
