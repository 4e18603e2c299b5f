"""A group of commands that knows what somebody may have meant who mistyped one."""

import sys
from collections.abc import Sequence

import click

from hearthbeat.did_you_mean import nearest

if sys.version_info >= (3, 12):
    from typing import override
else:
    from typing_extensions import override


class Group(click.Group):
    """As click's, but for the words about a command that is not there."""

    @override
    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        names = self.list_commands(ctx)
        if name in names or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        raise click.UsageError(f"No such command '{name}'. {_instead(name, names)}".strip(), ctx)


def _instead(name: str, names: Sequence[str]) -> str:
    found = nearest(name, names)
    if found is not None:
        return f"Did you mean '{found}'?"
    return f"There are {', '.join(names)}." if names else ""
