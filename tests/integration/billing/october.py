"""October of a practice, worked out, approved, locked and sent, in few lines."""

import datetime as dt
from typing import Any
from uuid import UUID

from billing.months.approving import approve
from billing.months.closing import close
from billing.months.records import Status
from billing.months.review import review_of
from billing.months.statuses import move
from billing.months.views import Review
from tests.integration.billing.clinic import DAY, NOW, OCTOBER, Clinic

LATER = NOW + 2 * DAY


async def seen(clinic: Clinic, now: dt.datetime = NOW) -> Review:
    return await review_of(clinic.conn, clinic.id, OCTOBER, now=now)


def lines_of(review: Review) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for row in review.rows:
        found |= {cell.line_id: cell.version for cell in row.cells if cell.line_id is not None}
    return found


async def approved(clinic: Clinic, who: str = "clinician", now: dt.datetime = NOW) -> Review:
    await approve(
        clinic.conn, clinic.id, lines_of(await seen(clinic, now)), actor=clinic.people[who], now=now
    )
    return await seen(clinic, now)


async def locked(clinic: Clinic, **options: Any) -> Review:
    review = await approved(clinic)
    await close(
        clinic.conn, clinic.id, OCTOBER, etag=review.etag, actor=clinic.people["biller"], now=NOW,
        **options,
    )  # fmt: skip
    return await seen(clinic)


async def statuses(clinic: Clinic, now: dt.datetime = LATER) -> dict[str, int]:
    return (await seen(clinic, now)).statuses


async def exported(clinic: Clinic, to: Status = Status.PAID) -> None:
    lines = list(lines_of(await locked(clinic)))
    biller = clinic.people["biller"]
    await move(clinic.conn, clinic.id, lines, Status.EXPORTED, actor=biller, now=NOW)
    if to is not Status.EXPORTED:
        await move(clinic.conn, clinic.id, lines, to, actor=biller, claim_number="C-1", now=NOW)
