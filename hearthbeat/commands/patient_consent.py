"""`hearthbeat patient consent`: what a patient has agreed to."""

from typing import Any
from uuid import UUID

import click

from care.consents import Consent, add_consent, list_consents, withdraw_consent
from care.errors import NotFoundError
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
from store.schema import CONSENT_KINDS, CONSENT_METHODS

kind_argument = click.argument("kind", type=click.Choice(CONSENT_KINDS))


@click.group("consent", cls=Group)
def command() -> None:
    """What a patient has agreed to."""


@command.command()
@click.argument("patient")
@kind_argument
@click.option("--method", type=click.Choice(CONSENT_METHODS), required=True)
@click.option("--at", help="When it was given, with its offset from UTC; without it, now.")
@click.option("--note", default="")
@by_option
@organisation_option
@pass_settings
def add(
    settings: Settings, /, patient: str, organisation: str | None, by: str | None, **options: Any
) -> None:
    """Record a consent."""

    async def work(conn: Connection, whose: UUID) -> Consent:
        at = now()
        return await add_consent(
            conn,
            whose,
            (await find_patient(conn, whose, patient)).id,
            kind=options["kind"],
            method=options["method"],
            given_at=instant(options["at"]) or at,
            note=options["note"],
            actor=await user_named(conn, whose, by),
            now=at,
        )

    made = run_for(settings, organisation, work)
    click.echo(f"Recorded {made.method} consent to {made.kind}.")


@command.command()
@click.argument("patient")
@kind_argument
@click.option("--at", help="With its offset from UTC; without it, now.")
@click.option("--reason", default="")
@by_option
@organisation_option
@pass_settings
def withdraw(
    settings: Settings, /, patient: str, organisation: str | None, by: str | None, **options: Any
) -> None:
    """Record that a consent is withdrawn."""

    async def work(conn: Connection, whose: UUID) -> Consent:
        found = await find_patient(conn, whose, patient)
        at, kind = now(), options["kind"]
        held = [
            each
            for each in await list_consents(conn, whose, found.id)
            if each.kind == kind and each.withdrawn_at is None
        ]
        if not held:
            raise NotFoundError("kind", f"there is no consent to {kind} that holds")
        return await withdraw_consent(
            conn,
            whose,
            found.id,
            held[0].id,
            withdrawn_at=instant(options["at"]) or at,
            reason=options["reason"],
            actor=await user_named(conn, whose, by),
            now=at,
        )

    gone = run_for(settings, organisation, work)
    click.echo(f"Consent to {gone.kind} is withdrawn.")


@command.command("list")
@click.argument("patient")
@json_option
@organisation_option
@pass_settings
def list_(settings: Settings, patient: str, organisation: str | None, *, as_json: bool) -> None:
    """List a patient's consents, withdrawn ones too."""

    async def work(conn: Connection, whose: UUID) -> list[Consent]:
        return await list_consents(conn, whose, (await find_patient(conn, whose, patient)).id)

    rows = run_for(settings, organisation, work)
    show(rows, columns=("kind", "method", "given_at", "withdrawn_at", "note"), as_json=as_json)
