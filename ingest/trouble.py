"""Whose fault a database error is: the reading's, or the circumstances'. Pure.

Only what PostgreSQL says about the data itself (classes 22 and 23, and a row too large for a page)
condemns a reading. Everything else, known or not, is taken for circumstances: the batch is kept
and tried again, because a reading that is condemned by mistake is a reading lost to its patient.
"""

from typing import Final

import asyncpg

from observe.redaction import described
from store.errors import StoreError

DATA_EXCEPTION: Final = "22"
INTEGRITY_VIOLATION: Final = "23"
PROGRAM_LIMIT: Final = "54"
RAISED_BY_DATABASE: Final = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    # After a kill -9 of the server: the protocol is left in the middle of a message.
    asyncpg.InternalClientError,
    StoreError,
    OSError,
    TimeoutError,
)
"""What a call of the database may raise. Anything else is a bug, and is not caught."""


def condemns(error: BaseException) -> bool:
    """Whether some reading of the batch can't be stored, however often it is tried."""
    if not isinstance(error, asyncpg.PostgresError):
        return False
    # What the driver itself can't encode comes as class 22 too.
    return (error.sqlstate or "")[:2] in {DATA_EXCEPTION, INTEGRITY_VIOLATION, PROGRAM_LIMIT}


def rule_broken(error: BaseException) -> str:
    """By which rule a row was refused, without its values: class, state, table, constraint."""
    return described(error)
