"""Every route, of the API and of the pages, as every role, as nobody, and as each role of another
organisation. The routes are those of the tables themselves: a new one is walked without a word.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import aiohttp
import pytest

from care.sessions import open_session
from console.app import served as routes_of
from console.audit_words import key_of
from console.page_table import PAGES
from console.routing import PERSONAL, Door, Route
from console.settings import ConsoleSettings
from console.web.cookies import PLAIN
from console.web.csrf import csrf_token
from store.pool import Pool
from store.schema import ROLES
from tests.integration.console.conftest import Api, Clock, Practice

GUARDED: Final = [
    route for route in (*routes_of(ConsoleSettings()), *PAGES) if route.door in PERSONAL
]
NOTHING: Final = UUID(int=1)
ASKED_WITH: Final = {"GET /patients/{id}/rows": "?kind=weight"}
"""What cannot be asked without."""
TABLES: Final = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND a.attname = 'organisation_id' AND NOT a.attisdropped AND c.relname <> 'audit'
ORDER BY c.relname
"""
OF_TABLES: Final = {
    "patients": "patients", "devices": "devices", "gateways": "gateways", "hubs": "gateways",
    "alerts": "alerts", "contacts": "contacts", "on-call": "on_call", "duty": "on_call",
    "team": "care_team", "consents": "consents", "orders": "orders", "episodes": "episodes",
    "entries": "time_entries", "time-entries": "time_entries", "timers": "care_timers",
    "notifications": "notifications", "readings": "readings", "desk": "readings",
}  # fmt: skip
"""Which table an id after this word is of."""


@dataclass(kw_only=True)
class Walk:
    """One server, one database, and rows of one organisation to be asked for."""

    client: aiohttp.ClientSession
    pool: Pool
    clock: Clock
    practice: Practice
    ids: dict[str, str]

    async def ask(self, route: Route, whom: Practice | None, role: str) -> tuple[int, str]:
        """As somebody who has just signed in, or as nobody."""
        path = self.path(route)
        headers: dict[str, str] = {}
        options: dict[str, Any] = {"allow_redirects": False, "headers": headers}
        token = None if whom is None else await self.token(whom, role)
        if route.door is Door.SESSION:
            if token is not None:
                headers["Authorization"] = f"Bearer {token}"
            if route.method != "GET":
                options["json"] = {}
        elif token is not None:
            headers["Cookie"] = f"{PLAIN}={token}"
            if route.method != "GET":
                options["data"] = {"csrf": csrf_token(token)}
        elif route.method != "GET":
            options["data"] = {"csrf": "x"}
        async with self.client.request(route.method, path, **options) as answer:
            if answer.content_type == "text/event-stream":
                return answer.status, ""
            return answer.status, await answer.text(errors="replace")

    async def token(self, whom: Practice, role: str) -> str:
        async with self.pool.acquire() as conn:
            user = await conn.fetchval(
                "SELECT id FROM users WHERE username = $1", whom.username(role)
            )
            return await open_session(conn, user, now=self.clock())

    def path(self, route: Route) -> str:
        parts = route.path.split("/")
        for place, part in enumerate(parts):
            if part.startswith("{"):
                parts[place] = self.named(parts, place)
        return "/".join(parts) + ASKED_WITH.get(key_of(route), "")

    def named(self, parts: list[str], place: int) -> str:
        name, before = parts[place].strip("{}"), parts[place - 1]
        known = {
            "action": "acknowledge",
            "kind": "patient",
            "subject": self.ids["patients"],
            "dead-letters": "1",
            "letters": "1",
            "programmes": "no-such-programme",
            "people": self.ids["users"],
        }
        found = known.get(name) or known.get(before)
        return found or self.ids.get(OF_TABLES.get(before, ""), str(NOTHING))

    async def rows(self, practice: Practice) -> dict[str, str]:
        """What stands in each table of an organisation."""
        found = {}
        for table in await self.pool.fetch(TABLES):
            name = table["relname"]
            found[name] = await self.pool.fetchval(
                f"SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), ''))"  # noqa: S608
                f" FROM {name} t WHERE organisation_id = $1",
                practice.organisation,
            )
        return found

    async def told(self, practice: Practice) -> list[dict[str, Any]]:
        return [
            dict(row)
            for row in await self.pool.fetch(
                "SELECT route, outcome, status, actor_role FROM audit"
                " WHERE organisation_id = $1 AND action <> 'signed in' ORDER BY position",
                practice.organisation,
            )
        ]


