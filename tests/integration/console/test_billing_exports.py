"""A month taken out of the house through the API: made, listed, downloaded, opened, audited."""

import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from console.web.cookies import PLAIN
from store.pool import Pool
from tests.integration.billing.clinic import OCTOBER, Clinic, founded
from tests.integration.billing.exporting import LATER, furnished, locked
from tests.integration.console.conftest import PASSWORD, Api, Clock, Practice
from tests.unit.billing.exports.readers import (
    Sums,
    csv_sums,
    is_valid,
    x12_sums,
    xlsx_sums,
)

EXPORTS = f"/billing/months/{OCTOBER}/exports"


class Office:
    """Its people, who sign in."""

    def __init__(self, api: Api, clinic: Clinic) -> None:
        self.api = api
        self.clinic = clinic
        self.tokens: dict[str, str] = {}

    async def token(self, role: str) -> str:
        if role not in self.tokens:
            status, body = await self.api.post(
                "/login", {"username": f"{role}.west", "password": PASSWORD}
            )
            assert status == 200, body
            self.tokens[role] = body["token"]
        return self.tokens[role]

    async def get(self, path: str, role: str = "biller") -> tuple[int, Any]:
        return await self.api.get(path, await self.token(role))

    async def post(self, path: str, body: Any, role: str = "biller") -> tuple[int, Any]:
        return await self.api.post(path, body, await self.token(role))

    async def file(self, export_id: str, role: str = "biller") -> tuple[int, bytes, Any]:
        headers = {"Authorization": f"Bearer {await self.token(role)}"}
        path = f"/api/v1{EXPORTS}/{export_id}/file"
        async with self.api._client.get(path, headers=headers) as answer:
            return answer.status, await answer.read(), answer.headers

    async def audited(self, path: str) -> asyncpg.Record:
        row = await self.clinic.conn.fetchrow(
            "SELECT * FROM audit WHERE organisation_id = $1 AND route = $2"
            " ORDER BY position DESC LIMIT 1",
            self.clinic.id, path,
        )  # fmt: skip
        assert row is not None
        return row


@pytest.fixture
async def office(api: Api, pool: Pool, password_hash: str, clock: Clock) -> AsyncIterator[Office]:
    clock.now = LATER
    async with pool.acquire() as conn:
        clinic = await founded(conn, "west")
        await conn.execute(
            "INSERT INTO users (organisation_id, username, password_hash, role)"
            " VALUES ($1, 'auditor.west', '-', 'auditor')",
            clinic.id,
        )
        await conn.execute(
            "UPDATE users SET password_hash = $1 WHERE organisation_id = $2",
            password_hash, clinic.id,
        )  # fmt: skip
        await furnished(clinic)
        await locked(clinic)
        yield Office(api, clinic)


async def test_all_three_kinds_are_made_downloaded_and_opened(
    office: Office, tmp_path: Path
) -> None:
    sums: dict[str, Sums] = {}
    for kind in ("csv", "xlsx", "837p"):
        status, made = await office.post(EXPORTS, {"kind": kind, "purpose": "claims of October"})
        assert status == 201, made
        assert made["state"] == "done"
        assert made["requested_by_name"] == "The biller"
        assert made["manifest"]["made_by"] == "The biller"
        status, body, headers = await office.file(made["id"])
        assert status == 200
        assert len(body) == made["bytes"] == int(headers["Content-Length"])
        assert hashlib.sha256(body).hexdigest() == made["sha256"]
        assert made["file"] in headers["Content-Disposition"]
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        sums[kind] = opened(kind, body, tmp_path)
    assert sums["csv"].lines == 12
    assert sums["csv"] == sums["xlsx"] == sums["837p"]


def opened(kind: str, body: bytes, folder: Path) -> Sums:
    if kind == "xlsx":
        (folder / "book.xlsx").write_bytes(body)
        return xlsx_sums(folder / "book.xlsx")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        assert "manifest.json" in archive.namelist()
        archive.extractall(folder / kind)
    if kind == "csv":
        return csv_sums(folder / kind / "claim_lines.csv")
    assert is_valid(folder / kind / f"claims-{OCTOBER}.837")
    return x12_sums(folder / kind / f"claims-{OCTOBER}.837")


async def test_making_and_taking_are_in_the_audit_log_with_purpose_and_patients(
    office: Office,
) -> None:
    _, made = await office.post(EXPORTS, {"kind": "csv", "purpose": "claims of October"})
    await office.file(made["id"], "auditor")
    for route, who in (
        ("POST /billing/months/{month}/exports", "The biller"),
        ("GET /billing/months/{month}/exports/{id}/file", "auditor.west"),
    ):
        row = await office.audited(route)
        assert row["actor_name"] == who
        assert row["reason"] == "claims of October"
        assert row["outcome"] == "done"
        assert len(row["patients"]) == 3


