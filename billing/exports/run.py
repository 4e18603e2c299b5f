"""A month of the database taken out of the house: read once, written, marked, written down.

All of it is one snapshot: what somebody changes meanwhile is in none of the files.
"""

import datetime as dt
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg
from msgspec import Struct
from msgspec.structs import replace

from billing.errors import BillingError
from billing.exports import ledger
from billing.exports.claim_checks import APPROVAL, OWN
from billing.exports.claims import NEW, UNANSWERED, WHY_NOT, Which
from billing.exports.codes import shipped_codes
from billing.exports.errors import (
    ChangedMeanwhileError,
    NothingToSendError,
    NotLockedError,
)
from billing.exports.ledger import Packing, Wanted
from billing.exports.manifest import Asked, Claims, FileKind, Manifest
from billing.exports.write import export
from billing.months.add_ons import bases_of
from billing.months.approving import approvers_of
from billing.months.keeping import QUERIES as MONTHS
from billing.months.keeping import Kept, up_to_date
from billing.months.reading import head_of_kept, stream
from billing.months.records import MonthHead, PatientMonth, Standing, Status
from billing.months.standing import QUERIES as LINES
from billing.months.statuses import move
from billing.parties.practice import practice_of
from care.errors import CareError, InvalidError, RefusedError
from care.fields import text
from store.pool import Connection

TAKEN_BACK: Final = "a claim that takes it back has gone out"
ONLY_STANDING: Final = {f"status: {each}" for each in WHY_NOT.values()}
"""Why lines are in no claim, where nothing is the matter with them."""
WHO_SENDS: Final = (
    "somebody else has to send them, another biller or administrator, or approve them too"
)
INTERRUPTED: Final = "it was interrupted: make it again"


class Done(Struct, frozen=True, kw_only=True):
    export_id: UUID
    manifest: Manifest
    patients: tuple[UUID, ...]
    """Whose data left the house."""
    marked: int
    """Lines that are taken as sent from now on."""


async def run_export(
    conn: Connection,
    organisation_id: UUID,
    wanted: Wanted,
    out: Path,
    *,
    now: dt.datetime,
    on_begun: Callable[[UUID], None] = lambda _: None,
    on_progress: Callable[[int], None] = lambda _: None,
    pack: Packing | None = None,
) -> Done:
    """Into the folder `out`; `pack` keeps it in the ledger as one file too. The connection is in
    no transaction. Raises NotFoundError for what is no month, NotLockedError, NothingToSendError,
    InvalidError,
    RefusedError where they have approved themselves all that they would send: of claims what they
    have approved is left out.
    """
    text("purpose", wanted.purpose)
    kept = await up_to_date(conn, organisation_id, wanted.month, now=now)
    draft, marks = _decided(wanted, kept)
    beginning = ledger.making(conn, organisation_id, wanted, version=kept.version, now=now)
    async with beginning as (export_id, number):
        on_begun(export_id)
        passing = _Passing()

        async def settle(manifest: Manifest, work: Path) -> None:
            _check_somebody(manifest)
            _check_something(manifest)
            if marks and not _is_test(manifest):
                await _mark(conn, organisation_id, wanted, export_id, passing, manifest, now=now)
            filed = None if pack is None else await pack(export_id, work, manifest)
            await ledger.finish(conn, organisation_id, export_id, manifest, filed=filed, now=now)

        asked = Asked(
            who=wanted.who,
            purpose=wanted.purpose,
            now=now,
            draft=draft,
            which=wanted.which,
            control_number=number,
            byte_order_mark=wanted.byte_order_mark,
            filters={"month": wanted.month},
        )
        try:
            async with conn.transaction(isolation="repeatable_read"):
                await _check_version(conn, organisation_id, kept)
                if marks and _leaves_out(wanted):
                    asked = replace(asked, own=await _own_of(conn, organisation_id, wanted))
                manifest = await export(
                    _sent_by(await head_of_kept(conn, organisation_id, kept), kept),
                    passing.noting(stream(conn, organisation_id, kept)),
                    wanted.kind,
                    out,
                    asked=asked,
                    on_progress=on_progress,
                    settle=settle,
                    codes=shipped_codes() | kept.sources.book.codes(),
                    add_ons=bases_of(kept.sources.book),
                )
        except BaseException as error:
            await _failed(conn, organisation_id, export_id, error, now=now)
            if isinstance(error, asyncpg.SerializationError):
                raise ChangedMeanwhileError(ChangedMeanwhileError.__doc__) from error
            raise
        return Done(
            export_id=export_id,
            manifest=manifest,
            patients=tuple(passing.patients),
            marked=len(passing.lines_of(manifest)) if marks and not _is_test(manifest) else 0,
        )


