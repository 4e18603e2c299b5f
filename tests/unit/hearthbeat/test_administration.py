"""What people type for an instant."""

import datetime as dt

import click
import pytest

from hearthbeat.commands.administration import instant


def test_an_instant_is_one_wherever_it_was_typed() -> None:
    assert instant("2026-01-01T01:00:00+01:00") == dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert instant(None) is None


@pytest.mark.parametrize(
    "typed",
    ["yesterday", "2026-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-14:00"],
)
def test_what_is_no_instant_is_refused(typed: str) -> None:
    with pytest.raises(click.BadParameter):
        instant(typed)