@pytest.mark.parametrize(
    ("role", "makes", "reads"),
    [
        ("biller", 201, 200),
        ("admin", 201, 200),
        ("auditor", 403, 200),
        ("clinician", 403, 403),
        ("nurse", 403, 403),
    ],
)
async def test_who_may_make_and_who_may_take(
    role: str, makes: int, reads: int, office: Office
) -> None:
    status, _ = await office.post(EXPORTS, {"kind": "csv", "purpose": "x"}, role)
    assert status == makes
    _, made = await office.post(EXPORTS, {"kind": "csv", "purpose": "x"})
    assert (await office.get(EXPORTS, role))[0] == reads
    assert (await office.get(f"{EXPORTS}/{made['id']}", role))[0] == reads
    assert (await office.file(made["id"], role))[0] == reads


async def test_another_practice_sees_nothing_of_it(office: Office, north: Practice) -> None:
    _, made = await office.post(EXPORTS, {"kind": "csv", "purpose": "x"})
    token = await office.api.signed_in(north, "biller")
    status, listed = await office.api.get(EXPORTS, token)
    assert (status, listed["items"]) == (200, [])
    for path in (f"{EXPORTS}/{made['id']}", f"{EXPORTS}/{made['id']}/file"):
        status, _ = await office.api.get(path, token)
        assert status == 404


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"kind": "csv", "purpose": " "}, 422, "must not be empty"),
        ({"kind": "csv"}, 400, "purpose"),
        ({"kind": "pdf", "purpose": "x"}, 400, "kind"),
        ({"kind": "csv", "purpose": "x", "colour": "red"}, 400, "colour"),
        ({"kind": "837p", "purpose": "x", "draft": True, "mark_exported": True}, 422, "draft"),
    ],
)
async def test_what_cannot_be_asked_for_is_told(
    body: dict[str, Any], status: int, told: str, office: Office
) -> None:
    found, problem = await office.post(EXPORTS, body)
    assert found == status
    assert told in problem["detail"]
    assert (await office.get(EXPORTS))[1]["items"] == []


async def test_an_open_month_is_refused_where_no_draft_is_wanted(office: Office) -> None:
    path = "/billing/months/2026-11/exports"
    status, problem = await office.post(path, {"kind": "csv", "purpose": "x", "draft": False})
    assert status == 409
    assert "not locked" in problem["detail"]
    status, made = await office.post(path, {"kind": "csv", "purpose": "x"})
    assert status == 201
    assert made["manifest"]["state"] == "DRAFT"
    assert "DRAFT" in made["file"]


async def test_a_cookie_alone_makes_no_export(office: Office) -> None:
    path = f"/api/v1{EXPORTS}"
    cookie = {"Cookie": f"{PLAIN}={await office.token('biller')}"}
    status, _ = await office.api.ask(
        "POST", path, headers=cookie, json={"kind": "csv", "purpose": "x"}
    )
    assert status in {401, 403}
    assert (await office.get(EXPORTS))[1]["items"] == []


async def test_the_list_is_the_latest_first_and_short(office: Office, clock: Clock) -> None:
    for kind in ("csv", "xlsx"):
        clock.now += dt.timedelta(minutes=1)
        await office.post(EXPORTS, {"kind": kind, "purpose": "x"})
    _, listed = await office.get(EXPORTS)
    assert [each["kind"] for each in listed["items"]] == ["xlsx", "csv"]
    assert all(each["manifest"] is None for each in listed["items"])


async def test_the_evidence_for_a_line_as_json(office: Office) -> None:
    line = await office.clinic.conn.fetchval(
        "SELECT id FROM billing_lines WHERE organisation_id = $1 AND code = '99457' LIMIT 1",
        office.clinic.id,
    )
    status, found = await office.get(f"/billing/lines/{line}/evidence", "auditor")
    assert status == 200, found
    assert found["line"]["code"] == "99457"
    assert found["month"]["sha256"]
    assert found["live_contacts"]
    assert [each["what"] for each in found["stamps"]][-1] == "Approved"
    assert found["sha256"] == (await office.get(f"/billing/lines/{line}/evidence"))[1]["sha256"]
    row = await office.audited("GET /billing/lines/{id}/evidence")
    assert [str(each) for each in row["patients"]] == [found["who"]["patient_id"]]
    assert (await office.get(f"/billing/lines/{office.clinic.id}/evidence"))[0] == 404
    # What for is one of a few words: an address takes no free text.
    where = f"/billing/lines/{line}/evidence"
    assert (await office.get(f"{where}?purpose=because", "auditor"))[0] == 400
    assert (await office.get(f"{where}?purpose=appeal", "auditor"))[0] == 200
    row = await office.audited("GET /billing/lines/{id}/evidence")
    assert row["reason"] == "A denial is appealed"
