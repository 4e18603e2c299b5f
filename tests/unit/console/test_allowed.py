"""What a field of a body may hold, read off its type."""

from enum import Enum
from typing import Annotated, Literal

import pytest
from msgspec import Meta, Struct

from console.allowed import allowed
from console.api.alert_actions import ResolveBody


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Inner(Struct):
    side: Literal["left", "right"] | None = None


class Body(Struct):
    colour: Colour | None
    colours: Annotated[list[Colour], Meta(max_length=3)]
    inner: tuple[Inner, ...]
    by_name: dict[str, Colour]
    text: str


@pytest.mark.parametrize(
    ("pointer", "values"),
    [
        ("/colour", ["red", "blue"]),
        ("/colours/2", ["red", "blue"]),
        ("/inner/0/side", ["left", "right"]),
        ("/by_name/a~1b", ["red", "blue"]),
        ("/text", []),
        ("/nowhere/0", []),
        ("", []),
    ],
)
def test_the_values_stand_in_the_type(pointer: str, values: list[str]) -> None:
    assert allowed(Body, pointer) == values


def test_outcomes_of_an_alert_are_named() -> None:
    assert "called_patient" in allowed(ResolveBody, "/outcome")
