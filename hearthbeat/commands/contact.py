"""`hearthbeat contact`: how people of the clinic and patients are reached."""

import asyncio
import time
from typing import Any, Final
from uuid import UUID

import click
import msgspec
from msgspec import Struct

from alerts.telling.contact_checks import masked
from alerts.telling.contacts import (
    Added,
    Contact,
    add_contact,
    end_contact,
    list_contacts,
    try_contact,
)
from alerts.telling.deliveries import Delivery, find_delivery
from alerts.telling.notify.message import Channel
from care.registry import find_patient
from care.rules import Severity
from hearthbeat.command_group import Group
from hearthbeat.commands.administration import (
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

WAITING: Final = frozenset({"queued", "sending"})
LOOK_EVERY_S: Final = 0.2


class Line(Struct, frozen=True, kw_only=True):
    """A contact as it is listed."""

    whose: str
    channel: str
    address: str
    min_severity: str
    quiet: str
    receipts: str
    since: str
    id: UUID


@click.group("contact", cls=Group)
def command() -> None:
    """How people are reached: e-mail, SMS, ntfy, webhooks."""


@command.command()
@click.argument("channel", type=click.Choice([str(each) for each in Channel]))
@click.argument("address", default="")
@click.option("--user", metavar="USERNAME", help="Whose: a person of the clinic.")
@click.option("--patient", metavar="MRN", help="Whose: a patient, for reminders and receipts.")
@click.option(
    "--min-severity", type=click.Choice([str(each) for each in Severity]), default="low",
    show_default=True, help="Alerts less grave are not sent here.",
)  # fmt: skip
@click.option("--quiet", nargs=2, metavar="FROM TO", help="As 21:00 08:00, on the local clock.")
@click.option("--receipts", is_flag=True, help="Patients: a word when a measurement has arrived.")
@by_option
@organisation_option
@pass_settings
def add(
    settings: Settings, /, channel: str, address: str, user: str | None, patient: str | None,
    organisation: str | None, by: str | None, **options: Any,
) -> None:  # fmt: skip
    """Add a way to reach somebody. A webhook's secret is shown this once."""
    quiet_from, quiet_to = options["quiet"] or (None, None)

    async def work(conn: Connection, whose: UUID) -> Added:
        return await add_contact(
            conn,
            whose,
            user_id=await user_named(conn, whose, user),
            patient_id=None if patient is None else (await find_patient(conn, whose, patient)).id,
            channel=channel,
            address=address,
            min_severity=options["min_severity"],
            quiet_from=quiet_from,
            quiet_to=quiet_to,
            receipts=options["receipts"],
            actor=await user_named(conn, whose, by),
            now=now(),
        )

    made = run_for(settings, organisation, work)
    click.echo(f"Added contact {made.contact.id}: {made.contact.channel}.")
    if made.secret is not None:
        click.echo(f"Its webhooks are signed with this secret, shown only now: {made.secret}")
    click.echo(f"Try it: hearthbeat contact test {made.contact.id}")


@command.command("list")
@click.option("--user", metavar="USERNAME", help="Only this person's.")
@click.option("--patient", metavar="MRN", help="Only this patient's.")
@click.option("--ended", is_flag=True, help="Also those that are not in use any more.")
@organisation_option
@json_option
@pass_settings
def list_(
    settings: Settings, user: str | None, patient: str | None, organisation: str | None,
    *, ended: bool, as_json: bool,
) -> None:  # fmt: skip
    """List contacts; addresses are masked, in full only as JSON."""

    async def work(conn: Connection, whose: UUID) -> list[Contact]:
        return await list_contacts(
            conn,
            whose,
            user_id=await user_named(conn, whose, user),
            patient_id=None if patient is None else (await find_patient(conn, whose, patient)).id,
            ended=ended,
        )

    found = run_for(settings, organisation, work)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return
    show([_line(each) for each in found], columns=Line.__struct_fields__, as_json=False)


@command.command()
@click.argument("contact", type=click.UUID)
@by_option
@organisation_option
@pass_settings
def remove(settings: Settings, contact: UUID, organisation: str | None, by: str | None) -> None:
    """Send nothing there any more, what is queued neither."""

    async def work(conn: Connection, whose: UUID) -> Contact:
        actor = await user_named(conn, whose, by)
        return await end_contact(conn, whose, contact, actor=actor, now=now())

    run_for(settings, organisation, work)
    click.echo("Done: nothing goes there any more.")


@command.command()
@click.argument("contact", type=click.UUID)
@click.option("--wait", "wait_s", default=40.0, show_default=True, help="Seconds.")
@organisation_option
@pass_settings
@click.pass_context
def test(
    ctx: click.Context, settings: Settings, contact: UUID, organisation: str | None,
    *, wait_s: float,
) -> None:  # fmt: skip
    """Send a test message and say what became of it; exit status 1 where it did not leave."""

    async def work(conn: Connection, whose: UUID) -> Delivery:
        message = await try_contact(conn, whose, contact, now=now())
        return await _settled(conn, whose, message, wait_s)

    found = run_for(settings, organisation, work)
    click.echo(said(found))
    ctx.exit(0 if found.state in {"sent", "delivered"} else 1)


async def _settled(conn: Connection, whose: UUID, message: UUID, wait_s: float) -> Delivery:
    until = time.monotonic() + wait_s
    found = await find_delivery(conn, whose, message)
    while found.state in WAITING and time.monotonic() < until:
        await asyncio.sleep(LOOK_EVERY_S)
        found = await find_delivery(conn, whose, message)
    return found


def said(found: Delivery) -> str:
    """What became of a test message."""
    to = f"{found.channel} to {found.address}"
    if found.state == "delivered":
        return f"{to}: delivered."
    if found.state == "sent":
        return f"{to}: sent; the other side has taken it."
    if found.state in WAITING and found.attempts == 0:
        return f"{to}: still queued. Does `hearthbeat alerts` run?"
    why = "" if found.last_error is None else f": {found.last_error}"
    if found.state in WAITING:
        return f"{to}: not yet, {found.attempts} tried{why}."
    return f"{to}: {found.state}{why}."


def _line(each: Contact) -> Line:
    stopped = "" if each.stopped_at is None else f" ({each.stopped_why})"
    return Line(
        whose=each.username or f"patient {each.mrn}",
        channel=f"{each.channel}{stopped}",
        address=masked(each.channel, each.address),
        min_severity="-" if each.patient_id else each.min_severity,
        quiet=f"{each.quiet_from}-{each.quiet_to}" if each.quiet_from else "-",
        receipts="yes" if each.receipts else "-",
        since=f"{each.created_at:%Y-%m-%d}",
        id=each.id,
    )
