"""How many times as fast as life something runs, as an option of a command."""

import math
from typing import Any, Final

import click
from typing_extensions import override

FASTEST: Final = 1_000_000.0
"""A month in less than three seconds: beyond that times run together."""


class Speed(click.FloatRange):
    """A number from `slowest` to FASTEST. `nan` lies within every range for click, not here."""

    def __init__(self, slowest: float) -> None:
        super().__init__(min=slowest, max=FASTEST)

    @override
    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        speed = float(super().convert(value, param, ctx))
        if math.isnan(speed):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return speed