@pytest.fixture
async def walk(api: Api, north: Practice, south: Practice, pool: Pool, clock: Clock) -> Walk:
    del south
    await furnished(api, north, pool)
    ids = {"users": await api.user_id(north, "biller")}
    tables = {row["relname"] for row in await pool.fetch(TABLES)}
    for table in set(OF_TABLES.values()) & tables:
        found = await pool.fetchval(
            f"SELECT id FROM {table} WHERE organisation_id = $1 ORDER BY id LIMIT 1",  # noqa: S608
            north.organisation,
        )
        if found is not None:
            ids[table] = str(found)
    ids["patients"], ids["devices"] = str(north.patient), str(north.device)
    return Walk(client=api._client, pool=pool, clock=clock, practice=north, ids=ids)


async def furnished(api: Api, north: Practice, pool: Pool) -> None:
    """Something of each kind, so that there is something to be found."""
    nurse, admin = await api.signed_in(north, "nurse"), await api.signed_in(north, "admin")
    nurse_id = await api.user_id(north, "nurse")
    now = dt.datetime.now(dt.UTC)
    of_patient = f"/patients/{north.patient}"
    for path, body, token in (
        (f"{of_patient}/team", {"user": nurse_id, "role": "nurse"}, nurse),
        (f"{of_patient}/consents", {"kind": "monitoring", "method": "written"}, nurse),
        ("/contacts", {"channel": "email", "address": "nurse@example.org"}, nurse),
        (
            "/on-call",
            {
                "user": nurse_id,
                "starts_at": now.isoformat(),
                "ends_at": (now + dt.timedelta(hours=8)).isoformat(),
            },
            admin,
        ),
    ):
        status, told = await api.post(path, body, token)
        assert status == 201, (path, told)
    await pool.execute(
        "INSERT INTO alerts (organisation_id, patient_id, subject_kind, subject, rule, lane, label,"
        " severity, peak, state, onset_at, last_at, reason, opened_at, updated_at)"
        " VALUES ($1, $2::uuid, 'patient', $2::text, 'r', 'medical', 'Able is high', 'high',"
        " 'high', 'open', now(), now(), '{}', now(), now())",
        north.organisation,
        north.patient,
    )


async def test_nobody_is_let_in_anywhere(walk: Walk) -> None:
    wrong = []
    for route in GUARDED:
        status, body = await walk.ask(route, None, "")
        expected = 401 if route.door is Door.SESSION else 303
        if status != expected or "Able" in body:
            wrong.append((key_of(route), status))
    assert not wrong, wrong


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_reaches_its_own_routes_and_no_other(walk: Walk, role: str) -> None:
    wrong = []
    for route in GUARDED:
        status, _ = await walk.ask(route, walk.practice, role)
        if status >= 500 or status == 401 or (status == 403) != (role not in route.roles):
            wrong.append((key_of(route), status))
    assert not wrong, wrong
    told = Counter(row["route"] for row in await walk.told(walk.practice) if row["status"] == 403)
    assert set(told) == {key_of(route) for route in GUARDED if role not in route.roles}


@pytest.mark.parametrize("role", ROLES)
async def test_another_organisations_user_finds_changes_and_leaves_nothing(
    walk: Walk, south: Practice, role: str
) -> None:
    before, told_before = await walk.rows(walk.practice), len(await walk.told(walk.practice))
    wrong = []
    asked = [route for route in GUARDED if "{" in route.path]
    for route in asked:
        status, body = await walk.ask(route, south, role)
        if role not in route.roles:
            good = status == 403
        elif route.method == "GET":
            good = status == 404
        else:
            # What is sent is empty: it may be refused before anything is looked for.
            good = status in {400, 404, 412, 422, 428}
        if not good or "Able" in body or "nurse@north" in body:
            wrong.append((key_of(route), status))
    assert not wrong, wrong
    assert await walk.rows(walk.practice) == before
    assert len(await walk.told(walk.practice)) == told_before
    of_south = await walk.told(south)
    assert len(of_south) >= len(asked)
    assert [row["route"] for row in of_south if row["outcome"] == "done"] == []


async def test_every_route_is_in_the_log_by_itself(walk: Walk) -> None:
    """As an administrator, who may do most: a row for each, whatever came of it."""
    start = len(await walk.told(walk.practice))
    asked = [route for route in GUARDED if "admin" in route.roles and route.method == "GET"]
    for route in asked:
        await walk.ask(route, walk.practice, "admin")
    told = await walk.told(walk.practice)
    assert [row["route"] for row in told[start:]] == [key_of(route) for route in asked]