def _sent_by(head: MonthHead, kept: Kept) -> MonthHead:
    """Whoever sends, and to which clearing house, is no part of what was locked."""
    now = kept.sources.practice
    practice = replace(
        head.practice, contact_name=now.contact_name, phone=now.phone,
        submitter_id=now.submitter_id, receiver_id=now.receiver_id,
        receiver_name=now.receiver_name,
    )  # fmt: skip
    return replace(head, practice=practice)


async def _check_version(conn: Connection, organisation_id: UUID, kept: Kept) -> None:
    """An adjustment that was approved just now makes another version: no file is of two."""
    row = await conn.fetchrow(MONTHS["find"], organisation_id, kept.month.name)
    if row is None or row["version"] != kept.version:
        raise ChangedMeanwhileError(ChangedMeanwhileError.__doc__)


def _check_somebody(manifest: Manifest) -> None:
    """No file without a claim because whoever asks has approved the lines."""
    claims = manifest.claims
    own = 0 if claims is None else own_in(claims)
    if claims is not None and own and not claims.claims:
        raise RefusedError(
            "export", f"{approved_by_you(own)}, and nothing else can go: {WHO_SENDS}"
        )


def own_in(claims: Claims) -> int:
    """Lines that are left out because whoever asked has approved them."""
    return sum(each.reason == f"{APPROVAL}: {OWN}" for each in claims.left_out)


def approved_by_you(lines: int) -> str:
    return f"you have approved {lines} {'line' if lines == 1 else 'lines'} of it yourself"


def _check_something(manifest: Manifest) -> None:
    """No file without a claim, unless it says what somebody can put right."""
    claims = manifest.claims
    if claims is None or claims.claims or claims.to_take_back:
        return
    reasons = Counter(each.reason for each in claims.left_out)
    if not set(reasons) <= ONLY_STANDING:
        return
    said = [
        f"{count} {'line' if count == 1 else 'lines'} ({reason.partition(': ')[2]})"
        for reason, count in reasons.most_common()
    ]
    raise NothingToSendError(f"there is nothing to send: {', '.join(said) or 'no line is there'}")


class _Passing:
    """Ids of what went by, and nothing else of it."""

    def __init__(self) -> None:
        self.patients: list[UUID] = []
        self._claimed: list[UUID] = []
        self._taken: list[UUID] = []

    async def noting(self, patients: AsyncIterator[PatientMonth]) -> AsyncIterator[PatientMonth]:
        async for each in patients:
            self.patients.append(each.who.patient_id)
            if isinstance(each, Standing):
                self._taken += [one.line.line_id for one in each.taken_back if not one.told]
            self._claimed += [line.line_id for line in each.lines if line.status in UNANSWERED]
            yield each

    def lines_of(self, manifest: Manifest) -> list[UUID]:
        """Approved ones; of claims only those that are in one."""
        claims = manifest.claims
        out = set() if claims is None else {each.line_id for each in claims.left_out}
        return [each for each in self._claimed if each not in out]

    def taken_of(self, manifest: Manifest) -> list[UUID]:
        """Lines that the claims take back."""
        claims = manifest.claims
        if claims is None:
            return []
        still = {each.line_id for each in claims.to_take_back}
        return [each for each in self._taken if each not in still]


