"""`hearthbeat gateway accounts`: whom a broker of the clinic's own is to let in."""

import click

from care.registry import broker_accounts
from hearthbeat.commands.administration import run
from hearthbeat.embedded.broker_access import acl_file, password_file
from hearthbeat.invocation import data_option, pass_settings
from hearthbeat.settings import Settings


@click.command()
@click.option("--acl", is_flag=True, help="Instead, who may speak where, in mosquitto's language.")
@data_option
@pass_settings
def command(settings: Settings, *, acl: bool) -> None:
    """Print the enrolled gateways of all clinics as lines of a mosquitto password file.

    `up` keeps its own broker in step by itself. With another broker: write the file when gateways
    come and go, add the account of ingest, and send mosquitto SIGHUP.
    """
    if acl:
        click.echo(acl_file(open_door=False), nl=False)
    else:
        click.echo(password_file(run(settings, broker_accounts)), nl=False)
