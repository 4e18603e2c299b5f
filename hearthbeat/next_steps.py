"""What a clinic still lacks before a reading can find its person, and how it gets it."""

from dataclasses import dataclass
from typing import Final

from store.pool import connect
from store.queries import load
from store.schema import UNCLAIMED

QUERIES: Final = load("hearthbeat", "next_steps.sql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Have:
    """What is there already."""

    organisations: bool
    users: bool
    patients: bool
    gateways: bool


STEPS: Final = (
    ("organisations", 'organisation add "North practice" --time-zone America/Chicago'),
    ("users", "user add nina --role nurse"),
    ("patients", "patient add P1 --given-name Ann --family-name Example --birth-date 1950-02-03"),
    ("gateways", "gateway add kit-1    # prints a code, for `gateway join` in the home"),
)
"""Each wants what stands above it."""


async def have(database: str) -> Have:
    """Look into the clinic's register."""
    conn = await connect(database, application_name="hearthbeat up")
    try:
        row = await conn.fetchrow(QUERIES["have"], UNCLAIMED)
    finally:
        await conn.close()
    return Have(**dict(row or {}))


def in_words(found: Have, *, command: str) -> list[str]:
    """What to type, with `command` before it; nothing where nothing is missing."""
    missing = [step for name, step in STEPS if not getattr(found, name)]
    if not missing:
        return []
    clinic = "This clinic lacks something yet" if found.organisations else "This clinic is empty"
    return [
        f"  {clinic}. In another terminal, with names of your own:",
        *(f"    {command} {step}" for step in missing),
        "  docs/running.md goes on from there: devices, and whose they are.",
        "",
    ]
