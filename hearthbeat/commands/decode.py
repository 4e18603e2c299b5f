"""`hearthbeat decode`: one GATT frame to JSON."""

import json

import click

from device_profiles.catalog import CATALOG, by_name
from device_profiles.errors import DecodeError, UnknownProfile
from device_profiles.frames import describe, from_hex
from device_profiles.gatt import short


@click.command()
@click.argument("uuid")
@click.argument("hex_digits", metavar="HEX")
@click.option(
    "--profile",
    "profile_name",
    metavar="NAME",
    default="generic",
    show_default=True,
    help=f"Whose frame it is: {', '.join(CATALOG)}.",
)
@click.pass_context
def decode(ctx: click.Context, uuid: str, hex_digits: str, profile_name: str) -> None:
    """Say what one GATT frame means.

    UUID is a characteristic (2a35, 0x2A35 or all 128 bits), or 181d-service-data or
    181b-service-data for what Xiaomi scales advertise. Prints JSON; a frame that can't be decoded
    gives {"error", "detail"} and exit status 1.
    """
    try:
        profile = by_name(profile_name)
        said = describe(short(uuid.removeprefix("0x")), from_hex(hex_digits), profile=profile)
    except UnknownProfile as problem:
        _refuse(ctx, "unknown_profile", str(problem))
    except DecodeError as problem:
        _refuse(ctx, problem.code, problem.detail)
    else:
        click.echo(json.dumps(said))


command = decode
"""The name under which the table of commands looks for it."""


def _refuse(ctx: click.Context, code: str, detail: str) -> None:
    click.echo(json.dumps({"error": code, "detail": detail}))
    ctx.exit(1)
