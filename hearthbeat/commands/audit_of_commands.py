"""What is done at the command line, in the audit log: who, which command, and whose data."""

import datetime as dt
import getpass
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

import click
import msgspec

from store import audit
from store.audit import Entry
from store.pool import Connection

PATIENTS_MOST: Final = 1_000
OF_PATIENT: Final = ("patient_id", "patient")


async def write_down(
    conn: Connection,
    organisation_id: UUID,
    done: object,
    *,
    now: dt.datetime,
    reason: str | None = None,
) -> None:
    """After the work, which makes its own transactions. Whoever runs commands can reach the
    database past any of this; it is for those who mean well, and forget.
    """
    patients = sorted(set(_patients(done)))
    command = _command()
    entry = Entry(
        at=now,
        via="command",
        actor=None,
        actor_name=person(),
        actor_role="command line",
        action=f"ran “{command}”" + (" about" if patients else ""),
        route=f"hearthbeat {command}",
        outcome="done",
        patients=patients[:PATIENTS_MOST],
        reason=reason,
        detail={"patients": len(patients)} if len(patients) > PATIENTS_MOST else {},
    )
    await audit.append(conn, organisation_id, entry)


def _command() -> str:
    """Its words; values may name patients."""
    context = click.get_current_context(silent=True)
    words = context.command_path.split()[1:] if context is not None else []
    return " ".join(words) or "something"


def person() -> str:
    """As the system calls them: there may be no name for a number."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"


def _patients(done: Any) -> Iterator[UUID]:
    """Of what a command came back with, wherever it says whose it is."""
    if isinstance(done, list | tuple):
        for each in done:
            yield from _patients(each)
    elif isinstance(done, msgspec.Struct):
        if "mrn" in done.__struct_fields__ and isinstance(found := getattr(done, "id", None), UUID):
            yield found
        for name in OF_PATIENT:
            if isinstance(found := getattr(done, name, None), UUID):
                yield found
