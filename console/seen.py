"""Whose data a request has shown or changed: handlers say it, doors write it to the audit log."""

from typing import Final
from uuid import UUID

from aiohttp import web

REASON: Final = web.RequestKey("reason", str)
REASON_MOST: Final = 500
SEEN: Final = web.RequestKey("seen", set[UUID])


def seen(request: web.Request, *patients: UUID | None) -> None:
    """Of these patients something is in the answer. A patient in the path needs no saying."""
    kept = request.get(SEEN)
    if kept is None:
        kept = request[SEEN] = set()
    kept.update(patient for patient in patients if patient is not None)


def because(request: web.Request, reason: str) -> None:
    """Why somebody does this, in their words: it is kept in the audit log, as they are told.

    What is refused is kept too, and for good: no more of it than a reason has, and nothing that
    turns or hides the text around it.
    """
    plain = "".join(each if each.isprintable() else " " for each in reason[:REASON_MOST])
    request[REASON] = plain
