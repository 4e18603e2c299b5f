"""`hearthbeat patient plan`: which limits hold for a patient, since when, and why."""

from pathlib import Path
from typing import Any
from uuid import UUID

import click
import msgspec

from care.changes import lock_patient
from care.errors import NotFoundError
from care.patients import Patient
from care.plan_withdrawal import withdraw_plan
from care.plans import (
    PlanSet,
    PlanVersion,
    end_plan,
    in_force,
    list_plans,
    own_version,
    set_plan,
)
from care.registry import find_patient
from console.web.formats import units_from
from console.web.rule_words import labels_of, measure_words, rule_words
from hearthbeat.command_group import Group
from hearthbeat.commands.administration import (
    VERSION,
    instant,
    json_option,
    now,
    organisation_option,
    run_for,
    show,
)
from hearthbeat.commands.plan_overrides import Changes, changed, told
from hearthbeat.commands.somebody import by_option, user_named
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from store.pool import Connection
from vitals.kinds import PANELS


@click.group("plan", cls=Group)
def command() -> None:
    """Which limits hold for a patient, since when, and why."""


@command.command("set")
@click.argument("patient")
@click.option("--programme", help="Without it, the one that the patient has.")
@click.option("--version", type=VERSION, help="Of the programme; without it, the newest.")
@click.option(
    "--overrides", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A TOML or JSON file with all that differs for this patient, in place of what does now.",
)  # fmt: skip
@click.option("--no-overrides", "none", is_flag=True, help="Nothing differs any more.")
@click.option("--off", multiple=True, metavar="RULE", help="Switch a rule off; may be repeated.")
@click.option("--on", multiple=True, metavar="RULE", help="Switch a rule on; may be repeated.")
@click.option("--from", "starts", help="With its offset from UTC; without it, now.")
@click.option("--backdate", is_flag=True, help="--from lies in the past, and is meant to.")
@click.option("--reason", required=True)
@by_option
@organisation_option
@pass_settings
def set_(
    settings: Settings, /, patient: str, organisation: str | None, by: str | None, **options: Any
) -> None:
    """Set a patient's plan (medical record number); the one before ends where it begins.

    It holds until the next version begins that is set to begin later. What differs for this
    patient stays: --off and --on add to it, --overrides replaces it, --no-overrides drops it.
    """
    changes = Changes(**{name: options[name] for name in Changes.__struct_fields__})
    changes.check()

    async def work(conn: Connection, whose: UUID) -> tuple[PlanVersion | None, PlanSet]:
        found = await find_patient(conn, whose, patient)
        at = now()
        begins = instant(options["starts"]) or at
        async with conn.transaction():
            # Nobody changes in between what this adds to.
            await lock_patient(conn, whose, found.id)
            before = await own_version(conn, whose, found.id, at=begins)
            return before, await set_plan(
                conn,
                whose,
                found.id,
                programme=options["programme"] or _programme_of(before),
                version=options["version"],
                overrides=changed(None if before is None else before.overrides, changes),
                effective_from=begins,
                reason=options["reason"],
                actor=await user_named(conn, whose, by),
                now=at,
                allow_backdate=options["backdate"],
            )

    before, made = run_for(settings, organisation, work)
    _say(before, made)


def _say(before: PlanVersion | None, made: PlanSet) -> None:
    plan = made.plan
    if not made.changed:
        click.echo(f"Nothing to change: version {plan.version} says just this.")
        return
    since = plan.effective_from.isoformat(timespec="seconds")
    if plan.effective_to is not None:
        since += f" until {plan.effective_to.isoformat(timespec='seconds')}"
    rules = "1 rule" if len(plan.rules) == 1 else f"{len(plan.rules)} rules"
    said = f"{plan.programme} {plan.programme_version}, {rules}"
    click.echo(f"Set version {plan.version} from {since}: {said}.")
    for line in told(before, plan):
        click.echo(line)


