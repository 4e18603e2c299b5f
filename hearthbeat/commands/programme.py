"""`hearthbeat programme`: what may be asked of patients, as versioned data files."""

from pathlib import Path

import click
import msgspec
from msgspec import Struct

from care.programme import Programme
from care.programme_files import BYTES_MAX, parse
from care.programmes import Known, find_programme, list_programmes, register
from care.rule_words import asked_for, looked_for
from hearthbeat.command_group import Group
from hearthbeat.commands.administration import VERSION, json_option, run, show
from hearthbeat.invocation import data_option, pass_settings
from hearthbeat.settings import Settings

SUGGESTED = "suggested, to be signed off by the programme's clinical lead"
file_argument = click.argument(
    "file", type=click.Path(path_type=Path, exists=True, dir_okay=False, readable=True)
)


class Line(Struct, frozen=True, kw_only=True):
    """A programme in a list."""

    id: str
    version: int
    title: str
    rules: int
    origin: str
    signed_off: str


@click.group(cls=Group)
def command() -> None:
    """What may be asked of patients: measures, limits, who is told."""


@command.command("list")
@data_option
@json_option
@pass_settings
def list_(settings: Settings, *, as_json: bool) -> None:
    """List every version of every programme."""
    rows = [_line(each) for each in run(settings, list_programmes)]
    show(rows, columns=Line.__struct_fields__, as_json=as_json)


@command.command("show")
@click.argument("programme")
@click.option("--version", type=VERSION, help="Without it, the newest.")
@data_option
@json_option
@pass_settings
def show_(settings: Settings, programme: str, version: int | None, *, as_json: bool) -> None:
    """Show a programme: what is measured, what is looked for, who is told."""
    found = run(settings, lambda conn: find_programme(conn, programme, version)).programme
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return
    click.echo(f"{found.title} ({found.id} {found.version}), {found.signed_off_by or SUGGESTED}")
    for measure in found.measures:
        click.echo(f"  {measure.kind}: {asked_for(measure)}")
    for rule in found.rules:
        off = "" if rule.enabled else " (off)"
        click.echo(f"  {rule.severity:8}  {rule.id}{off}: {looked_for(rule)}")
    for ladder in found.ladders:
        steps = "; ".join(
            f"after {step.after_min} min {step.to} ({step.hours})" for step in ladder.steps
        )
        click.echo(f"  {ladder.severity} tells: {steps or 'nobody, it waits in the list'}")


@command.command()
@file_argument
def check(file: Path) -> None:
    """Read a programme file and tell everything that is wrong with it."""
    found = read_file(file)
    rules = "1 rule" if len(found.rules) == 1 else f"{len(found.rules)} rules"
    click.echo(f"{file}: {found.id} {found.version} is sound, with {rules}.")


@command.command("register")
@file_argument
@data_option
@pass_settings
def register_(settings: Settings, file: Path) -> None:
    """Make a programme file usable; its id and version then stand for this content for good."""
    found = read_file(file)
    made = run(settings, lambda conn: register(conn, found)).programme
    click.echo(f"Registered {made.id} {made.version}: {made.title}.")


def read_file(file: Path) -> Programme:
    """Raises FaultsError naming the file."""
    with file.open("rb") as stream:
        raw = stream.read(BYTES_MAX + 1)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file}: is not UTF-8, at byte {error.start}") from error
    return parse(text, name=str(file))


def _line(known: Known) -> Line:
    programme = known.programme
    return Line(
        id=programme.id,
        version=programme.version,
        title=programme.title,
        rules=len(programme.rules),
        origin="shipped" if known.shipped else "registered",
        signed_off=programme.signed_off_by or "no, only suggested",
    )
