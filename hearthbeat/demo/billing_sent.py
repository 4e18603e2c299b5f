"""What the demonstration clinic has sent of its locked months, and what payers answered. Made once
for each month; the files are those that anybody gets who takes an export.
"""

import asyncio
import datetime as dt
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

from billing.exports import ledger
from billing.exports.ledger import Filed, Packing, Wanted
from billing.exports.manifest import FileKind, Manifest
from billing.exports.packing import packed
from billing.exports.run import run_export
from billing.months.records import Status
from billing.months.review import months_of
from billing.months.statuses import move
from care.users import User, list_users
from hearthbeat.demo.roster import QUERIES
from store.pool import Connection

CLAIMS: Final = "Claims to the clearing house"
BOOKS: Final = "For the practice's books"
DENIED: Final = "Refused by the payer as a duplicate (CARC 18): another practice has billed it."
HOUR: Final = dt.timedelta(hours=1)
ANSWERED: Final = dt.timedelta(days=9)


async def send(conn: Connection, organisation_id: UUID, *, now: dt.datetime) -> None:
    """Every locked month of which nothing has left the house. In no transaction."""
    people = {user.role: user for user in await list_users(conn, organisation_id)}
    for each in await months_of(conn, organisation_id, now=now):
        if each.locked_at is None or await ledger.exports_of(
            conn, organisation_id, each.month, now=now
        ):
            continue
        at = each.locked_at
        await _export(conn, organisation_id, each.month, FileKind.CSV, BOOKS, people["biller"],
                      at=at + HOUR)  # fmt: skip
        await _export(conn, organisation_id, each.month, FileKind.X12, CLAIMS, people["admin"],
                      at=at + 2 * HOUR)  # fmt: skip
        if at + ANSWERED <= now:
            await _answered(
                conn, organisation_id, each.month, people["biller"].id, at=at + ANSWERED
            )


async def _export(
    conn: Connection,
    organisation_id: UUID,
    month: str,
    kind: FileKind,
    purpose: str,
    who: User,
    *,
    at: dt.datetime,
) -> None:
    wanted = Wanted(month=month, kind=kind, purpose=purpose, who=who.name, requested_by=who.id)
    with tempfile.TemporaryDirectory(prefix="hearthbeat-demo-") as folder:
        await run_export(
            conn, organisation_id, wanted, Path(folder) / "out", now=at,
            pack=_packing(conn, organisation_id),
        )  # fmt: skip


def _packing(conn: Connection, organisation_id: UUID) -> Packing:
    async def pack(export_id: UUID, work: Path, manifest: Manifest) -> Filed:
        file = await asyncio.to_thread(packed, work, manifest)
        return await ledger.store(conn, organisation_id, export_id, file)

    return pack


async def _answered(
    conn: Connection, organisation_id: UUID, month: str, actor: UUID, *, at: dt.datetime
) -> None:
    """One line is denied; of the others half are paid, and half accepted."""
    rows = await conn.fetch(QUERIES["sent lines"], organisation_id, month)
    sent = [row["id"] for row in rows]
    half = (len(sent) + 1) // 2
    await _move(conn, organisation_id, sent[:1], Status.DENIED, actor, reason=DENIED, at=at)
    await _move(conn, organisation_id, sent[1:half], Status.PAID, actor, at=at)
    await _move(conn, organisation_id, sent[half:], Status.ACCEPTED, actor, at=at)


async def _move(
    conn: Connection,
    organisation_id: UUID,
    lines: Sequence[UUID],
    to: Status,
    actor: UUID,
    *,
    at: dt.datetime,
    reason: str = "",
) -> None:
    if lines:
        await move(conn, organisation_id, lines, to, actor=actor, reason=reason, now=at)
