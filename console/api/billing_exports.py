"""Exports over the API: a month as files, made, listed and handed out. Each is in the audit log."""

import asyncio
import tempfile
from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, Self
from uuid import UUID

from aiohttp import web
from msgspec import Struct
from msgspec.structs import replace

from billing.exports import ledger
from billing.exports.claims import Which
from billing.exports.errors import (
    ChangedMeanwhileError,
    ExportError,
    NothingToSendError,
    NotLockedError,
    TooLargeError,
)
from billing.exports.evidence import Evidence
from billing.exports.evidence_read import evidence_for
from billing.exports.ledger import Exported, Filed, Wanted
from billing.exports.manifest import FileKind, Manifest
from billing.exports.packing import content_type, packed
from billing.exports.run import Done, run_export
from billing.months.sources import find_month
from console.bodies import read
from console.errors import Conflict, NotFound, Unavailable, Unprocessable
from console.parts import CALLER, PARTS
from console.purposes import purpose_noted
from console.replies import id_in_path, reply
from console.seen import because, seen
from console.tenancy import going_on
from store.pool import Connection

NOTED_EVERY_S: Final = 0.5
CLAIMED: Final = "the files of this export were written by the command line and are not kept here"


class NewExport(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: FileKind
    purpose: str
    """What for: kept with it, and in the audit log."""
    draft: bool | None = None
    """Without it, an open month gives a draft."""
    which: Which = Which.NEW
    """Of claims: what has not been sent, what was and is not answered again, or all as a copy."""
    mark_exported: bool | None = None
    """Whether its lines are taken as sent. Without it, those of an 837P are."""
    byte_order_mark: bool = False


class ExportList(Struct, frozen=True, kw_only=True):
    items: list[Exported]


async def add(request: web.Request) -> web.Response:
    """Answered when it is made. While it is, the list tells how far it is."""
    typed = await read(request, NewExport)
    wanted = Wanted(
        month=request.match_info["month"],
        kind=typed.kind,
        purpose=typed.purpose,
        who=request[CALLER].name,
        requested_by=request[CALLER].user_id,
        draft=typed.draft,
        which=typed.which,
        mark_exported=typed.mark_exported,
        byte_order_mark=typed.byte_order_mark,
    )
    done = await made(request, wanted)
    parts, caller = request.app[PARTS], request[CALLER]
    async with parts.connection() as conn:
        found = await ledger.find_export(
            conn, caller.organisation_id, wanted.month, done.export_id, now=parts.clock()
        )
    return reply(found, status=201)


async def made(request: web.Request, wanted: Wanted) -> Done:
    """For the API and for pages, behind routes that are `by_itself`. Raises Problem, CareError."""
    parts, caller = request.app[PARTS], request[CALLER]
    because(request, wanted.purpose)
    try:
        with tempfile.TemporaryDirectory(prefix="hearthbeat-export-") as folder:
            async with parts.connection() as conn, _Noting(request) as noting:
                done = await run_export(
                    conn,
                    caller.organisation_id,
                    wanted,
                    Path(folder) / "out",
                    now=parts.clock(),
                    on_begun=noting.begun,
                    on_progress=noting.come,
                    pack=_packing(conn, caller.organisation_id),
                )
    except (NotLockedError, NothingToSendError, ChangedMeanwhileError) as error:
        raise Conflict(str(error)) from error
    except TooLargeError as error:
        raise Unprocessable(str(error), pointer="/kind") from error
    except ExportError as error:
        raise Unavailable(str(error)) from error
    seen(request, *done.patients)
    return done


async def list_all(request: web.Request) -> web.Response:
    """The latest first, without what stands in each manifest."""
    parts, caller = request.app[PARTS], request[CALLER]
    async with parts.connection() as conn:
        month = await find_month(conn, caller.organisation_id, request.match_info["month"])
        found = await ledger.exports_of(conn, caller.organisation_id, month.name, now=parts.clock())
    return reply(ExportList(items=[replace(each, manifest=None) for each in found]))


async def get_one(request: web.Request) -> web.Response:
    return reply(await _found(request))


async def get_file(request: web.Request) -> web.Response:
    """Piece by piece from the database: no file lies anywhere, and none is whole in memory."""
    found, caller = await _found(request), request[CALLER]
    if found.state != "done" or found.bytes is None:
        raise Conflict(found.error or "it is not finished yet")
    if found.file is None:
        raise NotFound(CLAIMED)
    because(request, found.purpose)
    async with request.app[PARTS].connection() as conn:
        seen(request, *await ledger.patients_in(conn, caller.organisation_id, found.month))
    return web.Response(
        body=going_on(_pieces(request, found.id)),
        content_type=content_type(found.file),
        headers={
            "Content-Length": str(found.bytes),
            "Content-Disposition": f'attachment; filename="{found.file}"',
            "Repr-Digest": f"sha-256=:{_base64(found.sha256 or '')}:",
        },
    )


async def get_evidence(request: web.Request) -> web.Response:
    """Why one line stands, as JSON."""
    purpose_noted(request)
    parts, caller = request.app[PARTS], request[CALLER]
    async with parts.connection() as conn:
        found: Evidence = await evidence_for(
            conn, caller.organisation_id, id_in_path(request), now=parts.clock()
        )
    seen(request, found.who.patient_id)
    return reply(found)


class _Noting:
    """How far an export is, in its row: for pages that wait for it."""

    def __init__(self, request: web.Request) -> None:
        self._parts = request.app[PARTS]
        self._whose = request[CALLER].organisation_id
        self._export: UUID | None = None
        self._come = self._noted = 0
        self._task: asyncio.Task[None] | None = None

    def begun(self, export_id: UUID) -> None:
        self._export = export_id

    def come(self, patients: int) -> None:
        self._come = patients

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._note())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _note(self) -> None:
        while True:
            await asyncio.sleep(NOTED_EVERY_S)
            if self._export is None or self._come == self._noted:
                continue
            self._noted = self._come
            async with self._parts.connection() as conn:
                await ledger.note_progress(conn, self._whose, self._export, self._noted)


def _packing(conn: Connection, organisation_id: UUID) -> ledger.Packing:
    async def pack(export_id: UUID, work: Path, manifest: Manifest) -> Filed:
        file = await asyncio.to_thread(packed, work, manifest)
        return await ledger.store(conn, organisation_id, export_id, file)

    return pack


async def _found(request: web.Request) -> Exported:
    parts, caller = request.app[PARTS], request[CALLER]
    async with parts.connection() as conn:
        return await ledger.find_export(
            conn,
            caller.organisation_id,
            request.match_info["month"],
            id_in_path(request),
            now=parts.clock(),
        )


async def _pieces(request: web.Request, export_id: UUID) -> AsyncIterator[bytes]:
    """A connection for each: whoever downloads slowly holds none."""
    whose, number = request[CALLER].organisation_id, 0
    while True:
        async with request.app[PARTS].connection() as conn:
            piece = await ledger.piece_of(conn, whose, export_id, number)
        if piece is None:
            return
        yield piece
        number += 1


def _base64(digest: str) -> str:
    return b64encode(bytes.fromhex(digest)).decode()
