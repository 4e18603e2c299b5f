"""What the administration commands share: a connection, errors in plain words, lists."""

import asyncio
import datetime as dt
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final, ParamSpec, TextIO, TypeVar
from uuid import UUID

import asyncpg
import click
import msgspec

from care.registry import find_organisation
from hearthbeat.commands.audit_of_commands import write_down
from hearthbeat.finding import database_meant
from hearthbeat.invocation import data_option, invocation
from hearthbeat.settings import Settings
from observe import logs
from store.errors import SchemaBehindError
from store.pool import Connection, connect

T = TypeVar("T")

P = ParamSpec("P")
R = TypeVar("R")

NUMBER: Final = click.IntRange(1, 2**63 - 1)
"""Of a row; what the database cannot hold is no number of any."""
VERSION: Final = click.IntRange(1, 2**31 - 1)
SCHEMA_BEHIND: Final = (
    asyncpg.UndefinedTableError,
    asyncpg.UndefinedColumnError,
    asyncpg.UndefinedFunctionError,
)
PASSWORD_LINE_MOST: Final = 10_000
"""A device gives lines without end."""

_organisation_option = click.option(
    "--organisation", metavar="NAME", help="Whose; may be left out where there is only one."
)
json_option = click.option("--json", "as_json", is_flag=True, help="As JSON.")


def organisation_option(function: Callable[P, R]) -> Callable[P, R]:
    """`--organisation NAME`, and `--data DIR` of the system that has it."""
    return data_option(_organisation_option(function))


def database_of(settings: Settings) -> str:
    """The database of the system that this call means."""
    return database_meant(settings, data=invocation().data)


def run(settings: Settings, work: Callable[[Connection], Awaitable[T]]) -> T:
    """Do `work` on a connection of its own to the database that the command means."""
    try:
        with logs.warnings_only():
            return asyncio.run(_connected(database_of(settings), work))
    except SCHEMA_BEHIND as error:
        raise SchemaBehindError(
            "the database has not the tables of this program: run `hearthbeat migrate`"
        ) from error


def run_for(
    settings: Settings,
    organisation: str | None,
    work: Callable[[Connection, UUID], Awaitable[T]],
) -> T:
    """As `run`, for one organisation: the named one, or the only one. It is in its audit log."""

    async def found(conn: Connection) -> T:
        whose = (await find_organisation(conn, organisation)).id
        done = await work(conn, whose)
        await write_down(conn, whose, done, now=now())
        return done

    return run(settings, found)


def show(rows: Sequence[msgspec.Struct], *, columns: Sequence[str], as_json: bool) -> None:
    """A list as aligned columns, or whole as JSON."""
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode())
        return
    lines = [tuple(_text(getattr(row, column)) for column in columns) for row in rows]
    headed = [tuple(column.replace("_", " ").upper() for column in columns), *lines]
    widths = [max(map(len, cells)) for cells in zip(*headed, strict=True)]
    for line in headed:
        padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def instant(typed: str | None) -> dt.datetime | None:
    """A point in time, which needs its offset: a clinic's server may stand anywhere."""
    if typed is None:
        return None
    try:
        found = dt.datetime.fromisoformat(typed)
    except ValueError as error:
        raise click.BadParameter(f"{typed!r} is no date and time") from error
    if found.tzinfo is None:
        raise click.BadParameter(f"{typed!r} needs its offset from UTC, as in {typed}+01:00")
    try:
        return found.astimezone(dt.UTC)
    except OverflowError as error:
        raise click.BadParameter(f"{typed!r} is out of range") from error


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def password_options(function: Callable[P, R]) -> Callable[P, R]:
    """`--password-stdin` and `--password-file`: for `read_password`."""
    stdin = click.option(
        "--password-stdin", is_flag=True, help="Read the password from standard input."
    )
    file = click.option(
        "--password-file",
        type=click.Path(path_type=Path, dir_okay=False, exists=True, allow_dash=True),
        help="Read the password from the first line of a file.",
    )
    return stdin(file(function))


def read_password(*, from_stdin: bool, file: Path | None) -> str:
    """Typed twice and unseen, or a line of a file; never an argument that others can list."""
    if from_stdin and file is not None:
        raise click.UsageError("--password-stdin and --password-file exclude each other")
    if from_stdin or file == Path("-"):
        return _first_line(sys.stdin)
    if file is not None:
        with file.open(encoding="utf-8") as stream:
            return _first_line(stream)
    if not sys.stdin.isatty():
        raise click.UsageError(
            "nobody is there to type a password: "
            "give it with --password-file FILE or --password-stdin"
        )
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return typed


def _first_line(stream: TextIO) -> str:
    try:
        return stream.readline(PASSWORD_LINE_MOST).rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise click.UsageError("the password is not in UTF-8") from error


async def _connected(dsn: str, work: Callable[[Connection], Awaitable[T]]) -> T:
    conn = await connect(dsn, application_name="hearthbeat administration")
    try:
        return await work(conn)
    finally:
        await conn.close()


def _text(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "-"
    return str(value)