@command.command("show")
@click.argument("patient")
@click.option("--at", help="With its offset from UTC; without it, now.")
@json_option
@organisation_option
@pass_settings
def show_(
    settings: Settings, patient: str, at: str | None, organisation: str | None, *, as_json: bool
) -> None:
    """Show the plan that holds at an instant, in the units that the patient's pages have."""

    async def work(conn: Connection, whose: UUID) -> tuple[Patient, list[PlanVersion]]:
        known = await find_patient(conn, whose, patient)
        return known, await list_plans(conn, whose, known.id)

    when = instant(at) or now()
    person, versions = run_for(settings, organisation, work)
    found = in_force(versions, at=when)
    if found is None:
        said = when.isoformat(timespec="seconds")
        raise NotFoundError("plan", f"there is none for {patient} at {said}")
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return
    since = found.effective_from.isoformat(timespec="seconds")
    click.echo(
        f"Version {found.version} since {since}: {found.programme} {found.programme_version}"
    )
    click.echo(f"  set by {found.username or 'a command'}: {found.reason}")
    for measure in found.measures:
        click.echo(f"  {PANELS[measure.kind].label}: {measure_words(measure)}")
    units, labels = units_from(msgspec.structs.asdict(person)), labels_of(found.rules)
    for rule in found.rules:
        click.echo(f"  {rule.severity:8}  {rule.id}: {rule_words(rule, units, labels)}")


@command.command()
@click.argument("patient")
@json_option
@organisation_option
@pass_settings
def history(settings: Settings, patient: str, organisation: str | None, *, as_json: bool) -> None:
    """List all versions of a patient's plan, the last made first."""
    columns = (
        "version", "programme", "programme_version", "effective_from", "effective_to", "username",
        "reason", "end_reason", "withdrawn_at", "withdrawn_username", "withdraw_reason",
    )  # fmt: skip
    show(_history(settings, organisation, patient), columns=columns, as_json=as_json)


@command.command()
@click.argument("patient")
@click.option("--at", help="With its offset from UTC; without it, now.")
@click.option("--backdate", is_flag=True, help="--at lies in the past, and is meant to.")
@click.option("--reason", required=True)
@by_option
@organisation_option
@pass_settings
def end(
    settings: Settings, /, patient: str, organisation: str | None, by: str | None, **options: Any
) -> None:
    """End a patient's plan: nothing is expected any more, and no limit is looked at."""

    async def work(conn: Connection, whose: UUID) -> PlanVersion:
        found = await find_patient(conn, whose, patient)
        at = now()
        return await end_plan(
            conn,
            whose,
            found.id,
            at=instant(options["at"]) or at,
            reason=options["reason"],
            actor=await user_named(conn, whose, by),
            now=at,
            allow_backdate=options["backdate"],
        )

    ended = run_for(settings, organisation, work)
    click.echo(f"Ended version {ended.version}.")


@command.command()
@click.argument("patient")
@click.option("--version", type=VERSION, help="Without it, the only one that has not begun.")
@click.option("--reason", required=True)
@by_option
@organisation_option
@pass_settings
def withdraw(
    settings: Settings, /, patient: str, organisation: str | None, by: str | None, **options: Any
) -> None:
    """Withdraw a version that has not begun: the one before it holds on."""

    async def work(conn: Connection, whose: UUID) -> PlanSet:
        found = await find_patient(conn, whose, patient)
        return await withdraw_plan(
            conn,
            whose,
            found.id,
            version=options["version"],
            reason=options["reason"],
            actor=await user_named(conn, whose, by),
            now=now(),
        )

    gone = run_for(settings, organisation, work)
    said = "Withdrew" if gone.changed else "Nothing to change: withdrawn already is"
    click.echo(f"{said} version {gone.plan.version}.")


def _history(settings: Settings, organisation: str | None, patient: str) -> list[PlanVersion]:
    async def work(conn: Connection, whose: UUID) -> list[PlanVersion]:
        return await list_plans(conn, whose, (await find_patient(conn, whose, patient)).id)

    return run_for(settings, organisation, work)


def _programme_of(before: PlanVersion | None) -> str:
    if before is None:
        raise click.UsageError("the patient has no plan yet: say which --programme")
    return before.programme
