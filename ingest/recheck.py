"""Readings held back for want of an owner, judged again by the directory of today."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from care.snapshot import Snapshot
from ingest.admission import Admission
from ingest.reasons import CURABLE
from ingest.stored_reading import reading_of
from store.batch import Row
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("ingest", "recheck.sql")
AT_ONCE: Final = 500
BEGINNING: Final = (dt.datetime(1, 1, 2, tzinfo=dt.UTC), UUID(int=0))


async def recheck(
    conn: Connection, *, organisations: Sequence[UUID], snapshot: Snapshot, now: dt.datetime
) -> Counter[str]:
    """Look at all of them once; how many of which fate: `assigned`, or the reason that remains.

    Values are not judged more kindly than on arrival: implausible stays implausible. Each reading
    that changes is queued for evaluation in the same transaction.
    """
    fates: Counter[str] = Counter()
    place = BEGINNING
    while True:
        async with conn.transaction():
            records = await conn.fetch(
                QUERIES["doubtful"], organisations, [str(each) for each in CURABLE], *place, AT_ONCE
            )
            for record in records:
                fates[await _settle(conn, dict(record), snapshot, now)] += 1
        if len(records) < AT_ONCE:
            return fates
        place = (records[-1]["received_at"], records[-1]["id"])


async def _settle(
    conn: Connection, record: Mapping[str, Any], snapshot: Snapshot, now: dt.datetime
) -> str:
    row = judged_again(record, snapshot)
    fate = row.reason or row.attribution
    if (row.reason, row.organisation_id) == (record["reason"], record["organisation_id"]):
        return fate
    await conn.execute(
        QUERIES["settle"],
        *(record[name] for name in ("measured_at", "device", "kind", "variant")),
        row.organisation_id,
        row.device_id,
        row.assignment_id,
        row.patient_id,
        row.local_day,
        row.attribution,
        row.reason,
    )
    await conn.execute(
        QUERIES["note"],
        row.organisation_id,
        *(record[name] for name in ("id", "measured_at", "kind")),
        *(record[name] for name in ("attribution", "reason", "local_day")),
        row.attribution,
        row.reason,
        row.patient_id,
        row.local_day,
        now,
    )
    await conn.execute(
        QUERIES["enqueue"],
        row.organisation_id,
        record["id"],
        record["measured_at"],
        row.patient_id,
        record["kind"],
        row.attribution,
        now,
    )
    return fate


def judged_again(record: Mapping[str, Any], snapshot: Snapshot) -> Row:
    """Admission's verdict as if it came now, but by the clock of when it came."""
    admission = Admission(snapshot, now=record["received_at"])
    reading = reading_of(record)
    (row,) = admission.admit([reading], gateway_id=record["gateway_id"], sent_at=record["sent_at"])
    return row
