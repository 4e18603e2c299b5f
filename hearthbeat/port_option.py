"""A port, as an option of a command."""

from typing import Any, Final

import click
from typing_extensions import override

MOST: Final = 65_535


class Port(click.IntRange):
    """A port's number, or 0 for any free one."""

    def __init__(self) -> None:
        super().__init__(min=0, max=MOST)

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            return int(super().convert(value, param, ctx))
        except click.BadParameter:
            self.fail(
                f"{value!r} is no port: that is a number from 1 to {MOST}, or 0 for any free one.",
                param,
                ctx,
            )
