"""`hearthbeat gateway join`: a home's hub turns its one-time code into its settings."""

import datetime as dt
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import click

from hearthbeat import join_files, joining
from hearthbeat.join_files import UNIT_FILE, Place
from hearthbeat.joining import LOOPBACK, Enrolment

NOT_HERE: Final = (
    "the clinic says that its broker is on this very machine. In the clinic, mqtt.public_url is "
    "to say where homes reach it; here, correct `url` in the settings"
)
NO_TLS: Final = "the clinic's broker has no TLS: the hub will refuse it"


@click.command()
@click.option("--server", required=True, metavar="URL", help="The clinic: https://HOST[:PORT].")
@click.option("--code", prompt="Enrolment code", help="From the clinic; asked for if left out.")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=UNIT_FILE,
    show_default=True,
    help="The settings to write; the password goes beside them.",
)
@click.option(
    "--ca",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="PEM file of the clinic's own authority, where it has one.",
)
@click.option("--replace", is_flag=True, help="Overwrite an enrolment that is there.")
def command(*, server: str, code: str, config: Path, ca: Path | None, replace: bool) -> None:
    """In the home: use the code that the clinic printed, once, and write the hub's settings."""
    url = joining.endpoint(server)
    joining.refuse_a_sources(code)
    place = Place.at(config)
    join_files.make_ready(place, replace=replace)
    made = joining.enrol(url, code, ca=ca, now=dt.datetime.now(dt.UTC))
    join_files.write(place, made, ca=ca)
    click.echo("\n".join(said(place, made, server=url)))


def said(place: Place, made: Enrolment, *, server: str) -> list[str]:
    """What happened, what to look at twice, and what to do next."""
    lines = [
        f"This home is enrolled as {made.gateway}.",
        f"  settings   {place.settings}",
        f"  password   {place.password}  (readable by its owner only)",
        f"  broker     {made.mqtt.url}",
        f"  time zone  {made.time_zone or 'that of this machine (the clinic named none)'}",
    ]
    lines += [f"Look at this: {doubt}" for doubt in _doubts(made, server=server)]
    if place.for_unit:
        return [*lines, "Next: sudo systemctl enable --now hearthbeat-gateway"]
    return [
        *lines,
        f"Next: hearthbeat --config {place.settings} gateway",
        f"  (at boot, as a service: join with --config {UNIT_FILE})",
    ]


def _doubts(made: Enrolment, *, server: str) -> list[str]:
    broker = urlsplit(made.mqtt.url)
    away = broker.hostname not in LOOPBACK
    if not away and urlsplit(server).hostname not in LOOPBACK:
        return [NOT_HERE]
    return [NO_TLS] if away and broker.scheme == "mqtt" else []
