"""`hearthbeat patient order`: a clinician's orders for monitoring."""

from typing import Any
from uuid import UUID

import click

from care.orders import Order, add_order, end_order, list_orders
from care.registry import find_patient
from hearthbeat.command_group import Group
from hearthbeat.commands.administration import (
    instant,
    json_option,
    now,
    organisation_option,
    run_for,
    show,
)
from hearthbeat.commands.somebody import by_option, user_named
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from store.pool import Connection
from vitals.kinds import Kind


@click.group("order", cls=Group)
def command() -> None:
    """A clinician's orders for monitoring."""


@command.command()
@click.argument("patient")
@click.option("--ordered-by", required=True, metavar="NAME", help="The clinician's name.")
@click.option("--npi", help="The clinician's National Provider Identifier.")
@click.option(
    "--kind", "kinds", type=click.Choice([each.value for each in Kind]), multiple=True,
    required=True, help="What is to be measured; may be repeated.",
)  # fmt: skip
@click.option("--diagnosis", "diagnoses", multiple=True, metavar="ICD10", help="May be repeated.")
@click.option("--at", help="When it was ordered, with its offset from UTC; without it, now.")
@click.option("--from", "starts", help="With its offset from UTC; without it, now.")
@click.option("--until", "ends", help="With its offset from UTC; without it, until further notice.")
@click.option("--note", default="")
@by_option
@organisation_option
@pass_settings
def add(
    settings: Settings, /, patient: str, organisation: str | None, by: str | None, **options: Any
) -> None:
    """Record an order."""

    async def work(conn: Connection, whose: UUID) -> Order:
        at = now()
        return await add_order(
            conn,
            whose,
            (await find_patient(conn, whose, patient)).id,
            ordered_by=options["ordered_by"],
            npi=options["npi"],
            kinds=options["kinds"],
            diagnoses=options["diagnoses"],
            ordered_at=instant(options["at"]) or at,
            starts_at=instant(options["starts"]) or at,
            ends_at=instant(options["ends"]),
            note=options["note"],
            actor=await user_named(conn, whose, by),
            now=at,
        )

    made = run_for(settings, organisation, work)
    click.echo(f"Recorded order {made.id} for {', '.join(made.kinds)}.")


@command.command()
@click.argument("patient")
@click.argument("order", type=click.UUID)
@click.option("--at", help="With its offset from UTC; without it, now.")
@click.option("--reason", default="")
@by_option
@organisation_option
@pass_settings
def end(
    settings: Settings, /, patient: str, organisation: str | None, by: str | None, **options: Any
) -> None:
    """End an order, by its id."""

    async def work(conn: Connection, whose: UUID) -> Order:
        at = now()
        return await end_order(
            conn,
            whose,
            (await find_patient(conn, whose, patient)).id,
            options["order"],
            ends_at=instant(options["at"]) or at,
            reason=options["reason"],
            actor=await user_named(conn, whose, by),
            now=at,
        )

    run_for(settings, organisation, work)
    click.echo("Ended the order.")


@command.command("list")
@click.argument("patient")
@json_option
@organisation_option
@pass_settings
def list_(settings: Settings, patient: str, organisation: str | None, *, as_json: bool) -> None:
    """List a patient's orders, ended ones too."""

    async def work(conn: Connection, whose: UUID) -> list[Order]:
        return await list_orders(conn, whose, (await find_patient(conn, whose, patient)).id)

    columns = ("id", "ordered_by", "npi", "kinds", "diagnoses", "starts_at", "ends_at")
    show(run_for(settings, organisation, work), columns=columns, as_json=as_json)
