"""What one call of `hearthbeat` knows: the settings file and the system that were named.

The settings are read only when they are asked for.
"""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import click

from hearthbeat import settings as settings_module
from hearthbeat.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")


class Invocation:
    """Kept as the click context's object."""

    def __init__(self, config: Path | None = None) -> None:
        self.config = config
        self.data: Path | None = None
        """Of the `hearthbeat up` that is meant, as given with `--data`."""

    @functools.cached_property
    def settings(self) -> Settings:
        """Raises SettingsError; not read by commands that need none, such as `decode`."""
        return settings_module.load(self.config)


def pass_settings(function: Callable[Concatenate[Settings, P], R]) -> Callable[P, R]:
    """Hand the resolved settings to a command as its first argument."""

    @functools.wraps(function)
    def with_settings(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(invocation().settings, *args, **kwargs)

    return with_settings


def data_option(function: Callable[P, R]) -> Callable[P, R]:
    """`--data`, kept for `administration` and not handed to the command."""

    def keep(ctx: click.Context, _: click.Parameter, data: Path | None) -> None:
        ctx.ensure_object(Invocation).data = data

    option = click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        expose_value=False,
        callback=keep,
        help="Data directory of the running `up` that is meant (HB_UP_DATA).",
    )
    return option(function)


def invocation() -> Invocation:
    """The running call's, within a command."""
    found = click.get_current_context().find_object(Invocation)
    # A command called by itself (in a test) has no group above it that made one.
    return found or Invocation()