def _is_test(manifest: Manifest) -> bool:
    """A copy of what was sent before: nothing of it is sent again."""
    return manifest.claims is not None and manifest.claims.test


def _decided(wanted: Wanted, kept: Kept) -> tuple[bool, bool]:
    """Whether it is a draft, and whether its lines are taken as sent."""
    draft = not kept.locked if wanted.draft is None else wanted.draft
    if not kept.locked and not draft:
        raise NotLockedError(
            f"{wanted.month} is not locked: what it says may still change. Lock it first, or take"
            " a draft"
        )
    if draft and wanted.mark_exported:
        raise InvalidError("mark_exported", "a draft is never taken as sent")
    marks = wanted.kind is FileKind.X12 if wanted.mark_exported is None else wanted.mark_exported
    return draft, marks and not draft


async def _mark(
    conn: Connection,
    organisation_id: UUID,
    wanted: Wanted,
    export_id: UUID,
    passing: _Passing,
    manifest: Manifest,
    *,
    now: dt.datetime,
) -> None:
    lines = passing.lines_of(manifest)
    if not _leaves_out(wanted):
        await _check_person(conn, organisation_id, lines, wanted.requested_by)
    if lines:
        await move(
            conn, organisation_id, lines, Status.EXPORTED, actor=wanted.requested_by, now=now,
            export_id=export_id,
        )  # fmt: skip
    if taken := passing.taken_of(manifest):
        await move(
            conn, organisation_id, taken, Status.VOID, actor=wanted.requested_by, now=now,
            reason=TAKEN_BACK, export_id=export_id,
        )  # fmt: skip


def _leaves_out(wanted: Wanted) -> bool:
    """What somebody has approved is in no claim that they send. A copy of all that was claimed has
    it, and sends nothing; where that is none, who asks for it is looked at as of tables.
    """
    return wanted.kind is FileKind.X12 and wanted.which is not Which.ALL


async def own_lines(
    conn: Connection,
    organisation_id: UUID,
    month: str,
    person: UUID | None,
    which: Which = Which.NEW,
) -> frozenset[UUID]:
    """Lines that wait to be sent, and that this person does not send (L-5): nobody else has
    approved them. Whoever calls commands is nobody of the practice's accounts, and is in the audit
    log.
    """
    if person is None or not (await practice_of(conn, organisation_id)).second_person:
        return frozenset()
    waiting = UNANSWERED if which is Which.AGAIN else NEW
    rows = await conn.fetch(LINES["that wait"], organisation_id, month, list(waiting))
    return await _only_by(conn, organisation_id, [row["id"] for row in rows], person)


async def _only_by(
    conn: Connection, organisation_id: UUID, lines: list[UUID], person: UUID
) -> frozenset[UUID]:
    """Those that nobody else has approved as they stand: also where nobody's approval stands."""
    by = await approvers_of(conn, organisation_id, lines)
    return frozenset(each for each in lines if by.get(each, {}).keys() <= {person})


async def _own_of(conn: Connection, organisation_id: UUID, wanted: Wanted) -> frozenset[UUID]:
    return await own_lines(conn, organisation_id, wanted.month, wanted.requested_by, wanted.which)


async def _check_person(
    conn: Connection, organisation_id: UUID, lines: list[UUID], person: UUID | None
) -> None:
    """Where nothing is left out: see `_leaves_out`."""
    if person is None or not (await practice_of(conn, organisation_id)).second_person:
        return
    own = len(await _only_by(conn, organisation_id, lines, person))
    if own:
        raise RefusedError("export", f"{approved_by_you(own)}: {WHO_SENDS}")


async def _failed(
    conn: Connection,
    organisation_id: UUID,
    export_id: UUID,
    error: BaseException,
    *,
    now: dt.datetime,
) -> None:
    if conn.is_closed():
        return
    told = isinstance(error, BillingError | CareError)
    await ledger.fail(
        conn, organisation_id, export_id, str(error) if told else INTERRUPTED, now=now
    )
