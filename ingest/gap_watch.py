"""Looks for what never came, every few seconds, and decides what to ask again. One leader does."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from structlog import get_logger

from ingest import progress
from ingest.gaps import Gap, judge
from store.pool import Connection
from wire.messages import Presence

log = get_logger()

OFFLINE: Final = Presence.OFFLINE.value


class GapWatch:
    """Remembers each gap's age between two looks."""

    def __init__(self) -> None:
        self._before: dict[str, Gap] = {}

    async def look(self, conn: Connection, *, now: dt.datetime) -> Sequence[Gap]:
        """Find the gaps, mark what is to be asked for, and return all that are open.

        Nothing is asked of a gateway that has said goodbye: it will be when it is back.
        """
        found: dict[str, Gap] = {}
        marks: list[progress.Mark] = []
        for known, state in await progress.holes(conn, now=now):
            gap = judge(known, now=now, before=self._before.get(known.gateway))
            asked = gap.first if gap and gap.ask and state != OFFLINE else None
            if gap is not None:
                found[known.gateway] = gap
            marks.append((known, gap, asked))
            if gap is not None and asked is not None:
                log.warning(
                    "readings are missing: asking the gateway to send them again",
                    gateway=known.gateway,
                    missing=gap.count,
                    resend_from=asked,
                )
        await progress.mark(conn, marks, now=now)
        self._before = found
        return list(found.values())
