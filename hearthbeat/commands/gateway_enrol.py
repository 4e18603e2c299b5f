"""`hearthbeat gateway enrol`: a new code for a home hub."""

from uuid import UUID

import click

from care.gateways import Credentials
from care.registry import enrol, issue_code
from hearthbeat.commands.administration import now, organisation_option, run_for
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from store.pool import Connection
from wire.enrolment_code import is_for_source


@click.command()
@click.argument("gateway_id", metavar="ID")
@click.option("--here", is_flag=True, help="Use the code at once and print what to sign in with.")
@organisation_option
@pass_settings
def command(settings: Settings, gateway_id: str, organisation: str | None, *, here: bool) -> None:
    """Print a new enrolment code; one printed earlier is void."""

    async def work(conn: Connection, whose: UUID) -> str | Credentials:
        code = await issue_code(conn, whose, gateway_id, now=now())
        return await enrol(conn, code, now=now()) if here else code

    made = run_for(settings, organisation, work)
    if isinstance(made, str):
        click.echo(code_in_words(made))
        return
    click.echo(f"MQTT user name  {made.gateway_id}\nMQTT password   {made.secret}")
    click.echo(f"HTTP source key {made.source_key}\nThis is shown once.")


def code_in_words(code: str) -> str:
    """The code, and what the person in the home, or who runs the source, does with it."""
    if is_for_source(code):
        return (
            f"Enrolment code  {code}\nGood once, for 24 hours. The source's key is the answer to:\n"
            f"  curl -X POST https://CLINIC/api/v1/enrolments "
            f"-H 'Content-Type: application/json' -d '{{\"code\": \"{code}\"}}'"
        )
    return (
        f"Enrolment code  {code}\nGood once, for 24 hours. In the home:\n"
        f"  hearthbeat gateway join --server https://CLINIC --code {code}"
    )
