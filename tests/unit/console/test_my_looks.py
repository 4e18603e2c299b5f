"""Who looked, as a patient reads it: an open chart and a search are looks, no changes."""

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from console.api.table import ROUTES
from console.my.looks import LOOKING, told
from console.page_table import PAGES
from console.routing import API

NOW = dt.datetime(2026, 11, 22, 14, 0, tzinfo=dt.UTC)
ZONE = ZoneInfo("America/New_York")
NURSE = UUID(int=7)


def looks(*routes: str) -> list[bool]:
    rows = [
        {"at": NOW, "actor": NURSE, "actor_name": "Ana Ruiz", "actor_role": "nurse", "route": route}
        for route in routes
    ]
    return [each.changed for each in told(rows, zone=ZONE)]


@pytest.mark.parametrize("route", sorted(LOOKING))
def test_what_changes_nothing_of_the_record_is_a_look(route: str) -> None:
    assert looks("GET /patients/{id}", route) == [False]


def test_a_change_is_told_as_one() -> None:
    assert looks("GET /patients/{id}", "POST /patients/{id}/limits") == [False, True]


def test_a_command_at_the_server_is_the_clinics_and_an_export_no_change() -> None:
    row = {"at": NOW, "actor": None, "actor_name": "root", "actor_role": "command line"}
    found = told([{**row, "route": "hearthbeat billing export"}], zone=ZONE)
    assert [(each.name, each.role, each.changed) for each in found] == [("", None, False)]
    found = told([{**row, "route": "hearthbeat patient assign"}], zone=ZONE)
    assert [(each.name, each.changed) for each in found] == [("", True)]


def test_each_of_them_is_a_route() -> None:
    known = {f"{each.method} {each.path.removeprefix(API)}" for each in (*ROUTES, *PAGES)}
    assert known >= LOOKING
