"""A click group that imports a command only when that command is called.

A gateway on a Raspberry Pi has neither SQLAlchemy nor aiohttp, and `--help` should be instant.
"""

import importlib
import sys
from collections.abc import Mapping
from typing import Any

import click

from hearthbeat.command_group import Group
from hearthbeat.command_table import Entry

if sys.version_info >= (3, 12):
    from typing import override
else:
    from typing_extensions import override


class LazyGroup(Group):
    """Commands by name, each in a module of its own that is imported on first use."""

    def __init__(self, *args: Any, entries: Mapping[str, Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._entries = dict(entries)

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self._entries, *(name for name in super().list_commands(ctx))]

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = self._entries.get(cmd_name)
        if entry is None:
            return super().get_command(ctx, cmd_name)
        return load(cmd_name, entry)

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of `--help`, from the table: the modules stay unimported."""
        del ctx
        rows = [(name, entry.about) for name, entry in self._entries.items()]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


def load(name: str, entry: Entry) -> click.Command:
    """The command itself; says which extra to install where a part of the house is missing."""
    try:
        command = importlib.import_module(entry.module).command
    except ModuleNotFoundError as error:
        raise click.ClickException(_missing(name, error)) from error
    if not isinstance(command, click.Command):
        raise TypeError(f"{entry.module}.command is not a click command")
    return command


def _missing(name: str, error: ModuleNotFoundError) -> str:
    return (
        f"'{name}' needs the package {error.name}, which is not installed here. "
        "A gateway has `pip install hearthbeat[gateway]`, a clinic hearthbeat[server], "
        "and a machine that runs everything hearthbeat[demo]."
    )
