"""`hearthbeat device`: cuffs, scales and meters, and who has them."""

from typing import Any
from uuid import UUID

import click

from care import addresses
from care.attribution import Assignment
from care.devices import Device
from care.errors import InvalidError, NotFoundError
from care.registry import (
    add_device,
    assign,
    find_device,
    find_patient,
    list_devices,
    unassign,
)
from care.udis import UdiOfDevice, state_udi, udi_of
from hearthbeat.command_group import Group
from hearthbeat.commands.administration import (
    instant,
    json_option,
    now,
    organisation_option,
    run_for,
    show,
)
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from store.pool import Connection

slot_option = click.option(
    "--slot", type=int, help="One user number of a shared device; without it, the whole device."
)


@click.group(cls=Group)
def command() -> None:
    """Cuffs, scales and meters."""


@command.command()
@click.argument("address")
@click.option("--profile", default="", help="Of device_profiles; without it, found out.")
@click.option("--label", default="")
@click.option("--serial")
@click.option("--udi", help="As it is printed beside the bar code: (01)…; or as scanned.")
@click.option("--passkey", help="What the device shows or has printed on it.")
@click.option("--gateway", "gateway_id", help="The hub that it is handed out with.")
@click.option(
    "--not-bluetooth",
    "foreign",
    is_flag=True,
    help="ADDRESS is what a source over HTTP calls the device.",
)
@organisation_option
@pass_settings
def add(
    settings: Settings,
    /,
    organisation: str | None,
    address: str,
    *,
    foreign: bool,
    udi: str | None,
    **fields: Any,
) -> None:
    """Add a device by its Bluetooth address, in any of the ways that labels have it.

    That is A0:B1:C2:D3:E4:F5; a gateway on macOS shows a UUID instead.
    """
    named = addresses.called(address, own=True) if foreign else on_the_air(address)

    async def work(conn: Connection, whose: UUID) -> Device:
        async with conn.transaction():
            made = await add_device(conn, whose, address=named, **fields)
            if udi is not None:
                await state_udi(conn, whose, made.id, udi, actor=None, now=now())
        return made

    made = run_for(settings, organisation, work)
    click.echo(f"Added device {made.address}, id {made.id}.")


def on_the_air(typed: str) -> str:
    """The address as gateways send it; raises BadParameter with what is wrong with it."""
    try:
        return addresses.called(typed, own=False)
    except InvalidError as error:
        raise click.BadParameter(
            f"{error.message}. The name of a source over HTTP needs --not-bluetooth.",
            param_hint="ADDRESS",
        ) from None


async def known(conn: Connection, whose: UUID, typed: str) -> Device:
    """A device that is there: by id, by the name that it was given, or by an address's spelling."""
    try:
        return await find_device(conn, whose, typed)
    except NotFoundError:
        named = addresses.on_the_air(typed)
        if named is None:
            raise
        return await find_device(conn, whose, named)


@command.command("list")
@organisation_option
@json_option
@pass_settings
def list_(settings: Settings, organisation: str | None, *, as_json: bool) -> None:
    """List devices."""
    rows = run_for(settings, organisation, list_devices)
    columns = ("address", "profile", "label", "serial", "gateway_id", "retired_at")
    show(rows, columns=columns, as_json=as_json)


@command.command()
@click.argument("address")
@click.argument("typed", metavar="[UDI]", required=False)
@click.option("--remove", is_flag=True, help="Take away what people have said.")
@click.option("--reason", default="", help="Needed in the place of what somebody has said.")
@organisation_option
@json_option
@pass_settings
def udi(
    settings: Settings,
    organisation: str | None,
    address: str,
    typed: str | None,
    *,
    remove: bool,
    reason: str,
    as_json: bool,
) -> None:
    """Show the UDI of a device with all that was ever said of it; or say one.

    UDI as it is printed beside the bar code, in quotation marks: "(01)09506000134352(21)1234".
    """
    if remove and typed is not None:
        raise click.UsageError("either a UDI or --remove")

    async def work(conn: Connection, whose: UUID) -> UdiOfDevice:
        found = await known(conn, whose, address)
        if typed is None and not remove:
            return await udi_of(conn, whose, found.id)
        return await state_udi(conn, whose, found.id, typed, reason=reason, actor=None, now=now())

    found = run_for(settings, organisation, work)
    if as_json or found.statements:
        columns = ("stated_at", "source", "udi", "stated_by", "reason")
        show(found.statements, columns=columns, as_json=as_json)
    if not as_json:
        held = found.holds
        click.echo(f"It is {held.udi}." if held is not None else "Nobody has said one.")


@command.command("assign")
@click.argument("address")
@click.argument("patient")
@slot_option
@click.option("--from", "starts", help="With its offset from UTC; without it, now.")
@click.option("--until", "ends", help="With its offset from UTC; without it, until further notice.")
@click.option("--reason", default="")
@organisation_option
@pass_settings
def assign_(
    settings: Settings, /, address: str, patient: str, organisation: str | None, **options: Any
) -> None:
    """Hand a device to a patient (medical record number): its readings are theirs from then on."""

    async def work(conn: Connection, whose: UUID) -> Assignment:
        return await assign(
            conn,
            whose,
            device_id=(await known(conn, whose, address)).id,
            patient_id=(await find_patient(conn, whose, patient)).id,
            user_slot=options["slot"],
            starts_at=instant(options["starts"]) or now(),
            ends_at=instant(options["ends"]),
            reason=options["reason"],
        )

    made = run_for(settings, organisation, work)
    click.echo(f"Assigned from {made.starts_at.isoformat(timespec='seconds')}.")


@command.command("unassign")
@click.argument("address")
@slot_option
@click.option("--at", "ends", help="With its offset from UTC; without it, now.")
@organisation_option
@pass_settings
def unassign_(
    settings: Settings,
    address: str,
    slot: int | None,
    ends: str | None,
    organisation: str | None,
) -> None:
    """Take a device back: what it measured before stays the patient's."""

    async def work(conn: Connection, whose: UUID) -> Assignment:
        found = await known(conn, whose, address)
        ends_at = instant(ends) or now()
        return await unassign(conn, whose, device_id=found.id, user_slot=slot, ends_at=ends_at)

    run_for(settings, organisation, work)
    click.echo("Unassigned.")
