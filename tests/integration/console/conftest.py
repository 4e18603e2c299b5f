"""Two organisations behind the API, with people of every role."""

import datetime as dt
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from aiohttp.web_app import _cached_build_middleware
from argon2 import PasswordHasher

from care import users
from care.directory import Directory
from care.gateways import enrol
from care.registry import (
    add_device,
    add_gateway,
    add_organisation,
    add_patient,
    assign,
    issue_code,
)
from console.app import make_app
from console.settings import ConsoleSettings
from console.tenancy import open_requests
from console.web.cookies import PLAIN
from console.web.csrf import csrf_token
from observe.health import serving
from store.pool import Connection, Pool
from store.schema import ROLES

LONG_AGO = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
PASSWORD = "correct horse battery"
CUFF = "A0:B1:C2:D3:E4:F5"
BROKER = "mqtts://broker.example.org:8883"


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))

    def __call__(self) -> dt.datetime:
        return self.now


@dataclass(frozen=True, kw_only=True)
class Practice:
    """One organisation: a gateway, a cuff, a patient who has it, one user of each role."""

    name: str
    organisation: UUID
    gateway: str
    source_key: str
    device: UUID
    patient: UUID
    other_patient: UUID

    def username(self, role: str) -> str:
        return f"{role}@{self.name}"


@pytest.fixture(scope="session")
def password_hash() -> str:
    """One for everybody, and weak: hashing is slow on purpose, here and whenever it is compared."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


async def furnish(conn: Connection, name: str, kept: str) -> Practice:
    now = dt.datetime.now(dt.UTC)
    whose = (await add_organisation(conn, name=name, time_zone="America/New_York")).id
    await add_gateway(conn, whose, gateway_id=f"hub-{name}", transport="http")
    credentials = await enrol(conn, await issue_code(conn, whose, f"hub-{name}", now=now), now=now)
    cuff = await add_device(conn, whose, address=CUFF)
    names = [("Ada", "Able"), ("Ben", "Baker")]
    patients = [
        await add_patient(conn, whose, mrn=str(n), given_name=given, family_name=family)
        for n, (given, family) in enumerate(names)
    ]
    await assign(conn, whose, device_id=cuff.id, patient_id=patients[0].id, starts_at=LONG_AGO)
    for role in ROLES:
        theirs = patients[0].id if role in users.ABOUT_A_PATIENT else None
        await conn.execute(users.QUERIES["add"], whose, f"{role}@{name}", kept, role, theirs)
    return Practice(
        name=name,
        organisation=whose,
        gateway=f"hub-{name}",
        source_key=credentials.source_key,
        device=cuff.id,
        patient=patients[0].id,
        other_patient=patients[1].id,
    )


@pytest.fixture
async def north(pool: Pool, password_hash: str) -> Practice:
    async with pool.acquire() as conn:
        return await furnish(conn, "north", password_hash)


@pytest.fixture
async def south(pool: Pool, password_hash: str) -> Practice:
    async with pool.acquire() as conn:
        return await furnish(conn, "south", password_hash)


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Browser:
    """Pages as a browser without scripts asks for them: a cookie, and forms with its proof."""

    def __init__(self, client: aiohttp.ClientSession, directory: Directory, token: str) -> None:
        self._client = client
        self._directory = directory
        self.token = token

    async def get(self, path: str, **options: Any) -> tuple[int, str]:
        return await self.ask("GET", path, **options)

    async def send(
        self, path: str, form: Mapping[str, Any] | None = None, **options: Any
    ) -> tuple[int, str]:
        """A form of ours; the answer is not followed: see `where`."""
        sent = {"csrf": csrf_token(self.token), **(form or {})}
        return await self.ask("POST", path, data=sent, allow_redirects=False, **options)

    async def ask(self, method: str, path: str, **options: Any) -> tuple[int, str]:
        await self._directory.refresh()
        headers = {"Cookie": f"{PLAIN}={self.token}", **options.pop("headers", {})}
        async with self._client.request(method, path, headers=headers, **options) as answer:
            self.headers = answer.headers
            self.where = answer.headers.get("Location") or answer.url.path
            return answer.status, await answer.text()


class Api:
    """The API as a client sees it."""

    def __init__(self, client: aiohttp.ClientSession, directory: Directory, pool: Pool) -> None:
        self._client = client
        self._directory = directory
        self._pool = pool

    @property
    def base(self) -> str:
        """For programs that ask by themselves."""
        return str(self._client._base_url).rstrip("/")

    async def user_id(self, practice: Practice, role: str) -> str:
        return str(
            await self._pool.fetchval(
                "SELECT id FROM users WHERE username = $1", practice.username(role)
            )
        )

    async def signed_in(self, practice: Practice, role: str) -> str:
        status, body = await self.post(
            "/login", {"username": practice.username(role), "password": PASSWORD}
        )
        assert status == 200, body
        return str(body["token"])

    async def browser(self, practice: Practice, role: str) -> Browser:
        token = await self.signed_in(practice, role)
        return Browser(self._client, self._directory, token)

    async def get(self, path: str, token: str | None = None, **query: Any) -> tuple[int, Any]:
        return await self.ask("GET", path, token=token, params=query)

    async def post(
        self, path: str, body: Any = None, token: str | None = None, **options: Any
    ) -> tuple[int, Any]:
        return await self.ask("POST", path, token=token, json=body, **options)

    async def ask(
        self, method: str, path: str, *, token: str | None = None, **options: Any
    ) -> tuple[int, Any]:
        await self._directory.refresh()
        headers = dict(options.pop("headers", {}))
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        where = path if path.startswith("/api") else f"/api/v1{path}"
        async with self._client.request(method, where, headers=headers, **options) as answer:
            text = await answer.text()
            self.headers = answer.headers
            return answer.status, await answer.json(content_type=None) if text else None


@asynccontextmanager
async def served(
    settings: ConsoleSettings, pool: Pool, database: str, clock: Clock
) -> AsyncIterator[Api]:
    directory = Directory(pool, dsn=database)
    requests = await open_requests(database, max_size=4)
    app = make_app(settings, pool, directory, requests=requests, clock=clock)
    async with (
        requests,
        serving(app, host="127.0.0.1", port=0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client,
    ):
        yield Api(client, directory, pool)
    # It holds on to the last thousand applications, and the collector looks through all of them.
    _cached_build_middleware.cache_clear()


@pytest.fixture
async def api(pool: Pool, database: str, north: Practice, clock: Clock) -> AsyncIterator[Api]:
    del north
    settings = ConsoleSettings(allow_unsafe_database=True, gateway_broker=BROKER)
    async with served(settings, pool, database, clock) as found:
        yield found


@pytest.fixture
async def brokerless(pool: Pool, database: str, clock: Clock) -> AsyncIterator[Api]:
    """A console that has not been told where the broker is."""
    async with served(ConsoleSettings(), pool, database, clock) as found:
        yield found
