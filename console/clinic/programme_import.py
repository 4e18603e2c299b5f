"""A programme file of the clinic's own, checked line by line, compared, and taken in.

Programmes belong to the whole installation. Where several organisations share it, no administrator
speaks for the others: the file can be checked here, and is taken in by command.
"""

from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from care.errors import FaultsError, InvalidError
from care.faults import Fault
from care.organisations import only_one
from care.programme import Programme
from care.programme_differences import differences
from care.programme_files import parse
from care.programmes import list_programmes, register
from console.clinic.faults import REFUSALS, said, sentence
from console.clinic.programmes import described, units_of_clinic
from console.parts import CALLER, PARTS
from console.web.forms import form_of
from console.web.page import render, see_other
from store.pool import Connection

CHECK: Final = "check"
FILE_MOST: Final = 60 * 1024
"""Of characters: a form takes no more."""


async def page(request: web.Request) -> web.Response:
    return await _page(request, "", [])


async def send(request: web.Request) -> web.Response:
    """`check` shows what it would be; `import` takes it in."""
    form = await form_of(request)
    text = form.text("file")
    try:
        programme = parse(text)
    except FaultsError as error:
        return await _page(request, text, error.faults, status=422)
    if form.text("do") != "import":
        return await _page(request, text, [], programme=programme)
    try:
        async with request.app[PARTS].transaction() as conn:
            if not await only_one(conn):
                raise InvalidError("", "several organisations share this installation")
            made = await register(conn, programme)
    except REFUSALS as error:
        words = " ".join(said(error).values())
        return await _page(request, text, [], programme=programme, refused=words, status=422)
    where = f"/programmes/{made.programme.id}?version={made.programme.version}"
    return see_other(where, told="Taken in. It holds for nobody until a plan is set.")


async def _page(
    request: web.Request,
    text: str,
    faults: Sequence[Fault],
    *,
    programme: Programme | None = None,
    refused: str = "",
    status: int = 200,
) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        alone = await only_one(conn)
        before = None if programme is None else await _before(conn, programme)
        units = await units_of_clinic(conn, request[CALLER].organisation_id)
    context: dict[str, Any] = {
        "text": text,
        "faults": [(each.line, each.key, sentence(each.message)) for each in faults],
        "refused": refused,
        "programme": programme,
        "before": before,
        "differences": differences(before, programme) if before and programme else [],
        "alone": alone,
        "most": FILE_MOST,
        **(described(programme, units) if programme is not None else {}),
    }
    return render(request, "clinic/programme_import.html", context, status=status)


async def _before(conn: Connection, programme: Programme) -> Programme | None:
    """The newest version that is there of the same id."""
    there = [
        each.programme
        for each in await list_programmes(conn)
        if each.programme.id == programme.id and each.programme.version != programme.version
    ]
    return there[-1] if there else None
