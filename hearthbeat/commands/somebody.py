"""`--by USERNAME`: in whose name an administration command changes something."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar
from uuid import UUID

import click

from care.errors import NotFoundError
from care.registry import list_users
from store.pool import Connection

P = ParamSpec("P")
R = TypeVar("R")


def by_option(function: Callable[P, R]) -> Callable[P, R]:
    return click.option("--by", metavar="USERNAME", help="In whose name; without it, a command's.")(
        function
    )


async def user_named(conn: Connection, organisation_id: UUID, name: str | None) -> UUID | None:
    """Raises NotFoundError for a name that nobody has; None where none was given."""
    if name is None:
        return None
    for each in await list_users(conn, organisation_id):
        if each.username == name.lower():
            return each.id
    raise NotFoundError("username", f"there is no user {name!r}")
